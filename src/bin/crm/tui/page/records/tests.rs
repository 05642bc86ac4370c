//! Lists by keys.

use crate::tui::driver::Driver;
use crate::tui::event::Event;
use crate::tui::page::Place;

fn customers() -> Driver {
    Driver::at(&Place::Customers, 120, 30)
}

#[test]
fn a_filter_runs_while_it_is_typed_and_esc_clears_it() {
    let mut person = customers();
    person
        .press("/")
        .text("is:company")
        .shows("Filter › is:company")
        .shows("of 48");
    person.press("enter j").shows("Filter › is:company");
    let here = person.app.selection().current.expect("a customer").name;
    person.press("esc").shows("Customers 48");
    assert_eq!(person.app.selection().current.expect("a customer").name, here);
    person
        .press("/")
        .text("北京")
        .shows("北京清河教育集团")
        .shows("Customers 1 of 48");
    person.press("esc").shows("Customers 48");
}

#[test]
fn what_is_not_understood_is_pointed_at_and_the_rows_stay() {
    let mut person = customers();
    person.press("/");
    person.happens(Event::Paste("levl:A".to_owned()));
    person
        .shows("^^^^")
        .shows("did you mean level?")
        .shows("Nora Penhaligon");
    person.press("enter");
    assert!(person.said().contains("did you mean level?"), "{}", person.said());
    person.shows("Filter › levl:A");
}

#[test]
fn a_filter_that_finds_nothing_says_how_to_go_on() {
    let mut person = customers();
    person.press("/").text("no such customer").press("enter");
    person
        .shows("No customers pass the filter no such customer")
        .shows("Esc clears it; g x looks in the trash");
    let mut nobody = Driver::empty(&Place::Customers, 80, 24);
    nobody.shows("No customers yet").shows("n adds the first");
}

#[test]
fn words_of_a_filter_are_completed() {
    let mut person = customers();
    person.press("/").text("lev").shows("level:");
    person.press("tab").shows("Filter › level:").shows("tab takes it");
    person.press("down enter").shows("Filter › level:A");
    person
        .text("is:")
        .press("down down tab")
        .shows("Filter › level:A is:company");
}

#[test]
fn marks_survive_the_filter_and_esc_peels() {
    let mut person = customers();
    person.press("space space space").shows("3 marked");
    person.press("/").text("is:company").press("enter");
    person.shows("3 marked, 2 hidden by filter");
    person.press("ctrl-a");
    assert!(person.said().starts_with("marked "), "{}", person.said());
    person.press("esc").shows("Filter › is:company");
    assert!(!person.screen().contains("marked,"));
    person.press("esc").shows("Customers 48");
    person.press("v j j").shows("3 marked · range goes on");
    person.press("k").shows("2 marked · range goes on");
    person.press("esc").shows("2 marked");
    person.press("*").shows("46 marked");
}

#[test]
fn the_menu_sorts_and_again_turns_it_round() {
    let mut person = customers();
    person.press("comma n").shows("NAME ▲").shows("sorted by name");
    person.press("g g").shows("1 of 48");
    person.press("comma n").shows("NAME ▼");
    person.press("comma c").shows("Columns").press("space enter");
    assert!(!person.screen().contains("NEXT STEP"), "{}", person.screen());
}

#[test]
fn a_list_is_kept_as_a_view_and_shown_again() {
    let mut person = customers();
    person.press("alt-1");
    assert!(
        person.said().contains("no view of customers yet"),
        "{}",
        person.said()
    );
    person.press("/").text("is:company").press("enter comma n V");
    person.text("Firmen 客户").press("enter");
    assert!(person.said().starts_with("Added view"), "{}", person.said());
    person.press("esc").shows("Customers 48").press("alt-1");
    person
        .shows("firmen_客户")
        .shows("NAME ▲")
        .shows("Filter › is:company");
}

#[test]
fn after_a_deed_the_cursor_is_on_the_next_row_and_what_was_changed_stays() {
    let mut person = customers();
    person.press("j d").shows("▌ C46 Fjordline Shipping AS");
    person
        .press("z")
        .shows("▌ C46 Fjordline Shipping AS")
        .shows("C47 Mona Achterberg");
    let mut tasks = Driver::at(&Place::Tasks, 120, 30);
    let before = tasks.app.selection().current.expect("a task").name;
    // The first one is a call, of which it is asked how it went.
    tasks.press("x x");
    assert!(tasks.said().starts_with("Done"), "{}", tasks.said());
    assert_ne!(tasks.app.selection().current.expect("a task").name, before);
}

#[test]
fn the_detail_takes_the_keys_and_the_panes_grow() {
    let mut person = customers();
    person
        .press("tab")
        .shows("Detail · Esc goes back")
        .press("j k esc");
    person.shows("Detail · 0 to focus");
    person.press("+ +");
    assert!(!person.screen().contains("Detail"), "{}", person.screen());
    person.press("_ _").shows("Detail").press("p");
    assert!(!person.screen().contains("Detail"), "{}", person.screen());
}

#[test]
fn the_mouse_chooses_opens_marks_and_sorts() {
    let mut person = customers();
    person.click("C46 Fjordline").shows("▌ C46").shows("3 of 48");
    person.click("C46 Fjordline").shows("Customer C46").press("esc");
    person.click("  C45").shows("1 marked").press("esc");
    person.click("NAME").shows("NAME ▲");
    person.click("NAME").shows("NAME ▼");
    person.press("comma").click("l level").shows("LEVEL ▲");
    person.click("4 Tasks").shows("[4 Tasks]");
    person.click("/ filter").shows("Filter › ");
}

#[test]
fn lists_at_four_sizes() {
    for (width, height, shown) in [
        (40, 20, &["Customers 48", "NAME", "NEXT STEP"][..]),
        (64, 30, &["Customers 48", "LEVEL", "Detail · 0 to focus"]),
        (80, 24, &["Customers 48", "NEXT STEP", "Nora Penhaligon  C48"]),
        (200, 60, &["DEALS", "C8  张伟 ", "┌ Timeline"]),
    ] {
        let mut person = Driver::at(&Place::Customers, width, height);
        for text in shown {
            person.shows(text);
        }
    }
    let mut tasks = Driver::at(&Place::Tasks, 100, 24);
    tasks.shows("Tasks").shows("! ").shows("DUE");
    // Whom a task is for matters more than its ref.
    tasks.shows("CUSTOMER").shows("Katrin Schäfer").shows("张伟");
    let mut tasks = Driver::at(&Place::Tasks, 80, 24);
    tasks
        .shows("CUSTOMER")
        .shows("Jürgen Weiß")
        .shows("sorted by due");
}

#[test]
fn row_35_what_no_longer_passes_stays_until_the_cursor_leaves_it() {
    let mut person = customers();
    person.press("/").text("is:company level:B").press("enter");
    let here = person.app.selection().current.expect("a customer");
    let level = ("level".to_owned(), crm::domain::input::Input::text("C"));
    person.does(crate::tui::deed::Deed::Set {
        of: vec![here.clone()],
        assignments: vec![level],
        version: None,
    });
    person.shows(&here.name);
    assert_eq!(person.app.selection().current.expect("a customer").id, here.id);
    person.press("j");
    assert_ne!(person.app.selection().current.expect("a customer").id, here.id);
    assert!(
        !person.screen().contains(&format!("{} ", here.reference())),
        "{}",
        person.screen()
    );
}
