//! Values of cells as text.

use calamine::{CellErrorType, Data, ExcelDateTime};

/// How a number is shown, as far as that says what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// A share of one, as a percentage.
    Percent,
    /// With zeros before it, up to so many digits: a code.
    Digits(usize),
    /// An amount in the currency with this code.
    Money([u8; 3]),
    /// A moment of the world and not of a zone, as this program writes instants.
    Instant,
}

impl Form {
    /// What the format code of a cell says.
    pub(super) fn of(code: &str) -> Form {
        let code = code.split(';').next().unwrap_or_default();
        if code.ends_with("\"Z\"") {
            return Form::Instant;
        }
        let bare = without_quoted(code);
        if bare.contains('%') {
            return Form::Percent;
        }
        if bare.len() > 1 && bare.bytes().all(|byte| byte == b'0') {
            return Form::Digits(bare.len());
        }
        currency(code).map_or(Form::Plain, Form::Money)
    }
}

/// The code without what is only shown: texts in quotes, escaped characters, fillers, colours.
fn without_quoted(code: &str) -> String {
    let mut bare = String::new();
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => while letters.next().is_some_and(|letter| letter != '"') {},
            '[' => while letters.next().is_some_and(|letter| letter != ']') {},
            '\\' | '_' | '*' => {
                letters.next();
            }
            letter => bare.push(letter),
        }
    }
    bare
}

/// The currency that a format shows. A bare dollar or yen is that of the language of the program, and says nothing.
fn currency(code: &str) -> Option<[u8; 3]> {
    const SIGNS: [(&str, &[u8; 3]); 6] = [
        ("€", b"EUR"),
        ("£", b"GBP"),
        ("₹", b"INR"),
        ("₩", b"KRW"),
        ("US$", b"USD"),
        ("￥", b"CNY"),
    ];
    const CODES: [&[u8; 3]; 12] = [
        b"EUR", b"USD", b"GBP", b"CNY", b"JPY", b"CHF", b"INR", b"CAD", b"AUD", b"SEK", b"NOK", b"DKK",
    ];
    let signed = SIGNS.iter().find(|(sign, _)| code.contains(sign));
    let coded = || {
        CODES
            .into_iter()
            .find(|known| std::str::from_utf8(*known).is_ok_and(|known| code.contains(known)))
    };
    let located = [("[$¥-804]", b"CNY"), ("[$¥-411]", b"JPY"), ("[$$-409]", b"USD")];
    signed
        .map(|(_, currency)| **currency)
        .or_else(|| coded().copied())
        .or_else(|| {
            located
                .iter()
                .find(|(sign, _)| code.contains(sign))
                .map(|(_, code)| **code)
        })
}

/// The text of a value that is shown in a form.
pub(super) fn of(value: &Data, form: Form) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => shown(*number as f64, form),
        Data::Float(number) => shown(*number, form),
        Data::Bool(yes) => (if *yes { "true" } else { "false" }).to_owned(),
        Data::DateTime(moment) => moment_text(moment, form),
        Data::DateTimeIso(text) => iso_moment(text),
        Data::DurationIso(text) => iso_duration(text),
        Data::Error(error) => error_text(error).to_owned(),
    }
}

/// A number in its form.
pub(super) fn shown(value: f64, form: Form) -> String {
    match form {
        Form::Plain | Form::Instant => number(value),
        Form::Percent => format!("{}%", number(value * 100.0)),
        Form::Digits(count) => {
            let plain = number(value);
            if plain.bytes().all(|byte| byte.is_ascii_digit()) {
                format!("{plain:0>count$}")
            } else {
                plain
            }
        }
        Form::Money(code) => format!(
            "{} {}",
            number(value),
            std::str::from_utf8(&code).unwrap_or_default()
        ),
    }
}

/// A number as a plain decimal of the fifteen digits that spreadsheets keep.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    rounded.to_string()
}

fn moment_text(moment: &ExcelDateTime, form: Form) -> String {
    if moment.is_duration() {
        return clock((moment.as_f64() * 86_400.0).round() as i64);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    if form == Form::Instant {
        return format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    }
    let time = if (hour, minute, second, milli) == (0, 0, 0, 0) {
        None
    } else {
        let fraction = if milli > 0 {
            format!(".{milli:03}")
        } else {
            String::new()
        };
        Some(format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
    };
    let value = moment.as_f64();
    match time {
        Some(time) if (0.0..1.0).contains(&value) => time,
        Some(time) => format!("{year:04}-{month:02}-{day:02} {time}"),
        None => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// A day, or a day and time, as ISO writes them without what says nothing.
pub(super) fn iso_moment(text: &str) -> String {
    match text.split_once('T') {
        Some((day, time))
            if time
                .trim_end_matches('Z')
                .chars()
                .all(|letter| "0:.".contains(letter)) =>
        {
            day.to_owned()
        }
        Some((day, time)) if !time.contains(['Z', '+']) => format!("{day} {time}"),
        _ => text.to_owned(),
    }
}

/// `PT10H30M00S` as `10:30:00`; anything else as it is.
pub(super) fn iso_duration(text: &str) -> String {
    let seconds = || {
        let rest = text.strip_prefix("PT")?;
        let (hours, rest) = rest.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let whole = rest.strip_suffix('S')?.split(['.', ',']).next()?;
        let part = |text: &str| {
            text.parse::<i64>()
                .ok()
                .filter(|number| (0..1_000_000).contains(number))
        };
        Some(part(hours)? * 3600 + part(minutes)? * 60 + part(whole)?)
    };
    seconds().map_or_else(|| text.to_owned(), clock)
}

fn clock(seconds: i64) -> String {
    let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
    format!(
        "{sign}{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        _ => "#ERROR!",
    }
}
