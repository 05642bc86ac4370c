//! E-mail: messages become activities on the customers who wrote or got them, and templates become messages.
//!
//! * `ingest.rs`: one message after the other, each with a verdict.
//! * `parties.rs`: who of those on a message is whom.
//! * `thread.rs`: the conversation around a message.
//! * `undelivered.rs`: reports that a message of ours did not arrive.
//! * `verdict.rs`: what is told of messages.

pub mod ingest;
mod parties;
pub mod thread;
mod undelivered;
pub mod verdict;

#[cfg(test)]
mod tests;
