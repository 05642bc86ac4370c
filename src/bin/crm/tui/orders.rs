//! What the dashboard does with orders, and as which command it says itself.

use crm::domain::sale::{OrderStatus, ShipmentStatus};
use crm::domain::value::Link;
use crm::domain::when::{Leaning, instant, read};
use crm::error::Result;
use crm::ops::order::{self, pay, ship};
use crm::store::WriteTx;
use jiff::civil::Date;

use crate::tui::command::{on, option};
use crate::tui::deed::{Done, each};

/// What can be done with orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OrderVerb {
    /// To a status, for a reason.
    Move(OrderStatus, Option<String>),
    /// Money came.
    Pay(Given),
    /// Money went back.
    Refund(Given),
    /// Lines of it were sent; none for all that is left.
    Ship {
        lines: Vec<String>,
        carrier: Option<String>,
        tracking: Option<String>,
    },
    /// What was sent has arrived.
    Deliver,
}

/// Money, as a person types it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Given {
    /// None for all that is open, or was kept.
    pub(crate) amount: Option<String>,
    /// A phrase; none for today.
    pub(crate) on: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) reference: Option<String>,
}

impl OrderVerb {
    /// Does it to each.
    ///
    /// # Errors
    ///
    /// Whatever the operation refuses.
    pub(crate) fn run(&self, tx: &WriteTx<'_>, of: &[Link]) -> Result<Done> {
        let title = |what: &str| match self {
            OrderVerb::Move(to, _) => format!("{}: {what}", to.name()),
            OrderVerb::Pay(_) => format!("Received money for {what}"),
            OrderVerb::Refund(_) => format!("Gave back money of {what}"),
            OrderVerb::Ship { .. } => format!("Sent {what}"),
            OrderVerb::Deliver => format!("Delivered {what}"),
        };
        each(tx, of, title, &|tx, id| match self {
            OrderVerb::Move(to, reason) => order::move_to(tx, id, *to, None, reason.as_deref()).map(drop),
            OrderVerb::Pay(given) => pay::pay(tx, id, &given.read(tx)?),
            OrderVerb::Refund(given) => pay::refund(tx, id, &given.read(tx)?),
            OrderVerb::Ship {
                lines,
                carrier,
                tracking,
            } => {
                let given = ship::Given {
                    carrier: carrier.as_deref(),
                    tracking: tracking.as_deref(),
                    lines,
                    ..ship::Given::default()
                };
                ship::send(tx, id, &given)
            }
            OrderVerb::Deliver => ship::mark(tx, id, None, ShipmentStatus::Delivered, None),
        })
    }

    /// The commands that do the same.
    pub(crate) fn words(&self, of: &[Link]) -> Vec<Vec<String>> {
        let given = |flag: &str, value: &Option<String>| match value {
            Some(value) => option(flag, value),
            None => Vec::new(),
        };
        let one_by_one = |verb: &str, rest: &[String]| -> Vec<Vec<String>> {
            let one = |link: &Link| [on(std::slice::from_ref(link), verb), rest.to_vec()].concat();
            of.iter().map(one).collect()
        };
        match self {
            OrderVerb::Move(to, reason) => {
                let verb = match to {
                    OrderStatus::Draft => "reopen",
                    OrderStatus::Confirmed => "confirm",
                    OrderStatus::Processing => "process",
                    OrderStatus::Completed => "complete",
                    OrderStatus::Cancelled => "cancel",
                    OrderStatus::Returned => "return",
                };
                vec![[on(of, verb), given("--reason", reason)].concat()]
            }
            OrderVerb::Pay(money) => one_by_one("pay", &money.words()),
            OrderVerb::Refund(money) => one_by_one("refund", &money.words()),
            OrderVerb::Ship {
                lines,
                carrier,
                tracking,
            } => {
                let options = [given("--carrier", carrier), given("--tracking", tracking)].concat();
                let rest = match lines.iter().any(|line| line.starts_with('-')) {
                    true => [options, vec!["--".to_owned()], lines.clone()].concat(),
                    false => [lines.clone(), options].concat(),
                };
                one_by_one("ship", &rest)
            }
            OrderVerb::Deliver => one_by_one("deliver", &[]),
        }
    }
}

impl Given {
    fn read(&self, tx: &WriteTx<'_>) -> Result<pay::Given<'_>> {
        Ok(pay::Given {
            amount: self.amount.as_deref(),
            on: match &self.on {
                Some(phrase) => day(tx, phrase)?,
                None => None,
            },
            method: self.method.as_deref(),
            reference: self.reference.as_deref(),
            ..pay::Given::default()
        })
    }

    fn words(&self) -> Vec<String> {
        let flags = [
            ("--on", &self.on),
            ("--method", &self.method),
            ("--reference", &self.reference),
        ];
        let flags = flags
            .into_iter()
            .filter_map(|(flag, value)| Some(option(flag, value.as_ref()?)))
            .flatten();
        match &self.amount {
            // Below nothing is no amount; it is refused there as here.
            Some(amount) if amount.starts_with('-') => {
                flags.chain(["--".to_owned(), amount.clone()]).collect()
            }
            amount => amount.iter().cloned().chain(flags).collect(),
        }
    }
}

/// The day that a phrase about the past means.
fn day(tx: &WriteTx<'_>, phrase: &str) -> Result<Option<Date>> {
    let when = read(phrase, &tx.caller().reading(Leaning::Past)).map_err(|error| error.on_field("on"))?;
    Ok(instant::first_day(when))
}
