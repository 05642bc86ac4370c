//! Handles: the name of a customer in another service.

use std::fmt;

use crate::domain::customer::HANDLE_KINDS;
use crate::domain::{fold, web};
use crate::error::{Error, Result};

/// Other names of the services, folded. The kinds themselves are `customer::HANDLE_KINDS`.
const ALIASES: &[(&str, &str)] = &[
    ("weixin", "wechat"),
    ("wx", "wechat"),
    ("微信", "wechat"),
    ("微信号", "wechat"),
    ("wb", "weibo"),
    ("微博", "weibo"),
    ("抖音", "douyin"),
    ("抖音号", "douyin"),
    ("小红书", "xiaohongshu"),
    ("红书", "xiaohongshu"),
    ("red", "xiaohongshu"),
    ("rednote", "xiaohongshu"),
    ("xhs", "xiaohongshu"),
    ("li", "linkedin"),
    ("领英", "linkedin"),
    ("twitter", "x"),
    ("推特", "x"),
    ("fb", "facebook"),
    ("脸书", "facebook"),
    ("ig", "instagram"),
    ("insta", "instagram"),
    ("wa", "whatsapp"),
    ("tg", "telegram"),
    ("gh", "github"),
];

/// The domains of the services, and the first part of a path that stands before the name there.
const SITES: &[(&str, &str, &[&str])] = &[
    ("linkedin.com", "linkedin", &["in", "company", "school", "pub"]),
    ("x.com", "x", &[]),
    ("twitter.com", "x", &[]),
    ("facebook.com", "facebook", &["people"]),
    ("fb.com", "facebook", &[]),
    ("instagram.com", "instagram", &[]),
    ("t.me", "telegram", &[]),
    ("telegram.me", "telegram", &[]),
    ("wa.me", "whatsapp", &[]),
    ("github.com", "github", &[]),
    ("weibo.com", "weibo", &["u", "n"]),
    ("douyin.com", "douyin", &["user"]),
    ("xiaohongshu.com", "xiaohongshu", &["user"]),
];

/// The name of a customer in a service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle {
    /// The service, one of `customer::HANDLE_KINDS`.
    pub kind: &'static str,
    /// The name there, without a leading `@`.
    pub value: String,
}

impl Handle {
    /// Reads `wechat:zhangwei`, `x:@ann` or the address of a profile, `https://github.com/ann`.
    ///
    /// An address within a service that is not known is kept whole under `other`.
    pub fn parse(text: &str) -> Result<Handle> {
        let text = text.trim();
        if let Some((kind, name)) = profile(text) {
            return Handle::new(kind, name);
        }
        let Some((kind, value)) = text.split_once([':', '：']) else {
            return Err(Error::invalid(
                "handles",
                format!("handle {text:?} does not say in which service it is"),
            )
            .with_near(known_kinds()));
        };
        if value.starts_with("//") {
            return Handle::new("other", text);
        }
        let Some(known) = kind_named(kind) else {
            return Err(Error::invalid(
                "handles",
                format!("{kind:?} is not a service in which handles are kept"),
            )
            .with_near(known_kinds()));
        };
        match profile(value.trim()) {
            Some((kind, name)) if kind == known => Handle::new(kind, name),
            _ => Handle::new(known, value),
        }
    }

    /// The form in which two handles are compared: no service of note tells cases apart.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind, fold::fold(&self.value))
    }

    fn new(kind: &'static str, value: &str) -> Result<Handle> {
        let value = value.trim().trim_start_matches(['@', '＠']).trim();
        if value.is_empty() || value.chars().any(char::is_control) {
            return Err(Error::invalid(
                "handles",
                format!("{value:?} is not a name in {kind}"),
            ));
        }
        Ok(Handle {
            kind,
            value: value.to_owned(),
        })
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.value)
    }
}

/// The kind that `word` names, in any case, by its own or another name, English or Chinese.
pub fn kind_named(word: &str) -> Option<&'static str> {
    let word = fold::fold(word);
    let alias = ALIASES
        .iter()
        .find(|(alias, _)| *alias == word)
        .map(|(_, kind)| *kind);
    alias.or_else(|| HANDLE_KINDS.iter().copied().find(|kind| *kind == word))
}

fn known_kinds() -> Vec<String> {
    HANDLE_KINDS.iter().map(|kind| (*kind).to_owned()).collect()
}

/// Service and name of a profile's address, with or without the scheme.
fn profile(text: &str) -> Option<(&'static str, &str)> {
    let host = web::domain(text)?.to_lowercase();
    let site = |domain: &str| {
        host == domain
            || host
                .strip_suffix(domain)
                .is_some_and(|before| before.ends_with('.'))
    };
    let (_, kind, folders) = SITES.iter().find(|(domain, _, _)| site(domain))?;
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (_, path) = rest.split_once('/')?;
    let path = path.split(['?', '#']).next()?;
    let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
    if parts.peek().is_some_and(|part| folders.contains(part)) {
        parts.next();
        if *kind == "xiaohongshu" {
            parts.next_if_eq(&"profile");
        }
    }
    parts.next().map(|name| (*kind, name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses() {
        let cases = [
            ("wechat:zhangwei", "wechat:zhangwei"),
            ("微信：zhangwei", "wechat:zhangwei"),
            (" X: @Ann ", "x:Ann"),
            ("twitter:ann", "x:ann"),
            ("https://www.linkedin.com/in/ann-lee/?trk=1", "linkedin:ann-lee"),
            ("linkedin:https://de.linkedin.com/in/ann-lee", "linkedin:ann-lee"),
            ("github.com/ann", "github:ann"),
            ("https://t.me/ann", "telegram:ann"),
            ("https://x.com/ann/status/1", "x:ann"),
            ("https://www.xiaohongshu.com/user/profile/abc", "xiaohongshu:abc"),
            ("https://social.example/@ann", "other:https://social.example/@ann"),
            ("other:mastodon:ann", "other:mastodon:ann"),
            ("QQ:10001", "qq:10001"),
        ];
        for (text, expected) in cases {
            assert_eq!(Handle::parse(text).unwrap().to_string(), expected, "{text:?}");
        }
        assert_eq!(Handle::parse("x:@Ann").unwrap().key(), "x:ann");
    }

    #[test]
    fn refuses() {
        for text in [
            "",
            "ann",
            "@ann",
            "wechat:",
            "wechat: @",
            "icq:1",
            "x:a\u{7}b",
            "github.com/",
        ] {
            assert!(Handle::parse(text).is_err(), "{text:?}");
        }
        assert!(
            Handle::parse("icq:1")
                .unwrap_err()
                .near()
                .contains(&"wechat".to_owned())
        );
    }

    #[test]
    fn aliases_and_sites_name_known_kinds() {
        let kinds = ALIASES
            .iter()
            .map(|(_, kind)| kind)
            .chain(SITES.iter().map(|(_, kind, _)| kind));
        for kind in kinds {
            assert!(HANDLE_KINDS.contains(kind), "{kind}");
        }
        for (alias, _) in ALIASES {
            assert_eq!(fold::fold(alias), *alias);
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = Handle::parse(&text);
        }

        #[test]
        fn round_trips(kind in proptest::sample::select(HANDLE_KINDS), value in "[a-z0-9_.-]{1,12}") {
            let handle = Handle::parse(&format!("{kind}:{value}")).unwrap();
            prop_assert_eq!(Handle::parse(&handle.to_string()).unwrap(), handle);
        }
    }
}
