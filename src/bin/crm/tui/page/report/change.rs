//! How a report becomes another one: by keys, by what is typed, by what is chosen in a menu.

use crate::tui::action::Action;
use crate::tui::component::menu::MenuEvent;
use crate::tui::effect::Effect;
use crate::tui::key::Key;
use crate::tui::page::report::asked::Asked;
use crate::tui::page::report::copy::Form;
use crate::tui::page::report::typing::{self, Typing};
use crate::tui::page::report::{ReportPage, refused, words};
use crate::tui::world::World;

impl ReportPage {
    /// Asks for something else; what is shown stays until it is there.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Asked)) -> Vec<Effect> {
        if let Some(asked) = &mut self.asked {
            change(asked);
        }
        self.read()
    }

    /// The period of equal length before or after the one that is shown.
    pub(super) fn shift(&mut self, later: bool, world: &World) -> Vec<Effect> {
        let Some(asked) = &self.asked else {
            return Vec::new();
        };
        let days = asked.days(&world.caller);
        let moved = if later { days.next() } else { days.previous() };
        match moved {
            Some(period) => self.change(|asked| asked.period = Some(period)),
            None => {
                let key = world.keymap.key(Action::Period);
                refused(words::no_neighbour(&days.label(), &key))
            }
        }
    }

    pub(super) fn choose_dimension(&mut self) -> Vec<Effect> {
        let Some(asked) = &self.asked else {
            return Vec::new();
        };
        if asked.entry.by.is_empty() {
            return refused(words::NO_DIMENSION);
        }
        // Without a dimension of its own, a report is one row of all.
        let plain = match (&self.shown, asked.by) {
            (Some((shown, report)), _) if shown.by.is_none() => report.by == "all",
            (_, by) => by.is_some(),
        };
        self.typing = Some(Typing::by(asked.entry.by, plain));
        Vec::new()
    }

    pub(super) fn compare(&mut self) -> Vec<Effect> {
        let Some(asked) = &self.asked else {
            return Vec::new();
        };
        if asked.entry.compared.is_none() {
            let name = asked.entry.name;
            return refused(format!(
                "the report {name} is not compared with the period before"
            ));
        }
        self.change(|asked| asked.compare = !asked.compare)
    }

    /// Ends typing; with what was typed unless it was left.
    pub(super) fn finish(&mut self, taken: bool, world: &World) -> Vec<Effect> {
        self.problem = None;
        let Some(typing) = self.typing.take().filter(|_| taken) else {
            return Vec::new();
        };
        match &typing {
            Typing::Period(input) => match typing::period(&input.text(), world) {
                Ok(period) => self.change(|asked| asked.period = period),
                // What is wrong stands below the field; what was typed stays in it.
                Err(_) => {
                    self.typing = Some(typing);
                    Vec::new()
                }
            },
            Typing::Filter(input) => {
                let text = input.text();
                let filters: Vec<String> = Some(text.trim().to_owned())
                    .filter(|text| !text.is_empty())
                    .into_iter()
                    .collect();
                // The line stays until the base has understood it.
                self.typing = Some(typing).filter(|_| !filters.is_empty());
                self.change(|asked| asked.filters = filters)
            }
            Typing::Pipe(input) => match (input.text(), self.report()) {
                (command, Some(report)) if !command.trim().is_empty() => {
                    vec![Effect::Shell(command, Form::Tsv.write(report))]
                }
                _ => Vec::new(),
            },
            Typing::By(..) | Typing::Copy(_) => Vec::new(),
        }
    }

    /// Does what was chosen in a menu.
    pub(super) fn chosen(&mut self, number: usize) -> Vec<Effect> {
        match self.typing.take() {
            Some(Typing::By(_, ways)) => match ways.get(number) {
                Some(by) => {
                    self.cursor = 0;
                    self.change(|asked| asked.by = *by)
                }
                None => Vec::new(),
            },
            Some(Typing::Copy(_)) => {
                let form = Form::ALL.get(number).map(|(form, _, name)| (*form, *name));
                match (form, self.report()) {
                    (Some((form, name)), Some(report)) => {
                        let what = format!("the report {} as {name}", report.name);
                        vec![Effect::Copy(what, form.write(report))]
                    }
                    _ => Vec::new(),
                }
            }
            other => {
                self.typing = other;
                Vec::new()
            }
        }
    }

    pub(super) fn menu_key(&mut self, key: Key) -> Vec<Effect> {
        let Some(Typing::By(menu, _) | Typing::Copy(menu)) = &mut self.typing else {
            return Vec::new();
        };
        match menu.key(key) {
            MenuEvent::Chosen(number) => self.chosen(number),
            MenuEvent::Closed => {
                self.typing = None;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}
