//! What an order is: what somebody bought, how far it is paid and how far it is delivered.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;
use crate::domain::sale::fields;

/// Where an order stands.
pub const STATUSES: &[&str] = &[
    "draft",
    "confirmed",
    "processing",
    "completed",
    "cancelled",
    "returned",
];

/// How far an order is paid.
pub const PAYMENT_STATUSES: &[&str] = &[
    "unpaid",
    "partially_paid",
    "paid",
    "overpaid",
    "refunded",
    "partially_refunded",
];

/// How far an order is delivered.
pub const FULFILMENT_STATUSES: &[&str] = &[
    "unfulfilled",
    "partially_shipped",
    "shipped",
    "delivered",
    "failed",
    "returned",
];

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "id",
    "name",
    "customer",
    "ordered_on",
    "status",
    "total",
    "payment_status",
    "fulfilment_status",
    "owner",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, O12"),
    Field::UID,
    Field::write(
        "name",
        FieldType::Text,
        &["order_name", "订单", "订单名称"],
        "what it is called",
    ),
    Field::write(
        "customer",
        FieldType::Link(Noun::Customer),
        &["account", "company", "客户"],
        "customer who buys",
    ),
    fields::CONTACT,
    Field::write(
        "deal",
        FieldType::Link(Noun::Deal),
        &["商机"],
        "deal that led to it",
    ),
    Field::write(
        "quote",
        FieldType::Link(Noun::Quote),
        &["报价", "报价单"],
        "quote that was accepted with it",
    ),
    Field::write(
        "status",
        FieldType::Word(STATUSES),
        &["order_status", "状态"],
        "draft, confirmed, processing, completed, cancelled or returned",
    ),
    Field::read(
        "payment_status",
        FieldType::Word(PAYMENT_STATUSES),
        &["付款状态"],
        "how far it is paid; follows from its payments",
    ),
    Field::read(
        "fulfilment_status",
        FieldType::Word(FULFILMENT_STATUSES),
        &["fulfillment_status", "发货状态"],
        "how far it is delivered; follows from its shipments",
    ),
    Field::write(
        "lines",
        FieldType::LongText,
        &["items", "明细"],
        "what is bought, one a line: SKU x3 @189 -10% +19%",
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
        "what is to be paid; filters compare in the base currency",
    ),
    fields::TOTAL_BASE,
    fields::MARGIN,
    Field::read(
        "paid",
        FieldType::Money,
        &["已付"],
        "confirmed payments less refunds",
    ),
    Field::read(
        "balance",
        FieldType::Money,
        &["outstanding", "待付"],
        "what is still to come; filters compare in the base currency",
    ),
    Field::read(
        "balance_base",
        FieldType::Money,
        &[],
        "balance in the base currency; none without a rate",
    ),
    Field::read(
        "overdue_on",
        FieldType::Date,
        &[],
        "day on which the first unpaid part is due; overdue from the next day on",
    ),
    Field::read(
        "remind_on",
        FieldType::Date,
        &[],
        "day from which the first unpaid part is spoken of, so many days before it is due as its plan says",
    ),
    Field::read(
        "awaited_on",
        FieldType::Date,
        &[],
        "day by which it is to be delivered, of what has not arrived; late from the next day on",
    ),
    Field::write(
        "ordered_on",
        FieldType::Date,
        &["order_date", "下单日期"],
        "day on which it was ordered",
    ),
    Field::read(
        "confirmed_on",
        FieldType::Date,
        &["确认日期"],
        "day on which it was confirmed",
    ),
    Field::write(
        "due_on",
        FieldType::Date,
        &["due", "due_date", "付款期限"],
        "day by which it is to be paid, where there is no plan",
    ),
    Field::write(
        "promised_on",
        FieldType::Date,
        &["delivery_date", "交货日期"],
        "day by which it is to be delivered",
    ),
    Field::read(
        "closed_on",
        FieldType::Date,
        &["closed"],
        "day on which it was completed, cancelled or returned",
    ),
    Field::write(
        "reason",
        FieldType::LongText,
        &["原因"],
        "why it was cancelled or returned",
    ),
    Field::read(
        "rate",
        FieldType::Text,
        &[],
        "rate to the base currency, frozen when it was confirmed",
    ),
    fields::OWNER,
    fields::PRODUCT,
    Field::write(
        "source",
        FieldType::Choice("source"),
        &["来源"],
        "where it came from",
    ),
    Field::write("campaign", FieldType::Text, &["活动"], "campaign that led to it"),
    fields::TERMS,
    Field::TAGS,
    Field::NOTE,
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id", "order_id", "order_number"],
        "identities in other systems, system:value",
    ),
    fields::LINE_DETAILS,
    Field::read(
        "plan",
        FieldType::Parts,
        &["installments"],
        "parts that are due on days",
    ),
    Field::read("payments", FieldType::Parts, &[], "money that came or went back"),
    Field::read("shipments", FieldType::Parts, &[], "what was sent"),
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
    use crate::domain::sale::{FulfilmentStatus, OrderStatus, PaymentStatus};

    #[test]
    fn words_are_those_of_the_states() {
        assert_eq!(OrderStatus::ALL.map(OrderStatus::name).as_slice(), STATUSES);
        assert_eq!(
            PaymentStatus::ALL.map(PaymentStatus::name).as_slice(),
            PAYMENT_STATUSES
        );
        let fulfilled = FulfilmentStatus::ALL.map(FulfilmentStatus::name);
        assert_eq!(fulfilled.as_slice(), FULFILMENT_STATUSES);
    }
}
