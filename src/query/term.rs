//! Reads one term: a tag, a flag, a comparison or a text. Connectives are `parser`'s part.

use crate::query::ast::{Compare, Expression, Flag, Operator, Place, Question, Values, Word};
use crate::query::error::QueryError;
use crate::query::lexer::{closing_quote, is_colon, opens_quote};

/// The least number of digits after a plus that are a telephone number and not a tag.
const PHONE_DIGITS: usize = 6;

/// Reads `term`, which stands at byte `start` of the filter and has no blank outside quotes.
pub(super) fn read(term: &str, start: usize) -> Result<Expression, QueryError> {
    let mut reader = Reader {
        text: term,
        at: 0,
        start,
    };
    match reader.peek() {
        Some('+') if !is_phone(term) => {
            reader.bump();
            Ok(Expression::Tag(reader.tag()?))
        }
        Some('-') => {
            reader.bump();
            let inner = match reader.peek() {
                Some(letter) if opens_quote(letter) => Expression::Text(reader.only_quotation()?),
                _ if reader.has_colon() => reader.named()?,
                _ => Expression::Tag(reader.tag()?),
            };
            Ok(Expression::negation(inner))
        }
        Some(letter) if opens_quote(letter) => Ok(Expression::Text(reader.only_quotation()?)),
        _ if reader.has_colon() => reader.named(),
        _ => Ok(Expression::Text(reader.bare_text()?)),
    }
}

/// True for `+491751234567`: a plus and only digits, too many for the name of a tag.
pub(super) fn is_phone(term: &str) -> bool {
    term.strip_prefix('+').is_some_and(|digits| {
        digits.len() >= PHONE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// True for the characters of the names of fields and flags.
pub(super) fn in_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

/// The operators, a longer one before its beginning. A colon stands for both colons.
const OPERATORS: [(&str, Operator); 11] = [
    ("=", Operator::Whole),
    (">=", Operator::AtLeast),
    (">", Operator::Above),
    ("<=", Operator::AtMost),
    ("<", Operator::Below),
    ("~", Operator::Matches),
    ("gt:", Operator::Above),
    ("ge:", Operator::AtLeast),
    ("lt:", Operator::Below),
    ("le:", Operator::AtMost),
    ("ne:", Operator::Unlike),
];

/// The operator with which `text` begins, and the bytes it takes.
pub(super) fn operator(text: &str) -> Option<(Operator, usize)> {
    OPERATORS.iter().find_map(|(sign, operator)| {
        if let Some(word) = sign.strip_suffix(':') {
            let rest = text
                .get(..word.len())
                .filter(|head| head.eq_ignore_ascii_case(word));
            let colon = rest.and_then(|_| text.get(word.len()..)?.chars().next());
            return colon
                .filter(|&letter| is_colon(letter))
                .map(|colon| (*operator, word.len() + colon.len_utf8()));
        }
        text.starts_with(sign).then_some((*operator, sign.len()))
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    start: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    /// The place from byte `from` of the term to here.
    fn place(&self, from: usize) -> Place {
        Place::new(self.start + from, self.start + self.at)
    }

    /// A mistake at the next character, or at the end of the term.
    fn wrong_here(&self, message: impl Into<String>) -> QueryError {
        let length = self.peek().map_or(0, char::len_utf8);
        let at = self.start + self.at;
        QueryError::syntax(at..at + length, message)
    }

    /// True if the rest has a colon outside quotes.
    fn has_colon(&self) -> bool {
        let before_quote = self.rest().split(opens_quote).next().unwrap_or("");
        before_quote.contains(is_colon)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> Word {
        let from = self.at;
        while self.peek().is_some_and(&wanted) {
            self.bump();
        }
        Word {
            text: self.text.get(from..self.at).unwrap_or("").to_owned(),
            place: self.place(from),
        }
    }

    /// A quotation; the lexer has seen that it is closed.
    fn quotation(&mut self) -> Result<Word, QueryError> {
        let from = self.at;
        let close = self.peek().map_or('"', closing_quote);
        self.bump();
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            self.bump();
            match letter {
                // Only the quote and the backslash itself need one, so `"\d+"` stays what it looks like.
                '\\' if self.peek().is_some_and(|next| next == close || next == '\\') => {
                    text.extend(self.peek());
                    self.bump();
                }
                letter if letter == close => break,
                letter => text.push(letter),
            }
        }
        let place = self.place(from);
        if text.trim().is_empty() {
            return Err(QueryError::syntax(place.range(), "nothing between the quotes"));
        }
        Ok(Word { text, place })
    }

    fn only_quotation(&mut self) -> Result<Word, QueryError> {
        let word = self.quotation()?;
        self.end()?;
        Ok(word)
    }

    fn end(&self) -> Result<(), QueryError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.wrong_here("a blank is missing here")),
        }
    }

    fn bare_text(&mut self) -> Result<Word, QueryError> {
        let word = self.take_while(|letter| !opens_quote(letter));
        if self.peek().is_some() {
            return Err(self.wrong_here("a quote in the middle of a word"));
        }
        Ok(word)
    }

    /// The name of a tag, to the end of the term.
    fn tag(&mut self) -> Result<Word, QueryError> {
        match self.peek() {
            Some(letter) if opens_quote(letter) => return self.only_quotation(),
            None => return Err(self.wrong_here("the name of a tag is missing")),
            Some(_) => {}
        }
        let name = self.take_while(|letter| !opens_quote(letter) && !is_colon(letter) && !is_comma(letter));
        match self.peek() {
            None => Ok(name),
            Some(letter) => Err(self.wrong_here(format!("{letter:?} in the name of a tag"))),
        }
    }

    /// A flag or a comparison.
    fn named(&mut self) -> Result<Expression, QueryError> {
        let from = self.at;
        let names = self.names("the name of a field is missing before the colon")?;
        match self.peek() {
            Some(colon) if is_colon(colon) => self.bump(),
            Some(letter) => {
                return Err(self.wrong_here(format!("{letter:?} in the name of a field")));
            }
            None => return Err(self.wrong_here("a colon is missing")),
        }
        if let [only] = names.as_slice()
            && let Some(question) = question(&only.text)
        {
            return self.flag(question);
        }
        let operator = operator(self.rest());
        self.at += operator.map_or(0, |(_, length)| length);
        let operator = operator.map_or(Operator::Plain, |(operator, _)| operator);
        let values = self.values(operator)?;
        Ok(Expression::Compare(Compare {
            names,
            operator,
            values,
            place: self.place(from),
        }))
    }

    /// `name.name.name`.
    fn names(&mut self, missing: &str) -> Result<Vec<Word>, QueryError> {
        let mut names = Vec::new();
        loop {
            let name = self.take_while(in_name);
            if name.text.is_empty() {
                return Err(match self.peek() {
                    Some(letter) if !is_colon(letter) && letter != '.' => {
                        self.wrong_here(format!("{letter:?} in the name of a field"))
                    }
                    _ => self.wrong_here(missing),
                });
            }
            names.push(name);
            if self.peek() != Some('.') {
                return Ok(names);
            }
            self.bump();
        }
    }

    fn flag(&mut self, question: Question) -> Result<Expression, QueryError> {
        let names = self.names(&format!("a name is missing after {}:", question.name()))?;
        if let Some(letter) = self.peek() {
            let name = question.name();
            return Err(self.wrong_here(format!("{letter:?} after {name}:, which takes one name")));
        }
        Ok(Expression::Flag(Flag { question, names }))
    }

    fn values(&mut self, operator: Operator) -> Result<Values, QueryError> {
        if operator == Operator::Matches && !self.peek().is_some_and(opens_quote) {
            let pattern = self.take_while(|_| true);
            if pattern.text.is_empty() {
                return Err(self.wrong_here("the regular expression is missing"));
            }
            return Ok(Values::Any(vec![pattern]));
        }
        let from = self.at;
        let first = self.value()?;
        if self.rest().starts_with("..") {
            return self.range(first, operator, from);
        }
        let Some(first) = first else {
            return Err(self.wrong_here("the value is missing"));
        };
        let mut values = vec![first];
        while self.peek().is_some_and(is_comma) {
            self.bump();
            match self.value()? {
                Some(value) => values.push(value),
                None => return Err(self.wrong_here("a value is missing at the comma")),
            }
        }
        if self.rest().starts_with("..") {
            return Err(self.wrong_here("a range cannot be one of several values"));
        }
        self.end()?;
        if values.len() > 1 && !matches!(operator, Operator::Plain | Operator::Whole | Operator::Unlike) {
            let message = format!("{} takes one value", operator.sign());
            return Err(QueryError::syntax(self.place(from).range(), message));
        }
        Ok(Values::Any(values))
    }

    fn range(&mut self, low: Option<Word>, operator: Operator, from: usize) -> Result<Values, QueryError> {
        self.at += "..".len();
        let high = self.value()?;
        if self.peek().is_some() {
            return Err(self.wrong_here("a range ends with its second value"));
        }
        let place = self.place(from).range();
        if low.is_none() && high.is_none() {
            return Err(QueryError::syntax(place, "a range needs one end at least"));
        }
        if !matches!(operator, Operator::Plain | Operator::Whole) {
            let message = format!("{} takes one value, not a range", operator.sign());
            return Err(QueryError::syntax(place, message));
        }
        Ok(Values::Range(low, high))
    }

    /// The next value, up to a comma, `..` or the end; none if nothing is there.
    fn value(&mut self) -> Result<Option<Word>, QueryError> {
        if self.peek().is_some_and(opens_quote) {
            let value = self.quotation()?;
            let goes_on = self.peek().is_none_or(is_comma) || self.rest().starts_with("..");
            return if goes_on {
                Ok(Some(value))
            } else {
                self.end().map(|()| Some(value))
            };
        }
        let from = self.at;
        while let Some(letter) = self.peek() {
            if is_comma(letter) || self.rest().starts_with("..") {
                break;
            }
            if opens_quote(letter) {
                return Err(self.wrong_here("a quote in the middle of a word"));
            }
            self.bump();
        }
        let text = self.text.get(from..self.at).unwrap_or("").to_owned();
        let place = self.place(from);
        Ok((!text.is_empty()).then_some(Word { text, place }))
    }
}

/// True for both commas.
pub(super) fn is_comma(letter: char) -> bool {
    matches!(letter, ',' | '，')
}

fn question(name: &str) -> Option<Question> {
    [Question::Is, Question::Has, Question::No]
        .into_iter()
        .find(|question| name.eq_ignore_ascii_case(question.name()))
}
