//! The agenda: whom to contact today and why, with what to know beside it.

mod lines;
pub(crate) mod read;
mod row;
#[cfg(test)]
mod tests;
mod view;

use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::effect::{Effect, Message};
use crate::tui::page::selection::Selection;
use crate::tui::page::today::lines::{Line, Lines};
use crate::tui::page::today::read::{Figures, Preview};
use crate::tui::page::{Page, Place, movement, targets};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// Questions of this page.
const AGENDA: u8 = 0;
const FIGURES: u8 = 1;
const PREVIEW: u8 = 2;

/// The most entries of a section that are read.
const MOST: i64 = 200;

/// The agenda.
#[derive(Debug, Default)]
pub(crate) struct Today {
    lines: Lines,
    figures: Option<Box<Figures>>,
    preview: Option<Box<Preview>>,
    marked: Vec<Link>,
    /// How far the preview is scrolled.
    scroll: u16,
    error: Option<String>,
}

impl Today {
    /// An agenda of which nothing was read yet.
    pub(crate) fn new() -> Today {
        Today::default()
    }

    /// Asks for what is shown beside the line under the cursor.
    fn detail(&mut self, world: &World) -> Vec<Effect> {
        let Some((record, _)) = self.lines.current_record() else {
            self.preview = None;
            return Vec::new();
        };
        if view::layout(world).detail.is_none() {
            return Vec::new();
        }
        if self
            .preview
            .as_ref()
            .is_none_or(|preview| preview.record.id != record.id)
        {
            self.scroll = 0;
        }
        vec![Effect::Read(PREVIEW, Query::Preview(record))]
    }

    fn go(&mut self, by: isize, world: &World) -> Vec<Effect> {
        self.lines.go(by, view::height(world));
        self.detail(world)
    }

    fn open(&mut self, world: &World) -> Vec<Effect> {
        if self.lines.unfold(view::height(world)) {
            return Vec::new();
        }
        match self.lines.current() {
            Some(Line::More { section, .. }) => {
                let name = self
                    .lines
                    .agenda
                    .as_ref()
                    .and_then(|agenda| agenda.sections.get(section));
                vec![Effect::Open(rest_of(name.map_or("", |section| section.name)))]
            }
            _ => match self.lines.current_record() {
                // A promise is kept on its own page.
                Some((record, _))
                    if matches!(
                        record.noun,
                        Noun::Ticket | Noun::Feedback | Noun::Order | Noun::Quote
                    ) =>
                {
                    vec![Effect::Open(Place::Record(record))]
                }
                // What a person wants to see of a follow-up is the customer.
                Some((_, Some(customer))) => vec![Effect::Open(Place::Record(customer))],
                Some((record, None)) => vec![Effect::Open(Place::Record(record))],
                None => vec![Effect::Say(Message::hint("there is nothing to open"))],
            },
        }
    }

    fn mark(&mut self) -> Option<Message> {
        let Some((record, _)) = self.lines.current_record() else {
            return Some(Message::refused("there is no record here to mark"));
        };
        if let Some(at) = self.marked.iter().position(|known| known.id == record.id) {
            self.marked.remove(at);
            return None;
        }
        if let Some(first) = self.marked.first()
            && first.noun != record.noun
        {
            let text = format!(
                "{} are marked; a {} cannot be beside them",
                first.noun.plural(),
                record.noun.name()
            );
            return Some(Message::refused(text));
        }
        self.marked.push(record);
        None
    }

    /// Marks the task under the cursor, or those that are marked, as done.
    fn done(&self) -> Option<Vec<Effect>> {
        if !self.marked.is_empty() {
            return None;
        }
        if let Some(Line::Done(_)) = self.lines.current() {
            return Some(vec![Effect::Say(Message::hint("this is done already"))]);
        }
        let entry = self
            .lines
            .current_entry()
            .filter(|entry| entry.record.noun == Noun::Task)?;
        let customer = entry.customer.clone();
        Some(act::task::done(&entry.record, &entry.kind, customer))
    }

    /// Asks for another day, right under the line.
    fn follow_up(&self, world: &World) -> Option<Vec<Effect>> {
        if self
            .lines
            .current()
            .is_some_and(|line| matches!(line, Line::Done(_)))
        {
            let customer = self.selection().single(&[Noun::Customer])?;
            return Some(act::task::next_step(&customer, None, Some(self.anchor(world))));
        }
        let asked = act::task::follow_up(&self.selection(), Some(self.anchor(world)));
        (!asked.is_empty()).then_some(asked)
    }

    /// What the cursor stands on.
    fn selection_noun(&self) -> Option<Noun> {
        self.lines.current_record().map(|(record, _)| record.noun)
    }

    /// Where the line under the cursor is drawn.
    fn anchor(&self, world: &World) -> Position {
        let rows = view::layout(world).rows;
        let row = u16::try_from(self.lines.row()).unwrap_or(0);
        Position::new(rows.x + 2, rows.y + row.min(rows.height.saturating_sub(1)))
    }
}

/// The list that has all of a section.
fn rest_of(section: &str) -> Place {
    let list = |noun, title: &str, filters: &[&str]| Place::List {
        noun,
        title: title.to_owned(),
        filters: filters.iter().map(|filter| (*filter).to_owned()).collect(),
    };
    match section {
        "overdue" => list(Noun::Task, "Overdue", &["is:overdue", "assignee:@me"]),
        "today" => list(Noun::Task, "Today", &["is:open", "due:today", "assignee:@me"]),
        "week" => list(
            Noun::Task,
            "Next seven days",
            &["is:open", "due:tomorrow..+7d", "assignee:@me"],
        ),
        "tickets" => list(
            Noun::Ticket,
            "Tickets whose time runs out",
            &["due_at:..today", "owner:@me"],
        ),
        "feedback" => list(
            Noun::Feedback,
            "Complaints and unhappy customers",
            &["is:waiting", "(owner:@me or no:owner)"],
        ),
        "orders" => list(
            Noun::Order,
            "Orders to be paid or delivered",
            &["(is:overdue or is:late or is:due)", "owner:@me"],
        ),
        "quotes" => list(
            Noun::Quote,
            "Quotes that run out",
            &["status:sent,expired", "valid_until:..+7d", "owner:@me"],
        ),
        "pool" => list(Noun::Customer, "Soon back in the pool", &["owner:@me"]),
        "deals" => list(Noun::Deal, "Rotting deals", &["is:rotting", "owner:@me"]),
        _ => list(Noun::Customer, "Gone quiet", &["is:quiet", "owner:@me"]),
    }
}

impl Page for Today {
    fn title(&self) -> String {
        "Today".to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        match self.selection_noun() {
            Some(Noun::Order) => &[Scope::Today, Scope::Orders, Scope::List, Scope::Global],
            Some(Noun::Ticket) => &[Scope::Today, Scope::Tickets, Scope::List, Scope::Global],
            _ => &[Scope::Today, Scope::List, Scope::Global],
        }
    }

    fn refresh(&mut self, world: &World) -> Vec<Effect> {
        self.lines.keep_in_sight(view::height(world));
        let mut effects = vec![Effect::Read(AGENDA, Query::Agenda(MOST))];
        if view::layout(world).strip.is_some() {
            effects.push(Effect::Read(FIGURES, Query::Figures));
        }
        effects.extend(self.detail(world));
        effects
    }

    /// What is due becomes late; the figures below are of the day.
    fn look_again(&mut self, world: &World) -> Vec<Effect> {
        let mut effects = vec![Effect::Read(AGENDA, Query::Agenda(MOST))];
        effects.extend(self.detail(world));
        effects
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        if let Some(by) = movement::rows(action, view::height(world)) {
            return Some(self.go(by, world));
        }
        Some(match action {
            Action::DetailDown => {
                self.scroll = self.scroll.saturating_add(5);
                Vec::new()
            }
            Action::DetailUp => {
                self.scroll = self.scroll.saturating_sub(5);
                Vec::new()
            }
            Action::Mark => match self.mark() {
                Some(message) => vec![Effect::Say(message)],
                None => self.go(1, world),
            },
            Action::Back if !self.marked.is_empty() => {
                self.marked.clear();
                vec![Effect::Say(Message::hint("nothing is marked any more"))]
            }
            Action::Open => self.open(world),
            // The agenda is short and ordered by urgency; who looks for something looks through all tasks.
            Action::Filter => vec![Effect::Go(Place::Tasks), Effect::Act(Action::Filter)],
            Action::Done => return self.done(),
            Action::FollowUp if self.marked.is_empty() => return self.follow_up(world),
            Action::New => {
                let customer = self.selection().single(&[Noun::Customer]);
                vec![Effect::New(Noun::Task, act::task::about(customer.as_ref()))]
            }
            _ => return None,
        })
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (_, Ok(Answer::Agenda(agenda))) => {
                self.error = None;
                let before = self.lines.current_record();
                self.lines.take(agenda, view::height(world));
                let lines = &self.lines;
                self.marked.retain(|link| lines.has(link.id));
                match self.lines.current_record() == before {
                    true => Vec::new(),
                    false => self.detail(world),
                }
            }
            (_, Ok(Answer::Figures(figures))) => {
                self.figures = Some(figures);
                Vec::new()
            }
            (_, Ok(Answer::Preview(preview))) => {
                self.preview = Some(preview);
                Vec::new()
            }
            (AGENDA, Err(error)) => {
                self.error = Some(act::told(&error));
                Vec::new()
            }
            // Between two reads the record may have gone; the agenda that comes then has another one.
            _ => Vec::new(),
        }
    }

    fn selection(&self) -> Selection {
        let Some((record, customer)) = self.lines.current_record() else {
            return Selection {
                marked: self.marked.clone(),
                ..Selection::default()
            };
        };
        let customer = customer.filter(|customer| customer.id != record.id);
        Selection {
            marked: self.marked.clone(),
            ..Selection::one(record, customer)
        }
    }

    fn command(&self) -> Vec<String> {
        vec!["today".to_owned()]
    }

    fn draw(&self, frame: &mut Frame<'_>, _area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame.buffer_mut(), world);
        None
    }

    fn targets(&self, _area: Rect, world: &World) -> Vec<(Position, Effect)> {
        let rows = view::layout(world).rows;
        targets::probe(rows, |at| {
            let row = usize::from(at.y - rows.y);
            self.lines.has_row(row).then_some(row)
        })
    }

    fn mouse(&mut self, event: MouseEvent, _area: Rect, world: &World) -> Vec<Effect> {
        let layout = view::layout(world);
        let at = Position::new(event.column, event.row);
        let in_detail = layout.detail.is_some_and(|detail| detail.contains(at));
        match event.kind {
            MouseEventKind::ScrollDown if in_detail => self.scroll = self.scroll.saturating_add(3),
            MouseEventKind::ScrollUp if in_detail => self.scroll = self.scroll.saturating_sub(3),
            MouseEventKind::ScrollDown => return self.go(3, world),
            MouseEventKind::ScrollUp => return self.go(-3, world),
            MouseEventKind::Down(MouseButton::Left) if layout.rows.contains(at) => {
                let row = usize::from(at.y - layout.rows.y);
                let is_here = self.lines.row() == row;
                if !self.lines.go_to_row(row) {
                    return Vec::new();
                }
                return match is_here {
                    true => self.open(world),
                    false => self.detail(world),
                };
            }
            _ => {}
        }
        Vec::new()
    }
}
