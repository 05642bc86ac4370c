//! Questions about how deals end, without a board behind them.

use crm::domain::noun::Noun;
use crm::error::{Error, Lack};

use crate::tui::action::Action;
use crate::tui::deed::{DealVerb, Deed};
use crate::tui::driver::Driver;
use crate::tui::effect::Effect;
use crate::tui::event::Event;
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::modal::outcome::ask::Ask;
use crate::tui::page::{Place, Typed};

fn deals(width: u16, height: u16, filter: &str) -> Driver {
    let place = Place::List {
        noun: Noun::Deal,
        title: "Deals".to_owned(),
        filters: vec![filter.to_owned()],
    };
    Driver::at(&place, width, height)
}

/// Does what an action does that has no key of its own.
fn act(person: &mut Driver, action: Action) {
    let jobs = person.app.act(action);
    person.perform(jobs);
}

#[test]
fn marked_deals_are_won_together_without_an_amount() {
    let mut person = deals(100, 30, "is:open stage:negotiation");
    person.press("space space");
    act(&mut person, Action::Win);
    person.shows("Win 2 deals");
    assert!(!person.screen().contains("Amount"));
    person.press("enter");
    assert_eq!(person.said(), "Won 2 deals; z takes it back");
    person.shows("Deals 2").press("z").shows("Deals 4");
}

#[test]
fn a_reason_has_a_letter_and_esc_goes_back_one_step_at_a_time() {
    let mut person = deals(80, 24, "is:open stage:proposal");
    act(&mut person, Action::Lose);
    person
        .shows("why?")
        .press("p")
        .shows("Reason: Price")
        .text("zu teuer");
    person.press("esc").shows("why?").press("p").shows("zu teuer");
    person.press("esc esc");
    assert!(person.app.popups.is_empty());
    act(&mut person, Action::Lose);
    person.press("p").text("zu teuer").press("ctrl-s");
    assert!(person.said().starts_with("Lost deal D"), "{}", person.said());
    person.shows("Deals 7");
}

#[test]
fn a_deal_that_ended_is_not_won_and_what_was_typed_stays() {
    let mut person = deals(80, 24, "stage:lost");
    act(&mut person, Action::Win);
    person.press("ctrl-u").text("last friday").press("ctrl-s");
    person.shows("last friday").shows("Win ");
    assert_eq!(person.app.popups.len(), 1);
}

#[test]
fn a_field_that_a_move_needs_is_asked_for_and_the_move_goes_on() {
    let person = deals(80, 24, "is:open");
    let of = person.app.selection().of(&[Noun::Deal]);
    let deed = Deed::Deals(DealVerb::Move("proposal".to_owned()), of);
    let error = Error::invalid("fields.size", "fields.size is required");
    let mut ask = Ask::new(deed.clone(), "fields.size", &error);
    let enter = Typed::Key(Key::parse("enter").expect("a key"));
    assert!(ask.typed(&enter, &person.app.world).is_empty());
    ask.typed(&Typed::Paste("大\n号".to_owned()), &person.app.world);
    let effects = ask.typed(&enter, &person.app.world);
    let [Effect::Write(Deed::All(title, deeds))] = effects.as_slice() else {
        panic!("nothing is written: {effects:?}");
    };
    assert!(title.starts_with("Changed deal D"));
    assert_eq!(deeds.last(), Some(&deed));
    let Some(Deed::Set { assignments, .. }) = deeds.first() else {
        panic!("no field is set");
    };
    assert_eq!(assignments.len(), 1);
}

#[test]
fn all_fields_that_a_stage_asks_for_are_asked_at_once() {
    let person = deals(80, 24, "is:open");
    let of = person.app.selection().of(&[Noun::Deal]);
    let deed = Deed::Deals(DealVerb::Move("proposal".to_owned()), of);
    let lacks = ["amount", "fields.size"].map(|name| Lack::Field {
        noun: Noun::Deal,
        reference: "D1".to_owned(),
        name: name.to_owned(),
    });
    let error = Error::invalid("amount", "proposal needs amount, fields.size").with_lacks(lacks.to_vec());
    let mut ask = Ask::new(deed, "amount", &error);
    let enter = Typed::Key(Key::parse("enter").expect("a key"));
    ask.typed(&Typed::Paste("48k".to_owned()), &person.app.world);
    assert!(ask.typed(&enter, &person.app.world).is_empty());
    assert!(
        ask.typed(&enter, &person.app.world).is_empty(),
        "the second is empty"
    );
    ask.typed(&Typed::Paste("大".to_owned()), &person.app.world);
    let effects = ask.typed(&enter, &person.app.world);
    let [Effect::Write(Deed::All(_, deeds))] = effects.as_slice() else {
        panic!("nothing is written: {effects:?}");
    };
    let Some(Deed::Set { assignments, .. }) = deeds.first() else {
        panic!("no field is set");
    };
    let names: Vec<&str> = assignments.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["amount", "fields.size"]);
}

#[test]
fn the_questions_fit_small_terminals() {
    for (width, height) in [(40, 10), (40, 20), (80, 24), (200, 60)] {
        let mut person = deals(80, 24, "is:open stage:negotiation");
        act(&mut person, Action::Win);
        person.happens(Event::Resize(width, height));
        person.shows("Won on").press("enter enter").shows("Next step");
        person.press("esc");
        act(&mut person, Action::Lose);
        person.shows("Price");
        person.press("p").shows("Note");
    }
}

/// The popup that is open, without what is behind it.
fn popup(person: &Driver) -> String {
    let buffer = person.buffer();
    let symbol = |x: u16, y: u16| buffer.cell((x, y)).map_or("", |cell| cell.symbol());
    let corners = (0..buffer.area.height).flat_map(|y| (0..buffer.area.width).map(move |x| (x, y)));
    let is_corner = |x, y| [symbol(x, y), symbol(x + 1, y), symbol(x + 2, y)] == ["┏", "━", " "];
    let (x, y) = corners
        .into_iter()
        .find(|(x, y)| is_corner(*x, *y))
        .expect("a popup");
    let right = (x..buffer.area.width)
        .find(|at| symbol(*at, y) == "┓")
        .expect("a corner");
    let bottom = (y..buffer.area.height)
        .find(|at| symbol(x, *at) == "┗")
        .expect("a corner");
    let line = |y: u16| {
        let (mut at, mut text) = (x, String::new());
        while at <= right {
            text.push_str(symbol(at, y));
            at += u16::try_from(crate::text::width::width(symbol(at, y))).map_or(1, |cells| cells.max(1));
        }
        text
    };
    (y..=bottom).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn how_deals_end_at_a_glance() {
    let mut person = deals(80, 24, "is:open stage:negotiation");
    act(&mut person, Action::Win);
    insta::assert_snapshot!("win", popup(&person));
    person.press("enter enter");
    insta::assert_snapshot!("next", popup(&person));
    person.press("esc");
    act(&mut person, Action::Lose);
    insta::assert_snapshot!("reasons", popup(&person));
    person.press("p");
    insta::assert_snapshot!("lose", popup(&person));
}
