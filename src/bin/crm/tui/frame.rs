//! The colours of a frame, as the terminal that it is written to has them.

use ratatui::buffer::Buffer;
use ratatui::style::Color;

/// Gives every cell the colours that the terminal has.
pub(crate) fn recolor(buffer: &mut Buffer, color: &dyn Fn(Color) -> Color) {
    // Cells beside each other mostly have the same.
    let mut last = (Color::Reset, Color::Reset);
    let mut becomes = |from: Color| {
        if last.0 != from {
            last = (from, color(from));
        }
        last.1
    };
    for cell in &mut buffer.content {
        cell.fg = becomes(cell.fg);
        cell.underline_color = becomes(cell.underline_color);
    }
    for cell in &mut buffer.content {
        cell.bg = becomes(cell.bg);
    }
}

/// Writes the sixteen colours of the terminal by their own numbers in place of those that they have among 256, which old
/// terminals take for something else.
pub(crate) fn short(frame: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(frame.len());
    let mut rest = frame;
    while let Some((before, after)) = split(rest, b"\x1b[") {
        let end = after.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';'));
        let end = end.unwrap_or(after.len());
        let (parameters, next) = after.split_at_checked(end).unwrap_or((after, &[]));
        text.extend_from_slice(before);
        text.extend_from_slice(b"\x1b[");
        match next.first() {
            Some(b'm') => text.extend(shortened(parameters)),
            _ => text.extend_from_slice(parameters),
        }
        rest = next;
    }
    text.extend_from_slice(rest);
    text
}

fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let begin = bytes.windows(at.len()).position(|window| window == at)?;
    Some((bytes.get(..begin)?, bytes.get(begin + at.len()..)?))
}

/// The parameters of one sequence.
fn shortened(parameters: &[u8]) -> Vec<u8> {
    let numbers = parameters.split(|byte| *byte == b';');
    let mut numbers = numbers.map(|number| str::from_utf8(number).unwrap_or_default());
    let mut short = Vec::new();
    while let Some(number) = numbers.next() {
        let (kind, color) = match number {
            "38" | "48" | "58" => (numbers.next(), numbers.next()),
            _ => (None, None),
        };
        let base = if number == "38" { 30 } else { 40 };
        let basic = color
            .and_then(|color| color.parse::<u8>().ok())
            .filter(|color| *color < 16);
        match (kind, color, basic) {
            (Some("5"), _, Some(color)) if number != "58" => {
                let bright = if color < 8 { 0 } else { 60 - 8 };
                short.push((base + bright + color).to_string());
            }
            _ => {
                // Red, green, blue: whatever their numbers would mean.
                let more = if kind == Some("2") { 2 } else { 0 };
                let whole = [Some(number), kind, color].into_iter().flatten();
                short.extend(whole.chain(numbers.by_ref().take(more)).map(str::to_owned));
            }
        }
    }
    short.join(";").into_bytes()
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Modifier, Style};

    use super::*;

    #[test]
    fn colours_go_and_what_stands_out_stays() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        let style = Style::new()
            .fg(Color::White)
            .bg(Color::Blue)
            .add_modifier(Modifier::REVERSED);
        buffer.set_string(0, 0, "row", style);
        recolor(&mut buffer, &|_| Color::Reset);
        let plain = Style::new().add_modifier(Modifier::REVERSED);
        let mut expected = Buffer::empty(Rect::new(0, 0, 3, 1));
        expected.set_string(0, 0, "row", plain);
        assert_eq!(buffer, expected);
    }

    #[test]
    fn the_colours_of_the_terminal_have_their_own_numbers() {
        for (long, expected) in [
            ("\x1b[38;5;15;48;5;4mx", "\x1b[97;44mx"),
            ("\x1b[38;5;1m张\x1b[0m", "\x1b[31m张\x1b[0m"),
            ("\x1b[48;5;8m", "\x1b[100m"),
            ("\x1b[38;5;16;48;5;255m", "\x1b[38;5;16;48;5;255m"),
            ("\x1b[38;2;5;5;5;48;5;7m", "\x1b[38;2;5;5;5;47m"),
            ("\x1b[38;2;9;48;5;48;5;1m", "\x1b[38;2;9;48;5;41m"),
            ("\x1b[58;5;1m", "\x1b[58;5;1m"),
            ("\x1b[39;49m\x1b[3;14Hm38;5;1m", "\x1b[39;49m\x1b[3;14Hm38;5;1m"),
            ("\x1b[?2026h\x1b[", "\x1b[?2026h\x1b["),
        ] {
            let short = short(long.as_bytes());
            assert_eq!(String::from_utf8_lossy(&short), expected);
        }
    }
}
