//! What hooks and rules had to say of a deed, beside what is said of the deed itself.

use crate::reaction::Said;
use crate::tui::effect::{Message, Tone};

/// What there is to say, in one line: what failed comes first, and more than one is counted.
pub(crate) fn heard(all: &[Said]) -> Option<Message> {
    let first = all.iter().find(|said| said.is_failure).or(all.first())?;
    let more = match all.len() - 1 {
        0 => String::new(),
        count => format!("; {count} more: :rule log"),
    };
    let text = format!("{}{more}", first.text);
    Some(match first.is_failure {
        true => Message::refused(text),
        false => Message::done(text),
    })
}

/// Both messages as one; what went wrong stands before what went well.
pub(crate) fn beside(own: Option<Message>, heard: Message) -> Message {
    let Some(own) = own else { return heard };
    let (first, second) = match (own.tone, heard.tone) {
        (Tone::Refused, _) | (_, Tone::Done | Tone::Hint) => (own, heard),
        (_, Tone::Refused) => (heard, own),
    };
    Message {
        tone: first.tone,
        text: format!("{} · {}", first.text, second.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, is_failure: bool) -> Said {
        Said {
            text: text.to_owned(),
            is_failure,
        }
    }

    #[test]
    fn what_failed_comes_first() {
        assert_eq!(heard(&[]), None);
        let own = || Some(Message::done("Won deal D1"));
        let well = heard(&[said("rule 通知 for D1: notify self", false)]).expect("a message");
        let both = beside(own(), well);
        assert_eq!(both, Message::done("Won deal D1 · rule 通知 for D1: notify self"));
        let failed = heard(&[
            said("rule a: set level", false),
            said("the hook post failed: exit 1", true),
        ]);
        let both = beside(own(), failed.expect("a message"));
        assert_eq!(
            both,
            Message::refused("the hook post failed: exit 1; 1 more: :rule log · Won deal D1")
        );
    }
}
