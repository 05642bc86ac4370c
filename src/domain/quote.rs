//! What a quote is: what somebody was offered, until when, and what was said to it.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;
use crate::domain::order::TAXES;

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
    Field::read(
        "uid",
        FieldType::Uid,
        &[],
        "identity that never changes and is unique across bases",
    ),
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
    Field::write(
        "contact",
        FieldType::Link(Noun::Customer),
        &["person", "联系人"],
        "person to speak with about it",
    ),
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
    Field::write(
        "currency",
        FieldType::Text,
        &["币种"],
        "currency of all its amounts",
    ),
    Field::write(
        "tax",
        FieldType::Word(TAXES),
        &["税"],
        "whether taxes are added to the prices or included in them",
    ),
    Field::write(
        "discount",
        FieldType::Text,
        &["折扣"],
        "off the whole: 10% or an amount",
    ),
    Field::write("shipping", FieldType::Money, &["运费"], "what sending it costs"),
    Field::read(
        "subtotal",
        FieldType::Money,
        &[],
        "the lines after their own discounts",
    ),
    Field::read(
        "discount_amount",
        FieldType::Money,
        &[],
        "what is taken off the whole",
    ),
    Field::read("tax_amount", FieldType::Money, &["税额"], "the taxes"),
    Field::read(
        "total",
        FieldType::Money,
        &["amount", "金额"],
        "what it comes to; filters compare in the base currency",
    ),
    Field::read(
        "total_base",
        FieldType::Money,
        &[],
        "total in the base currency; none without a rate",
    ),
    Field::read(
        "margin",
        FieldType::Money,
        &["毛利"],
        "what remains of the lines without tax and cost; none where a cost is not known",
    ),
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
    Field::write(
        "owner",
        FieldType::Link(Noun::User),
        &["sales_agent", "负责人"],
        "user who looks after it",
    ),
    Field::read(
        "product",
        FieldType::Links(Noun::Product),
        &["products", "产品"],
        "products in its lines",
    ),
    Field::write("terms", FieldType::LongText, &["条款"], "conditions, as printed"),
    Field::write("tags", FieldType::Tags, &["tag", "标签"], "labels"),
    Field::write(
        "note",
        FieldType::LongText,
        &["notes", "description", "备注"],
        "free text",
    ),
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id", "quote_id", "quote_number"],
        "identities in other systems, system:value",
    ),
    Field::read(
        "line_details",
        FieldType::Parts,
        &[],
        "lines with product, quantity, price, discount, tax and cost",
    ),
    Field::read(
        "attachments",
        FieldType::Parts,
        &["files", "附件"],
        "files and links, with size and hash",
    ),
    Field::read(
        "created_at",
        FieldType::Instant,
        &["created"],
        "when the record was made",
    ),
    Field::read(
        "created_by",
        FieldType::Link(Noun::User),
        &[],
        "user who made the record",
    ),
    Field::read(
        "updated_at",
        FieldType::Instant,
        &["updated"],
        "when the record was last changed",
    ),
    Field::read(
        "updated_by",
        FieldType::Link(Noun::User),
        &[],
        "user who last changed the record",
    ),
    Field::read(
        "deleted_at",
        FieldType::Instant,
        &[],
        "when the record went to the trash",
    ),
    Field::read("version", FieldType::Integer, &[], "rises with every change"),
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
