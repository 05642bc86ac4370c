//! How somebody is reached: e-mail addresses, telephone numbers, handles, web addresses, with their labels.

use crate::domain::email::Email;
use crate::domain::handle::{self, Handle};
use crate::domain::input::Input;
use crate::domain::phone::Phone;
use crate::domain::web::Website;
use crate::wire::content::property::Property;

use super::Understood;

/// Words among the types that say nothing of the address.
const PLAIN: &[&str] = &[
    "internet",
    "pref",
    "voice",
    "x400",
    "text",
    "textphone",
    "other",
    "x-opted-out",
];

/// Types and the word of a label; everything else is its own.
pub(super) const WORDS: &[(&str, &str)] = &[("cell", "mobile"), ("iphone", "mobile")];

/// How far in front a property is to be: 1 is first.
pub(super) fn rank(property: &Property) -> u32 {
    let said = property.param("PREF").next();
    match said.and_then(|rank| rank.parse().ok()) {
        Some(rank) => rank,
        None if property.types().iter().any(|word| word == "pref") => 1,
        None => 101,
    }
}

/// The properties with this name, the preferred ones first.
fn ranked<'p>(properties: &[&'p Property], name: &str) -> Vec<&'p Property> {
    let mut found: Vec<&Property> = properties
        .iter()
        .filter(|property| property.name == name)
        .copied()
        .collect();
    found.sort_by_key(|property| rank(property));
    found
}

/// What the types of an address say, as a label: `work fax`, `mobile`.
pub(super) fn label(types: &[String]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in types {
        let word = match word.as_str() {
            "homefax" => "home fax",
            "workfax" => "work fax",
            other => WORDS
                .iter()
                .find(|(known, _)| *known == other)
                .map_or(other, |(_, word)| word),
        };
        if !PLAIN.contains(&word) && !words.contains(&word) {
            words.push(word.strip_prefix("x-").unwrap_or(word));
        }
    }
    // Where it is stands before what it is.
    words.sort_by_key(|word| !matches!(*word, "home" | "work"));
    words.join(" ")
}

/// The types that say a label; none if it needs words.
pub(super) fn types(label: &str) -> Vec<&'static str> {
    const TYPES: &[(&str, &str)] = &[
        ("home", "home"),
        ("work", "work"),
        ("mobile", "cell"),
        ("fax", "fax"),
        ("pager", "pager"),
        ("main", "main"),
        ("car", "car"),
        ("video", "video"),
    ];
    let words: Option<Vec<&'static str>> = label
        .split_whitespace()
        .map(|word| {
            TYPES
                .iter()
                .find(|(known, _)| *known == word)
                .map(|(_, word)| *word)
        })
        .collect();
    let words = words.unwrap_or_default();
    let read: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    if self::label(&read) == label {
        words
    } else {
        Vec::new()
    }
}

/// A field with a label as its part.
fn field(name: &str, label: &str) -> String {
    match label {
        "" => name.to_owned(),
        label => format!("{name}.{label}"),
    }
}

/// Reads e-mail addresses and telephone numbers, with all that this program knows of them.
pub(super) fn read(
    properties: &[&Property],
    labels: &dyn Fn(&Property) -> String,
    is_own: bool,
    understood: &mut Understood,
) {
    let mut details = Vec::new();
    let mut plain = Vec::new();
    for property in ranked(properties, "EMAIL") {
        let text = without_scheme(&property.text(), "mailto:");
        let label = labels(property);
        if Email::parse(&text).is_err() {
            understood.keep("EMAIL", &label, &text);
        } else if is_own {
            details.push(detail(property, &label, "email", &text));
            plain.push(Input::Text(text));
        } else {
            understood.add(field("emails", &label), text);
        }
    }
    if is_own {
        understood.cells.push(("emails".to_owned(), Input::List(plain)));
        understood
            .cells
            .push(("email_details".to_owned(), Input::List(details)));
    }
    let mut details = Vec::new();
    let mut plain = Vec::new();
    for property in ranked(properties, "TEL") {
        let text = number(property);
        let label = labels(property);
        if Phone::parse(&text, None).key().is_empty() {
            understood.keep("TEL", &label, &text);
        } else if is_own {
            let extension = property
                .first_param("X-CRM-EXTENSION")
                .map(|extension| format!(" ext. {extension}"));
            let bare = extension
                .and_then(|end| text.strip_suffix(end.as_str()))
                .unwrap_or(&text);
            details.push(detail(property, &label, "phone", bare));
            plain.push(Input::Text(text));
        } else {
            understood.add(field("phones", &label), text);
        }
    }
    if is_own {
        understood.cells.push(("phones".to_owned(), Input::List(plain)));
        understood
            .cells
            .push(("phone_details".to_owned(), Input::List(details)));
    }
}

/// An address with its label, validity and opt-out, as a full export has it.
fn detail(property: &Property, label: &str, name: &str, text: &str) -> Input {
    let mut parts = vec![(name.to_owned(), Input::text(text))];
    for (param, part) in [
        ("X-CRM-RAW", "raw"),
        ("X-CRM-EXTENSION", "extension"),
        ("X-CRM-VALIDITY", "validity"),
        ("X-CRM-OPTED-OUT", "opted_out_at"),
    ] {
        if let Some(value) = property.first_param(param) {
            parts.push((part.to_owned(), Input::text(value)));
        }
    }
    if !label.is_empty() {
        parts.push(("label".to_owned(), Input::text(label)));
    }
    Input::Map(parts)
}

/// A telephone number as people write it: `tel:+1-555-0100;ext=12` is `+1-555-0100 ext. 12`.
fn number(property: &Property) -> String {
    let text = property.text();
    if !text.to_ascii_lowercase().starts_with("tel:") {
        return text;
    }
    let text = without_scheme(&text, "tel:");
    let mut parts = text.split(';');
    let number = parts.next().unwrap_or_default().trim().to_owned();
    let extension = parts.find_map(|part| part.trim().strip_prefix("ext="));
    match extension {
        Some(extension) => format!("{number} ext. {extension}"),
        None => number,
    }
}

fn without_scheme(text: &str, scheme: &str) -> String {
    let head = text.get(..scheme.len());
    match head.filter(|head| head.eq_ignore_ascii_case(scheme)) {
        Some(_) => text.get(scheme.len()..).unwrap_or_default().trim().to_owned(),
        None => text.to_owned(),
    }
}

/// Properties of messengers and the service; `_` for those that name it themselves.
const MESSENGERS: &[(&str, &str)] = &[
    ("IMPP", "_"),
    ("X-SOCIALPROFILE", "_"),
    ("SOCIALPROFILE", "_"),
    ("X-MS-IMADDRESS", "_"),
    ("X-WECHAT", "wechat"),
    ("X-WEIXIN", "wechat"),
    ("X-QQ", "qq"),
    ("X-TWITTER", "x"),
    ("X-FACEBOOK", "facebook"),
    ("X-LINKEDIN", "linkedin"),
    ("X-WHATSAPP", "whatsapp"),
    ("X-TELEGRAM", "telegram"),
    ("X-GITHUB", "github"),
    ("X-WEIBO", "weibo"),
    ("X-INSTAGRAM", "instagram"),
    ("X-SKYPE", "skype"),
    ("X-SKYPE-USERNAME", "skype"),
    ("X-AIM", "aim"),
    ("X-JABBER", "xmpp"),
    ("X-ICQ", "icq"),
    ("X-MSN", "msn"),
    ("X-YAHOO", "yahoo"),
    ("X-GTALK", "gtalk"),
    ("X-GOOGLE-TALK", "gtalk"),
    ("X-GROUPWISE", "groupwise"),
    ("X-GADUGADU", "gadugadu"),
];

/// True for a property that holds a handle.
pub(super) fn is_handle(property: &Property) -> bool {
    MESSENGERS.iter().any(|(name, _)| *name == property.name)
}

/// Reads a handle; what is none is kept in the note.
pub(super) fn handle(property: &Property, is_own: bool, understood: &mut Understood) {
    let text = property.text();
    if is_own && property.name == "IMPP" && Handle::parse(&text).is_ok() {
        understood.add("handles", text);
        return;
    }
    let known = MESSENGERS
        .iter()
        .find(|(name, _)| *name == property.name)
        .map_or("_", |(_, service)| service);
    let service = match known {
        "_" => service(property, &text),
        named => named.to_owned(),
    };
    match read_handle(&service, property, &text) {
        Some(handle) => understood.add("handles", handle.to_string()),
        None => understood.keep(&property.name, &property.types().join(" "), &text),
    }
}

/// The service that a property names by a parameter, a type or the scheme of its address.
fn service(property: &Property, text: &str) -> String {
    let named = ["X-SERVICE-TYPE", "SERVICE-TYPE", "X-SERVICE"]
        .into_iter()
        .find_map(|name| property.first_param(name));
    if let Some(named) = named {
        return named.to_lowercase();
    }
    let types = property.types();
    if let Some(known) = types
        .iter()
        .find(|word| handle::kind_named(word).is_some_and(|kind| kind != "other"))
    {
        return known.clone();
    }
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_lowercase());
    match scheme.as_deref() {
        Some("http" | "https" | "x-apple" | "urn") | None => {
            let named = types
                .iter()
                .find(|word| !matches!(word.as_str(), "home" | "work" | "pref"));
            named.cloned().unwrap_or_default()
        }
        Some(scheme) => scheme.to_owned(),
    }
}

fn read_handle(service: &str, property: &Property, text: &str) -> Option<Handle> {
    if let Ok(handle) = Handle::parse(text)
        && handle.kind != "other"
        && text.contains('/')
    {
        return Some(handle);
    }
    let scheme = format!("{service}:");
    let mut value = without_scheme(text, &scheme);
    for scheme in ["x-apple:", "xmpp:", "aim:", "skype:", "msnim:", "ymsgr:"] {
        value = without_scheme(&value, scheme);
    }
    if let Some(user) = property.first_param("X-USER").filter(|_| value.contains("://")) {
        value = user.to_owned();
    }
    let value = value.split('?').next().unwrap_or(&value).trim_start_matches("//");
    let known = handle::kind_named(service).filter(|kind| *kind != "other");
    let whole = match (known, service) {
        (Some(kind), _) => format!("{kind}:{value}"),
        (None, "" | "other") => format!("other:{text}"),
        (None, service) => format!("other:{service}:{value}"),
    };
    Handle::parse(&whole).ok()
}

/// Reads web addresses: the first is the website, profiles in services are handles, others are kept in the note.
pub(super) fn websites(
    properties: &[&Property],
    labels: &dyn Fn(&Property) -> String,
    is_own: bool,
    understood: &mut Understood,
) {
    let mut has_site = false;
    for property in ranked(properties, "URL") {
        let text = property.text();
        let label = labels(property);
        if is_own && !has_site {
            has_site = true;
            understood.give("website", text);
        } else if let Ok(handle) = Handle::parse(&text)
            && handle.kind != "other"
            && text.contains('/')
        {
            understood.add("handles", handle.to_string());
        } else if !has_site && Website::parse(&text).is_ok() {
            has_site = true;
            understood.give("website", text);
        } else {
            understood.keep("URL", &label, &text);
        }
    }
}
