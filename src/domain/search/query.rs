//! What somebody typed to find a record: terms, the expression that gives candidates, and the verdict on each.
//!
//! Every term must match, in any order. The expression may give too many candidates, never too few; the verdict
//! on the stored text is exact.

use crate::domain::fold;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::search::expression::{Wanted, any_of, quoted, tail_expression};
use crate::domain::search::term::{Term, terms};
use crate::domain::search::verdict::{is_number, name_in_pinyin_begins, name_in_pinyin_is};
use crate::domain::search::{Sections, items, normal, tokens};

/// Further terms are not looked at.
const MOST_TERMS: usize = 32;

/// How well a hit fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exactness {
    /// The query is a whole name, also in pinyin, or a whole e-mail address, handle or telephone number.
    Whole,
    /// A name begins with the query, as it is written or in pinyin.
    Prefix,
    /// Anything else.
    Part,
}

/// Which records may be candidates at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// Only records of these owners (none stands for records without one); all if there is no list.
    pub owners: Option<&'a [Option<Id>]>,
    /// Only these sorts of records; all if empty.
    pub nouns: &'a [Noun],
    /// Of notes and of what was said only whole words: then some hits may be left out. For a word that many records have
    /// these are quickly enough; a beginning gathers all rows of all words that begin so, before the first is handed out.
    pub whole_words: bool,
}

impl Scope<'_> {
    fn wanted(&self) -> Wanted {
        Wanted {
            records: self.nouns.is_empty() || self.nouns.iter().any(|noun| *noun != Noun::Activity),
            talks: self.nouns.is_empty() || self.nouns.contains(&Noun::Activity),
            whole_words: self.whole_words,
        }
    }
}

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    whole: String,
    terms: Vec<Term>,
}

impl SearchQuery {
    /// Reads what somebody typed. Any text is a query; one without letters and digits is empty.
    pub fn parse(text: &str) -> SearchQuery {
        let whole = normal(text);
        let mut terms = terms(&whole);
        if let Some(spelled) = fold::spelled_out(text) {
            let spelled = self::terms(&normal(&spelled));
            for (term, spelled) in terms.iter_mut().zip(spelled) {
                if let (Term::Word(word), Term::Word(spelled)) = (term, spelled)
                    && word.text != spelled.text
                {
                    word.spelled = Some(spelled.text);
                }
            }
        }
        terms.truncate(MOST_TERMS);
        SearchQuery { whole, terms }
    }

    /// True if there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The FTS5 expression of each term of a query that has several, whoever the candidates belong to and whatever they
    /// are. If one term has few candidates, they are quicker to verify than to compare with the long lists of the others.
    pub fn term_expressions(&self, scope: &Scope) -> Vec<String> {
        match self.terms.as_slice() {
            [] | [_] => Vec::new(),
            terms => terms.iter().map(|term| term.expression(scope.wanted())).collect(),
        }
    }

    /// The FTS5 expression whose rows are the candidates within `scope`; none for an empty query.
    pub fn expression(&self, scope: &Scope) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let terms = self.terms.iter();
        let mut conditions: Vec<String> = terms.map(|term| term.expression(scope.wanted())).collect();
        if let Some(owners) = scope.owners {
            let mut owners: Vec<String> = owners
                .iter()
                .map(|owner| quoted(&tokens::owner_token(*owner)))
                .collect();
            if owners.is_empty() {
                // No record has an owner of this number, so nothing is in scope.
                owners.push(quoted(&tokens::owner_token(Some(Id::from_raw(i64::MIN)))));
            }
            conditions.push(any_of(&owners));
        }
        if !scope.nouns.is_empty() {
            let nouns: Vec<String> = scope
                .nouns
                .iter()
                .map(|noun| quoted(&tokens::noun_token(*noun)))
                .collect();
            conditions.push(any_of(&nouns));
        }
        Some(conditions.join(" AND "))
    }

    /// The FTS5 expression whose rows may have the telephone number that was typed as a whole; none if the query is not
    /// one number and nothing else. Of few rows, whoever they belong to.
    ///
    /// The end of a number is in few records. Everything that merely contains the digits has to be looked for in long lists.
    pub fn number_expression(&self) -> Option<String> {
        match self.terms.as_slice() {
            [Term::Number(number)] => tail_expression(&number.joined),
            _ => None,
        }
    }

    /// True if the record with this stored text is a hit: every term matches. An empty query has no hits.
    pub fn verifies(&self, text: &str) -> bool {
        let sections = Sections::of(text);
        !self.is_empty() && self.terms.iter().all(|term| term.matches(&sections))
    }

    /// True if a name in the stored text of a hit has the query in it as it was typed.
    pub fn is_in_name(&self, text: &str) -> bool {
        !self.whole.is_empty() && Sections::of(text).names.contains(&self.whole)
    }

    /// How well a hit with this stored text fits.
    pub fn exactness(&self, text: &str) -> Exactness {
        let sections = Sections::of(text);
        let whole = self.whole.as_str();
        let same = |section| items(section).any(|item| item == whole);
        let same_number = || match self.terms.as_slice() {
            [Term::Number(number)] => items(sections.phones).any(|phone| is_number(phone, &number.joined)),
            _ => false,
        };
        let joined: String = whole.split(' ').collect();
        let in_pinyin = || items(sections.names).any(|name| name_in_pinyin_is(name, &joined));
        if same(sections.names) || same(sections.words) || same_number() || in_pinyin() {
            return Exactness::Whole;
        }
        let begins = |name: &str| name.starts_with(whole) || name_in_pinyin_begins(name, &joined);
        if !whole.is_empty() && items(sections.names).any(begins) {
            Exactness::Prefix
        } else {
            Exactness::Part
        }
    }
}
