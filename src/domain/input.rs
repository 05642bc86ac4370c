//! What somebody gave for a field, before it is known to be acceptable.
//!
//! A flag, a form field, a CSV cell and a JSON value all become an [`Input`]; `ops::assign` types and checks it
//! against the field. So a value means the same whichever way it came.

/// A raw value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Clears the field: `none`, an empty flag, JSON null. (A blank cell of an import is no input at all.)
    Clear,
    /// Text as written; numbers, booleans and dates too.
    Text(String),
    /// Several values.
    List(Vec<Input>),
    /// Named parts: `{"amount": "48000.00", "currency": "EUR"}`.
    Map(Vec<(String, Input)>),
}

impl Input {
    /// Text as written.
    pub fn text(text: impl Into<String>) -> Input {
        Input::Text(text.into())
    }

    /// The part of a map named `key`.
    pub fn part(&self, key: &str) -> Option<&Input> {
        match self {
            Input::Map(parts) => parts.iter().find(|(name, _)| name == key).map(|(_, input)| input),
            _ => None,
        }
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Input::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A field by its canonical name and what is given for it.
pub type Assignment = (String, Input);
