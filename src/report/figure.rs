//! Figures that keep the records which they count: as many as the number says, because the number is how many there are.

use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::list;
use crate::report::behind::{self, Behind, Row};
use crate::report::drill::Drill;
use crate::report::groups::Names;
use crate::report::{Dimension, Request, agents, sla, steps, tickets};
use crate::store::rollups::{Group, Heading, Key};
use crate::store::{ReadTx, records};

/// The columns of a report whose records can be asked for by name, the usual one first; empty where a report tells the
/// records behind all of its figures together, or none.
pub fn figures(report: &str) -> &'static [&'static str] {
    match report {
        tickets::NAME => tickets::FIGURES,
        steps::NAME => steps::FIGURES,
        sla::NAME => sla::FIGURES,
        agents::NAME => agents::FIGURES,
        _ => &[],
    }
}

/// The figure whose records are wanted; none where the report has no choice of them.
///
/// # Errors
///
/// `Usage` with those that there are.
pub fn chosen(report: &str, request: &Request) -> Result<Option<&'static str>> {
    let known = figures(report);
    let Some(wanted) = &request.figure else {
        return Ok(known.first().copied());
    };
    match known.iter().find(|figure| *figure == wanted) {
        Some(figure) => Ok(Some(figure)),
        None if known.is_empty() => Err(Error::usage(format!(
            "the records of the report {report} are those behind all of its figures, so {wanted:?} cannot be chosen"
        ))),
        None => {
            let near = near(wanted, known.iter().copied());
            Err(Error::usage(format!(
                "the report {report} has no records of {wanted:?}, only of {}",
                known.join(", ")
            ))
            .with_near(near))
        }
    }
}

/// Tickets of all groups.
pub(super) fn all<T>(
    tx: &ReadTx<'_>,
    request: &Request,
    lines: &[(Key, Heading, T)],
    ids: impl Fn(&T) -> Vec<Id>,
    filter: Option<String>,
) -> Result<Drill> {
    live(
        tx,
        request,
        filter,
        each_once(lines.iter().flat_map(|(.., line)| ids(line))),
    )
}

/// Tickets of the group of a row, or of all.
pub(super) fn of_row<T>(
    tx: &ReadTx<'_>,
    (request, row): (&Request, &Row),
    (lines, group): (&[(Key, Heading, T)], Group),
    ids: impl Fn(&T) -> Vec<Id>,
    filter: Option<String>,
) -> Result<Behind> {
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let own = lines
        .iter()
        .filter(|(_, heading, _)| row.is_total || row.cells.first() == Some(&names.cell(group, heading)));
    let ids = each_once(own.flat_map(|(.., line)| ids(line)));
    let counted = i64::try_from(ids.len()).ok();
    let mut narrowed = request.clone();
    let by = if group == Group::Assignee {
        Some(Dimension::Assignee)
    } else {
        row.by
    };
    if let Some(by) = by.filter(|_| !row.is_total) {
        narrowed
            .filters
            .push(behind::of_group(tickets::NAME, by, row.name()));
    }
    Ok(Behind {
        drill: live(tx, &narrowed, filter, ids)?,
        counted,
    })
}

/// What a filter lists, if it selects just these; else these one by one.
fn live(tx: &ReadTx<'_>, request: &Request, filter: Option<String>, ids: Vec<Id>) -> Result<Drill> {
    if let Some(filter) = filter {
        let drill = Drill::filtered(Noun::Ticket, request, filter);
        if let Drill::Filtered(noun, filters) = &drill {
            let mut found = records::ids(tx, *noun, &list::condition(tx, *noun, filters)?)?;
            found.sort_unstable_by(|a, b| b.cmp(a));
            if found == ids {
                return Ok(drill);
            }
        }
    }
    Ok(Drill::Records(Noun::Ticket, ids))
}

/// Each record once, the newest first as in any list.
pub(super) fn each_once(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    let ids: BTreeSet<Id> = ids.collect();
    ids.into_iter().rev().collect()
}

/// How many there are, as a report counts.
pub(super) fn count(ids: &[Id]) -> i64 {
    i64::try_from(ids.len()).unwrap_or(i64::MAX)
}
