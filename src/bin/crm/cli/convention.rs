//! How a file writes numbers and days, as far as a person has to say it.

use std::io::BufRead;

use clap::Args;
use crm::domain::convention::{Mark, Order, Way};
use crm::error::{Error, Result};
use crm::ops::import::Request;
use crm::ops::import::convention::{self, Conventions, Open, Survey};
use crm::ops::import::preset::Plan;

use crate::cli::input::Input;
use crate::ctx::{Ctx, Session};

/// How numbers and days are written
#[derive(Debug, Args)]
pub(crate) struct ConventionArgs {
    /// Order of days in the file where its rows leave it open: dmy, mdy or ymd
    #[arg(long, value_name = "ORDER")]
    date_order: Option<String>,
    /// Mark before decimal places in the file where its rows leave it open: `.` or `,`
    #[arg(long, value_name = "MARK")]
    decimal: Option<String>,
}

impl ConventionArgs {
    /// What was said.
    ///
    /// # Errors
    ///
    /// Usage for a word that means nothing.
    pub(crate) fn said(&self) -> Result<Conventions> {
        let mut said = Conventions::default();
        if let Some(text) = &self.date_order {
            let order = Order::parse(text)
                .ok_or_else(|| Error::usage(format!("--date-order takes dmy, mdy or ymd, not {text:?}")))?;
            said.order = Some(order);
        }
        if let Some(text) = &self.decimal {
            let mark = Mark::parse(text)
                .ok_or_else(|| Error::usage(format!("--decimal takes `.` or `,`, not {text:?}")))?;
            said.mark = Some(mark);
        }
        Ok(said)
    }
}

/// How the file writes numbers and days: as it shows itself, or as a person says.
///
/// # Errors
///
/// Usage where several ways fit and nobody can be asked, or none does; whatever reading fails with.
pub(crate) fn agreed(
    ctx: &Ctx,
    session: &Session,
    input: &Input,
    plan: Option<&Plan>,
    request: &Request,
) -> Result<Conventions> {
    let survey = session.store.read(&session.caller, |tx| {
        let mut rows = input.rows()?;
        convention::survey(tx, &mut rows, plan, request)
    })?;
    if !survey.torn.is_empty() {
        return survey.certain();
    }
    let Survey {
        mut conventions,
        open,
        told,
        ..
    } = survey;
    for open in &open {
        let is_settled = match open.ways.first() {
            Some(Way::Order(_)) => conventions.order.is_some(),
            _ => conventions.mark.is_some(),
        };
        if is_settled {
            continue;
        }
        match ask(ctx, open)? {
            Way::Order(order) => conventions.order = Some(order),
            Way::Mark(mark) => conventions.mark = Some(mark),
        }
    }
    for (column, way, seen) in &told {
        let why = match seen {
            Some(seen) => format!("as {} shows (line {})", seen.value, seen.line),
            None => "as the settings say".to_owned(),
        };
        ctx.ui.note(&format!("{column}: {way}, {why}"));
    }
    Ok(conventions)
}

/// Asks in which way a column is meant.
fn ask(ctx: &Ctx, open: &Open) -> Result<Way> {
    let Open { ways, readings, .. } = open;
    if !ctx.can_ask() {
        let flags: Vec<String> = ways.iter().map(|way| flag(*way)).collect();
        return Err(Error::usage(format!(
            "{open} is {}; say {}",
            readings.join(" or "),
            flags.join(" or ")
        )));
    }
    ctx.ui.note(&format!("{open} is"));
    for (at, (way, reading)) in ways.iter().zip(readings).enumerate() {
        ctx.ui.note(&format!("  {}  {reading}  ({way})", at + 1));
    }
    ctx.ui.note("which one? [a number]");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    let at = answer
        .trim()
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    let way = at.and_then(|at| ways.get(at)).copied();
    way.ok_or_else(|| Error::usage("nothing was chosen, and nothing imported"))
}

/// The flag that says a way.
fn flag(way: Way) -> String {
    match way {
        Way::Order(order) => format!("--date-order {}", order.name()),
        Way::Mark(mark) => format!("--decimal {}", mark.character()),
    }
}
