//! How the work queue is drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::{agenda, number};
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::component::pane::Pane;
use crate::tui::modal::date_line::presets;
use crate::tui::page::brief::{self, Line};
use crate::tui::page::queue::outcome::Outcome;
use crate::tui::page::queue::{Asking, Left, Queue};
use crate::tui::view;
use crate::tui::world::World;

/// From so many cells on, the queue stands beside the customer.
const CELLS_WITH_QUEUE: u16 = 100;
/// The rows below the customer: the note or a question, and its answer.
const FOOT: u16 = 3;

/// Where what stands: the customer, what is asked, the queue.
fn layout(area: Rect, world: &World) -> (Rect, Rect, Option<Rect>) {
    let beside = (area.width >= CELLS_WITH_QUEUE).then_some(area.width / 3);
    let width = area.width - beside.unwrap_or(0);
    let main = Rect { width, ..area };
    let inner = match world.is_narrow() {
        true => draw::below(main, 1),
        false => Pane::inner(main),
    };
    let height = inner.height.saturating_sub(FOOT);
    let top = Rect { height, ..inner };
    (
        top,
        draw::below(inner, height),
        beside.map(|_| draw::right_of(area, width)),
    )
}

/// How far it can be scrolled.
pub(super) fn last_line(page: &Queue, world: &World) -> u16 {
    let (top, ..) = layout(view::inner(world.area), world);
    let lines = u16::try_from(lines(page, top, world).len()).unwrap_or(u16::MAX);
    lines.saturating_sub(top.height)
}

pub(super) fn draw(page: &Queue, buffer: &mut Buffer, area: Rect, world: &World) -> Option<Position> {
    let look = &world.look;
    let (top, foot, beside) = layout(area, world);
    let width = beside.map_or(area.width, |beside| area.width - beside.width);
    frame(page, buffer, Rect { width, ..area }, world);
    if let Some(error) = &page.error {
        let text = format!("{error}; {} reads again", world.keymap.key(Action::Refresh));
        draw::text(buffer, draw::row(top, 0), &text, look.error, look);
        return None;
    }
    page.stops.as_ref()?;
    if let Some(beside) = beside {
        queue(page, buffer, beside, world);
    }
    if page.stop().is_none() {
        brief::draw(&end(page, world), buffer, top, 0, world);
        return None;
    }
    brief::draw(&lines(page, top, world), buffer, top, page.scroll, world);
    self::foot(page, buffer, foot, world)
}

fn frame(page: &Queue, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let place = match page.stops {
        Some(_) if page.stop().is_some() => format!("{} of {}", page.at() + 1, page.count()),
        Some(_) => "done".to_owned(),
        None => String::new(),
    };
    let title = format!("Work queue {} {place}", look.symbols.dot);
    if world.is_narrow() {
        draw::text(buffer, draw::row(area, 0), &title, look.accent, look);
        return;
    }
    let note = tally(page).join(", ");
    let pane = Pane {
        title: &title,
        note: &note,
        focused: true,
    };
    pane.draw(buffer, area, look);
}

/// What was achieved, in words.
fn tally(page: &Queue) -> Vec<String> {
    let count = |fits: &dyn Fn(&Left) -> bool| page.trail.iter().filter(|left| fits(left)).count();
    let mut texts = Vec::new();
    for outcome in Outcome::ALL {
        let found = count(&|left| matches!(left, Left::Done(Some(known), _) if *known == outcome));
        if found > 0 {
            texts.push(format!("{found} {}", outcome.word()));
        }
    }
    for (found, word) in [
        (count(&|left| matches!(left, Left::Done(None, _))), "done"),
        (count(&|left| *left == Left::Skipped), "skipped"),
    ] {
        if found > 0 {
            texts.push(format!("{found} {word}"));
        }
    }
    texts
}

fn lines(page: &Queue, area: Rect, world: &World) -> Vec<Line> {
    let Some(stop) = page.stop() else {
        return Vec::new();
    };
    match page.known() {
        Some(preview) => brief::fitting(preview, Some(&stop.entry), area, world),
        None => vec![vec![(stop.customer.name.clone(), world.look.title)]],
    }
}

/// What is said when nobody is left.
fn end(page: &Queue, world: &World) -> Vec<Line> {
    let look = &world.look;
    let mut lines = vec![match page.count() {
        0 => vec![("Nobody is waiting.".to_owned(), look.title)],
        1 => vec![("That was the only one.".to_owned(), look.title)],
        count => vec![(
            format!("Those were all {}.", number::many(count as u64)),
            look.title,
        )],
    }];
    let texts = tally(page).into_iter();
    lines.extend(texts.map(|text| vec![(format!("  {text}"), look.good)]));
    lines.push(Vec::new());
    let (back, undo) = (world.keymap.key(Action::Back), world.keymap.key(Action::Undo));
    lines.push(vec![(
        format!("{back} goes back to Today; {undo} takes back the last one."),
        look.dim,
    )]);
    lines
}

/// The note, or what is asked.
fn foot(page: &Queue, buffer: &mut Buffer, area: Rect, world: &World) -> Option<Position> {
    let look = &world.look;
    let line = draw::row(area, 0);
    let text = look.symbols.line.repeat(usize::from(area.width));
    draw::text(buffer, line, &text, look.border, look);
    if last_line(page, world) > 0 {
        let keys = [Action::DetailDown, Action::DetailUp].map(|action| world.keymap.key(action));
        let text = format!(" {} scroll ", keys.join(" "));
        draw::text_right(buffer, line, &text, look.dim, look);
    }
    let (first, second) = (draw::row(area, 1), draw::row(area, 2));
    let field = |label: &str, buffer: &mut Buffer| {
        let used = draw::text(buffer, first, label, look.title, look);
        draw::right_of(first, used + 1)
    };
    match &page.asking {
        None => {
            let key = world.keymap.key(Action::Add);
            let (text, style) = match page.note.is_empty() {
                true => (format!("{key} writes down what is said"), look.dim),
                false => (format!("note: {}", page.note), look.text),
            };
            draw::text(buffer, first, &text, style, look);
            draw::text(buffer, second, &keys(world), look.dim, look);
            None
        }
        Some(Asking::Note(input)) => {
            let place = field("What was said?", buffer);
            draw::text(
                buffer,
                second,
                "Enter keeps it for what is logged, Esc leaves it",
                look.dim,
                look,
            );
            input.render(place, buffer, look)
        }
        Some(Asking::Reason(input)) => {
            let place = field("Why not?", buffer);
            draw::text(buffer, second, "Enter logs it, Esc leaves it", look.dim, look);
            input.render(place, buffer, look)
        }
        Some(Asking::When(outcome, date)) => {
            let label = match outcome {
                Outcome::Reached => "Next step?",
                _ => "Call back when?",
            };
            let place = field(label, buffer);
            let (answer, style) = match date.phrase().is_empty() {
                true => (format!("Enter for none; {}", presets()), look.dim),
                false => match date.answer(None, world) {
                    (answer, true) => (answer, look.good),
                    (answer, false) => (answer, look.dim),
                },
            };
            draw::text(buffer, second, &answer, style, look);
            date.input.render(place, buffer, look)
        }
        Some(Asking::Lose(deal)) => {
            let text = format!("Lose {} {} too? y or n", deal.reference(), deal.name);
            draw::text(buffer, first, &text, look.warning, look);
            draw::text(
                buffer,
                second,
                "Enter keeps the deal, Esc leaves it all",
                look.dim,
                look,
            );
            None
        }
    }
}

/// What keys plan by themselves.
fn keys(world: &World) -> String {
    let key = |action| world.keymap.key(action);
    format!(
        "{} plans another try in 2 days, {} one for tomorrow",
        key(Action::Voicemail),
        key(Action::NoAnswer)
    )
}

/// Who was, is and will be next.
fn queue(page: &Queue, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let inner = Pane {
        title: "Queue",
        ..Pane::default()
    }
    .draw(buffer, area, look);
    let Some(stops) = &page.stops else { return };
    let height = usize::from(inner.height);
    let first = page.at().saturating_sub(height / 3);
    let last = stops.len().saturating_sub(height);
    let shown = stops.iter().enumerate().skip(first.min(last));
    for (row, (at, stop)) in (0..inner.height).zip(shown) {
        let here = at == page.at();
        let (sign, style) = match page.trail.get(at) {
            Some(Left::Skipped) => (look.symbols.ahead, look.dim),
            Some(Left::Done(..)) => (look.symbols.done, look.dim),
            None if here => (look.symbols.cursor, look.selection),
            None => (" ", look.text),
        };
        let place = draw::row(inner, row);
        if here {
            draw::clear(buffer, place, style);
        }
        let why = agenda::short(&stop.entry, world.clock());
        let used = draw::text_right(buffer, place, &why, style, look);
        let left = Rect {
            width: place.width.saturating_sub(used + 1),
            ..place
        };
        draw::text(
            buffer,
            left,
            &format!("{sign} {}", stop.customer.name),
            style,
            look,
        );
    }
}
