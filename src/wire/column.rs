//! The columns of what leaves the process: a name and a type, the same in every format.

use crate::domain::field::{Field, FieldType};

/// One column of a list or one member of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The canonical name; dots separate the parts of a path, `fields.size`.
    pub name: String,
    /// What sort of value the column holds.
    pub kind: FieldType,
}

impl Column {
    /// A column with this name and type.
    pub fn new(name: impl Into<String>, kind: FieldType) -> Column {
        Column {
            name: name.into(),
            kind,
        }
    }

    /// The column of a line of a field table.
    pub fn of(field: &Field) -> Column {
        Column::new(field.name, field.kind)
    }
}
