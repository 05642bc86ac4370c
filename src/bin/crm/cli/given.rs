//! What flags give, as assignments of fields.

use crm::domain::input::{Assignment, Input};

/// A field that has one value; none if the flag is not there.
pub(crate) fn one(field: &str, value: Option<String>) -> Option<Assignment> {
    value.map(|value| (field.to_owned(), Input::Text(value)))
}

/// A field that has several; none if the flag is not there.
pub(crate) fn many(field: &str, values: Vec<String>) -> Option<Assignment> {
    let inputs: Vec<Input> = values.into_iter().map(Input::Text).collect();
    (!inputs.is_empty()).then(|| (field.to_owned(), Input::List(inputs)))
}
