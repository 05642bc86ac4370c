//! What an e-mail address says by itself of whoever has it: a person, a role, a machine; a firm or a free host.

/// Hosts that give anybody an address: sharing one means nothing. Lower case, sorted.
const FREE_HOSTS: &[&str] = &[
    "126.com",
    "139.com",
    "163.com",
    "188.com",
    "189.cn",
    "21cn.com",
    "abv.bg",
    "alice.it",
    "aliyun.com",
    "aol.com",
    "arcor.de",
    "att.net",
    "bellsouth.net",
    "bigpond.com",
    "bk.ru",
    "bluewin.ch",
    "bol.com.br",
    "btinternet.com",
    "centrum.cz",
    "comcast.net",
    "cox.net",
    "daum.net",
    "docomo.ne.jp",
    "duck.com",
    "email.cz",
    "ezweb.ne.jp",
    "fastmail.com",
    "foxmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hanmail.net",
    "hetnet.nl",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "hushmail.com",
    "icloud.com",
    "inbox.lv",
    "inbox.ru",
    "interia.pl",
    "kpnmail.nl",
    "laposte.net",
    "libero.it",
    "list.ru",
    "live.cn",
    "live.co.uk",
    "live.com",
    "live.de",
    "live.fr",
    "mac.com",
    "mail.com",
    "mail.de",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "nate.com",
    "naver.com",
    "o2.pl",
    "onet.pl",
    "optusnet.com.au",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "planet.nl",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rediffmail.com",
    "rocketmail.com",
    "sapo.pt",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "sina.cn",
    "sina.com",
    "sky.com",
    "skynet.be",
    "softbank.ne.jp",
    "sohu.com",
    "t-online.de",
    "telenet.be",
    "telia.com",
    "terra.com.br",
    "tiscali.it",
    "tom.com",
    "tuta.com",
    "tutanota.com",
    "uol.com.br",
    "verizon.net",
    "vip.163.com",
    "vip.qq.com",
    "vip.sina.com",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wo.cn",
    "wp.pl",
    "ya.ru",
    "yahoo.ca",
    "yahoo.cn",
    "yahoo.co.in",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.br",
    "yahoo.com.cn",
    "yahoo.com.hk",
    "yahoo.com.tw",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yandex.com",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
    "ziggo.nl",
    "zoho.com",
];

/// What stands before the `@` of addresses whose mail no person wrote; beginnings, without dots, dashes and underscores.
const AUTOMATIC: &[&str] = &[
    "noreply",
    "donotreply",
    "dontreply",
    "notreply",
    "nepasrepondre",
    "mailerdaemon",
    "postmaster",
    "bounce",
    "bounces",
    "autoreply",
    "autoresponder",
    "automailer",
    "mailer",
    "notification",
    "notifications",
    "systemalert",
];

/// What stands before the `@` of addresses that a department reads. Sorted.
const ROLES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administration",
    "anfrage",
    "bewerbung",
    "billing",
    "booking",
    "bookings",
    "buchhaltung",
    "caiwu",
    "careers",
    "contact",
    "customercare",
    "customerservice",
    "datenschutz",
    "donotreply",
    "edv",
    "einkauf",
    "empfang",
    "enquiries",
    "enquiry",
    "feedback",
    "finance",
    "fuwu",
    "hello",
    "help",
    "helpdesk",
    "helpline",
    "hezuo",
    "hostmaster",
    "hr",
    "info",
    "inquiries",
    "inquiry",
    "invoice",
    "invoices",
    "it",
    "jobs",
    "kefu",
    "kf",
    "kontakt",
    "kundenservice",
    "legal",
    "mail",
    "marketing",
    "media",
    "noreply",
    "office",
    "order",
    "orders",
    "personal",
    "post",
    "postmaster",
    "press",
    "presse",
    "privacy",
    "purchasing",
    "reception",
    "rechnung",
    "recruiting",
    "sales",
    "secretary",
    "security",
    "sekretariat",
    "service",
    "shichang",
    "shop",
    "support",
    "team",
    "verkauf",
    "vertrieb",
    "webmaster",
    "webshop",
    "xiaoshou",
    "zentrale",
    "zhaopin",
];

/// True if the host of an address gives one to anybody.
pub fn is_free_host(domain: &str) -> bool {
    FREE_HOSTS.binary_search(&domain.to_lowercase().as_str()).is_ok()
}

/// True for an address from which no person writes.
pub fn is_automatic(address: &str) -> bool {
    let local = local(address);
    AUTOMATIC.iter().any(|word| {
        local
            .strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || word.len() > 6 || !rest.starts_with(char::is_alphabetic))
    })
}

/// True for an address that a department reads and not one person.
pub fn is_role(address: &str) -> bool {
    ROLES.binary_search(&local(address).as_str()).is_ok()
}

/// What stands before the `@`, in lower case, without marks between words and what stands behind a plus.
fn local(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default();
    let local = local.split('+').next().unwrap_or_default();
    local
        .chars()
        .filter(|letter| !matches!(letter, '.' | '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_can_be_searched() {
        assert!(FREE_HOSTS.is_sorted(), "{FREE_HOSTS:?}");
        assert!(ROLES.is_sorted(), "{ROLES:?}");
    }

    #[test]
    fn addresses_say_what_they_are() {
        for address in [
            "no-reply@x.example",
            "No_Reply+7@x.example",
            "MAILER-DAEMON@x.example",
            "bounce-12@x.example",
            "noreply2@x.example",
        ] {
            assert!(is_automatic(address), "{address}");
        }
        for address in [
            "norbert@x.example",
            "ann@x.example",
            "mailerson@x.example",
            "bouncey@x.example",
        ] {
            assert!(!is_automatic(address), "{address}");
        }
        assert!(
            is_role("Info@x.example")
                && is_role("customer-service@x.example")
                && !is_role("infante@x.example")
        );
        assert!(is_free_host("QQ.com") && is_free_host("gmail.com") && !is_free_host("firm.example"));
    }
}
