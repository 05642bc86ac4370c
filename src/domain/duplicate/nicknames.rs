//! Forms of one given name: short ones, fond ones, those of other languages.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::duplicate::names::loose;

/// One name a line; a word may stand on several.
const TABLE: &str = include_str!("nicknames.txt");

/// Which lines a word stands on.
static LINES: LazyLock<HashMap<String, Vec<u16>>> = LazyLock::new(|| {
    let mut lines: HashMap<String, Vec<u16>> = HashMap::new();
    let names = TABLE.lines().filter(|line| !line.starts_with('#'));
    for (number, line) in (0_u16..).zip(names) {
        for word in line.split_whitespace() {
            let on = lines.entry(loose(word)).or_default();
            if on.last() != Some(&number) {
                on.push(number);
            }
        }
    }
    lines
});

/// Whether two given names, folded and loose, are forms of one.
pub fn same(one: &str, other: &str) -> bool {
    let (Some(ours), Some(theirs)) = (LINES.get(one), LINES.get(other)) else {
        return false;
    };
    ours.iter().any(|line| theirs.contains(line))
}

/// The lines that a name stands on: two names that share one are forms of one name.
pub fn lines(name: &str) -> &'static [u16] {
    LINES.get(name).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_forms() {
        for (one, other, expected) in [
            ("robert", "bob", true),
            ("bob", "robert", true),
            ("rob", "bob", true),
            ("elizabeth", "liz", true),
            ("johannes", "hans", true),
            ("wilhelm", "willi", true),
            ("michael", "mike", true),
            ("bob", "bill", false),
            ("anna", "zoe", false),
            ("unheard", "of", false),
        ] {
            assert_eq!(same(&loose(one), &loose(other)), expected, "{one} {other}");
        }
    }

    #[test]
    fn the_table_is_folded() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            assert!(line.split(' ').count() > 1, "{line}");
            assert!(
                line.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' '),
                "{line}"
            );
        }
    }
}
