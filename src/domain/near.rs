//! Which known words a mistyped word may have meant. Wording the suggestion is the caller's part.

/// How many words are offered.
const MOST: usize = 3;
/// A longer word is not looked at: nobody mistypes one, and the cost grows with the product of the lengths.
const LONGEST: usize = 64;

/// The candidates nearest to `word`, best first, at most three; case is ignored.
///
/// Near is an edit distance (insert, delete, replace, swap of neighbours) of at most a third of the word's
/// length, and at least one. A candidate that contains the word, or is contained in it, follows after those;
/// that needs three letters, or two characters where they are not ASCII. Equal candidates are offered once.
pub fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted: Vec<char> = word.trim().to_lowercase().chars().collect();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return Vec::new();
    }
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().collect();
        if letters.len() > LONGEST || found.iter().any(|(_, known)| *known == candidate) {
            continue;
        }
        if let Some(rank) = rank(&wanted, &letters) {
            found.push((rank, candidate));
        }
    }
    // Stable, so that equals keep the order of the caller's table.
    found.sort_by_key(|(rank, _)| *rank);
    found
        .into_iter()
        .take(MOST)
        .map(|(_, candidate)| candidate.to_owned())
        .collect()
}

/// How near two words are, lower is nearer; none if they are not near.
fn rank(wanted: &[char], letters: &[char]) -> Option<usize> {
    let allowed = (wanted.len() / 3).max(1);
    if wanted.len().abs_diff(letters.len()) <= allowed {
        let distance = distance(wanted, letters);
        // A word of one letter is one replacement away from every other.
        if distance <= allowed && distance < wanted.len().max(letters.len()) {
            return Some(distance);
        }
    }
    let (short, long) = if wanted.len() <= letters.len() {
        (wanted, letters)
    } else {
        (letters, wanted)
    };
    let least = if short.iter().all(char::is_ascii) { 3 } else { 2 };
    let within = short.len() >= least && long.windows(short.len()).any(|window| window == short);
    within.then(|| LONGEST + long.len() - short.len())
}

/// The edit distance in which the swap of two neighbours costs one (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut left_before = None;
    for (row, &one) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut beside = row + 1;
        let mut right_before = None;
        for (column, &other) in right.iter().enumerate() {
            let at = |cells: &[usize], place: usize| cells.get(place).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&above, column) + usize::from(one != other);
            let mut best = replaced.min(at(&above, column + 1) + 1).min(beside + 1);
            if right_before == Some(one) && left_before == Some(other) {
                let swapped = column.checked_sub(1).map(|place| at(&before, place) + 1);
                best = best.min(swapped.unwrap_or(best));
            }
            current.push(best);
            beside = best;
            right_before = Some(other);
        }
        left_before = Some(one);
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn suggestions() {
        const STAGES: [&str; 5] = ["prospecting", "proposal", "negotiation", "won", "lost"];
        for (word, expected) in [
            ("propsal", vec!["proposal"]),
            ("porposal", vec!["proposal"]),
            ("Negotiation", vec!["negotiation"]),
            ("wno", vec!["won"]),
            ("prospect", vec!["prospecting"]),
            ("lots", vec!["lost"]),
            ("x", vec![]),
            ("", vec![]),
            ("quite different", vec![]),
        ] {
            assert_eq!(near(word, STAGES), expected, "{word}");
        }
        assert_eq!(near("谈判", ["商务谈判", "赢单"]), ["商务谈判"]);
        assert_eq!(
            near("aab", ["aaa", "aac", "aad", "aae", "aaa"]),
            ["aaa", "aac", "aad"]
        );
    }

    #[test]
    fn distances() {
        for (left, right, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("stage", "satge", 1),
            ("ca", "abc", 3),
        ] {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            assert_eq!(
                distance(&letters(left), &letters(right)),
                expected,
                "{left} {right}"
            );
        }
    }

    proptest! {
        #[test]
        fn distance_is_symmetric(left in "[a-c]{0,6}", right in "[a-c]{0,6}") {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            let (left, right) = (letters(&left), letters(&right));
            prop_assert_eq!(distance(&left, &right), distance(&right, &left));
            prop_assert_eq!(distance(&left, &right) == 0, left == right);
        }

        #[test]
        fn never_more_than_three(word in any::<String>(), known in prop::collection::vec(any::<String>(), 0..9)) {
            prop_assert!(near(&word, known.iter().map(String::as_str)).len() <= MOST);
        }
    }
}
