//! A person at the keyboard, for tests: keys go in, what they ask for is read and written at once on a sample base in
//! memory, and the screen comes out.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use crm::config::Config;
use crm::domain::actor::{Actor, Caller, Via};
use crm::domain::clock::Clock;
use crm::domain::money::Currency;
use crm::error::Result;
use crm::ops::demo::{self, Size};
use crm::ops::found::{self, FIRST_USER, Founding};
use crm::store::{Store, WriteTx};
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::reaction::{self, Happened};
use crate::runner::Runner;
use crate::tui::app::{App, FRAME};
use crate::tui::component::look::Look;
use crate::tui::deed::{Deed, Done};
use crate::tui::effect::{Effect, Job, Tone};
use crate::tui::event::{Event, Returned};
use crate::tui::key::Key;
use crate::tui::keymap::Keymap;
use crate::tui::page::Place;
use crate::tui::theme::Display;
use crate::tui::view;
use crate::tui::world::World;

/// Saturday, 21 November 2026, ten o'clock in Berlin.
const NOW: &str = "2026-11-21T09:00:00Z";

/// The dashboard, a base, and what nobody was there to do.
pub(crate) struct Driver {
    pub(crate) app: App,
    pub(crate) store: Store,
    caller: Caller,
    calls: u64,
    /// Texts that went to the clipboard, files that were to be edited, commands that were to be run …
    pub(crate) left: Vec<Job>,
    /// What was typed and not saved.
    pub(crate) drafts: HashMap<String, String>,
}

/// A base that is as it is made, once for all tests.
fn base(caller: &Caller, demo: bool) -> Store {
    static EMPTY: OnceLock<Mutex<Store>> = OnceLock::new();
    static SAMPLE: OnceLock<Mutex<Store>> = OnceLock::new();
    let made = || {
        let founding = Founding {
            currency: Currency::parse("EUR").expect("a currency"),
            user: FIRST_USER.to_owned(),
            demo,
        };
        let store = Store::in_memory(caller, |tx| {
            found::found(tx, &founding)?;
            if demo {
                demo::fill(tx, Size { more_customers: 0 })?;
            }
            Ok(())
        });
        Mutex::new(store.expect("a base"))
    };
    let store = if demo { &SAMPLE } else { &EMPTY }.get_or_init(made);
    let store = store.lock().expect("no test fails here");
    store.in_memory_copy().expect("a copy")
}

impl Driver {
    /// A dashboard of this size on a base of which nothing but the sample data is known, which shows `place`.
    pub(crate) fn at(place: &Place, width: u16, height: u16) -> Driver {
        Driver::on(true, place, width, height)
    }

    /// The same on an empty base.
    pub(crate) fn empty(place: &Place, width: u16, height: u16) -> Driver {
        Driver::on(false, place, width, height)
    }

    fn on(demo: bool, place: &Place, width: u16, height: u16) -> Driver {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let clock = Clock::new(NOW.parse().expect("an instant"), zone);
        let caller = Caller {
            via: Via::Tui,
            region: Some("DE".to_owned()),
            ..Caller::new(Actor::founder(FIRST_USER), clock, 7)
        };
        let store = base(&caller, demo);
        let world = World {
            caller: caller.clone(),
            area: Rect::new(0, 0, width, height),
            display: Display::full(),
            config: Config::default(),
            look: Look::plain(),
            keymap: Keymap::default(),
            base: "demo.db".to_owned(),
            columns: std::collections::BTreeMap::new(),
            preview: true,
        };
        let (app, jobs) = App::new(world, place);
        let mut driver = Driver {
            app,
            store,
            caller,
            calls: 0,
            left: Vec::new(),
            drafts: HashMap::new(),
        };
        driver.perform(jobs);
        driver
    }

    /// Shows a place above what is shown.
    pub(crate) fn open(&mut self, place: &Place) -> &mut Driver {
        let jobs = self.app.open(place);
        self.perform(jobs);
        self
    }

    /// Presses keys: `j`, `ctrl-d`, `g t`, as [`Key::sequence`] reads them.
    #[track_caller]
    pub(crate) fn press(&mut self, keys: &str) -> &mut Driver {
        for key in Key::sequence(keys).expect("keys") {
            self.happens(Event::Key(key));
        }
        self
    }

    /// Types a text, letter by letter.
    pub(crate) fn text(&mut self, text: &str) -> &mut Driver {
        for letter in text.chars() {
            self.happens(Event::Key(Key::letter(letter)));
        }
        self
    }

    /// Does a deed, whoever may have asked for it; it has to be done.
    #[track_caller]
    pub(crate) fn does(&mut self, deed: Deed) -> &mut Driver {
        self.app.message = None;
        let jobs = self.app.apply(FRAME, vec![Effect::Write(deed)]);
        self.perform(jobs);
        let message = self.app.message.as_ref();
        assert!(
            message.is_some_and(|message| message.tone == Tone::Done),
            "{message:?}"
        );
        self
    }

    /// Changes the base past the dashboard, as another program does.
    #[track_caller]
    pub(crate) fn changes(&mut self, work: impl FnOnce(&WriteTx<'_>) -> Result<()>) -> &mut Driver {
        self.calls += 1;
        let caller = Caller {
            random: 7 + self.calls * 1_000_003,
            ..self.caller.clone()
        };
        self.store.write(&caller, work).expect("a change");
        self.happens(Event::Changed);
        self
    }

    /// Clicks on the first place where the screen has this text.
    #[track_caller]
    pub(crate) fn click(&mut self, text: &str) -> &mut Driver {
        let screen = self.screen();
        let found = screen.lines().enumerate().find_map(|(row, line)| {
            let before = line.get(..line.find(text)?)?;
            Some((row, crate::text::width::width(before)))
        });
        let (row, column) = found.unwrap_or_else(|| panic!("{text:?} is not in\n{screen}"));
        let event = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: u16::try_from(column).expect("a column"),
            row: u16::try_from(row).expect("a row"),
            modifiers: KeyModifiers::NONE,
        };
        self.happens(Event::Mouse(event));
        self
    }

    /// It is another time.
    pub(crate) fn time(&mut self, now: &str) -> &mut Driver {
        let clock = Clock::new(now.parse().expect("an instant"), self.caller.clock.zone().clone());
        self.caller.clock = clock.clone();
        self.happens(Event::Clock(clock));
        self
    }

    /// Something happens.
    pub(crate) fn happens(&mut self, event: Event) {
        let jobs = self.app.update(event);
        self.perform(jobs);
    }

    /// Does what the model wants.
    pub(crate) fn perform(&mut self, jobs: Vec<Job>) {
        for job in jobs {
            match job {
                Job::Read(address, generation, query) => {
                    let answer = self.store.read(&self.caller, |tx| query.run(tx));
                    self.happens(Event::Answered(address, generation, answer));
                }
                Job::Write(deed) => {
                    self.calls += 1;
                    let caller = Caller {
                        command: deed.line(),
                        random: 7 + self.calls * 1_000_003,
                        ..self.caller.clone()
                    };
                    let written = self.store.write(&caller, |tx| deed.run(tx));
                    let happened = match written.as_ref().is_ok_and(|written| written.op.is_some()) {
                        true => reaction::after(&mut self.store, &caller, &runner(), None).expect("rules"),
                        false => Vec::new(),
                    };
                    let done = written.map(|written| Done {
                        op: written.op,
                        heard: happened.iter().map(Happened::said).collect(),
                        ..written.value
                    });
                    self.happens(Event::Written(deed, done.map(Box::new)));
                }
                Job::Draft(key, text) => {
                    match text {
                        Some(text) => self.drafts.insert(key, text),
                        None => self.drafts.remove(&key),
                    };
                }
                Job::Recall(to, key) => {
                    let text = Ok(self.drafts.get(&key).cloned().unwrap_or_default());
                    self.happens(Event::Returned(Returned { to, text }));
                }
                Job::Complete(address, generation, line) => {
                    self.left.push(Job::Complete(address, generation, line));
                    self.happens(Event::Completed(address, generation, Vec::new()));
                }
                other => self.left.push(other),
            }
        }
    }

    /// What is drawn.
    pub(crate) fn buffer(&self) -> Buffer {
        let area = self.app.world.area;
        let mut terminal = Terminal::new(TestBackend::new(area.width, area.height)).expect("a terminal");
        terminal
            .draw(|frame| view::draw(frame, &self.app))
            .expect("a frame");
        terminal.backend().buffer().clone()
    }

    /// What is drawn, as lines without the blanks at their ends. A wide character takes two cells and is here once.
    pub(crate) fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut screen = String::new();
        for row in buffer.content.chunks(usize::from(buffer.area.width.max(1))) {
            let mut line = String::new();
            let mut skip = 0;
            for cell in row {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                skip = crate::text::width::width(cell.symbol()).saturating_sub(1);
                line.push_str(cell.symbol());
            }
            screen.push_str(line.trim_end());
            screen.push('\n');
        }
        screen
    }

    /// What stands in the status line.
    pub(crate) fn said(&self) -> String {
        self.app
            .message
            .as_ref()
            .map(|message| message.text.clone())
            .unwrap_or_default()
    }

    /// Fails unless the text is on the screen.
    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) -> &mut Driver {
        assert!(
            self.screen().contains(text),
            "{text:?} is not in\n{}",
            self.screen()
        );
        self
    }
}

/// Rules run no programs here.
fn runner() -> Runner {
    Runner {
        variables: Vec::new(),
        rules_may: false,
        hooks: None,
        depth: 0,
    }
}
