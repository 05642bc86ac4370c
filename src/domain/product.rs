//! What a product is: something that can stand in the line of a deal.

use crate::domain::field::{Field, FieldType};

/// The sorts of products.
pub const TYPES: &[&str] = &["good", "service", "subscription"];

/// The columns of a list.
pub const COLUMNS: &[&str] = &["id", "sku", "name", "category", "price", "active"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, P3"),
    Field::UID,
    Field::write(
        "sku",
        FieldType::Text,
        &["code", "编码"],
        "unique code of the article",
    ),
    Field::write("name", FieldType::Text, &["product", "产品", "产品名称"], "name"),
    Field::write(
        "category",
        FieldType::Text,
        &["series", "类别"],
        "group of products",
    ),
    Field::write(
        "price",
        FieldType::Money,
        &["sales_price", "价格", "单价"],
        "list price",
    ),
    Field::write(
        "type",
        FieldType::Word(TYPES),
        &["类型"],
        "good, service or subscription; only a good is sent",
    ),
    Field::write(
        "cost",
        FieldType::Money,
        &["成本"],
        "what one costs us, in the currency of the price",
    ),
    Field::write(
        "tax_rate",
        FieldType::Decimal,
        &["tax", "vat", "税率"],
        "tax in percent",
    ),
    Field::write("unit", FieldType::Text, &["单位"], "unit in which it is sold"),
    Field::write("active", FieldType::Bool, &[], "whether it is still sold"),
    Field::TAGS,
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id"],
        "identities in other systems, system:value",
    ),
    Field::ATTACHMENTS,
    Field::CREATED_AT,
    Field::read(
        "created_by",
        FieldType::Link(crate::domain::noun::Noun::User),
        &[],
        "user who made the record",
    ),
    Field::UPDATED_AT,
    Field::read(
        "updated_by",
        FieldType::Link(crate::domain::noun::Noun::User),
        &[],
        "user who last changed it",
    ),
    Field::DELETED_AT,
    Field::VERSION,
];
