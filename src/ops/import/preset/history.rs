//! Rows that tell in which stages deals have been: they make no records, and give the deals that are there their past.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::field::{self, FieldType};
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::domain::when::Leaning;
use crate::error::{Error, Kind, Result};
use crate::ops::deal::past::{Stay, retell};
use crate::ops::deal::place::stage_named;
use crate::ops::import::entry::with_lines;
use crate::ops::import::verdict::{Judged, Origin, Sink, Summary, Verdict};
use crate::ops::import::{self as import, BATCH};
use crate::ops::list;
use crate::ops::typed::{self, OnMissing, Policy};
use crate::store::{WriteTx, deals, links, records, seed};
use crate::wire::cell;
use crate::wire::read::rows::{Item, Row};

use super::cells::Cells;
use super::plan::Plan;
use super::wanted::Request;

/// So many stays are kept until all are read.
const MOST: usize = 2_000_000;

/// What a row tells of a deal.
struct Told {
    line: u64,
    stay: Stay,
    /// What else it says, as a line of the note.
    rest: Option<String>,
}

/// Reads all rows, then lets each deal have been where they say.
///
/// # Errors
///
/// Whatever reading the rows or the store fails with. A row that is refused is no error.
pub(super) fn run(
    tx: &WriteTx<'_>,
    plan: &Plan,
    rows: impl Iterator<Item = Result<Item>>,
    request: &import::Request,
    sink: &mut dyn Sink,
) -> Result<Summary> {
    let mut summary = Summary::default();
    let mut told: BTreeMap<Id, Vec<Told>> = BTreeMap::new();
    let mut count = 0;
    let policy = Policy {
        on_missing: request.on_missing.unwrap_or(OnMissing::Fail),
        ..Policy::strict()
    };
    for item in rows {
        let row = match item? {
            Ok(row) => row,
            Err(error) => {
                summary.rejected += 1;
                sink.judged(&Judged::broken(&error))?;
                continue;
            }
        };
        match stay(tx, plan, &row, &policy) {
            Ok(Some((deal, stay))) if count < MOST => {
                count += 1;
                told.entry(deal).or_default().push(stay);
            }
            Ok(Some(_)) => refuse(
                &row,
                None,
                "there are too many rows of history",
                &mut summary,
                sink,
            )?,
            Ok(None) => {
                summary.skipped += 1;
                sink.judged(&judged(
                    &row,
                    Verdict::Skipped,
                    "the file says that it is not wanted",
                ))?;
            }
            Err(error) if import::is_about_the_row(error.kind()) => {
                refuse(&row, error.field(), error.message(), &mut summary, sink)?;
            }
            Err(error) => return Err(error.context(format!("line {}", row.line))),
        }
    }
    for (done, (deal, stays)) in told.into_iter().enumerate() {
        if (done as u64 + 1).is_multiple_of(BATCH) {
            tx.settle()?;
        }
        let verdict = match apply(tx, deal, &stays)? {
            true => Verdict::Updated,
            false => Verdict::Unchanged,
        };
        let link = links::link(tx, Noun::Deal, deal)?;
        for stay in &stays {
            *summary.count_of(verdict) += 1;
            let row = Row {
                line: stay.line,
                cells: Vec::new(),
                raw: Vec::new(),
            };
            sink.judged(&Judged {
                reference: link.as_ref().map(|link| link.reference().to_string()),
                name: link.as_ref().map(|link| link.name.clone()).unwrap_or_default(),
                ..judged(&row, verdict, "")
            })?;
        }
    }
    tx.describe(format!(
        "Imported the history of {} deals from {}",
        summary.updated, request.file
    ));
    Ok(summary)
}

/// The deal that a row is about, and its stay; none for a row that is left out.
fn stay(tx: &WriteTx<'_>, plan: &Plan, row: &Row, policy: &Policy) -> Result<Option<(Id, Told)>> {
    let Cells::Made(entries) = plan.cells(row) else {
        return Ok(None);
    };
    let Some((_, entry)) = entries.into_iter().next() else {
        return Ok(None);
    };
    let request = Request::read(Noun::Deal, entry, &[]);
    let deal = deal(tx, &request)?;
    let known = deals::get(tx, deal)?.ok_or_else(|| Error::not_found(Noun::Deal, &deal.uid()))?;
    let stages = seed::stages(tx, known.pipeline)?;
    let Some(stage) = super::deal::known_stage(tx, &request.places, &stages)? else {
        let said = request.places.first().map_or("", |place| place.said.as_str());
        let made = stage_named(tx, known.pipeline, said, policy)?;
        let Some(stage) = made else { return Ok(None) };
        return told(tx, row, &request, stage).map(|told| Some((deal, told)));
    };
    told(tx, row, &request, stage).map(|told| Some((deal, told)))
}

/// The deal with the identity that a row names.
fn deal(tx: &WriteTx<'_>, request: &Request) -> Result<Id> {
    let ids = request.wanted.texts("external_ids");
    for (_, text) in &ids {
        if let Some((system, value)) = text.split_once(':')
            && let Some(id) = links::by_external_id(tx, system, Noun::Deal, value)?
        {
            return Ok(id);
        }
    }
    let named = ids.first().map_or("", |(_, text)| text.as_str());
    Err(Error::new(
        Kind::Invalid,
        format!("there is no deal {named:?} whose history this could be"),
    ))
}

fn told(tx: &WriteTx<'_>, row: &Row, request: &Request, stage: seed::Stage) -> Result<Told> {
    let day = request.stage_since.as_deref().unwrap_or_default();
    let on = match typed::scalar(tx, "stage_since", FieldType::Date, day, Leaning::Past) {
        Ok(Value::Date(day)) => day,
        _ => {
            return Err(Error::invalid(
                "stage_since",
                format!("{day:?} is no day on which a deal came into a stage"),
            ));
        }
    };
    let amount = match (field::find(Noun::Deal, "amount"), request.wanted.get("amount")) {
        (Some(_), Some(input)) => match typed::money(tx, "amount", input)? {
            Value::Money(money) => Some(money.minor),
            _ => None,
        },
        _ => None,
    };
    Ok(Told {
        line: row.line,
        stay: Stay {
            on,
            amount,
            probability: request.wanted.text("probability").and_then(typed::percent),
            stage,
        },
        rest: rest(on, &request.notes),
    })
}

fn rest(on: Date, notes: &[String]) -> Option<String> {
    (!notes.is_empty()).then(|| format!("{on}: {}", notes.join("; ")))
}

/// Writes the history of a deal; true if anything was new.
fn apply(tx: &WriteTx<'_>, deal: Id, stays: &[Told]) -> Result<bool> {
    let mut changed = retell(tx, deal, stays.iter().map(|told| told.stay.clone()).collect())?;
    let lines: Vec<String> = stays.iter().filter_map(|told| told.rest.clone()).collect();
    if !lines.is_empty() {
        let columns = [list::column(tx, Noun::Deal, "note")?];
        let values = records::get(tx, Noun::Deal, deal, &columns)?.unwrap_or_default();
        let known = values.first().map(cell::cell).unwrap_or_default();
        let text = with_lines(&known, &lines);
        if text != known.trim_end() {
            let note = ("note".to_owned(), Input::Text(text));
            changed |= crate::ops::deal::edit(
                tx,
                deal,
                &[note],
                crate::ops::draft::Lists::Add,
                &Policy::strict(),
            )?
            .changed;
        }
    }
    Ok(changed)
}

fn refuse(
    row: &Row,
    field: Option<&str>,
    reason: &str,
    summary: &mut Summary,
    sink: &mut dyn Sink,
) -> Result<()> {
    summary.rejected += 1;
    sink.judged(&Judged {
        field,
        ..judged(row, Verdict::Rejected, reason)
    })
}

fn judged<'r>(row: &'r Row, verdict: Verdict, reason: &'r str) -> Judged<'r> {
    Judged {
        line: row.line,
        verdict,
        reference: None,
        name: String::new(),
        field: None,
        reason,
        origin: Origin::Row(row),
    }
}
