//! Bytes in any supported encoding to UTF-8, streamed; nothing is ever replaced silently.
//!
//! The encoding is told from a byte order mark, from where the NULs stand (UTF-16), or from the first bytes
//! beyond ASCII and what follows them. So a file whose first Chinese name is a million rows down is still read
//! right. Text that fits no encoding is refused, and so is text that changes its encoding on the way: nothing of it
//! would be certain.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::LineCount;
use super::encoding::{self, BREAKS_OFF, Finding};
use super::watch::{Watch, is_control};
use crate::error::{Error, Kind, Result};

/// How many bytes are read at once and looked at to tell the encoding.
const WINDOW: usize = 64 << 10;

/// What an error is about that another encoding may mend.
pub const ENCODING: &str = "encoding";

/// So many NULs in a row are no padding but a part of the file that was never written.
const HOLLOW: usize = 64;

/// A reader of UTF-8 over bytes in another encoding.
///
/// As a [`Read`] it gives errors that carry an [`Error`]; [`unwrap_error`] takes it out.
pub struct Decoded {
    input: Box<dyn Read>,
    /// Bytes read and not yet decoded.
    raw: Vec<u8>,
    ended: bool,
    mode: Mode,
    encoding: &'static Encoding,
    /// The same, for whoever wants to know it while somebody else reads.
    told: Told,
    /// Looks for UTF-8 in what is something else, where the encoding was only told from the text.
    watch: Option<Box<Watch>>,
    /// The line on which the watch began.
    watched_from: u64,
    /// Text decoded and, from `taken` on, not yet handed out.
    text: String,
    taken: usize,
    lines: LineCount,
    /// How many bytes of the input have been decoded.
    offset: u64,
    /// How many NULs the bytes read so far end with.
    nuls: usize,
    /// The last byte before those that are still raw, while the encoding is open.
    before: Option<u8>,
}

/// The encoding of a text that is being read, as far as it is known.
#[derive(Debug, Clone)]
pub struct Told(Rc<Cell<(&'static Encoding, Certainty)>>);

/// How an encoding is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certainty {
    /// By its form, by a mark, or somebody said it.
    Known,
    /// By what its letters would be: it may be another.
    Assumed,
}

impl Told {
    /// What is known of a file whose lines each say it themselves.
    pub(crate) fn utf8() -> Told {
        Told(Rc::new(Cell::new((UTF_8, Certainty::Known))))
    }

    /// What is known of a file that is most likely in `encoding`.
    pub(crate) fn assume(encoding: &'static Encoding) -> Told {
        Told(Rc::new(Cell::new((encoding, Certainty::Assumed))))
    }

    /// The name of the encoding; pure ASCII counts as UTF-8.
    pub fn name(&self) -> &'static str {
        self.0.get().0.name()
    }

    /// The name of the encoding, if nothing but the letters of the text speaks for it.
    pub fn assumed(&self) -> Option<&'static str> {
        let (encoding, certainty) = self.0.get();
        (certainty == Certainty::Assumed).then(|| encoding.name())
    }
}

enum Mode {
    /// Nothing but ASCII so far: the encoding is still open.
    Undecided,
    Utf8,
    Other(Box<encoding_rs::Decoder>),
    /// An `Other` that has been told of the end of the input.
    Flushed,
}

impl Decoded {
    /// Opens `input`, in the encoding called `label` (WHATWG names: `gbk`, `latin1`, `utf-16le` …) or in the one
    /// that its first bytes show. A byte order mark is dropped, and wins over the label.
    ///
    /// # Errors
    ///
    /// Usage when there is no such encoding, invalid when the encoding cannot be told.
    pub fn open(input: Box<dyn Read>, label: Option<&str>) -> Result<Decoded> {
        let mut decoded = Decoded {
            input,
            raw: Vec::with_capacity(WINDOW),
            ended: false,
            mode: Mode::Undecided,
            encoding: UTF_8,
            told: Told::utf8(),
            watch: None,
            watched_from: 1,
            text: String::new(),
            taken: 0,
            lines: LineCount::default(),
            offset: 0,
            nuls: 0,
            before: None,
        };
        decoded.fill_window()?;
        match label {
            Some(label) => decoded.start_named(label)?,
            None => decoded.start_sniffed()?,
        }
        Ok(decoded)
    }

    /// The encoding, as far as it is known; what is known later shows in it too.
    pub fn told(&self) -> Told {
        self.told.clone()
    }

    /// At least `wanted` bytes of the text that comes next, less only if the text ends; none of it is taken.
    ///
    /// # Errors
    ///
    /// Reading or decoding fails.
    pub fn peek(&mut self, wanted: usize) -> Result<&str> {
        if self.taken > 0 {
            self.text.drain(..self.taken);
            self.taken = 0;
        }
        while self.text.len() < wanted && self.decode_more()? {}
        Ok(&self.text)
    }

    fn start_named(&mut self, label: &str) -> Result<()> {
        let encoding = Encoding::for_label_no_replacement(label.as_bytes())
            .ok_or_else(|| Error::usage(format!("there is no encoding called {label:?}")))?;
        let (encoding, mark) = Encoding::for_bom(&self.raw).unwrap_or((encoding, 0));
        self.start(encoding, mark);
        Ok(())
    }

    fn start_sniffed(&mut self) -> Result<()> {
        const UTF_32: [&[u8]; 2] = [&[0xFF, 0xFE, 0, 0], &[0, 0, 0xFE, 0xFF]];
        const GB18030_MARK: &[u8] = &[0x84, 0x31, 0x95, 0x33];
        if UTF_32.iter().any(|mark| self.raw.starts_with(mark)) {
            return Err(Error::new(
                Kind::Invalid,
                "the text is in UTF-32, which is not read",
            ));
        }
        if self.raw.starts_with(GB18030_MARK) {
            self.start(GB18030, GB18030_MARK.len());
        } else if let Some((encoding, mark)) = Encoding::for_bom(&self.raw) {
            self.start(encoding, mark);
        } else if let Some(encoding) = utf16_by_nuls(&self.raw) {
            self.start(encoding, 0);
        }
        Ok(())
    }

    fn start(&mut self, encoding: &'static Encoding, mark: usize) {
        self.skip(mark);
        self.encoding = encoding;
        self.told.0.set((encoding, Certainty::Known));
        self.mode = if encoding == UTF_8 {
            Mode::Utf8
        } else {
            Mode::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        };
    }

    /// Decodes the next piece into `text`; false at the end of the input.
    fn decode_more(&mut self) -> Result<bool> {
        let before = self.text.len();
        while self.text.len() == before {
            if self.raw.is_empty() && !self.ended {
                self.read_once()?;
                continue;
            }
            let more = match self.mode {
                Mode::Undecided => self.decode_undecided()?,
                Mode::Utf8 => self.decode_utf8()?,
                Mode::Other(_) => self.decode_other()?,
                Mode::Flushed => false,
            };
            if !more {
                break;
            }
        }
        let fresh = self.text.as_bytes().get(before..).unwrap_or_default();
        self.lines.pass(fresh);
        Ok(!fresh.is_empty())
    }

    fn decode_undecided(&mut self) -> Result<bool> {
        match self.raw.iter().position(|byte| !byte.is_ascii()) {
            Some(0) => {
                self.fill_window()?;
                self.decide()?;
                Ok(true)
            }
            Some(ascii) => self.take_utf8(ascii),
            None => self.take_utf8(self.raw.len()),
        }
    }

    /// Tells the encoding by the window, which begins with the first byte beyond ASCII.
    fn decide(&mut self) -> Result<()> {
        match encoding::find(self.before, &self.raw, self.ended) {
            Finding::Utf8 => self.mode = Mode::Utf8,
            Finding::In(encoding) => {
                self.start(encoding, 0);
                self.told.0.set((encoding, Certainty::Assumed));
                self.watch = Some(Box::default());
                self.watched_from = self.lines.line();
            }
            Finding::Nothing(what, at) => return Err(self.refuse(at, what)),
        }
        Ok(())
    }

    /// Looks at what is about to be decoded, whether it is still in the encoding that was told.
    fn look(&mut self) -> Result<()> {
        let Some(watch) = &mut self.watch else {
            return Ok(());
        };
        let place = watch
            .pass(&self.raw)
            .or_else(|| if self.ended { watch.end() } else { None });
        if let Some(place) = place {
            let (line, name) = (self.watched_from + place.lines, self.encoding.name());
            return Err(Error::new(
                Kind::Invalid,
                format!("the text changes its encoding on line {line}, from {name} to UTF-8"),
            ));
        }
        match self.raw.iter().position(|&byte| is_control(byte)) {
            Some(at) if self.encoding.is_single_byte() => {
                self.lines.pass(self.raw.get(..at).unwrap_or_default());
                Err(self.refuse(at, "this is no text"))
            }
            _ => Ok(()),
        }
    }

    fn decode_utf8(&mut self) -> Result<bool> {
        match std::str::from_utf8(&self.raw) {
            Ok(_) => self.take_utf8(self.raw.len()),
            Err(error) if error.valid_up_to() > 0 => self.take_utf8(error.valid_up_to()),
            Err(error) if error.error_len().is_none() && !self.ended => self.read_once().map(|()| true),
            Err(error) if error.error_len().is_none() => Err(self.refuse(0, BREAKS_OFF)),
            Err(_) => Err(self.refuse(0, "the text is not valid UTF-8")),
        }
    }

    /// Moves the first `length` bytes, which are valid UTF-8, to the text; false if there are none.
    fn take_utf8(&mut self, length: usize) -> Result<bool> {
        let piece = std::str::from_utf8(self.raw.get(..length).unwrap_or_default())
            .map_err(|error| Error::internal("text was not valid after all").with_source(error))?;
        self.text.push_str(piece);
        self.before = piece.bytes().last().or(self.before);
        self.skip(length);
        Ok(length > 0)
    }

    fn decode_other(&mut self) -> Result<bool> {
        self.look()?;
        let Mode::Other(decoder) = &mut self.mode else {
            return Ok(false);
        };
        let room = decoder.max_utf8_buffer_length_without_replacement(self.raw.len());
        self.text.reserve(room.unwrap_or(WINDOW * 4));
        let (before, ended) = (self.text.len(), self.ended);
        let (result, read) = decoder.decode_to_string_without_replacement(&self.raw, &mut self.text, ended);
        if let DecoderResult::Malformed(length, after) = result {
            let name = self.encoding.name();
            self.lines
                .pass(self.text.as_bytes().get(before..).unwrap_or_default());
            let at = read.saturating_sub(usize::from(length) + usize::from(after));
            return Err(
                if ended && read == self.raw.len() && after == 0 && length > 0 && self.watch.is_some() {
                    self.refuse(at, BREAKS_OFF)
                } else {
                    self.refuse(at, &format!("the text is not valid {name}"))
                },
            );
        }
        self.skip(read);
        if ended && result == DecoderResult::InputEmpty {
            self.mode = Mode::Flushed;
        }
        Ok(true)
    }

    /// The refusal of the byte at `at` in the window; `lines` stands at the text before it.
    fn refuse(&self, at: usize, what: &str) -> Error {
        let mut lines = self.lines;
        if !matches!(self.mode, Mode::Other(_)) {
            lines.pass(self.raw.get(..at).unwrap_or_default());
        }
        let byte = self.raw.get(at).copied().unwrap_or_default();
        let (line, offset) = (lines.line(), self.offset + at as u64);
        Error::invalid(
            ENCODING,
            format!("{what}: byte 0x{byte:02X} at offset {offset}, line {line}"),
        )
    }

    fn skip(&mut self, length: usize) {
        self.raw.drain(..length.min(self.raw.len()));
        self.offset += length as u64;
    }

    fn fill_window(&mut self) -> Result<()> {
        while !self.ended && self.raw.len() < WINDOW {
            self.read_once()?;
        }
        Ok(())
    }

    /// Reads once, at most up to a full window.
    fn read_once(&mut self) -> Result<()> {
        let kept = self.raw.len();
        self.raw.resize(kept.max(WINDOW - 16) + 16, 0);
        let space = self.raw.get_mut(kept..).unwrap_or_default();
        let read = loop {
            match self.input.read(space) {
                Ok(read) => break read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::from(error).context("reading the input")),
            }
        };
        self.raw.truncate(kept + read.min(self.raw.len() - kept));
        self.ended = read == 0;
        self.refuse_hollow(kept)
    }

    /// Refuses a long stretch of NULs that ends in what was read from `kept` on.
    fn refuse_hollow(&mut self, kept: usize) -> Result<()> {
        let fresh = self.raw.get(kept..).unwrap_or_default();
        if !fresh.contains(&0) {
            self.nuls = if fresh.is_empty() { self.nuls } else { 0 };
            return Ok(());
        }
        for (at, &byte) in fresh.iter().enumerate() {
            self.nuls = if byte == 0 { self.nuls + 1 } else { 0 };
            if self.nuls == HOLLOW {
                let end = kept + at + 1;
                let mut lines = self.lines;
                lines.pass(self.raw.get(..end).unwrap_or_default());
                let (line, from) = (lines.line(), self.offset + end as u64 - HOLLOW as u64);
                return Err(Error::new(
                    Kind::Invalid,
                    format!("the file is damaged: nothing but NULs from offset {from} on, line {line}"),
                ));
            }
        }
        Ok(())
    }
}

impl BufRead for Decoded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken >= self.text.len() {
            self.text.clear();
            self.taken = 0;
            self.decode_more().map_err(io::Error::other)?;
        }
        Ok(self.text.as_bytes().get(self.taken..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.taken = (self.taken + amount).min(self.text.len());
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

/// The error of this library inside an error of reading from a [`Decoded`].
pub fn unwrap_error(error: io::Error) -> Error {
    error.downcast::<Error>().unwrap_or_else(Error::from)
}

/// UTF-16 without a mark: in Western text every other byte is NUL, in Chinese text at least at the commas, digits
/// and line ends; but there the rest is hardly ever valid UTF-8, so a stray NUL does not make UTF-16 of UTF-8.
fn utf16_by_nuls(sample: &[u8]) -> Option<&'static Encoding> {
    let nuls_from = |first| {
        sample
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (even, odd) = (nuls_from(0), nuls_from(1));
    let utf8 = std::str::from_utf8(sample).map_or_else(|error| error.error_len().is_none(), |_| true);
    let enough = sample.len() / 2 / if utf8 { 2 } else { 16 };
    let (encoding, many, few) = if odd > even {
        (UTF_16LE, odd, even)
    } else {
        (UTF_16BE, even, odd)
    };
    if many == 0 || many < enough || few * 4 > many {
        return None;
    }
    let mut decoded = String::with_capacity(sample.len() * 2 + 16);
    let (result, _) = encoding
        .new_decoder_without_bom_handling()
        .decode_to_string_without_replacement(sample, &mut decoded, false);
    (result == DecoderResult::InputEmpty && !decoded.contains('\0')).then_some(encoding)
}
