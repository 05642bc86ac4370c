//! Stored text never drives a terminal: whatever could move the cursor, change colours, reorder a line or hide is
//! shown as a visible escape.
//!
//! Covered: control characters (C0, DEL, C1), characters that set the direction of text, invisible marks, line and
//! paragraph separators, tag characters. Joiners and variation selectors stay: emoji, Persian and Indic scripts
//! need them, and they stay inside their grapheme.

use std::borrow::Cow;
use std::fmt::Write;

/// What a line break becomes where there is one line only.
const RETURN: &str = "⏎";
/// What a tab becomes in a block.
const TAB: &str = "    ";

/// `text` on one line: line breaks are `⏎`, all else that is not plain text is an escape (`\e`, `\t`, `\u{202e}`).
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escape(text, |character| match character {
        '\n' => Some(RETURN),
        _ => None,
    })
}

/// `text` on several lines: line breaks stay, tabs become blanks, all else is escaped as in [`line`].
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    escape(text, |character| match character {
        '\n' => Some("\n"),
        '\t' => Some(TAB),
        _ => None,
    })
}

/// `text` of a machine format that is shown on a terminal: line breaks and tabs belong to the format and stay.
pub(crate) fn stream(text: &str) -> Cow<'_, str> {
    escape(text, |character| match character {
        '\n' => Some("\n"),
        '\t' => Some("\t"),
        _ => None,
    })
}

/// Whether a terminal must not be given this character.
pub(crate) fn is_hazard(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
        )
}

/// Replaces hazards, by `known` where it has an answer and by an escape otherwise.
fn escape(text: &str, known: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    if !text.contains(is_hazard) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        // A Windows line end is one line end.
        if character == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        if !is_hazard(character) {
            shown.push(character);
        } else if let Some(replacement) = known(character) {
            shown.push_str(replacement);
        } else {
            push_escape(&mut shown, character);
        }
    }
    Cow::Owned(shown)
}

/// Appends the visible form of `character`.
fn push_escape(shown: &mut String, character: char) {
    match character {
        '\t' => shown.push_str("\\t"),
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\0' => shown.push_str("\\0"),
        '\u{1b}' => shown.push_str("\\e"),
        _ => {
            // Writing into a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_text_is_shown_and_does_nothing() {
        for (text, expected) in [
            ("plain 张伟 👨‍👩‍👧 می‌خواهم", "plain 张伟 👨‍👩‍👧 می‌خواهم"),
            ("\u{1b}[31mred\u{1b}[0m", "\\e[31mred\\e[0m"),
            ("\u{1b}]0;title\u{7}", "\\e]0;title\\u{7}"),
            ("\u{1b}]52;c;aGk=\u{1b}\\", "\\e]52;c;aGk=\\e\\"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("a\u{7f}b\u{8}c", "a\\u{7f}b\\u{8}c"),
            ("a\tb\nc\r\nd\re\0f", "a\\tb⏎c⏎d\\re\\0f"),
            ("invoice\u{202e}fdp.exe", "invoice\\u{202e}fdp.exe"),
            (
                "\u{2066}x\u{2069}\u{200f}\u{61c}",
                "\\u{2066}x\\u{2069}\\u{200f}\\u{61c}",
            ),
            ("a\u{200b}b\u{feff}c\u{ad}d", "a\\u{200b}b\\u{feff}c\\u{ad}d"),
            ("a\u{2028}b\u{2029}c\u{85}d", "a\\u{2028}b\\u{2029}c\\u{85}d"),
            ("x\u{e0041}\u{e007f}", "x\\u{e0041}\\u{e007f}"),
            ("\u{fff9}x\u{2060}", "\\u{fff9}x\\u{2060}"),
        ] {
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn blocks_and_streams_keep_their_line_breaks() {
        let text = "one\ttwo\r\nthree\u{1b}\rfour";
        assert_eq!(block(text), "one    two\nthree\\e\\rfour");
        assert_eq!(stream(text), "one\ttwo\nthree\\e\\rfour");
    }

    fn hostile() -> impl Strategy<Value = String> {
        let hazards = prop::sample::select(vec![
            '\u{1b}', '\r', '\n', '\t', '\0', '\u{202e}', '\u{9b}', '\u{200b}',
        ]);
        prop::collection::vec(prop_oneof![any::<char>(), hazards], 0..40)
            .prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nothing_hazardous_is_left_and_twice_is_once(text in hostile()) {
            let one_line = line(&text);
            prop_assert!(!one_line.contains(is_hazard));
            prop_assert_eq!(line(&one_line), one_line.clone());
            let several = block(&text);
            prop_assert!(!several.replace('\n', "").contains(is_hazard));
            prop_assert_eq!(block(&several), several.clone());
            let streamed = stream(&text);
            prop_assert!(!streamed.replace(['\n', '\t'], "").contains(is_hazard));
        }
    }
}
