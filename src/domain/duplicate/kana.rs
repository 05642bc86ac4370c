//! Kana in Latin letters, as passports write it, without marks for long vowels.

/// Hiragana by their order from ぁ; an empty entry is a sign that is not read by itself.
const SOUNDS: &str = "a a i i u u e e o o ka ga ki gi ku gu ke ge ko go sa za shi ji su zu se ze so zo ta da chi ji - tsu zu \
te de to do na ni nu ne no ha ba pa hi bi pi fu bu pu he be pe ho bo po ma mi mu me mo ya ya yu yu yo yo ra ri ru re ro \
wa wa i e o n vu ka ke";

/// The text with kana in Latin letters: さとう and サトウ are both `sato`. None if there are none.
///
/// Long vowels are written as short ones, since people leave them out as often as not.
pub fn romanised(text: &str) -> Option<String> {
    use std::sync::LazyLock;
    static TABLE: LazyLock<Vec<&str>> = LazyLock::new(|| SOUNDS.split_whitespace().collect());
    let mut found = false;
    let mut written = String::with_capacity(text.len());
    let mut doubled = false;
    for letter in text.chars() {
        let code = u32::from(letter);
        let hiragana = match code {
            0x3041..=0x3096 => code - 0x3041,
            0x30a1..=0x30f6 => code - 0x30a1,
            0x30fc => {
                found = true;
                continue;
            }
            _ => {
                written.push(letter);
                continue;
            }
        };
        found = true;
        let place = usize::try_from(hiragana).unwrap_or(usize::MAX);
        let Some(sound) = TABLE.get(place).copied() else {
            continue;
        };
        if sound == "-" {
            doubled = true;
            continue;
        }
        let small = matches!(place, 66 | 68 | 70);
        if small && written.ends_with('i') {
            written.pop();
            let after_hiss = written.ends_with("sh") || written.ends_with("ch") || written.ends_with('j');
            written.push_str(if after_hiss {
                sound.trim_start_matches('y')
            } else {
                sound
            });
            continue;
        }
        if doubled {
            written.extend(sound.chars().next());
            doubled = false;
        }
        written.push_str(sound);
    }
    found.then(|| shortened(&written))
}

/// Long vowels as short ones: `ou`, `oo`, `uu`, `aa`, `ii`, `ee`.
pub fn shortened(romaji: &str) -> String {
    let mut short = String::with_capacity(romaji.len());
    for letter in romaji.chars() {
        let last = short.chars().next_back();
        let is_long =
            matches!((last, letter), (Some('o'), 'u')) || (last == Some(letter) && "aeiou".contains(letter));
        if !is_long {
            short.push(letter);
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn romanises() {
        for (text, expected) in [
            ("さくら", Some("sakura")),
            ("サトウ", Some("sato")),
            ("きょうこ", Some("kyoko")),
            ("しゅんじ", Some("shunji")),
            ("ジュン", Some("jun")),
            ("はっとり", Some("hattori")),
            ("ユーコ", Some("yuko")),
            ("Anna", None),
            ("山本", None),
        ] {
            assert_eq!(romanised(text).as_deref(), expected, "{text}");
        }
    }
}
