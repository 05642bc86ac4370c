//! A person at the board.

use crm::domain::input::{Assignment, Input};
use crm::ops::deal;
use crm::ops::pipeline::{self, StageSpec};
use crm::ops::typed::Policy;
use crm::store::WriteTx;
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::tui::action::Action;
use crate::tui::component::look::Look;
use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::event::Event;
use crate::tui::page::Place;
use crate::tui::snapshot;

fn board(width: u16, height: u16) -> Driver {
    Driver::at(&Place::Pipeline, width, height)
}

/// `name=value; …` as assignments.
fn assignments(text: &str) -> Vec<Assignment> {
    let pairs = text.split("; ").filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), Input::text(value)))
        .collect()
}

/// Somebody else writes.
fn write(person: &mut Driver, random: u64, work: impl FnOnce(&WriteTx<'_>)) {
    let mut caller = person.app.world.caller.clone();
    caller.random = random;
    let written = person.store.write(&caller, |tx| {
        work(tx);
        Ok(())
    });
    written.expect("a write");
    person.happens(Event::Changed);
}

fn add_deals(person: &mut Driver, texts: impl IntoIterator<Item = String>) {
    write(person, 900_000_000, |tx| {
        for text in texts {
            deal::add(tx, &assignments(&text), &Policy::strict()).expect("a deal");
        }
    });
}

fn mouse(person: &mut Driver, kind: MouseEventKind, column: u16, row: u16) {
    person.happens(Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }));
}

fn click(person: &mut Driver, column: u16, row: u16) {
    mouse(person, MouseEventKind::Down(MouseButton::Left), column, row);
    mouse(person, MouseEventKind::Up(MouseButton::Left), column, row);
}

#[test]
fn the_menu_has_what_can_be_done_with_such_a_deal() {
    let mut person = Driver::at(&Place::Pipeline, 120, 40);
    person.press("m").shows("w Won").shows("x Lost");
    assert!(!person.screen().contains("Open again"));
    person
        .press("esc l l l l l")
        .shows("[Won 13]")
        .press("m")
        .shows("u Open again");
    assert!(!person.screen().contains("x Lost"));
    person.press("esc enter m").shows("u Open again");
    assert!(!person.screen().contains("x Lost"));
}

#[test]
fn a_card_goes_on_and_back_and_the_cursor_goes_along() {
    let mut person = board(120, 30);
    person.shows("Needs analysis 4").shows("Proposal 8");
    person.press("l l L");
    assert_eq!(
        person.said(),
        "Atelier Verne → Proposal, weighted +€7.5k; z takes it back"
    );
    person.shows("Needs analysis 3").shows("[Proposal 9]");
    person.press("H");
    assert_eq!(
        person.said(),
        "Atelier Verne → Needs analysis, weighted -€7.5k; z takes it back"
    );
    person.press("z").shows("Proposal 9");
    person.press("z").shows("Proposal 8");
}

#[test]
fn several_cards_go_together_and_the_marks_come_off() {
    let mut person = board(120, 30);
    person.press("space space").shows("2 marked").press("l L");
    assert_eq!(
        person.said(),
        "the marked deals are in another column; Esc takes the marks off"
    );
    person.press("h L");
    assert!(
        person.said().starts_with("2 deals → Qualification, weighted +"),
        "{}",
        person.said()
    );
    person.shows("Prospecting 2").shows("[Qualification 6]");
    assert!(!person.screen().contains("marked"));
    person
        .press("z")
        .shows("Prospecting 4")
        .press("space")
        .press("esc");
    assert_eq!(person.said(), "nothing is marked any more");
}

#[test]
fn a_deal_is_won_on_a_day_for_an_amount_and_gets_a_next_step() {
    let mut person = board(120, 30);
    person
        .press("l l l l L")
        .shows("Win Care plan")
        .shows("→ Sat 21 Nov 2026, today");
    person.shows("45000").shows("→ €45,000");
    person.text(" abc").press("ctrl-s").shows("! ").shows("today abc");
    person
        .press("ctrl-u")
        .text("yesterday")
        .shows("→ Fri 20 Nov 2026, yesterday");
    person
        .press("enter ctrl-u")
        .text("4x")
        .press("enter")
        .shows("4x")
        .shows("! not an amount");
    person
        .press("ctrl-u")
        .text("50k")
        .shows("→ €50,000")
        .press("enter");
    assert!(person.said().starts_with("Won deal D"), "{}", person.said());
    person
        .shows("Won: Care plan")
        .shows("Won this month: €")
        .shows("in 1 week");
    person
        .press("ctrl-u")
        .text("回访客户")
        .press("enter")
        .press("enter");
    assert!(person.said().starts_with("Added task"), "{}", person.said());
    person
        .shows("Negotiation 3")
        .shows("Won 14")
        .press("l")
        .shows("€50k");
    // The win alone is taken back by the second.
    person.press("z z").shows("Negotiation 4").shows("Won 13");
}

#[test]
fn a_deal_is_lost_for_a_reason_and_other_wants_a_note() {
    let mut person = board(200, 40);
    // From the first column over the last one.
    mouse(&mut person, MouseEventKind::Down(MouseButton::Left), 5, 3);
    mouse(&mut person, MouseEventKind::Drag(MouseButton::Left), 190, 8);
    mouse(&mut person, MouseEventKind::Up(MouseButton::Left), 190, 8);
    person
        .shows("Lose Scanner swap: why?")
        .shows("Price")
        .shows("Other");
    person.press("end enter").shows("Reason: Other").press("ctrl-s");
    person
        .shows("the reason other needs a note")
        .text("去了别家")
        .press("tab");
    person.text("Quellwerk").press("enter");
    assert!(person.said().starts_with("Lost deal D"), "{}", person.said());
    person.shows("Lost 10").shows("Prospecting 3");
    // A closed deal only opens again.
    click(&mut person, 190, 3);
    person.press("L");
    assert!(
        person.said().ends_with(" is lost; H opens it again"),
        "{}",
        person.said()
    );
}

#[test]
fn a_closed_deal_opens_again_and_goes_nowhere_else() {
    let mut person = board(120, 30);
    person.press("l l l l l").shows("[Won 13]").press("L");
    assert_eq!(person.said(), "Fleet renewal is won; H opens it again");
    person.press("H");
    assert!(person.said().starts_with("Reopened deal"), "{}", person.said());
    person.shows("Won 12");
}

#[test]
fn the_filter_runs_while_it_is_typed_and_esc_takes_it_off() {
    let mut person = board(120, 30);
    person
        .press("/")
        .text("深圳")
        .shows("Filter › 深圳")
        .shows("Proposal 1")
        .shows("Prospecting 0");
    person
        .press("enter")
        .shows("Filter › 深圳")
        .press("j")
        .press("esc")
        .shows("Proposal 8");
    person
        .press("/")
        .text("amount:>")
        .shows("^")
        .shows("Filter › amount:>");
    person.press("ctrl-u").text("name:nobody-has-this");
    person.shows("no deal fits \"name:nobody-has-this\"; Esc clears the filter");
    person.press("esc").shows("Proposal 8");
    assert!(!person.screen().contains("Filter"));
}

#[test]
fn columns_are_ordered_as_somebody_wants() {
    let mut person = board(120, 30);
    person.press(", a");
    let screen = person.screen();
    let place = |text: &str| screen.find(text).expect("a card");
    assert!(place("€62k") < place("€32k") && place("€32k") < place("€2.4k"));
    person.press(", esc").press(", n").press("l l l g g enter");
    assert_eq!(person.app.depth(), 1);
}

/// The head of the column with the cursor, such as `Proposal 8`.
fn head(person: &Driver) -> String {
    let screen = person.screen();
    let heads = screen.lines().nth(1).unwrap_or_default();
    let focused = heads.split('┏').nth(1).and_then(|rest| rest.split('━').next());
    focused.expect("a column with the cursor").trim().to_owned()
}

#[test]
fn every_group_is_a_list_with_as_many_deals() {
    let mut person = board(500, 40);
    let mut seen = 0;
    for _ in 0..3 {
        loop {
            let head = head(&person);
            let total = head.rsplit(' ').next().expect("a count");
            person.press("+").shows(&format!("of {total}")).press("esc");
            assert_eq!(self::head(&person), head);
            seen += 1;
            person.press("l");
            if person.said().starts_with("this is the last") {
                break;
            }
        }
        person.press(")");
    }
    assert!(seen > 12, "{seen}");
}

#[test]
fn owners_and_months_take_cards_from_each_other() {
    let mut person = board(120, 30);
    person.press(")").shows("self 17").press("L");
    assert!(
        person
            .said()
            .starts_with("Fjordline Shipping AS → Mara Lindholm; z"),
        "{}",
        person.said()
    );
    person
        .shows("self 16")
        .shows("Mara Lindholm 5")
        .press("z")
        .shows("self 17");
    person.press(")").shows("Nov 2026 2").press("L");
    person
        .shows("Nov 2026 1")
        .shows("Dec 2026 12")
        .shows("28 Dec")
        .press("z");
    person
        .press("h H")
        .shows("Oct 2026 1")
        .press("z")
        .shows("Nov 2026 2");
    person.press("(").shows("by owner").press("[").shows("by stage");
}

#[test]
fn a_column_is_as_long_as_it_has_deals() {
    let mut person = board(120, 24);
    let deals = (1..=150).map(|number| format!("name=Order {number}; amount=1000; stage=qualification"));
    add_deals(&mut person, deals);
    person
        .shows("Qualification 154")
        .press("l")
        .shows("Order 150")
        .shows("… 148 more");
    person.press("G").shows("above").shows("みなと不");
    person.press("g g").shows("Order 150").shows("… 148 more");
    for _ in 0..60 {
        person.press("j");
    }
    person
        .shows("Order 90")
        .press("R")
        .shows("Order 90")
        .shows("more");
    person.press("L").shows("Qualification 153");
    person.press("z").shows("Qualification 154");
}

#[test]
fn what_is_not_in_the_base_currency_is_said() {
    let mut person = board(120, 30);
    let texts = [
        "name=Dollars; amount=9000 USD; stage=proposal",
        "name=Free; stage=proposal",
    ];
    add_deals(&mut person, texts.map(str::to_owned));
    person.shows("$9k").shows("≈€278k").shows("total ≈€704k");
    person.shows("1 without rate").shows("1 without amount");
}

#[test]
fn chinese_pipelines_and_hostile_names_keep_the_borders_straight() {
    let mut person = board(120, 30);
    write(&mut person, 98, |tx| {
        let stages = ["初步接触客户并了解需求", "方案/报价", "商务谈判"].map(|label| StageSpec {
            label: Some(label.to_owned()),
            ..StageSpec::default()
        });
        let made = pipeline::add(
            tx,
            &assignments("key=partners; label=渠道合作"),
            &stages,
            &Policy::strict(),
        );
        made.expect("a pipeline");
        for name in [
            "张伟的合作\u{1b}[2J",
            "👨‍👩‍👧‍👦 Familie\u{202e}",
            "Cafe\u{301} e\u{301}\u{301}\u{301}",
            &"長".repeat(400),
        ] {
            let text = format!("name={name}; amount=12345678 CNY; pipeline=partners; stage=商务谈判");
            deal::add(tx, &assignments(&text), &Policy::strict()).expect("a deal");
        }
    });
    person.press("P").shows("渠道合作").shows("now").press("2");
    person
        .shows("渠道合作, by stage")
        .shows("商务谈判 4")
        .shows("CN¥12m")
        .press("l l");
    for (width, height) in [(40, 10), (40, 20), (60, 14), (80, 24), (120, 40), (500, 200)] {
        person.happens(Event::Resize(width, height));
        snapshot::assert_sound(&person.buffer());
        person.shows("商务谈判 4");
    }
    person.app.world.look = Look::ascii();
    snapshot::assert_sound(&person.buffer());
    person.press("P 1").shows("Sales, by stage");
}

#[test]
fn an_empty_pipeline_says_how_it_is_filled() {
    for (width, height) in [(40, 20), (80, 24)] {
        let mut person = Driver::empty(&Place::Pipeline, width, height);
        person.shows("no deals in Sales").shows("n adds one");
        person.press("L");
        assert_eq!(person.said(), "there is no deal here");
        person.press("P");
        assert!(person.said().starts_with("there is one pipeline only"));
        person
            .press(")")
            .shows("no deals in Sales")
            .press("l L enter j G");
        snapshot::assert_sound(&person.buffer());
    }
}

#[test]
fn clicks_choose_and_open_and_the_wheel_scrolls() {
    let mut person = board(120, 30);
    click(&mut person, 80, 6);
    person.shows("[Proposal 8]");
    assert_eq!(person.app.depth(), 0);
    // The column with the cursor has gone to the middle.
    click(&mut person, 62, 6);
    assert_eq!(person.app.depth(), 1);
    person.press("esc").shows("[Proposal 8]");
    for _ in 0..4 {
        mouse(&mut person, MouseEventKind::ScrollDown, 105, 6);
    }
    person.shows("[Proposal 8]").shows("above");
}

#[test]
fn a_click_on_a_name_goes_to_its_column() {
    let mut person = board(80, 24);
    click(&mut person, 74, 1);
    person.shows("[Lost 9]");
    click(&mut person, 3, 1);
    person.shows("[Prospect… 4]");
    let mut person = board(40, 20);
    click(&mut person, 30, 1);
    person.shows("< Qualification 4 >");
    click(&mut person, 3, 1);
    person.shows("< Prospecting 4 >").press("ctrl-a");
    assert!(person.said().starts_with("+ shows this column as a list"));
}

#[test]
fn the_board_is_a_command_and_a_new_deal_begins_in_its_stage() {
    let mut person = board(80, 24);
    person.press("l Y n").shows("New deal").press("esc");
    let Some(Job::Copy(line, _)) = person.left.first() else {
        panic!("nothing was copied");
    };
    assert_eq!(line, "crm report pipeline --by stage -w pipeline:sales");
    person.press("f12 h h");
    assert_eq!(person.said(), "this is the first stage");
    person.app.act(Action::Reopen);
    assert!(!person.said().is_empty());
}

#[test]
fn the_board_at_four_sizes() {
    for (width, height) in [(40, 20), (80, 24), (120, 40), (200, 60)] {
        let person = board(width, height);
        snapshot::assert_sound(&person.buffer());
        insta::assert_snapshot!(
            format!("board_{width}x{height}"),
            snapshot::text(&person.buffer())
        );
    }
    let mut person = board(80, 24);
    person.press("space l l l");
    let look = person.app.world.look.clone();
    insta::assert_snapshot!("board_styles", snapshot::frame(&person.buffer(), &look));
}
