//! Whether a person writes from an e-mail address, as far as the address says it by itself.

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

/// True for an address from which no person writes.
pub fn is_automatic(address: &str) -> bool {
    let local = local(address);
    AUTOMATIC.iter().any(|word| {
        local
            .strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || word.len() > 6 || !rest.starts_with(char::is_alphabetic))
    })
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
    fn machines_are_told_from_people() {
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
    }
}
