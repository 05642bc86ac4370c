//! The days that differ from their week: holidays, make-up work, half days; as people write them, a line each.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use super::Window;
use super::text::{self, NotHours, dates, is_window, lines};

/// What is done on a day that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Nothing: a holiday.
    Off,
    /// As on a usual day, whichever day of the week it is.
    Usual,
    /// Something within these hours alone.
    Within(Vec<Window>),
}

/// What is said of a day, or of several in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// By their first day; no two have a day in common.
    spans: BTreeMap<Date, Span>,
}

/// A line of [`Days`], but for its first day.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    last: Date,
    work: Work,
    remark: String,
}

/// One line: the first and the last day, both included, what is done on them, and a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The first day.
    pub first: Date,
    /// The last one.
    pub last: Date,
    /// What is done on them.
    pub work: Work,
    /// What people call them; empty for nothing.
    pub remark: String,
}

impl Line {
    /// Reads `2026-10-01..2026-10-07 off National Day`, `2026-10-10 work` or `2026-12-24 09:00-12:00`.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn read(said: &str) -> Result<Line, String> {
        let (days, rest) = said
            .trim()
            .split_once(char::is_whitespace)
            .unwrap_or((said.trim(), ""));
        let (first, last) = dates(days)?;
        let rest = rest.trim();
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let (work, remark) = match word {
            "off" | "休" => (Work::Off, after),
            "work" | "班" => (Work::Usual, after),
            _ => {
                let mut remark = rest;
                let mut times = Vec::new();
                while let Some(word) = remark.split_whitespace().next().filter(|word| is_window(word)) {
                    times.push(word);
                    remark = remark
                        .trim_start()
                        .strip_prefix(word)
                        .unwrap_or_default()
                        .trim_start();
                }
                let windows = text::windows(&times.join(" "))?;
                if windows.is_empty() {
                    return Err(format!(
                        "{:?} says neither off, work nor hours, as in `2026-10-01 off`",
                        said.trim()
                    ));
                }
                (Work::Within(windows), remark)
            }
        };
        // What parts lines cannot stand in one.
        let remark = remark.replace(';', ",");
        let remark = remark.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Line {
            first,
            last,
            work,
            remark,
        })
    }
}

impl Default for Days {
    fn default() -> Days {
        Days::NONE
    }
}

impl Days {
    /// None.
    const NONE: Days = Days {
        spans: BTreeMap::new(),
    };

    /// Reads lines; `;` parts them too, and what begins with `#` says nothing.
    ///
    /// # Errors
    ///
    /// The first line that cannot be read, or that speaks of a day which another one speaks of.
    pub fn read(text: &str) -> Result<Days, NotHours> {
        let mut days = Days::NONE;
        for (line, said) in lines(text) {
            let refused = |why: String| NotHours { line, why };
            let said = Line::read(said).map_err(refused)?;
            let end = days.spans.range(..=said.last).next_back();
            if let Some((known, _)) = end.filter(|(_, span)| span.last >= said.first) {
                let day = said.first.max(*known);
                return Err(refused(format!("{day} stands there twice")));
            }
            days.put(said);
        }
        Ok(days)
    }

    /// What is done on a day, if it differs from its week.
    pub fn of(&self, day: Date) -> Option<&Work> {
        let (_, span) = self.spans.range(..=day).next_back()?;
        (day <= span.last).then_some(&span.work)
    }

    /// Says something of days, whatever was said of them before.
    pub fn set(&mut self, line: Line) {
        self.remove(line.first, line.last);
        self.put(line);
    }

    /// Lets the days from `first` to `last` be like any others of their week; true if one of them was not.
    pub fn remove(&mut self, first: Date, last: Date) -> bool {
        let touched: Vec<(Date, Span)> = self
            .spans
            .range(..=last)
            .rev()
            .take_while(|(_, span)| span.last >= first)
            .map(|(from, span)| (*from, span.clone()))
            .collect();
        for (from, span) in &touched {
            self.spans.remove(from);
            let rest = |first: Date, last: Date| Line {
                first,
                last,
                work: span.work.clone(),
                remark: span.remark.clone(),
            };
            if let (true, Ok(before)) = (*from < first, first.yesterday()) {
                self.put(rest(*from, before));
            }
            if let (true, Ok(after)) = (last < span.last, last.tomorrow()) {
                self.put(rest(after, span.last));
            }
        }
        !touched.is_empty()
    }

    /// The lines, the earliest first.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        self.spans.iter().map(|(first, span)| Line {
            first: *first,
            last: span.last,
            work: span.work.clone(),
            remark: span.remark.clone(),
        })
    }

    fn put(&mut self, line: Line) {
        let span = Span {
            last: line.last,
            work: line.work,
            remark: line.remark,
        };
        self.spans.insert(line.first, span);
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.first < self.last {
            write!(f, "..{}", self.last)?;
        }
        match &self.work {
            Work::Off => f.write_str(" off")?,
            Work::Usual => f.write_str(" work")?,
            Work::Within(windows) => {
                for window in windows {
                    write!(f, " {window}")?;
                }
            }
        }
        match self.remark.as_str() {
            "" => Ok(()),
            remark => write!(f, " {remark}"),
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, line) in self.lines().enumerate() {
            let newline = if at == 0 { "" } else { "\n" };
            write!(f, "{newline}{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(text: &str, line: &str) -> String {
        let mut days = Days::read(text).unwrap();
        days.set(Line::read(line).unwrap());
        days.to_string()
    }

    #[test]
    fn what_is_said_later_of_a_day_stands() {
        let golden = "2026-10-01..2026-10-07 off 国庆节";
        assert_eq!(
            set(golden, "2026-10-10 work 补班"),
            format!("{golden}\n2026-10-10 work 补班")
        );
        assert_eq!(
            set(golden, "2026-10-03 9:00-12:00 on call"),
            "2026-10-01..2026-10-02 off 国庆节\n2026-10-03 09:00-12:00 on call\n2026-10-04..2026-10-07 off 国庆节"
        );
        assert_eq!(
            set("2026-10-01 off; 2026-10-02 off", "2026-09-30..2026-10-01 work"),
            "2026-09-30..2026-10-01 work\n2026-10-02 off"
        );
    }

    #[test]
    fn days_are_taken_out() {
        let mut days = Days::read("2026-10-01..2026-10-07 off").unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(days.remove(day("2026-10-07"), day("2026-10-09")));
        assert!(!days.remove(day("2026-10-07"), day("2026-10-09")));
        assert_eq!(days.to_string(), "2026-10-01..2026-10-06 off");
        assert!(days.remove(day("2026-09-01"), day("2026-12-31")));
        assert_eq!(days, Days::default());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(
            spans in prop::collection::vec((0_i32..400, 0_i32..10, "off|work|09:00-12:30 13:00-24:00", "[a-z国庆]{0,6}"), 0..12),
        ) {
            let mut days = Days::default();
            for (start, length, work, remark) in spans {
                let first = Date::constant(2026, 1, 1) + jiff::Span::new().days(start);
                let last = first + jiff::Span::new().days(length);
                let line = Line::read(&format!("{first}..{last} {work} {remark}")).unwrap();
                days.set(line.clone());
                prop_assert_eq!(days.of(last), Some(&line.work));
            }
            prop_assert_eq!(Days::read(&days.to_string()).unwrap(), days);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,60}|([0-9.: -]|off|work|;|\n){0,24}") {
            let _ = Days::read(&text);
            let _ = Line::read(&text);
        }
    }
}
