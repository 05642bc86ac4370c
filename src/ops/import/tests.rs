//! Rules of importing that a whole file shows only in passing.

use super::verdict::{Judged, Silent, Sink, Summary};
use super::{Request, convention, run};
use crate::domain::actor::FOUNDER;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::ops::draft::Lists;
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{deal, user};
use crate::store::links;
use crate::wire::read::rows::{Options, Reader};

/// Imports a text, CSV or JSON by its first letter.
fn import(base: &mut Base, noun: Noun, text: &str) -> Summary {
    let options = Options {
        extension: Some(if text.starts_with('{') { "ndjson" } else { "csv" }.to_owned()),
        ..Options::default()
    };
    let input = Box::new(std::io::Cursor::new(text.to_owned().into_bytes()));
    base.write(|tx| {
        let reader = Reader::open(input, &options)?;
        let columns = reader.columns().map(<[String]>::to_vec);
        run(
            tx,
            columns.as_deref(),
            reader,
            &Request::new(noun, "file", "file"),
            &mut Silent,
        )
    })
}

fn counts(summary: &Summary) -> [u64; 4] {
    [
        summary.created,
        summary.updated,
        summary.unchanged,
        summary.rejected,
    ]
}

fn by_key(base: &Base, noun: Noun, key: &str) -> Option<Id> {
    base.read(|tx| links::by_key(tx, noun, key))
}

#[test]
fn the_first_users_of_two_bases_are_one_only_if_they_have_one_name() {
    let mut base = Base::importing();
    let row = |name: &str| {
        format!(
            r#"{{"uid":"{}","name":"{name}","email":"{name}@seller.example","version":9,"created_at":"2020-01-01T00:00:00Z"}}"#,
            FOUNDER.uid()
        )
    };
    assert_eq!(counts(&import(&mut base, Noun::User, &row("self"))), [0, 1, 0, 0]);
    assert_eq!(
        base.shown(Noun::User, FOUNDER, "email created_at version"),
        "self@seller.example|2020-01-01T00:00:00Z|9"
    );
    base.undo();
    assert_eq!(
        base.shown(Noun::User, FOUNDER, "email created_at"),
        "|2026-03-02T12:00:00Z"
    );
    // Here the first user has become somebody, who is not the one of the other base.
    base.write(|tx| {
        user::edit(
            tx,
            FOUNDER,
            &assignments("name=Bob"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(counts(&import(&mut base, Noun::User, &row("anna"))), [1, 0, 0, 0]);
    assert_eq!(by_key(&base, Noun::User, "bob"), Some(FOUNDER));
    assert!(by_key(&base, Noun::User, "anna").is_some_and(|anna| anna != FOUNDER));
    assert_eq!(counts(&import(&mut base, Noun::User, &row("anna"))), [0, 0, 1, 0]);
}

#[test]
fn a_version_never_falls() {
    let mut base = Base::importing();
    let row = |name: &str, version: i64, day: &str| {
        format!(
            r#"{{"uid":"36fxanxzz0001","type":"person","name":"{name}","version":{version},"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-{day}T00:00:00Z"}}"#
        )
    };
    let id = Id::parse_uid("36fxanxzz0001").unwrap();
    for (text, version) in [
        (row("Ada", 4, "01-04"), "4|Ada"),
        (row("Ada B", 7, "01-07"), "7|Ada B"),
        // Two copies that were changed as often, but otherwise; and an older one.
        (row("Ada C", 7, "01-08"), "8|Ada C"),
        (row("Ada D", 2, "01-02"), "9|Ada D"),
    ] {
        import(&mut base, Noun::Customer, &text);
        assert_eq!(base.shown(Noun::Customer, id, "version name"), version);
    }
}

#[test]
fn what_lies_in_the_trash_elsewhere_changes_nobody_here() {
    let mut base = Base::importing();
    import(
        &mut base,
        Noun::Customer,
        "name,email,city\nAda,a@mail.example,Ulm\n",
    );
    let text = r#"{"uid":"36fxanxzz0001","type":"person","name":"Ada","emails":["a@mail.example"],"city":"Bern","version":2,"deleted_at":"2026-01-01T00:00:00Z"}"#;
    assert_eq!(counts(&import(&mut base, Noun::Customer, text)), [1, 0, 0, 0]);
    let live = base.read(|tx| links::by_name(tx, Noun::Customer, "Ada"));
    assert_eq!(live.len(), 1);
    assert_eq!(base.shown(Noun::Customer, live[0], "city version"), "Ulm|1");
}

#[test]
fn nobody_takes_the_id_of_what_every_base_has() {
    let mut base = Base::importing();
    let uid = Id::from_raw(500).uid();
    let text = format!(r#"{{"uid":"{uid}","type":"person","name":"Ada"}}"#);
    assert_eq!(counts(&import(&mut base, Noun::Customer, &text)), [1, 0, 0, 0]);
    assert!(
        base.read(|tx| links::version(tx, Noun::Customer, Id::from_raw(500)))
            .is_none()
    );
}

#[test]
fn a_ref_is_no_name_of_an_employer() {
    let mut base = Base::importing();
    let text = "id,type,name,company\nC8,person,Ada,C7\nC9,person,Bo,C99\nC7,company,Acme,\n";
    let summary = import(&mut base, Noun::Customer, text);
    assert_eq!((counts(&summary), summary.made), ([2, 0, 0, 1], Vec::new()));
    let ada = base.read(|tx| links::by_name(tx, Noun::Customer, "Ada"));
    assert_eq!(base.shown(Noun::Customer, ada[0], "id company"), "C8|C7");
}

#[test]
fn to_say_what_is_so_already_does_not_keep_it_so() {
    let mut base = Base::importing();
    let policy = Policy::strict();
    let id = base
        .write(|tx| deal::add(tx, &assignments("name=Big"), &policy))
        .id;
    let text = "id,name,probability,category\nD1,Big,10%,pipeline\n";
    assert_eq!(counts(&import(&mut base, Noun::Deal, text)), [0, 0, 1, 0]);
    base.write(|tx| deal::move_to(tx, id, "proposal"));
    assert_eq!(
        base.shown(Noun::Deal, id, "probability category"),
        "60%|best_case"
    );
    assert_eq!(counts(&import(&mut base, Noun::Deal, text)), [0, 1, 0, 0]);
    assert_eq!(
        base.shown(Noun::Deal, id, "probability probability_mode"),
        "10%|manual"
    );
}

#[test]
fn what_waits_for_another_noun_is_the_same_once_it_is_there() {
    let mut base = Base::importing();
    let team = r#"{"uid":"36fxanxzz0001","name":"North","manager":"Grace","version":1,"created_at":"2026-01-02T00:00:00Z","updated_at":"2026-01-02T00:00:00Z"}"#;
    let summary = import(&mut base, Noun::Team, team);
    assert_eq!(summary.doubts, [("manager".to_owned(), "Grace".to_owned(), 1)]);
    import(&mut base, Noun::User, "name,team\nGrace,North\n");
    assert_eq!(counts(&import(&mut base, Noun::Team, team)), [0, 1, 0, 0]);
    let north = by_key(&base, Noun::Team, "north").unwrap();
    assert_eq!(
        base.shown(Noun::Team, north, "manager version updated_at"),
        "Grace|1|2026-01-02T00:00:00Z"
    );
    assert_eq!(counts(&import(&mut base, Noun::Team, team)), [0, 0, 1, 0]);
}

/// What a table shows of the way in which it is written, and then what becomes of it: the deals that it makes.
fn surveyed(text: &str, region: &str) -> (convention::Survey, Vec<String>) {
    let mut base = Base::importing();
    base.caller.region = Some(region.to_owned());
    let options = Options {
        extension: Some("csv".to_owned()),
        ..Options::default()
    };
    let open = || {
        Reader::open(
            Box::new(std::io::Cursor::new(text.to_owned().into_bytes())),
            &options,
        )
    };
    let mut request = Request::new(Noun::Deal, "file", "file");
    let survey = base.read(|tx| convention::survey(tx, &mut open()?, None, &request));
    request.conventions = survey.conventions.clone();
    let made = base.write(|tx| {
        let reader = open()?;
        let columns = reader.columns().map(<[String]>::to_vec);
        let mut reasons = Reasons::default();
        run(tx, columns.as_deref(), reader, &request, &mut reasons)?;
        Ok(reasons.0)
    });
    (survey, made)
}

/// Keeps the lines that were refused and why, and the others without words.
#[derive(Default)]
struct Reasons(Vec<String>);

impl Sink for Reasons {
    fn judged(&mut self, row: &Judged<'_>) -> crate::error::Result<()> {
        self.0
            .push(format!("{} {}", row.line, row.reason).trim().to_owned());
        Ok(())
    }
}

#[test]
fn a_column_is_read_in_the_way_that_all_of_it_shows() {
    let (survey, made) = surveyed(
        "name;amount;expected close;probability\n\
         A;1.500;05/03/2024;10 %\n\
         B;1.234.567,50;25/12/2024;0,2\n\
         C;(99,90 €);01.02.2024 3:15 PM;-\n\
         D;#N/A;0/0/00;N/A\n\
         E;#REF!;;\n",
        "DE",
    );
    assert!(survey.open.is_empty() && survey.torn.is_empty(), "{survey:?}");
    let told: Vec<String> = survey
        .told
        .iter()
        .map(|(column, way, seen)| format!("{column}: {way} {}", seen.as_ref().map_or(0, |seen| seen.line)))
        .collect();
    assert_eq!(
        told,
        [
            "amount: a comma before the decimal places 3",
            "expected close: day first 3"
        ]
    );
    assert_eq!(
        made,
        ["2", "3", "4", "5", "6 amount: the cell holds the error #REF!"]
    );
}

#[test]
fn what_stays_open_is_asked_and_what_is_torn_is_refused() {
    let (survey, made) = surveyed(
        "name,amount,expected close\nA,1.500,05/03/2024\nB,2.250,06/04/2024\n",
        "US",
    );
    let open: Vec<String> = survey
        .open
        .iter()
        .map(|open| format!("{} {} {}", open.column, open.seen.line, open.readings.join(" ")))
        .collect();
    assert_eq!(
        open,
        ["amount 2 1.5 1500", "expected close 2 2024-03-05 2024-05-03"]
    );
    assert_eq!(made.len(), 2);
    assert!(
        made.iter()
            .all(|line| line.contains("does not say which is the day")),
        "{made:?}"
    );
    let (survey, _) = surveyed("name,amount\nA,12.50\nB,\"12,50\"\n", "US");
    assert_eq!(survey.torn.len(), 1);
    let lines: Vec<u64> = survey.torn[0].1.iter().map(|seen| seen.line).collect();
    assert_eq!(lines, [3, 2]);
    // What one column shows holds for another; commas between thousands are certain among amounts.
    let (survey, made) = surveyed(
        "name,amount,opened on,expected close\nA,\"$1,500\",05/03/2024,12/31/2024\nB,$342.09K,06/04/2024,1/1/2025\n",
        "US",
    );
    assert!(survey.open.is_empty() && survey.torn.is_empty(), "{survey:?}");
    assert_eq!(made, ["2", "3"]);
}
