//! What a list says in words.

use crm::domain::noun::Noun;

/// What stands where there is no record yet: what this is, and how it is filled.
pub(super) fn empty(noun: Noun, is_trash: bool, new: &str) -> [String; 2] {
    if is_trash {
        return [
            format!("No {} in the trash", noun.plural()),
            "what is deleted stays here until it is restored".to_owned(),
        ];
    }
    match noun {
        Noun::Customer => [
            "No customers yet: people and companies you deal with".to_owned(),
            format!("{new} adds the first; `crm import customer people.csv` reads a file"),
        ],
        Noun::Task => [
            "Nothing to do".to_owned(),
            format!("{new} adds a task, as in: call Anna tomorrow"),
        ],
        Noun::Deal => [
            "No deals yet: what you want to sell to whom".to_owned(),
            format!("{new} adds one"),
        ],
        Noun::Order => [
            "No orders yet: what customers have bought".to_owned(),
            format!("{new} adds one"),
        ],
        noun => [format!("No {} yet", noun.plural()), format!("{new} adds one")],
    }
}

/// What stands where the filter lets nothing through.
pub(super) fn nothing(noun: Noun, filter: &str, trash: &str) -> [String; 2] {
    [
        format!("No {} pass the filter {filter}", noun.plural()),
        format!("Esc clears it; {trash} looks in the trash"),
    ]
}

/// How many are marked; `range` is the key that ends a range, where one goes on.
pub(super) fn marked(count: usize, hidden: u64, range: Option<&str>) -> String {
    let hidden = match hidden {
        0 => String::new(),
        hidden => format!(", {hidden} hidden by filter"),
    };
    let range = range.map_or_else(String::new, |key| format!(" · range goes on: {key} ends it"));
    format!("{count} marked{hidden}{range}")
}

/// Everything is marked.
pub(super) fn every(count: usize, noun: Noun, is_all: bool) -> String {
    match is_all {
        true => format!("marked {count} {}, those out of sight too", noun.plural()),
        false => format!(
            "marked the first {count} {}; more cannot be marked at once",
            noun.plural()
        ),
    }
}

/// There is no such view.
pub(super) fn no_view(number: u8, count: usize, noun: Noun, save: &str) -> String {
    match count {
        0 => format!(
            "there is no view of {} yet; {save} keeps this list as one",
            noun.plural()
        ),
        count => format!("there is no view {number}, only {count}; {save} keeps this list as another"),
    }
}
