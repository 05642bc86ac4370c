//! What the settings mean to the dashboard, and that they hold as soon as they are written.

use std::path::PathBuf;
use std::time::SystemTime;

use crm::config::dashboard::StartScreen;
use crm::config::{self, Config, Warning};
use crm::error::Error;

use crate::tui::app::App;
use crate::tui::effect::{Job, Message};
use crate::tui::keymap::Keymap;
use crate::tui::page::Place;
use crate::tui::theme::{self, Background};
use crate::tui::world::World;

/// The settings file, which is looked at now and then.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    /// When it was written and how long it was when it was last looked at; nothing for no file.
    seen: Option<Option<(SystemTime, u64)>>,
}

impl File {
    /// A file at which nobody has looked yet.
    pub(crate) fn new(path: PathBuf) -> File {
        File { path, seen: None }
    }

    /// The text, if it is new since the last look; none inside if there is no file.
    pub(crate) fn news(&mut self) -> Option<Option<String>> {
        let about = std::fs::metadata(&self.path).ok();
        let now = about.and_then(|about| Some((about.modified().ok()?, about.len())));
        if self.seen == Some(now) {
            return None;
        }
        self.seen = Some(now);
        match now {
            // What cannot be read at the moment is no news: an editor may be about to put it in place.
            Some(_) => std::fs::read_to_string(&self.path).ok().map(Some),
            None => Some(None),
        }
    }
}

/// The screen with which the dashboard begins.
pub(crate) fn first_place(config: &Config) -> Place {
    match config.dashboard.start_screen {
        None | Some(StartScreen::Today) => Place::Today,
        Some(StartScreen::Customers) => Place::Customers,
        Some(StartScreen::Pipeline) => Place::Pipeline,
        Some(StartScreen::Tasks) => Place::Tasks,
        Some(StartScreen::Orders) => Place::Orders,
        Some(StartScreen::Tickets) => Place::Tickets,
        Some(StartScreen::Reports) => Place::Reports,
    }
}

/// What stands in the status line while the file is broken.
fn broken(error: &Error) -> String {
    // The line of the file and its carets do not fit.
    let first = error.message().lines().next().unwrap_or_default();
    format!("settings, {first}; until that is mended, what held before does")
}

/// What stands in the status line while the file has what is not known; none if it has nothing such.
fn passed_over(warnings: &[Warning], keys: &[String]) -> Option<String> {
    let of_file = warnings.iter().map(|warning| {
        let near = warning.near.first();
        let meant = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        format!("settings, {warning}{meant}")
    });
    let of_keys = keys.iter().map(|text| format!("settings, {text}"));
    let all: Vec<String> = of_file.chain(of_keys).collect();
    match all.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [first, rest @ ..] => Some(format!(
            "{first} (and {} more; `crm config check` names them)",
            rest.len()
        )),
    }
}

impl World {
    /// Lets settings hold; what is wrong with their keys.
    pub(crate) fn settle(&mut self, config: Config) -> Vec<String> {
        let (keymap, wrong) = Keymap::new(
            config.dashboard.keymap.unwrap_or_default(),
            &config.dashboard.keys,
        );
        self.look = theme::look(&config.dashboard, self.display);
        self.keymap = keymap;
        self.columns.clone_from(&config.columns);
        self.config = config;
        wrong
    }

    /// Notes what text stands on, which the terminal may tell late or anew.
    pub(crate) fn stand_on(&mut self, background: Background) {
        self.display.background = Some(background);
        self.look = theme::look(&self.config.dashboard, self.display);
    }
}

impl App {
    /// Takes the text of the settings file, which is none where there is no file.
    pub(super) fn settings(&mut self, text: Option<&str>) -> Vec<Job> {
        let new = config::reload(&self.world.config, text.unwrap_or_default());
        self.dirty = true;
        if let Some(error) = &new.error {
            self.banner = Some(broken(error));
            return Vec::new();
        }
        let is_other = new.config != self.world.config;
        let mouse = new.config.dashboard.mouse.unwrap_or(true);
        let is_other_mouse = mouse != self.world.config.dashboard.mouse.unwrap_or(true);
        let wrong = self.world.settle(new.config);
        self.banner = passed_over(&new.warnings, &wrong);
        if !is_other {
            return Vec::new();
        }
        // Keys that were pressed may begin something else now.
        self.pressed.clear();
        self.message = Some(Message::hint("the settings have changed"));
        let mut jobs = self.refresh();
        if is_other_mouse {
            self.mouse = mouse;
            jobs.push(Job::Mouse(mouse));
        }
        jobs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::action::{ACTIONS, Action};
    use crate::tui::driver::Driver;
    use crate::tui::event::Event;
    use ratatui::style::{Modifier, Style};

    fn read(driver: &mut Driver, text: &str) {
        driver.happens(Event::Settings(Some(text.to_owned())));
    }

    #[test]
    fn settings_hold_as_soon_as_they_are_written() {
        let mut driver = Driver::at(&Place::Customers, 80, 24);
        read(
            &mut driver,
            "mouse = false\n[theme]\nbase = 'mono'\naccent = 'italic'\n[keys]\n'quit' = 'ctrl-x'\n[columns]\ncustomer = ['name', 'city']\n",
        );
        let world = &driver.app.world;
        assert_eq!(world.look.accent, Style::new().add_modifier(Modifier::ITALIC));
        assert_eq!(world.keymap.keys(Action::Quit), ["Ctrl+X"]);
        assert_eq!(world.columns.len(), 1);
        assert_eq!((driver.app.mouse, driver.app.banner.as_deref()), (false, None));
        assert!(matches!(driver.left.as_slice(), [Job::Mouse(false)]));
        driver.happens(Event::Settings(None));
        assert_eq!(driver.app.world.config, Config::default());
        assert!(driver.app.mouse);
    }

    #[test]
    fn a_broken_file_keeps_what_held_and_says_where() {
        let mut driver = Driver::at(&Place::Customers, 120, 24);
        read(&mut driver, "theme = 'mono'");
        let look = driver.app.world.look.clone();
        read(&mut driver, "theme = 'dark'\nmouse = 'perhaps'\n");
        assert_eq!(driver.app.world.look, look);
        driver.press("j");
        driver.shows("settings, line 2: mouse takes true or false, not \"perhaps\"");
        read(&mut driver, "muose = true\nstart = 1\n[keys]\n'qiut' = 'x'\n");
        assert_eq!(
            driver.app.banner.as_deref(),
            Some(
                "settings, line 1: there is no setting \"muose\"; did you mean mouse? (and 2 more; `crm config check` names them)"
            )
        );
        read(&mut driver, "");
        assert_eq!(driver.app.banner, None);
    }

    #[test]
    fn a_file_is_news_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        let mut file = File::new(path.clone());
        assert_eq!(file.news(), Some(None), "there is none");
        assert_eq!(file.news(), None);
        std::fs::write(&path, "mouse = true").expect("written");
        assert_eq!(file.news(), Some(Some("mouse = true".to_owned())));
        assert_eq!(file.news(), None);
        std::fs::write(&path, "mouse = false").expect("written");
        assert_eq!(file.news(), Some(Some("mouse = false".to_owned())));
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(file.news(), Some(None));
    }

    #[test]
    fn the_example_in_the_file_of_defaults_names_an_action() {
        let text = config::defaults();
        let (_, after) = text.split_once("# [keys]\n# ").expect("an example");
        let id = after.split(' ').next().expect("an action");
        assert!(ACTIONS.iter().any(|entry| entry.id == id), "{id}");
    }
}
