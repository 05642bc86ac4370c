//! A report as a person has asked for it: its name, period, rows, filters. As words it is the command line of the same
//! report.

use crm::domain::actor::Caller;
use crm::domain::when::period::Period;
use crm::error::{Error, Result};
use crm::report::{self, Dimension, Entry, Request};

use crate::text::shell;
use crate::tui::query::reports::Ask;

/// How many records of a kind a report of records shows.
const SCREENFULS: u64 = 500;

/// What was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) entry: &'static Entry,
    /// None for the one that the report has by itself.
    pub(crate) period: Option<Period>,
    pub(crate) by: Option<Dimension>,
    pub(crate) filters: Vec<String>,
    pub(crate) compare: bool,
}

impl Asked {
    /// A report as it is by itself.
    pub(crate) fn plain(entry: &'static Entry) -> Asked {
        Asked {
            entry,
            period: None,
            by: None,
            filters: Vec::new(),
            compare: false,
        }
    }

    /// Reads `NAME [--period P] [--by DIM] [-w EXPR] [--compare]`.
    ///
    /// # Errors
    ///
    /// `Usage` or `Invalid` for whatever of it is not known.
    pub(crate) fn read(line: &str, caller: &Caller) -> Result<Asked> {
        let mut words = shell::words(line).map_err(Error::usage)?.into_iter();
        let mut asked = Asked::plain(report::entry(&words.next().unwrap_or_default())?);
        while let Some(flag) = words.next() {
            let mut value = || {
                let value = words.next();
                value.ok_or_else(|| Error::usage(format!("{flag} needs a value")))
            };
            match flag.as_str() {
                "--period" => asked.period = Some(report::period::read(caller, &value()?)?),
                "--by" => asked.by = Some(Dimension::parse(&value()?)?),
                "-w" | "--where" => asked.filters.push(value()?),
                "--compare" => asked.compare = true,
                _ => return Err(Error::usage(format!("a report on a screen has no {flag}"))),
            }
        }
        Ok(asked)
    }

    /// The words of the command that makes the same report.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = vec!["report".to_owned(), self.entry.name.to_owned()];
        if let Some(period) = self.period {
            words.extend(["--period".to_owned(), period.label()]);
        }
        if let Some(by) = self.by {
            words.extend(["--by".to_owned(), by.name().to_owned()]);
        }
        for filter in &self.filters {
            words.extend(["-w".to_owned(), filter.clone()]);
        }
        if self.compare {
            words.push("--compare".to_owned());
        }
        words
    }

    /// The question to the base.
    pub(crate) fn ask(&self) -> Ask {
        let is_of_records = self
            .entry
            .columns
            .first()
            .is_some_and(|column| column.name == "id");
        Ask {
            name: self.entry.name,
            request: Request {
                period: self.period,
                by: self.by,
                filters: self.filters.clone(),
                limit: is_of_records.then_some(SCREENFULS),
                ..Request::default()
            },
            compare: self.compare,
        }
    }

    /// The days that it is about.
    pub(crate) fn days(&self, caller: &Caller) -> Period {
        let usual = || report::period::read(caller, self.entry.period).unwrap_or(Period::ALL);
        self.period.unwrap_or_else(usual)
    }
}

#[cfg(test)]
mod tests {
    use crm::domain::actor::Actor;
    use crm::domain::clock::Clock;

    use super::*;

    #[test]
    fn what_was_asked_reads_back_from_its_words() {
        let clock = Clock::new("2026-11-21T09:00:00Z".parse().unwrap(), jiff::tz::TimeZone::UTC);
        let caller = Caller::new(Actor::founder("self"), clock, 7);
        for (line, words) in [
            ("won", "report won"),
            (
                "won --by month --period 去年 -w 'owner:\"陈 晓\"' --compare",
                "report won --period 2025 --by month -w 'owner:\"陈 晓\"' --compare",
            ),
        ] {
            let asked = Asked::read(line, &caller).unwrap();
            assert_eq!(shell::line(&asked.words()), words);
            let again = shell::line(asked.words().get(1..).unwrap());
            assert_eq!(Asked::read(&again, &caller).unwrap().words(), asked.words());
        }
        for (line, message) in [
            ("wonn", "there is no report \"wonn\""),
            ("won --by", "--by needs a value"),
            ("won --limit 3", "a report on a screen has no --limit"),
            ("won --period 'last moon'", "\"last moon\""),
        ] {
            let error = Asked::read(line, &caller).unwrap_err().to_string();
            assert!(error.contains(message), "{line}: {error}");
        }
    }
}
