//! Emphasis by plain SGR sequences, where colour is on. It never carries meaning alone: the words do.

/// How a text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Headings.
    Bold,
    /// What may be overlooked.
    Dim,
    /// Errors, and what is late.
    Red,
    /// Warnings.
    Yellow,
    /// What was reached.
    Green,
}

/// Whether styles are written at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint {
    /// Colour is on.
    pub(crate) on: bool,
}

impl Paint {
    /// `text` in `style`; `text` must not hold sequences of its own.
    pub(crate) fn apply(self, style: Style, text: &str) -> String {
        if !self.on || text.is_empty() {
            return text.to_owned();
        }
        let code = match style {
            Style::Bold => 1,
            Style::Dim => 2,
            Style::Red => 31,
            Style::Yellow => 33,
            Style::Green => 32,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// Whether a terminal of this `TERM` and this locale shows more than ASCII.
pub(crate) fn has_unicode(term: Option<&str>, locale: Option<&str>) -> bool {
    let locale = locale.unwrap_or_default().to_ascii_lowercase();
    let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
    // Windows has no locale in its environment, and a console that knows UTF-8.
    (is_utf8 || cfg!(windows)) && term != Some("linux")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_when_colour_is_off() {
        let styles = [Style::Bold, Style::Dim, Style::Red, Style::Yellow, Style::Green];
        for style in styles {
            assert_eq!(Paint { on: false }.apply(style, "late"), "late");
            let painted = Paint { on: true }.apply(style, "late");
            assert!(painted.starts_with("\u{1b}[") && painted.ends_with("late\u{1b}[0m"));
            assert_eq!(Paint { on: true }.apply(style, ""), "");
        }
    }
}
