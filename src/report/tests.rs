//! Every report against figures that were worked out by hand. The definitions are those of the domain catalogue, §5.

use std::fmt::Write as _;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::ops::customer::OnDuplicate;
use crate::ops::draft::Lists;
use crate::ops::list;
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{activity, customer, deal, forecast, qualification, task, trash, user};
use crate::report::drill::Drill;
use crate::report::{self, Cell, Dimension, REPORTS, Report, Request, compare};
use crate::store::records;

/// A cell as a table shows it.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Money(money) => money.decimal(),
        Cell::Ratio(..) => cell
            .percent(1)
            .map_or_else(|| "-".to_owned(), |percent| format!("{percent}%")),
        Cell::Days(_) | Cell::Mean(..) => cell.days().unwrap_or_else(|| "-".to_owned()),
        Cell::Seconds(seconds) => format!("{seconds}s"),
        Cell::Day(day) => day.to_string(),
    }
}

/// The rows, the totals and what is left out, a line each.
fn shown(report: &Report) -> String {
    let line = |cells: &[Cell]| cells.iter().map(text).collect::<Vec<_>>().join("|");
    let mut shown = String::new();
    for row in &report.rows {
        assert_eq!(row.len(), report.columns.len(), "{}", report.name);
        writeln!(shown, "{}", line(row)).unwrap();
    }
    if !report.totals.is_empty() {
        assert_eq!(report.totals.len(), report.columns.len(), "{}", report.name);
        writeln!(shown, "= {}", line(&report.totals)).unwrap();
    }
    for (reason, count) in &report.left_out {
        writeln!(shown, "without {count} {reason}").unwrap();
    }
    shown
}

fn period(base: &Base, text: &str) -> Option<Period> {
    Some(report::period::read(&base.caller, text).unwrap())
}

impl Base {
    fn report(&self, name: &str, request: &Request) -> String {
        shown(&self.read(|tx| report::run(tx, name, request)))
    }

    fn deal(&mut self, text: &str) -> Id {
        self.write(|tx| deal::add(tx, &assignments(text), &Policy::strict()))
            .id
    }

    fn expect(&mut self, deal: Id, day: &str) {
        let change = assignments(&format!("expected_close={day}"));
        self.write(|tx| deal::edit(tx, deal, &change, Lists::Replace, &Policy::strict()));
    }

    fn customer(&mut self, text: &str) -> Id {
        let given = assignments(text);
        self.write(|tx| customer::add(tx, &given, OnDuplicate::Create, &Policy::strict()))
            .id
    }

    fn user(&mut self, name: &str) {
        self.write(|tx| user::add(tx, &assignments(&format!("name={name}")), &Policy::strict()));
    }

    fn log(&mut self, text: &str) {
        self.write(|tx| activity::add(tx, &assignments(text), &Policy::strict()));
    }

    /// The names of the records behind a report.
    fn behind(&self, name: &str, request: &Request) -> String {
        let drill = report::entry(name).unwrap().records.unwrap();
        self.read(|tx| {
            let (noun, ids) = match drill(tx, request)? {
                Drill::Records(noun, ids) => (noun, ids),
                Drill::Filtered(noun, filters) => (
                    noun,
                    records::ids(tx, noun, &list::condition(tx, noun, &filters)?)?,
                ),
            };
            let field = if noun == Noun::Activity { "text" } else { "name" };
            let column = [list::column(tx, noun, field)?];
            let mut names = Vec::new();
            for id in ids {
                let row = records::get(tx, noun, id, &column)?.unwrap_or_default();
                names.extend(row.iter().map(crate::wire::cell::cell));
            }
            names.sort_unstable();
            Ok(names.join(" "))
        })
    }
}

/// What is in sight on 2026-03-02, in the first quarter.
fn outlook() -> Base {
    let mut base = Base::new();
    for text in [
        "name=A; stage=won; amount=1000; opened_on=2026-01-11; closed_on=2026-02-10",
        "name=B; stage=negotiation; amount=500; expected_close=2026-03-20",
        "name=C; stage=proposal; amount=300; expected_close=2026-03-25",
        "name=D; stage=prospecting; amount=200; expected_close=2026-03-31",
        "name=E; stage=proposal; expected_close=2026-03-30",
        "name=F; stage=prospecting; amount=900; expected_close=2026-04-15",
        "name=G; stage=negotiation; amount=50; expected_close=2026-02-20",
        "name=H; stage=prospecting; amount=70; expected_close=2025-12-20",
        "name=I; stage=prospecting; amount=10",
        "name=J; stage=negotiation; amount=40; expected_close=2026-03-05; category=omitted",
        "name=K; stage=abandoned; amount=7; opened_on=2026-01-11; closed_on=2026-02-10",
        "name=L; stage=won; amount=9; opened_on=2025-11-11; closed_on=2025-12-31",
    ] {
        base.deal(text);
    }
    base
}

#[test]
fn a_forecast_in_categories_alone_and_together() {
    let base = outlook();
    // Closed A 1000. Commit B 500 + G 50, best case C 300, pipeline D 200: E has no amount, F is expected later, H was
    // expected earlier, J is omitted. Commit forecast 1000 + 550, best case 1550 + 300, open pipeline 550 + 300 + 200.
    // Weighted 1000 + 80 % of 550 + 60 % of 300 + 10 % of 200. Open B C D E G. Overdue G 50 and H 70.
    let figures = "1000.00|550.00|300.00|200.00|1640.00|1550.00|1850.00|1050.00|5|1|2|120.00";
    let expected = format!(
        "all|{figures}\n= |{figures}\nwithout 1 no amount\nwithout 1 omitted from forecasts\nwithout 1 no expected close\n"
    );
    assert_eq!(base.report("forecast", &Request::default()), expected);
    assert_eq!(base.behind("forecast", &Request::default()), "A B C D E G H");
    // The same deals, month by month: closed by the close, open by the day that is expected.
    let by_month = Request {
        by: Some(Dimension::Month),
        ..Request::default()
    };
    let zero = "0.00|0.00|0.00";
    assert_eq!(
        base.report("forecast", &by_month),
        format!(
            "2025-12|0.00|{zero}|0.00|0.00|0.00|0.00|0|0|1|70.00\n\
             2026-02|1000.00|50.00|0.00|0.00|1040.00|1050.00|1050.00|50.00|1|0|1|50.00\n\
             2026-03|0.00|500.00|300.00|200.00|600.00|500.00|800.00|1000.00|4|1|0|0.00\n\
             = |{figures}\nwithout 1 no amount\nwithout 1 omitted from forecasts\nwithout 1 no expected close\n"
        )
    );
    let next = Request {
        period: period(&base, "next-quarter"),
        filters: vec!["amount:100..".to_owned()],
        ..Request::default()
    };
    assert_eq!(
        base.report("forecast", &next).lines().next(),
        Some("all|0.00|0.00|0.00|900.00|90.00|0.00|0.00|900.00|1|0|0|0.00")
    );
    let by_product = Request {
        by: Some(Dimension::Product),
        ..Request::default()
    };
    let refused = base
        .store
        .read(&base.caller, |tx| report::run(tx, "forecast", &by_product));
    assert_eq!(
        refused.unwrap_err().message(),
        "the report forecast is not made by product, only by owner, team, month, quarter, pipeline, source, customer"
    );
}

#[test]
fn forecasts_are_kept_and_held_against_what_came() {
    let mut base = outlook();
    let before = base.image();
    base.write(|tx| forecast::snapshot(tx, &Request::default()));
    let kept = base.image();
    // A second one of the same day says the same, in the place of the first.
    base.write(|tx| forecast::snapshot(tx, &Request::default()));
    assert_eq!(base.image().lines().count(), kept.lines().count());
    base.undo();
    assert_eq!(base.image(), kept);
    base.undo();
    assert_eq!(base.image(), before);
    base.write(|tx| forecast::snapshot(tx, &Request::default()));
    let large = Request {
        filters: vec!["amount:400..".to_owned()],
        ..Request::default()
    };
    base.write(|tx| forecast::snapshot(tx, &large));
    base.check();
    base.on("2026-03-25");
    let b = base.read(|tx| crate::ops::refer::one(tx, Noun::Deal, "B"));
    base.write(|tx| deal::win(tx, b, None));
    base.on("2026-04-02");
    // Came: A 1000 + B 500. Commit said 1550: 1 - 50 / 1500. Best case said 1850: 1 - 350 / 1500. Weighted said 1640:
    // 1 - 140 / 1500. Of the large ones, A and B alone: 1500, 1500 and 1400.
    assert_eq!(
        base.report("forecast-accuracy", &Request::default()),
        "2026-03-02|2026-Q1|all|1500.00|1550.00|96.7%|1850.00|76.7%|1640.00|90.7%|\n\
         2026-03-02|2026-Q1|all|1500.00|1500.00|100.0%|1500.00|100.0%|1400.00|93.3%|amount:400..\n"
    );
    let by_owner = Request {
        by: Some(Dimension::Owner),
        period: period(&base, "2026-Q1"),
        ..large
    };
    assert_eq!(
        base.report("forecast-accuracy", &by_owner),
        "2026-03-02|2026-Q1||1500.00|1500.00|100.0%|1500.00|100.0%|1400.00|93.3%|amount:400..\n"
    );
    // Nothing came in the second quarter, so there is nothing to hold a forecast against.
    base.write(|tx| forecast::snapshot(tx, &Request::default()));
    let next = Request {
        period: period(&base, "2026-Q2"),
        ..Request::default()
    };
    assert_eq!(
        base.report("forecast-accuracy", &next),
        "2026-04-02|2026-Q2|all|0.00|0.00|-|0.00|-|90.00|-|\n"
    );
}

/// Ages in buckets of days, as receivables are aged and as Pipedrive and HubSpot count the days in a stage.
#[test]
fn deals_age_in_their_stage_and_in_all() {
    let mut base = Base::new();
    let old = base.deal("name=Old; amount=100; opened_on=2025-11-01");
    base.deal("name=Young; amount=30; opened_on=2026-02-25");
    base.deal("name=Poor; opened_on=2026-02-23");
    base.deal("name=Done; stage=won; amount=1; opened_on=2026-01-01; closed_on=2026-01-09");
    base.on("2026-02-20");
    base.write(|tx| deal::move_to(tx, old, "proposal"));
    base.on("2026-03-02");
    // The buckets are those of the domain catalogue, §5.1. Young is 5 days old, Poor 7, both still in their first stage. Old came into its stage 10 days ago, 121 days after
    // it was opened.
    let report = base.report("aging", &Request::default());
    let rows: Vec<&str> = report
        .lines()
        .filter(|line| !line.ends_with("|0|0.00|0|0.00"))
        .collect();
    assert_eq!(
        rows,
        [
            "prospecting|0-7|2|30.00|2|30.00",
            "proposal|8-14|1|100.00|0|0.00",
            "proposal|>90|0|0.00|1|100.00",
            "= ||3|130.00|3|130.00",
            "without 1 no amount",
        ]
    );
    assert_eq!(report.lines().count(), 2 * 6 + 2);
    assert_eq!(base.behind("aging", &Request::default()), "Old Poor Young");
}

#[test]
fn deals_flow_from_stage_to_stage_and_back() {
    let mut base = Base::new();
    let there = base.deal("name=There; opened_on=2026-01-01");
    let gone = base.deal("name=Gone; opened_on=2026-01-05");
    base.deal("name=Still; opened_on=2026-01-10");
    base.deal("name=Junk; stage=abandoned; opened_on=2026-01-10; closed_on=2026-01-11");
    for (day, deal, stage) in [
        ("2026-01-11", there, "proposal"),
        ("2026-01-11", gone, "proposal"),
        ("2026-01-21", there, "negotiation"),
        ("2026-01-25", there, "proposal"),
    ] {
        base.on(day);
        base.write(|tx| deal::move_to(tx, deal, stage));
    }
    base.on("2026-01-31");
    base.write(|tx| deal::lose(tx, gone, None, "price", None));
    base.on("2026-02-04");
    base.write(|tx| deal::win(tx, there, None));
    // Three deals began. Two of them moved on, after 10 and 6 days. There came into its proposal twice, Gone once: of
    // these three stays one led on after 10 days, one was won after 10, one lost after 20; back it went after 4. All
    // six stays that ended took 4, 6, 10, 10, 10 and 20 days.
    assert_eq!(
        base.report("flow", &Request::default()),
        "|prospecting|3|100.0%|\n\
         prospecting|proposal|2|66.7%|8.0\n\
         proposal|negotiation|1|33.3%|10.0\n\
         proposal|won|1|33.3%|10.0\n\
         proposal|lost|1|33.3%|20.0\n\
         negotiation|proposal|1|100.0%|4.0\n\
         = ||9||10.0\n\
         without 1 abandoned\n"
    );
    // Only Still was opened in these days, and it went nowhere.
    let request = Request {
        period: period(&base, "2026-01-06..2026-01-31"),
        ..Request::default()
    };
    assert_eq!(
        base.report("flow", &request),
        "|prospecting|1|100.0%|\n= ||1||\nwithout 1 abandoned\n"
    );
}

/// Sales velocity as Salesforce and HubSpot define it: opportunities x average value x win rate / length of the cycle.
#[test]
fn velocity_by_its_four_parts() {
    let mut base = Base::new();
    for text in [
        "name=A; stage=won; amount=1000; opened_on=2026-01-01; closed_on=2026-01-21",
        "name=B; stage=won; amount=3000; opened_on=2026-01-11; closed_on=2026-02-10",
        "name=C; stage=lost; lost_reason=price; opened_on=2026-01-11; closed_on=2026-02-01",
        "name=D; stage=lost; lost_reason=price; opened_on=2026-01-11; closed_on=2026-02-01",
        "name=Before; stage=won; amount=900; opened_on=2025-01-11; closed_on=2025-02-01",
        "name=E; opened_on=2026-02-01",
        "name=F; opened_on=2026-02-01",
        "name=G; opened_on=2026-02-01",
        "name=H; stage=negotiation; opened_on=2026-02-01",
    ] {
        base.deal(text);
    }
    // Four are open. In the last 90 days two were won, 1000 and 3000, in 20 and 30 days, and two were lost:
    // 4 x 2000 x 1/2 / 25 = 160 a day.
    let figures = "4|2000.00|50.0%|25.0|160.00";
    assert_eq!(
        base.report("velocity", &Request::default()),
        format!("all|{figures}\n= |{figures}\n")
    );
}

/// A funnel of what was reached, as Pipedrive and Salesforce count it: who was ever in a stage or beyond it.
#[test]
fn a_funnel_of_what_was_reached() {
    let mut base = Base::new();
    base.deal("name=Won; stage=won; opened_on=2026-01-01; closed_on=2026-01-21");
    base.deal("name=Offered; stage=proposal");
    let back = base.deal("name=Back; stage=negotiation");
    let lost = base.deal("name=Lost; stage=needs_analysis");
    base.deal("name=New");
    base.deal("name=Junk; stage=abandoned");
    base.write(|tx| deal::move_to(tx, back, "qualification"));
    base.write(|tx| deal::lose(tx, lost, None, "price", None));
    // Five began. All but New were in or beyond qualification and needs analysis, all of these but Lost in or beyond
    // proposal, Won and Back in negotiation.
    assert_eq!(
        base.report("funnel", &Request::default()),
        "sales|prospecting|5|100.0%|100.0%\n\
         sales|qualification|4|80.0%|80.0%\n\
         sales|needs_analysis|4|100.0%|80.0%\n\
         sales|proposal|3|75.0%|60.0%\n\
         sales|negotiation|2|66.7%|40.0%\n\
         sales|won|1|50.0%|20.0%\n\
         = ||5||20.0%\n\
         without 1 abandoned\n"
    );
}

/// A weighted pipeline as Salesforce calls expected revenue: the sum of amount x probability over what is open.
#[test]
fn a_pipeline_weighted_by_probability() {
    let mut base = Base::new();
    for text in [
        "name=A; amount=1000",
        "name=B; stage=proposal; amount=500",
        "name=C; stage=proposal",
        "name=D; stage=negotiation; amount=250",
        "name=Sure; stage=negotiation; amount=100; probability=95",
        "name=Won; stage=won; amount=7000; opened_on=2026-01-01; closed_on=2026-01-21",
    ] {
        base.deal(text);
    }
    // 10 % of 1000; 60 % of 500, C has no amount; 80 % of 250 and 95 % of 100.
    assert_eq!(
        base.report("pipeline", &Request::default()),
        "prospecting|1|1000.00|100.00|0\n\
         proposal|2|500.00|300.00|1\n\
         negotiation|2|350.00|295.00|0\n\
         = |5|1850.00|695.00|1\n\
         without 1 no amount\n"
    );
}

#[test]
fn deals_slip_out_of_a_period() {
    let mut base = Base::new();
    base.on("2025-12-15");
    let twice = base.deal("name=Twice; amount=100; expected_close=2026-02-15");
    let back = base.deal("name=Back; amount=200; expected_close=2026-03-10");
    let soon = base.deal("name=Soon; amount=300; expected_close=2026-01-20");
    base.on("2026-01-10");
    let late = base.deal("name=Late; amount=400; expected_close=2026-03-30");
    base.on("2026-01-18");
    base.write(|tx| deal::win(tx, soon, None));
    for (day, deal, to) in [
        ("2026-02-10", twice, "2026-03-20"),
        ("2026-03-09", back, "2026-04-10"),
        ("2026-03-15", twice, "2026-05-01"),
        ("2026-03-20", back, "2026-03-28"),
        ("2026-03-29", late, "2026-06-01"),
    ] {
        base.on(day);
        base.expect(deal, to);
    }
    let request = Request {
        period: period(&base, "2026-Q1"),
        ..Request::default()
    };
    // At the start Twice, Back and Soon were open and expected: 600. Twice was moved twice and left; Back came back; Soon
    // was won; Late came in between and left. So two slipped, 500, by three moves, and one of the three expected.
    let figures = "3|600.00|2|500.00|3|33.3%";
    assert_eq!(
        base.report("slippage", &request),
        format!("all|{figures}\n= |{figures}\n")
    );
    assert_eq!(base.behind("slippage", &request), "Late Twice");
    // In the quarter before nothing was expected.
    let before = Request {
        period: period(&base, "2025-Q4"),
        ..Request::default()
    };
    assert_eq!(base.report("slippage", &before), "= |0|0.00|0|0.00|0|-\n");
    let always = Request {
        period: Some(Period::ALL),
        ..Request::default()
    };
    let refused = base
        .store
        .read(&base.caller, |tx| report::run(tx, "slippage", &always));
    assert!(refused.is_err());
}

/// Two sellers in February and March 2026.
fn sellers() -> Base {
    let mut base = Base::new();
    base.user("Lena");
    base.user("王芳");
    let acme = base.customer("name=Acme; type=company");
    let other = base.customer("name=Other; type=company");
    for (text, customer) in [
        (
            "name=A; owner=Lena; stage=won; amount=100; opened_on=2026-01-22; closed_on=2026-02-01",
            acme,
        ),
        (
            "name=B; owner=王芳; stage=won; amount=900; opened_on=2026-02-01; closed_on=2026-02-21",
            acme,
        ),
        (
            "name=C; owner=Lena; stage=won; amount=700; opened_on=2026-02-01; closed_on=2026-03-01",
            acme,
        ),
        (
            "name=D; owner=Lena; stage=won; opened_on=2026-02-27; closed_on=2026-03-01",
            other,
        ),
        (
            "name=E; owner=Lena; stage=lost; lost_reason=price; opened_on=2026-02-20; closed_on=2026-03-02",
            other,
        ),
        (
            "name=F; owner=王芳; stage=won; amount=200; opened_on=2026-02-10; closed_on=2026-03-02",
            other,
        ),
        (
            "name=G; owner=王芳; stage=proposal; amount=50; opened_on=2026-02-10",
            other,
        ),
        (
            "name=H; owner=王芳; stage=negotiation; amount=500; opened_on=2026-03-01",
            other,
        ),
    ] {
        base.deal(&format!("{text}; customer={}", customer.uid()));
    }
    for (owner, kind, day, deal) in [
        ("Lena", "call", "2026-03-01", "C"),
        ("Lena", "email", "2026-02-15", "C"),
        ("Lena", "note", "2026-03-01", "C"),
        ("Lena", "call", "2026-03-02", "D"),
        ("王芳", "meeting", "2026-03-02", "F"),
        ("王芳", "call", "2026-02-11", "G"),
    ] {
        let about = format!("customer={}; deal={deal}", acme.uid());
        base.log(&format!(
            "type={kind}; text={kind}-{day}; at={day}T09:00; owner={owner}; {about}"
        ));
    }
    base
}

#[test]
fn activities_by_user_and_type_and_per_won_deal() {
    let base = sellers();
    // March: Lena called twice and wrote a note, 王芳 met somebody. About C and D, which Lena won, there were three
    // activities without the note, one of them in February; about F there was one.
    assert_eq!(
        base.report("activity", &Request::default()),
        "Lena|3|2|1.5|2|0|0|0|0|0|1\n\
         王芳|1|1|1.0|0|0|1|0|0|0|0\n\
         = |4|3|1.3|2|0|1|0|0|0|1\n"
    );
    assert_eq!(
        base.behind("activity", &Request::default()),
        "call-2026-03-01 call-2026-03-02 meeting-2026-03-02 note-2026-03-01"
    );
    let months = Request {
        by: Some(Dimension::Month),
        period: Some(Period::ALL),
        filters: vec!["type:call".to_owned(), "owner:Lena".to_owned()],
        ..Request::default()
    };
    // Deals have no type call, so there is nothing to say of deals.
    assert_eq!(
        base.report("activity", &months),
        "2026-03|2|||2|0|0|0|0|0|0\n= |2|||2|0|0|0|0|0|0\n"
    );
}

#[test]
fn the_team_by_what_it_won() {
    let mut base = sellers();
    for (title, due, done) in [
        ("in time", "2026-03-03", true),
        ("late", "2026-03-01", true),
        ("open", "2026-03-03", false),
    ] {
        let text = format!("title={title}; due={due}; assignee=王芳");
        let id = base
            .write(|tx| task::add(tx, &assignments(&text), &Policy::strict()))
            .id;
        if done {
            base.write(|tx| task::done(tx, id));
        }
    }
    // March: Lena won C 700 and D without amount, lost E, in 28 and 2 days. 王芳 won F 200 in 20 days and did two tasks,
    // one in time. In February 王芳 was first with 900 before Lena with 100.
    assert_eq!(
        base.report("team", &Request::default()),
        "Lena|1|1|2|700.00|66.7%|15.0|0|-|2|2|0|0|0|0|0|1\n\
         王芳|2|-1|1|200.00|100.0%|20.0|2|50.0%|1|0|0|1|0|0|0|0\n\
         = |||3|900.00|75.0%|16.7|2|50.0%|3|2|0|1|0|0|0|1\n\
         without 1 no amount\n"
    );
    assert_eq!(base.behind("team", &Request::default()), "C D E F");
}

#[test]
fn an_overview_beside_the_month_before() {
    let mut base = sellers();
    for (title, due) in [
        ("late now", "2026-03-01"),
        ("late for long", "2026-02-10"),
        ("to come", "2026-03-09"),
    ] {
        base.write(|tx| {
            task::add(
                tx,
                &assignments(&format!("title={title}; due={due}")),
                &Policy::strict(),
            )
        });
    }
    // March: C, D and F were won, E lost; with Acme something had been won before, with Other not. Open now: G 50 at 60 %
    // and H 500 at 80 %. At the end of February: C, D, E, F and G were open, for 950, C, D, E and F at the 10 % of their
    // first stage, E and D without an amount.
    assert_eq!(
        base.report("overview", &Request::default()),
        "revenue|900.00|1000.00|-100.00|-10.0%|worse|up|USD\n\
         deals_won|3|2|1|50.0%|better|up|deals\n\
         average_deal|450.00|500.00|-50.00|-10.0%|worse|up|USD\n\
         new_customers|1|1|0|0.0%|same|up|customers\n\
         active_customers|2|1|1|100.0%|better|up|customers\n\
         win_rate|75.0%|100.0%|-25.0%|-|worse|up|share\n\
         cycle|16.7|15.0|1.7|11.1%|worse|down|days\n\
         deals_opened|1|6|-5|-83.3%|worse|up|deals\n\
         open_deals|2|5|-3|-60.0%|worse|up|deals\n\
         open_pipeline|550.00|950.00|-400.00|-42.1%|worse|up|USD\n\
         weighted_pipeline|430.00|120.00|310.00|258.3%|better|up|USD\n\
         activities|3|2|1|50.0%|better|up|activities\n\
         overdue_tasks|2|1|1|100.0%|worse|down|tasks\n\
         overdue_receivable|0.00|||-||down|USD\n\
         csat|-|-|-|-||up|share\n\
         nps||||||up|points\n\
         sla|-|-|-|-||up|share\n\
         without 1 no amount\n"
    );
    let late = base.read(|tx| {
        let condition = list::condition(tx, Noun::Task, &["is:overdue".to_owned()])?;
        crate::store::listing::count(tx, Noun::Task, &condition)
    });
    assert_eq!(late.counted, 2, "overdue is the same word everywhere");
}

#[test]
fn a_sum_beside_the_one_before() {
    let base = sellers();
    let request = Request {
        period: period(&base, "2026-03"),
        by: Some(Dimension::Owner),
        ..Request::default()
    };
    let compared = |name: &str, request: &Request| {
        base.store
            .read(&base.caller, |tx| compare::run(tx, name, request))
    };
    // Won in March 700 and 200, in February 100 and 900.
    let won = compared("won", &request).unwrap();
    let columns: Vec<&str> = won
        .columns
        .iter()
        .skip(3)
        .take(3)
        .map(|column| column.name)
        .collect();
    assert_eq!(columns, ["previous", "delta", "change"]);
    assert_eq!(
        shown(&won),
        "Lena|2|700.00|100.00|600.00|600.0%|700.00|700.00|15.0|15.0\n\
         王芳|1|200.00|900.00|-700.00|-77.8%|200.00|200.00|20.0|20.0\n\
         = |3|900.00|1000.00|-100.00|-10.0%|450.00|450.00|16.7|20.0\n\
         without 1 no amount\n"
    );
    // Lost in March alone; in April there is nothing, and March stands beside it.
    let april = Request {
        period: period(&base, "2026-04"),
        ..request.clone()
    };
    assert_eq!(
        shown(&compared("lost", &april).unwrap()),
        "Lena|0|0.00|0.00|0.00|-|-\n= |0|0.00|0.00|0.00|-|-\n"
    );
    for refused in [
        compared("pipeline", &request),
        compared("won", &Request::default()),
        compared(
            "won",
            &Request {
                by: Some(Dimension::Month),
                ..request.clone()
            },
        ),
    ] {
        assert!(refused.is_err());
    }
}

#[test]
fn customers_wait_for_an_answer() {
    let mut base = Base::new();
    // All are added at noon on 2 March.
    let calls = [
        ("Fast", "call", "12:04:00", "out"),
        ("Hour", "email", "12:50:00", "none"),
        ("Day", "meeting", "18:00:00", "out"),
        ("Asked", "call", "12:01:00", "in"),
        ("Noted", "note", "12:02:00", "none"),
        ("Known", "call", "11:00:00", "out"),
    ];
    for (name, kind, time, direction) in calls {
        let id = base.customer(&format!("name={name}; source=website"));
        base.log(&format!(
            "type={kind}; at=2026-03-02T{time}Z; direction={direction}; customer={}",
            id.uid()
        ));
    }
    base.customer("name=Nobody");
    // Fast waited 240 seconds, Hour 3000, Day 21600. Asked, Noted and Nobody never heard from us. Known had before.
    assert_eq!(
        base.report("lead-response", &Request::default()),
        "all|6|3|3000s|16.7%|33.3%|50.0%|3\n\
         = |6|3|3000s|16.7%|33.3%|50.0%|3\n\
         without 1 heard from us before they were added\n"
    );
    let by_source = Request {
        by: Some(Dimension::Source),
        period: period(&base, "2026-03-02"),
        filters: vec!["not name:Day".to_owned()],
        ..Request::default()
    };
    // The middle of 240 and 3000.
    assert_eq!(
        base.report("lead-response", &by_source),
        "website|4|2|1620s|25.0%|50.0%|50.0%|2\n\
         |1|0||0.0%|0.0%|0.0%|1\n\
         = |5|2|1620s|20.0%|40.0%|40.0%|3\n\
         without 1 heard from us before they were added\n"
    );
}

/// Of leads of 2 March, at noon: 张伟 heard from us after 240 seconds and was qualified on the 5th, Nora after 3000 and was
/// disqualified on the 6th, Olaf never heard anything. Pia, a prospect, was qualified at once on the 5th. Quinn, a lead of
/// 10 February, was qualified on the 5th too. Rob and Sam never were leads.
fn with_leads() -> Base {
    let mut base = Base::new();
    base.on("2026-02-10");
    let quinn = base.customer("name=Quinn; lifecycle=lead; source=website");
    base.on("2026-03-02");
    let first = base.customer("name=张伟; lifecycle=lead; source=website");
    let nora = base.customer("name=Nora; lifecycle=lead; source=website");
    base.customer("name=Olaf; lifecycle=lead; source=referral");
    let pia = base.customer("name=Pia");
    base.customer("name=Rob; source=referral");
    base.customer("name=Sam; lifecycle=loyal; source=referral");
    for (id, kind, time) in [(first, "call", "12:04:00"), (nora, "email", "12:50:00")] {
        base.log(&format!(
            "type={kind}; at=2026-03-02T{time}Z; customer={}",
            id.uid()
        ));
    }
    base.on("2026-03-05");
    for id in [first, pia, quinn] {
        base.write(|tx| qualification::qualify(tx, id, &qualification::Qualifying::default()));
    }
    base.on("2026-03-06");
    let spam = qualification::Disqualifying {
        reason: "no_need".to_owned(),
        ..qualification::Disqualifying::default()
    };
    base.write(|tx| qualification::disqualify(tx, nora, &spam));
    base
}

#[test]
fn leads_are_converted_by_cohort_and_by_flow() {
    let base = with_leads();
    // Of five leads three were converted, Nora is none, Olaf is open: 3 / 5. In flow 3 / (3 + 1). Two heard from us, in the
    // middle after (240 + 3000) / 2; of five one within five minutes, two within the hour.
    assert_eq!(
        base.report("leads", &Request::default()),
        "all|5|3|60.0%|1|1|3|1|75.0%|2|1620s|20.0%|40.0%|40.0%|3\n\
         = |5|3|60.0%|1|1|3|1|75.0%|2|1620s|20.0%|40.0%|40.0%|3\n"
    );
    // Quinn became a lead before March: of its cohort no more, but converted in it.
    let march = Request {
        by: Some(Dimension::Source),
        period: period(&base, "2026-03"),
        ..Request::default()
    };
    assert_eq!(
        base.report("leads", &march),
        "website|2|1|50.0%|1|0|2|1|66.7%|2|1620s|50.0%|100.0%|100.0%|0\n\
         referral|1|0|0.0%|0|1|0|0|-|0||0.0%|0.0%|0.0%|1\n\
         |1|1|100.0%|0|0|1|0|100.0%|0||0.0%|0.0%|0.0%|1\n\
         = |4|2|50.0%|1|1|3|1|75.0%|2|1620s|25.0%|50.0%|50.0%|2\n"
    );
    let junk = Request {
        filters: vec!["not disqualified_reason:no_need".to_owned()],
        ..Request::default()
    };
    assert!(
        base.report("leads", &junk)
            .starts_with("all|4|3|75.0%|0|1|3|0|100.0%|")
    );
    for (request, at, count) in [
        (&Request::default(), 0, 5),
        (&march, 0, 2),
        (&march, 2, 1),
        (&march, 3, 4),
    ] {
        let behind = base.read(|tx| {
            let report = report::run(tx, "leads", request)?;
            let row = report::behind::Row::of(&report, at).expect("a row");
            report::behind::behind(tx, "leads", request, &row)
        });
        let behind = behind.expect("records");
        let Drill::Records(Noun::Customer, ids) = behind.drill else {
            panic!("customers one by one");
        };
        assert_eq!((ids.len(), behind.counted), (count, Some(count as i64)));
    }
}

#[test]
fn sources_bring_leads_deals_and_money() {
    let mut base = with_leads();
    base.deal("name=Won; source=website; amount=1000; stage=won; opened_on=2026-03-03; closed_on=2026-03-13");
    base.deal("name=Lost; source=website; amount=500; stage=lost; lost_reason=price; opened_on=2026-03-04; closed_on=2026-03-06");
    base.deal("name=Open; source=referral; amount=700; opened_on=2026-03-05");
    base.deal("name=Junk; source=referral; stage=abandoned; opened_on=2026-03-05; closed_on=2026-03-06");
    // Of three leads of the website two are qualified; of its two deals one was won, ten days after it was opened.
    let whole = "website|3|2|66.7%|2|1|1000.00|50.0%|10.0\n\
         referral|1|0|0.0%|1|0|0.00|-|\n\
         |1|1|100.0%|0|0|0.00|-|\n\
         = |5|3|60.0%|3|1|1000.00|50.0%|10.0\n";
    assert_eq!(base.report("sources", &Request::default()), whole);
    // Per lead 900 / 3, per won deal 900 / 1, back 100 of 900; of the referral 50 / 1 and nothing came back; the totals are
    // over these two: 950 / 4, 950 / 1, 50 of 950.
    let cost = |source: &str, amount: &str| (source.to_owned(), amount.to_owned());
    let with_costs = Request {
        costs: vec![
            cost("Website", "800"),
            cost("website", "0.1k"),
            cost("referral", "50"),
        ],
        ..Request::default()
    };
    let report = base.read(|tx| report::run(tx, "sources", &with_costs));
    let shown: Vec<String> = report
        .rows
        .iter()
        .chain([&report.totals])
        .map(|row| row.iter().skip(9).map(text).collect::<Vec<_>>().join("|"))
        .collect();
    assert_eq!(
        shown,
        [
            "900.00|300.00|900.00|11.1%",
            "50.00|50.00||-100.0%",
            "|||",
            "950.00|237.50|950.00|5.3%"
        ]
    );
    for costs in [
        cost("webseit", "1"),
        cost("website", "much"),
        cost("website", "0"),
        cost("website", "5 XAU"),
    ] {
        let request = Request {
            costs: vec![costs],
            ..Request::default()
        };
        let refused = base
            .store
            .read(&base.caller, |tx| report::run(tx, "sources", &request));
        assert_eq!(refused.unwrap_err().kind(), crate::error::Kind::Usage);
    }
    // A filter that no deal can meet leaves their figures out.
    let of_city = Request {
        filters: vec!["lifecycle:qualified".to_owned()],
        ..Request::default()
    };
    assert!(
        base.report("sources", &of_city)
            .starts_with("website|2|2|100.0%|||||\n")
    );
    let found =
        base.read(|tx| (report::entry("sources")?.records.expect("records"))(tx, &Request::default()));
    let Drill::Records(Noun::Customer, ids) = found else {
        panic!("customers one by one");
    };
    assert_eq!(ids.len(), 5);
}

/// A customer and a deal nobody has heard of for long, on 2 March.
fn left_lying() -> Base {
    let mut base = Base::new();
    base.on("2026-01-01");
    let quiet = base.customer("name=Quiet; owner=self");
    base.customer("name=张伟");
    base.log(&format!(
        "type=call; at=2026-01-20T09:00; customer={}",
        quiet.uid()
    ));
    base.deal("name=Forgotten; opened_on=2026-01-11");
    base.deal("name=Over; stage=won; opened_on=2026-01-01; closed_on=2026-01-02");
    base.on("2026-03-02");
    base.customer("name=Fresh");
    base
}

fn first_cells(report: &str) -> Vec<&str> {
    report.lines().filter_map(|line| line.split('|').next()).collect()
}

#[test]
fn what_has_been_left_lying() {
    let mut base = left_lying();
    assert_eq!(
        base.report("stale", &Request::default()),
        "C1|customer|Quiet|self|2026-01-20|41|silent for 41 days\n\
         C2|customer|张伟|||60|never any activity\n\
         D1|deal|Forgotten|||50|never any activity\n"
    );
    let request = |days, kind, limit| Request {
        days,
        kind,
        limit,
        ..Request::default()
    };
    assert_eq!(
        first_cells(&base.report("stale", &request(Some(55), None, None))),
        ["C2"]
    );
    assert_eq!(
        first_cells(&base.report("stale", &request(None, Some(Noun::Deal), None))),
        ["D1"]
    );
    assert_eq!(
        first_cells(&base.report("stale", &request(None, Some(Noun::Customer), Some(1)))),
        ["C1", "without 1 customers beyond the first 1"]
    );
    let stages = Request {
        filters: vec!["stage:prospecting".to_owned()],
        ..Request::default()
    };
    assert_eq!(first_cells(&base.report("stale", &stages)), ["D1"]);
    for refused in [
        request(Some(0), None, None),
        request(None, Some(Noun::Task), None),
        Request {
            filters: vec!["nonsense:1".to_owned()],
            ..Request::default()
        },
    ] {
        let report = base
            .store
            .read(&base.caller, |tx| report::run(tx, "stale", &refused));
        assert!(report.is_err(), "{refused:?}");
    }
    let quiet = base.read(|tx| crate::ops::refer::one(tx, Noun::Customer, "C1"));
    base.write(|tx| trash::remove(tx, Noun::Customer, &[quiet]));
    let everything = Request {
        filters: vec!["is:any".to_owned()],
        kind: Some(Noun::Customer),
        ..Request::default()
    };
    assert_eq!(
        first_cells(&base.report("stale", &everything)),
        ["C2"],
        "the trash is no work"
    );
}

/// Everybody who asks for what a report is made of gets just that: as many records as it counted.
#[test]
fn behind_every_number_are_its_records() {
    let base = outlook();
    for (name, column) in [
        ("pipeline", "deals"),
        ("won", "won"),
        ("lost", "lost"),
        ("aging", "in_all"),
    ] {
        let counted = base.read(|tx| {
            let report = report::run(tx, name, &Request::default())?;
            let at = report
                .columns
                .iter()
                .position(|known| known.name == column)
                .unwrap();
            Ok(text(&report.totals[at]))
        });
        let behind = base.behind(name, &Request::default());
        assert_eq!(
            counted,
            behind.split_whitespace().count().to_string(),
            "{name}: {behind}"
        );
    }
}

#[test]
fn every_report_makes_sense_of_an_empty_base() {
    let base = Base::new();
    for entry in REPORTS {
        let report = base.read(|tx| report::run(tx, entry.name, &Request::default()));
        assert_eq!(report.columns, entry.columns, "{}", entry.name);
        assert!(report.left_out.is_empty(), "{}", entry.name);
        for by in entry.by {
            let request = Request {
                by: Some(*by),
                ..Request::default()
            };
            base.read(|tx| report::run(tx, entry.name, &request));
        }
        if let Some(records) = entry.records {
            let drill = base.read(|tx| records(tx, &Request::default()));
            assert!(matches!(drill, Drill::Filtered(..) | Drill::Records(..)));
        }
        if entry.compared.is_some() {
            let request = Request {
                period: period(&base, "2026-02"),
                ..Request::default()
            };
            base.read(|tx| compare::run(tx, entry.name, &request));
        }
        assert!(
            shown(&report).lines().all(|line| !line.contains("NaN")),
            "{}",
            entry.name
        );
    }
}
