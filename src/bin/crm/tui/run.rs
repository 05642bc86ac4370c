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
use crate::editor::{Draft, Editor, TOO_SOON, TOO_SOON_MS};
use crate::tui::app::App;
use crate::tui::child::Children;
use crate::tui::clipboard::Way;
use crate::tui::component::look::Look;
use crate::tui::decode::{Answer, Input};
use crate::tui::drafts::Drafts;
use crate::tui::effect::{Address, Job, Message};
use crate::tui::event::{Event, Returned};
use crate::tui::fault::Fault;
use crate::tui::idle::Idle;
use crate::tui::input::Listener;
use crate::tui::key::Key;
use crate::tui::keymap::Keymap;
use crate::tui::panic;
use crate::tui::probe::{self, Memory, Probe};
use crate::tui::program::Program;
use crate::tui::settings::{self, File};
use crate::tui::signals::{Signal, Signals};
use crate::tui::terminal::{self, Options, Screen};
use crate::tui::theme::Display;
use crate::tui::worker::Workers;
use crate::tui::world::World;

/// From when on it is said that something is being read, in milliseconds.
const SLOW_MS: u64 = 150;

/// For so long an answer of the terminal may still come, in milliseconds.
const ANSWER_MS: u64 = 1000;
/// How long the end waits for one.
const LAST_ANSWER_MS: u64 = 100;
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
    /// The command line of the editor.
    pub(crate) editor: String,
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
    let (mut app, mut jobs) = App::new(world, &place);
    app.mouse = mouse;
    app.commands.clone_from(&opening.program.commands);
    jobs.extend(app.welcome());
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
        asked_terminal_ms: 0,
        idle: Idle::new(opening.terminal.idle_mark.as_deref()),
        about: opening.terminal,
        fault,
        children: Children::default(),
        program: opening.program,
        drafts: Drafts::open(opening.state.map(|state| state.join("drafts"))),
        editor: opening.editor,
    };
    for job in jobs {
        dashboard.perform(&mut app, job)?;
    }
    dashboard.draw(&mut app)?;
    // Never before there is something to see.
    dashboard.asked_terminal_ms = dashboard.connector.elapsed_ms();
    dashboard.screen.ask(probe::QUESTIONS)?;
    while dashboard.end.is_none() {
        dashboard.turn(&mut app, &events)?;
    }
    dashboard.children.stop_all();
    dashboard.hear_out(&events);
    Ok(dashboard.end.unwrap_or_default())
}

/// The surroundings of the model, but for the settings.
fn world(opening: &Opening, memory: Option<&Memory>) -> World {
    let mut display = Display::of(&opening.terminal, opening.color);
    let known = memory.and_then(Memory::background);
    display.background = known.or(display.background);
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
    connector: Connector,
    end: Option<u8>,
    /// When the oldest question was asked that has no answer yet.
    asked_ms: u64,
    /// Before the screen: who is given the terminal back gets what is typed from then on.
    listener: Listener,
    screen: Screen,
    /// After the screen: nobody looks at a dashboard that is left while the last deed is done.
    workers: Workers,
    signals: Signals,
    sender: Sender<Event>,
    /// What is known of terminals like this one.
    memory: Option<Memory>,
    probe: Probe,
    /// When the terminal was asked.
    asked_terminal_ms: u64,
    /// What the terminal says of itself.
    about: ctx::Terminal,
    idle: Idle,
    fault: Option<Fault>,
    children: Children,
    program: Program,
    drafts: Drafts,
    /// The command line of the editor.
    editor: String,
}

impl Dashboard {
    /// Takes what happened, has done what the model wants, and draws what is new.
    fn turn(&mut self, app: &mut App, events: &Receiver<Event>) -> Result<()> {
        for event in self.next(app, events) {
            if matches!(event, Event::Key(_)) {
                Fault::strike(self.fault, Fault::Update);
            }
            for job in app.update(event) {
                self.perform(app, job)?;
            }
        }
        self.draw(app)
    }

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
            if let Some(page) = app.page() {
                let title = format!("crm: {} ({})", page.title(), app.world.base);
                self.screen.set_title(&title)?;
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

    /// Gives a text and the terminal to the editor, and takes both back.
    fn edit(&mut self, app: &mut App, ending: &str, to: Address, text: &str) -> Result<()> {
        let (connector, editor, fault) = (self.connector.clone(), self.editor.clone(), self.fault);
        let text = self.lend(app, || {
            Fault::strike(fault, Fault::Editor);
            edited(&connector, &editor, ending, text)
        })?;
        // The loop holds the other end.
        let _ = self.sender.send(Event::Returned(Returned { to, text }));
        Ok(())
    }

    /// Lends the terminal to another program, with the screen as it was before the dashboard.
    fn lend<T>(&mut self, app: &mut App, work: impl FnOnce() -> T) -> Result<T> {
        let done = self.screen.hand_over(&mut self.listener, work)?;
        self.sized(app);
        Ok(done)
    }

    /// Waits for what the terminal was asked a moment ago, so that the shell does not get the answer.
    fn hear_out(&self, events: &Receiver<Event>) {
        let asked = self.connector.elapsed_ms().saturating_sub(self.asked_terminal_ms);
        if self.probe.answered || asked > ANSWER_MS {
            return;
        }
        while let Ok(event) = events.recv_timeout(Duration::from_millis(LAST_ANSWER_MS)) {
            if matches!(event, Event::Terminal(Answer::Attributes)) {
                return;
            }
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
        if let Some(background) = self.probe.background {
            if let Some(memory) = &self.memory {
                memory.keep(background);
            }
            // The loop holds the other end.
            let _ = self.sender.send(Event::Background(background));
        }
        Ok(())
    }

    /// Puts a text on the clipboard, and says how or why not.
    fn copy(&mut self, app: &mut App, what: &str, text: &str) -> Result<()> {
        let wanted = app.world.config.dashboard.clipboard.unwrap_or_default();
        let way = Way::of(wanted, &self.about);
        let copied = way.and_then(|way| Ok((way.copy(text)?, way.said(what))));
        let message = match copied {
            Ok((sequence, said)) => {
                self.screen.ask(&sequence)?;
                Message::done(said)
            }
            Err(error) => Message::refused(error.to_string()),
        };
        self.tell(app, message)
    }

    /// Tells the model what became of a job, so that it says so.
    fn tell(&mut self, app: &mut App, message: Message) -> Result<()> {
        for job in app.update(Event::Said(message)) {
            self.perform(app, job)?;
        }
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
            Job::Draft(key, text) => self.drafts.keep(&key, text),
            Job::Recall(to, key) => {
                let text = Ok(self.drafts.recall(&key));
                // The loop holds the other end.
                let _ = self.sender.send(Event::Returned(Returned { to, text }));
            }
            Job::Edit(ending, to, text) => self.edit(app, ending, to, &text)?,
            Job::HandOver(words) => self.hand_over(app, &words)?,
            job => self.program.beside(job, &self.children, &self.sender),
        }
        Ok(())
    }

    /// Lets a command line of the program have the terminal until it ends.
    fn hand_over(&mut self, app: &mut App, words: &[String]) -> Result<()> {
        let mut command = self.program.command(words);
        let ended = self.screen.hand_over(&mut self.listener, || command.status())?;
        self.sized(app);
        // The loop holds the other end.
        let _ = self.sender.send(Event::Changed);
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => self.tell(app, Message::refused(format!("the command ended with {status}"))),
            Err(error) => self.tell(app, Message::refused(error.to_string())),
        }
    }
}

/// What a person has made of a text; else why it came to nothing, and where the text is.
fn edited(
    connector: &Connector,
    editor: &str,
    ending: &str,
    text: &str,
) -> std::result::Result<String, String> {
    let draft = Draft::new(ending, text).map_err(|error| error.to_string())?;
    let began_ms = connector.elapsed_ms();
    let editor = Editor {
        command: editor,
        reads_terminal: true,
        writes_terminal: true,
    };
    let opened = editor.open(draft.path());
    let soon = connector.elapsed_ms().saturating_sub(began_ms) < TOO_SOON_MS.unsigned_abs();
    let read = draft.read();
    let is_same = read.as_ref().is_ok_and(|read| read == text);
    match (opened, read) {
        (Ok(()), Ok(_)) if is_same && soon => Err(TOO_SOON.to_owned()),
        (Ok(()), Ok(read)) => Ok(read),
        (Err(error), _) if is_same => Err(error.to_string()),
        (Err(error), _) | (Ok(()), Err(error)) => Err(match draft.keep() {
            Ok(path) => format!("{error}; your text is kept at {}", path.display()),
            Err(_) => error.to_string(),
        }),
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
