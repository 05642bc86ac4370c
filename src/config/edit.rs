//! Changing one setting in the text of a settings file, and leaving everything else as somebody wrote it.

use crate::config::{Config, setting};
use crate::error::{Error, Result};
use crate::wire::form::quoted;

/// The text with the setting called `name` at `value`, or without it.
///
/// The line of the setting is written anew; where there is none, a new one follows the line that explains it, or stands
/// before the first table.
///
/// # Errors
///
/// `Usage` if there is no such setting, the value is none of its own, or the text is written in a way that this cannot
/// change safely.
pub fn with_setting(text: &str, name: &str, value: Option<&str>) -> Result<String> {
    let mut wanted = Config::parse(text)?.0;
    let line = match value {
        Some(value) => {
            wanted.set(name, value)?;
            let written = wanted.get(name).unwrap_or_default();
            Some(format!("{name} = {}", quoted(&written)))
        }
        None if setting(name).is_some() => None,
        None => {
            return Err(wanted
                .set(name, "")
                .err()
                .unwrap_or_else(|| Error::internal("no setting")));
        }
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let top = lines
        .iter()
        .position(|line| line.trim_start().starts_with('['))
        .unwrap_or(lines.len());
    let is_of = |line: &str| {
        line.split_once('=')
            .is_some_and(|(key, _)| key.trim().trim_matches(['"', '\'']) == name)
    };
    let present = lines.iter().take(top).position(|line| is_of(line));
    let explained = lines
        .iter()
        .take(top)
        .position(|line| line.trim_start().strip_prefix('#').is_some_and(is_of));
    match (present, line) {
        (Some(at), Some(line)) => lines.splice(at..=at, [line]).for_each(drop),
        (Some(at), None) => lines.splice(at..=at, []).for_each(drop),
        (None, Some(line)) => lines.insert(explained.map_or(top, |at| at + 1), line),
        (None, None) => {}
    }
    let mut edited = lines.join("\n");
    edited.push('\n');
    let outcome = Config::parse(&edited).map(|(config, _)| config.get(name));
    let expected = value.and_then(|_| wanted.get(name));
    match outcome {
        Ok(found) if found == expected => Ok(edited),
        _ => Err(Error::usage(format!(
            "{name} is written in the file in a way that only `crm config edit` can change"
        ))),
    }
}
