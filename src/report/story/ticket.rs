//! What is told of a ticket: what was written, how it went from step to step, what is behind it and before it.

use jiff::Timestamp;

use super::{Entry, FEEDBACK, Fact, Limit, Section, TICKET, entries};
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::ticket::{CommentType, Wait};
use crate::domain::value::Value;
use crate::error::Result;
use crate::store::tickets::{self, Comment, Stayed};
use crate::store::{ReadTx, around, articles, links};

/// The sections of a ticket, but for those that every record has.
pub(super) fn sections(tx: &ReadTx<'_>, id: Id, limit: Limit) -> Result<Vec<Section>> {
    let mut sections = Vec::new();
    let mut talk = tickets::comments(tx, id)?;
    // On a page stands what was said last.
    talk.reverse();
    let talk = talk
        .iter()
        .map(|comment| said(tx, comment))
        .collect::<Result<_>>()?;
    sections.extend(limit.section("Conversation", talk));
    let stays = tickets::stays(tx, id)?;
    let stays = stays
        .iter()
        .map(|stayed| stay(tx, stayed))
        .collect::<Result<_>>()?;
    sections.extend(limit.section("Steps", stays));
    sections.extend(limit.section("Articles", helped(tx, id)?));
    let children = tickets::children(tx, id)?;
    sections.extend(limit.section("What it is behind", entries(tx, Noun::Ticket, &children, TICKET)?));
    let feedback = around::feedback(tx, Noun::Ticket, id)?;
    sections.extend(limit.section("Feedback", entries(tx, Noun::Feedback, &feedback, FEEDBACK)?));
    Ok(sections)
}

/// The articles that helped it.
fn helped(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for id in articles::of_ticket(tx, id)? {
        if let Some(article) = articles::get(tx, id)? {
            let facts = [article.title, article.kind, article.status].map(Fact::text);
            entries.push(Entry::new(Fact::text(article.key), facts));
        }
    }
    Ok(entries)
}

fn instant(at: Timestamp) -> Fact {
    Fact {
        value: Value::Instant(at),
        kind: FieldType::Instant,
    }
}

fn said(tx: &ReadTx<'_>, comment: &Comment) -> Result<Entry> {
    let by = match (comment.author, comment.customer) {
        (Some(user), _) => links::link(tx, Noun::User, user)?.map(|link| Fact::text(link.name)),
        (None, Some(customer)) => links::link(tx, Noun::Customer, customer)?.map(Fact::link),
        (None, None) => None,
    };
    let kind = match (comment.kind, comment.is_automatic) {
        (kind, true) => format!("automatic {}", kind.name()),
        (CommentType::Note, _) => "internal note".to_owned(),
        (kind, _) => kind.name().to_owned(),
    };
    let facts = [
        Fact::text(kind),
        by.unwrap_or_else(|| Fact::text("")),
        Fact::text(comment.channel.replace('_', " ")),
        Fact::text(comment.text.clone()),
    ];
    Ok(Entry::new(instant(comment.at), facts))
}

fn stay(tx: &ReadTx<'_>, stayed: &Stayed) -> Result<Entry> {
    let stay = &stayed.stay;
    let step = match stay.is_cancelled {
        true => "cancelled",
        false => stay.step.name(),
    };
    let waits = match stay.wait {
        Wait::Nobody => String::new(),
        wait => format!("waits for the {}", wait.name().replace('_', " ")),
    };
    let length = stay.left_at.map(|left_at| Fact {
        value: Value::Seconds(left_at.duration_since(stay.entered_at).as_secs()),
        kind: FieldType::Duration,
    });
    let by = match stayed.by {
        Some(user) => links::link(tx, Noun::User, user)?.map(|link| Fact::text(link.name)),
        None => None,
    };
    let facts = [
        Fact::text(step),
        Fact::text(waits),
        length.unwrap_or_else(|| Fact::text("")),
        by.unwrap_or_else(|| Fact::text("")),
    ];
    Ok(Entry::new(instant(stay.entered_at), facts))
}
