//! The words of a text that say what it is about, to look for other texts about the same.

use crate::domain::search::{Script, normal, segments};

/// Further words are not looked at.
const MOST: usize = 48;

/// Words that are in every text.
const EVERYWHERE: &[&str] = &[
    "about", "after", "again", "all", "also", "and", "any", "are", "because", "been", "but", "can", "cannot",
    "could", "did", "does", "for", "from", "get", "had", "has", "have", "hello", "help", "her", "here",
    "his", "how", "into", "its", "just", "more", "need", "not", "now", "only", "our", "out", "please",
    "should", "since", "some", "than", "thank", "thanks", "that", "the", "their", "them", "then", "there",
    "they", "this", "too", "very", "was", "were", "what", "when", "where", "which", "who", "why", "will",
    "with", "would", "you", "your", "不能", "不是", "什么", "可以", "你好", "如何", "怎么", "您好", "我们",
    "我的", "没有", "现在", "谢谢", "请问", "这个", "那个",
];

/// The words, folded, each once, in the order of the text: of Chinese every two characters, of other scripts what has three
/// letters or more. A plural is looked for as the beginning of its singular.
pub fn keywords(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut push = |word: String| {
        if words.len() < MOST && !EVERYWHERE.contains(&word.as_str()) && !words.contains(&word) {
            words.push(word);
        }
    };
    for (script, segment) in segments(&normal(text)) {
        match script {
            Script::Word if segment.chars().count() >= 3 => {
                let singular = segment
                    .strip_suffix('s')
                    .filter(|word| word.chars().count() >= 4 && !EVERYWHERE.contains(&segment));
                push(singular.unwrap_or(segment).to_owned());
            }
            Script::Word => {}
            Script::Cjk => {
                let letters = segment.chars();
                for (first, second) in letters.clone().zip(letters.skip(1)) {
                    push([first, second].iter().collect());
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_says_something_is_left() {
        for (text, words) in [
            ("The printer stops, printers STOP", vec!["printer", "stop"]),
            ("打印机卡纸", vec!["打印", "印机", "机卡", "卡纸"]),
            ("How do I get a refund?", vec!["refund"]),
            ("VPN连不上 error 403", vec!["vpn", "连不", "不上", "error", "403"]),
            ("请问您好", vec!["问您"]),
            ("", vec![]),
        ] {
            assert_eq!(keywords(text), words, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_few_words_each_once(text in "\\PC{0,400}") {
            let words = keywords(&text);
            prop_assert!(words.len() <= MOST);
            for (at, word) in words.iter().enumerate() {
                prop_assert!(!word.is_empty() && !words[..at].contains(word));
            }
        }
    }
}
