//! Cards of a file as rows of customers, one at a time.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::error::Result;
use crate::wire::content;
use crate::wire::content::lines::{Component, Components};
use crate::wire::content::own;
use crate::wire::content::property::{self, Charset, Parsed, Property};
use crate::wire::read::rows::{Item, Row, RowError};

use super::{MEMBERS, RELATIONS, SYSTEM, Understood, about, name, place, reach, relation};

/// The cards of a reader of bytes.
pub(crate) struct Cards<R> {
    components: Components<R>,
    charset: Charset,
}

impl<R: BufRead> Cards<R> {
    /// Reads `input`, whose bytes are text by `charset`.
    pub(crate) fn new(input: R, charset: Charset) -> Cards<R> {
        Cards {
            components: Components::new(input, &["vcard"]),
            charset,
        }
    }

    /// The next card as a row; none at the end.
    ///
    /// # Errors
    ///
    /// Reading fails.
    pub(crate) fn next_card(&mut self) -> Result<Option<Item>> {
        let component = self.components.next_component()?;
        Ok(component.map(|component| item(&component, self.charset)))
    }
}

fn item(component: &Component, charset: Charset) -> Item {
    let parsed = property::parse(&component.lines, charset);
    let refuse = |reason: &str| {
        Err(RowError {
            line: component.line,
            column: None,
            reason: reason.to_owned(),
            raw: vec![raw(component, charset)],
        })
    };
    if let Some(fault) = component.fault {
        return refuse(fault);
    }
    if parsed.is_too_much() {
        return refuse("the card has too many properties");
    }
    if parsed
        .properties
        .iter()
        .all(|property| is_technical(&property.name))
    {
        return refuse("the card says nothing");
    }
    Ok(Row {
        line: component.line,
        cells: cells(&parsed, Depth::Whole),
        raw: Vec::new(),
    })
}

/// The lines of a card as text, for the file of what was refused.
fn raw(component: &Component, charset: Charset) -> String {
    let mut text = String::from("BEGIN:VCARD\n");
    let whole = property::lossy(&component.lines, charset);
    if component.fault == Some(content::lines::OUTSIDE) {
        return whole;
    }
    text.push_str(&whole);
    text.push_str("END:VCARD\n");
    text
}

/// Properties of the card itself and not of whom it is about.
fn is_technical(name: &str) -> bool {
    matches!(
        name,
        "VERSION"
            | "PRODID"
            | "REV"
            | "SOURCE"
            | "PROFILE"
            | "NAME"
            | "CLIENTPIDMAP"
            | "X-ABUID"
            | "XML"
            | "CREATED"
    )
}

/// What the properties of a card say that every program reads, as cells: nothing of ours, and nothing of what no field
/// takes. None if it is no card of a person or a company.
pub(crate) fn plain(bytes: &[u8]) -> Option<Vec<(String, Input)>> {
    let (input, charset, _) = content::open::look(Box::new(std::io::Cursor::new(bytes.to_vec())))
        .and_then(|looked| looked.content(None))
        .ok()?;
    let component = Components::new(input, &["vcard"]).next_component().ok()??;
    let mut parsed = property::parse(&component.lines, charset);
    if component.fault.is_some() || parsed.is_too_much() {
        return None;
    }
    parsed.strays.clear();
    let is_ours = |property: &Property| own::is_own(property) || is_told_in_full(property);
    parsed.properties.retain(|property| !is_ours(property));
    let mut cells = cells(&parsed, Depth::Plain);
    let is_group = cells.iter().any(|(name, _)| name == MEMBERS);
    cells.retain(|(name, input)| {
        let is_own_category = matches!(input, Input::List(items)
            if name == "tags" && items.contains(&Input::text(super::write::DO_NOT_CONTACT)));
        !matches!(
            name.as_str(),
            "uid" | "external_ids" | RELATIONS | "PHOTO" | "LOGO" | "SOUND" | "KEY"
        ) && !name.starts_with(about::CATEGORY)
            && !is_own_category
    });
    (!is_group).then_some(cells)
}

/// A relation that we wrote stands in full elsewhere.
fn is_told_in_full(property: &Property) -> bool {
    relation::is_relation(property) && property.first_param(super::PART).is_some()
}

/// How much of a card is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Everything.
    Whole,
    /// What its fields say.
    Plain,
}

/// What a card says, as cells.
fn cells(parsed: &Parsed, depth: Depth) -> Vec<(String, Input)> {
    let mut understood = Understood::default();
    let properties = outer(&parsed.properties, &mut understood);
    let card = Card::new(&properties);
    card.identity(&mut understood);
    let is_group = card.is_group();
    card.names(&mut understood);
    if is_group {
        card.members(&mut understood);
        return understood.cells;
    }
    let labels = |property: &Property| card.label(property);
    reach::read(&properties, &labels, card.is_own, &mut understood);
    reach::websites(&properties, &labels, card.is_own, &mut understood);
    place::read(&properties, &labels, card.is_own, &mut understood);
    let mut relations = Vec::new();
    for property in &properties {
        card.further(property, &mut understood, &mut relations);
    }
    for (_, text) in &parsed.strays {
        understood.rest.push(text.clone());
    }
    if depth == Depth::Plain {
        understood.rest.clear();
    }
    card.note(&mut understood);
    if !relations.is_empty() {
        understood
            .cells
            .push((RELATIONS.to_owned(), Input::List(relations)));
    }
    card.own(&mut understood);
    understood.cells
}

/// The properties of the card itself; what a card inside of it says, that of an agent, is kept.
fn outer<'p>(properties: &'p [Property], understood: &mut Understood) -> Vec<&'p Property> {
    let mut own = Vec::new();
    let mut inside: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    for property in properties {
        match property.name.as_str() {
            "BEGIN" => depth += 1,
            "END" => depth = depth.saturating_sub(1),
            name if depth > 0 => {
                if !is_technical(name) {
                    let text = match property.binary {
                        Some(bytes) => format!("{bytes} bytes, left out"),
                        None => about::readable(property),
                    };
                    inside.push(format!("{name} {text}"));
                }
            }
            _ => own.push(property),
        }
    }
    understood.keep("AGENT", "", &inside.join("; "));
    own
}

/// A card with what is looked up in it again and again.
struct Card<'p> {
    properties: &'p [&'p Property],
    /// Labels of groups: `item1` and what it is called.
    labels: HashMap<&'p str, String>,
    /// Whether the card is one of this program, with all that it knows.
    is_own: bool,
}

impl<'p> Card<'p> {
    fn new(properties: &'p [&'p Property]) -> Card<'p> {
        let labels = properties
            .iter()
            .filter(|property| property.name == "X-ABLABEL" && !property.group.is_empty())
            .map(|property| (property.group.as_str(), plain_label(&property.text())))
            .collect();
        let has = |name: &str| properties.iter().any(|property| property.name == name);
        let uid = properties.iter().find(|property| property.name == "X-CRM-UID");
        Card {
            properties,
            labels,
            is_own: has("X-CRM-VERSION") && uid.is_some_and(|uid| Id::parse_uid(&uid.text()).is_some()),
        }
    }

    fn first(&self, name: &str) -> Option<&'p Property> {
        let found = self.properties.iter().filter(|property| property.name == name);
        found.copied().min_by_key(|property| reach::rank(property))
    }

    fn text(&self, name: &str) -> String {
        self.first(name).map(Property::text).unwrap_or_default()
    }

    /// What an address is for: the label of its group, else its types.
    fn label(&self, property: &Property) -> String {
        match self
            .labels
            .get(property.group.as_str())
            .filter(|_| !property.group.is_empty())
        {
            Some(label) if !label.is_empty() => label.clone(),
            _ => reach::label(&property.types()),
        }
    }

    fn is_group(&self) -> bool {
        ["KIND", "X-ADDRESSBOOKSERVER-KIND"]
            .into_iter()
            .any(|name| self.text(name).eq_ignore_ascii_case("group"))
    }

    /// Who the card is about: one of ours by its uid, else by the external id.
    fn identity(&self, understood: &mut Understood) {
        let uid = self.text("UID");
        if !self.is_own && Id::parse_uid(&uid).is_some() {
            // One of ours from which another program took what it does not know.
            understood.give("uid", uid);
        } else if !self.is_own && !uid.is_empty() {
            understood.add("external_ids", format!("{SYSTEM}:{uid}"));
        }
    }

    /// Name, type, employer and title.
    fn names(&self, understood: &mut Understood) {
        let n = self
            .first("N")
            .filter(|n| !self.is_own && name::parts(n).iter().any(|part| !part.is_empty()));
        let formatted = self.text("FN");
        let mut parts = content::texts(
            &self.first("ORG").map(|org| org.value.clone()).unwrap_or_default(),
            ';',
        );
        let org = match parts.is_empty() {
            true => String::new(),
            false => parts.remove(0),
        };
        parts.retain(|part| !part.is_empty());
        let kind = self.text("KIND").to_lowercase();
        let is_company = match kind.as_str() {
            "org" => true,
            "individual" => false,
            _ => {
                self.text("X-ABSHOWAS").eq_ignore_ascii_case("company")
                    || (!self.is_own
                        && n.is_none()
                        && !org.is_empty()
                        && (formatted.is_empty() || formatted == org))
            }
        };
        if !self.is_group() {
            understood.give("type", if is_company { "company" } else { "person" });
        }
        let mut called = name::name(Some(&formatted), n, understood);
        if called.is_empty() && is_company {
            called = org.clone();
        }
        if called.is_empty() {
            let mut nicknames = self
                .properties
                .iter()
                .filter(|property| property.name == "NICKNAME");
            called = nicknames
                .find_map(|property| {
                    content::texts(&property.value, ',')
                        .into_iter()
                        .find(|text| !text.is_empty())
                })
                .unwrap_or_default();
        }
        understood.give("name", called.as_str());
        match is_company {
            false => understood.give("company", org),
            true if org != called => understood.keep("ORG", "", &org),
            true => {}
        }
        understood.keep("Department", "", &parts.join(" / "));
        for other in self
            .properties
            .iter()
            .filter(|property| property.name == "ORG")
            .skip(1)
        {
            understood.keep("ORG", "", &content::texts(&other.value, ';').join(" / "));
        }
        let (title, role) = (self.text("TITLE"), self.text("ROLE"));
        if title.is_empty() && !self.is_own {
            understood.give("title", role);
        } else {
            understood.give("title", title.as_str());
            if !self.is_own && role != title {
                understood.keep("ROLE", "", &role);
            }
        }
    }

    /// The members of a group: uids, addresses, names.
    fn members(&self, understood: &mut Understood) {
        let members = self
            .properties
            .iter()
            .filter(|property| matches!(property.name.as_str(), "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER"))
            .map(|property| Input::Text(property.text()))
            .collect();
        understood.cells.push((MEMBERS.to_owned(), Input::List(members)));
    }

    /// A property that is none of the name, of the ways to reach somebody, or of the addresses.
    fn further(&self, property: &Property, understood: &mut Understood, relations: &mut Vec<Input>) {
        let text = property.text();
        match property.name.as_str() {
            "ORG" | "EMAIL" | "TEL" | "URL" | "ADR" | "NOTE" | "X-ABLABEL" | "X-ADDRESSBOOKSERVER-KIND" => {}
            // What is there once is what was read; a second one is kept.
            "UID" | "FN" | "N" | "TITLE" | "ROLE" | "KIND" | "X-ABSHOWAS" => {
                let first = self.first(&property.name);
                if first.is_some_and(|first| first.text() != text) {
                    understood.keep(&property.name, &self.label(property), &about::readable(property));
                }
            }
            "AGENT" if text.is_empty() => {}
            name if is_technical(name) || own::is_own(property) || place::is_label(property) => {}
            "BDAY" => about::birthday(property, &text, understood),
            "GENDER" | "X-GENDER" => about::gender(&property.name, &text, understood),
            "LANG" if !understood.cells.iter().any(|(field, _)| field == "language") => {
                understood.give("language", text);
            }
            "CATEGORIES" | "X-CATEGORIES" => {
                for tag in content::texts(&property.value, ',') {
                    about::category(&tag, self.is_own, understood);
                }
            }
            _ if reach::is_handle(property) => reach::handle(property, self.is_own, understood),
            // Of one of ours, relations are told in full elsewhere; a line that was added by hand stands for itself.
            _ if relation::is_relation(property) => {
                if !self.is_own || property.first_param(super::PART).is_none() {
                    relation::read(property, &self.label(property), understood, relations);
                }
            }
            name => match property.binary {
                Some(bytes) => about::left_out(name, property, bytes, understood),
                None => match about::data_url(&text) {
                    Some(bytes) => about::left_out(name, property, bytes, understood),
                    None => understood.keep(name, &self.label(property), &about::readable(property)),
                },
            },
        }
    }

    /// Puts the note together: what was written, then what no field takes.
    fn note(&self, understood: &mut Understood) {
        let written = self.properties.iter().filter(|property| property.name == "NOTE");
        let mut paragraphs: Vec<String> = written
            .map(|property| content::unescape(&property.value))
            .filter(|text| !text.trim().is_empty())
            .collect();
        paragraphs.append(&mut understood.notes);
        if !understood.rest.is_empty() {
            paragraphs.push(std::mem::take(&mut understood.rest).join("\n"));
        }
        understood.give("note", paragraphs.join("\n\n"));
    }

    /// What only this program knows, as far as nothing else says it.
    fn own(&self, understood: &mut Understood) {
        if !self.is_own {
            return;
        }
        let told: Vec<Property> = self.properties.iter().copied().cloned().collect();
        let said: HashSet<String> = understood.cells.iter().map(|(field, _)| field.clone()).collect();
        for (field, input) in own::cells(&told) {
            let known = understood.cells.iter_mut().find(|(known, _)| *known == field);
            let same = match known {
                // The same employer, certain by its uid.
                Some((_, known)) if field == "company" && input.part("name") == Some(&*known) => Some(known),
                // The same text, with the letters that a property cannot have.
                Some((_, known)) if text_of(known).is_some_and(|text| Some(text) == text_of(&input)) => {
                    Some(known)
                }
                _ => None,
            };
            match same {
                Some(known) => *known = input,
                None if said.contains(&field) => {}
                None => understood.cells.push((field, input)),
            }
        }
    }
}

/// What comes back of a text from a property.
fn text_of(input: &Input) -> Option<String> {
    input.as_text().map(own::what_survives)
}

/// A label as people read it: `_$!<Home>!$_` is `home`.
fn plain_label(label: &str) -> String {
    match label
        .strip_prefix("_$!<")
        .and_then(|label| label.strip_suffix(">!$_"))
    {
        Some(inner) => inner.to_lowercase(),
        None => label.to_owned(),
    }
}
