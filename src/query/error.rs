//! What can be wrong with a filter, and where. No advice: that is the front end's.

use std::fmt;
use std::ops::Range;

use crate::error::{Error, Kind};

/// The widest expression line that is shown whole; a longer one is cut around the place.
const WIDTH: usize = 96;
/// What stands for a part that was cut.
const CUT: char = '…';

/// What sort of mistake it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueryErrorKind {
    /// The text is longer than the limit.
    TooLong,
    /// Parentheses and negations stand too deep in one another.
    TooDeep,
    /// The text does not follow the grammar.
    Syntax,
    /// There is no such field, relation or part of a path.
    UnknownField,
    /// There is no such `is:` word.
    UnknownWord,
    /// There is no such key, label, user, stage or tag.
    UnknownValue,
    /// The value cannot be read as what the field holds.
    Value,
    /// The operator makes no sense for the field.
    Operator,
}

/// A mistake in a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// What sort of mistake it is.
    pub kind: QueryErrorKind,
    /// The sentence: lower case, no period, with what was wrong.
    pub message: String,
    /// The bytes of the filter's text that it is about.
    pub span: Range<usize>,
    /// What may have been meant, best first, as it can be typed.
    pub near: Vec<String>,
}

impl QueryError {
    /// A mistake at `span`.
    pub(super) fn new(kind: QueryErrorKind, span: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError {
            kind,
            message: message.into(),
            span,
            near: Vec::new(),
        }
    }

    /// A breach of the grammar at `span`.
    pub(super) fn syntax(span: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError::new(QueryErrorKind::Syntax, span, message)
    }

    /// Adds what may have been meant.
    pub(super) fn with_near(mut self, near: Vec<String>) -> QueryError {
        self.near = near;
        self
    }

    /// The expression on one line, and under it carets at the place; `text` is what was parsed.
    ///
    /// Wide characters count as two columns, control characters are shown as `�` (blanks as one blank), and a
    /// long expression is cut to the surroundings of the place.
    pub fn render(&self, text: &str) -> String {
        let mut cells: Vec<Cell> = text
            .char_indices()
            .map(|(at, letter)| Cell::new(letter, self.span.contains(&at)))
            .collect();
        if !cells.iter().any(|cell| cell.marked) {
            // The mistake is that something is missing: it is marked where it should stand.
            let place = text
                .char_indices()
                .take_while(|(at, _)| *at < self.span.start)
                .count();
            match cells.get_mut(place) {
                Some(cell) => cell.marked = true,
                None => cells.push(Cell::new(' ', true)),
            }
        }
        let cells = windowed(cells);
        let line: String = cells.iter().map(|cell| cell.letter).collect();
        let mut carets = String::new();
        for cell in &cells {
            // A lone combining mark takes no column, and still has to be pointed at.
            let lone = cell.marked && cell.width == 0 && !carets.ends_with('^');
            let columns = if lone { 1 } else { cell.width };
            carets.push_str(&if cell.marked { "^" } else { " " }.repeat(columns));
        }
        format!("{}\n{}", line.trim_end(), carets.trim_end())
    }

    /// The same as the library's error of kind usage: the message, then the expression and the caret line.
    pub fn into_error(self, text: &str) -> Error {
        let shown = self.render(text).replace('\n', "\n  ");
        Error::new(Kind::Usage, format!("{}\n  {shown}", self.message))
            .with_near(self.near.clone())
            .with_source(self)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}

impl From<QueryError> for Error {
    /// Without the text the expression cannot be shown: prefer [`QueryError::into_error`].
    fn from(error: QueryError) -> Error {
        Error::new(Kind::Usage, error.message.clone())
            .with_near(error.near.clone())
            .with_source(error)
    }
}

/// A text of another language on one line, and under it carets at the word that begins at a byte; the line under it is
/// indented by two.
pub(crate) fn pointed(text: &str, at: usize) -> String {
    let word = text.char_indices().skip_while(|(start, _)| *start < at);
    let end = word
        .take_while(|(start, letter)| *start == at || letter.is_alphanumeric() || *letter == '_')
        .last()
        .map_or(text.len(), |(start, letter)| start + letter.len_utf8());
    let at = at.min(end);
    QueryError::syntax(at..end, "").render(text).replace('\n', "\n  ")
}

/// A character as it is shown.
#[derive(Debug, Clone, Copy)]
struct Cell {
    letter: char,
    width: usize,
    marked: bool,
}

impl Cell {
    fn new(letter: char, marked: bool) -> Cell {
        let letter = match letter {
            '\u{3000}' => letter,
            blank if blank.is_whitespace() => ' ',
            other if other.is_control() || steers(other) => char::REPLACEMENT_CHARACTER,
            other => other,
        };
        Cell {
            letter,
            width: width(letter),
            marked,
        }
    }
}

/// Cuts a long line to the surroundings of what is marked.
fn windowed(cells: Vec<Cell>) -> Vec<Cell> {
    if cells.iter().map(|cell| cell.width).sum::<usize>() <= WIDTH {
        return cells;
    }
    let marked = cells.iter().position(|cell| cell.marked).unwrap_or(0);
    let first = marked.saturating_sub(WIDTH / 4);
    let cut = Cell::new(CUT, false);
    let mut window = if first > 0 { vec![cut] } else { Vec::new() };
    let mut columns = 0;
    for cell in cells.into_iter().skip(first) {
        columns += cell.width;
        if columns > WIDTH {
            window.push(cut);
            break;
        }
        window.push(cell);
    }
    window
}

/// True for characters that change the direction of text or hide: they would move the caret.
fn steers(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The columns a character takes: enough of the rule of East Asian width to put a caret under the right place.
fn width(letter: char) -> usize {
    match letter {
        '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}
