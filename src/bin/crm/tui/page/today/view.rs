//! How the agenda is drawn.

use crm::domain::agenda::Section;
use crm::domain::noun::Noun;
use crm::domain::when::{When, show};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::{agenda, number};
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::component::pane::Pane;
use crate::tui::page::brief;
use crate::tui::page::today::Today;
use crate::tui::page::today::lines::Line;
use crate::tui::page::today::read::Agenda;
use crate::tui::page::today::row::{Row, Widths};
use crate::tui::view;
use crate::tui::world::World;

/// From so many rows on there are figures below.
const ROWS_WITH_STRIP: u16 = 28;
/// Where what stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) list: Rect,
    /// Where the lines of the list are.
    pub(super) rows: Rect,
    pub(super) detail: Option<Rect>,
    pub(super) strip: Option<Rect>,
}

/// Where what stands on a terminal of this size.
pub(super) fn layout(world: &World) -> Layout {
    let area = view::inner(world.area);
    let has_strip = world.area.height >= ROWS_WITH_STRIP && !world.is_narrow();
    let strip_rows = if has_strip { 3 } else { 0 };
    let above = Rect {
        height: area.height.saturating_sub(strip_rows),
        ..area
    };
    let strip = has_strip.then(|| draw::below(area, above.height));
    let is_tall = world.area.height >= ROWS_WITH_STRIP;
    let (list, detail) = match (world.preview, world.is_wide(), world.is_narrow()) {
        (true, true, _) => {
            let share = if area.width < 120 { 52 } else { 48 };
            let width = area.width * share / 100;
            (Rect { width, ..above }, Some(draw::right_of(above, width)))
        }
        (true, false, false) if is_tall => {
            let height = above.height * 55 / 100;
            (Rect { height, ..above }, Some(draw::below(above, height)))
        }
        _ => (above, None),
    };
    let rows = match world.is_narrow() {
        true => draw::below(list, 1),
        false => Pane::inner(list),
    };
    Layout {
        list,
        rows,
        detail,
        strip,
    }
}

/// How many lines are in sight.
pub(super) fn height(world: &World) -> usize {
    usize::from(layout(world).rows.height)
}

pub(super) fn draw(page: &Today, buffer: &mut Buffer, world: &World) {
    let layout = layout(world);
    frame(page, buffer, layout.list, world);
    if let Some(error) = &page.error {
        let text = format!("{error}; {} reads again", world.keymap.key(Action::Refresh));
        draw::text(
            buffer,
            draw::row(layout.rows, 0),
            &text,
            world.look.error,
            &world.look,
        );
    } else if page.lines.is_empty() {
        nothing(page, buffer, layout.rows, world);
    } else {
        rows(page, buffer, layout.rows, world);
    }
    if let Some(detail) = layout.detail {
        preview(page, buffer, detail, world);
    }
    if let Some(strip) = layout.strip {
        figures(page, buffer, strip, world);
    }
}

/// The title, and how much there is to do.
fn frame(page: &Today, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let day = world.clock().today().strftime("%a %-d %b");
    let title = format!("Today {} {day}", look.symbols.dot);
    let count = page.lines.agenda.as_ref().map(|agenda| counted(agenda));
    let marked = match page.marked.len() {
        0 => String::new(),
        count => format!("{count} marked {} ", look.symbols.dot),
    };
    let note = format!("{marked}{}", count.unwrap_or_default());
    if world.is_narrow() {
        let row = draw::row(area, 0);
        let used = draw::text_right(buffer, row, &note, look.dim, look);
        let left = Rect {
            width: row.width.saturating_sub(used + 1),
            ..row
        };
        draw::text(buffer, left, &title, look.accent, look);
        return;
    }
    let pane = Pane {
        title: &title,
        note: &note,
        focused: true,
    };
    pane.draw(buffer, area, look);
}

fn counted(agenda: &Agenda) -> String {
    let due = |name: &str| {
        let section = agenda.sections.iter().find(|section| section.name == name);
        section.map_or(0, |section| section.count.counted)
    };
    let open = due("overdue") + due("today");
    format!(
        "{} open, {} done",
        number::many(open),
        number::many(agenda.done_count)
    )
}

/// What is said when nothing is due.
fn nothing(page: &Today, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let Some(agenda) = &page.lines.agenda else { return };
    let key = |action| world.keymap.key(action);
    let next = agenda.next.as_ref().map(|next| {
        let whom = next
            .customer
            .as_ref()
            .map(|customer| format!(", {}", customer.name));
        format!(
            "Next: {}, {}{}.",
            show::plain(next.due),
            next.title,
            whom.unwrap_or_default()
        )
    });
    let achieved = match agenda.done_count {
        0 => String::new(),
        1 => "1 task was done today.".to_owned(),
        count => format!("{} tasks were done today.", number::many(count)),
    };
    let texts = [
        ("Nothing is due.".to_owned(), look.title),
        (achieved, look.good),
        (next.unwrap_or_default(), look.text),
        (String::new(), look.text),
        (
            format!(
                "{} looks at the pipeline; {} and then {} is:quiet finds quiet customers; {} adds a task.",
                key(Action::Pipeline),
                key(Action::Customers),
                key(Action::Filter),
                key(Action::New)
            ),
            look.dim,
        ),
    ];
    let mut row = 0;
    for (text, style) in texts {
        if text.is_empty() && row == 0 {
            continue;
        }
        let text = crate::text::sanitise::line(&text).into_owned();
        for part in crate::text::cut::wrap(&text, usize::from(area.width)) {
            draw::text(buffer, draw::row(area, row), &part, style, look);
            row += 1;
        }
    }
}

fn rows(page: &Today, buffer: &mut Buffer, area: Rect, world: &World) {
    let Some(agenda) = &page.lines.agenda else { return };
    let look = &world.look;
    for (row, (line, here)) in (0..area.height).zip(page.lines.visible(usize::from(area.height))) {
        let place = draw::row(area, row);
        match line {
            Line::Head {
                section,
                folded,
                unfolded,
            } => {
                if let Some(section) = agenda.sections.get(section) {
                    head(section, (folded, unfolded), here, buffer, place, world);
                }
            }
            Line::Entry { section, at } => {
                if let Some(entry) = page.lines.entry(section, at) {
                    let is_marked = page.marked.iter().any(|link| link.id == entry.record.id);
                    let shown = page.lines.shown(section);
                    let widths = Widths::of(&shown, area.width, world);
                    Row::of(entry, world).draw((here, is_marked), widths, buffer, place, world);
                }
            }
            Line::Done(at) => {
                if let Some(done) = page.lines.done(at) {
                    let widths = Widths { kind: 9, why: 4 };
                    Row::finished(done, world).draw((here, false), widths, buffer, place, world);
                }
            }
            Line::More { section, hidden } => {
                let name = agenda.sections.get(section).map_or("", |section| section.name);
                let text = format!(
                    "  {} {} more in the list {name}",
                    look.symbols.cut,
                    number::many(hidden)
                );
                line_of(&text, look.dim, here, buffer, place, world);
            }
        }
    }
}

/// A text over a whole line, which may be under the cursor.
fn line_of(text: &str, style: Style, here: bool, buffer: &mut Buffer, place: Rect, world: &World) {
    let look = &world.look;
    let style = if here { look.selection } else { style };
    if here {
        draw::clear(buffer, place, style);
    }
    draw::text(buffer, place, text, style, look);
    if here {
        draw::text(buffer, place, look.symbols.cursor, style, look);
    }
}

fn head(
    section: &Section,
    (folded, unfolded): (u64, bool),
    here: bool,
    buffer: &mut Buffer,
    place: Rect,
    world: &World,
) {
    let look = &world.look;
    let style = match section.name {
        "overdue" => look.overdue,
        _ => look.title,
    };
    let title = agenda::heading(section.name).to_uppercase();
    let title = format!(" {title} ({})", number::count(section.count));
    line_of(&title, style, here, buffer, place, world);
    let room = draw::right_of(place, u16::try_from(draw::cells(&title)).unwrap_or(u16::MAX));
    let note = match (folded, unfolded) {
        (0, false) => return,
        (0, true) => format!(" {} ", look.symbols.down),
        (count, _) => format!(" {} more {} ", number::many(count), look.symbols.more),
    };
    let note = match draw::cells(&note) > usize::from(room.width) {
        true => format!(" {} ", look.symbols.more),
        false => note,
    };
    let style = if here { look.selection } else { look.dim };
    draw::text_right(buffer, room, &note, style, look);
}

fn preview(page: &Today, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let pane = Pane {
        title: "Preview",
        ..Pane::default()
    };
    let inner = pane.draw(buffer, area, look);
    let Some(preview) = &page.preview else { return };
    let entry = page
        .lines
        .current_entry()
        .filter(|entry| entry.record.id == preview.record.id);
    // Below it stands what can be done, after a blank.
    let room = Rect {
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let mut lines = brief::fitting(preview, entry, room, world);
    lines.push(Vec::new());
    lines.push(hints(page, world));
    brief::draw(&lines, buffer, inner, page.scroll, world);
}

/// What can be done about the entry.
fn hints(page: &Today, world: &World) -> brief::Line {
    let look = &world.look;
    let is_task = page.selection_noun() == Some(Noun::Task);
    let is_order = page.selection_noun() == Some(Noun::Order);
    let mut line = vec![("NEXT".to_owned(), look.title)];
    for (action, word) in [
        (Action::Contact, "contact"),
        (Action::Done, "done"),
        (Action::Pay, "paid"),
        (Action::Arrived, "arrived"),
        (Action::FollowUp, if is_task { "reschedule" } else { "next step" }),
        (Action::Add, "log"),
    ] {
        let key = world.keymap.key(action);
        let is_of_orders = matches!(action, Action::Pay | Action::Arrived);
        if key.is_empty() || action == Action::Done && !is_task || is_of_orders && !is_order {
            continue;
        }
        line.push((format!("  {key}"), look.accent));
        line.push((format!(" {word}"), look.dim));
    }
    line
}

fn figures(page: &Today, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let inner = Pane::default().draw(buffer, area, look);
    let Some(figures) = &page.figures else { return };
    let amount =
        |money: &Option<crm::domain::money::Money>| money.map_or_else(|| "-".to_owned(), number::money);
    let month = show::plain(When::Day(world.clock().today()));
    let month = month.split(' ').nth(2).unwrap_or_default().to_owned();
    let done = page.lines.agenda.as_ref().map_or(0, |agenda| agenda.done_count);
    let deals = match figures.won_count {
        0 => String::new(),
        1 => " (1 deal)".to_owned(),
        count => format!(" ({} deals)", number::grouped(count)),
    };
    let cells = [
        ("Open pipeline ".to_owned(), amount(&figures.open)),
        ("Weighted ".to_owned(), amount(&figures.weighted)),
        (
            format!("Won {month} "),
            format!("{}{deals}", amount(&figures.won)),
        ),
        ("Done today ".to_owned(), number::many(done)),
    ];
    let mut texts = vec![(" ", look.text)];
    for (label, text) in &cells {
        texts.push((label, look.dim));
        texts.push((text, look.title));
        texts.push(("   ", look.text));
    }
    draw::texts(buffer, draw::row(inner, 0), &texts, look);
}
