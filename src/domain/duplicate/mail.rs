//! E-mail addresses as evidence: what two writings of one mailbox have in common.

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
    }
}
