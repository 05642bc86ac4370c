//! How many cells of a terminal a text takes, and filling up to a number of them.
//!
//! The one measure for tables, cuts, wraps and screens: wide characters take two cells, combining ones none, an
//! emoji of several parts two. It is the measure of the table crate too, so that columns line up.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// The number of cells that `text` takes; control characters must have been made visible before.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` with blanks after it up to `width` cells; a wider text stays as it is.
pub(crate) fn pad(text: &str, wanted: usize) -> Cow<'_, str> {
    match wanted.checked_sub(width(text)) {
        None | Some(0) => Cow::Borrowed(text),
        Some(missing) => Cow::Owned(format!("{text}{}", " ".repeat(missing))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_many_scripts() {
        for (text, cells) in [
            ("", 0),
            ("Anna", 4),
            ("株式会社", 8),
            ("한국", 4),
            ("café", 4),
            ("cafe\u{301}", 4),
            ("👨‍👩‍👧‍👦", 2),
            ("🇩🇪", 2),
            ("👍🏽", 2),
            ("☎️", 2),
            ("ｶﾞ", 2),
            ("مرحبا", 5),
            ("… • ▲", 5),
        ] {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn pads_by_cells() {
        assert_eq!(pad("张伟", 6), "张伟  ");
        assert_eq!(pad("张伟", 3), "张伟");
    }
}
