//! Messages as programs really write them.

use proptest::prelude::*;

use super::letter::{self, Letter};

fn read(text: &str) -> Letter {
    letter::read(text.as_bytes()).unwrap_or_else(|| panic!("no message: {text}"))
}

/// A message with these bytes as its text and this Content-Type.
fn with(kind: &str, body: &[u8]) -> Letter {
    let mut raw = format!("From: a@x.example\r\nSubject: s\r\n{kind}\r\n\r\n").into_bytes();
    raw.extend_from_slice(body);
    letter::read(&raw).unwrap()
}

#[test]
fn headers_are_read() {
    let letter = read(
        "From: \"Lee, Ann\" <Ann@Firm.example>\r\nSender: pa@firm.example\r\nTo: =?utf-8?B?546L5Lyf?= <wang@us.example>,\r\n \
         sales@us.example (Sales)\r\nCc: Team: bo@firm.example, cy@firm.example;\r\nReply-To: desk@firm.example\r\n\
         Date: Mon, 5 Jan 2026 23:30:00 +0800\r\nMessage-ID: <m3@firm.example>\r\nIn-Reply-To: <m2@us.example>\r\n\
         References: <m1@firm.example>\r\n <m2@us.example>\r\nSubject: =?ISO-8859-1?Q?Angebot_f=FCr?= \r\n\
         \t=?ISO-8859-1?Q?_M=FCller?=\r\n\r\nHello\r\n",
    );
    let all = |list: &[letter::Mailbox]| {
        let texts = list.iter().map(|one| format!("{}|{}", one.name, one.address));
        texts.collect::<Vec<_>>()
    };
    assert_eq!(all(&letter.from), ["Lee, Ann|Ann@Firm.example"]);
    assert_eq!(
        all(&letter.to),
        ["王伟|wang@us.example", "Sales|sales@us.example"]
    );
    assert_eq!(all(&letter.cc), ["|bo@firm.example", "|cy@firm.example"]);
    assert_eq!(letter.id.as_deref(), Some("m3@firm.example"));
    assert_eq!(letter.ancestors, ["m1@firm.example", "m2@us.example"]);
    assert_eq!(letter.subject, "Angebot für Müller");
    let sent = letter.sent.unwrap();
    assert_eq!(
        (sent.at.to_string().as_str(), sent.on.to_string().as_str()),
        ("2026-01-05T15:30:00Z", "2026-01-05")
    );
    assert_eq!(letter.text, "Hello");
    assert_eq!(letter.bulk, None);
}

#[test]
fn every_encoding_is_read() {
    let cases: [(&str, &[u8], &str); 7] = [
        (
            "gb2312",
            b"\xc4\xe3\xba\xc3\xa3\xac\xd5\xc5\xce\xb0",
            "你好，张伟",
        ),
        ("gbk", b"\xc4\xe3\xba\xc3", "你好"),
        ("big5", b"\xa7A\xa6n", "你好"),
        ("iso-2022-jp", b"\x1b$B$3$s$K$A$O\x1b(B", "こんにちは"),
        ("shift_jis", b"\x82\xb1\x82\xf1", "こん"),
        ("koi8-r", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"),
        ("windows-1252", b"caf\xe9 \x80", "café €"),
    ];
    for (charset, body, expected) in cases {
        let letter = with(&format!("Content-Type: text/plain; charset=\"{charset}\""), body);
        assert_eq!(letter.text, expected, "{charset}");
    }
}

#[test]
fn an_encoding_that_is_not_said_is_guessed() {
    let body = b"\xc4\xfa\xba\xc3\xa3\xac\xce\xd2\xc3\xc7\xcf\xeb\xc1\xcb\xbd\xe2\xb1\xa8\xbc\xdb\xb5\xa5\xa3\xac\xd0\xbb\xd0\xbb\xa1\xa3";
    for kind in [
        "X-A: b",
        "Content-Type: text/plain",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert_eq!(with(kind, body).text, "您好，我们想了解报价单，谢谢。", "{kind}");
    }
    let mut raw = b"From: \xd5\xc5\xce\xb0 <zhang@x.example>\nSubject: \xb1\xa8\xbc\xdb\xb5\xa5\xd2\xd1\xca\xd5\xb5\xbd\n".to_vec();
    raw.extend_from_slice(b"Content-Type: text/plain; charset=gb2312\n\n\xba\xc3\xb5\xc4");
    let letter = letter::read(&raw).unwrap();
    assert_eq!(letter.subject, "报价单已收到");
    assert_eq!(letter.from.first().map(|one| one.name.as_str()), Some("张伟"));
    assert_eq!(letter.text, "好的");
}

#[test]
fn the_best_part_is_the_text() {
    let letter = read(
        "From: a@x.example\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n\
         --o\nContent-Type: multipart/alternative; boundary=i\n\n--i\nContent-Type: text/plain\n\nplain words\n\
         --i\nContent-Type: text/html\n\n<p>rich words</p>\n--i--\n\
         --o\nContent-Type: application/pdf\nContent-Disposition: attachment;\n filename*=UTF-8''%E6%8A%A5%E4%BB%B7.pdf\n\
         Content-Transfer-Encoding: base64\n\nJVBERg==\n\
         --o\nContent-Type: image/png; name=\"=?utf-8?B?5Zu+LnBuZw==?=\"\nContent-Disposition: attachment\n\
         Content-Transfer-Encoding: base64\n\niVBORw==\n--o--\n",
    );
    assert_eq!(letter.text, "plain words");
    assert_eq!(letter.attachments, ["报价.pdf", "图.png"]);
    let letter = with(
        "Content-Type: text/html; charset=utf-8",
        b"<p>Yes, <b>please</b>.</p><div class=gmail_quote>On Mon, 5 Jan 2026 at 10:00 Ann wrote:<blockquote>Shall we?</blockquote></div>",
    );
    assert_eq!(letter.text, "Yes, please.");
}

#[test]
fn mail_that_nobody_wrote_is_known() {
    for (header, expected) in [
        ("List-Unsubscribe: <https://x.example/u>", "bulk"),
        ("List-Id: <l.x.example>", "list"),
        ("Auto-Submitted: auto-replied", "Auto-Submitted"),
        ("Precedence: bulk", "Precedence"),
    ] {
        let letter = read(&format!("From: a@x.example\n{header}\n\nx"));
        assert!(
            letter.bulk.is_some_and(|reason| reason.contains(expected)),
            "{header}: {:?}",
            letter.bulk
        );
    }
    assert!(read("From: No Reply <no-reply@x.example>\n\nx").bulk.is_some());
    assert_eq!(
        read("From: a@x.example\nAuto-Submitted: no\nPrecedence: normal\n\nx").bulk,
        None
    );
}

#[test]
fn a_report_says_whose_address_is_dead() {
    let report = |status: &str, said: &str| {
        let letter = read(&format!(
            "From: MAILER-DAEMON@mx.example\nTo: me@us.example\nSubject: Undelivered\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n\
             --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
             Final-Recipient: rfc822; gone@firm.example\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n\n--b--\n"
        ));
        assert!(letter.is_report);
        letter
            .bounces
            .into_iter()
            .map(|one| (one.address, one.is_hard))
            .collect::<Vec<_>>()
    };
    let gone = |hard| vec![("gone@firm.example".to_owned(), hard)];
    assert_eq!(report("5.1.1", "550 5.1.1 no such user"), gone(true));
    assert_eq!(report("5.0.0", "550 User unknown"), gone(true));
    assert_eq!(report("5.2.2", "552 mailbox full"), gone(false));
    assert_eq!(report("4.4.1", "timed out"), gone(false));
}

#[test]
fn broken_dates_are_none() {
    for date in [
        "",
        "soon",
        "Mon, 99 Foo 2026 10:00:00 +0000",
        "5 Jan 2026 25:61:00 +9999",
    ] {
        let letter = read(&format!("From: a@x.example\nDate: {date}\n\nx"));
        assert!(letter.sent.is_none(), "{date:?}: {:?}", letter.sent);
    }
    let letter = read("From: a@x.example\nDate: Sat, 31 Dec 2016 23:59:60 +0000\n\nx");
    assert!(letter.sent.is_some());
}

#[test]
fn what_is_no_message_is_none() {
    for text in [
        "",
        "\n\n",
        "hello\nworld\n",
        "{\"a\":1}",
        "name,email\nAnn,a@x.example\n",
    ] {
        assert_eq!(letter::read(text.as_bytes()), None, "{text:?}");
    }
}

#[test]
fn a_hostile_message_ends() {
    let nested = "Content-Type: message/rfc822\n\n".repeat(100_000);
    let digests: String = (0..20_000)
        .map(|at| format!("Content-Type: multipart/digest; boundary=b{at}\n\n--b{at}\n"))
        .collect();
    let boundaries: String = (0..20_000)
        .map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n"))
        .collect();
    let same = "--b\n".repeat(200_000);
    let parts = "--b\nContent-Type: text/plain; name=x\n\nx\n".repeat(50_000);
    let quoted = "> > >\n".repeat(200_000);
    let wrote = "On 1 wrote\n".repeat(100_000);
    let from = "From: a@x.example\n".repeat(50_000);
    let to = format!("To: {}\n\nx", "a@x.example, ".repeat(100_000));
    let references = format!("References: {}\n\nx", "<a@x.example> ".repeat(100_000));
    let words = format!("Subject: {}\n\nx", "=?utf-8?Q?=41?= ".repeat(50_000));
    for text in [
        nested,
        digests,
        boundaries,
        format!("Content-Type: multipart/mixed; boundary=b\n\n{same}"),
        format!("Content-Type: multipart/mixed; boundary=b\n\n{parts}"),
        format!("\n{quoted}"),
        format!("\n{wrote}"),
        from,
        to,
        references,
        words,
    ] {
        letter::read(format!("From: a@x.example\n{text}").as_bytes());
    }
}

/// Fragments that messages are made of, in any order.
fn fragment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "From: ",
        "To: ",
        "a@x.example",
        "\"",
        "<",
        ">",
        ",",
        ";",
        ":",
        "\n",
        "\r\n",
        "\n\n",
        "\n ",
        "--b\n",
        "--b--\n",
        "Content-Type: multipart/mixed; boundary=b\n",
        "Content-Type: message/rfc822\n",
        "Content-Type: text/html\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n",
        "=?utf-8?B?",
        "?=",
        "=?gbk?Q?=C4",
        "Content-Transfer-Encoding: base64\n",
        "Content-Transfer-Encoding: quoted-printable\n",
        "=C4=E3",
        "5L2g5aW9",
        "Date: Mon, 5 Jan 2026 10:00:00 +0800\n",
        "filename*0*=utf-8''%e4",
        "Message-ID: <",
        "References: ",
        "(",
        ")",
        "张伟",
        "charset=gb2312\n",
        "charset=x\n",
        "Content-Disposition: attachment; ",
        "\u{0}",
        "> ",
        "wrote:\n",
        "-- \n",
        "Final-Recipient: rfc822; ",
        "Action: failed\n",
        "Status: 5.1.1\n",
        "Content-Type: multipart/digest; boundary=b\n",
        "Content-Type: multipart/alternative; boundary=b\n",
        "Content-Type: text/plain; charset=",
        "Received: by x; ",
    ])
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        letter::read(&bytes);
        let mut named = b"From: a@x.example\n".to_vec();
        named.extend_from_slice(&bytes);
        letter::read(&named);
    }

    #[test]
    fn any_pieces_of_messages_are_read(parts in proptest::collection::vec(fragment(), 0..60), junk in proptest::collection::vec(any::<u8>(), 0..6), at in 0usize..60) {
        let mut raw = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            raw.extend_from_slice(part.as_bytes());
            if place == at {
                raw.extend_from_slice(&junk);
            }
        }
        if let Some(letter) = letter::read(&raw) {
            let texts = [letter.subject, letter.text];
            for text in texts {
                prop_assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'));
            }
        }
    }
}
