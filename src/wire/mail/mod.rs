//! E-mail: messages in, as they really are, and messages out, as they should be.
//!
//! * `mbox.rs`: a mailbox in one file, message by message, and how one is written.
//! * `letter.rs`: what a message says: who, when, which thread, and its text.
//! * `plain.rs`: the text of a message: the best part of it, decoded.
//! * `html.rs`: HTML as plain text.
//! * `reply.rs`: what somebody wrote, without what is quoted and signed.
//! * `bounce.rs`: a report that a message could not be delivered.
//! * `compose.rs`: a message as RFC 5322 wants it.
//! * `template.rs`: a file with headers and a text in which values are put.

mod bounce;
mod bulk;
pub mod compose;
mod html;
pub mod letter;
pub mod mbox;
mod plain;
mod reply;
pub mod template;

#[cfg(test)]
mod tests;
