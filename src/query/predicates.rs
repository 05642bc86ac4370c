//! The `is:` words: one flat table, each word defined once, in the filter language itself.
//!
//! Lists, the agenda, reports and rules all ask for a word by its name, so that it means the same everywhere.
//! The states that no field shows (trash, archive) are [`Predicate`]s and hold for every noun.

use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::query::ast::Word;
use crate::query::context::Context;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::plan::{Condition, Predicate};
use crate::query::{parser, resolve};

/// One `is:` word of one noun.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// The noun.
    pub noun: Noun,
    /// The canonical word.
    pub word: &'static str,
    /// Other words for the same.
    pub aliases: &'static [&'static str],
    /// What it means, as a filter.
    pub filter: &'static str,
    /// One line for `filter fields` and the manual.
    pub help: &'static str,
}

const fn is(
    noun: Noun,
    word: &'static str,
    aliases: &'static [&'static str],
    filter: &'static str,
    help: &'static str,
) -> Definition {
    Definition {
        noun,
        word,
        aliases,
        filter,
        help,
    }
}

/// All words with a meaning in fields.
#[rustfmt::skip]
pub const DEFINITIONS: &[Definition] = &[
    is(Noun::Customer, "person", &[], "type:person", "a person"),
    is(Noun::Customer, "company", &[], "type:company", "a company"),
    is(Noun::Customer, "mine", &[], "owner:@me", "looked after by the user who asks"),
    is(Noun::Customer, "unassigned", &[], "no:owner", "looked after by nobody"),
    is(Noun::Customer, "contacted", &[], "has:last_activity", "there was an activity that was not a mere note"),
    is(Noun::Customer, "quiet", &["cold"], "quiet_on:..today", "silent for longer than its own rhythm, or than it or its labels wish"),
    is(Noun::Customer, "stale", &[], "last_activity:<-30d or (no:last_activity created_at:<-30d)", "no activity for 30 days"),
    is(Noun::Customer, "lead", &[], "lifecycle:lead no:disqualified_on", "a lead that nobody has qualified or disqualified"),
    is(Noun::Customer, "untouched", &[], "lifecycle:lead no:disqualified_on no:last_activity", "a lead without an activity that was not a mere note"),
    is(Noun::Customer, "working", &[], "lifecycle:lead no:disqualified_on has:last_activity", "a lead with whom somebody has begun"),
    is(Noun::Customer, "disqualified", &[], "disqualified_on:1970-01-01..today", "found to be no lead"),
    is(Noun::Customer, "pooled", &[], "has:pool no:owner", "in a public pool"),
    is(Noun::Customer, "recycling", &["leaving"], "has:owner no:pool locked:no no:disqualified_on", "a public pool takes the customer back within the days of its warning, or should have"),
    is(Noun::Customer, "locked", &[], "locked:yes", "no pool takes the customer from the owner"),
    is(Noun::Customer, "overdue", &[], "next_task:<now", "the next open task is overdue"),
    is(Noun::Customer, "today", &[], "next_task:today", "the next open task is due today"),
    is(Noun::Customer, "week", &[], "next_task:today..+6d", "the next open task is due within seven days, today included"),
    is(Noun::Deal, "open", &[], "status:open", "running"),
    is(Noun::Deal, "won", &[], "status:won", "won"),
    is(Noun::Deal, "lost", &[], "status:lost", "lost"),
    is(Noun::Deal, "abandoned", &[], "status:abandoned", "should not have been one"),
    is(Noun::Deal, "closed", &[], "status:won,lost,abandoned", "not running any more"),
    is(Noun::Deal, "mine", &[], "owner:@me", "worked on by the user who asks"),
    is(Noun::Deal, "unassigned", &[], "no:owner", "worked on by nobody"),
    is(Noun::Deal, "rotting", &[], "status:open rotting_on:..today not next_task:>now", "open, past the days of its stage, without a next step"),
    is(Noun::Deal, "no_next_step", &["nextless"], "status:open open_tasks:0", "open, without an open task"),
    is(Noun::Deal, "stale", &[], "status:open (last_activity:<-30d or (no:last_activity opened_on:<-30d))", "open, no activity for 30 days"),
    is(Noun::Deal, "overdue", &[], "status:open expected_close:<today", "open, and should have closed before today"),
    is(Noun::Deal, "today", &[], "status:open expected_close:today", "open, and should close today"),
    is(Noun::Deal, "week", &[], "status:open expected_close:today..+6d", "open, and should close within seven days, today included"),
    is(Noun::Quote, "open", &[], "status:draft,sent", "still written, or with the customer and good"),
    is(Noun::Quote, "closed", &[], "status:accepted,rejected,void", "decided, or another version took its place"),
    is(Noun::Quote, "mine", &[], "owner:@me", "looked after by the user who asks"),
    is(Noun::Quote, "unassigned", &[], "no:owner", "looked after by nobody"),
    is(Noun::Quote, "expired", &[], "status:expired", "sent, past its day, and nobody said anything"),
    is(Noun::Quote, "expiring", &[], "status:sent valid_until:today..+7d", "with the customer, and good for at most seven more days"),
    is(Noun::Quote, "today", &[], "status:sent valid_until:today", "with the customer, and good until today"),
    is(Noun::Quote, "week", &[], "status:sent valid_until:today..+6d", "with the customer, and good until a day within seven, today included"),
    is(Noun::Order, "open", &[], "status:draft,confirmed,processing", "not done yet"),
    is(Noun::Order, "closed", &[], "status:completed,cancelled,returned", "done, or nothing came of it"),
    is(Noun::Order, "mine", &[], "owner:@me", "looked after by the user who asks"),
    is(Noun::Order, "unassigned", &[], "no:owner", "looked after by nobody"),
    is(Noun::Order, "unpaid", &[], "status:confirmed,processing,completed payment_status:unpaid,partially_paid", "both sides are bound, and money is to come"),
    is(Noun::Order, "paid", &[], "payment_status:paid,overpaid", "all that it comes to was paid"),
    is(Noun::Order, "overdue", &[], "overdue_on:<today", "a part was due before today and is not paid"),
    is(Noun::Order, "today", &[], "overdue_on:today", "a part is due today and not paid"),
    is(Noun::Order, "week", &[], "overdue_on:today..+6d", "an unpaid part is due within seven days, today included"),
    is(Noun::Order, "due", &[], "remind_on:-90d..today overdue_on:today..", "an unpaid part is due today, or so soon that one is to be reminded of it"),
    is(Noun::Order, "late", &["delayed"], "awaited_on:<today", "it was promised for a day before today, and not all has arrived"),
    is(Noun::Order, "undelivered", &[], "status:confirmed,processing not fulfilment_status:delivered", "both sides are bound, and not all has arrived"),
    is(Noun::Ticket, "open", &[], "status:open,waiting_customer,waiting_third_party", "not solved yet"),
    is(Noun::Ticket, "active", &["live"], "no:closed_at", "not closed yet: open, waiting, or solved and to be checked"),
    is(Noun::Ticket, "our_turn", &["ours"], "status:open", "not solved yet, and waits for nobody outside"),
    is(Noun::Ticket, "waiting", &["paused"], "status:waiting_customer,waiting_third_party", "waits for somebody outside"),
    is(Noun::Ticket, "resolved", &["solved"], "status:resolved", "solved, and not closed yet"),
    is(Noun::Ticket, "closed", &[], "status:closed,cancelled", "done, or nothing comes of it"),
    is(Noun::Ticket, "cancelled", &[], "status:cancelled", "nothing comes of it"),
    is(Noun::Ticket, "reopened", &[], "reopen_count:>0", "was solved and came back"),
    is(Noun::Ticket, "unanswered", &[], "status:open,waiting_customer,waiting_third_party no:first_responded_at", "not solved, and no person has answered yet"),
    is(Noun::Ticket, "breached", &["late"], "late_at:<now", "what was promised for it was broken, whatever happened later"),
    is(Noun::Ticket, "overdue", &["due"], "due_at:<now", "a clock has run out, and what was promised is still to do"),
    is(Noun::Ticket, "at_risk", &["risk"], "at_risk_at:<now due_at:>=now", "three quarters of the time have passed, and none has run out"),
    is(Noun::Ticket, "today", &[], "due_at:today", "a clock runs out today"),
    is(Noun::Ticket, "complaint", &[], "type:complaint", "a complaint"),
    is(Noun::Ticket, "mine", &[], "assignee:@me", "worked on by the user who asks"),
    is(Noun::Ticket, "unassigned", &[], "no:assignee", "worked on by nobody"),
    is(Noun::Feedback, "answered", &[], "has:answered_on", "has come, whether somebody was asked or not"),
    is(Noun::Feedback, "unanswered", &["asked"], "no:answered_on", "a customer was asked and has not answered"),
    is(Noun::Feedback, "open", &[], "has:answered_on status:new,acknowledged,acted", "has come, and is not closed"),
    is(Noun::Feedback, "closed", &[], "status:closed", "there is nothing more to do"),
    is(Noun::Feedback, "mine", &[], "owner:@me", "looked after by the user who asks"),
    is(Noun::Feedback, "unassigned", &[], "no:owner", "looked after by nobody"),
    is(Noun::Feedback, "complaint", &[], "type:complaint", "a complaint"),
    is(Noun::Feedback, "promoter", &[], "verdict:promoter", "would recommend us: 9 or 10 of 10"),
    is(Noun::Feedback, "passive", &[], "verdict:passive", "would neither recommend us nor not: 7 or 8 of 10"),
    is(Noun::Feedback, "detractor", &[], "verdict:detractor", "speaks against us: 0 to 6 of 10"),
    is(Noun::Feedback, "satisfied", &[], "verdict:satisfied", "is satisfied: 4 or 5 of 5"),
    is(Noun::Feedback, "dissatisfied", &[], "verdict:dissatisfied", "is not satisfied: 1 or 2 of 5"),
    is(Noun::Feedback, "waiting", &[], "waiting_on:..today (type:complaint or no:customer.next_task) not ticket.status:open,waiting_customer,waiting_third_party", "a complaint about which nothing was done, or an unhappy answer that nobody has heard and after which nothing is planned; no open ticket is about it"),
    is(Noun::Feedback, "today", &[], "answered_on:today", "came today"),
    is(Noun::Feedback, "week", &[], "answered_on:-6d..today", "came within seven days, today included"),
    is(Noun::Task, "open", &[], "status:open", "still to be done"),
    is(Noun::Task, "done", &[], "status:done", "done"),
    is(Noun::Task, "cancelled", &[], "status:cancelled", "not to be done any more"),
    is(Noun::Task, "mine", &[], "assignee:@me", "to be done by the user who asks"),
    is(Noun::Task, "unassigned", &[], "no:assignee", "to be done by nobody"),
    is(Noun::Task, "overdue", &[], "status:open due_at:..now", "open, and the time by which it was due has passed"),
    is(Noun::Task, "today", &[], "status:open due:today", "open, and due today"),
    is(Noun::Task, "week", &[], "status:open due:today..+6d", "open, and due within seven days, today included"),
    is(Noun::Activity, "mine", &[], "owner:@me", "done by the user who asks"),
    is(Noun::Activity, "unassigned", &[], "no:owner", "done by nobody known"),
    is(Noun::Activity, "today", &[], "at:today", "happened today"),
    is(Noun::Activity, "week", &[], "at:-6d..today", "happened within seven days, today included"),
    is(Noun::Article, "reply", &["canned"], "type:reply", "a canned reply"),
    is(Noun::Article, "published", &[], "status:published", "may be used"),
    is(Noun::Article, "draft", &[], "status:draft", "still written"),
    is(Noun::Article, "used", &[], "tickets:>0", "helped a ticket"),
    is(Noun::Article, "unused", &[], "tickets:0", "helped no ticket"),
    is(Noun::Product, "active", &[], "active:yes", "still sold"),
    is(Noun::Product, "inactive", &[], "active:no", "not sold any more"),
    is(Noun::User, "active", &[], "status:active", "still works here"),
    is(Noun::User, "disabled", &[], "status:disabled", "does not work here any more"),
];

/// The states of every noun, with their help.
pub const STATES: &[(Predicate, &str)] = &[
    (Predicate::Trashed, "in the trash"),
    (Predicate::Archived, "archived"),
    (Predicate::Any, "every record, trash and archive too"),
];

/// After how many days without activity a record is stale, unless somebody asks for another number.
pub const STALE_DAYS: i64 = 30;

/// What `is:stale` means for a record of `noun`, with another number of days; none where it means nothing.
pub fn stale(noun: Noun, days: i64) -> Option<String> {
    let usual = format!("-{STALE_DAYS}d");
    let definition = definitions(noun).find(|definition| definition.word == "stale")?;
    Some(definition.filter.replace(&usual, &format!("-{days}d")))
}

/// The definitions of `noun`.
pub fn definitions(noun: Noun) -> impl Iterator<Item = &'static Definition> {
    DEFINITIONS
        .iter()
        .filter(move |definition| definition.noun == noun)
}

/// What `is:word` means for a record of `noun`: the one definition that every face shares.
///
/// # Errors
///
/// There is no such word for the noun. The span is that of the word alone.
pub fn condition(noun: Noun, word: &str, context: &Context<'_>) -> Result<Condition, QueryError> {
    let place = crate::query::ast::Place::new(0, word.len());
    let text = word.to_owned();
    named(noun, &Word { text, place }, context)
}

/// The same for a word of a filter.
pub(super) fn named(noun: Noun, word: &Word, context: &Context<'_>) -> Result<Condition, QueryError> {
    match meaning(noun, word)? {
        Meaning::State(predicate) => Ok(Condition::Predicate(predicate)),
        Meaning::Filter(definition) => {
            // The places in a definition mean nothing to who typed the word.
            let here = |error| QueryError {
                span: word.place.range(),
                ..error
            };
            let filter = parser::parse(definition.filter).map_err(here)?;
            let condition = resolve::filter(&filter, noun, context).map_err(here)?;
            Ok(Condition::Named {
                word: definition.word,
                condition: Box::new(condition),
            })
        }
    }
}

/// The canonical form of a word after `is:`.
pub(super) fn canonical(noun: Noun, word: &Word) -> Result<&'static str, QueryError> {
    Ok(match meaning(noun, word)? {
        Meaning::State(predicate) => predicate.name(),
        Meaning::Filter(definition) => definition.word,
    })
}

enum Meaning {
    State(Predicate),
    Filter(&'static Definition),
}

fn meaning(noun: Noun, word: &Word) -> Result<Meaning, QueryError> {
    let wanted = super::path::normal(&word.text);
    let state = STATES.iter().find(|(state, _)| state.name() == wanted);
    if let Some((state, _)) = state {
        return Ok(Meaning::State(*state));
    }
    let found = definitions(noun)
        .find(|definition| definition.word == wanted || definition.aliases.contains(&wanted.as_str()));
    found.map(Meaning::Filter).ok_or_else(|| {
        let words = definitions(noun)
            .flat_map(|definition| std::iter::once(&definition.word).chain(definition.aliases))
            .copied()
            .chain(STATES.iter().map(|(state, _)| state.name()));
        let suggestions = near(&word.text, words);
        let message = format!("a {noun} cannot be {:?}", word.text);
        QueryError::new(QueryErrorKind::UnknownWord, word.place.range(), message).with_near(suggestions)
    })
}
