//! Folding: the one form in which texts are compared, searched and sorted. What is folded is never shown.
//!
//! Case, accents, width, typographic variants and spacing go; the letters of scripts that are told apart by
//! their marks (kana, Hangul, the scripts of India and South-East Asia) stay whole.

use unicode_normalization::UnicodeNormalization;

/// Folds `text`: compatibility forms resolved, lower case, accents removed, quotes and dashes made ASCII,
/// control and invisible characters dropped, runs of white space made one blank, trimmed.
///
/// Folding twice gives the same as folding once.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return tidy_blanks(text.chars().map(|letter| letter.to_ascii_lowercase()));
    }
    let mut letters = String::with_capacity(text.len());
    for letter in text
        .chars()
        .filter(|letter| !is_sign(*letter))
        .map(before_decomposition)
        .nfkd()
    {
        for lower in letter.to_lowercase() {
            match plain(lower) {
                Some(replacement) => letters.push_str(replacement),
                None if is_dropped(lower) => {}
                None => letters.push(lower),
            }
        }
    }
    tidy_blanks(letters.nfc())
}

/// Folds `text` as [`fold`] does, but writes umlauts and the like as two letters, the way people do who lack the
/// key: `Müller` gives `mueller`. None if that makes no difference.
pub fn spelled_out(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut found = false;
    let mut spelled = String::with_capacity(text.len() + 4);
    for letter in text.nfc() {
        let pair = match letter {
            'ä' | 'Ä' => "ae",
            'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
            'ü' | 'Ü' => "ue",
            'å' | 'Å' => "aa",
            _ => {
                spelled.push(letter);
                continue;
            }
        };
        found = true;
        spelled.push_str(pair);
    }
    found.then(|| fold(&spelled))
}

/// True for a Chinese character (as used in Chinese, Japanese or Korean).
pub fn is_han(letter: char) -> bool {
    matches!(letter,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' | '〇')
}

/// True for hiragana and katakana.
pub fn is_kana(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}')
}

/// True for a Korean syllable or one of its parts.
pub fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}')
}

/// True for a letter of a script that is written without blanks between words or searched by the syllable.
pub fn is_cjk(letter: char) -> bool {
    letter >= '\u{1100}' && (is_han(letter) || is_kana(letter) || is_hangul(letter))
}

/// Signs that would become letters: `Acme™` is not `acmetm`.
fn is_sign(letter: char) -> bool {
    matches!(letter, '™' | '℠' | '®' | '©')
}

/// The acute and grave accents that stand alone are typed for an apostrophe; decomposition would make them blanks.
fn before_decomposition(letter: char) -> char {
    match letter {
        '´' | '｀' | '΄' => '\'',
        other => other,
    }
}

/// What stands for a letter that decomposition leaves alone, and for typographic signs.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' | 'ɖ' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "n",
        'ŧ' => "t",
        'ĸ' => "k",
        'ə' => "e",
        'ς' => "σ",
        '‘' | '’' | '‚' | '‛' | '′' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | '‹' | '›' | '`' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '〝' | '〞' | '〟' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '⁄' | '∕' => "/",
        _ => return None,
    })
}

/// Accents, vowel points and invisible characters. Marks that make another letter (kana voicing, the vowels of
/// Indic scripts and of Thai) are not among them.
fn is_dropped(letter: char) -> bool {
    matches!(letter,
        '\u{0300}'..='\u{036f}'
        | '\u{0483}'..='\u{0489}'
        | '\u{0591}'..='\u{05bd}' | '\u{05bf}' | '\u{05c1}'..='\u{05c2}' | '\u{05c4}'..='\u{05c5}' | '\u{05c7}'
        | '\u{0610}'..='\u{061a}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}'
        | '\u{06d6}'..='\u{06dc}' | '\u{06df}'..='\u{06e8}' | '\u{06ea}'..='\u{06ed}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}'
        // Soft hyphen, joiners, direction marks, variation selectors, tags: nobody sees them.
        | '\u{00ad}' | '\u{061c}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// One blank for every run of white space, none at the ends, no control characters.
fn tidy_blanks(letters: impl Iterator<Item = char>) -> String {
    let mut tidy = String::with_capacity(letters.size_hint().0);
    let mut blank = false;
    for letter in letters {
        if letter.is_whitespace() {
            blank = !tidy.is_empty();
        } else if !letter.is_control() {
            if blank {
                tidy.push(' ');
                blank = false;
            }
            tidy.push(letter);
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds() {
        let cases = [
            ("", ""),
            ("  Ann\t\n Lee ", "ann lee"),
            ("Łódź", "lodz"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("Müller", "muller"),
            ("Mu\u{308}ller", "muller"),
            ("Søren Ærø", "soren aero"),
            ("Œuvre", "oeuvre"),
            ("Þórður Ðal", "thordur dal"),
            ("İstanbul ılık I", "istanbul ilik i"),
            ("Đặng Thị Hương", "dang thi huong"),
            ("O’Brien", "o'brien"),
            ("D´Angelo", "d'angelo"),
            ("“Quoted” – Ltd", "\"quoted\" - ltd"),
            ("ＡＢＣ　１２３", "abc 123"),
            ("ｱｸﾒ ｶﾞｽ", "アクメ ガス"),
            ("が ガ か", "が ガ か"),
            ("か\u{3099}", "が"),
            ("김민수", "김민수"),
            ("\u{1100}\u{1161}", "가"),
            ("हिन्दी", "हिन्दी"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("Ёлкин", "елкин"),
            ("张伟", "张伟"),
            ("Acme™", "acme"),
            ("ﬁn", "fin"),
            ("a\u{0}b\u{1b}c\u{200b}d\u{202e}e", "abcde"),
            ("𝐀𝐧𝐧", "ann"),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text), expected, "{text:?}");
        }
    }

    #[test]
    fn spells_out_umlauts() {
        assert_eq!(spelled_out("Müller").as_deref(), Some("mueller"));
        assert_eq!(spelled_out("Mu\u{308}ller").as_deref(), Some("mueller"));
        assert_eq!(spelled_out("Bjørn Åberg").as_deref(), Some("bjoern aaberg"));
        assert_eq!(spelled_out("Straße"), None);
        assert_eq!(spelled_out("Mueller"), None);
    }

    proptest! {
        #[test]
        fn folding_is_idempotent(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folded_text_has_no_control_characters(text in "\\PC*|[\\x00-\\x7f]*") {
            let folded = fold(&text);
            prop_assert!(!folded.chars().any(char::is_control));
            prop_assert_eq!(folded.trim(), folded.as_str());
            prop_assert!(!folded.contains("  "));
        }
    }
}
