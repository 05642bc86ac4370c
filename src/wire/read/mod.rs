//! Foreign bytes to rows in constant memory; what the rows mean is decided elsewhere.

pub mod decode;
pub mod delimiter;
pub(in crate::wire) mod element;
mod encoding;
pub mod json;
mod layout;
mod line;
mod record;
pub mod rows;
mod source;
mod tab;
pub mod table;
mod watch;
pub mod workbook;

/// The longest record that is read, in bytes; a longer one is refused, so that memory stays bounded.
pub(crate) const MAX_RECORD: usize = 16 << 20;

/// How many bytes of decoded text are looked at to tell the format and the delimiter.
pub(crate) const SAMPLE: usize = 64 << 10;

/// Counts line ends: LF, CR and CRLF are one each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LineCount {
    ends: u64,
    after_return: bool,
}

impl LineCount {
    /// Takes note of the next bytes of the text.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        let feeds = bytes.iter().filter(|&&byte| byte == b'\n').count();
        let returns = bytes.iter().filter(|&&byte| byte == b'\r').count();
        let mut pairs = usize::from(self.after_return && bytes.first() == Some(&b'\n'));
        if returns > 0 {
            pairs += bytes.windows(2).filter(|pair| pair == b"\r\n").count();
        }
        self.ends += (feeds + returns - pairs) as u64;
        self.after_return = *last == b'\r';
    }

    /// The number of the line that the next byte is on, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.ends + 1
    }
}

/// Text that can be stored: NULs at the end are padding and go, others become U+FFFD.
pub(crate) fn clean(text: &str) -> String {
    let text = text.trim_end_matches('\0');
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests;
