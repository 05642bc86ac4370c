//! Records by their names: who is meant, for a message, and whether two names may be one person's.

use crate::error::{Candidate, Error, Kind};

/// Who is meant by each of these, as it can be typed back.
pub(super) fn who(candidates: &[Candidate]) -> String {
    let named = candidates
        .iter()
        .map(|one| format!("{} {}", one.reference, one.name));
    some_of(&named.collect::<Vec<_>>(), ", ")
}

/// Several customers have one of the addresses of a row.
pub(super) fn ambiguous(what: &str, texts: &[String], candidates: Vec<Candidate>) -> Error {
    let message = format!(
        "{what}: {} customers have {}: {}",
        candidates.len(),
        some_of(texts, " or "),
        who(&candidates)
    );
    Error::new(Kind::Ambiguous, message)
        .on_field(what)
        .with_candidates(candidates)
}

/// The first few of `all`, and how many more there are.
pub(super) fn some_of(all: &[String], between: &str) -> String {
    const MOST: usize = 5;
    let named: Vec<&str> = all.iter().take(MOST).map(String::as_str).collect();
    let named = named.join(between);
    match all.len().checked_sub(MOST).filter(|more| *more > 0) {
        Some(more) => format!("{named} and {more} more"),
        None => named,
    }
}

/// True if two folded names have a word in common, and so may be one person's.
pub(super) fn share_a_word(one: &str, other: &str) -> bool {
    fn words(name: &str) -> Vec<&str> {
        name.split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.chars().count() > 1)
            .collect()
    }
    let theirs = words(other);
    words(one).iter().any(|word| theirs.contains(word))
}
