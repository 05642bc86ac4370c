//! Fields that were missing for a move: they are asked for, and the move goes on.

use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::error::{Error, Lack};
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

/// The question for fields.
#[derive(Debug)]
pub(crate) struct Ask {
    /// What goes on once the field is known.
    deed: Deed,
    lines: Lines,
}

impl Ask {
    /// For what `deed` was refused for.
    pub(crate) fn new(deed: Deed, field: &str, error: &Error) -> Ask {
        let mut missing: Vec<&str> = Vec::new();
        for lack in error.lacks() {
            if let Lack::Field {
                noun: Noun::Deal,
                name,
                ..
            } = lack
            {
                missing.push(name);
            }
        }
        let called = called(deed.subjects());
        if missing.is_empty() {
            missing.push(field);
        }
        let (title, lines) = match missing.as_slice() {
            [name] => (
                format!("{} of {called}", name.replace('_', " ")),
                vec![Line::new(name, "Value", "", "")],
            ),
            several => {
                let label = |name: &str| name.trim_start_matches("fields.").replace('_', " ");
                let line = |name: &&str| Line::new(name, &label(name), "", "");
                (format!("What {called} needs"), several.iter().map(line).collect())
            }
        };
        let mut lines = Lines::new(title, lines);
        lines.head = vec![act::told(error)];
        Ask { deed, lines }
    }
}

impl Dialog for Ask {
    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        match self.lines.typed(typed) {
            Event::Kept | Event::Changed => Vec::new(),
            Event::Close => vec![Effect::Close],
            Event::Save => {
                let mut assignments = Vec::new();
                for line in &self.lines.lines {
                    let Some(text) = line.text() else {
                        let name = line.name.clone();
                        self.lines
                            .refuse(Some(&name), "something is needed here".to_owned());
                        return Vec::new();
                    };
                    assignments.push((line.name.clone(), Input::text(text)));
                }
                let of = self.deed.subjects().to_vec();
                let title = format!("Changed {}", titled(&of));
                let set = Deed::Set {
                    of,
                    assignments,
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
        let first = self.lines.lines.first().map(|line| line.name.clone());
        let asked = error
            .field()
            .filter(|field| self.lines.lines.iter().any(|line| line.name == *field));
        let field = asked.map(str::to_owned).or(first);
        self.lines.sent_back(field.as_deref(), error)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.lines.draw(frame, area, "goes on", world)
    }
}
