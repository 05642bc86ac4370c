use proptest::prelude::*;

use super::*;

fn body(bytes: &[u8]) -> Body {
    read(bytes, &Options::default()).unwrap()
}

fn pairs(bytes: &[u8]) -> Pairs {
    let body = body(bytes);
    assert!(body.is_single, "{body:?}");
    body.submissions[0].content.clone().unwrap()
}

fn check(bytes: impl AsRef<[u8]>, expected: &[(&str, &str)]) {
    let expected: Pairs = expected
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(pairs(bytes.as_ref()), expected);
}

#[test]
fn bodies_of_browsers() {
    check(
        "name=Ann+Lee&email=ann%40firm.example",
        &[("name", "Ann Lee"), ("email", "ann@firm.example")],
    );
    check("a=1&a=2&a=", &[("a", "1"), ("a", "2"), ("a", "")]);
    check(
        "contact%5Bemail%5D=a&=b&c",
        &[("contact[email]", "a"), ("", "b"), ("c", "")],
    );
    check(
        "name=%E5%BC%A0%E4%BC%9F&city=杭州",
        &[("name", "张伟"), ("city", "杭州")],
    );
    check("x=100%&y=%zz&z=%4", &[("x", "100%"), ("y", "%zz"), ("z", "%4")]);
    check("a=b=c&&d=1%2B1", &[("a", "b=c"), ("d", "1+1")]);
    check(b"\xEF\xBB\xBFa=1\r\n", &[("a", "1")]);
    let two = body(b"a=1\r\n\r\nb=2\n");
    assert_eq!(
        (two.submissions.len(), two.submissions[1].line, two.is_single),
        (2, 3, false)
    );
}

#[test]
fn other_encodings() {
    check(
        b"_charset_=gbk&name=%D5%C5%CE%B0",
        &[("_charset_", "gbk"), ("name", "张伟")],
    );
    check(
        b"name=%D5%C5%CE%B0%A1%A2%B9%AB%CB%BE&city=%BA%BC%D6%DD",
        &[("name", "张伟、公司"), ("city", "杭州")],
    );
    let named = Options {
        encoding: Some("big5".to_owned()),
        ..Options::default()
    };
    let sent = read(&b"name=%B1%69"[..], &named).unwrap();
    assert_eq!(
        sent.submissions[0].content,
        Ok(vec![("name".to_owned(), "張".to_owned())])
    );
    let refused = body(b"name=%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%FF");
    assert!(
        refused.submissions[0]
            .content
            .as_ref()
            .unwrap_err()
            .contains("_charset_")
    );
    assert_eq!(
        refused.submissions[0].raw,
        "name=%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%FF"
    );
    let unknown = Options {
        encoding: Some("klingon".to_owned()),
        ..Options::default()
    };
    assert_eq!(read(&b"a=1"[..], &unknown).unwrap_err().kind(), Kind::Usage);
}

#[test]
fn json_of_every_shape() {
    check(
        r#"{"name":"张伟","contact":{"email":"a@b.example","tags":["x","y"]},"n":12345678901234567890123,"ok":true,"no":null}"#,
        &[
            ("name", "张伟"),
            ("contact[email]", "a@b.example"),
            ("contact[tags]", "x"),
            ("contact[tags]", "y"),
            ("n", "12345678901234567890123"),
            ("ok", "true"),
            ("no", ""),
        ],
    );
    check(
        r#"{"items":[{"sku":"a"},{"sku":"b"}]}"#,
        &[("items[0][sku]", "a"), ("items[1][sku]", "b")],
    );
    let several = body(b"{\"a\":1}\n{\"a\":\n2}\n\n{\"a\":}\n");
    let lines: Vec<u64> = several.submissions.iter().map(|sent| sent.line).collect();
    assert_eq!(lines, [1, 2, 5]);
    assert!(several.submissions[2].content.is_err());
    assert_eq!(several.submissions[2].raw, "{\"a\":}");
    let list = body(b" [{\"a\":\"1\"}]");
    assert!(!list.is_single);
    assert_eq!(list.submissions.len(), 1);
    for text in ["[{\"a\":1}", "{\"a\":", "[1,2]", "7"] {
        let body = read(
            text.as_bytes(),
            &Options {
                source: Some(Source::Json),
                ..Options::default()
            },
        )
        .unwrap();
        assert!(
            body.submissions.iter().any(|sent| sent.content.is_err()),
            "{text}"
        );
    }
    assert!(body(b"").submissions.is_empty());
    assert!(body(b"hello").submissions[0].content.is_err());
}

#[test]
fn bodies_in_parts() {
    let text = "--x7\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n张伟\r\n\
        --x7\r\nContent-Disposition: form-data; name=\"note\"\r\nContent-Type: text/plain\r\n\r\ntwo\r\nlines --x7\r\n\
        --x7\r\nContent-Disposition: form-data; name=\"cv\"; filename=\"cv.pdf\"\r\n\r\n%PDF\r\n--x7--\r\n";
    check(
        text,
        &[
            ("name", "张伟"),
            ("note", "two\r\nlines --x7"),
            ("cv", "cv.pdf (4 bytes)"),
        ],
    );
    let cut = body(b"--x7\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n");
    assert!(cut.submissions[0].content.is_err());
}

#[test]
fn what_is_too_much_is_refused() {
    let many: Vec<String> = (0..=MOST_VALUES).map(|at| format!("a{at}=1")).collect();
    assert!(body(many.join("&").as_bytes()).submissions[0].content.is_err());
    let long = format!("{{\"{}\":{{\"a\":1,\"b\":2}}}}", "x".repeat(LONGEST_NAME));
    assert!(body(long.as_bytes()).submissions[0].content.is_err());
    let deep = format!("{}1{}", "{\"a\":".repeat(500), "}".repeat(500));
    assert!(body(deep.as_bytes()).submissions[0].content.is_err());
}

#[test]
fn what_is_no_body_is_one_submission() {
    let page = "<!DOCTYPE html>\n<meta charset=\"utf-8\">\nx=1\n{\nend";
    let read = body(page.as_bytes());
    assert!(read.is_single && read.submissions[0].content.is_err(), "{read:?}");
    assert_eq!(read.submissions[0].raw, page);
    let mixed = body(b"a=1\nhello\nthere\n<p id=x>\nb=2\n\x01c=3\n");
    let told: Vec<(u64, bool, &str)> = mixed
        .submissions
        .iter()
        .map(|sent| (sent.line, sent.content.is_ok(), sent.raw.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (1, true, ""),
            (2, false, "hello\nthere\n<p id=x>"),
            (5, true, ""),
            (6, false, "\u{1}c=3")
        ]
    );
}

#[test]
fn json_says_where_it_breaks() {
    for (text, reason) in [
        (
            "{\"a\":1}\n{\"a\":1,\n  \"名\": }",
            "line 3, column 8 is no JSON: a value is expected, and it goes on with \"}\"",
        ),
        (
            "{\"a\":1}\n\n{\"a\":",
            "what begins here is not closed: a bracket or a quotation mark is missing",
        ),
        (
            "{\"a\":1}\n7",
            "a submission is an object of names and values: {\"name\": \"value\"}",
        ),
    ] {
        let read = body(text.as_bytes());
        let last = read.submissions.last().unwrap();
        assert_eq!(last.content, Err(reason.to_owned()), "{text}");
        assert!(last.line > 1);
    }
}

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8),
        proptest::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "=",
            "&",
            "%",
            "%E5",
            "%zz",
            "+",
            "\r\n",
            "--x",
            "--x--",
            "Content-Disposition: form-data; name=\"a\"",
            "\\u12",
            "张",
            "_charset_=gbk",
            "a[b][c]",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The text as a browser escapes it.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

proptest! {
    #[test]
    fn never_panics(bytes in any_bytes(), source in 0..4) {
        let source = match source {
            0 => None,
            1 => Some(Source::Json),
            2 => Some(Source::Urlencoded),
            _ => Some(Source::Multipart),
        };
        let body = read(bytes.as_slice(), &Options { source, encoding: None }).unwrap();
        for sent in body.submissions {
            // What cannot be read is there as it is.
            prop_assert!(sent.content.is_ok() || !sent.raw.is_empty() || bytes.is_empty());
        }
    }

    #[test]
    fn what_is_sent_is_read(given in proptest::collection::vec(("[^\0]{1,10}", "[^\0]{0,20}"), 1..8)) {
        let urlencoded: Vec<String> =
            given.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        let options = Options { source: Some(Source::Urlencoded), encoding: Some("utf-8".to_owned()) };
        let read = read(urlencoded.join("&").as_bytes(), &options).unwrap();
        prop_assert_eq!(read.submissions[0].content.as_ref().unwrap(), &given);
    }

    #[test]
    fn a_payload_keeps_every_value(given in proptest::collection::vec(("[a-c]", "\\PC{0,9}"), 0..9)) {
        let kept = payload::pairs(&payload::of_pairs(&given)).unwrap();
        for name in ["a", "b", "c"] {
            let values = |pairs: &Pairs| -> Vec<String> {
                pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
            };
            prop_assert_eq!(values(&kept), values(&given));
        }
        prop_assert_eq!(payload::of_pairs(&kept), payload::of_pairs(&given));
    }
}
