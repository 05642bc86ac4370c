//! What the dashboard asks for reports.

use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::report::behind::{self, Row};
use crm::report::drill::Drill;
use crm::report::{self, Report, Request, compare};
use crm::store::{ReadTx, links};

/// More records than these are not told one by one.
const MOST: usize = 1_000;

/// A report as it is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) name: &'static str,
    pub(crate) request: Request,
    /// Beside the period before.
    pub(crate) compare: bool,
}

/// The records behind a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Behind {
    /// Its figures are not made of records of one kind, or not of such as a list shows.
    Unknown,
    /// There is none.
    Nothing,
    /// Those that all of these filters select.
    List(Noun, Vec<String>),
}

impl Ask {
    /// Makes the report.
    pub(super) fn run(&self, tx: &ReadTx<'_>) -> Result<Report> {
        match self.compare {
            true => compare::run(tx, self.name, &self.request),
            false => report::run(tx, self.name, &self.request),
        }
    }

    /// The records behind a row of it.
    pub(super) fn behind(&self, tx: &ReadTx<'_>, row: &Row) -> Result<Behind> {
        let Some(behind) = behind::behind(tx, self.name, &self.request, row)? else {
            return Ok(Behind::Unknown);
        };
        if behind.counted == Some(0) {
            return Ok(Behind::Nothing);
        }
        match behind.drill {
            Drill::Filtered(noun, filters) => Ok(Behind::List(noun, filters)),
            Drill::Records(_, ids) if ids.is_empty() => Ok(Behind::Nothing),
            Drill::Records(_, ids) if ids.len() > MOST => Err(Error::usage(format!(
                "no filter selects these {} records, and they are too many to name; a filter or a shorter period \
                 makes them fewer",
                ids.len()
            ))),
            Drill::Records(noun, ids) => {
                let mut references = Vec::with_capacity(ids.len());
                for id in ids {
                    let link = links::link(tx, noun, id)?;
                    references.extend(link.map(|link| link.reference().to_string()));
                }
                Ok(Behind::List(noun, vec![format!("id:{}", references.join(","))]))
            }
        }
    }
}
