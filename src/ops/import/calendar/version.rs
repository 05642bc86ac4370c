//! Several versions of one entry in a file: the latest counts.

use std::collections::{HashMap, VecDeque};

use crate::domain::digest;
use crate::ops::import::rows;
use crate::ops::import::verdict::Verdict;
use crate::wire::read::rows::{Item, Row, RowError};

use super::entry::Entry;

/// The most that is held back, in bytes: a later version further down comes too late.
const HELD: usize = 32 << 20;

/// What is to be done with a part of the file.
pub(super) enum Step {
    /// The entry is taken.
    Take(Row),
    /// The entry is not taken, and why. What is no loss is told only where every row is.
    Pass {
        /// The entry.
        row: Row,
        /// What becomes of it.
        verdict: Verdict,
        /// Why.
        reason: String,
        /// Whether something else of it counts.
        is_news: bool,
    },
    /// It is no entry.
    Broken(RowError),
}

/// An entry that was there before.
struct Known {
    line: u64,
    sequence: u64,
    /// What it says.
    mark: String,
    /// The number of its step.
    step: usize,
}

/// Entries of a file in its order, held back as long as a later version of them may come.
#[derive(Default)]
pub(super) struct Versions {
    steps: VecDeque<Step>,
    /// How many steps went out before the first that is held.
    gone: usize,
    bytes: usize,
    known: HashMap<String, Known>,
}

impl Versions {
    /// Takes in the next part of the file.
    pub(super) fn push(&mut self, item: Item) {
        let step = match item {
            Ok(row) => self.judge(row),
            Err(error) => Step::Broken(error),
        };
        self.bytes += size(&step);
        self.steps.push_back(step);
    }

    /// The next step that is due before more is taken in; none while there is room.
    pub(super) fn due(&mut self) -> Option<Step> {
        (self.bytes > HELD).then(|| self.pop()).flatten()
    }

    /// The next step in the order of the file; none when there is no more.
    pub(super) fn pop(&mut self) -> Option<Step> {
        let step = self.steps.pop_front()?;
        self.gone += 1;
        self.bytes = self.bytes.saturating_sub(size(&step));
        Some(step)
    }

    /// What becomes of an entry, and of an older version of it.
    fn judge(&mut self, row: Row) -> Step {
        let entry = Entry::new(&row);
        let Some(uid) = entry.uid().map(str::to_owned) else {
            return Step::Take(row);
        };
        let (sequence, line) = (entry.sequence(), row.line);
        let which = match entry.recurrence() {
            "" => "UID".to_owned(),
            recurrence => format!("UID and RECURRENCE-ID {recurrence}"),
        };
        let now = Known {
            line,
            sequence,
            mark: digest::sha256(format!("{:?}", row.cells).as_bytes()),
            step: self.gone + self.steps.len(),
        };
        let Some(before) = self.known.get_mut(&uid) else {
            self.known.insert(uid, now);
            return Step::Take(row);
        };
        let pass = |row, verdict, reason, is_news| Step::Pass {
            row,
            verdict,
            reason,
            is_news,
        };
        let outdone = |line: u64, new: u64, old: u64| {
            format!("line {line} has a later version of the same {which} (SEQUENCE {new} after {old})")
        };
        if before.mark == now.mark {
            let reason = format!("line {} says the same with the same {which}", before.line);
            return pass(row, Verdict::Skipped, reason, false);
        }
        if sequence < before.sequence {
            let reason = outdone(before.line, before.sequence, sequence);
            return pass(row, Verdict::Skipped, reason, true);
        }
        if sequence == before.sequence {
            // A record has no place for both, and nothing tells which counts.
            let reason = format!(
                "line {} has the same {which} and SEQUENCE {sequence}, and says something else",
                before.line
            );
            return pass(row, Verdict::Rejected, reason, true);
        }
        let held = before.step.checked_sub(self.gone);
        let Some(old) = held.and_then(|at| self.steps.get_mut(at)) else {
            let reason = format!(
                "line {} has an earlier version of the same {which}, and is taken in already",
                before.line
            );
            return pass(row, Verdict::Rejected, reason, true);
        };
        let reason = outdone(line, sequence, before.sequence);
        *before = now;
        if let Step::Take(earlier) = old {
            let earlier = std::mem::replace(
                earlier,
                Row {
                    line,
                    cells: Vec::new(),
                    raw: Vec::new(),
                },
            );
            *old = pass(earlier, Verdict::Skipped, reason, true);
        }
        Step::Take(row)
    }
}

/// About how many bytes a step takes.
fn size(step: &Step) -> usize {
    match step {
        Step::Take(row) | Step::Pass { row, .. } => {
            let cells = row.cells.iter();
            cells
                .map(|(name, input)| name.len() + rows::size(input))
                .sum::<usize>()
                + 128
        }
        Step::Broken(error) => error.raw.iter().map(String::len).sum::<usize>() + 128,
    }
}
