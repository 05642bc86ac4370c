//! How many there are, as far as it is worth counting.

use std::ops::Add;

/// A number of records, counted up to a bound: people want to know whether it is three or three hundred, and a list
/// over a million records must not visit them all to say so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many were counted.
    pub counted: u64,
    /// Whether there are more than were counted.
    pub is_more: bool,
}

impl Count {
    /// The most that is counted.
    pub const MOST: u64 = 10_000;

    /// True if there is nothing.
    pub fn is_none(self) -> bool {
        self.counted == 0
    }

    /// What is known after looking for one more than the most.
    pub fn found(rows: u64) -> Count {
        Count::up_to(Count::MOST, rows)
    }

    /// What is known after looking for one more than `most`.
    pub fn up_to(most: u64, rows: u64) -> Count {
        Count {
            counted: rows.min(most),
            is_more: rows > most,
        }
    }
}

impl Add for Count {
    type Output = Count;

    fn add(self, other: Count) -> Count {
        Count {
            counted: self.counted + other.counted,
            is_more: self.is_more || other.is_more,
        }
    }
}
