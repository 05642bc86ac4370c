//! What an order is: what somebody bought, how far it is paid and how far it is delivered.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

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

/// How prices and tax go together.
pub const TAXES: &[&str] = &["added", "included"];

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
    Field::read(
        "uid",
        FieldType::Uid,
        &[],
        "identity that never changes and is unique across bases",
    ),
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
    Field::write(
        "contact",
        FieldType::Link(Noun::Customer),
        &["person", "联系人"],
        "person to speak with about it",
    ),
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
        "what is to be paid; filters compare in the base currency",
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
    Field::write(
        "source",
        FieldType::Choice("source"),
        &["来源"],
        "where it came from",
    ),
    Field::write("campaign", FieldType::Text, &["活动"], "campaign that led to it"),
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
        &["external_id", "order_id", "order_number"],
        "identities in other systems, system:value",
    ),
    Field::read(
        "line_details",
        FieldType::Parts,
        &[],
        "lines with product, quantity, price, discount, tax and cost",
    ),
    Field::read(
        "plan",
        FieldType::Parts,
        &["installments"],
        "parts that are due on days",
    ),
    Field::read("payments", FieldType::Parts, &[], "money that came or went back"),
    Field::read("shipments", FieldType::Parts, &[], "what was sent"),
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
