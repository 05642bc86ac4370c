//! Groups of deals as rows: their order, their names, and what is not in their sums.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;

use crate::domain::id::Ref;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::report::Cell;
use crate::store::ReadTx;
use crate::store::rollups::{self, Deals, Group, Heading, Key, Side, Tally};

/// The groups in the order of the rows, and all deals together.
pub(super) struct Groups {
    pub(super) tallies: Vec<Tally>,
    pub(super) totals: Vec<Side>,
}

/// Reads the figures of every group and of all deals.
pub(super) fn read(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Groups> {
    let mut tallies = rollups::tallies(tx, deals, group)?;
    let totals = if group.is_many() || tallies.is_empty() {
        rollups::total(tx, deals)?
    } else {
        sum(&tallies)
    };
    tallies.sort_by(|a, b| order(group, (&a.heading, first(a)), (&b.heading, first(b))));
    Ok(Groups { tallies, totals })
}

/// Where every deal is in one group, the exact sums of the groups are those of the deals.
fn sum(tallies: &[Tally]) -> Vec<Side> {
    let mut totals: Vec<Side> = Vec::new();
    for tally in tallies {
        totals.resize(tally.sides.len(), Side::default());
        for (total, side) in totals.iter_mut().zip(&tally.sides) {
            total.add(side);
        }
    }
    totals
}

fn first(tally: &Tally) -> i64 {
    tally.sides.first().map_or(0, |side| side.deals)
}

/// Stages stand in their order, months and quarters in time; everything else by what it has most of, then by name.
/// Deals that have nothing there come last.
pub(super) fn order(group: Group, a: (&Heading, i64), b: (&Heading, i64)) -> Ordering {
    let in_time = matches!(group, Group::Month | Group::Quarter);
    let rank = |(heading, count): (&Heading, i64)| {
        let count = if in_time { 0 } else { count };
        (heading.name.is_none(), heading.place, Reverse(count))
    };
    rank(a)
        .cmp(&rank(b))
        .then_with(|| a.0.name.cmp(&b.0.name))
        .then_with(|| a.0.no.cmp(&b.0.no))
}

/// Groups that are put together from several walks.
pub(super) struct Lines<T> {
    lines: HashMap<Key, (Heading, T)>,
}

impl<T: Default> Lines<T> {
    pub(super) fn new() -> Lines<T> {
        Lines {
            lines: HashMap::new(),
        }
    }

    /// The figures of a group; new ones where it was not met before.
    pub(super) fn at(&mut self, key: &Key, heading: &Heading) -> &mut T {
        let line = self.lines.entry(key.clone());
        &mut line.or_insert_with(|| (heading.clone(), T::default())).1
    }

    /// Does `work` with the figures of every group.
    pub(super) fn each(&mut self, work: impl Fn(&mut T)) {
        for (_, line) in self.lines.values_mut() {
            work(line);
        }
    }

    /// The groups in the order of the rows; `count` is what a group has most of.
    pub(super) fn sorted(self, group: Group, count: impl Fn(&T) -> i64) -> Vec<(Key, Heading, T)> {
        let lines = self.lines.into_iter();
        let mut sorted: Vec<(Key, Heading, T)> =
            lines.map(|(key, (heading, line))| (key, heading, line)).collect();
        sorted.sort_by(|a, b| order(group, (&a.1, count(&a.2)), (&b.1, count(&b.2))));
        sorted
    }
}

/// How groups are called. Of several records of one name each is told by its ref.
pub(super) struct Names {
    noun: Option<Noun>,
    seen: HashMap<String, Vec<i64>>,
}

impl Names {
    pub(super) fn of<'h>(group: Group, headings: impl Iterator<Item = &'h Heading>) -> Names {
        let noun = match group {
            Group::Customer => Some(Noun::Customer),
            Group::Product => Some(Noun::Product),
            _ => None,
        };
        let mut seen: HashMap<String, Vec<i64>> = HashMap::new();
        if noun.is_some() {
            for heading in headings {
                let Some(name) = &heading.name else { continue };
                let numbers = seen.entry(name.clone()).or_default();
                if !numbers.contains(&heading.no) {
                    numbers.push(heading.no);
                }
            }
        }
        Names { noun, seen }
    }

    /// The name of one of the groups; a single group of everything is `all`.
    pub(super) fn cell(&self, group: Group, heading: &Heading) -> Cell {
        let Some(name) = &heading.name else {
            return if group == Group::All {
                Cell::Text("all".to_owned())
            } else {
                Cell::Null
            };
        };
        let twins = self.seen.get(name).is_some_and(|numbers| numbers.len() > 1);
        Cell::Text(match self.noun {
            Some(noun) if twins => {
                let no = heading.no;
                format!("{name} ({})", Ref { noun, no })
            }
            _ => name.clone(),
        })
    }
}

impl Groups {
    /// How the groups are called.
    pub(super) fn names(&self, group: Group) -> Names {
        Names::of(group, self.tallies.iter().map(|tally| &tally.heading))
    }

    /// All deals of one side; none where there are none.
    pub(super) fn total(&self, at: usize) -> Side {
        side(&self.totals, at)
    }
}

/// One side of a group.
pub(super) fn side(sides: &[Side], at: usize) -> Side {
    sides.get(at).copied().unwrap_or_default()
}

/// Why deals of these sides are not in the sums, and how many.
pub(super) fn without_amount(sides: &[Side]) -> Vec<(String, i64)> {
    let mut all = Side::default();
    for side in sides {
        all.add(side);
    }
    vec![
        ("no amount".to_owned(), all.deals - all.with_amount),
        ("no rate".to_owned(), all.with_amount - all.in_sum),
    ]
}
