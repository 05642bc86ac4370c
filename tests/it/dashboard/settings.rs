//! Settings that do not fit: the dashboard starts, and says what is wrong with them.

use crate::dashboard::{base, started};
use crate::env::Env;

/// A base with this settings file.
fn with(settings: &str) -> Env {
    let env = base();
    let folder = env.home().join(".config/crm");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), settings).expect("settings");
    env
}

#[test]
fn row_46_a_key_that_is_used_already_is_told_with_both_names() {
    let env = with("[keys]\n'edit' = 'd'\n");
    let mut terminal = started(&env);
    terminal.until("both names", |terminal| {
        let text = terminal.text();
        text.contains("d means edit and remove") || text.contains("d means remove and edit")
    });
    terminal.press("2");
    terminal.shows("Customers 4");
    terminal.input("Q", 1);
    assert_eq!(terminal.end(), 0);
}

#[test]
fn row_46_a_broken_file_is_no_reason_not_to_start() {
    for (settings, said) in [
        ("theme = \n", "settings, line 1"),
        ("mouse = 'perhaps'\n", "settings, line 1: mouse"),
        ("[keys]\n'no-such-action' = 'x'\n", "no-such-action"),
        ("[keys]\n'edit' = 'no-such-key'\n", "no-such-key"),
    ] {
        let env = with(settings);
        let mut terminal = started(&env);
        terminal.shows(said);
        terminal.press("2");
        terminal.shows("Anna Keller");
        // It is mended while the dashboard runs.
        std::fs::write(env.home().join(".config/crm/config.toml"), "").expect("settings");
        terminal.until("the footer", |terminal| !terminal.text().contains(said));
        terminal.input("Q", 1);
        assert_eq!(terminal.end(), 0);
    }
}
