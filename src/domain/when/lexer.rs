//! From a typed phrase to plain characters and tokens. No meaning of a word is known here.

/// A piece of an English or ISO phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits: their value and how many there were.
    Number(u32, usize),
    /// Letters, in lower case.
    Word(String),
    /// One of `+ - : / . ,`.
    Mark(char),
}

/// A token, and whether it follows the one before without a blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    token: Token,
    glued: bool,
}

/// Folds what is typed differently and means the same: full-width forms, case, blanks, traditional characters.
pub(in crate::domain) fn normalise(text: &str) -> String {
    let folded: String = text.chars().map(fold).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fold(character: char) -> char {
    let narrow = match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xff01 + u32::from('!')).unwrap_or(character)
        }
        '\u{2212}' | '\u{2010}' | '\u{2011}' => '-',
        '後' => '后',
        '週' => '周',
        '號' => '号',
        '點' => '点',
        '個' => '个',
        '這' => '这',
        '兩' => '两',
        '禮' => '礼',
        '鐘' | '鍾' => '钟',
        '時' => '时',
        '間' => '间',
        '無' => '无',
        '內' => '内',
        other => other,
    };
    narrow.to_ascii_lowercase()
}

/// Whether a Chinese character occurs.
pub(in crate::domain) fn has_han(text: &str) -> bool {
    text.chars().any(is_han)
}

/// Whether `character` is a Chinese character, or the circle that serves as a zero.
pub(super) fn is_han(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | '〇')
}

/// The tokens of a normalised phrase; none if it holds a character that no phrase has.
pub(super) fn tokens(plain: &str) -> Option<Vec<Lexeme>> {
    let mut lexemes = Vec::new();
    let mut characters = plain.chars().peekable();
    let mut glued = false;
    while let Some(first) = characters.next() {
        if first == ' ' {
            glued = false;
            continue;
        }
        let mut run = String::from(first);
        let token = if first.is_ascii_digit() {
            while let Some(next) = characters.next_if(char::is_ascii_digit) {
                run.push(next);
            }
            if run.len() > 9 {
                return None;
            }
            Token::Number(run.parse().ok()?, run.len())
        } else if first.is_ascii_alphabetic() {
            while let Some(next) = characters.next_if(char::is_ascii_alphabetic) {
                run.push(next);
            }
            Token::Word(run)
        } else if matches!(first, '+' | '-' | ':' | '/' | '.' | ',') {
            Token::Mark(first)
        } else {
            return None;
        };
        lexemes.push(Lexeme { token, glued });
        glued = true;
    }
    Some(lexemes)
}

/// A place in a row of tokens. Copying it is how a reader tries one thing and falls back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    rest: &'t [Lexeme],
}

impl<'t> Cursor<'t> {
    /// The place before the first token.
    pub(super) fn new(tokens: &'t [Lexeme]) -> Cursor<'t> {
        Cursor { rest: tokens }
    }

    /// Whether every token was taken.
    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether a token follows without a blank.
    pub(super) fn is_glued(&self) -> bool {
        self.rest.first().is_some_and(|lexeme| lexeme.glued)
    }

    /// Takes a number: its value and how many digits it had.
    pub(super) fn number(&mut self) -> Option<(u32, usize)> {
        let (first, rest) = self.rest.split_first()?;
        let Token::Number(value, digits) = first.token else {
            return None;
        };
        self.rest = rest;
        Some((value, digits))
    }

    /// Takes a number that follows without a blank.
    pub(super) fn glued_number(&mut self) -> Option<(u32, usize)> {
        if self.is_glued() { self.number() } else { None }
    }

    /// Takes a word.
    pub(super) fn word(&mut self) -> Option<&'t str> {
        let (first, rest) = self.rest.split_first()?;
        let Token::Word(word) = &first.token else {
            return None;
        };
        self.rest = rest;
        Some(word)
    }

    /// Takes the next word if it is one of `words`.
    pub(super) fn take_word(&mut self, words: &[&str]) -> bool {
        let mut ahead = *self;
        let taken = ahead.word().is_some_and(|word| words.contains(&word));
        if taken {
            *self = ahead;
        }
        taken
    }

    /// Takes the mark `wanted`.
    pub(super) fn mark(&mut self, wanted: char) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if first.token == Token::Mark(wanted) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes the mark `wanted` where it follows without a blank.
    pub(super) fn glued_mark(&mut self, wanted: char) -> bool {
        self.is_glued() && self.mark(wanted)
    }

    /// Takes a plus or minus.
    pub(super) fn sign(&mut self) -> Option<char> {
        ['+', '-'].into_iter().find(|&sign| self.mark(sign))
    }
}
