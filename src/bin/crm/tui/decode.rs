//! What a terminal sends, byte by byte, as keys, mouse, pastes and answers.
//!
//! crossterm reads it too, and types the answer to a question that comes late, or one that it does not know, into
//! whatever field is open; and it waits for the rest of a sequence that may never come. So the bytes are read here.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// What a person or the terminal did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input {
    /// A key was pressed, or is held.
    Key(KeyEvent),
    /// A button, the wheel, or motion with a button held.
    Mouse(MouseEvent),
    /// Text that was not typed; line ends are `\n`.
    Paste(String),
    /// The terminal has another size: columns and rows.
    #[cfg_attr(unix, expect(dead_code, reason = "a signal tells it there"))]
    Resize(u16, u16),
    /// The terminal has the attention of the person, or lost it.
    Focus(bool),
    /// What the terminal says of itself.
    Answer(Answer),
    /// The terminal is gone.
    Closed,
}

/// What a terminal says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The colour behind text: red, green, blue.
    Background(u8, u8, u8),
    /// Whether it knows a private mode.
    Mode(u16, bool),
    /// The person has chosen dark or light; comes on changes too.
    Dark(bool),
    /// What every terminal answers, so that all questions before were answered, or never will be.
    Attributes,
}

/// Turns bytes into events.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// Bytes that are not an event yet.
    rest: Vec<u8>,
    /// What was pasted until now.
    paste: Option<Vec<u8>>,
}

/// How a paste ends.
const PASTE_END: &[u8] = b"\x1b[201~";
/// Ctrl+C: ends a paste whose end got lost, so that the keys are not gone for good.
const END_OF_TEXT: u8 = 3;
/// How long a key that may be the beginning of a sequence waits for it, in milliseconds.
const ESCAPE_MS: u16 = 25;
/// The same for what is hardly a key.
const SEQUENCE_MS: u16 = 100;
/// The same for answers that come in pieces.
const ANSWER_MS: u16 = 1000;

/// What stands at the front of some bytes.
enum Step {
    /// So many bytes are an event, or nothing that anybody wants.
    Taken(usize, Option<Input>),
    /// A paste begins after so many bytes.
    Paste(usize),
    /// More has to come.
    More,
}

impl Decoder {
    /// Takes bytes, and gives the events that are complete.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        let mut events = Vec::new();
        let mut bytes = bytes;
        while !bytes.is_empty() {
            if self.paste.is_some() {
                bytes = self.pasted(bytes, &mut events);
                continue;
            }
            self.rest.extend_from_slice(bytes);
            bytes = &[];
            let mut at = 0;
            loop {
                let front = self.rest.get(at..).unwrap_or_default();
                match step(front) {
                    Step::Taken(count, event) => {
                        at += count;
                        events.extend(event);
                    }
                    Step::Paste(count) => {
                        let text = self.rest.split_off(at + count);
                        self.rest.clear();
                        at = 0;
                        self.paste = Some(Vec::new());
                        let after = self.pasted(&text, &mut events);
                        self.rest.extend_from_slice(after);
                    }
                    Step::More => break,
                }
            }
            self.rest.drain(..at);
        }
        events
    }

    /// How long to wait for more, in milliseconds; none if nothing has begun.
    pub(crate) fn patience(&self) -> Option<u16> {
        match self.rest.as_slice() {
            [] => None,
            [0x1b] => Some(ESCAPE_MS),
            [0x1b, b']' | b'P' | b'_' | b'^' | b'X', _, ..] => Some(ANSWER_MS),
            _ => Some(SEQUENCE_MS),
        }
    }

    /// Nothing more has come: what has begun was a key, or is given up.
    pub(crate) fn give_up(&mut self) -> Option<Input> {
        let rest = std::mem::take(&mut self.rest);
        match rest.as_slice() {
            [0x1b] => Some(key(KeyCode::Esc, KeyModifiers::NONE)),
            [0x1b, letter] if letter.is_ascii_graphic() => {
                Some(letter_key(char::from(*letter), KeyModifiers::ALT))
            }
            _ => None,
        }
    }

    /// Takes bytes of a paste up to its end, and gives what comes after it.
    fn pasted<'b>(&mut self, bytes: &'b [u8], events: &mut Vec<Input>) -> &'b [u8] {
        let Some(paste) = &mut self.paste else {
            return bytes;
        };
        // The end may have begun in what came before.
        let known = paste.len();
        let from = known.saturating_sub(PASTE_END.len() - 1);
        paste.extend_from_slice(bytes);
        let recent = paste.get(from..).unwrap_or_default();
        let end = find(recent, PASTE_END).map(|at| (from + at, from + at + PASTE_END.len()));
        let lost = || {
            let at = bytes.iter().position(|byte| *byte == END_OF_TEXT)?;
            Some((known + at, known + at + 1))
        };
        let Some((end, after)) = end.or_else(lost) else {
            return &[];
        };
        paste.truncate(end);
        let text = String::from_utf8_lossy(paste)
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        events.push(Input::Paste(text));
        self.paste = None;
        bytes.get(after.saturating_sub(known)..).unwrap_or_default()
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn step(bytes: &[u8]) -> Step {
    match bytes {
        [] | [0x1b] => Step::More,
        [0x1b, b'[', rest @ ..] => csi(rest),
        [0x1b, b'O', rest @ ..] => single_shift(rest),
        [0x1b, b']' | b'P' | b'_' | b'^' | b'X', rest @ ..] => string(bytes, rest),
        // The second may begin a sequence of its own.
        [0x1b, 0x1b, ..] => Step::Taken(1, Some(key(KeyCode::Esc, KeyModifiers::NONE))),
        [0x1b, rest @ ..] => match plain(rest, KeyModifiers::ALT) {
            Step::Taken(count, event) => Step::Taken(count + 1, event),
            other => other,
        },
        _ => plain(bytes, KeyModifiers::NONE),
    }
}

/// A letter, or a control character.
fn plain(bytes: &[u8], held: KeyModifiers) -> Step {
    let [first, ..] = bytes else { return Step::More };
    let control = |letter: char| key(KeyCode::Char(letter), held | KeyModifiers::CONTROL);
    let event = match *first {
        0 => control(' '),
        b'\t' => key(KeyCode::Tab, held),
        b'\r' => key(KeyCode::Enter, held),
        // What Backspace sends depends on the terminal, and Ctrl+H means the same.
        8 | 0x7f => key(KeyCode::Backspace, held),
        byte @ 1..=26 => control(char::from(byte - 1 + b'a')),
        byte @ 28..=31 => control(char::from(byte + 64)),
        byte @ b' '..=b'~' => letter_key(char::from(byte), held),
        _ => return beyond_ascii(bytes, held),
    };
    Step::Taken(1, Some(event))
}

fn beyond_ascii(bytes: &[u8], held: KeyModifiers) -> Step {
    let front = bytes.get(..4).unwrap_or(bytes);
    let (valid, broken) = match str::from_utf8(front) {
        Ok(text) => (text, None),
        Err(error) => {
            let text = front.get(..error.valid_up_to()).unwrap_or_default();
            (str::from_utf8(text).unwrap_or_default(), Some(error.error_len()))
        }
    };
    match (valid.chars().next(), broken) {
        (Some(letter), _) => {
            let event = (!letter.is_control()).then(|| letter_key(letter, held));
            Step::Taken(letter.len_utf8(), event)
        }
        (None, Some(Some(length))) => Step::Taken(length, None),
        (None, _) => Step::More,
    }
}

/// After `ESC O`: what keypads and function keys send.
fn single_shift(bytes: &[u8]) -> Step {
    let [last, ..] = bytes else { return Step::More };
    let code = match last {
        b'M' => Some(KeyCode::Enter),
        b'j'..=b'y' => Some(KeyCode::Char(char::from(last - 64))),
        last => named(*last),
    };
    match code {
        Some(code) => Step::Taken(3, Some(key(code, KeyModifiers::NONE))),
        // No keypad: Alt+O, and then another key.
        None => Step::Taken(2, Some(letter_key('O', KeyModifiers::ALT))),
    }
}

/// An answer that is text: it ends with a bell or `ESC \`, and is dropped if it is none that was asked for.
fn string(bytes: &[u8], text: &[u8]) -> Step {
    let Some(end) = text.iter().position(|byte| matches!(byte, 7 | 0x1b)) else {
        return Step::More;
    };
    let content = text.get(..end).unwrap_or_default();
    let count = 2 + end;
    let event = match bytes.get(1) {
        Some(b']') => background(content),
        _ => None,
    };
    match text.get(end..).unwrap_or_default() {
        [7, ..] => Step::Taken(count + 1, event),
        [_, b'\\', ..] => Step::Taken(count + 2, event),
        [_] => Step::More,
        // Something else begins: this one was cut off.
        _ => Step::Taken(count, None),
    }
}

/// `11;rgb:1e1e/1e1e/2e2e`, with one to four digits each.
fn background(content: &[u8]) -> Option<Input> {
    let text = str::from_utf8(content).ok()?.strip_prefix("11;rgb")?;
    let (_, colors) = text.split_once(':')?;
    let mut parts = colors.split('/').map(|digits| {
        let most = (1_u32 << (4 * digits.len().clamp(1, 4))) - 1;
        let value = u32::from_str_radix(digits, 16).ok()?;
        u8::try_from(value.checked_mul(255)? / most).ok()
    });
    let mut next = || parts.next().flatten();
    let (red, green, blue) = (next()?, next()?, next()?);
    Some(Input::Answer(Answer::Background(red, green, blue)))
}

/// After `ESC [`.
fn csi(bytes: &[u8]) -> Step {
    match bytes {
        // The console of Linux.
        [b'[', rest @ ..] => {
            return match rest {
                [] => Step::More,
                [last @ b'A'..=b'E', ..] => {
                    Step::Taken(4, Some(key(KeyCode::F(last - b'A' + 1), KeyModifiers::NONE)))
                }
                _ => Step::Taken(3, None),
            };
        }
        // Mouse as terminals without the mode of ours tell it: three bytes, whatever they are.
        [b'M', rest @ ..] => {
            return match rest {
                [button, column, row, ..] => {
                    let number = |byte: &u8| u16::from(byte.saturating_sub(32));
                    let release = number(button) & 3 == 3 && number(button) & 64 == 0;
                    let event = mouse(number(button), number(column), number(row), release);
                    Step::Taken(6, event)
                }
                _ => Step::More,
            };
        }
        _ => {}
    }
    let Some(end) = bytes.iter().position(|byte| !(b' '..=b'?').contains(byte)) else {
        return Step::More;
    };
    let content = bytes.get(..end).unwrap_or_default();
    match bytes.get(end) {
        Some(b'~') if content == b"200" => Step::Paste(2 + end + 1),
        Some(last @ b'@'..=b'~') => Step::Taken(2 + end + 1, sequence(content, *last)),
        // It was cut off: what is here begins something else.
        _ => Step::Taken(2 + end, None),
    }
}

/// A whole sequence by what stands in it and its last byte.
fn sequence(content: &[u8], last: u8) -> Option<Input> {
    let text = str::from_utf8(content).ok()?;
    if let Some(numbers) = text.strip_prefix('<') {
        let mut numbers = numbers.split(';').map(str::parse::<u16>);
        let mut next = || numbers.next()?.ok();
        return mouse(next()?, next()?, next()?, last == b'm');
    }
    if let Some(text) = text.strip_prefix('?') {
        return answer(text, last).map(Input::Answer);
    }
    let mut parameters = text.split(';');
    let first = parameters.next().unwrap_or_default();
    let held = parameters.next().unwrap_or_default();
    let (held, kind) = held.split_once(':').unwrap_or((held, "1"));
    // A key that is let go.
    if kind == "3" {
        return None;
    }
    let held = modifiers(held.parse().unwrap_or(1));
    match last {
        b'I' => Some(Input::Focus(true)),
        b'O' => Some(Input::Focus(false)),
        b'Z' => Some(key(KeyCode::BackTab, held | KeyModifiers::SHIFT)),
        b'~' => Some(key(numbered(first.parse().ok()?)?, held)),
        b'u' => unicode(first, held),
        last => Some(key(named(last)?, held)),
    }
}

/// What the terminal says after `ESC [ ?`.
fn answer(text: &str, last: u8) -> Option<Answer> {
    let mut numbers = text.trim_end_matches('$').split(';').map(str::parse::<u16>);
    let mut next = || numbers.next()?.ok();
    match last {
        b'c' => Some(Answer::Attributes),
        b'y' => Some(Answer::Mode(next()?, matches!(next()?, 1..=3))),
        b'n' if next()? == 997 => match next()? {
            1 => Some(Answer::Dark(true)),
            2 => Some(Answer::Dark(false)),
            _ => None,
        },
        _ => None,
    }
}

fn mouse(button: u16, column: u16, row: u16, release: bool) -> Option<Input> {
    let which = match button & 3 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        2 => MouseButton::Right,
        _ => MouseButton::Left,
    };
    let kind = match (button & 64 != 0, button & 3) {
        (true, 0) => MouseEventKind::ScrollUp,
        (true, 1) => MouseEventKind::ScrollDown,
        (true, 2) => MouseEventKind::ScrollLeft,
        (true, _) => MouseEventKind::ScrollRight,
        _ if release => MouseEventKind::Up(which),
        // Motion without a button is of no use.
        (_, 3) => return None,
        _ if button & 32 != 0 => MouseEventKind::Drag(which),
        _ => MouseEventKind::Down(which),
    };
    let held = [
        (4, KeyModifiers::SHIFT),
        (8, KeyModifiers::ALT),
        (16, KeyModifiers::CONTROL),
    ];
    let held = held.into_iter().filter(|(bit, _)| button & bit != 0);
    Some(Input::Mouse(MouseEvent {
        kind,
        column: column.checked_sub(1)?,
        row: row.checked_sub(1)?,
        modifiers: held.map(|(_, modifier)| modifier).collect(),
    }))
}

/// A key of the protocol that names keys by their letter: `97;5u` is Ctrl+A.
fn unicode(codes: &str, held: KeyModifiers) -> Option<Input> {
    let mut codes = codes.split(':').map(|code| code.parse::<u32>().ok());
    let code = codes.next().flatten()?;
    let shifted = codes.next().flatten().and_then(char::from_u32);
    let code = match code {
        27 => KeyCode::Esc,
        13 | 57_414 => KeyCode::Enter,
        9 if held.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        127 => KeyCode::Backspace,
        // The digits of the keypad.
        digit @ 57_399..=57_408 => KeyCode::Char(char::from_digit(digit - 57_399, 10)?),
        // Other keys of the protocol, which nothing listens to: modifiers, media.
        57_344..=63_743 => return None,
        letter => {
            let letter = char::from_u32(letter).filter(|letter| !letter.is_control())?;
            let upper = held.contains(KeyModifiers::SHIFT).then(|| {
                let mut upper = letter.to_uppercase();
                shifted.or_else(|| upper.next())
            });
            KeyCode::Char(upper.flatten().unwrap_or(letter))
        }
    };
    Some(key(code, held))
}

/// The key whose sequence ends with this letter.
fn named(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'R' => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

/// The key whose sequence has this number.
fn numbered(number: u8) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=24 => KeyCode::F(number - 12),
        _ => return None,
    })
}

/// What is held, as terminals count it: one, and a bit for each.
fn modifiers(number: u8) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    let all = [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
    ];
    let held = all.into_iter().filter(|(bit, _)| bits & bit != 0);
    held.map(|(_, modifier)| modifier).collect()
}

fn key(code: KeyCode, held: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, held))
}

fn letter_key(letter: char, held: KeyModifiers) -> Input {
    let shift = if letter.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    key(KeyCode::Char(letter), held | shift)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the bytes are, at once and one by one, with nothing left over.
    fn decoded(bytes: &[u8]) -> Vec<Input> {
        let mut decoder = Decoder::default();
        let mut at_once = decoder.feed(bytes);
        at_once.extend(decoder.give_up());
        assert_eq!(decoder.patience(), None);
        let mut slowly: Vec<Input> = bytes.iter().flat_map(|byte| decoder.feed(&[*byte])).collect();
        slowly.extend(decoder.give_up());
        assert_eq!(at_once, slowly, "{}", bytes.escape_ascii());
        at_once
    }

    fn is_key(bytes: &str, code: KeyCode, held: KeyModifiers) {
        assert_eq!(decoded(bytes.as_bytes()), [key(code, held)], "{bytes:?}");
    }

    #[test]
    fn keys_of_many_terminals() {
        let (none, shift) = (KeyModifiers::NONE, KeyModifiers::SHIFT);
        let (alt, control) = (KeyModifiers::ALT, KeyModifiers::CONTROL);
        for (bytes, code, held) in [
            ("j", KeyCode::Char('j'), none),
            ("G", KeyCode::Char('G'), shift),
            ("张", KeyCode::Char('张'), none),
            ("é", KeyCode::Char('é'), none),
            ("🙂", KeyCode::Char('🙂'), none),
            ("\u{1b}", KeyCode::Esc, none),
            ("\u{1b}j", KeyCode::Char('j'), alt),
            ("\u{1b}é", KeyCode::Char('é'), alt),
            ("\u{1b}\r", KeyCode::Enter, alt),
            ("\u{1b}[", KeyCode::Char('['), alt),
            ("\u{1b}O", KeyCode::Char('O'), alt | shift),
            ("\u{1b}]", KeyCode::Char(']'), alt),
            ("\r", KeyCode::Enter, none),
            ("\t", KeyCode::Tab, none),
            ("\u{7f}", KeyCode::Backspace, none),
            ("\u{8}", KeyCode::Backspace, none),
            ("\u{0}", KeyCode::Char(' '), control),
            ("\u{1}", KeyCode::Char('a'), control),
            ("\n", KeyCode::Char('j'), control),
            ("\u{1a}", KeyCode::Char('z'), control),
            ("\u{1f}", KeyCode::Char('_'), control),
            ("\u{1b}[A", KeyCode::Up, none),
            ("\u{1b}OA", KeyCode::Up, none),
            ("\u{1b}[1;5C", KeyCode::Right, control),
            ("\u{1b}[1;2H", KeyCode::Home, shift),
            ("\u{1b}[Z", KeyCode::BackTab, shift),
            ("\u{1b}[3~", KeyCode::Delete, none),
            ("\u{1b}[6;3~", KeyCode::PageDown, alt),
            ("\u{1b}[15~", KeyCode::F(5), none),
            ("\u{1b}[24;2~", KeyCode::F(12), shift),
            ("\u{1b}OP", KeyCode::F(1), none),
            ("\u{1b}[1;2R", KeyCode::F(3), shift),
            ("\u{1b}[[C", KeyCode::F(3), none),
            ("\u{1b}OM", KeyCode::Enter, none),
            ("\u{1b}Ok", KeyCode::Char('+'), none),
            ("\u{1b}[97;5u", KeyCode::Char('a'), control),
            ("\u{1b}[27u", KeyCode::Esc, none),
            ("\u{1b}[9;2u", KeyCode::BackTab, shift),
            ("\u{1b}[13;5u", KeyCode::Enter, control),
            ("\u{1b}[55:47;2u", KeyCode::Char('/'), shift),
            ("\u{1b}[97;2:2u", KeyCode::Char('A'), shift),
            ("\u{1b}[57400u", KeyCode::Char('1'), none),
        ] {
            is_key(bytes, code, held);
        }
    }

    #[test]
    fn keys_that_are_let_go_and_sequences_that_nobody_knows_are_nothing() {
        for bytes in [
            "\u{1b}[97;1:3u",
            "\u{1b}[57441;2u",
            "\u{1b}[>1;95;0c",
            "\u{1b}[?1u",
            "\u{1b}[8;24;80t",
            "\u{1b}[999~",
            "\u{1b}]52;c;aGk=\u{7}",
            "\u{1b}P1$r0m\u{1b}\\",
            "\u{1b}_Gi=1;OK\u{1b}\\",
            "\u{1b}]11;nonsense:q/w/e\u{7}",
        ] {
            assert_eq!(decoded(bytes.as_bytes()), [], "{bytes:?}");
        }
    }

    #[test]
    fn answers_are_told_and_never_typed() {
        let all =
            "\u{1b}]11;rgb:ffff/8080/0\u{1b}\\\u{1b}[?2026;2$y\u{1b}[?2031;0$y\u{1b}[?997;1n\u{1b}[?62;4c";
        let expected = [
            Answer::Background(255, 128, 0),
            Answer::Mode(2026, true),
            Answer::Mode(2031, false),
            Answer::Dark(true),
            Answer::Attributes,
        ];
        assert_eq!(decoded(all.as_bytes()), expected.map(Input::Answer));
        let eight_bits = "\u{1b}]11;rgba:1e/1e/2e/ff\u{7}";
        let dark = Answer::Background(30, 30, 46);
        assert_eq!(decoded(eight_bits.as_bytes()), [Input::Answer(dark)]);
    }

    #[test]
    fn an_answer_that_stops_in_its_middle_is_dropped() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"\x1b]11;rgb:1e1e/1e"), []);
        assert_eq!(decoder.patience(), Some(ANSWER_MS));
        assert_eq!(decoder.give_up(), None);
        assert_eq!(decoder.feed(b"q").len(), 1);
        assert_eq!(
            decoded(b"\x1b]11;rgb:1e\x1b[A"),
            [key(KeyCode::Up, KeyModifiers::NONE)]
        );
        assert_eq!(decoded(b"\x1b[12\x1b[A"), [key(KeyCode::Up, KeyModifiers::NONE)]);
    }

    #[test]
    fn escape_waits_no_longer_than_nobody_notices() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"\x1b"), []);
        assert_eq!(decoder.patience(), Some(ESCAPE_MS));
        assert_eq!(decoder.give_up(), Some(key(KeyCode::Esc, KeyModifiers::NONE)));
        assert_eq!(decoder.patience(), None);
        let twice = [
            key(KeyCode::Esc, KeyModifiers::NONE),
            key(KeyCode::Esc, KeyModifiers::NONE),
        ];
        assert_eq!(decoded(b"\x1b\x1b"), twice);
    }

    #[test]
    fn the_mouse_is_told_by_cells_from_zero() {
        let told = |bytes: &[u8]| match decoded(bytes).as_slice() {
            [Input::Mouse(event)] => Some((event.kind, event.column, event.row, event.modifiers)),
            [] => None,
            other => panic!("{other:?}"),
        };
        let none = KeyModifiers::NONE;
        let left = MouseButton::Left;
        for (bytes, kind, column, row, held) in [
            ("\u{1b}[<0;1;1M", MouseEventKind::Down(left), 0, 0, none),
            ("\u{1b}[<0;300;100m", MouseEventKind::Up(left), 299, 99, none),
            ("\u{1b}[<32;5;6M", MouseEventKind::Drag(left), 4, 5, none),
            ("\u{1b}[<65;5;6M", MouseEventKind::ScrollDown, 4, 5, none),
            (
                "\u{1b}[<18;5;6M",
                MouseEventKind::Down(MouseButton::Right),
                4,
                5,
                KeyModifiers::CONTROL,
            ),
        ] {
            assert_eq!(
                told(bytes.as_bytes()),
                Some((kind, column, row, held)),
                "{bytes:?}"
            );
        }
        assert_eq!(told(b"\x1b[M !!"), Some((MouseEventKind::Down(left), 0, 0, none)));
        assert_eq!(
            told(b"\x1b[<35;5;6M"),
            None,
            "nobody wants to know where the mouse is"
        );
        assert_eq!(told(b"\x1b[<0;0;0M"), None);
    }

    #[test]
    fn a_paste_is_one_thing_whatever_is_in_it() {
        let text = |text: &str| Input::Paste(text.to_owned());
        assert_eq!(
            decoded("\u{1b}[200~dd:q!\r\n张\u{1b}[A\rx\u{1b}[201~j".as_bytes()),
            [
                text("dd:q!\n张\u{1b}[A\nx"),
                key(KeyCode::Char('j'), KeyModifiers::NONE)
            ]
        );
        assert_eq!(decoded(b"\x1b[200~\x1b[201~"), [text("")]);
        // Its end got lost.
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"\x1b[200~lost"), []);
        assert_eq!(decoder.patience(), None);
        assert_eq!(decoder.feed(b"\x03"), [text("lost")]);
    }

    #[test]
    fn focus_comes_and_goes() {
        assert_eq!(
            decoded(b"\x1b[I\x1b[O"),
            [Input::Focus(true), Input::Focus(false)]
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(chunks in prop::collection::vec(prop::collection::vec(
            prop_oneof![Just(0x1b_u8), Just(b'['), Just(b']'), Just(b';'), Just(b'<'), Just(b'M'), Just(b'~'), any::<u8>()], 0..12), 0..12)) {
            let mut decoder = Decoder::default();
            let mut events = 0;
            let mut bytes = 0;
            for chunk in &chunks {
                bytes += chunk.len();
                events += decoder.feed(chunk).len();
            }
            events += usize::from(decoder.give_up().is_some());
            prop_assert!(events <= bytes);
            // The keyboard is alive whatever came before.
            prop_assert!(!decoder.feed(b"\x03\x03\x03").is_empty());
        }

        #[test]
        fn text_is_typed_as_it_is(text in "[^\\p{C}]{0,20}") {
            let typed: String = decoded(text.as_bytes()).into_iter().map(|event| match event {
                Input::Key(KeyEvent { code: KeyCode::Char(letter), .. }) => letter,
                other => panic!("{other:?}"),
            }).collect();
            prop_assert_eq!(typed, text);
        }
    }
}
