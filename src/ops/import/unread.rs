//! What stands in the base as it was written, because nobody said enough of it: numbers without a country, amounts without
//! a rate; and what is read of a full export only.

use crate::domain::field::{self, FieldType};
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::phone::{Phone, digits};
use crate::domain::value::Value;
use crate::error::Result;
use crate::ops::customer;
use crate::ops::typed::{self, Policy};
use crate::store::ReadTx;
use crate::store::customers::{self, Channel};
use crate::store::rates;

use super::rows::Wanted;

/// Notes in the doubts of `policy` what is kept as it is and counts for less: telephone numbers without a country, as a doubt
/// of `phones` without a text, and amounts in a currency without a rate, as one of `amount` with the currency. So also what a
/// row holds in parts that are read of a full export only, as a doubt of the field without a text.
pub(super) fn note(tx: &ReadTx<'_>, noun: Noun, wanted: &Wanted, policy: &Policy) -> Result<()> {
    let mut doubts = policy.doubts.borrow_mut();
    if noun == Noun::Customer && tx.caller().region.is_none() {
        for (_, text) in wanted.texts("phones") {
            if Phone::parse(&text, None).lacks_country() {
                doubts.push(("phones", String::new()));
            }
        }
    }
    let amount = wanted
        .get("amount")
        .filter(|amount| noun == Noun::Deal && matches!(amount, Input::Map(_)));
    // What cannot be read is refused when it is written.
    if let Some(amount) = amount
        && let Ok(Value::Money(money)) = typed::money(tx, "amount", amount)
        && rates::on(tx, money.currency, tx.caller().clock.today())?.is_none()
    {
        doubts.push(("amount", money.currency.code().to_owned()));
    }
    if !wanted.is_full() {
        // A card brings addresses with their parts whoever wrote it.
        let lost = wanted.kept.iter().filter(|(name, input)| {
            let is_parts = field::find(noun, name).is_some_and(|field| field.kind == FieldType::Parts);
            is_parts && *name != "address_details" && matches!(input, Input::List(items) if !items.is_empty())
        });
        doubts.extend(lost.map(|(name, _)| (*name, String::new())));
    }
    Ok(())
}

/// The customers who hold a number as it is written, because nobody said of which country it is when it came.
pub(super) fn holders(tx: &ReadTx<'_>, text: &str) -> Result<Vec<Id>> {
    let full = customer::address(tx, Channel::Phone, None, text)?;
    let raw = digits(text);
    if raw.is_empty() || raw == full.key {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for id in customers::holders(tx, Channel::Phone, "", &raw, None)? {
        let theirs = customers::addresses(tx, id, Channel::Phone)?;
        if theirs.iter().any(|known| full.is_read_from(known)) {
            found.push(id);
        }
    }
    Ok(found)
}
