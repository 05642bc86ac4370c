//! Reports that a message of ours could not be delivered.

use jiff::Timestamp;

use crate::domain::email::Email;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::activity;
use crate::ops::mail::parties;
use crate::ops::typed::Policy;
use crate::store::customers::{self, Channel};
use crate::store::letters::SYSTEM;
use crate::store::{WriteTx, links};
use crate::wire::mail::letter::{Bounce, Letter};
use crate::wire::time;

/// What was noted of a report.
pub(super) struct Noted {
    /// The note.
    pub(super) activity: Id,
    /// The first customer who has one of the addresses.
    pub(super) customer: Id,
    /// Addresses of which it is news that they are dead.
    pub(super) dead: Vec<String>,
    /// What the report says.
    pub(super) reason: String,
}

/// Marks the addresses that a report says are dead, and notes it with the first customer who has one of them; none if
/// nobody has.
pub(super) fn note(
    tx: &WriteTx<'_>,
    letter: &Letter,
    id: &str,
    at: Timestamp,
    policy: &Policy,
) -> Result<Option<Noted>> {
    let mut first: Option<(Id, &Bounce)> = None;
    let mut dead = Vec::new();
    for bounce in &letter.bounces {
        let Ok(email) = Email::parse(&bounce.address) else {
            continue;
        };
        for holder in parties::holders(tx, "", &email)? {
            if bounce.is_hard && mark(tx, holder, &email)? {
                dead.push(email.as_str().to_owned());
            }
            first.get_or_insert((holder, bounce));
        }
    }
    let Some((customer, bounce)) = first else {
        return Ok(None);
    };
    let given = |name: &str, text: &str| (name.to_owned(), Input::text(text));
    let reason = format!("{}: {}", bounce.address, bounce.reason);
    let reason = reason.trim_end_matches([':', ' ']).to_owned();
    // A mere note: nobody spoke with anybody.
    let assignments = [
        given("type", "note"),
        given("at", &time::instant(at)),
        given("text", &format!("Not delivered to {reason}")),
        given("customer", &customer.uid()),
        given("owner", &tx.caller().actor.name),
    ];
    let activity = activity::add(tx, &assignments, policy)?.id;
    links::add_external_id(tx, Noun::Activity, activity, SYSTEM, id)?;
    Ok(Some(Noted {
        activity,
        customer,
        dead,
        reason,
    }))
}

/// Notes that an address is dead; true if that is news.
fn mark(tx: &WriteTx<'_>, customer: Id, email: &Email) -> Result<bool> {
    let mut all = customers::addresses(tx, customer, Channel::Email)?;
    for address in all.iter_mut().filter(|address| address.key == email.key()) {
        address.validity = "invalid".to_owned();
    }
    customers::set_addresses(tx, customer, Channel::Email, &all)
}
