//! E-mail addresses: parsed once at the edge, compared by a key.

use std::fmt;

use email_address::{EmailAddress, Options};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// An address that mail could be sent to over the internet: its domain has a dot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// Reads an address: `ann@firm.example`, `Ann <ann@firm.example>` or `mailto:ann@firm.example`.
    ///
    /// The local part stays as it is written, the domain is made lower case, full-width characters become
    /// ordinary ones. Domains without a dot and literal network addresses are refused: nobody outside one
    /// machine could write to them.
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
        let options = Options::default()
            .with_required_tld()
            .without_domain_literal()
            .without_display_text();
        if let Err(error) = EmailAddress::parse_with_options(address, options) {
            return Err(refused(&reason(error)));
        }
        if address
            .chars()
            .any(|letter| letter.is_control() || letter.is_whitespace())
        {
            return Err(refused("it contains blanks"));
        }
        Ok(Email(format!("{local}@{}", domain.to_lowercase())))
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

    /// What stands after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
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

fn reason(error: email_address::Error) -> String {
    match error {
        email_address::Error::LocalPartEmpty => "nothing stands before the @".to_owned(),
        email_address::Error::DomainEmpty => "nothing stands after the @".to_owned(),
        email_address::Error::DomainTooFew => "its domain has no dot".to_owned(),
        other => other.to_string().to_lowercase().trim_end_matches('.').to_owned(),
    }
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
            ("a\u{1b}nn@firm.example", ""),
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
