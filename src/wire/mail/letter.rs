//! What a message says: who wrote to whom, when, in which thread, and what.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{self, Date};
use jiff::tz::Offset;
use mail_parser::{
    Address, DateTime, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders,
};

use super::bounce;
pub use super::bounce::Bounce;
use super::{bulk, plain};

/// Somebody as a header names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name that is shown; may be empty.
    pub name: String,
    /// The address as it is written.
    pub address: String,
}

/// An instant, and the day that it was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// The day in the zone that the header names.
    pub on: Date,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its Message-ID, without angle brackets.
    pub id: Option<String>,
    /// The messages that it answers, the oldest first.
    pub ancestors: Vec<String>,
    /// Who wrote it.
    pub from: Vec<Mailbox>,
    /// Who sent it for them.
    pub sender: Vec<Mailbox>,
    /// Where answers go.
    pub reply_to: Vec<Mailbox>,
    /// To whom it is.
    pub to: Vec<Mailbox>,
    /// Who else got it, also in secret.
    pub cc: Vec<Mailbox>,
    /// When it was written, as it says.
    pub sent: Option<Moment>,
    /// When the last server on its way got it.
    pub received: Option<Moment>,
    /// What it is about, on one line.
    pub subject: String,
    /// What was written, without what is quoted and signed.
    pub text: String,
    /// All of the text, with what is quoted and signed.
    pub whole: String,
    /// The names of what is attached.
    pub attachments: Vec<String>,
    /// Why it is no correspondence between people; none if nothing says so.
    pub bulk: Option<&'static str>,
    /// Whether it is a report on what became of another message.
    pub is_report: bool,
    /// The addresses that could not be reached, if it is such a report.
    pub bounces: Vec<Bounce>,
}

/// At most so many addresses of one header are read.
const MOST_MAILBOXES: usize = 200;

/// At most so many messages of a thread are named.
const MOST_ANCESTORS: usize = 60;

/// At most so many attachments are named.
const MOST_ATTACHMENTS: usize = 50;

/// Messages inside messages to this depth are looked into.
const DEEPEST: usize = 40;

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What it is called; never empty, and without what would lead into another folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The files that came with a message, but for pictures that are a part of its text.
pub fn files(raw: &[u8]) -> Vec<File> {
    let raw = readable_headers(shallow(raw));
    let Some(message) = MessageParser::default().parse(raw.as_ref()) else {
        return Vec::new();
    };
    let is_drawn = |part: &MessagePart<'_>| {
        part.content_id().is_some()
            && part
                .content_disposition()
                .is_none_or(|disposition| !disposition.is_attachment())
    };
    let attached = message.attachments().filter(|part| !is_drawn(part));
    let named = attached.filter_map(|part| Some((file_name(part)?, part)));
    named
        .take(MOST_ATTACHMENTS)
        .map(|(name, part)| File {
            name: name.replace(['/', '\\', ':'], "_"),
            bytes: match part.message() {
                Some(inner) => inner.raw_message().to_vec(),
                None => part.contents().to_vec(),
            },
        })
        .collect()
}

/// Reads a message; none if the bytes are no such thing.
pub fn read(raw: &[u8]) -> Option<Letter> {
    let raw = shallow(raw);
    let raw = readable_headers(raw);
    let message = MessageParser::default().parse(raw.as_ref())?;
    let known = [
        HeaderName::From,
        HeaderName::To,
        HeaderName::Date,
        HeaderName::MessageId,
        HeaderName::Subject,
        HeaderName::Received,
    ];
    if known.iter().all(|name| message.header(name.clone()).is_none()) {
        return None;
    }
    let from = mailboxes(&message, &HeaderName::From);
    let is_report = bounce::is_report(&message);
    let mut cc = mailboxes(&message, &HeaderName::Cc);
    cc.extend(mailboxes(&message, &HeaderName::Bcc));
    let whole = plain::whole(&message);
    Some(Letter {
        id: ids(message.header(HeaderName::MessageId)).into_iter().next(),
        ancestors: ancestors(&message),
        sender: mailboxes(&message, &HeaderName::Sender),
        reply_to: mailboxes(&message, &HeaderName::ReplyTo),
        to: mailboxes(&message, &HeaderName::To),
        cc,
        sent: message.date().and_then(moment),
        received: message
            .received()
            .and_then(|received| received.date())
            .as_ref()
            .and_then(moment),
        subject: plain::line(message.subject().unwrap_or_default())
            .chars()
            .take(500)
            .collect(),
        text: plain::own(&whole),
        whole,
        attachments: attachments(&message),
        bulk: bulk::reason(&message, from.first().map(|mailbox| mailbox.address.as_str())),
        bounces: if is_report {
            bounce::read(&message)
        } else {
            Vec::new()
        },
        is_report,
        from,
    })
}

/// A Message-ID as it is kept: without brackets, and without what would end it in a list of ids.
pub fn clean_id(text: &str) -> Option<String> {
    let id = text.trim().trim_start_matches('<').trim_end_matches('>').trim();
    let id: String = id
        .chars()
        .map(|letter| match letter {
            ',' | ';' | '，' | '；' => '_',
            letter if letter.is_control() || letter.is_whitespace() => '_',
            letter => letter,
        })
        .take(400)
        .collect();
    (!id.is_empty()).then_some(id)
}

/// The bytes up to where messages lie in messages too deep to be looked into.
fn shallow(raw: &[u8]) -> &[u8] {
    let mut depth = 0;
    for (at, byte) in raw.iter().enumerate().filter(|(_, byte)| matches!(byte, b'/')) {
        let _ = byte;
        let before = raw
            .get(at.saturating_sub(9)..at)
            .unwrap_or_default()
            .to_ascii_lowercase();
        let after = raw.get(at + 1..at + 7).unwrap_or_default().to_ascii_lowercase();
        if before.ends_with(b"message") && (after == *b"rfc822" || after == *b"global")
            || before.ends_with(b"multipart") && after == *b"digest"
        {
            depth += 1;
            if depth > DEEPEST {
                return raw.get(..at).unwrap_or(raw);
            }
        }
    }
    raw
}

/// The message with headers that are UTF-8: programs that know no better write them as they are.
fn readable_headers(raw: &[u8]) -> Cow<'_, [u8]> {
    // A separator of a mailbox, or one that was made harmless, is no header.
    let raw = match raw.split_first_chunk::<5>() {
        Some((b"From ", _)) => after_line(raw),
        Some((b">From", rest)) if rest.starts_with(b" ") => after_line(raw),
        _ => raw,
    };
    let end = end_of_headers(raw);
    let (head, body) = raw.split_at_checked(end).unwrap_or((raw, &[]));
    if std::str::from_utf8(head).is_ok() {
        return Cow::Borrowed(raw);
    }
    let mut whole = plain::guessed(head, charset(head).as_deref()).into_bytes();
    whole.extend_from_slice(body);
    Cow::Owned(whole)
}

fn after_line(raw: &[u8]) -> &[u8] {
    let end = raw
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(raw.len(), |end| end + 1);
    raw.get(end..).unwrap_or_default()
}

fn end_of_headers(raw: &[u8]) -> usize {
    let mut at = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            return at;
        }
        at += line.len();
    }
    raw.len()
}

/// The charset that the headers name for the text.
fn charset(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, named) = text.split_once("charset=")?;
    let named = named.trim_start_matches(['"', '\'']);
    let end = named.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.:".contains(letter)));
    Some(named.get(..end.unwrap_or(named.len()))?.to_owned())
}

fn mailboxes(message: &Message<'_>, name: &HeaderName<'static>) -> Vec<Mailbox> {
    let headers = message.headers().iter().filter(|header| header.name == *name);
    let addresses = headers.filter_map(|header| match &header.value {
        HeaderValue::Address(address) => Some(address),
        _ => None,
    });
    addresses
        .flat_map(Address::iter)
        .filter_map(|one| {
            let address = plain::line(one.address.as_deref()?);
            let address = address
                .trim_matches(|letter: char| "<>\"'".contains(letter))
                .to_owned();
            let name = plain::line(one.name.as_deref().unwrap_or_default());
            let name = name.trim_matches(|letter: char| "\"' ".contains(letter));
            // A name that only says the address again is none.
            let name = if name.eq_ignore_ascii_case(&address) {
                ""
            } else {
                name
            };
            (!address.is_empty() && address.len() <= 320).then(|| Mailbox {
                name: name.chars().take(200).collect(),
                address,
            })
        })
        .take(MOST_MAILBOXES)
        .collect()
}

fn ids(value: Option<&HeaderValue<'_>>) -> Vec<String> {
    match value {
        Some(HeaderValue::Text(text)) => clean_id(text).into_iter().collect(),
        Some(HeaderValue::TextList(texts)) => texts.iter().filter_map(|text| clean_id(text)).collect(),
        _ => Vec::new(),
    }
}

/// The thread above a message: what it refers to, and then what it answers.
fn ancestors(message: &Message<'_>) -> Vec<String> {
    let mut all = ids(message.header(HeaderName::References));
    for id in ids(message.header(HeaderName::InReplyTo)) {
        if !all.contains(&id) {
            all.push(id);
        }
    }
    if all.len() > MOST_ANCESTORS {
        // The first one names the thread, the last ones are the nearest.
        all.drain(1..all.len() - MOST_ANCESTORS + 1);
    }
    all
}

fn attachments(message: &Message<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in message.attachments().filter_map(file_name) {
        if !names.contains(&name) && names.len() < MOST_ATTACHMENTS {
            names.push(name);
        }
    }
    names
}

/// What an attachment is called; none for a part that is no file.
fn file_name(part: &MessagePart<'_>) -> Option<String> {
    let name = match part.attachment_name() {
        Some(name) => plain::line(name),
        None if part.is_message() => {
            let subject = part.message().and_then(|inner| inner.subject());
            format!("{}.eml", plain::line(subject.unwrap_or("message")))
        }
        None if part.is_content_type("text", "calendar") => "invitation.ics".to_owned(),
        None => return None,
    };
    let name: String = name.chars().take(120).collect();
    (!name.is_empty()).then_some(name)
}

/// A date as it was there. A sixtieth second is the fifty-ninth.
fn moment(date: &DateTime) -> Option<Moment> {
    let small = |number: u8| i8::try_from(number).ok();
    let day = Date::new(
        i16::try_from(date.year).ok()?,
        small(date.month)?,
        small(date.day)?,
    )
    .ok()?;
    let time = civil::Time::new(
        small(date.hour)?,
        small(date.minute)?,
        small(date.second.min(59))?,
        0,
    )
    .ok()?;
    let ahead = i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60;
    let offset = Offset::from_seconds(if date.tz_before_gmt { -ahead } else { ahead }).ok()?;
    let at = offset.to_timestamp(day.to_datetime(time)).ok()?;
    Some(Moment { at, on: day })
}
