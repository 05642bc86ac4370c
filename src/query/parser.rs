//! Puts terms together by precedence: not, then and (a blank), then or. Names and values are not looked up here.

use crate::query::ast::{Expression, Filter, Place};
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::lexer::{self, Token};
use crate::query::term;

/// The most bytes a filter has.
pub(super) const MAX_BYTES: usize = 4096;
/// How deep parentheses and negations may stand in one another.
pub(super) const MAX_DEPTH: usize = 50;

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Filter, QueryError> {
    if text.len() > MAX_BYTES {
        let message = format!("the filter has {} bytes, more than {MAX_BYTES}", text.len());
        return Err(QueryError::new(
            QueryErrorKind::TooLong,
            MAX_BYTES..text.len(),
            message,
        ));
    }
    let tokens = lexer::tokens(text)?;
    if tokens.is_empty() {
        return Ok(Filter::default());
    }
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        depth: 0,
        end: text.len(),
    };
    let expression = parser.or()?;
    match parser.next() {
        None => Ok(Filter {
            expression: Some(expression),
        }),
        Some((_, place)) => Err(QueryError::syntax(
            place.range(),
            "a closing parenthesis without an opening one",
        )),
    }
}

struct Parser<'a> {
    tokens: &'a [(Token<'a>, Place)],
    at: usize,
    depth: usize,
    end: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).map(|(token, _)| *token)
    }

    fn next(&mut self) -> Option<(Token<'a>, Place)> {
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }

    fn or(&mut self) -> Result<Expression, QueryError> {
        let mut parts = vec![self.and()?];
        while self.peek() == Some(Token::Or) {
            self.at += 1;
            parts.push(self.and()?);
        }
        Ok(Expression::or(parts))
    }

    fn and(&mut self) -> Result<Expression, QueryError> {
        let mut parts = vec![self.not()?];
        loop {
            match self.peek() {
                Some(Token::And) => self.at += 1,
                Some(Token::Open | Token::Not | Token::Term(_)) => {}
                Some(Token::Close | Token::Or) | None => return Ok(Expression::and(parts)),
            }
            parts.push(self.not()?);
        }
    }

    fn not(&mut self) -> Result<Expression, QueryError> {
        match self.next() {
            Some((Token::Term(term), place)) => term::read(term, place.start),
            Some((Token::Not, place)) => {
                let inner = self.deeper(place, Parser::not)?;
                Ok(Expression::negation(inner))
            }
            Some((Token::Open, place)) => {
                let inner = self.deeper(place, Parser::or)?;
                match self.next() {
                    Some((Token::Close, _)) => Ok(inner),
                    _ => Err(QueryError::syntax(
                        place.range(),
                        "the parenthesis is never closed",
                    )),
                }
            }
            Some((Token::Close | Token::And | Token::Or, place)) => Err(QueryError::syntax(
                place.range(),
                "a condition is missing before this",
            )),
            None => Err(QueryError::syntax(
                self.end..self.end,
                "a condition is missing at the end",
            )),
        }
    }

    fn deeper(
        &mut self,
        place: Place,
        read: fn(&mut Self) -> Result<Expression, QueryError>,
    ) -> Result<Expression, QueryError> {
        if self.depth == MAX_DEPTH {
            let message = format!("parentheses and negations are deeper than {MAX_DEPTH}");
            return Err(QueryError::new(QueryErrorKind::TooDeep, place.range(), message));
        }
        self.depth += 1;
        let inner = read(self)?;
        self.depth -= 1;
        Ok(inner)
    }
}
