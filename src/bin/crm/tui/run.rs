//! The loop: takes what happened, lets the model change, has done what it wants, and draws when anything is new.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crm::error::Result;
use ratatui::layout::Rect;

use crate::ctx::Connector;
use crate::tui::app::App;
use crate::tui::component::look::Look;
use crate::tui::effect::{Job, Message};
use crate::tui::event::Event;
use crate::tui::key::Key;
use crate::tui::keymap::Keymap;
use crate::tui::page::Place;
use crate::tui::worker::Workers;
use crate::tui::world::World;

/// From when on it is said that something is being read, in milliseconds.
const SLOW_MS: u64 = 150;

/// What the dashboard is opened with.
pub(crate) struct Opening {
    pub(crate) connector: Connector,
    /// The name of the base, as the tab line shows it.
    pub(crate) base: String,
    /// The settings of the file.
    pub(crate) config: crm::config::Config,
    /// What is wrong with them.
    pub(crate) banner: Option<String>,
}

/// Runs the dashboard until somebody leaves it; the exit code.
///
/// # Errors
///
/// The base or the terminal cannot be used.
pub(crate) fn run(opening: Opening) -> Result<u8> {
    let (sender, events) = mpsc::channel();
    let workers = Workers::start(&opening.connector, &sender);
    watch(&opening.connector, &sender);
    let mut terminal = ratatui::try_init()?;
    let size = terminal.size()?;
    let world = World {
        caller: opening.connector.caller(String::new()),
        area: Rect::new(0, 0, size.width, size.height),
        look: Look::plain(),
        keymap: Keymap::default(),
        base: opening.base.clone(),
        columns: opening.config.columns.clone(),
        preview: true,
    };
    let (mut app, jobs) = App::new(world, &Place::Today);
    app.banner.clone_from(&opening.banner);
    listen(&sender);
    let mut dashboard = Dashboard {
        workers,
        connector: opening.connector,
        end: None,
        asked_ms: 0,
    };
    for job in jobs {
        dashboard.perform(&mut app, job);
    }
    while dashboard.end.is_none() {
        if std::mem::take(&mut app.dirty) {
            terminal.draw(|frame| crate::tui::view::draw(frame, &app))?;
        }
        for event in dashboard.next(&app, &events) {
            for job in app.update(event) {
                dashboard.perform(&mut app, job);
            }
        }
    }
    ratatui::restore();
    Ok(dashboard.end.unwrap_or_default())
}

/// What the loop has besides the model.
struct Dashboard {
    workers: Workers,
    connector: Connector,
    end: Option<u8>,
    /// When the oldest question was asked that has no answer yet.
    asked_ms: u64,
}

impl Dashboard {
    /// Waits for something to happen, and takes all that has happened by then.
    fn next(&self, app: &App, events: &Receiver<Event>) -> Vec<Event> {
        let first = match self.patience(app) {
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(patience) => events.recv_timeout(patience),
        };
        let mut found = Vec::new();
        match first {
            Ok(event) => {
                // A key is pressed now, not when the last minute began.
                found.push(Event::Clock(self.connector.clock()));
                found.push(event);
            }
            Err(RecvTimeoutError::Timeout) => found.push(Event::Late(self.connector.clock())),
            Err(RecvTimeoutError::Disconnected) => found.push(Event::End(1)),
        }
        found.extend(events.try_iter());
        found
    }

    /// How long nothing may happen: until the minute is over, or until it has to be said that something takes long.
    fn patience(&self, app: &App) -> Option<Duration> {
        let clock = self.connector.clock();
        let minute_ms = 60_000 - u64::try_from(clock.now_ms().rem_euclid(60_000)).unwrap_or(0);
        let slow_ms = (app.is_reading() && !app.slow)
            .then(|| SLOW_MS.saturating_sub(self.connector.elapsed_ms().saturating_sub(self.asked_ms)));
        Some(Duration::from_millis(
            slow_ms.map_or(minute_ms, |slow| slow.min(minute_ms)).max(1),
        ))
    }

    fn perform(&mut self, app: &mut App, job: Job) {
        match job {
            Job::Read(address, generation, query) => {
                self.asked_ms = self.connector.elapsed_ms();
                self.workers.ask(address, generation, query);
            }
            Job::Write(deed) => self.workers.act(deed),
            Job::Cancel => self.workers.cancel(),
            Job::Quit(code) => self.end = Some(code),
            Job::Redraw => app.dirty = true,
            _ => app.message = Some(Message::refused("this cannot be done yet")),
        }
    }
}

/// Reads keys for as long as the program runs.
fn listen(events: &Sender<Event>) {
    let events = events.clone();
    thread::spawn(move || {
        while let Ok(event) = crossterm::event::read() {
            let event = match event {
                crossterm::event::Event::Key(key) if !key.is_release() => Event::Key(Key::of(key)),
                crossterm::event::Event::Paste(text) => Event::Paste(text),
                crossterm::event::Event::Resize(columns, rows) => Event::Resize(columns, rows),
                _ => continue,
            };
            if events.send(event).is_err() {
                break;
            }
        }
    });
}

/// Looks now and then whether somebody else has written to the base.
fn watch(connector: &Connector, events: &Sender<Event>) {
    let (connector, events) = (connector.clone(), events.clone());
    thread::spawn(move || {
        let Ok(store) = connector.reader() else { return };
        let mut known = store.data_version().unwrap_or_default();
        loop {
            thread::sleep(Duration::from_secs(1));
            let now = store.data_version().unwrap_or(known);
            if now != known && events.send(Event::Changed).is_err() {
                break;
            }
            known = now;
        }
    });
}
