//! Words and lines as a shell has them: quoting so that a shell reads the same words back, and reading a line as it would.

/// One word as a shell would read it back.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:=@,+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Words as one line.
pub fn line<S: AsRef<str>>(words: &[S]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word.as_ref())).collect();
    words.join(" ")
}

/// The words of a line: blanks part them, `'…'` and `"…"` keep them together, `\` takes the next letter as it is.
///
/// # Errors
///
/// A quotation mark that is not closed.
pub fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut within: Option<char> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (within, letter) {
            (Some(mark), _) if letter == mark => within = None,
            (Some('"') | None, '\\') => word.get_or_insert_default().extend(letters.next()),
            (Some(_), _) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                within = Some(letter);
                word.get_or_insert_default();
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(letter),
        }
    }
    if let Some(mark) = within {
        return Err(format!("a {mark} is not closed"));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_read_as_a_shell_does() {
        let read = |line: &str| words(line).expect("a line");
        assert_eq!(
            read("log C1 call 'spoke to 张伟'"),
            ["log", "C1", "call", "spoke to 张伟"]
        );
        assert_eq!(read(r#"a "b \" c" d\ e ''"#), ["a", "b \" c", "d e", ""]);
        assert_eq!(read("  "), [""; 0]);
        assert_eq!(words("it's"), Err("a ' is not closed".to_owned()));
    }

    proptest! {
        #[test]
        fn what_was_quoted_is_read_back(all in proptest::collection::vec("\\PC{0,12}", 0..6)) {
            prop_assert_eq!(words(&line(&all)).expect("a line"), all);
        }
    }
}
