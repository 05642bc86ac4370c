//! Which keys mean what: the table of actions, a preset that differs from it, and what the settings say against both.

mod layout;
mod preset;

use std::collections::BTreeMap;

use crm::config::dashboard::Preset;
use crm::domain::near::near;
use crossterm::event::KeyCode;

use crate::text::width;
use crate::tui::action::{ACTIONS, Action, Scope, named};
use crate::tui::key::{Key, shown};

/// One way to do something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Binding {
    pub(crate) scope: Scope,
    pub(crate) keys: Vec<Key>,
    pub(crate) action: Action,
}

/// All ways.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Keymap {
    bindings: Vec<Binding>,
    /// Letters that mean nothing are the beginning of what is looked for.
    pub(crate) types_ahead: bool,
}

/// What keys mean so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// This.
    Action(Action),
    /// Something, with one of these keys after it.
    Prefix(Vec<(Key, Action)>),
    /// Nothing.
    Nothing,
}

impl Default for Keymap {
    fn default() -> Keymap {
        Keymap::new(Preset::Default, &BTreeMap::new()).0
    }
}

impl Keymap {
    /// The keys of the table and the preset, and for the actions named here those of the settings instead; with what is
    /// wrong with them.
    pub(crate) fn new(preset: Preset, settings: &BTreeMap<String, Vec<String>>) -> (Keymap, Vec<String>) {
        let presets = preset::keys(preset);
        let mut warnings = Vec::new();
        for id in settings.keys() {
            if named(id).is_none() {
                let near = near(id, ACTIONS.iter().map(|entry| entry.id));
                let meant = near
                    .first()
                    .map_or_else(String::new, |near| format!("; did you mean {near}?"));
                warnings.push(format!("keys: there is no action {id:?}{meant}"));
            }
        }
        let mut bindings: Vec<Binding> = Vec::new();
        for entry in ACTIONS {
            let own = settings.get(entry.id);
            let texts: Vec<&str> = match own {
                Some(texts) => texts.iter().map(String::as_str).collect(),
                None => {
                    let of_preset = presets.iter().find(|(id, _)| *id == entry.id);
                    of_preset.map_or(entry.keys, |(_, keys)| keys).to_vec()
                }
            };
            for text in texts {
                let Some(keys) = Key::sequence(text) else {
                    warnings.push(format!("keys: {} has {text:?}, which is no key", entry.id));
                    continue;
                };
                let taken = bindings
                    .iter()
                    .position(|known| known.scope == entry.scope && known.keys == keys);
                if let Some(at) = taken {
                    // What a person has chosen goes before what the table says.
                    let other = bindings.get(at).map(|known| known.action);
                    let other = ACTIONS.iter().find(|entry| Some(entry.action) == other);
                    let other = other.map_or("", |entry| entry.id);
                    warnings.push(format!("keys: {} means {other} and {}", shown(&keys), entry.id));
                    if own.is_none() {
                        continue;
                    }
                    bindings.remove(at);
                }
                bindings.push(Binding {
                    scope: entry.scope,
                    keys,
                    action: entry.action,
                });
            }
        }
        let keymap = Keymap {
            bindings,
            types_ahead: preset == Preset::Plain,
        };
        (keymap, warnings)
    }

    /// What these keys mean where these scopes count, the innermost first. Letters of other keyboards stand for those
    /// that a Latin one has at their place, unless they have a meaning of their own.
    pub(crate) fn meaning(&self, scopes: &[Scope], pressed: &[Key]) -> Meaning {
        match self.meaning_as_typed(scopes, pressed) {
            Meaning::Nothing if pressed.iter().any(|key| latin(*key) != *key) => {
                let latin: Vec<Key> = pressed.iter().map(|key| latin(*key)).collect();
                self.meaning_as_typed(scopes, &latin)
            }
            meaning => meaning,
        }
    }

    fn meaning_as_typed(&self, scopes: &[Scope], pressed: &[Key]) -> Meaning {
        let found = scopes.iter().find_map(|scope| {
            self.bindings
                .iter()
                .find(|binding| binding.scope == *scope && binding.keys == pressed)
        });
        if let Some(binding) = found {
            return Meaning::Action(binding.action);
        }
        let mut longer: Vec<(Key, Action)> = Vec::new();
        for scope in scopes {
            for binding in self.bindings.iter().filter(|binding| binding.scope == *scope) {
                if let Some([next, ..]) = binding.keys.strip_prefix(pressed)
                    && longer.iter().all(|(known, _)| known != next)
                {
                    longer.push((*next, binding.action));
                }
            }
        }
        if longer.is_empty() {
            Meaning::Nothing
        } else {
            Meaning::Prefix(longer)
        }
    }

    /// The keys of an action as they are shown, the first first; empty if it has none.
    pub(crate) fn keys(&self, action: Action) -> Vec<String> {
        self.bindings
            .iter()
            .filter(|binding| binding.action == action)
            .map(|binding| shown(&binding.keys))
            .collect()
    }

    /// The keys that do an action where these scopes count: those that mean something else there are none.
    pub(crate) fn keys_here(&self, scopes: &[Scope], action: Action) -> Vec<String> {
        self.bindings
            .iter()
            .filter(|binding| binding.action == action && scopes.contains(&binding.scope))
            .filter(|binding| self.meaning(scopes, &binding.keys) == Meaning::Action(action))
            .map(|binding| shown(&binding.keys))
            .collect()
    }

    /// The first of these; empty if there is none.
    pub(crate) fn key_here(&self, scopes: &[Scope], action: Action) -> String {
        self.keys_here(scopes, action)
            .into_iter()
            .next()
            .unwrap_or_default()
    }

    /// The first key of an action as it is shown; empty if it has none.
    pub(crate) fn key(&self, action: Action) -> String {
        self.keys(action).into_iter().next().unwrap_or_default()
    }
}

/// A page of all actions by where they count: the keys, what each does, and its name for the settings.
pub(crate) fn page(keymap: &Keymap) -> String {
    let mut text = String::from(
        "The keys of the dashboard. Settings change them: [keys] with ACTION = [\"KEY\", ...], or keymap = \"vim\".\n\
         KEY is q, ctrl-d, alt-1, shift-tab, f5, space, comma, or several in a row: g t.\n",
    );
    let width = |action| width::width(&keymap.keys(action).join(", "));
    let keys = ACTIONS.iter().map(|entry| width(entry.action)).max().unwrap_or(0);
    let names = ACTIONS.iter().map(|entry| entry.id.len()).max().unwrap_or(0);
    let mut scopes: Vec<Scope> = Vec::new();
    for entry in ACTIONS {
        if !scopes.contains(&entry.scope) {
            scopes.push(entry.scope);
        }
    }
    for scope in scopes {
        text.push_str(&format!("\n{}\n\n", scope.title()));
        for entry in ACTIONS.iter().filter(|entry| entry.scope == scope) {
            let shown = keymap.keys(entry.action).join(", ");
            let shown = width::pad(&shown, keys);
            text.push_str(&format!("  {shown}  {:names$}  {}\n", entry.id, entry.title));
        }
    }
    text
}

/// The key that a Latin keyboard has at this place.
fn latin(key: Key) -> Key {
    match key.code {
        KeyCode::Char(letter) => Key {
            code: KeyCode::Char(layout::latin(letter).unwrap_or(letter)),
            ..key
        },
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        Key::sequence(text).expect("keys")
    }

    #[test]
    fn the_table_gives_no_key_of_a_scope_twice() {
        for preset in [Preset::Default, Preset::Vim, Preset::Plain] {
            let (_, warnings) = Keymap::new(preset, &BTreeMap::new());
            assert_eq!(warnings, [""; 0], "{preset:?}");
        }
    }

    #[test]
    fn the_page_of_keys_has_every_action_with_the_keys_that_hold() {
        let own = BTreeMap::from([("edit".to_owned(), vec!["ctrl-e".to_owned()])]);
        let text = page(&Keymap::new(Preset::Default, &own).0);
        for entry in ACTIONS {
            let line = text
                .lines()
                .find(|line| line.contains(&format!("  {}  ", entry.id)));
            assert!(
                line.is_some_and(|line| line.ends_with(entry.title)),
                "{}",
                entry.id
            );
        }
        assert!(text.contains("  Ctrl+E "), "{text}");
        assert!(text.lines().all(|line| line.trim_end() == line));
    }

    #[test]
    fn presets_name_actions_that_there_are() {
        for preset in [Preset::Vim, Preset::Plain] {
            for (id, texts) in preset::keys(preset) {
                assert!(named(id).is_some(), "{id}");
                for text in *texts {
                    assert!(Key::sequence(text).is_some(), "{id}: {text}");
                }
            }
        }
    }

    #[test]
    fn in_the_plain_preset_no_letter_means_anything() {
        let (keymap, _) = Keymap::new(Preset::Plain, &BTreeMap::new());
        let letters: Vec<String> = keymap
            .bindings
            .iter()
            // In the work queue there is nothing to be looked for by name.
            .filter(|binding| binding.scope == Scope::List || binding.scope == Scope::Global)
            .filter(|binding| {
                let first = binding.keys.first().and_then(|key| key.text());
                first.is_some_and(char::is_alphabetic)
            })
            .map(|binding| shown(&binding.keys))
            .collect();
        assert_eq!(letters, [""; 0]);
    }

    #[test]
    fn letters_of_other_keyboards_count_by_their_place_unless_they_are_bound() {
        let keymap = Keymap::default();
        let list = [Scope::List, Scope::Global];
        for (typed, expected) in [
            ("о", Action::Down),
            ("п п", Action::First),
            ("П", Action::Last),
            ("ξ", Action::Down),
            ("γ τ", Action::Today),
            ("ctrl-в", Action::PageDown),
        ] {
            assert_eq!(
                keymap.meaning(&list, &keys(typed)),
                Meaning::Action(expected),
                "{typed}"
            );
        }
        assert!(matches!(keymap.meaning(&list, &keys("п")), Meaning::Prefix(_)));
        assert_eq!(keymap.meaning(&list, &keys("张")), Meaning::Nothing);
        let own = BTreeMap::from([("edit".to_owned(), vec!["о".to_owned()])]);
        let (keymap, _) = Keymap::new(Preset::Default, &own);
        assert_eq!(keymap.meaning(&list, &keys("о")), Meaning::Action(Action::Edit));
    }

    #[test]
    fn inner_scopes_go_before_outer_ones_and_prefixes_wait() {
        let keymap = Keymap::default();
        let meaning = |scopes: &[Scope], text: &str| keymap.meaning(scopes, &keys(text));
        let list = [Scope::List, Scope::Global];
        assert_eq!(meaning(&list, "J"), Meaning::Action(Action::DetailDown));
        let record = [Scope::Record, Scope::List, Scope::Global];
        assert_eq!(meaning(&record, "J"), Meaning::Action(Action::NextRecord));
        assert_eq!(meaning(&list, "g g"), Meaning::Action(Action::First));
        let Meaning::Prefix(next) = meaning(&list, "g") else {
            panic!("g waits for another key");
        };
        assert!(next.contains(&(Key::letter('t'), Action::Today)));
        assert_eq!(meaning(&list, "f12"), Meaning::Nothing);
    }

    #[test]
    fn settings_take_the_place_of_keys_and_are_checked() {
        let settings = BTreeMap::from([
            ("task.done".to_owned(), vec!["ctrl-x".to_owned()]),
            ("task.don".to_owned(), vec!["a".to_owned()]),
            ("edit".to_owned(), vec!["hyper-e".to_owned(), "n".to_owned()]),
        ]);
        let (keymap, warnings) = Keymap::new(Preset::Default, &settings);
        let scopes = [Scope::List, Scope::Global];
        assert_eq!(keymap.meaning(&scopes, &keys("x")), Meaning::Nothing);
        assert_eq!(
            keymap.meaning(&scopes, &keys("ctrl-x")),
            Meaning::Action(Action::Done)
        );
        assert_eq!(keymap.meaning(&scopes, &keys("n")), Meaning::Action(Action::Edit));
        assert_eq!(
            warnings,
            [
                "keys: there is no action \"task.don\"; did you mean task.done?",
                "keys: edit has \"hyper-e\", which is no key",
                "keys: n means new and edit",
            ]
        );
    }
}
