//! A workbook for spreadsheets: one sheet, a header that stays in sight, values of the sort that they are.
//!
//! Text is text, whatever it looks like: a telephone number, a code with zeros before it, a cell that begins as a formula
//! does. Days are days. Rows go to a file without a name as they come, so that the memory does not grow with them.

use std::io::{Seek, SeekFrom, Write};

use crm::Result;
use crm::domain::decimal;
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind};
use crm::wire::cell;
use crm::wire::column::Column;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Encode, Options};

/// The most rows of a sheet, with the header.
const MOST_ROWS: u32 = 1 << 20;

/// The largest number that a spreadsheet keeps to the last digit.
const LARGEST: u64 = 999_999_999_999_999;

/// The encoder.
pub(super) struct Xlsx<'a> {
    out: &'a mut dyn Write,
    workbook: Workbook,
    columns: Vec<Column>,
    forms: Forms,
    /// The row that comes next, from 0.
    row: u32,
}

/// How values are shown.
struct Forms {
    day: Format,
    moment: Format,
    instant: Format,
    percent: Format,
    /// Amounts, by the decimal places of their currency.
    amounts: [Format; 4],
}

impl<'a> Xlsx<'a> {
    /// Begins a workbook whose sheet is called `name`.
    pub(super) fn begin(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        name: &str,
        options: &Options<'_>,
    ) -> Result<Xlsx<'a>> {
        if options.terminal {
            return Err(Error::usage(
                "a workbook is nothing for a terminal; -o FILE keeps it",
            ));
        }
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(fault)?;
        sheet
            .set_name(if name.is_empty() { "report" } else { name })
            .map_err(fault)?;
        let mut row = 0;
        if options.header != Some(false) {
            let bold = Format::new().set_bold();
            sheet.set_freeze_panes(1, 0).map_err(fault)?;
            for (at, title) in (0_u16..).zip(cell::expand_columns(&columns)) {
                let width = title.chars().count().clamp(10, 30);
                sheet.set_column_width(at, width as f64 + 2.0).map_err(fault)?;
            }
            for (at, title) in (0_u16..).zip(cell::expand_columns(&columns)) {
                sheet
                    .write_string_with_format(0, at, title, &bold)
                    .map_err(fault)?;
            }
            row = 1;
        }
        Ok(Xlsx {
            out,
            workbook,
            columns,
            forms: Forms::new(),
            row,
        })
    }
}

impl Encode for Xlsx<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        if self.row >= MOST_ROWS {
            let message = format!("a sheet has at most {MOST_ROWS} rows; csv has no such end");
            return Err(Error::new(Kind::Invalid, message));
        }
        let sheet = self.workbook.worksheet_from_index(0).map_err(fault)?;
        let mut place = Place {
            sheet,
            forms: &self.forms,
            row: self.row,
            column: 0,
        };
        for (at, column) in self.columns.iter().enumerate() {
            let value = row.get(at).unwrap_or(&Value::Null);
            place.put(value).map_err(|error| match error {
                XlsxError::MaxStringLengthExceeded => Error::new(
                    Kind::Invalid,
                    format!(
                        "row {}: {} is longer than a cell of a workbook can be (32767 characters)",
                        self.row + 1,
                        column.name
                    ),
                ),
                error => fault(error),
            })?;
            if column.kind == FieldType::Money {
                place.currency(value).map_err(fault)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file).map_err(fault)?;
        file.seek(SeekFrom::Start(0))?;
        std::io::copy(&mut file, &mut self.out)?;
        Ok(Vec::new())
    }
}

impl Forms {
    fn new() -> Forms {
        let form = |code: &str| Format::new().set_num_format(code);
        Forms {
            day: form("yyyy-mm-dd"),
            moment: form("yyyy-mm-dd hh:mm"),
            // The letter says that it is no local time, to people and to an import.
            instant: form("yyyy-mm-dd\\Thh:mm:ss\"Z\""),
            percent: form("0%"),
            amounts: ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000"].map(form),
        }
    }
}

/// Where the next value goes.
struct Place<'s> {
    sheet: &'s mut Worksheet,
    forms: &'s Forms,
    row: u32,
    column: u16,
}

impl Place<'_> {
    fn put(&mut self, value: &Value) -> std::result::Result<(), XlsxError> {
        match value {
            Value::Bool(yes) => {
                self.sheet.write_boolean(self.row, self.column, *yes)?;
            }
            Value::Int(number) | Value::Seconds(number) if number.unsigned_abs() <= LARGEST => {
                self.sheet.write_number(self.row, self.column, *number as f64)?;
            }
            Value::Decimal(millionths) => {
                self.sheet
                    .write_number(self.row, self.column, decimal::number(*millionths))?;
            }
            Value::Real(number) if number.is_finite() => {
                self.sheet.write_number(self.row, self.column, *number)?;
            }
            Value::Percent(percent) => self.number(*percent as f64 / 100.0, |forms| &forms.percent)?,
            Value::Money(money) if money.minor.unsigned_abs() <= LARGEST => {
                let exponent = usize::try_from(money.currency.exponent()).unwrap_or(0);
                match money.decimal().parse::<f64>() {
                    Ok(number) => {
                        self.number(number, |forms| forms.amounts.get(exponent).unwrap_or(&forms.day))?;
                    }
                    Err(_) => self.text(value)?,
                }
            }
            Value::Date(day) => self.moment(value, day.at(0, 0, 0, 0), |forms| &forms.day)?,
            Value::DateTime(moment) if moment.second() == 0 => {
                self.moment(value, *moment, |forms| &forms.moment)?;
            }
            Value::Instant(instant) if instant.subsec_nanosecond() == 0 => {
                let moment = instant.to_zoned(TimeZone::UTC).datetime();
                self.moment(value, moment, |forms| &forms.instant)?;
            }
            _ => self.text(value)?,
        }
        self.column += 1;
        Ok(())
    }

    /// Puts the currency of an amount beside it.
    fn currency(&mut self, value: &Value) -> std::result::Result<(), XlsxError> {
        if let Value::Money(money) = value {
            self.sheet
                .write_string(self.row, self.column, money.currency.code())?;
        }
        self.column += 1;
        Ok(())
    }

    fn number(
        &mut self,
        number: f64,
        form: impl Fn(&Forms) -> &Format,
    ) -> std::result::Result<(), XlsxError> {
        self.sheet
            .write_number_with_format(self.row, self.column, number, form(self.forms))?;
        Ok(())
    }

    /// A day, with a time if it has one; before 1 March 1900 spreadsheets count days that never were.
    fn moment(
        &mut self,
        value: &Value,
        moment: DateTime,
        form: impl Fn(&Forms) -> &Format,
    ) -> std::result::Result<(), XlsxError> {
        let day = moment.date();
        if !(date(1900, 3, 1)..=date(9999, 12, 31)).contains(&day) || moment.subsec_nanosecond() != 0 {
            return self.text(value);
        }
        let part = |number: i8| number.unsigned_abs();
        let at = ExcelDateTime::from_ymd(day.year().unsigned_abs(), part(day.month()), part(day.day()))?
            .and_hms(
                u16::from(part(moment.hour())),
                part(moment.minute()),
                part(moment.second()),
            )?;
        self.sheet
            .write_datetime_with_format(self.row, self.column, &at, form(self.forms))?;
        Ok(())
    }

    fn text(&mut self, value: &Value) -> std::result::Result<(), XlsxError> {
        let text = cell::cell(value);
        if !text.is_empty() {
            self.sheet.write_string(self.row, self.column, text)?;
        }
        Ok(())
    }
}

fn fault(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) => Error::from(error),
        error => Error::internal(format!("the workbook cannot be written: {error}")),
    }
}
