//! Cuts the text into parentheses, connectives and terms. What is inside a term is `term`'s part.

use crate::query::ast::Place;
use crate::query::error::QueryError;

/// A piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `(` or `（`.
    Open,
    /// `)` or `）`.
    Close,
    /// The word `and`.
    And,
    /// The word `or`, or `|`.
    Or,
    /// The word `not`, `!`, or a minus before a parenthesis.
    Not,
    /// Anything else up to a blank, a parenthesis or `|` outside quotes.
    Term(&'a str),
}

/// True for the marks that begin a quotation.
pub(super) fn opens_quote(letter: char) -> bool {
    matches!(letter, '"' | '“')
}

/// The mark that ends a quotation begun by `open`.
pub(super) fn closing_quote(open: char) -> char {
    if open == '“' { '”' } else { open }
}

/// True for both colons.
pub(super) fn is_colon(letter: char) -> bool {
    matches!(letter, ':' | '：')
}

/// True for the characters that end a bare word.
pub(super) fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '(' | ')' | '（' | '）' | '|')
}

/// The word as a connective, in any case.
pub(super) fn connective(word: &str) -> Option<Token<'static>> {
    match word.to_ascii_lowercase().as_str() {
        "and" => Some(Token::And),
        "or" => Some(Token::Or),
        "not" => Some(Token::Not),
        _ => None,
    }
}

/// All tokens of `text` with their places.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token<'_>, Place)>, QueryError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while let Some(letter) = lexer.peek() {
        let start = lexer.at;
        let token = match letter {
            blank if blank.is_whitespace() => {
                lexer.bump();
                continue;
            }
            '(' | '（' => lexer.single(Token::Open),
            ')' | '）' => lexer.single(Token::Close),
            '|' => lexer.single(Token::Or),
            '!' => lexer.single(Token::Not),
            '-' if lexer.peek_second().is_some_and(|next| matches!(next, '(' | '（')) => {
                lexer.single(Token::Not)
            }
            _ => {
                lexer.term()?;
                let term = text.get(start..lexer.at).unwrap_or("");
                connective(term).unwrap_or(Token::Term(term))
            }
        };
        tokens.push((token, Place::new(start, lexer.at)));
    }
    Ok(tokens)
}

/// True if `pattern` may stand after `:~` without quotes.
pub(super) fn is_bare_expression(pattern: &str) -> bool {
    let mut lexer = Lexer { text: pattern, at: 0 };
    let balanced = lexer.expression() == 0;
    let whole = lexer.at == pattern.len() && !pattern.contains(char::is_whitespace);
    balanced && whole && !pattern.starts_with(opens_quote) && !pattern.ends_with('\\')
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn single(&mut self, token: Token<'static>) -> Token<'a> {
        self.bump();
        token
    }

    /// Moves to the end of a term.
    fn term(&mut self) -> Result<(), QueryError> {
        let mut in_name = true;
        while let Some(letter) = self.peek() {
            if matches!(letter, '(' | '（') {
                // `name:~^(a|b)` taken as two conditions would be a silent misreading.
                return Err(QueryError::syntax(
                    self.at..self.at + letter.len_utf8(),
                    "a parenthesis directly after a word",
                ));
            }
            if ends_word(letter) {
                break;
            }
            if opens_quote(letter) {
                self.quotation(letter)?;
                continue;
            }
            self.bump();
            if in_name && is_colon(letter) {
                in_name = false;
                if self.peek() == Some('~') && !self.peek_second().is_some_and(opens_quote) {
                    self.expression();
                    break;
                }
            }
        }
        Ok(())
    }

    /// Moves behind a quotation.
    fn quotation(&mut self, open: char) -> Result<(), QueryError> {
        let start = self.at;
        self.bump();
        while let Some(letter) = self.peek() {
            self.bump();
            if letter == closing_quote(open) {
                return Ok(());
            }
            if letter == '\\' {
                self.bump();
            }
        }
        Err(QueryError::syntax(
            start..self.text.len(),
            "the quote is never closed",
        ))
    }

    /// Moves to the end of a bare regular expression: the next blank, or a parenthesis that it did not open.
    ///
    /// Returns how many parentheses are still open.
    fn expression(&mut self) -> usize {
        let mut depth = 0_usize;
        while let Some(letter) = self.peek() {
            match letter {
                blank if blank.is_whitespace() => break,
                '(' => depth += 1,
                ')' if depth == 0 => break,
                ')' => depth -= 1,
                '\\' => self.bump(),
                _ => {}
            }
            self.bump();
        }
        depth
    }
}
