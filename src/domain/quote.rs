//! What a quote is: what somebody was offered, until when, and what was said to it.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;
use crate::domain::sale::fields;

/// Where a quote stands. One that was sent and is past its day is expired without anybody saying so.
pub const STATUSES: &[&str] = &["draft", "sent", "accepted", "rejected", "expired", "void"];

/// How many days a quote is good for, where nothing else is said.
pub const VALID_DAYS: i64 = 30;

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "id",
    "name",
    "customer",
    "status",
    "total",
    "sent_on",
    "valid_until",
    "owner",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, Q4"),
    Field::UID,
    Field::write(
        "name",
        FieldType::Text,
        &["quote_name", "subject", "报价", "报价单", "报价名称"],
        "what it is called",
    ),
    Field::write(
        "customer",
        FieldType::Link(Noun::Customer),
        &["account", "company", "客户"],
        "customer to whom it is made",
    ),
    fields::CONTACT,
    Field::write(
        "deal",
        FieldType::Link(Noun::Deal),
        &["opportunity", "商机"],
        "deal that it is made for",
    ),
    Field::read(
        "revision",
        FieldType::Integer,
        &["版本"],
        "which version of the offer it is, from 1",
    ),
    Field::read(
        "version_of",
        FieldType::Link(Noun::Quote),
        &[],
        "first version of the offer",
    ),
    Field::write(
        "status",
        FieldType::Word(STATUSES),
        &["quote_status", "stage", "quote_stage", "状态"],
        "draft, sent, accepted, rejected, void; expired is one that was sent and is past its day",
    ),
    Field::write(
        "lines",
        FieldType::LongText,
        &["items", "明细"],
        "what is offered, one a line: SKU x3 @189 -10% +19%",
    ),
    fields::CURRENCY,
    fields::TAX,
    fields::DISCOUNT,
    fields::SHIPPING,
    fields::SUBTOTAL,
    fields::DISCOUNT_AMOUNT,
    fields::TAX_AMOUNT,
    Field::read(
        "total",
        FieldType::Money,
        &["amount", "金额"],
        "what it comes to; filters compare in the base currency",
    ),
    fields::TOTAL_BASE,
    fields::MARGIN,
    Field::write(
        "valid_until",
        FieldType::Date,
        &["expires", "expiration_date", "valid_till", "有效期"],
        "last day on which it can be accepted; none if it has no end",
    ),
    Field::write(
        "sent_on",
        FieldType::Date,
        &["quote_date", "报价日期"],
        "day on which the customer got it",
    ),
    Field::write(
        "decided_on",
        FieldType::Date,
        &["decided"],
        "day on which it was accepted, rejected or made void",
    ),
    Field::write(
        "reason",
        FieldType::LongText,
        &["原因"],
        "why it was rejected or made void",
    ),
    fields::OWNER,
    fields::PRODUCT,
    fields::TERMS,
    Field::TAGS,
    Field::NOTE,
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id", "quote_id", "quote_number"],
        "identities in other systems, system:value",
    ),
    fields::LINE_DETAILS,
    Field::ATTACHMENTS,
    Field::CREATED_AT,
    Field::CREATED_BY,
    Field::UPDATED_AT,
    Field::UPDATED_BY,
    Field::DELETED_AT,
    Field::VERSION,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sale::QuoteStatus;

    #[test]
    fn words_are_those_of_the_states() {
        assert_eq!(QuoteStatus::ALL.map(QuoteStatus::name).as_slice(), STATUSES);
    }
}
