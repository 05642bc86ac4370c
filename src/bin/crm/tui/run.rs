//! The loop: takes what happened, lets the model change, has done what it wants, and draws when anything is new.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crm::config::Config;
use crm::error::Result;
use ratatui::layout::Rect;
use ratatui::style::Color;

use crate::ctx::{self, Connector};
use crate::tui::app::{App, FRAME};
use crate::tui::child::Children;
use crate::tui::clipboard::Way;
use crate::tui::component::look::Look;
use crate::tui::decode::{Answer, Input};
use crate::tui::effect::{Address, Job, Message};
use crate::tui::event::Event;
use crate::tui::fault::Fault;
use crate::tui::idle::Idle;
use crate::tui::input::Listener;
use crate::tui::key::Key;
use crate::tui::keymap::Keymap;
use crate::tui::panic;
use crate::tui::probe::{self, Background, Memory, Probe};
use crate::tui::program::Program;
use crate::tui::settings::{self, File};
use crate::tui::signals::{Signal, Signals};
use crate::tui::terminal::{self, Options, Screen};
use crate::tui::theme::Display;
use crate::tui::worker::Workers;
use crate::tui::world::World;

/// From when on it is said that something is being read, in milliseconds.
const SLOW_MS: u64 = 150;

/// The exit code where something has happened that cannot.
const FAULT: u8 = 1;
/// The exit code where the terminal is gone.
const HUNG_UP: u8 = 129;

/// What the dashboard is opened with.
pub(crate) struct Opening {
    pub(crate) connector: Connector,
    /// The name of the base, as the tab line shows it.
    pub(crate) base: String,
    /// The settings of the file; nothing where it cannot be read.
    pub(crate) config: Config,
    /// The settings file, of which what is wrong with it is told; none where there is no place for one.
    pub(crate) settings: Option<PathBuf>,
    /// What the terminal says of itself.
    pub(crate) terminal: ctx::Terminal,
    /// Whether colour is wanted, if anybody says so.
    pub(crate) color: Option<bool>,
    /// The folder of what is remembered between runs.
    pub(crate) state: Option<PathBuf>,
    /// The program, as command lines are run by it.
    pub(crate) program: Program,
}

/// Runs the dashboard until somebody leaves it; the exit code.
///
/// # Errors
///
/// The base or the terminal cannot be used.
pub(crate) fn run(opening: Opening) -> Result<u8> {
    // A fault has been told by then, and the terminal given back.
    catch_unwind(AssertUnwindSafe(|| guarded(opening))).unwrap_or(Ok(FAULT))
}

fn guarded(mut opening: Opening) -> Result<u8> {
    let (sender, events) = mpsc::channel();
    let fault = Fault::named(opening.terminal.fault.as_deref());
    if let Some(state) = &opening.state {
        panic::watch(state.join("panic.log"));
    }
    // Before other threads, which leave the signals alone then.
    let signals = Signals::listen(told(&sender))?;
    let workers = Workers::start(&opening.connector, &sender, fault);
    watch(
        &opening.connector,
        opening.settings.take().map(File::new),
        &sender,
    );
    let memory = opening
        .state
        .as_ref()
        .map(|state| Memory::of(state, &opening.terminal));
    let mut world = world(&opening, memory.as_ref());
    let depth = world.display.depth;
    let place = settings::first_place(&opening.config);
    let mouse = opening.config.dashboard.mouse.unwrap_or(true);
    world.settle(opening.config);
    let (mut app, jobs) = App::new(world, &place);
    app.mouse = mouse;
    app.commands.clone_from(&opening.program.commands);
    let screen = Screen::enter(Options {
        mouse: app.mouse,
        title: opening.terminal.has_title(),
        keys: false,
        color: Box::new(move |color| depth.reduce(color).unwrap_or(Color::Reset)),
    })?;
    let mut dashboard = Dashboard {
        workers,
        connector: opening.connector,
        end: None,
        asked_ms: 0,
        screen,
        listener: Listener::start(heard(&sender))?,
        signals,
        sender,
        memory,
        probe: Probe::default(),
        idle: Idle::new(opening.terminal.idle_mark.as_deref()),
        about: opening.terminal,
        fault,
        children: Children::default(),
        program: opening.program,
    };
    dashboard.screen.set_title(&format!("crm: {}", opening.base))?;
    for job in jobs {
        dashboard.perform(&mut app, job)?;
    }
    dashboard.draw(&mut app)?;
    // Never before there is something to see.
    dashboard.screen.ask(probe::QUESTIONS)?;
    while dashboard.end.is_none() {
        for event in dashboard.next(&app, &events) {
            if matches!(event, Event::Key(_)) {
                Fault::strike(fault, Fault::Update);
            }
            for job in app.update(event) {
                dashboard.perform(&mut app, job)?;
            }
        }
        dashboard.draw(&mut app)?;
    }
    dashboard.children.stop_all();
    Ok(dashboard.end.unwrap_or_default())
}

/// The surroundings of the model, but for the settings.
fn world(opening: &Opening, memory: Option<&Memory>) -> World {
    let mut display = Display::of(&opening.terminal, opening.color);
    if let Some(known @ (Background::Dark | Background::Light)) = memory.map(Memory::background) {
        display.background = known;
    }
    let (columns, rows) = terminal::size();
    World {
        caller: opening.connector.caller(String::new()),
        area: Rect::new(0, 0, columns, rows),
        display,
        config: Config::default(),
        look: Look::plain(),
        keymap: Keymap::default(),
        base: opening.base.clone(),
        columns: BTreeMap::new(),
        preview: true,
    }
}

/// What the loop has besides the model.
struct Dashboard {
    workers: Workers,
    connector: Connector,
    end: Option<u8>,
    /// When the oldest question was asked that has no answer yet.
    asked_ms: u64,
    screen: Screen,
    listener: Listener,
    signals: Signals,
    sender: Sender<Event>,
    /// What is known of terminals like this one.
    memory: Option<Memory>,
    probe: Probe,
    /// What the terminal says of itself.
    about: ctx::Terminal,
    idle: Idle,
    fault: Option<Fault>,
    children: Children,
    program: Program,
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

    /// Draws what is new, and tells whoever wants to know when nothing is outstanding.
    fn draw(&mut self, app: &mut App) -> Result<()> {
        if std::mem::take(&mut app.dirty) {
            if app.inputs > 0 {
                Fault::strike(self.fault, Fault::View);
            }
            self.screen
                .draw(app.world.area, |frame| crate::tui::view::draw(frame, app))?;
        }
        if app.is_idle() {
            self.idle
                .rest(app.inputs, (app.world.area.width, app.world.area.height));
        }
        Ok(())
    }

    /// After the terminal was with somebody else: it may have another size.
    fn sized(&self, app: &mut App) {
        app.dirty = true;
        let (columns, rows) = terminal::size();
        if app.world.area != Rect::new(0, 0, columns, rows) {
            // The loop holds the other end.
            let _ = self.sender.send(Event::Resize(columns, rows));
        }
    }

    /// Takes what the terminal says of itself.
    fn heard(&mut self, answer: Answer) -> Result<()> {
        if !self.probe.take(answer) {
            return Ok(());
        }
        if self.probe.notices {
            self.screen.watch_background()?;
        }
        if let Some(memory) = &self.memory {
            memory.keep(self.probe.background);
        }
        let _ = self.sender.send(Event::Background(self.probe.background));
        Ok(())
    }

    /// Puts a text on the clipboard, and says how or why not.
    fn copy(&mut self, app: &mut App, what: &str, text: &str) -> Result<()> {
        let wanted = app.world.config.dashboard.clipboard.unwrap_or_default();
        let way = Way::of(wanted, &self.about);
        let copied = way.and_then(|way| Ok((way.copy(text)?, way.said(what))));
        app.dirty = true;
        app.message = Some(match copied {
            Ok((sequence, said)) => {
                self.screen.ask(&sequence)?;
                Message::done(said)
            }
            Err(error) => Message::refused(error.to_string()),
        });
        Ok(())
    }

    fn perform(&mut self, app: &mut App, job: Job) -> Result<()> {
        match job {
            Job::Read(address, generation, query) => {
                self.asked_ms = self.connector.elapsed_ms();
                self.workers.ask(address, generation, query);
            }
            Job::Write(deed) => self.workers.act(deed),
            Job::Cancel => {
                self.workers.cancel();
                self.children.stop_all();
            }
            Job::Quit(code) => self.end = Some(code),
            Job::Redraw => {
                self.screen.clear()?;
                app.dirty = true;
            }
            Job::Mouse(on) => self.screen.use_mouse(on)?,
            Job::Suspend => {
                self.screen.suspend(&self.signals)?;
                self.sized(app);
            }
            Job::TakeAgain => {
                self.screen.take_again()?;
                self.sized(app);
            }
            Job::Heard(answer) => self.heard(answer)?,
            Job::Copy(what, text) => self.copy(app, &what, &text)?,
            Job::HandOver(words) => self.hand_over(app, &words)?,
            job => self.run_beside(app, job),
        }
        Ok(())
    }

    /// Has run what takes its time, in threads of their own.
    fn run_beside(&mut self, app: &mut App, job: Job) {
        match job {
            Job::Shell(address, line, input) => {
                let command = self.program.shell(&line);
                self.children.run(address, command, input, &self.sender);
            }
            Job::Command(address, words, width) => {
                let command = self.program.printing(&words, width);
                self.children.run(address, command, String::new(), &self.sender);
            }
            Job::Launch(target) => {
                let address = Address {
                    owner: FRAME,
                    slot: 0,
                };
                Children::launch(address, self.program.launch(&target), &self.sender);
            }
            Job::Stop(address) => self.children.stop(address),
            Job::Complete(address, generation, line) => {
                let (complete, sender) = (self.program.complete.clone(), self.sender.clone());
                thread::spawn(move || {
                    let words = complete(&line);
                    // The loop may have ended in the meantime.
                    let _ = sender.send(Event::Completed(address, generation, words));
                });
            }
            _ => app.message = Some(Message::refused("this cannot be done yet")),
        }
    }

    /// Lets a command line of the program have the terminal until it ends.
    fn hand_over(&mut self, app: &mut App, words: &[String]) -> Result<()> {
        let mut command = self.program.command(words);
        let ended = self.screen.hand_over(&mut self.listener, || command.status())?;
        self.sized(app);
        app.message = match ended {
            Ok(status) if status.success() => None,
            Ok(status) => Some(Message::refused(format!("the command ended with {status}"))),
            Err(error) => Some(Message::refused(error.to_string())),
        };
        let _ = self.sender.send(Event::Changed);
        Ok(())
    }
}

/// Passes on what comes from the terminal.
fn heard(events: &Sender<Event>) -> impl Fn(Input) -> bool + Send + Sync + 'static {
    let events = events.clone();
    move |input| {
        let event = match input {
            Input::Key(key) => Event::Key(Key::of(key)),
            Input::Mouse(mouse) => Event::Mouse(mouse),
            Input::Paste(text) => Event::Paste(text),
            Input::Focus(at_front) => Event::Focus(at_front),
            Input::Resize(columns, rows) => Event::Resize(columns, rows),
            Input::Answer(answer) => Event::Terminal(answer),
            // As if the signal had come that comes with it.
            Input::Closed => Event::End(HUNG_UP),
        };
        events.send(event).is_ok()
    }
}

/// Passes on what other processes want.
fn told(events: &Sender<Event>) -> impl Fn(Signal) -> bool + Send + 'static {
    let events = events.clone();
    move |signal| {
        let event = match signal {
            Signal::End(code) => Event::End(code),
            Signal::Suspend => Event::Suspend,
            Signal::Resumed => Event::Resumed,
            Signal::Resized => {
                let (columns, rows) = terminal::size();
                Event::Resize(columns, rows)
            }
        };
        events.send(event).is_ok()
    }
}

/// Looks now and then whether somebody else has written to the base or the settings.
fn watch(connector: &Connector, mut settings: Option<File>, events: &Sender<Event>) {
    let (connector, events) = (connector.clone(), events.clone());
    thread::spawn(move || {
        let Ok(store) = connector.reader() else { return };
        let mut known = store.data_version().unwrap_or_default();
        loop {
            let news = settings.as_mut().and_then(File::news);
            if let Some(text) = news
                && events.send(Event::Settings(text)).is_err()
            {
                break;
            }
            thread::sleep(Duration::from_secs(1));
            let now = store.data_version().unwrap_or(known);
            if now != known && events.send(Event::Changed).is_err() {
                break;
            }
            known = now;
        }
    });
}
