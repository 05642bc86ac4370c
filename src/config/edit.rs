//! Changing one setting in the text of a settings file, and leaving everything else as somebody wrote it.

use std::ops::Range;

use crate::config::Config;
use crate::config::settings::{self, Shape};
use crate::config::tables::{self, BASE, THEME};
use crate::error::{Error, Result};
use crate::wire::form::quoted;

/// The text with the setting called `name` at `value`, or without it.
///
/// The line of the setting is written anew; where there is none, a new one follows the line that explains it, or stands
/// at the end of its table, or before the first table.
///
/// # Errors
///
/// `Usage` if there is no such setting, the value is none of its own, or the text is written in a way that this cannot
/// change safely.
pub fn with_setting(text: &str, name: &str, value: Option<&str>) -> Result<String> {
    let old = Config::parse(text)?.0;
    let mut wanted = old.clone();
    match value {
        Some(value) => wanted.set(name, value)?,
        None => settings::check_name(name)?,
    }
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (table, key) = place(&mut lines, &old, name);
    let written = wanted.written(name).filter(|_| value.is_some());
    let line = written.map(|written| format!("{} = {written}", bare_or_quoted(key)));
    put(&mut lines, table, key, line);
    let mut edited = lines.join("\n");
    edited.push('\n');
    let mut expected = wanted.said();
    if value.is_none() {
        expected.remove(name);
    }
    match Config::parse(&edited) {
        Ok((config, _)) if config.said() == expected => Ok(edited),
        _ => Err(Error::usage(format!(
            "{name} is written in the file in a way that only `crm config edit` can change"
        ))),
    }
}

/// The table, if any, and the key of a setting in this file. The name of a theme moves into the table of styles when
/// this comes to be.
fn place<'n>(lines: &mut Vec<String>, old: &Config, name: &'n str) -> (Option<&'n str>, &'n str) {
    let has_styles = section(lines, THEME).is_some();
    match tables::entry(name) {
        None if name == THEME && has_styles => (Some(THEME), BASE),
        None => (None, name),
        Some((THEME, key)) => {
            if !has_styles && let Some(theme) = old.written(THEME) {
                put(lines, None, THEME, None);
                put(lines, Some(THEME), BASE, Some(format!("{BASE} = {theme}")));
            }
            (Some(THEME), key)
        }
        Some((table, key)) => (Some(table), key),
    }
}

/// Writes the line of `key` in `table`, or takes it out.
fn put(lines: &mut Vec<String>, table: Option<&str>, key: &str, line: Option<String>) {
    let is_of = |line: &str| {
        line.split_once('=')
            .is_some_and(|(name, _)| name.trim().trim_matches(['"', '\'']) == key)
    };
    let range = match table {
        None => Some(0..next_table(lines, 0)),
        Some(table) => section(lines, table),
    };
    let Some(range) = range else {
        if let (Some(table), Some(line)) = (table, line) {
            lines.extend([String::new(), format!("[{table}]"), line]);
        }
        return;
    };
    let within = |fits: &dyn Fn(&str) -> bool| {
        let mut inside = lines.iter().enumerate().take(range.end).skip(range.start);
        inside.find(|(_, line)| fits(line)).map(|(at, _)| at)
    };
    let present = within(&is_of);
    let explained = within(&|line| line.trim_start().strip_prefix('#').is_some_and(is_of));
    // In a table a new line goes before the blank ones that part it from the next.
    let last = |table: Range<usize>| {
        let mut inside = lines.iter().enumerate().take(table.end).skip(table.start).rev();
        inside
            .find(|(_, line)| !line.trim().is_empty())
            .map_or(table.start, |(at, _)| at + 1)
    };
    let new = match table {
        None => range.end,
        Some(_) => last(range),
    };
    match (present, line) {
        (Some(at), Some(line)) => lines.splice(at..=at, [line]).for_each(drop),
        (Some(at), None) => lines.splice(at..=at, []).for_each(drop),
        (None, Some(line)) => lines.insert(explained.map_or(new, |at| at + 1), line),
        (None, None) => {}
    }
}

/// The lines of a table, without its head.
fn section(lines: &[String], table: &str) -> Option<Range<usize>> {
    let head = format!("[{table}]");
    let is_head = |line: &String| line.split('#').next().unwrap_or_default().trim() == head;
    let start = lines.iter().position(is_head)? + 1;
    Some(start..next_table(lines, start))
}

/// The first line from `start` on that begins a table.
fn next_table(lines: &[String], start: usize) -> usize {
    let rest = lines.iter().enumerate().skip(start);
    let mut heads = rest.filter(|(_, line)| line.trim_start().starts_with('['));
    heads.next().map_or(lines.len(), |(at, _)| at)
}

fn bare_or_quoted(key: &str) -> String {
    let bare = key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if bare { key.to_owned() } else { quoted(key) }
}

impl Config {
    /// A value as it is written in the file, behind its key.
    fn written(&self, name: &str) -> Option<String> {
        if let Some((table, key)) = tables::entry(name) {
            return self.entry_written(table, key);
        }
        let setting = settings::find(name)?;
        let value = (setting.get)(self)?;
        Some(match setting.shape {
            Shape::Text => quoted(&value),
            Shape::Truth => value,
        })
    }
}
