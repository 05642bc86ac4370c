//! How the numbers and days of a file are written: told from all its rows before the first of them is imported.

use std::collections::HashMap;
use std::fmt;

use super::Request;
use super::mapping::{Mapping, Target};
use super::preset::Plan;
use crate::domain::convention::day;
use crate::domain::convention::number::{self, Unit, Written};
use crate::domain::convention::{Evidence, Finding, Mark, Order, Seen, Way};
use crate::domain::field::FieldType;
use crate::domain::input::Input;
use crate::domain::money::Currency;
use crate::domain::when::DateOrder;
use crate::domain::when::instant::exact;
use crate::error::{Error, Result};
use crate::store::ReadTx;
use crate::wire::read::rows::Reader;

/// How a file writes numbers and days.
#[derive(Debug, Clone, Default)]
pub struct Conventions {
    /// The mark before decimal places, where somebody said it.
    pub mark: Option<Mark>,
    /// The order of days, months and years, where somebody said it.
    pub order: Option<Order>,
    /// What the file itself shows, by column.
    shown: HashMap<String, Way>,
}

/// A column that can be read in several ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The column.
    pub column: String,
    /// The ways.
    pub ways: Vec<Way>,
    /// A value for which it makes a difference.
    pub seen: Seen,
    /// What the value is in each of the ways.
    pub readings: Vec<String>,
}

/// What a whole file shows.
#[derive(Debug, Default)]
pub struct Survey {
    /// What is certain.
    pub conventions: Conventions,
    /// What somebody has to say.
    pub open: Vec<Open>,
    /// Columns that are written now in one way, now in another: two values that do not go together.
    pub torn: Vec<(String, Vec<Seen>)>,
    /// What was told from one value for others that left it open: the column, the way, the value.
    pub told: Vec<(String, Way, Option<Seen>)>,
}

/// The two sorts of values about which there can be a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Day,
}

fn sort(kind: FieldType) -> Option<Sort> {
    match kind {
        FieldType::Money | FieldType::Integer | FieldType::Decimal | FieldType::Percent => Some(Sort::Number),
        FieldType::Date | FieldType::Due | FieldType::Instant | FieldType::Birthday => Some(Sort::Day),
        _ => None,
    }
}

/// A column whose values say how they are written.
struct Watched {
    at: usize,
    column: String,
    kind: FieldType,
    sort: Sort,
    evidence: Evidence,
}

/// The field of an error about values that can be read in several ways.
pub const CONVENTION: &str = "convention";

/// The same, where the order of day and month alone is open.
pub const DAYS: &str = "convention.days";

/// The same, where the mark before decimals alone is open.
pub const NUMBERS: &str = "convention.numbers";

/// Looks through a table for what its columns of numbers and days show, to its end; they are those that `plan` has, where
/// the file is that of another program. What `request` says already is not looked for; a file without such columns is not
/// read at all.
///
/// # Errors
///
/// `Usage` for a mapping that makes no sense; whatever reading the rows or the store fails with.
pub fn survey(tx: &ReadTx<'_>, rows: &mut Reader, plan: Option<&Plan>, request: &Request) -> Result<Survey> {
    let mut survey = Survey {
        conventions: request.conventions.clone(),
        ..Survey::default()
    };
    let Some(columns) = rows.columns().map(<[String]>::to_vec) else {
        return Ok(survey);
    };
    let typed = match plan {
        Some(plan) => {
            let conventions = &mut survey.conventions;
            conventions.order = conventions.order.or(plan.order());
            plan.typed()
                .into_iter()
                .map(|typed| (typed.column, typed.kind))
                .collect()
        }
        None => typed(tx, &columns, request)?,
    };
    let mut watched = Vec::new();
    for (at, kind) in typed {
        let is_said = |sort| match sort {
            Sort::Number => survey.conventions.mark.is_some(),
            Sort::Day => survey.conventions.order.is_some(),
        };
        let sort = sort(kind).filter(|sort| !is_said(*sort));
        if let (Some(sort), Some(column)) = (sort, columns.get(at)) {
            watched.push(Watched {
                at,
                column: column.clone(),
                kind,
                sort,
                evidence: match sort {
                    Sort::Number => Evidence::of_numbers(),
                    Sort::Day => Evidence::of_days(),
                },
            });
        }
    }
    if watched.is_empty() {
        return Ok(survey);
    }
    let base = tx.base_currency()?;
    rows.each_record(&mut |line, cells| {
        for watched in &mut watched {
            let cell = cells.get(watched.at).map_or("", |cell| cell.trim());
            if !cell.is_empty() {
                watched.see(line, cell, base);
            }
        }
    })?;
    survey.conclude(&watched, tx.caller().date_order);
    Ok(survey)
}

/// The columns that feed fields, and the sort of their values.
fn typed(tx: &ReadTx<'_>, columns: &[String], request: &Request) -> Result<Vec<(usize, FieldType)>> {
    let mut mapping = Mapping::new(tx, request, Some(columns))?;
    let mut typed = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        if let Target::Field(_, kind) = mapping.target(tx, column)? {
            typed.push((at, kind));
        }
    }
    Ok(typed)
}

impl Watched {
    fn see(&mut self, line: u64, cell: &str, base: Currency) {
        match self.sort {
            Sort::Number => {
                let Some(written) = Written::parse(cell) else {
                    return;
                };
                let [point, comma] = Mark::ALL.map(|mark| fitting(&written, mark, self.kind, base));
                let differs = point.is_some() && comma.is_some() && point != comma;
                let fits = |way| match way {
                    Way::Mark(Mark::Point) => point.is_some(),
                    Way::Mark(Mark::Comma) => comma.is_some(),
                    Way::Order(_) => false,
                };
                self.evidence.see(line, cell, fits, differs);
            }
            Sort::Day => {
                let Some(written) = day::Written::parse(cell) else {
                    return;
                };
                let fits = |way| matches!(way, Way::Order(order) if written.fits(order));
                self.evidence.see(line, cell, fits, written.is_open());
            }
        }
    }

    /// What a value is in one of the ways.
    fn reading(&self, way: Way, value: &str) -> String {
        let reading = match way {
            Way::Mark(mark) => Written::parse(value).and_then(|written| written.plain(mark)),
            Way::Order(order) => day::Written::parse(value).and_then(|written| written.plain(order)),
        };
        reading.unwrap_or_default()
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (column, value, line) = (&self.column, &self.seen.value, self.seen.line);
        write!(
            f,
            "{column:?} can be read in more than one way: {value} (line {line})"
        )
    }
}

impl Survey {
    /// What is certain, where nobody can be asked.
    ///
    /// # Errors
    ///
    /// `Usage` if a column can be read in several ways, or in none.
    pub fn certain(self) -> Result<Conventions> {
        let refuse = |message: String, about| Err(Error::usage(message).on_field(about));
        if let Some((column, seen)) = self.torn.first() {
            let values: Vec<String> = seen
                .iter()
                .map(|seen| format!("{} (line {})", seen.value, seen.line))
                .collect();
            return refuse(
                format!(
                    "{column:?} is not written in one way: {} do not go together",
                    values.join(" and ")
                ),
                CONVENTION,
            );
        }
        match self.open.first() {
            Some(open) => {
                let about = match open.ways.first() {
                    Some(Way::Order(_)) => DAYS,
                    Some(Way::Mark(_)) => NUMBERS,
                    None => CONVENTION,
                };
                refuse(format!("{open} is {}", open.readings.join(" or ")), about)
            }
            None => Ok(self.conventions),
        }
    }

    /// What the columns show by themselves, and then what they show of each other: one program wrote them all.
    fn conclude(&mut self, watched: &[Watched], usual: Option<DateOrder>) {
        let findings: Vec<Finding> = watched.iter().map(|column| column.evidence.finding()).collect();
        let shown = |sort: Sort| {
            let mut ways = watched
                .iter()
                .zip(&findings)
                .filter_map(|(column, finding)| match finding {
                    Finding::One(way, seen) if column.sort == sort => Some((*way, seen.clone())),
                    _ => None,
                });
            let first = ways.next()?;
            ways.all(|(way, _)| way == first.0).then_some(first)
        };
        let usual = usual.map(|order| {
            Way::Order(match order {
                DateOrder::DayMonthYear => Order::DayFirst,
                DateOrder::MonthDayYear => Order::MonthFirst,
            })
        });
        for (column, finding) in watched.iter().zip(&findings) {
            let name = column.column.clone();
            match finding {
                Finding::Plain => {}
                Finding::One(way, seen) => {
                    self.conventions.shown.insert(name.clone(), *way);
                    if column.evidence.is_open() {
                        self.told.push((name, *way, Some(seen.clone())));
                    }
                }
                Finding::None(seen) => self.torn.push((name, seen.clone())),
                Finding::Open(ways, seen) => {
                    let known = shown(column.sort).map(|(way, seen)| (way, Some(seen)));
                    let usual = usual.filter(|_| column.sort == Sort::Day).map(|way| (way, None));
                    if let Some((way, by)) = known.or(usual).filter(|(way, _)| ways.contains(way)) {
                        self.conventions.shown.insert(name.clone(), way);
                        self.told.push((name, way, by));
                    } else {
                        self.open.push(Open {
                            column: name,
                            ways: ways.clone(),
                            seen: seen.clone(),
                            readings: ways.iter().map(|way| column.reading(*way, &seen.value)).collect(),
                        });
                    }
                }
            }
        }
    }
}

/// The plain decimal of a number that is read with `mark`; none if a field of this kind cannot hold it.
fn fitting(written: &Written, mark: Mark, kind: FieldType, base: Currency) -> Option<String> {
    if mark == Mark::Comma
        && matches!(kind, FieldType::Money | FieldType::Integer)
        && written.is_plain_thousand()
    {
        return None;
    }
    let plain = written.plain(mark)?;
    let places = plain.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let fits = match kind {
        FieldType::Integer => places == 0,
        FieldType::Money => {
            let currency = written
                .unit
                .and_then(|unit| unit.currency(base, None))
                .unwrap_or(base);
            places <= usize::try_from(currency.exponent()).unwrap_or(0)
        }
        FieldType::Percent => plain
            .parse::<f64>()
            .is_ok_and(|percent| (0.0..=100.0).contains(&percent)),
        _ => true,
    };
    fits.then_some(plain)
}

/// What a cell says, in the form in which the field is typed by hand; none if it stands for nothing.
///
/// # Errors
///
/// `Invalid` if the cell is not written as its column is, or holds an error of a spreadsheet.
pub(in crate::ops::import) fn read(
    tx: &ReadTx<'_>,
    conventions: &Conventions,
    column: &str,
    field: (&str, FieldType),
    input: &Input,
) -> Result<Option<Input>> {
    let Input::Text(text) = input else {
        return Ok(Some(input.clone()));
    };
    let (name, kind) = field;
    let text = text.trim();
    if text.starts_with('#') {
        if text == "#N/A" {
            return Ok(None);
        }
        if ERRORS.contains(&text) {
            return Err(Error::invalid(
                name,
                format!("{name}: the cell holds the error {text}"),
            ));
        }
    }
    let Some(sort) = sort(kind) else {
        return Ok(Some(input.clone()));
    };
    if number::is_nothing(text) {
        return Ok(None);
    }
    let shown = conventions.shown.get(column);
    let read = match (sort, shown) {
        (Sort::Number, Some(Way::Mark(mark))) => read_number(tx, name, kind, text, Some(*mark))?,
        (Sort::Number, _) => read_number(tx, name, kind, text, conventions.mark)?,
        (Sort::Day, Some(Way::Order(order))) => read_day(tx, name, kind, text, Some(*order))?,
        (Sort::Day, _) => read_day(tx, name, kind, text, conventions.order)?,
    };
    Ok(match read {
        Some(Input::Clear) => None,
        Some(read) => Some(read),
        // What is none of the known forms is left to those who read what people type.
        None => Some(input.clone()),
    })
}

/// What spreadsheets show for a value that they could not compute.
const ERRORS: [&str; 6] = ["#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"];

fn read_number(
    tx: &ReadTx<'_>,
    name: &str,
    kind: FieldType,
    text: &str,
    mark: Option<Mark>,
) -> Result<Option<Input>> {
    let Some(written) = Written::parse(text) else {
        return Ok(None);
    };
    let base = tx.base_currency()?;
    let plain = match mark {
        Some(mark) => match written.plain(mark) {
            Some(plain) => plain,
            None => {
                let way = Way::Mark(mark);
                return Err(Error::invalid(
                    name,
                    format!("{name}: {text:?} is no number with {way}"),
                ));
            }
        },
        None => match Mark::ALL.map(|mark| fitting(&written, mark, kind, base)) {
            [Some(point), Some(comma)] if point != comma => return Ok(None),
            [Some(plain), _] | [None, Some(plain)] => plain,
            [None, None] => return Ok(None),
        },
    };
    Ok(match (kind, written.unit, written.percent) {
        (FieldType::Percent, None, true) => Some(Input::text(format!("{plain}%"))),
        (_, _, true) => None,
        (FieldType::Money, Some(Unit::Sure(currency)), _) => Some(Input::text(format!("{plain} {currency}"))),
        (FieldType::Money, Some(unit @ Unit::Sign(codes)), _) => {
            let region = tx.caller().region.as_deref();
            let currency = unit.currency(base, region).ok_or_else(|| {
                let codes: Vec<&str> = codes.iter().filter(|code| !code.is_empty()).copied().collect();
                Error::invalid(
                    name,
                    format!(
                        "{name}: the currency of {text:?} may be any of {}",
                        codes.join(", ")
                    ),
                )
            })?;
            // Not as text: a column of currencies knows better than a sign that several have.
            Some(Input::Map(vec![
                ("amount".to_owned(), Input::text(plain)),
                ("currency".to_owned(), Input::text(currency.code())),
            ]))
        }
        (FieldType::Money | FieldType::Integer | FieldType::Decimal | FieldType::Percent, None, _) => {
            Some(Input::text(plain))
        }
        _ => None,
    })
}

fn read_day(
    tx: &ReadTx<'_>,
    name: &str,
    kind: FieldType,
    text: &str,
    order: Option<Order>,
) -> Result<Option<Input>> {
    if kind != FieldType::Birthday && exact(text).is_some() {
        return Ok(None);
    }
    let Some(written) = day::Written::parse(text) else {
        return Ok(None);
    };
    if written == day::Written::Nothing {
        return Ok(Some(Input::Clear));
    }
    // The order of what is certain does not matter.
    let order = match order {
        Some(order) if !written.fits(order) => {
            return Err(Error::invalid(
                name,
                format!(
                    "{name}: {text:?} is no day with the {} ({})",
                    order.words(),
                    order.name()
                ),
            ));
        }
        Some(order) => order,
        None if written.is_open() => return Ok(None),
        None => Order::ALL
            .into_iter()
            .find(|order| written.fits(*order))
            .unwrap_or(Order::YearFirst),
    };
    if kind == FieldType::Birthday {
        let today = tx.caller().clock.today();
        let day = written.day(order).map(|day| day::in_the_past(day, today));
        return Ok(day.map(|day| Input::text(day.to_string())));
    }
    Ok(written.plain(order).map(Input::text))
}
