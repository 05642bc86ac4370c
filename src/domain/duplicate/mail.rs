//! E-mail addresses as evidence: what two writings of one mailbox have in common, and what a domain says.

/// Hosts at which anybody can have an address: an equal domain says nothing there.
pub const FREE: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.de",
    "yahoo.fr",
    "yahoo.co.jp",
    "ymail.com",
    "rocketmail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.de",
    "hotmail.fr",
    "outlook.com",
    "outlook.de",
    "live.com",
    "live.de",
    "msn.com",
    "aol.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "gmx.at",
    "gmx.ch",
    "web.de",
    "t-online.de",
    "freenet.de",
    "arcor.de",
    "posteo.de",
    "mailbox.org",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "tutanota.com",
    "zoho.com",
    "mail.com",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "bk.ru",
    "list.ru",
    "inbox.ru",
    "rambler.ru",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "sfr.fr",
    "libero.it",
    "virgilio.it",
    "tiscali.it",
    "alice.it",
    "wp.pl",
    "onet.pl",
    "o2.pl",
    "interia.pl",
    "seznam.cz",
    "qq.com",
    "163.com",
    "126.com",
    "sina.com",
    "sina.cn",
    "sohu.com",
    "foxmail.com",
    "139.com",
    "189.cn",
    "yeah.net",
    "aliyun.com",
    "vip.qq.com",
    "vip.163.com",
    "naver.com",
    "daum.net",
    "hanmail.net",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "softbank.ne.jp",
    "comcast.net",
    "verizon.net",
    "att.net",
    "sbcglobal.net",
    "bellsouth.net",
    "cox.net",
    "btinternet.com",
    "sky.com",
    "bigpond.com",
    "optusnet.com.au",
    "rediffmail.com",
    "uol.com.br",
    "bol.com.br",
    "terra.com.br",
    "bluewin.ch",
    "telenet.be",
    "skynet.be",
    "ziggo.nl",
    "kpnmail.nl",
    "planet.nl",
    "hetnet.nl",
    "telia.com",
    "fastmail.com",
    "hey.com",
    "duck.com",
];

/// Boxes of a function, which several people read.
pub const ROLES: &[&str] = &[
    "info",
    "office",
    "contact",
    "kontakt",
    "mail",
    "email",
    "post",
    "hello",
    "hi",
    "admin",
    "administrator",
    "webmaster",
    "postmaster",
    "hostmaster",
    "root",
    "support",
    "help",
    "helpdesk",
    "service",
    "kundenservice",
    "sales",
    "vertrieb",
    "verkauf",
    "marketing",
    "press",
    "presse",
    "media",
    "jobs",
    "career",
    "careers",
    "bewerbung",
    "hr",
    "personal",
    "billing",
    "buchhaltung",
    "rechnung",
    "invoice",
    "invoices",
    "accounting",
    "accounts",
    "finance",
    "order",
    "orders",
    "bestellung",
    "einkauf",
    "purchasing",
    "reception",
    "empfang",
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "abuse",
    "security",
    "privacy",
    "datenschutz",
    "legal",
    "newsletter",
    "news",
    "team",
    "enquiries",
    "enquiry",
    "inquiries",
    "inquiry",
    "customerservice",
    "customercare",
    "shop",
    "store",
    "web",
    "www",
    "sekretariat",
    "zentrale",
    "secretary",
    "feedback",
    "it",
    "edv",
    "ceo",
    "gf",
    "geschaeftsfuehrung",
    "direction",
    "kefu",
    "shichang",
    "xiaoshou",
    "hezuo",
    "zhaopin",
    "caiwu",
    "kf",
    "fuwu",
];

/// An address in the form in which two writings of one mailbox are equal: lower case, and where the host is known to
/// pass over dots and what follows a plus, without these. Never what mail is sent to.
pub fn mailbox(key: &str) -> String {
    let Some((local, domain)) = key.rsplit_once('@') else {
        return key.to_owned();
    };
    let domain = match domain {
        "googlemail.com" => "gmail.com",
        other => other,
    };
    let plain = local
        .split('+')
        .next()
        .filter(|plain| !plain.is_empty())
        .unwrap_or(local);
    match domain {
        "gmail.com" => format!("{}@{domain}", plain.replace('.', "")),
        "outlook.com" | "hotmail.com" | "live.com" | "icloud.com" | "me.com" | "proton.me"
        | "protonmail.com" | "fastmail.com" | "pm.me" => {
            format!("{plain}@{domain}")
        }
        _ => format!("{local}@{domain}"),
    }
}

/// Whether anybody can have an address at this domain.
pub fn is_free(domain: &str) -> bool {
    FREE.contains(&domain)
}

/// Whether the box is one of a function: `info`, `sales`, `no-reply`.
pub fn is_role(local: &str) -> bool {
    let plain = local.split('+').next().unwrap_or(local);
    ROLES.contains(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes() {
        for (one, other, equal) in [
            ("jane.roe+shop@gmail.com", "janeroe@googlemail.com", true),
            ("jane.roe@firm.example", "janeroe@firm.example", false),
            ("jane+a@outlook.com", "jane@outlook.com", true),
            ("+@gmail.com", "@gmail.com", false),
        ] {
            assert_eq!(mailbox(one) == mailbox(other), equal, "{one} {other}");
        }
        assert!(is_role("info") && is_role("sales+x") && !is_role("jane"));
    }

    #[test]
    fn the_lists_are_folded_and_have_no_doubles() {
        for list in [FREE, ROLES] {
            for (place, word) in list.iter().enumerate() {
                assert_eq!(*word, word.to_lowercase());
                assert!(!list.iter().skip(place + 1).any(|other| other == word), "{word}");
            }
        }
    }
}
