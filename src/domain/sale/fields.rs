//! The fields that quotes and orders have alike.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// How taxes go into prices.
const TAXES: &[&str] = &["added", "included"];

/// With whom one speaks about it.
pub(crate) const CONTACT: Field = Field::write(
    "contact",
    FieldType::Link(Noun::Customer),
    &["person", "联系人"],
    "person to speak with about it",
);

/// In which currency all amounts are.
pub(crate) const CURRENCY: Field = Field::write(
    "currency",
    FieldType::Text,
    &["币种"],
    "currency of all its amounts",
);

/// How taxes go into prices.
pub(crate) const TAX: Field = Field::write(
    "tax",
    FieldType::Word(TAXES),
    &["税"],
    "whether taxes are added to the prices or included in them",
);

/// What is taken off the whole.
pub(crate) const DISCOUNT: Field = Field::write(
    "discount",
    FieldType::Text,
    &["折扣"],
    "off the whole: 10% or an amount",
);

/// What sending costs.
pub(crate) const SHIPPING: Field =
    Field::write("shipping", FieldType::Money, &["运费"], "what sending it costs");

/// What the lines come to.
pub(crate) const SUBTOTAL: Field = Field::read(
    "subtotal",
    FieldType::Money,
    &[],
    "the lines after their own discounts",
);

/// What the discount comes to.
pub(crate) const DISCOUNT_AMOUNT: Field = Field::read(
    "discount_amount",
    FieldType::Money,
    &[],
    "what is taken off the whole",
);

/// What the taxes come to.
pub(crate) const TAX_AMOUNT: Field = Field::read("tax_amount", FieldType::Money, &["税额"], "the taxes");

/// What the whole comes to in the base currency.
pub(crate) const TOTAL_BASE: Field = Field::read(
    "total_base",
    FieldType::Money,
    &[],
    "total in the base currency; none without a rate",
);

/// What remains for us.
pub(crate) const MARGIN: Field = Field::read(
    "margin",
    FieldType::Money,
    &["毛利"],
    "what remains of the lines without tax and cost; none where a cost is not known",
);

/// Who looks after it.
pub(crate) const OWNER: Field = Field::write(
    "owner",
    FieldType::Link(Noun::User),
    &["sales_agent", "负责人"],
    "user who looks after it",
);

/// What is sold.
pub(crate) const PRODUCT: Field = Field::read(
    "product",
    FieldType::Links(Noun::Product),
    &["products", "产品"],
    "products in its lines",
);

/// What else was agreed.
pub(crate) const TERMS: Field =
    Field::write("terms", FieldType::LongText, &["条款"], "conditions, as printed");

/// The lines, part by part.
pub(crate) const LINE_DETAILS: Field = Field::read(
    "line_details",
    FieldType::Parts,
    &[],
    "lines with product, quantity, price, discount, tax and cost",
);
