//! By when: a line for a date phrase that says what it understood while it is typed. It puts tasks off, or makes the
//! next step with a customer.

use crm::domain::input::{Assignment, Input as Given};
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::domain::when::{Leaning, When, instant, read, show};
use crm::error::{Error, Result};
use crm::ops::task::postponed;
use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use crate::tui::act;
use crate::tui::component::draw;
use crate::tui::component::input::Input;
use crate::tui::component::look::Look;
use crate::tui::component::popup::{self, Popup};
use crate::tui::deed::{Deed, TaskVerb};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// Phrases that a single digit stands for.
const PRESETS: [&str; 4] = ["tomorrow", "+3d", "next week", "+1m"];
/// The widest that the line becomes.
const WIDEST: u16 = 62;
/// What a next step is called unless somebody says otherwise.
const TITLE: &str = "Follow up";

/// A field for a date phrase.
#[derive(Debug)]
pub(crate) struct DateField {
    pub(crate) input: Input,
    /// What an empty field means.
    usual: String,
}

impl DateField {
    /// An empty field, which means `usual`; nothing if that is empty.
    pub(crate) fn new(usual: &str) -> DateField {
        DateField {
            input: Input::new("").placeholder(usual),
            usual: usual.to_owned(),
        }
    }

    /// The phrase that is meant: what was typed, or what a digit or an empty field stands for.
    pub(crate) fn phrase(&self) -> String {
        let typed = self.input.text();
        let typed = typed.trim();
        let preset = typed.parse::<usize>().ok().and_then(|digit| digit.checked_sub(1));
        match preset.and_then(|at| PRESETS.get(at)) {
            Some(preset) => (*preset).to_owned(),
            None if typed.is_empty() => self.usual.clone(),
            None => typed.to_owned(),
        }
    }

    /// What the phrase means, where `due` is what signed spans count from.
    ///
    /// # Errors
    ///
    /// `Invalid` for what is no date.
    pub(crate) fn meaning(&self, due: Option<When>, world: &World) -> Result<When> {
        let phrase = self.phrase();
        let when = match due {
            Some(_) => postponed(&world.caller, due, &phrase)?,
            None => read(&phrase, &world.caller.reading(Leaning::Future))
                .map_err(|error| error.on_field("due"))?,
        };
        Ok(match when {
            When::Span(first, _) => When::Day(first),
            when => instant::first_day(when).map_or(when, |_| when),
        })
    }

    /// What was understood, or why nothing was; with whether it was.
    pub(crate) fn answer(&self, due: Option<When>, world: &World) -> (String, bool) {
        match self.meaning(due, world) {
            Ok(when) => {
                let arrow = world.look.symbols.arrow;
                (format!("{arrow} {}", show::echo(when, world.clock())), true)
            }
            Err(error) => (act::told(&error), false),
        }
    }
}

/// The digits and what they stand for.
pub(crate) fn presets() -> String {
    let texts: Vec<String> = (1..)
        .zip(PRESETS)
        .map(|(digit, phrase)| format!("{digit} {phrase}"))
        .collect();
    texts.join("  ")
}

/// What the date is for.
#[derive(Debug, Clone)]
enum About {
    /// Tasks that are put off; one that is known to be due then.
    Tasks(Vec<Link>, Option<When>),
    /// The next step with a customer, about a deal.
    Step(Link, Option<Link>),
    /// The same, if there is none yet; else the one that there is.
    Either(Link, Option<Link>),
}

/// The line.
#[derive(Debug)]
pub(crate) struct DateLine {
    about: About,
    title: Input,
    in_title: bool,
    date: DateField,
    /// The cell under which it lies; the middle of the screen without one.
    anchor: Option<Position>,
    /// Whether nobody asked for it.
    is_offered: bool,
    waiting: Option<Deed>,
    error: Option<String>,
}

impl DateLine {
    fn new(about: About, usual: &str, anchor: Option<Position>) -> DateLine {
        DateLine {
            about,
            title: Input::new(TITLE),
            in_title: false,
            date: DateField::new(usual),
            anchor,
            is_offered: false,
            waiting: None,
            error: None,
        }
    }

    /// Puts tasks off.
    pub(crate) fn put_off(tasks: Vec<Link>, anchor: Option<Position>) -> DateLine {
        DateLine::new(About::Tasks(tasks, None), PRESETS[0], anchor)
    }

    /// Sets or moves the next step with a customer.
    pub(crate) fn follow_up(customer: Link, deal: Option<Link>, anchor: Option<Position>) -> DateLine {
        DateLine::new(About::Either(customer, deal), "+2d", anchor)
    }

    /// Makes the next step with a customer.
    pub(crate) fn next_step(customer: Link, deal: Option<Link>, anchor: Option<Position>) -> DateLine {
        DateLine::new(About::Step(customer, deal), "+2d", anchor)
    }

    /// The same where nobody asked for it: if there is to be none, that is said.
    pub(crate) fn offered(self) -> DateLine {
        DateLine {
            is_offered: true,
            ..self
        }
    }

    fn has_title(&self) -> bool {
        matches!(self.about, About::Step(..))
    }

    fn due(&self) -> Option<When> {
        match self.about {
            About::Tasks(_, due) => due,
            About::Step(..) | About::Either(..) => None,
        }
    }

    fn heading(&self) -> String {
        match &self.about {
            About::Tasks(tasks, _) => match tasks.as_slice() {
                [task] => format!("Put off: {}", task.name),
                tasks => format!("Put off {} tasks", tasks.len()),
            },
            About::Step(customer, _) | About::Either(customer, _) => {
                format!("Next step with {}", customer.name)
            }
        }
    }

    /// What is to be done, once it is known what about.
    fn deed(&self) -> Option<Deed> {
        let phrase = self.date.phrase();
        match &self.about {
            About::Tasks(tasks, _) => Some(Deed::Tasks(TaskVerb::Snooze(phrase), tasks.clone())),
            About::Step(customer, deal) => {
                let title = self.title.text();
                let title = if title.trim().is_empty() {
                    TITLE.to_owned()
                } else {
                    title
                };
                Some(Deed::Add {
                    noun: Noun::Task,
                    assignments: step(&title, &phrase, customer, deal.as_ref()),
                    anyway: false,
                })
            }
            About::Either(..) => None,
        }
    }

    fn accept(&mut self, world: &World) -> Vec<Effect> {
        if self.waiting.is_some() {
            return Vec::new();
        }
        if let Err(error) = self.date.meaning(self.due(), world) {
            self.error = Some(act::told(&error));
            return Vec::new();
        }
        let deed = self.deed();
        self.waiting.clone_from(&deed);
        deed.map(Effect::Write).into_iter().collect()
    }

    fn close(&self) -> Vec<Effect> {
        let mut effects = vec![Effect::Close];
        if let (true, About::Step(customer, _)) = (self.is_offered, &self.about) {
            effects.push(Effect::Say(Message::refused(format!(
                "no next step with {}",
                customer.name
            ))));
        }
        effects
    }

    fn input(&mut self) -> &mut Input {
        match self.in_title {
            true => &mut self.title,
            false => &mut self.date.input,
        }
    }

    fn rows(&self, area: Rect, look: &Look) -> (Rect, Popup<'static>) {
        let rows = if self.has_title() { 6 } else { 5 };
        let wanted = Size::new(WIDEST.min(area.width), rows);
        let place = match self.anchor {
            Some(anchor) => popup::anchored(area, anchor, wanted),
            None => popup::centred(area, wanted),
        };
        let room = usize::from(place.width.saturating_sub(6));
        let title = draw::fit(&self.heading(), room, look).into_owned();
        let foot = match self.is_offered {
            true => "Enter takes it, Esc none",
            false => "Enter takes it, Esc leaves it",
        };
        let frame = Popup {
            title: title.into(),
            foot: foot.into(),
        };
        (place, frame)
    }
}

/// The fields of a task that is the next step with a customer.
pub(crate) fn step(title: &str, due: &str, customer: &Link, deal: Option<&Link>) -> Vec<Assignment> {
    let given = |name: &str, text: &str| (name.to_owned(), Given::text(text));
    let mut fields = vec![
        given("title", title),
        given("type", "follow_up"),
        given("customer", &customer.reference().to_string()),
        given("due", due),
    ];
    fields.extend(deal.map(|deal| given("deal", &deal.reference().to_string())));
    fields
}

impl Dialog for DateLine {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        let asked = match &self.about {
            About::Tasks(tasks, _) => match tasks.as_slice() {
                [task] => Some(task.clone()),
                _ => None,
            },
            About::Either(customer, deal) => Some(deal.clone().unwrap_or_else(|| customer.clone())),
            About::Step(..) => None,
        };
        asked
            .map(|link| Effect::Read(0, Query::Step(link)))
            .into_iter()
            .collect()
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        self.error = None;
        let key = match typed {
            Typed::Key(key) => *key,
            Typed::Paste(text) => {
                self.input().paste(text);
                return Vec::new();
            }
        };
        match key.code {
            KeyCode::Esc => return self.close(),
            KeyCode::Enter => return self.accept(world),
            KeyCode::Tab | KeyCode::Up | KeyCode::Down if self.has_title() => self.in_title = !self.in_title,
            _ if key
                == (Key {
                    control: true,
                    ..Key::letter('s')
                }) =>
            {
                return self.accept(world);
            }
            _ => drop(self.input().key(key)),
        }
        Vec::new()
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        let step = match answer {
            Ok(Answer::Step(step)) => step,
            Ok(_) => return Vec::new(),
            Err(error) => {
                self.error = Some(act::told(&error));
                return Vec::new();
            }
        };
        self.about = match (self.about.clone(), step) {
            (About::Tasks(tasks, _), Some(step)) => About::Tasks(tasks, step.due),
            (About::Either(..), Some(step)) => {
                self.date = DateField::new(PRESETS[0]);
                About::Tasks(vec![step.task], step.due)
            }
            (About::Either(customer, deal), None) => About::Step(customer, deal),
            (about, _) => about,
        };
        Vec::new()
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.waiting.as_ref() == Some(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        self.waiting = None;
        self.error = Some(act::told(error));
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        if matches!(self.about, About::Either(..)) && self.error.is_none() {
            return None;
        }
        let (place, border) = self.rows(area, look);
        let buffer = frame.buffer_mut();
        let inner = border.render(place, buffer, look);
        let field = |row: u16| {
            let line = draw::row(inner, row);
            draw::right_of(line, 6)
        };
        let mut row = 0;
        let mut cursor = None;
        if self.has_title() {
            draw::text(buffer, draw::row(inner, row), " what", look.dim, look);
            let at = self.title.render(field(row), buffer, look);
            cursor = at.filter(|_| self.in_title);
            row += 1;
        }
        draw::text(buffer, draw::row(inner, row), " when", look.dim, look);
        let at = self.date.input.render(field(row), buffer, look);
        cursor = cursor.or(at);
        let (answer, is_understood) = match &self.error {
            Some(error) => (error.clone(), false),
            None => self.date.answer(self.due(), world),
        };
        // Half a word is no mistake.
        let style = match (is_understood, self.error.is_some()) {
            (true, _) => look.good,
            (false, true) => look.error,
            (false, false) => look.dim,
        };
        // What is wrong is told in full, if need be in place of the days to choose from.
        let parts = crate::text::cut::wrap(&answer, usize::from(field(row + 1).width).max(1));
        for (below, part) in (1u16..3).zip(&parts) {
            draw::text(buffer, field(row + below), part, style, look);
        }
        if parts.len() < 2 {
            draw::text(buffer, field(row + 2), &presets(), look.dim, look);
        }
        cursor
    }
}
