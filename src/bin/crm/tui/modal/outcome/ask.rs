//! One field that was missing for a move: it is asked for, and the move goes on.

use crm::domain::input::Input;
use crm::error::Error;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::deed::Deed;
use crate::tui::effect::Effect;
use crate::tui::modal::Dialog;
use crate::tui::modal::outcome::lines::{Event, Line, Lines};
use crate::tui::modal::outcome::{called, titled};
use crate::tui::page::Typed;
use crate::tui::world::World;

/// The question for a field.
#[derive(Debug)]
pub(crate) struct Ask {
    /// What goes on once the field is known.
    deed: Deed,
    field: String,
    lines: Lines,
}

/// The name of the one line.
const VALUE: &str = "value";

impl Ask {
    /// For what `deed` was refused for.
    pub(crate) fn new(deed: Deed, field: &str, error: &Error) -> Ask {
        let title = format!("{} of {}", field.replace('_', " "), called(deed.subjects()));
        let mut lines = Lines::new(title, vec![Line::new(VALUE, "Value", "", "")]);
        lines.head = vec![act::told(error)];
        Ask {
            deed,
            field: field.to_owned(),
            lines,
        }
    }
}

impl Dialog for Ask {
    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        match self.lines.typed(typed) {
            Event::Kept | Event::Changed => Vec::new(),
            Event::Close => vec![Effect::Close],
            Event::Save => {
                let Some(text) = self.lines.text(VALUE) else {
                    self.lines
                        .refuse(Some(VALUE), "something is needed here".to_owned());
                    return Vec::new();
                };
                let of = self.deed.subjects().to_vec();
                let title = format!("Changed {}", titled(&of));
                let set = Deed::Set {
                    of,
                    assignments: vec![(self.field.clone(), Input::text(text))],
                    version: None,
                };
                let all = Deed::All(title, vec![set, self.deed.clone()]);
                self.lines.send(all)
            }
        }
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.lines.has_sent(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        self.lines.sent_back(Some(VALUE), error)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.lines.draw(frame, area, "goes on", world)
    }
}
