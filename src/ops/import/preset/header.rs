//! Headers as they are compared.

use crate::domain::duplicate::chinese::simplified;
use crate::domain::fold::fold;

/// What stands for a number in a header of a preset.
const NUMBER: &str = "{n}";

/// Traditional characters that headers are written with and names are not, each before its simplified one.
const PAIRS: &[(char, char)] = &[
    ('備', '备'),
    ('註', '注'),
    ('網', '网'),
    ('編', '编'),
    ('碼', '码'),
    ('員', '员'),
    ('負', '负'),
    ('責', '责'),
    ('籤', '签'),
    ('錄', '录'),
    ('縣', '县'),
    ('階', '阶'),
    ('類', '类'),
    ('進', '进'),
    ('準', '准'),
    ('採', '采'),
    ('繫', '系'),
    ('稅', '税'),
    ('績', '绩'),
    ('溝', '沟'),
];

/// A header as it is compared: without width, case, accents, sorts of dashes and blanks, the star of a required field;
/// traditional characters as simplified ones.
pub(super) fn normal(header: &str) -> String {
    let folded = simplified(fold(header).trim_end_matches(['*', ':', ' ']));
    let simple = |letter| {
        PAIRS
            .iter()
            .find(|(from, _)| *from == letter)
            .map_or(letter, |(_, to)| *to)
    };
    folded.chars().map(simple).collect()
}

/// The number in `header` if it is `pattern` with a number for `{n}`; both as they are compared.
pub(super) fn number<'h>(pattern: &str, header: &'h str) -> Option<&'h str> {
    let (before, after) = pattern.split_once(NUMBER)?;
    let digits = header.strip_prefix(before)?.strip_suffix(after)?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// True if a header of a preset stands for several headers.
pub(super) fn is_pattern(header: &str) -> bool {
    header.contains(NUMBER)
}

/// A pattern with its number.
pub(super) fn numbered(pattern: &str, number: &str) -> String {
    pattern.replace(NUMBER, number)
}

/// True if a name of a file, without folder, fits a pattern in which `*` stands for anything; case is ignored.
pub(super) fn file_fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let mut rest = name.as_str();
    let mut parts = pattern.split('*').peekable();
    let Some(first) = parts.next() else { return false };
    match rest.strip_prefix(first) {
        Some(after) => rest = after,
        None => return false,
    }
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}
