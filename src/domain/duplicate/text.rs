//! How alike two words are: distances and sounds. Knows no field.

/// Longer words are cut for a comparison: the cost grows with the product of the lengths.
const LONGEST: usize = 40;

/// The letters of a word, at most [`LONGEST`], without an allocation.
struct Letters {
    letters: [char; LONGEST],
    count: usize,
}

impl Letters {
    fn of(word: &str) -> Letters {
        let mut letters = ['\0'; LONGEST];
        let mut count = 0;
        for (place, letter) in letters.iter_mut().zip(word.chars()) {
            *place = letter;
            count += 1;
        }
        Letters { letters, count }
    }

    fn get(&self) -> &[char] {
        self.letters.get(..self.count).unwrap_or_default()
    }
}

/// The edit distance in which the swap of two neighbours costs one (optimal string alignment); none if it is above
/// `most`, which ends the work early.
pub fn distance(left: &str, right: &str, most: usize) -> Option<usize> {
    if left == right {
        return Some(0);
    }
    let (left, right) = (Letters::of(left), Letters::of(right));
    let (mut left, mut right) = (left.get(), right.get());
    while let (Some((one, left_rest)), Some((other, right_rest))) = (left.split_first(), right.split_first())
        && one == other
    {
        (left, right) = (left_rest, right_rest);
    }
    while let (Some((one, left_rest)), Some((other, right_rest))) = (left.split_last(), right.split_last())
        && one == other
    {
        (left, right) = (left_rest, right_rest);
    }
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    if left.is_empty() || right.is_empty() {
        return Some(left.len().max(right.len()));
    }
    if most <= 1 {
        // What is left without the common beginning and end is then one letter for another, or two turned round.
        return match (left, right) {
            ([_], [_]) => Some(1),
            ([one, other], [their_one, their_other]) if one == their_other && other == their_one => Some(1),
            _ => None,
        }
        .filter(|distance| *distance <= most);
    }
    let mut rows = [[0_usize; LONGEST + 1]; 3];
    let [before, above, current] = &mut rows;
    let (mut before, mut above, mut current) = (before, above, current);
    for (place, cell) in above.iter_mut().enumerate() {
        *cell = place;
    }
    let mut left_before = None;
    for (row, &one) in left.iter().enumerate() {
        let mut beside = row + 1;
        let mut least = beside;
        if let Some(first) = current.first_mut() {
            *first = beside;
        }
        let mut right_before = None;
        let mut diagonal = above.first().copied().unwrap_or(0);
        for (column, (&other, cell)) in right.iter().zip(current.iter_mut().skip(1)).enumerate() {
            let over = above.get(column + 1).copied().unwrap_or(usize::MAX / 2);
            let mut best = (diagonal + usize::from(one != other))
                .min(over + 1)
                .min(beside + 1);
            if right_before == Some(one) && left_before == Some(other) {
                let swapped = column.checked_sub(1).and_then(|place| before.get(place));
                best = best.min(swapped.map_or(best, |cell| cell + 1));
            }
            *cell = best;
            beside = best;
            least = least.min(best);
            diagonal = over;
            right_before = Some(other);
        }
        if least > most {
            return None;
        }
        left_before = Some(one);
        (before, above, current) = (above, current, before);
    }
    above
        .get(right.len())
        .copied()
        .filter(|distance| *distance <= most)
}

/// Whether two words differ by at most one typing error: a letter more, less or other, or two neighbours swapped.
pub fn one_edit(left: &str, right: &str) -> bool {
    distance(left, right, 1).is_some()
}

/// The likeness of two words after Jaro and Winkler, 0 to 1: a common beginning counts more.
pub fn jaro_winkler(left: &str, right: &str) -> f32 {
    let (left, right) = (Letters::of(left), Letters::of(right));
    let (left, right) = (left.get(), right.get());
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let reach = (left.len().max(right.len()) / 2).saturating_sub(1);
    let mut taken = [false; LONGEST];
    let mut matched = [None; LONGEST];
    let mut matches = 0_u8;
    for ((place, letter), found) in left.iter().enumerate().zip(matched.iter_mut()) {
        let from = place.saturating_sub(reach);
        let partners = right
            .iter()
            .zip(taken.iter_mut())
            .skip(from)
            .take(place + reach + 1 - from);
        for (other, taken) in partners {
            if !*taken && letter == other {
                *taken = true;
                *found = Some(*letter);
                matches += 1;
                break;
            }
        }
    }
    if matches == 0 {
        return 0.0;
    }
    let ours = matched.iter().flatten();
    let theirs = right
        .iter()
        .zip(&taken)
        .filter(|(_, taken)| **taken)
        .map(|(letter, _)| letter);
    let crossed = ours.zip(theirs).filter(|(one, other)| one != other).count();
    let matches = f32::from(matches);
    let count = |letters: &[char]| f32::from(u8::try_from(letters.len()).unwrap_or(u8::MAX));
    let crossed = f32::from(u8::try_from(crossed / 2).unwrap_or(u8::MAX));
    let jaro = (matches / count(left) + matches / count(right) + (matches - crossed) / matches) / 3.0;
    let common = left
        .iter()
        .zip(right)
        .take(4)
        .take_while(|(one, other)| one == other)
        .count();
    let common = f32::from(u8::try_from(common).unwrap_or(0));
    jaro + common * 0.1 * (1.0 - jaro)
}

/// How a folded Latin word sounds, roughly and across languages: equal for `meier` and `mayr`, `catherine` and
/// `kathryn`. Words of other scripts come back as they are.
pub fn sound(word: &str) -> String {
    if !word.is_ascii() {
        return word.to_owned();
    }
    let bytes = word.as_bytes();
    let mut code = String::with_capacity(word.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let (letter, taken) = match (byte, next) {
            (b'p', b'h') => ('f', 2),
            (b'c', b'h') | (b's', b'h') => ('x', 2),
            (b's', b'c') if bytes.get(at + 2) == Some(&b'h') => ('x', 3),
            (b'c', b'k') => ('k', 2),
            (b'd', b't') | (b't', b'h') => ('t', 2),
            (b'g', b'h') if at > 0 => ('\0', 2),
            (b'k', b'n') | (b'w', b'r') if at == 0 => (char::from(next), 2),
            (b'c', b'e' | b'i' | b'y') => ('s', 1),
            (b'c' | b'q' | b'k', _) => ('k', 1),
            (b'z', _) => ('s', 1),
            (b'v' | b'w' | b'f', _) => ('f', 1),
            (b'd' | b't', _) => ('t', 1),
            (b'b' | b'p', _) => ('p', 1),
            (b'g' | b'j', _) => ('g', 1),
            (b'x', _) => ('k', 1),
            (b'a' | b'e' | b'i' | b'o' | b'u' | b'y', _) => {
                if at == 0 {
                    ('a', 1)
                } else {
                    ('\0', 1)
                }
            }
            (b'h', _) if at > 0 => ('\0', 1),
            (letter, _) => (char::from(letter), 1),
        };
        if letter != '\0' && !code.ends_with(letter) {
            code.push(letter);
        }
        at += taken;
    }
    code
}

/// A hash that is the same in every process (FNV-1a, then mixed): for keys and counts that are compared, never stored.
pub fn hash(seed: u64, text: &str) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in text.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mixed(state)
}

/// Spreads the bits of a number over all of its places.
pub fn mixed(mut state: u64) -> u64 {
    state = (state ^ (state >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    state = (state ^ (state >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    state ^ (state >> 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn distances() {
        for (left, right, most, expected) in [
            ("", "", 2, Some(0)),
            ("", "ab", 2, Some(2)),
            ("", "abc", 2, None),
            ("kitten", "sitting", 3, Some(3)),
            ("kitten", "sitting", 2, None),
            ("smith", "smiht", 1, Some(1)),
            ("smith", "msiht", 2, Some(2)),
            ("ca", "abc", 3, Some(3)),
            ("张伟", "张玮", 1, Some(1)),
        ] {
            assert_eq!(distance(left, right, most), expected, "{left} {right}");
            assert_eq!(distance(right, left, most), expected, "{right} {left}");
        }
    }

    #[test]
    fn likeness() {
        for (left, right, expected) in [
            ("martha", "marhta", 0.961),
            ("dixon", "dicksonx", 0.813),
            ("dwayne", "duane", 0.84),
            ("same", "same", 1.0),
            ("abc", "xyz", 0.0),
            ("", "abc", 0.0),
        ] {
            let found = jaro_winkler(left, right);
            assert!((found - expected).abs() < 0.001, "{left} {right}: {found}");
        }
    }

    #[test]
    fn sounds() {
        for (left, right) in [
            ("meier", "mayr"),
            ("catherine", "kathryn"),
            ("schmidt", "schmitt"),
            ("philip", "filip"),
            ("knight", "nite"),
            ("sophie", "sofi"),
        ] {
            assert_eq!(sound(left), sound(right), "{left} {right}");
        }
        assert_ne!(sound("smith"), sound("jones"));
        assert_eq!(sound("张"), "张");
    }

    proptest! {
        #[test]
        fn distance_is_symmetric(left in "[a-c]{0,9}", right in "[a-c]{0,9}", most in 0_usize..5) {
            prop_assert_eq!(distance(&left, &right, most), distance(&right, &left, most));
            prop_assert_eq!(distance(&left, &right, most) == Some(0), left == right);
        }

        #[test]
        fn an_early_end_changes_nothing(left in "[a-c]{0,9}", right in "[a-c]{0,9}", most in 0_usize..5) {
            let whole = distance(&left, &right, 100).unwrap();
            prop_assert_eq!(distance(&left, &right, most), Some(whole).filter(|whole| *whole <= most));
        }

        #[test]
        fn never_panics(left in any::<String>(), right in any::<String>()) {
            let _ = distance(&left, &right, 3);
            let likeness = jaro_winkler(&left, &right);
            prop_assert!((0.0..=1.001).contains(&likeness));
            let _ = sound(&left);
        }
    }
}
