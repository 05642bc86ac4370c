//! The line of tabs: all names; or the active one among the keys of the others, or where these have none, among as many names
//! as there is room for; or the active one alone.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw;
use super::look::Look;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tab {
    /// The key that goes there; may be empty.
    pub(crate) key: String,
    /// Its name.
    pub(crate) name: String,
}

impl Tab {
    fn full(&self) -> String {
        match self.key.is_empty() {
            true => self.name.clone(),
            false => format!("{} {}", self.key, self.name),
        }
    }
}

/// Draws the tabs into the first row of `area`; tells where which tab stands.
pub(crate) fn render(
    tabs: &[Tab],
    active: usize,
    area: Rect,
    buffer: &mut Buffer,
    look: &Look,
) -> Vec<(Rect, usize)> {
    let row = draw::row(area.intersection(buffer.area), 0);
    draw::clear(buffer, row, look.text);
    let all = labels(tabs, |_, tab| Some(tab.full()));
    let keys = labels(tabs, |number, tab| match number == active {
        true => Some(tab.full()),
        false => Some(tab.key.clone()).filter(|key| !key.is_empty()),
    });
    let alone = labels(tabs, |number, tab| (number == active).then(|| tab.full()));
    let room = usize::from(row.width);
    let shown = match tabs.iter().all(|tab| tab.key.is_empty()) {
        true => around(&all, active, room),
        false => [all, keys].into_iter().find(|labels| cells(labels) <= room),
    };
    let shown = shown.unwrap_or(alone);
    let mut rest = row;
    let mut places = Vec::new();
    for (number, label) in shown {
        let (text, style) = match number == active {
            true => (format!("[{label}]"), look.accent),
            false => (format!(" {label} "), look.text),
        };
        let used = draw::text(buffer, rest, &text, style, look);
        if used > 0 {
            places.push((Rect { width: used, ..rest }, number));
        }
        rest = draw::right_of(rest, used);
    }
    places
}

fn labels(tabs: &[Tab], label: impl Fn(usize, &Tab) -> Option<String>) -> Vec<(usize, String)> {
    let numbered = tabs.iter().enumerate();
    numbered
        .filter_map(|(number, tab)| Some((number, label(number, tab)?)))
        .collect()
}

/// As many labels around the active one as there is room for; none if there is not room for that.
fn around(labels: &[(usize, String)], active: usize, room: usize) -> Option<Vec<(usize, String)>> {
    let fits = |from: usize, to: usize| {
        labels
            .get(from..to)
            .filter(|labels| !labels.is_empty() && cells(labels) <= room)
    };
    let (mut from, mut to) = (active, active + 1);
    let mut shown = fits(from, to)?;
    loop {
        let before = (from, to);
        if let Some(more) = fits(from, to + 1) {
            (shown, to) = (more, to + 1);
        }
        if let Some(more) = from.checked_sub(1).and_then(|from| fits(from, to)) {
            (shown, from) = (more, from - 1);
        }
        if (from, to) == before {
            return Some(shown.to_vec());
        }
    }
}

fn cells(labels: &[(usize, String)]) -> usize {
    labels.iter().map(|(_, label)| draw::cells(label) + 2).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    #[test]
    fn tabs_become_shorter_where_there_is_less_room() {
        let tabs: Vec<_> = [("1", "Today"), ("2", "客户"), ("3", "Pipeline")]
            .map(|(key, name)| Tab {
                key: key.to_owned(),
                name: name.to_owned(),
            })
            .into();
        for (width, expected) in [
            (30, " 1 Today [2 客户] 3 Pipeline   "),
            (29, " 1 Today [2 客户] 3 Pipeline  "),
            (16, " 1 [2 客户] 3    "),
            (10, "[2 客户]  "),
            (5, "[2…"),
        ] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
            let area = buffer.area;
            let places = render(&tabs, 1, area, &mut buffer, &Look::plain());
            let row = lines(&buffer).concat();
            assert_eq!(row.trim_end(), expected.trim_end(), "{width}");
            assert!(places.iter().any(|(place, tab)| *tab == 1 && place.width >= 3));
        }
    }

    proptest! {
        #[test]
        fn tabs_stay_in_their_area(names in prop::collection::vec(hostile(), 1..8), area in sizes(), active in 0_usize..9) {
            let tabs: Vec<_> = names
                .into_iter()
                .map(|name| Tab { key: "1".to_owned(), name })
                .collect();
            draw_inside(area, |area, buffer| {
                draw::clear(buffer, area, Look::plain().text);
                for (place, _) in render(&tabs, active, area, buffer, &Look::plain()) {
                    assert_eq!(place.intersection(area), place);
                }
            });
        }
    }
}
