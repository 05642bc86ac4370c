//! The pipeline as a board: a column for each stage, owner or month, a card for each deal.

mod card;
mod filtering;
mod foot;
mod layout;
mod mouse;
mod moves;
mod order;
mod pile;
#[cfg(test)]
mod tests;
mod view;
mod words;

use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input as Value};
use crm::domain::noun::Noun;
use crm::domain::pipeline::StageType;
use crm::domain::value::Link;
use crm::error::Result;
use crm::ops::board::{By, Lane, Stretch};
use crm::ops::window::Anchor;
use crossterm::event::MouseEvent;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::effect::{Effect, Message};
use crate::tui::page::board::moves::Moved;
use crate::tui::page::board::order::{Order, Picker};
use crate::tui::page::board::pile::Pile;
use crate::tui::page::records::filter::Filter;
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Place, Typed};
use crate::tui::query::board::{Ask, Figures, Found, Question, Sight};
use crate::tui::query::{Answer, Query};
use crate::tui::view as frame;
use crate::tui::world::World;

/// Questions of this page.
const BOARD: u8 = 0;
const FIGURES: u8 = 1;
const LANE: u8 = 2;
const WORDS: u8 = 3;

/// How many screens of cards are read around the cursor of a column.
const SCREENS: usize = 5;
/// The fewest cards that are read of a column.
const LEAST: usize = 20;

/// The board.
#[derive(Debug)]
pub(crate) struct Board {
    pipeline: Option<Id>,
    by: By,
    order: Order,
    filter: Filter,
    /// A menu over the board.
    picker: Option<Picker>,
    /// What was read last: pipelines, currency. Its columns are the piles.
    sight: Option<Sight>,
    piles: Vec<Pile>,
    /// The column with the cursor.
    focus: usize,
    marked: Vec<Link>,
    figures: Option<Figures>,
    error: Option<String>,
    /// Whether more cards of a column are being read.
    reads_on: bool,
    /// A move that was asked for.
    moved: Option<Moved>,
    /// What the mouse has taken hold of.
    held: Option<mouse::Held>,
}

impl Board {
    /// A board of which nothing was read yet.
    pub(crate) fn new() -> Board {
        Board {
            pipeline: None,
            by: By::Stage,
            order: Order::Usual,
            filter: Filter::new(),
            picker: None,
            sight: None,
            piles: Vec::new(),
            focus: 0,
            marked: Vec::new(),
            figures: None,
            error: None,
            reads_on: false,
            moved: None,
            held: None,
        }
    }

    fn places(&self, area: Rect) -> layout::Places {
        layout::places(area, self.piles.len(), self.focus, self.filter.height())
    }

    /// How many cards of a column are seen.
    fn capacity(&self, world: &World) -> usize {
        let places = self.places(frame::inner(world.area));
        places.columns.first().map_or(1, |(_, column)| {
            layout::slots(*column, places.is_narrow).capacity()
        })
    }

    fn ask(&self, cards: usize) -> Ask {
        Ask {
            pipeline: self.pipeline,
            by: self.by,
            filters: self.filters(),
            sort: self.order.keys(),
            cards: cards.max(LEAST),
            around: Vec::new(),
        }
    }

    /// Asks for all columns.
    fn read(&self, world: &World) -> Vec<Effect> {
        let capacity = self.capacity(world);
        let around = self.piles.iter();
        let around = around.filter_map(|pile| Some((pile.column.lane, pile.anchor(capacity)?)));
        let ask = Ask {
            around: around.collect(),
            ..self.ask(capacity * 2)
        };
        vec![question(BOARD, Question::Board(ask))]
    }

    /// Asks for more cards of a column.
    fn read_on(&mut self, lane: Lane, anchor: Option<Anchor>, world: &World) -> Vec<Effect> {
        let ask = self.ask(self.capacity(world) * SCREENS);
        self.reads_on |= anchor.is_some();
        let anchor = anchor.map(|anchor| question(LANE, Question::Lane(ask, lane, anchor)));
        anchor.into_iter().collect()
    }

    /// Shows other columns: nothing of what is shown now stays.
    fn anew(&mut self, world: &World) -> Vec<Effect> {
        self.piles.clear();
        self.focus = 0;
        self.marked.clear();
        self.figures = None;
        self.read(world)
    }

    fn pile(&self) -> Option<&Pile> {
        self.piles.get(self.focus)
    }

    /// Lets the column with the cursor move it, and reads on where its cards end.
    fn scroll(&mut self, world: &World, go: impl FnOnce(&mut Pile, usize) -> Option<Anchor>) -> Vec<Effect> {
        let capacity = self.capacity(world);
        let Some(pile) = self.piles.get_mut(self.focus) else {
            return Vec::new();
        };
        let anchor = go(pile, capacity);
        let lane = pile.column.lane;
        self.read_on(lane, anchor, world)
    }

    /// Goes to a column beside the one with the cursor.
    fn turn(&mut self, by: isize) -> Vec<Effect> {
        let last = self.piles.len().saturating_sub(1);
        let wanted = self.focus.saturating_add_signed(by).min(last);
        if wanted == self.focus {
            return vec![Effect::Say(Message::hint(words::no_column(by, self.by)))];
        }
        self.focus = wanted;
        Vec::new()
    }

    fn mark(&mut self) {
        let card = self.pile().and_then(Pile::current);
        let Some(link) = card.map(|card| card.deal.clone()) else {
            return;
        };
        match self.marked.iter().position(|known| known.id == link.id) {
            Some(at) => drop(self.marked.remove(at)),
            None => self.marked.push(link),
        }
    }

    /// Groups the deals otherwise.
    fn group(&mut self, by: isize, world: &World) -> Vec<Effect> {
        const ALL: [By; 3] = [By::Stage, By::Owner, By::Month];
        let at = ALL.iter().position(|known| *known == self.by).unwrap_or(0);
        let next = (at + ALL.len()).saturating_add_signed(by) % ALL.len();
        self.by = ALL.get(next).copied().unwrap_or_default();
        let mut effects = self.anew(world);
        effects.push(Effect::Say(Message::hint(words::grouped(self.by))));
        effects
    }

    /// What a new deal in the column with the cursor has.
    fn beginning(&self) -> Vec<Assignment> {
        let mut assignments = Vec::new();
        if let Some(sight) = &self.sight {
            assignments.push(("pipeline".to_owned(), Value::text(sight.pipeline.key.clone())));
        }
        let Some(column) = self.pile().map(|pile| &pile.column) else {
            return assignments;
        };
        let field = match column.lane {
            Lane::Stage(_) if column.kind == StageType::Open => "stage",
            Lane::Owner(_) => "owner",
            _ => return assignments,
        };
        assignments.extend(
            column
                .name
                .iter()
                .map(|name| (field.to_owned(), Value::text(name.clone()))),
        );
        assignments
    }

    /// Peels one layer: marks, then the filter.
    fn peel(&mut self, world: &World) -> Option<Vec<Effect>> {
        if !self.marked.is_empty() {
            self.marked.clear();
            return Some(vec![Effect::Say(Message::hint(words::NOTHING_MARKED))]);
        }
        if self.filter.is_empty() {
            return None;
        }
        self.filter = Filter::new();
        Some(self.read(world))
    }

    fn take(&mut self, sight: Sight, world: &World) -> Vec<Effect> {
        let lane = self.pile().map(|pile| pile.column.lane);
        self.reads_on = false;
        let mut sight = sight;
        let columns = std::mem::take(&mut sight.columns);
        let mut old = std::mem::take(&mut self.piles);
        self.sight = Some(sight);
        self.error = None;
        self.filter.understood();
        let mut piles = Vec::with_capacity(columns.len());
        for (column, stretch) in columns {
            let known = old.iter().position(|pile| pile.column.lane == column.lane);
            let known = known.map(|at| old.swap_remove(at));
            piles.push(Pile::new(column, stretch, known));
        }
        self.piles = piles;
        let found = self.piles.iter().position(|pile| Some(pile.column.lane) == lane);
        self.focus = found.unwrap_or_else(|| self.focus.min(self.piles.len().saturating_sub(1)));
        self.arrive();
        let capacity = self.capacity(world);
        for pile in &mut self.piles {
            pile.keep_in_sight(capacity);
        }
        vec![question(FIGURES, Question::Figures(self.ask(0)))]
    }

    fn take_figures(&mut self, figures: Figures, world: &World) -> Vec<Effect> {
        for pile in &mut self.piles {
            let known = figures.lanes.iter().find(|(lane, _)| *lane == pile.column.lane);
            pile.column.totals = known.map(|(_, totals)| *totals);
        }
        let said = self.moved.take().and_then(|moved| moved.said(&figures, world));
        self.figures = Some(figures);
        said.map(|text| Effect::Say(Message::done(text)))
            .into_iter()
            .collect()
    }

    fn take_lane(&mut self, lane: Lane, stretch: Stretch, world: &World) {
        let capacity = self.capacity(world);
        if let Some(pile) = self.piles.iter_mut().find(|pile| pile.column.lane == lane) {
            pile.take(stretch);
            pile.keep_in_sight(capacity);
        }
    }
}

fn question(slot: u8, question: Question) -> Effect {
    Effect::Read(slot, Query::Pipeline(question))
}

impl Page for Board {
    fn title(&self) -> String {
        words::TITLE.to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Board, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, world: &World) -> Vec<Effect> {
        self.read(world)
    }

    /// Days in a stage and figures are of a day.
    fn look_again(&mut self, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        let half = isize::try_from(self.capacity(world) / 2).unwrap_or(1).max(1);
        Some(match action {
            Action::Down => self.scroll(world, |pile, capacity| pile.go(1, capacity)),
            Action::Up => self.scroll(world, |pile, capacity| pile.go(-1, capacity)),
            Action::PageDown => self.scroll(world, |pile, capacity| pile.go(half, capacity)),
            Action::PageUp => self.scroll(world, |pile, capacity| pile.go(-half, capacity)),
            Action::First => self.scroll(world, Pile::go_first),
            Action::Last => self.scroll(world, Pile::go_last),
            Action::Left | Action::PreviousPane => self.turn(-1),
            Action::Right | Action::NextPane => self.turn(1),
            Action::MoveLeft => self.step(-1, world),
            Action::MoveRight => self.step(1, world),
            Action::Group | Action::NextTab => self.group(1, world),
            Action::PreviousTab => self.group(-1, world),
            Action::Mark => {
                self.mark();
                self.scroll(world, |pile, capacity| pile.go(1, capacity))
            }
            Action::Open => match self.pile().and_then(Pile::current) {
                Some(card) => vec![Effect::Open(Place::Record(card.deal.clone()))],
                None => vec![Effect::Say(Message::refused(words::NO_CARD))],
            },
            Action::Range | Action::Invert | Action::MarkAll => {
                let zoom = world.keymap.key(Action::Zoom);
                vec![Effect::Say(Message::hint(words::mark_in_list(&zoom)))]
            }
            Action::Zoom | Action::Larger => vec![self.zoom()?],
            Action::Back => return self.peel(world),
            Action::Filter => self.open_filter(),
            Action::Sort => self.pick_order(),
            Action::OtherPipeline => self.pick_pipeline(),
            Action::New => vec![Effect::New(Noun::Deal, self.beginning())],
            _ => return None,
        })
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Option<Vec<Effect>> {
        match self.picker {
            Some(_) => Some(self.picked(typed, world)),
            None => self.type_filter(typed, world),
        }
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (_, Ok(Answer::Pipeline(Found::Board(sight)))) => self.take(*sight, world),
            (_, Ok(Answer::Pipeline(Found::Figures(figures)))) => self.take_figures(*figures, world),
            (_, Ok(Answer::Pipeline(Found::Lane(lane, stretch)))) => {
                // All columns that were read since may have another order or filter; these cards are asked for again.
                if std::mem::take(&mut self.reads_on) {
                    self.take_lane(lane, stretch, world);
                }
                Vec::new()
            }
            (_, Ok(Answer::Proposal(proposal))) => {
                self.filter.propose(proposal);
                Vec::new()
            }
            (BOARD, Err(error)) => {
                // What is not understood while it is typed leaves the cards alone.
                match self.filter.is_empty() {
                    true => self.error = Some(act::told(&error)),
                    false => self.filter.refused(&error),
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn selection(&self) -> Selection {
        let Some(card) = self.pile().and_then(Pile::current) else {
            return Selection {
                marked: self.marked.clone(),
                ..Selection::default()
            };
        };
        let related = card.customer.iter().chain(&card.contact).cloned();
        Selection {
            marked: self.marked.clone(),
            is_open: self.pile().map(|pile| pile.column.kind == StageType::Open),
            ..Selection::one(card.deal.clone(), related)
        }
    }

    fn command(&self) -> Vec<String> {
        let by = words::dimension(self.by);
        let mut command = ["report", "pipeline", "--by", by].map(str::to_owned).to_vec();
        let pipeline = self.sight.as_ref().map(|sight| &sight.pipeline.key);
        let filters = pipeline.map(|key| format!("pipeline:{key}"));
        for filter in filters.into_iter().chain(self.filters()) {
            command.extend(["-w".to_owned(), filter]);
        }
        command
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame, area, world)
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        self.cards_at(area, world)
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        self.point(event, area, world)
    }
}
