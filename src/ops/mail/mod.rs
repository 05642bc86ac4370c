//! E-mail: messages become activities on the customers who wrote or got them, and templates become messages.
//!
//! * `book.rs`: the address book of mail programs.
//! * `draft.rs`: a template and a customer make a message.
//! * `ingest.rs`: one message after the other, each with a verdict.
//! * `mark.rs`: what a message is known by, and when it was.
//! * `parties.rs`: who of those on a message is whom.
//! * `thread.rs`: the conversation around a message.
//! * `undelivered.rs`: reports that a message of ours did not arrive.
//! * `values.rs`: what templates may ask for.
//! * `verdict.rs`: what is told of messages.

pub mod book;
pub mod draft;
pub mod ingest;
mod mark;
mod parties;
pub mod thread;
mod undelivered;
pub(crate) mod values;
pub mod verdict;

#[cfg(test)]
mod tests;
