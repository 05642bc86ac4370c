//! How a foreign file writes numbers and days: told from all values of a column together, never from one.
//!
//! `1.234` is a thousand and more in one country and little more than one in another; `05/03/2024` is a day in March or in
//! May. A single value may leave it open where another decides. So the values of a column are gathered first
//! ([`Evidence`]), then read in the one way that fits all of them. Where two ways fit, a person has to say which.

pub mod day;
pub mod number;

#[cfg(test)]
mod tests;

use std::fmt;

/// The mark before the decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

impl Mark {
    /// Both.
    pub const ALL: [Mark; 2] = [Mark::Point, Mark::Comma];

    /// The character.
    pub fn character(self) -> char {
        match self {
            Mark::Point => '.',
            Mark::Comma => ',',
        }
    }

    /// The mark that is written so, by itself or by name.
    pub fn parse(text: &str) -> Option<Mark> {
        match text {
            "." | "point" => Some(Mark::Point),
            "," | "comma" => Some(Mark::Comma),
            _ => None,
        }
    }
}

/// The order of the parts of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Day, month, year.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
    /// Year, month, day.
    YearFirst,
}

impl Order {
    /// All of them.
    pub const ALL: [Order; 3] = [Order::DayFirst, Order::MonthFirst, Order::YearFirst];

    /// The short name.
    pub fn name(self) -> &'static str {
        match self {
            Order::DayFirst => "dmy",
            Order::MonthFirst => "mdy",
            Order::YearFirst => "ymd",
        }
    }

    /// The order that is called so.
    pub fn parse(text: &str) -> Option<Order> {
        let text = text.to_ascii_lowercase();
        Order::ALL.into_iter().find(|order| order.name() == text)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Order::DayFirst => "day first",
            Order::MonthFirst => "month first",
            Order::YearFirst => "year first",
        }
    }
}

/// One of the ways in which a column can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Numbers, with this mark.
    Mark(Mark),
    /// Days, in this order.
    Order(Order),
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Mark(Mark::Point) => f.write_str("a point before the decimal places"),
            Way::Mark(Mark::Comma) => f.write_str("a comma before the decimal places"),
            Way::Order(order) => f.write_str(order.words()),
        }
    }
}

/// A value of a file, and the line on which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The line, from 1.
    pub line: u64,
    /// The value as written.
    pub value: String,
}

/// What the values of a column show of the way in which they are written.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The ways that are possible at all.
    ways: Vec<Way>,
    /// For each way the first value that cannot be read in it.
    against: Vec<Option<Seen>>,
    /// The first value that is read differently in two ways.
    open: Option<Seen>,
}

/// What is known when all values were seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Every value is read the same in all ways.
    Plain,
    /// One way fits; the value shows it that fits no other.
    One(Way, Seen),
    /// Several ways fit, and make a difference for this value.
    Open(Vec<Way>, Seen),
    /// No way fits: of each two values one is in another way.
    None(Vec<Seen>),
}

impl Evidence {
    /// Nothing was seen yet of a column of days.
    pub fn of_days() -> Evidence {
        Evidence::of(Order::ALL.map(Way::Order).into())
    }

    /// Nothing was seen yet of a column of numbers.
    pub fn of_numbers() -> Evidence {
        Evidence::of(Mark::ALL.map(Way::Mark).into())
    }

    fn of(ways: Vec<Way>) -> Evidence {
        Evidence {
            against: vec![None; ways.len()],
            ways,
            open: None,
        }
    }

    /// Takes note of a value that can be read in the ways that `fits` is true for, and differently in two of them if
    /// `differs`. One that fits no way says nothing.
    pub fn see(&mut self, line: u64, value: &str, fits: impl Fn(Way) -> bool, differs: bool) {
        let possible: Vec<bool> = self.ways.iter().map(|way| fits(*way)).collect();
        if possible.iter().all(|fits| !fits) {
            return;
        }
        let seen = || Seen {
            line,
            value: value.to_owned(),
        };
        for (fits, against) in possible.iter().zip(&mut self.against) {
            if !fits && against.is_none() {
                *against = Some(seen());
            }
        }
        if differs && self.open.is_none() {
            self.open = Some(seen());
        }
    }

    /// True if a value alone left it open.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// What all values together show.
    pub fn finding(&self) -> Finding {
        let left: Vec<Way> = self
            .ways
            .iter()
            .zip(&self.against)
            .filter(|(_, against)| against.is_none())
            .map(|(way, _)| *way)
            .collect();
        let mut against: Vec<Seen> = self.against.iter().flatten().cloned().collect();
        against.dedup();
        match (left.as_slice(), &self.open) {
            ([], _) => Finding::None(against),
            // What left no other way.
            ([way], _) => match against.into_iter().max_by_key(|seen| seen.line) {
                Some(seen) => Finding::One(*way, seen),
                None => Finding::Plain,
            },
            (_, Some(open)) => Finding::Open(left, open.clone()),
            (_, None) => Finding::Plain,
        }
    }
}
