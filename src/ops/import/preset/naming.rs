//! Cells that name other records: by an id of their system, as a user, or by name.

use crate::domain::input::Input;
use crate::ops::import::entry;

use super::As;
use super::cells::{Gathered, system};
use super::plan::Step;

impl Gathered<'_> {
    /// A record that a cell names: by an id of the system, as a user, or by name.
    pub(super) fn link(&self, step: &Step, text: &str) -> Input {
        let line = format!("{}: {text}", self.title(step));
        let mut parts = self.link_parts(step, text);
        parts.push((entry::LINE.to_owned(), Input::Text(line)));
        Input::Map(parts)
    }

    fn link_parts(&self, step: &Step, text: &str) -> Vec<(String, Input)> {
        match &step.rule.link {
            Some(object) => {
                let system = system(&self.plan.system, object);
                vec![(
                    entry::EXTERNAL.to_owned(),
                    Input::Text(format!("{system}:{text}")),
                )]
            }
            None if step.rule.reading == As::Person => {
                vec![(entry::PERSON.to_owned(), Input::text(text))]
            }
            None if step.rule.reading == As::User => {
                let mut parts = vec![(entry::USER.to_owned(), Input::text(text))];
                if !text.contains(['@', ' ']) {
                    let id = format!("{}:{text}", self.plan.system);
                    parts.push((entry::EXTERNAL.to_owned(), Input::Text(id)));
                }
                parts
            }
            None => vec![("name".to_owned(), Input::text(text))],
        }
    }

    /// A link: by id where a column has one, with the name for the case that nobody has that id.
    pub(super) fn one_link(&mut self, name: &str, texts: Vec<(&Step, String)>) {
        let mut parts: Vec<(String, Input)> = Vec::new();
        let mut lines = Vec::new();
        let mut others = Vec::new();
        for (step, text) in texts {
            let mut is_other = false;
            for (part, input) in self.link_parts(step, &text) {
                match parts.iter().find(|(known, _)| *known == part) {
                    None => parts.push((part, input)),
                    Some((_, known)) => is_other |= *known != input,
                }
            }
            match is_other {
                true => others.push(self.link(step, &text)),
                false => lines.push(format!("{}: {text}", self.title(step))),
            }
        }
        parts.push((entry::LINE.to_owned(), Input::Text(lines.join("\n"))));
        let first = Input::Map(parts);
        self.entry
            .cell(name, Input::List([first].into_iter().chain(others).collect()));
    }
}
