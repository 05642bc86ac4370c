//! What a user is: a person who works with the base, named by a key.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// How far a user sees.
pub const SCOPES: &[&str] = &["own", "team", "all"];

/// Whether a user still works here.
pub const STATUSES: &[&str] = &["active", "disabled"];

/// The columns of a list.
pub const COLUMNS: &[&str] = &["name", "email", "manager", "team", "scope", "status"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "name",
        FieldType::Text,
        &["login", "sales_agent", "user", "姓名"],
        "name, which is also the key",
    ),
    Field::write(
        "email",
        FieldType::Text,
        &["e_mail", "mail", "邮箱"],
        "e-mail address",
    ),
    Field::write(
        "manager",
        FieldType::Link(Noun::User),
        &["上级"],
        "user to whom this one reports",
    ),
    Field::write(
        "team",
        FieldType::Link(Noun::Team),
        &["regional_office", "团队"],
        "team",
    ),
    Field::write(
        "scope",
        FieldType::Word(SCOPES),
        &[],
        "how far the user sees: own, team or all",
    ),
    Field::write(
        "status",
        FieldType::Word(STATUSES),
        &["状态"],
        "active or disabled",
    ),
    Field::read(
        "reports",
        FieldType::Integer,
        &[],
        "number of users whose manager it is",
    ),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
