//! What can be told of an address without asking anybody: whose it is by its form, and whether it may be mistyped.
//!
//! One place for whoever takes an address in: a command, an import, a form, a card. Syntax is judged where an address is
//! read ([`Email::parse`], [`Phone::parse`]); here is what its words say.

use crate::domain::duplicate::text::distance;
use crate::domain::email::Email;
use crate::domain::mailbox;
use crate::domain::phone::Phone;

/// Nobody has tried it yet.
pub const UNVERIFIED: &str = "unverified";
/// It fits its rules.
pub const VALID: &str = "valid";
/// It cannot be right.
pub const INVALID: &str = "invalid";
/// A department reads it, and not one person.
pub const ROLE: &str = "role";
/// It was made to be thrown away.
pub const DISPOSABLE: &str = "disposable";

/// The words for the validity of an address, as they are kept.
pub const WORDS: [&str; 5] = [UNVERIFIED, VALID, INVALID, ROLE, DISPOSABLE];

/// Hosts that give out mailboxes for an hour or a day; what ends with a dot and one of them counts too. Sorted.
const THROWN_AWAY: &[&str] = &[
    "027168.com",
    "0815.ru",
    "10mail.org",
    "10minutemail.com",
    "10minutemail.net",
    "1secmail.com",
    "1secmail.net",
    "1secmail.org",
    "20minutemail.com",
    "33mail.com",
    "anonbox.net",
    "armyspy.com",
    "bccto.me",
    "bugmenot.com",
    "burnermail.io",
    "byom.de",
    "chacuo.net",
    "chitthi.in",
    "crazymailing.com",
    "cuvox.de",
    "dayrep.com",
    "deadaddress.com",
    "despam.it",
    "discard.email",
    "discardmail.com",
    "discardmail.de",
    "dispostable.com",
    "dropmail.me",
    "easytrashmail.com",
    "einrot.com",
    "emailondeck.com",
    "emltmp.com",
    "esiix.com",
    "fakeinbox.com",
    "fakemail.net",
    "fexbox.org",
    "fexpost.com",
    "filzmail.com",
    "fleckens.hu",
    "getairmail.com",
    "getnada.com",
    "grr.la",
    "guerrillamail.biz",
    "guerrillamail.com",
    "guerrillamail.de",
    "guerrillamail.info",
    "guerrillamail.net",
    "guerrillamail.org",
    "guerrillamailblock.com",
    "gustr.com",
    "harakirimail.com",
    "inboxkitten.com",
    "incognitomail.org",
    "jetable.org",
    "jourrapide.com",
    "kurzepost.de",
    "kzccv.com",
    "linshiyouxiang.net",
    "luxusmail.org",
    "mailcatch.com",
    "maildrop.cc",
    "mailexpire.com",
    "mailforspam.com",
    "mailinator.com",
    "mailinator.net",
    "mailinator2.com",
    "mailmoat.com",
    "mailnesia.com",
    "mailnull.com",
    "mailsac.com",
    "mailto.plus",
    "meltmail.com",
    "mintemail.com",
    "minuteinbox.com",
    "moakt.com",
    "mohmal.com",
    "mt2015.com",
    "mvrht.net",
    "mytemp.email",
    "nada.email",
    "objectmail.com",
    "owlpic.com",
    "pokemail.net",
    "proxymail.eu",
    "qiott.com",
    "rcpt.at",
    "rhyta.com",
    "rover.info",
    "sharklasers.com",
    "shitmail.me",
    "sofort-mail.de",
    "sogetthis.com",
    "spam4.me",
    "spamavert.com",
    "spambog.com",
    "spambog.de",
    "spambox.us",
    "spamfree24.org",
    "spamgourmet.com",
    "spamhole.com",
    "superrito.com",
    "teleworm.us",
    "temp-mail.io",
    "temp-mail.org",
    "tempail.com",
    "tempemail.net",
    "tempinbox.com",
    "tempmail.net",
    "tempmail.plus",
    "tempmailo.com",
    "tempr.email",
    "throwawaymail.com",
    "tmail.ws",
    "trash-mail.at",
    "trash-mail.com",
    "trashmail.at",
    "trashmail.com",
    "trashmail.de",
    "trashmail.io",
    "trashmail.me",
    "trashmail.net",
    "trashmail.org",
    "trashmail.ws",
    "wegwerfemail.de",
    "wegwerfmail.de",
    "wegwerfmail.net",
    "wegwerfmail.org",
    "wwjmp.com",
    "xojxe.com",
    "yoggm.com",
    "yomail.info",
    "yopmail.com",
    "yopmail.fr",
    "yopmail.net",
    "zehnminutenmail.de",
];

/// Hosts that are mistyped: those with so many mailboxes that an error is likelier than another host of nearly this name.
const OFTEN_MEANT: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.de",
    "hotmail.fr",
    "outlook.com",
    "outlook.de",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.de",
    "yahoo.fr",
    "icloud.com",
    "protonmail.com",
    "t-online.de",
    "freenet.de",
    "comcast.net",
    "verizon.net",
    "libero.it",
    "orange.fr",
    "wanadoo.fr",
    "yandex.ru",
    "foxmail.com",
];

/// Hosts that differ from one of these by a letter, and are meant as they are.
const REAL: &[&str] = &[
    "email.com",
    "mail.com",
    "ymail.com",
    "gmail.de",
    "hotmail.it",
    "hotmail.es",
    "yahoo.it",
    "yahoo.es",
    "yahoo.ca",
];

/// What the words of an address say of it: [`ROLE`], [`DISPOSABLE`], or [`UNVERIFIED`] if they say nothing.
pub fn of_email(email: &Email) -> &'static str {
    if is_disposable(email.domain()) {
        DISPOSABLE
    } else if mailbox::is_role(email.as_str()) {
        ROLE
    } else {
        UNVERIFIED
    }
}

/// Whether a number can be in service: [`VALID`] or [`INVALID`].
pub fn of_phone(phone: &Phone) -> &'static str {
    if phone.valid { VALID } else { INVALID }
}

/// Whether mailboxes at this domain are made to be thrown away.
pub fn is_disposable(domain: &str) -> bool {
    let mut rest = domain;
    loop {
        if THROWN_AWAY.binary_search(&rest).is_ok() {
            return true;
        }
        match rest.split_once('.') {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
}

/// The address that was probably meant, where its domain looks like a mistyped one of a large host: `ann@gmail.com` for
/// `ann@gmial.com`.
pub fn meant(email: &Email) -> Option<String> {
    let domain = email.domain();
    if mailbox::is_free_host(domain) || REAL.contains(&domain) {
        return None;
    }
    let meant = OFTEN_MEANT
        .iter()
        .find(|host| distance(domain, host, 1).is_some())?;
    Some(format!("{}@{meant}", email.local()))
}

/// What somebody who types an address in should be told of it, in one sentence without a point; none if it looks well.
pub fn doubt(email: &Email) -> Option<String> {
    if let Some(meant) = meant(email) {
        return Some(format!("{email} may be mistyped: {meant}"));
    }
    is_disposable(email.domain()).then(|| format!("{email} is an address to be thrown away"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    #[test]
    fn the_words_of_an_address_say_what_it_is() {
        for (text, expected) in [
            ("ann@firm.example", UNVERIFIED),
            ("info@firm.example", ROLE),
            ("Customer-Service@firm.example", ROLE),
            ("ann@mailinator.com", DISPOSABLE),
            ("info@mail.yopmail.com", DISPOSABLE),
            ("ann@notmailinator.com", UNVERIFIED),
        ] {
            assert_eq!(of_email(&email(text)), expected, "{text}");
        }
        assert!(THROWN_AWAY.is_sorted());
    }

    #[test]
    fn what_was_meant_is_proposed() {
        for (text, expected) in [
            ("ann@gmial.com", Some("ann@gmail.com")),
            ("Ann.Lee@gmal.com", Some("Ann.Lee@gmail.com")),
            ("ann@gmail.co", Some("ann@gmail.com")),
            ("ann@hotmial.com", Some("ann@hotmail.com")),
            ("ann@yaho.com", Some("ann@yahoo.com")),
            ("ann@outlok.com", Some("ann@outlook.com")),
            ("ann@gmail.com", None),
            ("ann@mail.com", None),
            ("ann@email.com", None),
            ("ann@ymail.com", None),
            ("ann@web.de", None),
            ("ann@firm.example", None),
        ] {
            assert_eq!(meant(&email(text)).as_deref(), expected, "{text}");
        }
        assert!(doubt(&email("ann@gmial.com")).unwrap().contains("ann@gmail.com"));
        assert!(doubt(&email("ann@trashmail.de")).unwrap().contains("thrown away"));
        assert_eq!(doubt(&email("ann@firm.example")), None);
    }
}
