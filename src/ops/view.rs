//! What can be done with a saved view: add, edit, use as the beginning of a list.
//!
//! What is kept is canonical: names of fields instead of their aliases, keys instead of labels. Days stay as they were
//! written, so that `due:..today` is live.

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::assignment;
use crate::ops::draft::{Draft, Lists};
use crate::ops::keyed;
use crate::ops::list::{self, Request};
use crate::ops::pipeline::key_of;
use crate::ops::pool;
use crate::ops::refer;
use crate::ops::rule;
use crate::ops::score;
use crate::ops::sla;
use crate::ops::typed::Policy;
use crate::query::ast::{Compare, Expression, Filter, Values, Word};
use crate::query::{self, MAX_BYTES};
use crate::store::records::{self, Selected};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links};

/// A view as a list begins with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// What it lists.
    pub noun: Noun,
    /// Its filter, columns and order, as they were written.
    pub filter: String,
    /// Names of columns, as in a request.
    pub columns: Vec<String>,
    /// Keys of the order, as in a request.
    pub sort: Vec<String>,
}

/// The key that a name makes: `Hot leads` is `hot_leads`, 华东大客户 is itself.
///
/// # Errors
///
/// `Invalid` for a text without a letter or digit.
pub fn key(name: &str) -> Result<String> {
    key_of("key", name)
}

/// Adds a view. Without an owner it is the caller's, without a visibility everybody's to see.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Usage` for a filter or column that does not fit the noun.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a view with a restored identity, which may speak of what is not here any more.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::View, assignments, policy)?;
    let key = keyed::named(tx, Noun::View, &mut draft, (identity, "a view"))?;
    let Some(noun) = draft.text("noun").and_then(Noun::parse) else {
        return Err(Error::invalid("noun", "a view needs the noun that it lists"));
    };
    if identity.id.is_none() {
        canonical(tx, noun, &mut draft)?;
        if draft.get("owner").is_none() {
            let me = crate::ops::typed::linked_value(tx, Noun::User, tx.caller().actor.id)?;
            draft.fallback(Noun::View, "owner", me);
        }
    }
    blank_visibility(&mut draft);
    let id = rows::add(tx, Noun::View, identity, &draft.plain, Vec::new())?;
    tx.describe(format!("Added view {key}"));
    Ok(Outcome::made(id))
}

/// Changes a view.
///
/// # Errors
///
/// As [`add`]; `Invalid` for making the view of another private.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    _: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::View, assignments, policy)?;
    let known = saved(tx, id)?;
    keyed::renamed(tx, Noun::View, id, &mut draft, "a view")?;
    let noun = match draft.get("noun") {
        Some(Value::Text(noun)) => Noun::parse(noun).unwrap_or(known.noun),
        Some(_) => return Err(Error::invalid("noun", "a view needs the noun that it lists")),
        None => known.noun,
    };
    // What is so already may speak of what has gone since, and is no wish.
    let same = [
        ("filter", known.filter.clone()),
        ("columns", known.columns.join(",")),
        ("sort", known.sort.join(",")),
    ];
    draft.plain.retain(|(field, value)| {
        noun != known.noun
            || !same
                .iter()
                .any(|(name, text)| field.name == *name && *value == Value::text(text.as_str()))
    });
    if noun != known.noun {
        for (name, text) in same {
            draft.fallback(Noun::View, name, Value::Text(text));
        }
    }
    canonical(tx, noun, &mut draft)?;
    blank_visibility(&mut draft);
    own(tx, id, &draft)?;
    let changed = rows::set(tx, Noun::View, id, &draft.plain)?;
    if changed {
        tx.describe(format!(
            "Changed view {}",
            draft.text("key").unwrap_or(&known.key)
        ));
    }
    Ok(Outcome::kept(id, changed))
}

/// The view that `name` means.
///
/// # Errors
///
/// `NotFound` if there is none that the caller may see.
pub fn named(tx: &ReadTx<'_>, name: &str) -> Result<Saved> {
    saved(tx, refer::one(tx, Noun::View, name)?)
}

/// The view with this identity.
///
/// # Errors
///
/// `NotFound` if it is none that the caller may see.
pub fn saved(tx: &ReadTx<'_>, id: Id) -> Result<Saved> {
    let columns = ["key", "noun", "filter", "columns", "sort"]
        .iter()
        .map(|name| list::column(tx, Noun::View, name))
        .collect::<Result<Vec<Selected>>>()?;
    let values = records::get(tx, Noun::View, id, &columns)?;
    let values = values.ok_or_else(|| Error::not_found(Noun::View, &id.uid()))?;
    let mut texts = values.into_iter().map(|value| match value {
        Value::Text(text) => text,
        _ => String::new(),
    });
    let mut next = || texts.next().unwrap_or_default();
    let (key, noun) = (next(), next());
    Ok(Saved {
        id,
        noun: Noun::parse(&noun).ok_or_else(|| Error::internal(format!("the view {key} lists {noun:?}")))?,
        key,
        filter: next(),
        columns: names(&next()),
        sort: names(&next()),
    })
}

impl Saved {
    /// A request for a list of `noun` that begins with this view: filters are added, other columns and another order
    /// take the place of its own, and columns with a plus or minus go on from them.
    ///
    /// # Errors
    ///
    /// `Usage` if the view lists another noun.
    pub fn begin(&self, noun: Noun, request: Request) -> Result<Request> {
        if noun != self.noun {
            let message = format!(
                "the view {} lists {}, not {}",
                self.key,
                self.noun.plural(),
                noun.plural()
            );
            return Err(Error::usage(message));
        }
        let own = Some(self.filter.clone()).filter(|filter| !filter.is_empty());
        let relative = request.columns.iter().all(|name| name.starts_with(['+', '-']));
        let columns = match relative {
            true => self.columns.iter().cloned().chain(request.columns).collect(),
            false => request.columns,
        };
        let sort = match request.sort.is_empty() {
            true => self.sort.clone(),
            false => request.sort,
        };
        Ok(Request {
            filters: own.into_iter().chain(request.filters).collect(),
            columns,
            sort,
            limit: request.limit,
        })
    }

    /// The view as a request of its own.
    ///
    /// # Errors
    ///
    /// None for its own noun.
    pub fn request(&self) -> Result<Request> {
        self.begin(self.noun, Request::default())
    }
}

/// The canonical text under which all `filters` hold.
///
/// # Errors
///
/// `Usage`, with the place in the filter.
pub fn joined(tx: &ReadTx<'_>, noun: Noun, filters: &[String]) -> Result<String> {
    let mut parts = Vec::new();
    for text in filters {
        let filter = query::parse(text).map_err(|error| error.into_error(text))?;
        let canonical = list::with_context(tx, |context| {
            query::canonical(&filter, noun, context).map_err(|error| error.into_error(text))
        })?;
        parts.extend(canonical.expression);
    }
    if parts.is_empty() {
        return Ok(String::new());
    }
    let whole = Filter {
        expression: Some(Expression::and(parts)),
    };
    let text = whole.to_string();
    if text.len() > MAX_BYTES {
        let message = format!(
            "together the filters have {} bytes, more than {MAX_BYTES}",
            text.len()
        );
        return Err(Error::invalid("filter", message));
    }
    Ok(text)
}

/// Puts canonical texts in place of what was given.
fn canonical(tx: &ReadTx<'_>, noun: Noun, draft: &mut Draft) -> Result<()> {
    for (field, value) in &mut draft.plain {
        let Value::Text(text) = value else { continue };
        let checked = match field.name {
            "filter" => {
                joined(tx, noun, std::slice::from_ref(text)).map_err(|error| error.on_field("filter"))?
            }
            "columns" => each(tx, noun, text, &['+', '-']).map_err(|error| error.on_field("columns"))?,
            "sort" => each(tx, noun, text, &['-', '+']).map_err(|error| error.on_field("sort"))?,
            _ => continue,
        };
        *value = Value::text(checked);
    }
    Ok(())
}

/// Names of columns, each checked, with the sign that it has.
fn each(tx: &ReadTx<'_>, noun: Noun, text: &str, signs: &[char]) -> Result<String> {
    let mut checked = Vec::new();
    for name in names(text) {
        let bare = name.strip_prefix(signs).unwrap_or(&name);
        let sign = name.strip_suffix(bare).unwrap_or_default();
        checked.push(format!("{sign}{}", list::column(tx, noun, bare)?.name));
    }
    Ok(checked.join(","))
}

fn names(text: &str) -> Vec<String> {
    text.split([',', '，', ';'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A view that is to be seen by nobody in particular is seen by everybody.
fn blank_visibility(draft: &mut Draft) {
    if draft.get("visibility").is_some_and(Value::is_empty) {
        draft.plain.retain(|(field, _)| field.name != "visibility");
        draft.fallback(Noun::View, "visibility", Value::Text("all".to_owned()));
    }
}

/// Only its owner makes a view private: it would be out of reach of whoever else did.
fn own(tx: &ReadTx<'_>, id: Id, draft: &Draft) -> Result<()> {
    if draft.text("visibility") != Some("private") {
        return Ok(());
    }
    let owner = match draft.get("owner") {
        Some(Value::Link(link)) => link.name.clone(),
        Some(_) => String::new(),
        None => {
            let column = [list::column(tx, Noun::View, "owner")?];
            match records::get(tx, Noun::View, id, &column)?.and_then(|row| row.into_iter().next()) {
                Some(Value::Text(name)) => name,
                _ => String::new(),
            }
        }
    };
    if owner == tx.caller().actor.name {
        return Ok(());
    }
    Err(Error::invalid(
        "visibility",
        "visibility: only the owner of a view can make it private",
    ))
}

/// Lets every view and every rule that asks for the tag `old` ask for `new`, also those that the caller does not see.
pub(crate) fn rename_tag(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    for (id, text) in links::filters_of_views(tx)? {
        if let Some(renamed) = with_renamed_tag(&text, old, new) {
            links::set_filter_of_view(tx, id, &renamed)?;
        }
    }
    sla::rename_tag(tx, old, new)?;
    assignment::rename_tag(tx, old, new)?;
    score::rename_tag(tx, old, new)?;
    pool::rename_tag(tx, old, new)?;
    rule::rename_tag(tx, old, new)
}

/// A filter that asks for the tag `new` where it asked for `old`; none if it is the same.
pub(crate) fn with_renamed_tag(text: &str, old: &str, new: &str) -> Option<String> {
    let filter = query::parse(text).ok()?;
    let renamed = Filter {
        expression: filter.expression.map(|expression| retagged(expression, old, new)),
    };
    let renamed = renamed.to_string();
    (renamed != text && renamed.len() <= MAX_BYTES).then_some(renamed)
}

fn retagged(expression: Expression, old: &str, new: &str) -> Expression {
    let all = |parts: Vec<Expression>| {
        let parts = parts.into_iter().map(|part| retagged(part, old, new));
        parts.collect::<Vec<Expression>>()
    };
    let word = |word: Word| match word.text == old {
        true => Word {
            text: new.to_owned(),
            place: word.place,
        },
        false => word,
    };
    match expression {
        Expression::And(parts) => Expression::and(all(parts)),
        Expression::Or(parts) => Expression::or(all(parts)),
        Expression::Not(inner) => Expression::negation(retagged(*inner, old, new)),
        Expression::Tag(name) => Expression::Tag(word(name)),
        Expression::Compare(Compare {
            names,
            operator,
            values: Values::Any(values),
            place,
        }) if names.last().is_some_and(|name| name.text == "tags") => Expression::Compare(Compare {
            names,
            operator,
            values: Values::Any(values.into_iter().map(word).collect()),
            place,
        }),
        other => other,
    }
}

/// Refuses a noun that cannot be listed.
///
/// # Errors
///
/// `Usage`, with what is near.
pub fn noun(word: &str) -> Result<Noun> {
    Noun::parse(word).ok_or_else(|| {
        let names = Noun::ALL.iter().map(|noun| noun.name());
        Error::new(Kind::Usage, format!("there is no noun {word:?}"))
            .with_near(crate::domain::near::near(word, names))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_renamed_wherever_a_filter_names_them() {
        for (before, after) in [
            ("+vip", "+\"key account\""),
            ("-vip city:vip", "not +\"key account\" city:vip"),
            ("vip", "vip"),
            (
                "(+vip or tags:vip,cold) -company.tags:vip",
                "(+\"key account\" or tags:\"key account\",cold) -company.tags:\"key account\"",
            ),
            ("name:vip is:mine", "name:vip is:mine"),
        ] {
            let filter = query::parse(before).expect("a filter");
            let renamed = Filter {
                expression: filter
                    .expression
                    .map(|inner| retagged(inner, "vip", "key account")),
            };
            let text = renamed.to_string();
            assert_eq!(text, after);
            assert_eq!(query::parse(&text).expect("a filter"), renamed);
        }
    }
}
