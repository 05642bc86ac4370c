//! The mbox format: one message after the other, each behind a line that begins with `From `.
//!
//! Its variants differ in what becomes of such a line inside a message. Written is the one in which nothing is lost
//! (mboxrd: `From `, `>From `, `>>From ` … get one more `>`); read are this one and the older one. What a header says of
//! the length of its message is never believed.

use std::io::{self, BufRead, Write};

/// The most that is kept of a message, in bytes, and of one without what is long in it. What stands behind it is read and
/// forgotten.
const MOST: usize = 64 << 20;
const MOST_THIN: usize = 16 << 20;

/// The most that is kept of a line.
const LONGEST_LINE: usize = 1 << 20;

/// So many lines of an attachment are kept; whole films are not wanted here, and what follows them is.
const ATTACHED_LINES: usize = 2000;

/// One message as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Whether it is longer than what is kept.
    pub is_cut: bool,
}

/// The messages of a file or a pipe.
#[derive(Debug)]
pub struct Pieces<R> {
    reader: R,
    line: u64,
    /// Whether the separator of the next message has been read.
    begun: bool,
    /// Whether lines of attachments are left out.
    thin: bool,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was read yet.
    Fresh,
    /// Messages stand one after the other.
    Many,
    /// All of it is one message.
    One,
    /// Nothing is left.
    Done,
}

impl<R: BufRead> Pieces<R> {
    /// The messages in `reader`: those of an mbox if it begins as one, else all of it as one message.
    pub fn new(reader: R) -> Pieces<R> {
        Pieces {
            reader,
            line: 0,
            begun: false,
            thin: false,
            state: State::Fresh,
        }
    }

    /// Leaves out what is long inside attachments, so that a mailbox of any size is read in little memory.
    #[must_use]
    pub fn thin(mut self) -> Pieces<R> {
        self.thin = true;
        self
    }

    /// Reads on to the end of the message.
    fn piece(&mut self) -> io::Result<Option<Piece>> {
        let mut first = self.line + 1;
        let mut raw = Vec::new();
        let mut line = Vec::new();
        let mut after_blank = true;
        // The length of the last line, if it is blank: it may belong to the separator.
        let mut blank = 0;
        let mut attached = 0;
        let mut is_cut = false;
        loop {
            line.clear();
            if !read_line(&mut self.reader, &mut line)? {
                let begun = std::mem::replace(&mut self.begun, false);
                let many = self.state == State::Many;
                self.state = State::Done;
                if many {
                    raw.truncate(raw.len() - blank);
                }
                return Ok((begun || !raw.is_empty()).then_some(Piece {
                    line: first,
                    raw,
                    is_cut,
                }));
            }
            self.line += 1;
            if self.state == State::Fresh {
                if is_blank(&line) {
                    first = self.line + 1;
                    continue;
                }
                self.state = if line.starts_with(b"From ") {
                    self.begun = true;
                    first = self.line + 1;
                    State::Many
                } else {
                    State::One
                };
                if self.state == State::Many {
                    continue;
                }
            }
            if self.state == State::Many && after_blank && is_separator(&line) {
                raw.truncate(raw.len() - blank);
                return Ok(Some(Piece {
                    line: first,
                    raw,
                    is_cut,
                }));
            }
            after_blank = is_blank(&line);
            attached = if is_attached(&line) { attached + 1 } else { 0 };
            blank = 0;
            let text = match self.state {
                State::Many => unquoted(&line),
                _ => &line,
            };
            if self.thin && attached > ATTACHED_LINES {
                continue;
            }
            if raw.len() + text.len() > if self.thin { MOST_THIN } else { MOST } {
                is_cut = true;
                continue;
            }
            blank = if after_blank { text.len() } else { 0 };
            raw.extend_from_slice(text);
        }
    }
}

impl<R: BufRead> Iterator for Pieces<R> {
    type Item = io::Result<Piece>;

    fn next(&mut self) -> Option<io::Result<Piece>> {
        if self.state == State::Done {
            return None;
        }
        let piece = self.piece();
        if piece.is_err() {
            self.state = State::Done;
        }
        piece.transpose()
    }
}

/// Writes a message behind a separator, as the next one of a mailbox.
///
/// # Errors
///
/// `out` cannot be written.
pub fn write(out: &mut dyn Write, raw: &[u8]) -> io::Result<()> {
    // Who sent it and when stands in the message itself; the separator only has to look like one.
    out.write_all(b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n")?;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if is_quotable(line) {
            out.write_all(b">")?;
        }
        out.write_all(line)?;
    }
    if !raw.is_empty() && !raw.ends_with(b"\n") {
        out.write_all(b"\n")?;
    }
    out.write_all(b"\n")
}

/// Reads a line with its end, or as much of it as is kept; false if there is none.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    let mut any = false;
    loop {
        let chunk = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            chunk => chunk?,
        };
        if chunk.is_empty() {
            return Ok(any);
        }
        any = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let (part, length) = match end {
            Some(end) => (chunk.get(..end).unwrap_or(chunk), end + 1),
            None => (chunk, chunk.len()),
        };
        let room = LONGEST_LINE.saturating_sub(line.len());
        line.extend(part.iter().take(room));
        reader.consume(length);
        if end.is_some() {
            line.push(b'\n');
            return Ok(true);
        }
    }
}

fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// A line between two messages: `From somebody Thu Jan  1 00:00:00 1970`. Texts have lines that begin so too, but seldom
/// with a time and a year in them.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    let words = || rest.split(u8::is_ascii_whitespace);
    let digits = |word: &[u8]| word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_time = |word: &[u8]| {
        let parts: Vec<&[u8]> = word.split(|byte| *byte == b':').collect();
        matches!(parts.len(), 2 | 3)
            && parts
                .iter()
                .all(|part| matches!(part.len(), 1 | 2) && digits(part) == part.len())
    };
    let is_year = |word: &[u8]| {
        word.len() == 4 && digits(word) == 4 && (word.starts_with(b"19") || word.starts_with(b"20"))
    };
    words().any(is_time) && words().any(is_year)
}

/// A line that would be taken for a separator, or for one that was made harmless.
fn is_quotable(line: &[u8]) -> bool {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "))
}

fn unquoted(line: &[u8]) -> &[u8] {
    match line {
        [b'>', rest @ ..] if is_quotable(rest) => rest,
        line => line,
    }
}

/// A line of a long attachment: nothing but base64, and no short one.
fn is_attached(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    line.len() >= 60
        && line
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(text: &[u8]) -> Vec<(u64, String)> {
        Pieces::new(text)
            .map(|piece| piece.unwrap())
            .map(|piece| (piece.line, String::from_utf8_lossy(&piece.raw).into_owned()))
            .collect()
    }

    #[test]
    fn messages_are_told_apart() {
        let mbox = "From a@x.example Mon Jan  5 10:00:00 2026\nSubject: 1\n\nFrom here on\n>From there\n>>From far\n\n\
                    From b@x.example Mon Jan  5 10:01:00 2026\nSubject: 2\nContent-Length: 1\n\nbody\n\nFrom now on it is fine\n";
        let expected = vec![
            (
                2,
                "Subject: 1\n\nFrom here on\nFrom there\n>From far\n".to_owned(),
            ),
            (
                9,
                "Subject: 2\nContent-Length: 1\n\nbody\n\nFrom now on it is fine\n".to_owned(),
            ),
        ];
        assert_eq!(pieces(mbox.as_bytes()), expected);
    }

    #[test]
    fn what_is_no_mailbox_is_one_message() {
        let text = "\n\nSubject: 1\n\n>From a\n\nFrom a@x.example Mon Jan  5 10:00:00 2026\n";
        let kept = "Subject: 1\n\n>From a\n\nFrom a@x.example Mon Jan  5 10:00:00 2026\n";
        assert_eq!(pieces(text.as_bytes()), vec![(3, kept.to_owned())]);
        assert_eq!(pieces(b""), vec![]);
        assert_eq!(pieces(b"\n\n"), vec![]);
    }

    #[test]
    fn long_attachments_are_left_out() {
        let line = format!("{}\n", "QUJD".repeat(19));
        let text = format!("Subject: 1\n\n{}--end\nrest\n", line.repeat(5000));
        let piece = Pieces::new(text.as_bytes()).thin().next().unwrap().unwrap();
        assert!(
            piece.raw.len() < line.len() * (ATTACHED_LINES + 1),
            "{}",
            piece.raw.len()
        );
        assert!(piece.raw.ends_with(b"--end\nrest\n"));
        let whole = Pieces::new(text.as_bytes()).next().unwrap().unwrap();
        assert_eq!(whole.raw.len(), text.len());
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let text = vec![b'x'; 4 * LONGEST_LINE];
        let piece = Pieces::new(text.as_slice()).next().unwrap().unwrap();
        assert_eq!(piece.raw.len(), LONGEST_LINE);
    }

    fn message() -> impl Strategy<Value = Vec<u8>> {
        let line = prop_oneof![
            Just(b"From a@x.example Mon Jan  5 10:00:00 2026".to_vec()),
            Just(b">From me".to_vec()),
            Just(b">>>From me".to_vec()),
            Just(b"From me".to_vec()),
            Just(Vec::new()),
            proptest::collection::vec(any::<u8>().prop_filter("a line", |byte| *byte != b'\n'), 0..20),
        ];
        proptest::collection::vec(line, 0..8).prop_map(|lines| {
            let mut text = lines.join(&b'\n');
            if !text.is_empty() {
                text.push(b'\n');
            }
            text
        })
    }

    proptest! {
        #[test]
        fn what_was_joined_splits_again(messages in proptest::collection::vec(message(), 0..5)) {
            let mut mbox = Vec::new();
            for message in &messages {
                write(&mut mbox, message).unwrap();
            }
            let split: Vec<Vec<u8>> = Pieces::new(mbox.as_slice()).map(|piece| piece.unwrap().raw).collect();
            prop_assert_eq!(split, messages);
        }

        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for piece in Pieces::new(bytes.as_slice()).thin() {
                prop_assert!(piece.unwrap().raw.len() <= bytes.len() + 1);
            }
        }
    }
}
