//! A place in a Chinese phrase, and numbers in digits and numerals.

/// A place in a phrase. Copying it is how a reader tries one thing and falls back.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain) struct Scan<'t> {
    /// What was not taken yet.
    pub(in crate::domain) rest: &'t str,
}

impl<'t> Scan<'t> {
    /// The place before the first character.
    pub(in crate::domain) fn new(text: &'t str) -> Scan<'t> {
        Scan { rest: text }
    }

    /// Whether everything was taken.
    pub(in crate::domain) fn is_done(&self) -> bool {
        self.rest.trim_start().is_empty()
    }

    /// Takes `text`, after blanks if need be.
    pub(in crate::domain) fn eat(&mut self, text: &str) -> bool {
        match self.rest.trim_start().strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes the first word of the table that is there.
    pub(in crate::domain) fn any<T: Copy>(&mut self, table: &[(&str, T)]) -> Option<T> {
        table
            .iter()
            .find(|(word, _)| self.eat(word))
            .map(|(_, value)| *value)
    }

    /// Takes a number in digits or Chinese numerals, up to four digits.
    pub(in crate::domain) fn number(&mut self) -> Option<u32> {
        let text = self.rest.trim_start();
        let is_digits = text.starts_with(|first: char| first.is_ascii_digit());
        let belongs = |character: char| {
            if is_digits {
                character.is_ascii_digit()
            } else {
                numeral(character).is_some()
            }
        };
        let end = text.find(|character| !belongs(character)).unwrap_or(text.len());
        let (run, rest) = text.split_at_checked(end)?;
        let value = if is_digits {
            run.parse().ok().filter(|_| run.len() <= 5)
        } else {
            spelled(run)
        }?;
        self.rest = rest;
        Some(value)
    }
}

enum Numeral {
    Digit(u32),
    Power(u32),
}

fn numeral(character: char) -> Option<Numeral> {
    Some(match character {
        '零' | '〇' => Numeral::Digit(0),
        '一' => Numeral::Digit(1),
        '二' | '两' => Numeral::Digit(2),
        '三' => Numeral::Digit(3),
        '四' => Numeral::Digit(4),
        '五' => Numeral::Digit(5),
        '六' => Numeral::Digit(6),
        '七' => Numeral::Digit(7),
        '八' => Numeral::Digit(8),
        '九' => Numeral::Digit(9),
        '十' => Numeral::Power(10),
        '百' => Numeral::Power(100),
        '千' => Numeral::Power(1000),
        _ => return None,
    })
}

/// The value of a run of numerals: 十五, 一百零五, or digit by digit as years are, 二〇二六.
fn spelled(run: &str) -> Option<u32> {
    let numerals: Vec<Numeral> = run.chars().map_while(numeral).collect();
    if !numerals.iter().any(|part| matches!(part, Numeral::Power(_))) {
        return (1..=4).contains(&numerals.len()).then(|| {
            numerals.iter().fold(0, |value, part| match part {
                Numeral::Digit(digit) => value * 10 + digit,
                Numeral::Power(_) => value,
            })
        });
    }
    let (mut total, mut digit, mut smallest) = (0_u32, None, u32::MAX);
    for part in numerals {
        match part {
            Numeral::Digit(_) if digit.is_some_and(|before| before != 0) => return None,
            Numeral::Digit(value) => digit = Some(value),
            Numeral::Power(power) if power >= smallest => return None,
            Numeral::Power(power) => {
                let count = match digit {
                    None if power == 10 => 1,
                    Some(0) | None => return None,
                    Some(count) => count,
                };
                total = total.checked_add(count.checked_mul(power)?)?;
                smallest = power;
                digit = None;
            }
        }
    }
    total.checked_add(digit.unwrap_or(0))
}
