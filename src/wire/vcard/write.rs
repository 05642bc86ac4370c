//! A customer as a card.
//!
//! What other programs know stands in the properties that they read; the rest in ones of our own. A file has no photos
//! and no attachments: those stay where they are.

use crate::domain::country;
use crate::domain::value::Value;
use crate::wire::cell::cell;
use crate::wire::column::Column;
use crate::wire::content::write::{Lines, with_param};
use crate::wire::content::{escape, own};
use crate::wire::time;

use super::{FURTHER, PART, SYSTEM, name, reach};

/// The category by which other programs show that somebody does not want to be contacted.
pub(super) const DO_NOT_CONTACT: &str = "do not contact";

/// Fields that properties of others tell of.
const SAID: &[&str] = &[
    "type",
    "name",
    "title",
    "emails",
    "email_details",
    "phones",
    "phone_details",
    "handles",
    "tags",
    "website",
    "address",
    "city",
    "region",
    "postal_code",
    "country",
    "address_details",
    "note",
];

/// A version of the format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Version {
    /// RFC 2426, which telephones take.
    V3,
    /// RFC 6350.
    #[default]
    V4,
}

impl Version {
    /// The version called so: `3.0` or `4.0`.
    pub fn parse(text: &str) -> Option<Version> {
        match text {
            "3" | "3.0" => Some(Version::V3),
            "4" | "4.0" => Some(Version::V4),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Version::V3 => "3.0",
            Version::V4 => "4.0",
        }
    }
}

/// The card of a row of customers.
pub fn card(columns: &[Column], row: &[Value], version: Version) -> String {
    let card = Card {
        columns,
        row,
        version,
    };
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCARD");
    lines.raw("VERSION", version.name());
    card.identity(&mut lines);
    card.names(&mut lines);
    let mut groups = 0;
    card.addresses(&mut lines, "email_details", "emails", "EMAIL", &mut groups);
    card.addresses(&mut lines, "phone_details", "phones", "TEL", &mut groups);
    card.places(&mut lines, &mut groups);
    for handle in card.items("handles") {
        lines.raw("IMPP", &escape(&cell(handle)));
    }
    lines.text("URL", &card.text("website"));
    card.birthday(&mut lines);
    card.person(&mut lines);
    lines.text("NOTE", &card.text("note"));
    if let Value::Instant(at) = card.value("updated_at") {
        lines.raw("REV", &at.strftime("%Y%m%dT%H%M%SZ").to_string());
    }
    let mut said = SAID.to_vec();
    // What the version cannot say, or what would not come back the same, is said once more.
    said.retain(|name| !matches!(card.value(name), Value::Text(text) if !own::survives(text)));
    if version == Version::V4 {
        said.push("language");
        if card.gender().is_some() {
            said.push("gender");
        }
    }
    said.push("birthday");
    own::write(&mut lines, columns, row, &said);
    lines.raw("END", "VCARD");
    lines.finish()
}

/// A row with what is asked of it again and again.
struct Card<'r> {
    columns: &'r [Column],
    row: &'r [Value],
    version: Version,
}

impl<'r> Card<'r> {
    fn value(&self, name: &str) -> &'r Value {
        let at = self.columns.iter().position(|column| column.name == name);
        at.and_then(|at| self.row.get(at)).unwrap_or(&Value::Null)
    }

    fn text(&self, name: &str) -> String {
        cell(self.value(name))
    }

    fn items(&self, name: &str) -> &'r [Value] {
        match self.value(name) {
            Value::List(items) => items,
            _ => &[],
        }
    }

    fn is_company(&self) -> bool {
        self.text("type") == "company"
    }

    /// The uid under which the card came here; of our own cards that of the customer.
    fn identity(&self, lines: &mut Lines) {
        let ids = self.items("external_ids").iter().map(cell);
        let mut foreign = ids.filter_map(|id| {
            let uid = id.strip_prefix(SYSTEM)?.strip_prefix(':')?;
            Some(uid.to_owned())
        });
        let uid = foreign.next().unwrap_or_else(|| self.text("uid"));
        lines.text("UID", &uid);
    }

    fn names(&self, lines: &mut Lines) {
        let name = self.text("name");
        match (self.version, self.is_company()) {
            (Version::V4, true) => lines.raw("KIND", "org"),
            (Version::V4, false) => lines.raw("KIND", "individual"),
            (Version::V3, true) => lines.raw("X-ABShowAs", "COMPANY"),
            (Version::V3, false) => {}
        }
        // The name is needed by both versions, whatever is known.
        lines.raw("FN", &escape(&name));
        if self.is_company() {
            if self.version == Version::V3 {
                lines.raw("N", ";;;;");
            }
            lines.parts("ORG", &[&name]);
        } else {
            let (family, given) = name::split(&name);
            lines.raw("N", &format!("{};{};;;", escape(&family), escape(&given)));
            let company = match self.value("company") {
                Value::Link(link) => link.name.clone(),
                other => cell(other),
            };
            lines.parts("ORG", &[&company]);
        }
        lines.text("TITLE", &self.text("title"));
    }

    /// E-mail addresses or telephone numbers, with what is known of each.
    fn addresses(&self, lines: &mut Lines, details: &str, plain: &str, property: &str, groups: &mut u32) {
        let details = self.items(details);
        let rows = if details.is_empty() {
            self.items(plain)
        } else {
            details
        };
        let several = rows.len() > 1;
        for (at, item) in rows.iter().enumerate() {
            let part = |name: &str| part(item, name);
            let key = if property == "EMAIL" { "email" } else { "phone" };
            let mut text = match item {
                Value::Map(_) => part(key),
                other => cell(other),
            };
            let extension = part("extension");
            let mut params = String::new();
            for (param, value) in [
                (
                    "X-CRM-RAW",
                    Some(part("raw")).filter(|raw| *raw != text).unwrap_or_default(),
                ),
                ("X-CRM-EXTENSION", extension.clone()),
                ("X-CRM-VALIDITY", part("validity")),
                ("X-CRM-OPTED-OUT", part("opted_out_at")),
            ] {
                if !value.is_empty() {
                    with_param(&mut params, param, &value);
                }
            }
            if !extension.is_empty() {
                text = format!("{text} ext. {extension}");
            }
            let preferred = at == 0 && several;
            self.labelled(
                lines,
                property,
                &part("label"),
                preferred,
                &params,
                &escape(&text),
                groups,
            );
        }
    }

    /// A property with the label of what it is for: as a type where there is such a type, else in a group.
    #[expect(clippy::too_many_arguments, reason = "the parts of one line")]
    fn labelled(
        &self,
        lines: &mut Lines,
        property: &str,
        label: &str,
        preferred: bool,
        params: &str,
        value: &str,
        groups: &mut u32,
    ) {
        let types = reach::types(label);
        let mut head = String::new();
        let is_type = !types.is_empty() || label.is_empty();
        if !is_type {
            *groups += 1;
            head = format!("item{groups}.");
        }
        head.push_str(property);
        let mut types: Vec<&str> = types;
        match (self.version, property) {
            (Version::V3, "EMAIL") => types.insert(0, "INTERNET"),
            (Version::V3, "TEL") if !types.contains(&"fax") && !types.contains(&"pager") => {
                types.push("voice");
            }
            _ => {}
        }
        if self.version == Version::V3 && preferred {
            types.push("pref");
        }
        for word in types {
            head.push_str(";TYPE=");
            head.push_str(word);
        }
        if self.version == Version::V4 && preferred {
            head.push_str(";PREF=1");
        }
        head.push_str(params);
        lines.raw(&head, value);
        if !is_type {
            lines.text(&format!("item{groups}.X-ABLabel"), label);
        }
    }

    fn places(&self, lines: &mut Lines, groups: &mut u32) {
        let main = ["address", "city", "region", "postal_code", "country"].map(|name| self.text(name));
        let further = self.items("address_details");
        if main.iter().any(|part| !part.is_empty()) {
            let [street, city, region, code, land] = &main;
            let value = place(["", street, city, region, code, land]);
            let preferred = !further.is_empty();
            self.labelled(lines, "ADR", "", preferred, "", &value, groups);
        }
        for item in further {
            let parts = ["district", "street", "city", "region", "postal_code", "country"];
            let parts = parts.map(|name| part(item, name));
            let mut params = String::new();
            with_param(&mut params, PART, FURTHER);
            let value = place(std::array::from_fn(|at| parts.get(at).map_or("", String::as_str)));
            self.labelled(lines, "ADR", &part(item, "label"), false, &params, &value, groups);
        }
    }

    fn birthday(&self, lines: &mut Lines) {
        let text = self.text("birthday");
        if text.is_empty() {
            return;
        }
        match (self.version, text.strip_prefix("--")) {
            (Version::V4, _) => lines.raw("BDAY", &basic(&text)),
            (Version::V3, None) => lines.raw("BDAY", &text),
            // A leap year, as telephones write it where none is known.
            (Version::V3, Some(day)) => lines.raw("BDAY;X-APPLE-OMIT-YEAR=1604", &format!("1604-{day}")),
        }
    }

    fn gender(&self) -> Option<&'static str> {
        match self.text("gender").as_str() {
            "female" => Some("F"),
            "male" => Some("M"),
            "other" => Some("O"),
            _ => None,
        }
    }

    fn person(&self, lines: &mut Lines) {
        if self.version == Version::V4 {
            if let Some(letter) = self.gender() {
                lines.raw("GENDER", letter);
            }
            lines.text("LANG", &self.text("language"));
            for item in self.items("relationships") {
                let mut head = "RELATED".to_owned();
                let sort = part(item, "type");
                let word = super::relation::word(&sort);
                if let Some(word) = word {
                    head.push_str(&format!(";TYPE={word}"));
                }
                head.push_str(";VALUE=text");
                with_param(&mut head, PART, &sort);
                lines.text(&head, &part(item, "customer"));
            }
        }
        let mut tags: Vec<String> = self.items("tags").iter().map(|tag| escape(&cell(tag))).collect();
        if *self.value("do_not_contact") == Value::Bool(true) {
            tags.push(DO_NOT_CONTACT.to_owned());
        }
        if !tags.is_empty() {
            lines.raw("CATEGORIES", &tags.join(","));
        }
    }
}

/// The parts of an address in the order of `ADR`: district, street, city, region, code, country.
fn place([district, street, city, region, code, land]: [&str; 6]) -> String {
    let land = country::name(land).unwrap_or(land);
    ["", district, street, city, region, code, land]
        .map(escape)
        .join(";")
}

/// A named part as text; another record by its name.
fn part(item: &Value, name: &str) -> String {
    let Value::Map(entries) = item else {
        return String::new();
    };
    match entries.iter().find(|(known, _)| known == name) {
        Some((_, Value::Link(link))) => link.name.clone(),
        Some((_, Value::Instant(at))) => time::instant(*at),
        Some((_, value)) => cell(value),
        None => String::new(),
    }
}

/// A day without its signs: `19850517`, `--0517`.
fn basic(day: &str) -> String {
    let (head, rest) = match day.strip_prefix("--") {
        Some(rest) => ("--", rest),
        None => ("", day),
    };
    format!("{head}{}", rest.replace('-', ""))
}
