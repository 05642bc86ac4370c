//! The few words that components say of their own.

/// The button that does nothing.
pub(crate) const CANCEL: &str = "Cancel";
/// A field that must be filled.
pub(crate) const REQUIRED: &str = "required";
/// A text that is none of the choices.
pub(crate) const NO_CHOICE: &str = "not one of the choices";
/// Nothing fits what was typed.
pub(crate) const NOTHING_FITS: &str = "nothing fits";
/// A value of many records that will be taken away.
pub(crate) const EMPTIED: &str = "(will be emptied)";
/// The question of a search.
pub(crate) const SEARCH: &str = "search: ";
/// Ticked.
pub(crate) const YES: &str = "yes";
/// Not ticked.
pub(crate) const NO: &str = "no";
/// Ticked in some records and not in others.
pub(crate) const DIFFERENT: &str = "different";

/// What has to be typed before something is done.
pub(crate) fn type_to_do(word: &str) -> String {
    format!("Type {word} to do it:")
}

/// Another text than the one asked for was typed.
pub(crate) fn not_the_word(word: &str) -> String {
    format!("type {word}, or Esc")
}

/// How many fields hold something that cannot be saved.
pub(crate) fn need_attention(fields: usize) -> String {
    match fields {
        1 => "1 field needs attention".to_owned(),
        _ => format!("{fields} fields need attention"),
    }
}

/// Nothing was found.
pub(crate) fn not_found(text: &str) -> String {
    format!("not found: {text}")
}

/// Lines that are not seen.
pub(crate) fn more(lines: usize) -> String {
    format!("{lines} more")
}
