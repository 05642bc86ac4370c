//! How deals end: winning asks for the day and the amount, losing for the reason. What is missing for a move is asked for
//! alone, and what comes after a win is offered.

pub(crate) mod ask;
mod lines;
pub(crate) mod lose;
pub(crate) mod next;
#[cfg(test)]
mod tests;
pub(crate) mod win;

use crm::domain::value::Link;

/// What deals are called together: the one, or how many.
pub(crate) fn called(of: &[Link]) -> String {
    match of {
        [one] => one.name.clone(),
        many => format!("{} deals", many.len()),
    }
}

/// The same with the ref, as titles of operations have it.
fn titled(of: &[Link]) -> String {
    match of {
        [one] => format!("deal {} {}", one.reference(), one.name),
        many => format!("{} deals", many.len()),
    }
}
