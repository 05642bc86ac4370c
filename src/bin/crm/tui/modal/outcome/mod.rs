//! How deals end: winning asks for the day and the amount, losing for the reason; and what is asked of orders. What is missing for a move is asked for
//! alone, and what comes after a win is offered.

pub(crate) mod ask;
mod lines;
pub(crate) mod lose;
pub(crate) mod next;
pub(crate) mod order;
#[cfg(test)]
mod tests;
pub(crate) mod win;

use crm::domain::value::Link;

/// What records are called together: the one, or how many.
pub(crate) fn called(of: &[Link]) -> String {
    match of {
        [one] => one.name.clone(),
        many => several(many),
    }
}

/// The same with the ref, as titles of operations have it.
fn titled(of: &[Link]) -> String {
    match of {
        [one] => format!("{} {} {}", one.noun, one.reference(), one.name),
        many => several(many),
    }
}

fn several(of: &[Link]) -> String {
    let noun = of.first().map_or("deals", |link| link.noun.plural());
    format!("{} {noun}", of.len())
}
