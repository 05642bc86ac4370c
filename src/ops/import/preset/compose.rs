//! Names and addresses, which foreign files take apart, put together.

use crate::domain::fold::{fold, is_cjk};
use crate::domain::input::Input;
use crate::ops::import::entry::ADDRESS_CELL;
use crate::wire::read::rows::Row;

use super::cells::{Gathered, Said};
use super::plan::ADDRESS;
use super::values;

impl Gathered<'_> {
    /// The name from its parts, as the language of the name writes it.
    pub(super) fn name(&mut self) {
        if self.names.iter().all(Option::is_none) {
            return;
        }
        let names = std::mem::take(&mut self.names);
        let given = self.entry.text("name").map(fold);
        if let Some(whole) = given {
            for (step, text) in names.iter().flatten() {
                if !whole.contains(&fold(text)) {
                    self.entry.note(self.title(step), text);
                }
            }
            return;
        }
        let [prefix, given, middle, family, suffix] = names;
        let prefix = match prefix {
            Some((step, text)) if values::is_salutation(&text) => {
                self.entry.note(self.title(step), &text);
                None
            }
            other => other,
        };
        let text = |part: Option<Said<'_>>| part.map(|(_, text)| text).unwrap_or_default();
        let [prefix, given, middle, family, suffix] = [prefix, given, middle, family, suffix].map(text);
        let cjk = |text: &str| {
            text.chars()
                .all(|letter| is_cjk(letter) || letter.is_whitespace())
        };
        let core = if !family.is_empty() && !given.is_empty() && cjk(&family) && cjk(&given) {
            format!("{family}{middle}{given}")
        } else {
            let parts = [given, middle, family];
            let parts: Vec<&str> = parts
                .iter()
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            parts.join(" ")
        };
        let parts = [prefix, core, suffix];
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        self.entry.cell("name", Input::Text(parts.join(" ")));
    }

    /// The first block of an address that is filled is the main one; the others follow it.
    pub(super) fn addresses(&mut self, row: &Row) {
        let mut is_main = self.entry.text("address").is_none() && self.entry.text("city").is_none();
        for (group, parts) in std::mem::take(&mut self.addresses) {
            let joined = |wanted: &str| -> String {
                let texts = parts.iter().filter(|(at, _)| ADDRESS.get(*at) == Some(&wanted));
                let texts: Vec<&str> = texts.map(|(_, (_, text))| text.as_str()).collect();
                texts.join(", ")
            };
            let mut street: Vec<String> = ["street", "extended", "po_box"].map(joined).to_vec();
            street.retain(|text| !text.is_empty());
            let rest = ["city", "region", "postal_code", "country"].map(joined);
            let formatted = joined("formatted").replace("\r\n", "\n").replace('\n', ", ");
            if street.is_empty() && rest.iter().all(String::is_empty) {
                if formatted.is_empty() {
                    self.loose(&parts);
                    continue;
                }
                street.push(formatted);
            } else if let Some((_, (step, text))) = parts
                .iter()
                .find(|(at, _)| ADDRESS.get(*at) == Some(&"formatted"))
                && !values::is_said(text, step.column, row)
            {
                self.entry.note(self.title(step), text);
            }
            let said = joined("label");
            let [city, region, postal_code, country] = rest;
            let named = [
                ("address", street.join(", ")),
                ("city", city),
                ("region", region),
                ("postal_code", postal_code),
                ("country", country),
            ];
            let named = named.into_iter().filter(|(_, text)| !text.is_empty());
            if is_main {
                is_main = false;
                for (name, text) in named {
                    self.entry.cell(name, Input::Text(text));
                }
                if !said.is_empty() {
                    self.entry.note("Address", &said);
                }
                continue;
            }
            let label = match said.as_str() {
                "" if group.bytes().all(|byte| byte.is_ascii_digit()) => String::new(),
                "" => group.to_owned(),
                label => values::label(label),
            };
            let parts = named.map(|(name, text)| (name.to_owned(), Input::Text(text)));
            let parts = [("label".to_owned(), Input::Text(label))]
                .into_iter()
                .chain(parts);
            self.entry.cell(ADDRESS_CELL, Input::Map(parts.collect()));
        }
    }

    /// What stands alone of an address.
    fn loose(&mut self, parts: &[(usize, Said<'_>)]) {
        for (_, (step, text)) in parts {
            self.entry.note(self.title(step), text);
        }
    }
}
