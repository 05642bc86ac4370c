//! Pages: what fills the terminal between the line of tabs and the line of hints.

pub(crate) mod board;
pub(crate) mod brief;
pub(crate) mod duplicates;
pub(crate) mod movement;
pub(crate) mod notices;
pub(crate) mod operations;
pub(crate) mod queue;
pub(crate) mod record;
pub(crate) mod records;
pub(crate) mod report;
pub(crate) mod reports;
pub(crate) mod selection;
pub(crate) mod sheet;
pub(crate) mod targets;
#[cfg(test)]
mod tests;
pub(crate) mod today;
pub(crate) mod trash;
pub(crate) mod week;

use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crossterm::event::MouseEvent;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::action::{Action, Scope};
use crate::tui::deed::{Deed, Done};
use crate::tui::effect::Effect;
use crate::tui::key::Key;
use crate::tui::page::board::Board;
use crate::tui::page::duplicates::Duplicates;
use crate::tui::page::notices::Notices;
use crate::tui::page::operations::Operations;
use crate::tui::page::queue::Queue;
use crate::tui::page::record::Record;
use crate::tui::page::records::Records;
use crate::tui::page::selection::Selection;
use crate::tui::page::today::Today;
use crate::tui::page::trash::Trash;
use crate::tui::page::week::Week;
use crate::tui::query::Answer;
use crate::tui::world::World;

/// Something that a page can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Today,
    Customers,
    Pipeline,
    Tasks,
    Orders,
    Tickets,
    Reports,
    Week,
    Operations,
    Notices,
    Trash,
    /// Customers who may be there twice.
    Duplicates,
    /// The work queue.
    Queue,
    /// The records that all of these filters select.
    List {
        noun: Noun,
        title: String,
        filters: Vec<String>,
    },
    /// One record.
    Record(Link),
    /// A report, by its name and the flags of `crm report`: `won --by month --period 2026`.
    Report(String),
}

impl Place {
    /// The screens with a digit: the digit, the name.
    pub(crate) const ROOTS: &[(Place, char, &'static str)] = &[
        (Place::Today, '1', "Today"),
        (Place::Customers, '2', "Customers"),
        (Place::Pipeline, '3', "Pipeline"),
        (Place::Tasks, '4', "Tasks"),
        (Place::Tickets, '5', "Tickets"),
        (Place::Orders, '6', "Orders"),
        (Place::Reports, '8', "Reports"),
    ];

    /// Makes the page.
    pub(crate) fn page(&self, world: &World) -> Box<dyn Page> {
        match self {
            Place::Pipeline => Box::new(Board::new()),
            Place::Today => Box::new(Today::new()),
            Place::Queue => Box::new(Queue::new()),
            Place::Week => Box::new(Week::new(world)),
            Place::Tasks => Box::new(Records::new(
                Noun::Task,
                "Tasks",
                vec!["status:open".to_owned()],
                world,
            )),
            Place::Orders => Box::new(Records::new(Noun::Order, "Orders", Vec::new(), world)),
            // What is solved is to be checked and closed. Said by the day, because the index in the order of the time left is
            // one of those that have none; by their words, all of them would be found and sorted.
            Place::Tickets => Box::new(Records::new(
                Noun::Ticket,
                "Tickets",
                vec!["no:closed_at".to_owned()],
                world,
            )),
            Place::List { noun, title, filters } => {
                Box::new(Records::new(*noun, title, filters.clone(), world))
            }
            Place::Record(link) => Box::new(Record::new(link.clone())),
            Place::Operations => Box::new(Operations::new()),
            Place::Notices => Box::new(Notices::new()),
            Place::Trash => Box::new(Trash::new()),
            Place::Duplicates => Box::new(Duplicates::new()),
            Place::Reports => Box::new(reports::Reports::new()),
            Place::Report(line) => Box::new(report::ReportPage::new(line, world)),
            Place::Customers => Box::new(Records::new(Noun::Customer, "Customers", Vec::new(), world)),
        }
    }
}

/// What was typed where text is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A key.
    Key(Key),
    /// A text at once.
    Paste(String),
}

/// One page. It changes by what it is told, and says what it wants in return; it reads and writes nothing by itself.
pub(crate) trait Page: std::fmt::Debug {
    /// What it shows.
    fn title(&self) -> String;

    /// Whose keys count, the innermost first.
    fn scopes(&self) -> &'static [Scope];

    /// Asks for everything it shows: when it is opened, and when the base has changed.
    fn refresh(&mut self, world: &World) -> Vec<Effect>;

    /// Asks again for what another minute of the same day may have changed, though nobody has written anything.
    fn look_again(&mut self, world: &World) -> Vec<Effect> {
        self.refresh(world)
    }

    /// Does an action, if it is one of its own.
    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>>;

    /// Takes what was typed, if there is a field for it that has the cursor.
    fn typed(&mut self, _typed: &Typed, _world: &World) -> Option<Vec<Effect>> {
        None
    }

    /// Takes the answer to what it asked for.
    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect>;

    /// What became of a deed while it was shown: what was brought about, or none if it was refused. What it returns is done
    /// in place of what follows such a deed everywhere.
    fn settled(&mut self, _deed: &Deed, _done: Option<&Done>, _world: &World) -> Option<Vec<Effect>> {
        None
    }

    /// A deed was done; what it asks for is read anew right after.
    fn wrote(&mut self, _deed: &Deed) {}

    /// Goes to another record of the list that it shows; the record, if there is one.
    fn step(&mut self, _by: isize, _world: &World) -> (Option<Link>, Vec<Effect>) {
        (None, Vec::new())
    }

    /// Shows another record, if it is the page of one.
    fn turn(&mut self, _record: &Link, _world: &World) {}

    /// The records that an action is about.
    fn selection(&self) -> Selection;

    /// The words of the command that shows the same, without the name of the program.
    fn command(&self) -> Vec<String>;

    /// Draws itself; where the cursor of the terminal belongs.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position>;

    /// What can be gone to by a letter: where each stands, and what goes there.
    fn targets(&self, _area: Rect, _world: &World) -> Vec<(Position, Effect)> {
        Vec::new()
    }

    /// What the mouse did; `area` is where it was drawn.
    fn mouse(&mut self, _event: MouseEvent, _area: Rect, _world: &World) -> Vec<Effect> {
        Vec::new()
    }
}
