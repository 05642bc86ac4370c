use proptest::prelude::*;

use super::matcher::Matcher;
use super::{Profile, USUAL_SCORE};

/// `name=Ann Lee; email=ann@firm.example`, with `type=company` for a company.
fn profile(text: &str) -> Profile {
    let mut profile = Profile::default();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap();
        let value = value.to_owned();
        match key {
            "type" => profile.is_company = value == "company",
            "name" => profile.name = value,
            "company" => profile.company = value,
            "email" => profile.emails.push(value),
            "phone" => profile.phones.push(value),
            "handle" => profile.handles.push(value),
            "address" => profile.address = value,
            "city" => profile.city = value,
            "code" => profile.postal_code = value,
            "country" => profile.country = value,
            "birthday" => profile.birthday = value,
            "website" => profile.website = value,
            "tax" => profile.tax_id = value,
            "gender" => profile.gender = value,
            other => panic!("{other}"),
        }
    }
    profile
}

fn score(one: &str, other: &str) -> (u8, Vec<String>) {
    let mut matcher = Matcher::new();
    matcher.add(&profile(one));
    matcher.add(&profile(other));
    let reasons = matcher.reasons(0, 1).iter().map(super::Reason::words).collect();
    let score = matcher.score(0, 1);
    assert_eq!(score, matcher.score(1, 0), "{one} {other}");
    (score, reasons)
}

#[test]
fn people_who_are_one() {
    for (one, other) in [
        (
            "name=Ann Lee; email=ann@firm.example",
            "name=Ann Lee; email=ann@firm.example",
        ),
        (
            "name=Ann Lee; email=a.lee@gmail.com",
            "name=Lee, Ann; email=alee+shop@googlemail.com",
        ),
        (
            "name=Robert Smith; phone=493055501001",
            "name=Bob Smith; phone=03055501001",
        ),
        (
            "name=张伟; phone=8613800138000",
            "name=Wei Zhang; phone=8613800138000",
        ),
        (
            "name=張偉; city=上海; company=云帆科技有限公司",
            "name=张伟; city=上海市; company=云帆科技",
        ),
        (
            "name=Jürgen Müller; address=Hauptstraße 12; code=20095; city=Hamburg",
            "name=Juergen Mueller; address=Hauptstr. 12; code=20095; city=Hamburg",
        ),
        (
            "name=Anna Weber; birthday=1985-05-17; email=anna@weber.example",
            "name=Anna Krause; birthday=1985-05-17; email=anna@weber.example",
        ),
        (
            "name=Katharina Vogt; birthday=1985-05-17; city=Bremen",
            "name=Vogt Katarina; birthday=1985-05-17; city=Bremen",
        ),
    ] {
        let (score, reasons) = score(one, other);
        assert!(score >= USUAL_SCORE, "{one} and {other}: {score} {reasons:?}");
    }
}

#[test]
fn people_who_are_two() {
    for (one, other) in [
        (
            "name=Ann Lee; email=ann@firm.example",
            "name=Ben Lee; email=ben@firm.example",
        ),
        (
            "name=Ann Lee; address=Main Street 1; city=Springfield; phone=12125550123",
            "name=Ben Lee; address=Main Street 1; city=Springfield; phone=12125550123",
        ),
        (
            "name=John Smith; birthday=1950-01-02",
            "name=John Smith; birthday=1991-11-23",
        ),
        (
            "name=John Smith Sr.; city=Leeds",
            "name=John Smith Jr.; city=Leeds",
        ),
        ("name=张伟; company=云帆", "name=张玮; company=云帆"),
        (
            "email=info@firm.example; name=Ann Lee",
            "email=info@firm.example; name=Otto Brandt",
        ),
        ("name=Ann; city=Leeds", "name=Ann; city=Leeds"),
        ("name=", "name="),
        (
            "name=Ann Lee; email=ann@firm.example",
            "type=company; name=Ann Lee; email=ann@firm.example",
        ),
    ] {
        let (score, reasons) = score(one, other);
        assert!(score < USUAL_SCORE, "{one} and {other}: {score} {reasons:?}");
    }
}

#[test]
fn companies_that_are_one() {
    for (one, other) in [
        ("name=Acme Intl. Ltd", "name=ACME International Limited"),
        (
            "name=Müller & Söhne GmbH; city=Kiel",
            "name=Mueller und Soehne; city=Kiel",
        ),
        (
            "name=Nordlicht Logistik; website=https://www.nordlicht.example",
            "name=Nordlicht; email=info@nordlicht.example",
        ),
        (
            "name=北京云帆科技有限公司; phone=861055501004",
            "name=云帆科技; phone=01055501004",
        ),
        (
            "name=云帆科技有限公司; website=yunfan.example",
            "name=Yunfan; website=https://yunfan.example/en",
        ),
        (
            "name=Quittenbaum Bros; tax=DE 123456789",
            "name=Quittenbaum Handel; tax=DE123456789",
        ),
    ] {
        let (one, other) = (format!("type=company; {one}"), format!("type=company; {other}"));
        let (score, reasons) = score(&one, &other);
        assert!(score >= USUAL_SCORE, "{one} and {other}: {score} {reasons:?}");
    }
}

#[test]
fn companies_that_are_two() {
    for (one, other) in [
        ("name=北京云帆科技有限公司", "name=上海云帆科技有限公司"),
        ("name=Acme Tools", "name=Acme Foods"),
        (
            "name=Acme GmbH; tax=DE123456789",
            "name=Acme GmbH; tax=DE987654321",
        ),
        (
            "name=Hanse Druck; address=Kai 4; city=Kiel; code=24103",
            "name=Blumen Vogt; address=Kai 4; city=Kiel; code=24103",
        ),
        ("name=Ltd", "name=GmbH"),
    ] {
        let (one, other) = (format!("type=company; {one}"), format!("type=company; {other}"));
        let (score, reasons) = score(&one, &other);
        assert!(score < USUAL_SCORE, "{one} and {other}: {score} {reasons:?}");
    }
}

#[test]
fn reasons_say_what_speaks_for_and_against() {
    let (_, reasons) = score(
        "name=Robert Smith; email=bob@firm.example; city=Leeds",
        "name=Bob Smith; email=bob@firm.example; city=York",
    );
    assert_eq!(reasons, ["same email", "name alike", "city differs"]);
}

#[test]
fn what_everybody_has_says_nothing() {
    let mut matcher = Matcher::new();
    for number in 0..300 {
        let word = |seed: u64| -> String {
            let hash = super::text::mixed(number * 2 + seed + 1);
            (0..8)
                .map(|place| char::from(b'a' + (hash >> (place * 8)) as u8 % 26))
                .collect()
        };
        matcher.add(&profile(&format!(
            "name={} {}; phone=4930123456",
            word(0),
            word(1)
        )));
    }
    assert!(matcher.matches(USUAL_SCORE).is_empty());
}

#[test]
fn companies_are_not_weighed_by_people() {
    let firms = [
        "type=company; name=Nordlicht Logistik; website=nordlicht.example; city=Kiel",
        "type=company; name=Nordlicht; email=info@nordlicht.example; city=Kiel",
    ];
    let mut alone = Matcher::new();
    let mut among = Matcher::new();
    for number in 0..50 {
        among.add(&profile(&format!(
            "name=Ann{number} Nordlicht; email=ann{number}@nordlicht.example; company=Nordlicht; city=Kiel"
        )));
    }
    for firm in firms {
        alone.add(&profile(firm));
        among.add(&profile(firm));
    }
    assert_eq!(alone.reasons(0, 1), among.reasons(50, 51));
    assert_eq!(alone.score(0, 1), among.score(51, 50));
}

#[test]
fn a_block_of_any_size_is_no_square() {
    let mut matcher = Matcher::new();
    for _ in 0..20_000 {
        matcher.add(&profile(
            "name=Ann Lee; city=Leeds; email=ann@firm.example; phone=4930123456",
        ));
    }
    // All of them hang together all the same.
    let pairs = matcher.matches(0);
    assert!(pairs.len() < 20_000 * 20, "{}", pairs.len());
    let mut reached = vec![false; 20_000];
    pairs.iter().for_each(|pair| reached[pair.other as usize] = true);
    assert!(reached.iter().skip(1).all(|reached| *reached));
}

proptest! {
    #[test]
    fn never_panics(texts in prop::collection::vec("\\PC{0,12}", 12), numbers in "[0-9]{0,12}", company in any::<bool>()) {
        let hostile = |shift: usize| {
            let text = |place: usize| texts[(place + shift) % 12].clone();
            Profile {
                is_company: company,
                name: text(0),
                company: text(1),
                emails: vec![text(2), format!("{}@{}", text(3), text(4))],
                phones: vec![numbers.clone(), text(5)],
                handles: vec![text(6)],
                address: text(7),
                city: text(8),
                postal_code: text(9),
                country: text(10),
                birthday: text(11),
                website: text(0),
                tax_id: text(1),
                gender: text(2),
            }
        };
        let mut matcher = Matcher::new();
        for shift in 0..4 {
            matcher.add(&hostile(shift));
        }
        for pair in matcher.matches(0) {
            prop_assert_eq!(pair.score, matcher.score(pair.other, pair.one));
            let _ = matcher.reasons(pair.one, pair.other);
        }
    }
}
