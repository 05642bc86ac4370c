//! Content lines as programs write them, and as nobody should.

use std::io::Cursor;

use proptest::prelude::*;

use super::patch::{Patch, patch};
use super::write::Lines;
use super::{escape, property, split, texts, unescape};
use crate::domain::input::Input;
use crate::wire::read::rows::{Options, Reader, Source};

/// The rows of a file: what they say as text, or why they are none.
fn rows(source: Source, bytes: &[u8]) -> Vec<String> {
    let options = Options {
        source: Some(source),
        ..Options::default()
    };
    let reader = Reader::open(Box::new(Cursor::new(bytes.to_vec())), &options).unwrap();
    reader
        .map(|item| match item.unwrap() {
            Ok(row) => row
                .cells
                .iter()
                .map(|(name, input)| format!("{name}={}", shown(input)))
                .collect::<Vec<_>>()
                .join(" | "),
            Err(error) => format!("line {}: {}", error.line, error.reason),
        })
        .collect()
}

fn shown(input: &Input) -> String {
    match input {
        Input::Clear => String::new(),
        Input::Text(text) => text.clone(),
        Input::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join("; ")),
        Input::Map(parts) => {
            let parts = parts
                .iter()
                .map(|(name, input)| format!("{name}: {}", shown(input)));
            format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
        }
    }
}

/// What the only card of these lines says.
fn card(lines: &str) -> String {
    let text = format!("BEGIN:VCARD\r\n{}\r\nEND:VCARD\r\n", lines.replace('\n', "\r\n"));
    let rows = rows(Source::Vcard, text.as_bytes());
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.concat()
}

#[test]
fn properties_mean_what_programs_mean() {
    for (lines, said) in [
        ("FN:Ann", "type=person | name=Ann"),
        ("VERSION:3.0\nFN:Ann Ma\n rie", "type=person | name=Ann Marie"),
        ("VERSION:2.1\nFN:Ann\n Marie", "type=person | name=Ann Marie"),
        ("N:;Only", "type=person | name=Only"),
        ("N:王;小明", "type=person | name=王小明"),
        ("FN:小明 王\nN:王;小明", "type=person | name=王小明"),
        (
            "FN:Dr. Ann Lee\nN:Lee;Ann;;Dr.;",
            "type=person | name=Dr. Ann Lee",
        ),
        ("FN:Ann\nN:Lee;Ann", "type=person | name=Ann | note=N: Ann Lee"),
        (
            "ORG:Acme;Sales",
            "type=company | name=Acme | note=Department: Sales",
        ),
        (
            "FN:Ann\nN:;Ann\nORG:Acme;Sales",
            "type=person | name=Ann | company=Acme | note=Department: Sales",
        ),
        (
            "FN:Ann\nemail;internet;home:a@x.example",
            "type=person | name=Ann | emails.home=[a@x.example]",
        ),
        (
            "FN:Ann\nEMAIL:b@x.example\nEMAIL;PREF=1:a@x.example",
            "type=person | name=Ann | emails=[a@x.example] | emails=[b@x.example]",
        ),
        (
            "FN:Ann\nitem1.TEL:+1 202 555 0100\nitem1.X-ABLabel:_$!<Main>!$_",
            "type=person | name=Ann | phones.main=[+1 202 555 0100]",
        ),
        (
            "FN:Ann\nTEL;VALUE=uri:tel:+12025550100;ext=7",
            "type=person | name=Ann | phones=[+12025550100 ext. 7]",
        ),
        (
            "FN:Ann\nTEL:call me",
            "type=person | name=Ann | note=TEL: call me",
        ),
        (
            "FN:Ann\nX-QQ:12345",
            "type=person | name=Ann | handles=[qq:12345]",
        ),
        ("FN:Ann\nBDAY:--0517", "type=person | name=Ann | birthday=--05-17"),
        (
            "FN:Ann\nBDAY:last spring",
            "type=person | name=Ann | note=BDAY: last spring",
        ),
        (
            "FN:Ann\nX-FOO;TYPE=bar:a\\;b",
            "type=person | name=Ann | note=X-FOO (bar): a;b",
        ),
        ("FN:Ann\nnonsense", "type=person | name=Ann | note=nonsense"),
        (
            "FN:Ann\nTITLE:One\nTITLE:Two",
            "type=person | name=Ann | title=One | note=TITLE: Two",
        ),
        (
            "FN:Ann\nNOTE;ENCODING=QUOTED-PRINTABLE:a=3Db=\nc=0D=0Ad",
            "type=person | name=Ann | note=a=bc\nd",
        ),
        ("FN;ENCODING=B:5byg5Lyf", "type=person | name=张伟"),
        (
            "FN:Ann\nCATEGORIES:a,b\\,c",
            "type=person | name=Ann | tags=[a] | tags=[b c]",
        ),
    ] {
        assert_eq!(card(lines), said, "{lines}");
    }
}

#[test]
fn what_is_no_card_is_told() {
    let text = b"stray\nBEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:C\nTEL:+12";
    assert_eq!(
        rows(Source::Vcard, text),
        [
            "line 1: this is outside of every entry: no BEGIN stands before it",
            "type=person | name=A",
            "type=person | name=B",
            "line 7: the card says nothing",
            "line 9: the file breaks off here",
        ]
    );
}

#[test]
fn who_has_no_name_is_called_by_the_first_nickname() {
    assert_eq!(
        card("NICKNAME:\nNICKNAME: Ann,Annie"),
        "type=person | name=Ann | note=NICKNAME: Ann,Annie"
    );
}

#[test]
fn lines_outside_of_every_entry_are_told_to_the_last() {
    let mut text = "SUMMARY:x\n".repeat(99);
    text.push_str("SUMMARY:begun\n and ended\nSUMMARY:last\nBEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT\n");
    let options = Options {
        source: Some(Source::Ics),
        ..Options::default()
    };
    let reader = Reader::open(Box::new(Cursor::new(text.into_bytes())), &options).unwrap();
    let told: Vec<(u64, String)> = reader
        .filter_map(|item| item.unwrap().err())
        .map(|error| (error.line, error.raw.concat()))
        .collect();
    let [(1, first), (102, last)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert!(first.ends_with("SUMMARY:begun\n and ended\n"), "{first}");
    assert_eq!(last, "SUMMARY:last\n");
}

#[test]
fn what_an_alarm_says_is_kept_but_for_how_it_rings() {
    let lines = "BEGIN:VEVENT\nSUMMARY:a\nBEGIN:VALARM\nUID:1\nACTION:DISPLAY\nDESCRIPTION:Reminder\nURL:https://x.example\n\
                 PROXIMITY:DEPART\nBEGIN:VLOCATION\nNAME:Office\nEND:VLOCATION\nTRIGGER:-PT1H\nEND:VALARM\nEND:VEVENT\n";
    assert_eq!(
        rows(Source::Ics, lines.as_bytes()),
        ["component=event | title=a | alarms=[-3600] | \
          note=VALARM URL: https://x.example\nVALARM PROXIMITY: DEPART\nNAME: Office"]
    );
}

#[test]
fn bytes_are_read_by_what_each_line_says() {
    let mut text = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=SHIFT_JIS:".to_vec();
    text.extend_from_slice(b"\x88\xc0\x93\xa1\nNOTE;CHARSET=UTF-8:\xe5\xbc\xa0\nEND:VCARD\n");
    assert_eq!(rows(Source::Vcard, &text), ["type=person | name=安藤 | note=张"]);
    let wide: Vec<u8> = "\u{feff}BEGIN:VCARD\r\nFN:张伟\r\nEND:VCARD\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(rows(Source::Vcard, &wide), ["type=person | name=张伟"]);
    let western = b"BEGIN:VCARD\nFN:J\xfcrgen\nEND:VCARD\n";
    assert_eq!(rows(Source::Vcard, western), ["type=person | name=Jürgen"]);
}

#[test]
fn long_and_hostile_files_come_to_an_end() {
    let folded = format!("BEGIN:VCARD\n{}\nEND:VCARD\n", "X\n ".repeat(200_000));
    assert_eq!(rows(Source::Vcard, folded.as_bytes()).len(), 1);
    let many = format!("BEGIN:VCARD\nFN:A\n{}END:VCARD\n", "X-A:b\n".repeat(9_000));
    assert_eq!(
        rows(Source::Vcard, many.as_bytes()),
        ["type=person | name=A | note=X-A: b"]
    );
    let too_many = format!("BEGIN:VCARD\nFN:A\n{}END:VCARD\n", "X-A:b\n".repeat(20_000));
    assert_eq!(
        rows(Source::Vcard, too_many.as_bytes()),
        ["line 1: the card has too many properties"]
    );
    let soft = format!(
        "BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:{}\nEND:VCARD\n",
        "=\n".repeat(100_000)
    );
    assert_eq!(rows(Source::Vcard, soft.as_bytes()).len(), 1);
    let nested = "BEGIN:VCARD\nAGENT:\n".repeat(20_000);
    assert_eq!(rows(Source::Vcard, nested.as_bytes()).len(), 1);
}

#[test]
fn a_patch_changes_what_it_names_and_nothing_else() {
    let old = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nitem1.TEL:1\r\nitem1.X-ABLabel:Old\r\nitem2.URL:x\r\n\
               item2.X-ABLabel:Web\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\nX-CRM-ID:C1\r\nEND:VCARD\r\n";
    let new = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bo\r\nitem1.TEL:2\r\nitem1.X-ABLabel:New\r\nX-CRM-ID:C2\r\nNOTE:no\r\n\
               END:VCARD\r\n";
    let what = Patch {
        component: "VCARD",
        all: &["TEL", "X-CRM-*"],
        first: &["FN"],
    };
    let patched = String::from_utf8(patch(old.as_bytes(), new.as_bytes(), what)).unwrap();
    assert_eq!(
        patched,
        "BEGIN:VCARD\r\nVERSION:3.0\r\nitem2.URL:x\r\nitem2.X-ABLabel:Web\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\n\
         FN:Bo\r\ncrm1.TEL:2\r\ncrm1.X-ABLabel:New\r\nX-CRM-ID:C2\r\nEND:VCARD\r\n"
    );
    let entry = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nBEGIN:VALARM\nTRIGGER:-PT1H\nSUMMARY:b\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
    let fresh = entry.replace("SUMMARY:a", "SUMMARY:c").replace("-PT1H", "-PT2H");
    let what = Patch {
        component: "VEVENT",
        all: &["SUMMARY", "VALARM"],
        first: &[],
    };
    let patched = String::from_utf8(patch(entry.as_bytes(), fresh.as_bytes(), what)).unwrap();
    assert_eq!(patched, fresh);
}

proptest! {
    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for source in [Source::Vcard, Source::Ics] {
            rows(source, &bytes);
        }
    }

    #[test]
    fn nothing_that_looks_like_a_file_panics(
        lines in prop::collection::vec(
            prop::sample::select(vec![
                "BEGIN:VCARD", "END:VCARD", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "BEGIN:VTIMEZONE",
                "END:VTIMEZONE", "BEGIN:STANDARD", "TZID:X", "TZOFFSETTO:+9999", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=99",
                "N:张;;伟;;;;", "FN;CHARSET=GBK:\u{fffd}", "ADR;X=\"a:b\";;:;;;;;;;", "TEL;TYPE=,,,;PREF=x:tel:;ext=", "AGENT:",
                "item1.X-ABLabel:_$!<>!$_", "item1.EMAIL:@", "NOTE;ENCODING=QUOTED-PRINTABLE:=E5=B=\n=", "PHOTO;BASE64:",
                " AAAA", "\tBBBB", "DTSTART:99991231T235960", "DTSTART;TZID=/a/b/Europe/Berlin:20260101T000000", "DUE:0",
                "DURATION:P999999999999W", "TRIGGER:-P9999999999D", "UID:é", "RECURRENCE-ID:1", "CATEGORIES:,,;", "BDAY:--", ":",
                ";:", "X", "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1;UNTIL=20260101", "COMPLETED:x", "ATTENDEE;CN=:mailto:",
            ]),
            0..60,
        ),
    ) {
        let text = lines.join("\r\n");
        for source in [Source::Vcard, Source::Ics] {
            rows(source, text.as_bytes());
        }
        let what = Patch { component: "VCARD", all: &["TEL", "X-CRM-*"], first: &["FN"] };
        patch(text.as_bytes(), text.as_bytes(), what);
        patch(text.as_bytes(), text.as_bytes(), Patch { component: "VEVENT", ..what });
    }

    #[test]
    fn a_text_comes_back_from_a_line(text in "[^\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u{feff}]{0,300}") {
        let mut lines = Lines::default();
        lines.raw("NOTE;X=y", &escape(&text));
        let written = lines.finish();
        for line in written.lines() {
            prop_assert!(line.len() <= 75, "{line}");
        }
        let whole = format!("BEGIN:VCARD\r\n{written}END:VCARD\r\n");
        let (input, charset, _) = super::open::look(Box::new(Cursor::new(whole.into_bytes())))
            .and_then(|looked| looked.content(None))
            .unwrap();
        let component = super::lines::Components::new(input, &["vcard"]).next_component().unwrap().unwrap();
        let parsed = property::parse(&component.lines, charset);
        prop_assert_eq!(unescape(&parsed.properties[0].value), text);
    }

    #[test]
    fn parts_come_back_from_a_list(parts in prop::collection::vec("[a-z,;\\\\张]{0,6}", 1..5)) {
        let joined = parts.iter().map(|part| escape(part)).collect::<Vec<_>>().join(";");
        prop_assert_eq!(split(&joined, ';').len(), parts.len());
        prop_assert_eq!(texts(&joined, ';'), parts);
    }
}
