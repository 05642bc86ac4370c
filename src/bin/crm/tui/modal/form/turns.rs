//! What a form does with answers, and with what lies above it.

use crm::domain::field::FieldType;
use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::wire::form::Item as Given;

use super::above::{Above, Clash};
use super::fields::{item, shown};
use super::purpose::{Purpose, called};
use super::{MANY, REFER, RecordForm, SKETCH, refuse};
use crate::tui::component::confirm::ConfirmEvent;
use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::deed::{DealVerb, Deed};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::page::{Place, Typed};
use crate::tui::query::Query;
use crate::tui::query::record::{Found, Sketch};
use crate::tui::world::World;

/// A list with more values is narrowed down by typing instead.
const SHORT: usize = 20;

/// A menu of the values of the one field of a form, if these are few.
pub(super) fn pick(purpose: &Purpose, sketch: &Sketch) -> Option<Above> {
    let Purpose::One(noun, of, name) = purpose else {
        return None;
    };
    let drawn = sketch.fields.first()?;
    let is_list = match drawn.kind {
        FieldType::Word(_) | FieldType::Choice(_) | FieldType::Bool => true,
        FieldType::Link(linked) => linked.prefix().is_none(),
        _ => (*noun, name.as_str()) == (Noun::Deal, "stage"),
    };
    let mut values: Vec<(String, String, String)> = drawn
        .options
        .iter()
        .map(|option| (option.value.clone(), option.label.clone(), option.note.clone()))
        .collect();
    if drawn.kind == FieldType::Bool {
        values = ["yes", "no"]
            .map(|word| (word.to_owned(), word.to_owned(), String::new()))
            .to_vec();
    }
    if !is_list || values.is_empty() || values.len() > SHORT {
        return None;
    }
    let now = drawn.items.first().map(shown).unwrap_or_default();
    let is_one = of.len() == 1;
    let mut items = Vec::new();
    let mut deeds = Vec::new();
    for (value, label, note) in values {
        let is_now = is_one && value == now;
        items.push(Item {
            key: None,
            label,
            note: if is_now { "now".to_owned() } else { note },
            off: None,
        });
        deeds.push(match (*noun, name.as_str()) {
            (Noun::Deal, "stage") => Deed::Deals(DealVerb::Move(value), of.clone()),
            _ => set(of, name, Input::text(value)),
        });
    }
    if matches!(drawn.kind, FieldType::Choice(_)) {
        items.push(Item {
            key: Some(Key::letter('0')),
            label: "nothing".to_owned(),
            note: String::new(),
            off: None,
        });
        deeds.push(set(of, name, Input::Clear));
    }
    Some(Above::Pick(Menu::new(&purpose.title(), items), deeds))
}

fn set(of: &[crm::domain::value::Link], name: &str, value: Input) -> Deed {
    Deed::Set {
        of: of.to_vec(),
        assignments: vec![(name.to_owned(), value)],
        version: None,
    }
}

impl RecordForm {
    /// Takes what was asked for.
    pub(super) fn found(&mut self, slot: u8, found: Found, world: &World) -> Vec<Effect> {
        match found {
            Found::Sketch(mut sketch) if slot == SKETCH => {
                self.purpose.arrange(&mut sketch);
                if std::mem::take(&mut self.is_clashing) {
                    return self.clashed(sketch);
                }
                if self.form.is_some() {
                    return Vec::new();
                }
                self.sketch = Some(sketch);
                self.ready(world)
            }
            Found::Understood(name, text, answer) => {
                if let Some(form) = &mut self.form
                    && let Some(field) = form.find(&name)
                {
                    form.set_answer(field, &text, answer);
                }
                Vec::new()
            }
            Found::Proposed(options) => {
                if let (Some(form), Some(field)) = (&mut self.form, self.choosing) {
                    form.set_choices(field, options);
                }
                Vec::new()
            }
            Found::Similar(links) => {
                let status = match links.len() {
                    0 => String::new(),
                    1 => "1 similar: F1 shows it".to_owned(),
                    count => format!("{count} similar: F1 shows them"),
                };
                if let Some(form) = &mut self.form {
                    form.set_status(&status);
                }
                self.similar = links;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Compares what somebody else has written with what was typed, and asks about the fields that both have changed.
    fn clashed(&mut self, new: Box<Sketch>) -> Vec<Effect> {
        let (Some(old), Some(form)) = (self.sketch.replace(new), &self.form) else {
            return Vec::new();
        };
        let Some(new) = &self.sketch else {
            return Vec::new();
        };
        let nothing = Given::One(String::new());
        let mut clashes = Vec::new();
        for (name, text) in form.changed() {
            let found = |sketch: &Sketch| {
                let drawn = sketch.fields.iter().find(|drawn| drawn.name == name)?;
                Some((
                    drawn.clone(),
                    drawn.items.first().cloned().unwrap_or(nothing.clone()),
                ))
            };
            let (Some((drawn, base)), Some((_, theirs))) = (found(&old), found(new)) else {
                continue;
            };
            let mine = item(&drawn, &text);
            if !theirs.same(&base) && !theirs.same(&mine) {
                clashes.push(Clash {
                    name: name.to_owned(),
                    label: drawn.label,
                    base,
                    theirs,
                    mine,
                });
            }
        }
        self.above = Above::clash(clashes);
        match self.above {
            Some(_) => Vec::new(),
            None => self.save(),
        }
    }

    /// Takes a key for what lies above the form.
    pub(super) fn typed_above(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        let Some(mut above) = self.above.take() else {
            return Vec::new();
        };
        let (menu, key) = match (&mut above, typed) {
            (Above::Preview(confirm, deed), typed) => {
                let event = match typed {
                    Typed::Key(key) => confirm.key(*key),
                    Typed::Paste(text) => {
                        confirm.paste(text);
                        ConfirmEvent::Kept
                    }
                };
                return match event {
                    ConfirmEvent::Yes => {
                        let deed = deed.clone();
                        self.write(deed)
                    }
                    ConfirmEvent::No if self.form.is_none() => vec![Effect::Close],
                    ConfirmEvent::No => Vec::new(),
                    ConfirmEvent::Kept => {
                        self.above = Some(above);
                        Vec::new()
                    }
                };
            }
            (
                Above::Draft(menu, _)
                | Above::Duplicate(menu, _)
                | Above::Similar(menu, _)
                | Above::Pick(menu, _)
                | Above::Clash(menu, _),
                Typed::Key(key),
            ) => (menu, *key),
            (_, Typed::Paste(_)) => {
                self.above = Some(above);
                return Vec::new();
            }
        };
        match menu.key(key) {
            MenuEvent::Chosen(number) => self.chosen(above, number, world),
            // Without a form there is nothing below the menu; a draft that was not taken stays until something is typed.
            MenuEvent::Closed if self.form.is_none() => vec![Effect::Close],
            MenuEvent::Closed => Vec::new(),
            event @ (MenuEvent::Unknown | MenuEvent::Kept | MenuEvent::Refused(_)) => {
                let is_draft = matches!(above, Above::Draft(..));
                self.above = Some(above);
                if is_draft && event == MenuEvent::Unknown {
                    let told = "first the draft: Enter takes it, Down and Enter begin anew";
                    return vec![Effect::Say(Message::refused(told))];
                }
                Vec::new()
            }
        }
    }

    /// Takes a click on an item of the menu above the form.
    pub(super) fn chosen_above(&mut self, item: usize, world: &World) -> Vec<Effect> {
        match self.above.take() {
            Some(above) => self.chosen(above, item, world),
            None => Vec::new(),
        }
    }

    fn chosen(&mut self, above: Above, number: usize, world: &World) -> Vec<Effect> {
        match (above, number) {
            (Above::Draft(_, draft), 0) => {
                let is_full = draft.fields.iter().all(|(name, _)| {
                    let form = self.form.as_ref();
                    form.is_some_and(|form| form.find(name).is_some())
                });
                let mut effects = if is_full { Vec::new() } else { self.show_all() };
                if let Some(form) = &mut self.form {
                    form.restore(&draft.fields);
                }
                effects.extend(self.understand_all());
                effects
            }
            (Above::Draft(..), _) => self.forget().into_iter().collect(),
            (Above::Duplicate(_, candidate), 0) => {
                vec![Effect::Read(REFER, Query::Refer(candidate.reference))]
            }
            (Above::Duplicate(..), 1) => match self.addition() {
                Some(assignments) => self.write(Deed::Adopt(assignments)),
                None => Vec::new(),
            },
            (Above::Duplicate(..), 2) => match self.addition() {
                Some(assignments) => self.write(Deed::Add {
                    noun: Noun::Customer,
                    assignments,
                    anyway: true,
                }),
                None => Vec::new(),
            },
            (Above::Similar(_, links), number) => {
                let Some(link) = links.into_iter().nth(number) else {
                    return Vec::new();
                };
                std::iter::once(Effect::Close)
                    .chain(self.keep(world))
                    .chain([Effect::Open(Place::Record(link))])
                    .collect()
            }
            (Above::Pick(_, deeds), number) => self.picked(deeds, number),
            (Above::Clash(_, clashes), number) => self.settle(clashes, number, world),
            (Above::Duplicate(..) | Above::Preview(..), _) => Vec::new(),
        }
    }

    /// What a new record is to be made of.
    fn addition(&self) -> Option<Vec<crm::domain::input::Assignment>> {
        match self.purpose.deed(self.sketch.as_ref()?, self.form.as_ref()?)? {
            Deed::Add { assignments, .. } => Some(assignments),
            _ => None,
        }
    }

    fn picked(&mut self, deeds: Vec<Deed>, number: usize) -> Vec<Effect> {
        let Some(deed) = deeds.into_iter().nth(number) else {
            return vec![Effect::Close];
        };
        let of = self.purpose.of();
        if of.len() >= MANY {
            let lines = of
                .iter()
                .map(|link| format!("{} {}", link.reference(), link.name));
            let question = format!("Change {}?", called(self.purpose.noun(), &of));
            self.above = Some(Above::preview(&question, lines.collect(), of.len(), deed));
            return Vec::new();
        }
        vec![Effect::Close, Effect::Write(deed)]
    }

    /// Takes the answer about one field, and asks about the next.
    fn settle(&mut self, mut clashes: Vec<Clash>, number: usize, world: &World) -> Vec<Effect> {
        if clashes.is_empty() {
            return refuse("there is nothing to choose");
        }
        let clash = clashes.remove(0);
        let value = match number {
            0 => &clash.mine,
            1 => &clash.theirs,
            _ => &clash.base,
        };
        if let Some(form) = &mut self.form
            && let Some(field) = form.find(&clash.name)
        {
            form.fill(field, &shown(value));
        }
        self.above = Above::clash(clashes);
        let mut effects: Vec<Effect> = self.keep(world).into_iter().collect();
        if self.above.is_none() {
            effects.push(Effect::Say(Message::hint("Ctrl+S saves what was chosen")));
        }
        effects
    }
}
