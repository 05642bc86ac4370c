//! Parts of screens that know no record: fields, menus, forms, charts. They are given strings and indices.

pub(crate) mod look;
