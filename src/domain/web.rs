//! Web addresses: normalised for keeping, reduced to a domain for comparing.

use std::fmt;

use crate::error::{Error, Result};

/// A web address with a scheme and a host that a browser can open.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Website(String);

impl Website {
    /// Reads a web address; without a scheme it is taken for `https`.
    ///
    /// Scheme and host are made lower case and a lone final slash goes, the rest stays as written. Only `http` and `https` are
    /// accepted, since stored addresses are offered for opening; blanks, control characters, users and
    /// passwords are refused.
    pub fn parse(text: &str) -> Result<Website> {
        let text = text.trim();
        let refused =
            |reason: &str| Error::invalid("website", format!("{text:?} is not a web address: {reason}"));
        if text.is_empty() {
            return Err(refused("it is empty"));
        }
        if text
            .chars()
            .any(|letter| letter.is_control() || letter.is_whitespace() || "\"<>\\^`{|}".contains(letter))
        {
            return Err(refused("it contains blanks or characters that no address has"));
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None if scheme_without_slashes(text) => return Err(refused("only http and https are known")),
            None => ("https".to_owned(), text.trim_start_matches("//")),
        };
        if scheme != "http" && scheme != "https" {
            return Err(refused("only http and https are known"));
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (host, port) = authority
            .rsplit_once(':')
            .map_or((authority, None), |(host, port)| (host, Some(port)));
        if port.is_some_and(|port| port.parse::<u16>().is_err() || port.starts_with('+')) {
            return Err(refused("its port is not a number"));
        }
        if !is_host(host) {
            return Err(refused("it has no domain"));
        }
        let path = if path == "/" { "" } else { path };
        Ok(Website(format!("{scheme}://{}{path}", authority.to_lowercase())))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domain, without `www.` and the port.
    pub fn domain(&self) -> &str {
        domain(&self.0).unwrap_or("")
    }
}

impl fmt::Display for Website {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The domain of a web address as it is stored, without scheme, `www.`, port and path; none if there is none.
pub fn domain(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.split(':').next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
}

/// True for `mailto:x` and `javascript:x`, false for `firm.example:8080/x`.
fn scheme_without_slashes(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        let port = rest.split(['/', '?', '#']).next().unwrap_or("");
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        !scheme.contains(['/', '?', '#']) && !is_port
    })
}

/// Letters and digits in two or more labels; a network address in digits passes.
fn is_host(host: &str) -> bool {
    host.contains('.')
        && host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses() {
        let cases = [
            ("firm.example", "https://firm.example", "firm.example"),
            (
                " HTTP://WWW.Firm.Example/ ",
                "http://www.firm.example",
                "firm.example",
            ),
            (
                "https://Firm.example/About?Q=1#Top",
                "https://firm.example/About?Q=1#Top",
                "firm.example",
            ),
            ("//firm.example", "https://firm.example", "firm.example"),
            (
                "firm.example:8080/a",
                "https://firm.example:8080/a",
                "firm.example",
            ),
            (
                "https://firm.example?x=http://other.example",
                "https://firm.example?x=http://other.example",
                "firm.example",
            ),
            ("例子.example", "https://例子.example", "例子.example"),
        ];
        for (text, expected, domain) in cases {
            let website = Website::parse(text).unwrap();
            assert_eq!(
                (website.as_str(), website.domain()),
                (expected, domain),
                "{text:?}"
            );
        }
    }

    #[test]
    fn refuses() {
        let texts = [
            "",
            " ",
            "firm",
            "javascript:alert(1)",
            "JavaScript://firm.example/%0a",
            "ftp://firm.example",
            "mailto:ann@firm.example",
            "https://",
            "https://a b.example",
            "firm.example\u{1b}[0m",
            "https://.example",
            "https://user@firm.example",
            "https://firm.example:x",
            "https://-firm.example",
        ];
        for text in texts {
            assert!(Website::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = Website::parse(&text);
            let _ = domain(&text);
        }

        #[test]
        fn what_was_parsed_parses_again(text in "(https?://)?[a-zA-Z]{1,8}(\\.[a-z]{1,5}){1,2}(:[0-9]{1,5})?(/\\PC{0,9})?") {
            if let Ok(website) = Website::parse(&text) {
                prop_assert_eq!(Website::parse(website.as_str()).unwrap(), website);
            }
        }
    }
}
