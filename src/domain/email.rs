//! E-mail addresses: parsed once at the edge, compared by a key.
//!
//! # Which are accepted
//!
//! Those that mail servers accept (RFC 5321, with letters of all scripts as in RFC 6531), for mail over the internet:
//!
//! * Before the `@` stand at most 64 bytes: letters, digits and ``!#$%&'*+-/=?^_`{|}~`` with single dots between them, or
//!   anything printable in double quotes. Letters of other scripts count as letters.
//! * After it stands a domain of two labels at least, each of letters, digits and hyphens inside, of at most 63 letters;
//!   the last one is no number. Numeric addresses in brackets and names of one machine are refused: nobody outside could
//!   write to them.
//! * The whole has at most 254 bytes, as a path in SMTP.
//!
//! Whether the mailbox exists is not asked. What else can be told without asking is in [`crate::domain::validity`].

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::{Error, Result};

/// The most bytes before the `@`, of a label, and of the whole (RFC 5321, 4.5.3.1, and the length of a path without its
/// angle brackets).
const MOST_LOCAL: usize = 64;
const MOST_LABEL: usize = 63;
const MOST: usize = 254;

/// An address that mail could be sent to over the internet: its domain has a dot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// Reads an address: `ann@firm.example`, `Ann <ann@firm.example>` or `mailto:ann@firm.example`.
    ///
    /// The local part stays as it is written, the domain is made lower case, full-width characters become
    /// ordinary ones.
    ///
    /// # Errors
    ///
    /// `Invalid` with the reason: what the rule at the head of this file does not allow.
    pub fn parse(text: &str) -> Result<Email> {
        let plain: String = text.nfkc().collect();
        let address = bare(&plain);
        let refused = |reason: &str| {
            Error::invalid(
                "emails",
                format!("{:?} is not an e-mail address: {reason}", text.trim()),
            )
        };
        if address.is_empty() {
            return Err(refused("it is empty"));
        }
        let Some((local, domain)) = address.rsplit_once('@') else {
            return Err(refused("it has no @"));
        };
        let email = format!("{local}@{}", domain.to_lowercase());
        let wrong = wrong_local(local).or_else(|| wrong_domain(domain));
        match wrong {
            Some(reason) => Err(refused(reason)),
            None if email.len() > MOST => Err(refused("it is longer than 254 bytes")),
            None => Ok(Email(email)),
        }
    }

    /// The address as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two addresses are compared: lower case, compatibility forms resolved.
    ///
    /// Strictly the local part may tell cases apart; no mail system of note does.
    pub fn key(&self) -> String {
        self.0.to_lowercase().nfkc().collect()
    }

    /// What stands before the `@`, as it is written.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// What is wrong before the `@`; none if nothing is.
fn wrong_local(local: &str) -> Option<&'static str> {
    if local.is_empty() {
        return Some("nothing stands before the @");
    }
    if local.len() > MOST_LOCAL {
        return Some("more than 64 bytes stand before the @");
    }
    if let Some(quoted) = local.strip_prefix('"') {
        return match quoted.strip_suffix('"') {
            Some(inside) if !inside.is_empty() && is_quotable(inside) => None,
            _ => Some("what stands in quotes before the @ does not end, or holds what must not be there"),
        };
    }
    if local.chars().any(char::is_whitespace) {
        return Some("it contains blanks");
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Some("a dot stands at the beginning, before the @ or beside another");
    }
    let is_allowed = |letter: char| is_letter(letter) || "!#$%&'*+-/=?^_`{|}~.".contains(letter);
    (!local.chars().all(is_allowed)).then_some("a character before the @ is not allowed without quotes")
}

/// Whether a text may stand between double quotes: printable, quotes and backslashes behind a backslash.
fn is_quotable(inside: &str) -> bool {
    let mut letters = inside.chars();
    while let Some(letter) = letters.next() {
        let is_plain = letter == ' ' || letter.is_ascii_graphic() || is_letter(letter);
        match letter {
            '"' => return false,
            '\\' if !letters
                .next()
                .is_some_and(|next| next == ' ' || next.is_ascii_graphic()) =>
            {
                return false;
            }
            _ if !is_plain => return false,
            _ => {}
        }
    }
    true
}

/// What is wrong after the `@`; none if nothing is.
fn wrong_domain(domain: &str) -> Option<&'static str> {
    if domain.is_empty() {
        return Some("nothing stands after the @");
    }
    if domain.starts_with('[') {
        return Some("a numeric address is no domain");
    }
    if domain.chars().any(char::is_whitespace) {
        return Some("it contains blanks");
    }
    let mut last = "";
    let mut labels = 0;
    for label in domain.split('.') {
        if label.is_empty() {
            return Some("a dot stands at the end, after the @ or beside another");
        }
        // A label of other scripts travels in ASCII, which is about as long as it has letters.
        if label.chars().count() > MOST_LABEL {
            return Some("a part of its domain has more than 63 letters");
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Some("a part of its domain begins or ends with a hyphen");
        }
        if !label.chars().all(|letter| is_letter(letter) || letter == '-') {
            return Some("a character of its domain is neither letter nor digit nor hyphen");
        }
        last = label;
        labels += 1;
    }
    if labels < 2 {
        return Some("its domain has no dot");
    }
    last.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some("its domain ends with a number")
}

/// Letters and digits of all scripts, and the marks that belong to them.
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || !letter.is_ascii() && is_combining_mark(letter)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The address without a display name, angle brackets, scheme or query.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = match (text.rfind('<'), text.strip_suffix('>')) {
        (Some(open), Some(closed)) => closed.get(open + 1..).unwrap_or(text),
        _ => text,
    };
    let text = text.trim();
    let scheme = text
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let text = scheme
        .and_then(|_| text.get(7..))
        .map_or(text, |rest| rest.split('?').next().unwrap_or(rest));
    text.trim()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses() {
        let cases = [
            ("ann@firm.example", "ann@firm.example", "ann@firm.example"),
            (
                "  Ann.Lee@Firm.EXAMPLE ",
                "Ann.Lee@firm.example",
                "ann.lee@firm.example",
            ),
            (
                "Ann Lee <ann@firm.example>",
                "ann@firm.example",
                "ann@firm.example",
            ),
            (
                "\"Lee, Ann\" <ann@firm.example>",
                "ann@firm.example",
                "ann@firm.example",
            ),
            (
                "张伟 <zhangwei@firm.example>",
                "zhangwei@firm.example",
                "zhangwei@firm.example",
            ),
            (
                "MAILTO:ann@firm.example?subject=hi",
                "ann@firm.example",
                "ann@firm.example",
            ),
            ("ann＠firm.example", "ann@firm.example", "ann@firm.example"),
            (
                "ann+tag@sub.firm.example",
                "ann+tag@sub.firm.example",
                "ann+tag@sub.firm.example",
            ),
            ("用户@例子.example", "用户@例子.example", "用户@例子.example"),
        ];
        for (text, written, key) in cases {
            let email = Email::parse(text).unwrap();
            assert_eq!((email.as_str(), email.key().as_str()), (written, key), "{text:?}");
        }
        assert_eq!(Email::parse("ann@Firm.example").unwrap().domain(), "firm.example");
    }

    #[test]
    fn refuses() {
        let cases = [
            ("", "it is empty"),
            ("ann", "it has no @"),
            ("@firm.example", "before the @"),
            ("ann@", "after the @"),
            ("ann@localhost", "its domain has no dot"),
            ("ann@[127.0.0.1]", ""),
            ("ann lee@firm.example", ""),
            ("ann@firm..example", ""),
            ("ann@@firm.example", ""),
            ("a\u{1b}nn@firm.example", "not allowed"),
            (".ann@firm.example", "a dot"),
            ("ann.@firm.example", "a dot"),
            ("ann..lee@firm.example", "a dot"),
            ("ann,lee@firm.example", "not allowed"),
            ("ann(lee)@firm.example", "not allowed"),
            ("\"ann@firm.example", "quotes"),
            ("\"a\"b\"@firm.example", "quotes"),
            ("\"\"@firm.example", "quotes"),
            ("ann@firm_x.example", "neither letter"),
            ("ann@firm!.example", "neither letter"),
            ("ann@-firm.example", "hyphen"),
            ("ann@firm-.example", "hyphen"),
            ("ann@firm.example.", "a dot"),
            ("ann@.firm.example", "a dot"),
            ("ann@127.0.0.1", "a number"),
            ("ann@firm .example", "blanks"),
        ];
        for (text, expected) in cases {
            let error = Email::parse(text).unwrap_err();
            assert!(
                error.message().contains(expected),
                "{text:?}: {}",
                error.message()
            );
            assert_eq!(error.field(), Some("emails"));
        }
    }

    #[test]
    fn accepts_what_mail_servers_do() {
        for text in [
            "a@b.example",
            "!#$%&'*+-/=?^_`{|}~@firm.example",
            "ann.lee+tag=1@firm.example",
            "\"ann lee\"@firm.example",
            "\"ann\\\"lee@home\"@firm.example",
            "1@1.example",
            "ann@x-1.2.firm.example",
            "ann@xn--bcher-kva.example",
            "ann@bücher.example",
            "दीपक@उदाहरण.example",
            "δοκιμή@παράδειγμα.example",
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn lengths_are_those_of_smtp() {
        let local = "a".repeat(64);
        let label = "b".repeat(63);
        let rest = format!("{}.{}", "c".repeat(60), "c".repeat(56));
        let longest = format!("{local}@{label}.{rest}.example");
        assert_eq!(longest.len(), 254);
        assert!(Email::parse(&longest).is_ok());
        for (text, expected) in [
            (format!("{local}a@firm.example"), "64 bytes"),
            (format!("ann@{label}b.example"), "63 letters"),
            (longest.replace(".example", "d.example"), "254 bytes"),
        ] {
            let error = Email::parse(&text).unwrap_err();
            assert!(error.message().contains(expected), "{}", error.message());
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = Email::parse(&text);
        }

        #[test]
        fn what_was_parsed_parses_again(text in "[a-zA-Z0-9._+-]{1,12}@[a-zA-Z0-9-]{1,8}\\.[a-z]{2,4}|\\PC{0,20}@\\PC{0,9}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()).unwrap(), email);
            }
        }
    }
}
