//! The filter language: text to a checked plan. Pure: no SQL, no store, no clock of its own.
//!
//! A filter goes through three forms. [`parse`] makes an [`ast::Filter`] of the text, by grammar alone; its
//! `Display` is the canonical text, which reads back as the same filter. [`resolve`] looks names and values up
//! for one noun, against a [`Context`], and gives a [`plan::Condition`], which the store compiles. Relative
//! values (`today`, `-30d`, `@me`) are evaluated by [`resolve`], so that a saved text stays live.
//!
//! # Grammar
//!
//! ```text
//! filter   = [ or ] ;                                (* nothing: every record *)
//! or       = and , { ( "or" | "|" ) , and } ;
//! and      = not , { [ "and" ] , not } ;             (* a blank means and *)
//! not      = [ "not" | "!" ] , not | atom ;
//! atom     = [ "-" ] , "(" , or , ")" | flag | tag | compare | text ;
//! flag     = [ "-" ] , ( "is" | "has" | "no" ) , ":" , field ;
//! tag      = ( "+" | "-" ) , ( name | quoted ) ;     (* +vip  -vip  +"key account" *)
//! compare  = [ "-" ] , field , ":" , [ op ] , values ;
//! op       = "=" | ">" | ">=" | "<" | "<=" | "~"
//!          | "gt:" | "ge:" | "lt:" | "le:" | "ne:" ;
//! values   = range | value , { "," , value } ;       (* comma: any of these *)
//! range    = [ value ] , ".." , [ value ] ;          (* both ends included, one given *)
//! field    = name , { "." , name } ;
//! value    = quoted | word ;
//! text     = [ "-" ] , quoted | word ;               (* a word for the search *)
//! quoted   = '"' … '"' | '“' … '”' ;                 (* \" and \\ stand for " and \ *)
//! ```
//!
//! * Connectives and names have no case. `：` `，` `（` `）` and the ideographic space are their ASCII kin.
//! * A blank, a parenthesis or `|` ends a word. A parenthesis directly after a word is refused. A bare regular
//!   expression runs to the next blank, or to a parenthesis that it did not open.
//! * `-` before a word without colon negates a tag, before a quote a text, before a field a comparison.
//!   A plus and six digits or more are a telephone number to be searched for, not a tag.
//! * A quote means no more than the word in it: `owner:"@me"` is `owner:@me`.
//! * A text of more than [`MAX_BYTES`] or deeper than [`MAX_DEPTH`] is refused.
//!
//! # Meaning
//!
//! | Field | `f:x` | `f:=x` | order and `..` | `f:~x` |
//! |---|---|---|---|---|
//! | text, address, e-mail, number, handle, external id | contains | is the whole value | no | yes |
//! | word, choice, stage, tag, user, team, pipeline | key or label | the same | lifecycle, level, priority | no |
//! | customer, deal, product | ref, uid or part of the name | ref, uid or name | no | on the name |
//! | number, percent, amount, length of time, date, time | is within | the same | yes | no |
//! | yes or no, country, ref, uid | is | the same | no | no |
//!
//! `f:ne:x` is the opposite of `f:=x`. A comparison with a missing value is false and its `not` true; `no:f`
//! asks for the missing. A partial date is the whole month, quarter or year; a day compared with an instant is
//! the whole day in the zone of the clock. `none` for a date asks for a missing one.
//!
//! A path goes over links (`company.city`) and relations (`deals.stage`): it holds for one related record at
//! least, its negation for none; `deals.count` and `deals.sum.amount` are numbers. Custom fields are
//! `fields.KEY`. The `is:` words stand in [`predicates`].

pub mod ast;
pub mod catalogue;
pub mod context;
pub mod error;
pub mod plan;
pub mod predicates;

mod birthday;
mod canonical;
mod explain;
mod lexer;
mod parser;
mod path;
mod print;
mod resolve;
mod shape;
mod term;
mod values;

#[cfg(test)]
mod tests;

use crate::domain::noun::Noun;
use crate::query::ast::Filter;
use crate::query::catalogue::FieldLine;
use crate::query::context::{Context, Vocabulary};
use crate::query::error::QueryError;
use crate::query::plan::Condition;

/// The most bytes a filter has.
pub const MAX_BYTES: usize = parser::MAX_BYTES;
/// How deep parentheses and negations may stand in one another.
pub const MAX_DEPTH: usize = parser::MAX_DEPTH;

/// Reads a filter by grammar alone.
///
/// # Errors
///
/// The text breaks the grammar or a limit; the span says where.
pub fn parse(text: &str) -> Result<Filter, QueryError> {
    parser::parse(text)
}

/// Makes the plan of a filter for records of `noun`, as of now.
///
/// # Errors
///
/// A field, key or `is:` word is unknown (with what is near), a value cannot be read, or an operator makes no
/// sense for its field. Spans are places in the text that was parsed.
pub fn resolve(filter: &Filter, noun: Noun, context: &Context<'_>) -> Result<Condition, QueryError> {
    resolve::filter(filter, noun, context)
}

/// The same filter with canonical names of fields, keys for labels and canonical `is:` words: what is saved.
///
/// # Errors
///
/// The filter does not resolve, or its canonical text is longer than [`MAX_BYTES`].
pub fn canonical(filter: &Filter, noun: Noun, context: &Context<'_>) -> Result<Filter, QueryError> {
    canonical::filter(filter, noun, context)
}

/// What a filter of `noun` can ask about: fields in the order of their table, custom fields, relations.
pub fn fields(noun: Noun, vocabulary: &dyn Vocabulary) -> Vec<FieldLine> {
    catalogue::fields(noun, vocabulary)
}

/// The plan as an indented tree with dates resolved, one condition a line, without a newline at the end.
pub fn explain(condition: &Condition) -> String {
    explain::explain(condition)
}
