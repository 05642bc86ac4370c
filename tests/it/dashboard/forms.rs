//! Drafts that outlive the program, and the editor of a person.

use crate::dashboard::{SIZE, base, started};
use crate::pty::Terminal;

#[test]
fn what_was_typed_outlives_a_kill() {
    let env = base();
    let draft = env.home().join(".local/state/crm/drafts/customer-new.json");
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.press("n");
    terminal.enter("王");
    // Keys that change nothing, until the thread that writes has had its turn.
    for _ in 0..1000 {
        if draft.exists() {
            break;
        }
        terminal.press("\u{1b}[D");
    }
    assert!(draft.exists(), "nothing was kept at {}", draft.display());
    terminal.signal("KILL");
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.press("n");
    terminal.shows("A draft of");
    terminal.press("\r");
    terminal.shows("[王");
}

#[test]
fn a_record_goes_through_the_editor_and_back() {
    let env = base();
    let change = [("EDITOR", "sed -i.old s/Berlin/Hamburg/")];
    let mut terminal = Terminal::dashboard(&env, SIZE, &change);
    terminal.press("2");
    terminal.press("j");
    terminal.shows("Anna Keller");
    terminal.press("E");
    terminal.shows("Write 1 value?");
    terminal.press("\r");
    terminal.shows("takes it back");
    assert!(env.ok("customer show C3 --format json").contains("Hamburg"));
}

#[test]
fn an_editor_that_fails_changes_nothing_and_says_so() {
    let env = base();
    let before = env.ok("customer list --format json");
    let mut terminal = Terminal::dashboard(&env, SIZE, &[("EDITOR", "false")]);
    terminal.press("2");
    terminal.press("E");
    terminal.shows("false ended with");
    let mut terminal = Terminal::dashboard(&env, SIZE, &[("EDITOR", "no-such-editor")]);
    terminal.press("2");
    terminal.press("E");
    terminal.shows("no-such-editor ended with");
    assert_eq!(env.ok("customer list --format json"), before);
}
