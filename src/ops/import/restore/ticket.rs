//! What only a full export says of a ticket: its stays in steps, what was written, where its customer worked then.

use super::deal::record;
use super::{instant, list, text, user};
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::ticket::{COMMENTS, CommentType, STEPS, Stay, Step, WAITS, Wait};
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::import::rows::Wanted;
use crate::ops::typed;
use crate::store::tickets::{self, Comment};
use crate::store::{ReadTx, WriteTx, parts};

/// Writes what belongs to a new ticket alone.
pub(super) fn details(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    if wanted.kept("steps").is_some() {
        let mut stays = Vec::new();
        for item in list(wanted, "steps") {
            stays.push((stay(item)?, user(tx, item.part("by"))?));
        }
        in_order(&stays)?;
        tickets::set_stays(tx, id, &stays)?;
    }
    for item in list(wanted, "comments") {
        tickets::add_comment(tx, id, &comment(tx, item)?)?;
    }
    if wanted.is_full() {
        let company = match wanted.kept("company") {
            Some(stub) => record(tx, "company", Noun::Customer, stub)?,
            None => Value::Null,
        };
        parts::amend(tx, "ticket", id, &vec![("company_id", company)])?;
    }
    Ok(())
}

/// Stays that a life can have: one ends when the next begins, and the last has no end.
fn in_order(stays: &[(Stay, Option<Id>)]) -> Result<()> {
    let refuse = |what: &str| Err(Error::invalid("steps", format!("steps: {what}")));
    let Some((last, _)) = stays.last() else {
        return refuse("there is none");
    };
    if last.left_at.is_some() {
        return refuse("the last one has an end");
    }
    for ((one, _), (next, _)) in stays.iter().zip(stays.iter().skip(1)) {
        if one.left_at != Some(next.entered_at) || one.entered_at > next.entered_at {
            return refuse("one does not end when the next begins");
        }
    }
    Ok(())
}

fn at(item: &Input, name: &str, field: &str) -> Result<Option<jiff::Timestamp>> {
    let ms = instant(item, name, field)?;
    ms.map(|ms| {
        jiff::Timestamp::from_millisecond(ms)
            .map_err(|_| Error::invalid(field, format!("{field}: {name} is no instant")))
    })
    .transpose()
}

fn stay(item: &Input) -> Result<Stay> {
    let step = typed::word("steps", STEPS, text(item, "step"))?;
    let wait = match text(item, "wait") {
        "" => "none",
        word => typed::word("steps", WAITS, word)?,
    };
    let entered_at = at(item, "entered_at", "steps")?;
    Ok(Stay {
        step: Step::parse(step).ok_or_else(|| Error::internal("a word is no step"))?,
        wait: Wait::parse(wait).ok_or_else(|| Error::internal("a word is no wait"))?,
        is_cancelled: matches!(text(item, "is_cancelled"), "true" | "1"),
        entered_at: entered_at.ok_or_else(|| Error::invalid("steps", "steps: one has no start"))?,
        left_at: at(item, "left_at", "steps")?,
    })
}

fn comment(tx: &ReadTx<'_>, item: &Input) -> Result<Comment> {
    let kind = typed::word("comments", COMMENTS, text(item, "type"))?;
    let customer = match item.part("customer") {
        Some(stub) => match record(tx, "comments", Noun::Customer, stub)? {
            Value::Int(id) => Some(Id::from_raw(id)),
            _ => None,
        },
        None => None,
    };
    let written = at(item, "at", "comments")?;
    Ok(Comment {
        kind: CommentType::parse(kind).ok_or_else(|| Error::internal("a word is no comment"))?,
        at: written.ok_or_else(|| Error::invalid("comments", "comments: one has no time"))?,
        text: typed::clean("comments", text(item, "text"))?,
        channel: text(item, "channel").to_owned(),
        is_automatic: matches!(text(item, "is_automatic"), "true" | "1"),
        author: user(tx, item.part("author"))?,
        customer,
    })
}
