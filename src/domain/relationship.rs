//! How customers are related, apart from employment: the sorts, each with its inverse and its names.
//!
//! `C1 reports_to C2` reads as a sentence: the first reports to the second, the first is the spouse, the parent, the
//! assistant of the second. A relation is kept once, by the key of its sort; seen from the other side it has the
//! inverse. Where both sides have one name, it does not matter who is named first.

use crate::domain::fold::fold;
use crate::domain::near::near;
use crate::error::{Error, Result};

/// One name of a sort, as seen from one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// The key, as in commands and exports.
    pub key: &'static str,
    /// What English readers see before the other's name.
    pub english: &'static str,
    /// What Chinese readers see.
    pub chinese: &'static str,
    /// Other words that are understood.
    aliases: &'static [&'static str],
}

/// One sort: as it is kept, and as the other side sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// From the customer who is named first.
    pub own: Side,
    /// From the other; the same for sorts that are alike on both sides.
    pub inverse: Side,
}

impl Sort {
    /// Whether both sides are the same to each other.
    pub fn is_mutual(&self) -> bool {
        self.own.key == self.inverse.key
    }
}

const fn side(
    key: &'static str,
    english: &'static str,
    chinese: &'static str,
    aliases: &'static [&'static str],
) -> Side {
    Side {
        key,
        english,
        chinese,
        aliases,
    }
}

const fn mutual(side: Side) -> Sort {
    Sort {
        own: side,
        inverse: side,
    }
}

/// All sorts, in the order of the help.
#[rustfmt::skip]
pub const SORTS: &[Sort] = &[
    Sort {
        own: side("reports_to", "reports to", "汇报给", &["subordinate_of", "managed_by", "下属", "上级是"]),
        inverse: side("manages", "manages", "管理", &["manager_of", "boss_of", "上级", "领导"]),
    },
    Sort {
        own: side("referred_by", "referred by", "介绍人", &["introduced_by", "推荐人", "被介绍"]),
        inverse: side("referred", "referred", "介绍了", &["introduced", "referrer_of", "推荐了"]),
    },
    Sort {
        own: side("assistant", "assistant of", "助理", &["assistant_of", "assists", "秘书"]),
        inverse: side("assisted_by", "assisted by", "助理是", &["has_assistant"]),
    },
    Sort {
        own: side("parent", "parent of", "父母", &["parent_of", "father", "mother", "父亲", "母亲"]),
        inverse: side("child", "child of", "子女", &["child_of", "son", "daughter", "儿子", "女儿"]),
    },
    Sort {
        own: side("supplier", "supplies", "供应商", &["supplies", "supplier_of", "vendor", "供货商"]),
        inverse: side("buyer", "buys from", "采购方", &["buys_from", "客户"]),
    },
    Sort {
        own: side("advisor", "advises", "顾问", &["advises", "advisor_of", "consultant", "adviser"]),
        inverse: side("advised_by", "advised by", "顾问是", &["has_advisor"]),
    },
    mutual(side("spouse", "spouse of", "配偶", &["spouse_of", "husband", "wife", "married_to", "丈夫", "妻子"])),
    mutual(side("sibling", "sibling of", "兄弟姐妹", &["sibling_of", "brother", "sister"])),
    mutual(side("partner", "partner of", "合作伙伴", &["partner_of", "business_partner", "合伙人", "伙伴"])),
    mutual(side("colleague", "colleague of", "同事", &["colleague_of", "works_with"])),
    mutual(side("friend", "friend of", "朋友", &["friend_of"])),
    mutual(side("competitor", "competes with", "竞争对手", &["competes_with", "competitor_of"])),
    mutual(side("other", "related to", "其他", &["related_to", "相关"])),
];

/// The keys of both sides, each once, in the order of the help.
pub fn keys() -> impl Iterator<Item = &'static str> {
    SORTS.iter().flat_map(|sort| {
        let inverse = (!sort.is_mutual()).then_some(sort.inverse.key);
        std::iter::once(sort.own.key).chain(inverse)
    })
}

/// A sort as it was named: from the side that is kept, or from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The sort.
    pub sort: &'static Sort,
    /// True if it was named by its inverse: who was named first is the other.
    pub is_inverse: bool,
}

/// The sort that `word` names: a key, an alias or a label, in either language.
///
/// # Errors
///
/// `Invalid` with what is near: a sort of one's own cannot be read from both sides.
pub fn parse(word: &str) -> Result<Named> {
    let wanted = normal(word);
    let is = |side: &Side| {
        let labels = [side.key, side.english, side.chinese];
        let mut names = labels.iter().chain(side.aliases);
        names.any(|name| normal(name) == wanted)
    };
    for sort in SORTS {
        for (side, is_inverse) in [(&sort.own, false), (&sort.inverse, true)] {
            if is(side) {
                return Ok(Named { sort, is_inverse });
            }
        }
    }
    let known: Vec<&str> = keys().collect();
    let names = SORTS.iter().flat_map(|sort| [&sort.own, &sort.inverse]);
    let names = names.flat_map(|side| {
        [side.key, side.chinese]
            .into_iter()
            .chain(side.aliases.iter().copied())
    });
    let message = format!("relationships: {word:?} is none of {}", known.join(", "));
    Err(Error::invalid("relationships", message).with_near(near(&wanted, names)))
}

/// The sort with this stored key; none for what a later version may have kept.
pub fn stored(key: &str) -> Option<&'static Sort> {
    SORTS.iter().find(|sort| sort.own.key == key)
}

/// A word as it is compared: folded; blanks and hyphens are `_`.
fn normal(word: &str) -> String {
    fold(word).trim().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_word_means_one_side_of_one_sort() {
        let mut seen = HashSet::new();
        for sort in SORTS {
            let sides = [Some(&sort.own), (!sort.is_mutual()).then_some(&sort.inverse)];
            for side in sides.into_iter().flatten() {
                let names: HashSet<String> = [side.key, side.english, side.chinese]
                    .iter()
                    .chain(side.aliases)
                    .map(|name| normal(name))
                    .collect();
                for name in names {
                    assert!(seen.insert(name.clone()), "{name} stands for two sides");
                    let named = parse(&name).expect("a known word");
                    assert_eq!(named.sort, sort, "{name}");
                }
            }
            assert_eq!(stored(sort.own.key), Some(sort));
        }
        assert_eq!(keys().collect::<HashSet<_>>().len(), keys().count());
    }

    #[test]
    fn a_side_is_read_in_either_language() {
        for (word, key, is_inverse) in [
            ("reports_to", "reports_to", false),
            ("Reports To", "reports_to", false),
            ("manages", "reports_to", true),
            ("汇报给", "reports_to", false),
            ("child", "parent", true),
            ("配偶", "spouse", false),
            ("works-with", "colleague", false),
        ] {
            let named = parse(word).expect(word);
            assert_eq!(
                (named.sort.own.key, named.is_inverse),
                (key, is_inverse),
                "{word}"
            );
        }
    }

    #[test]
    fn a_free_sort_is_refused_with_what_is_near() {
        let error = parse("repots_to").expect_err("no such sort");
        assert_eq!(error.near(), ["reports_to"]);
        assert_eq!(error.field(), Some("relationships"));
    }

    proptest! {
        #[test]
        fn any_word_is_read_or_refused(word in ".*") {
            let _ = parse(&word);
        }
    }
}
