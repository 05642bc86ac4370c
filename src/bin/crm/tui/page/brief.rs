//! What to know of a customer before something is done, as lines: who, why now, the last contacts, what is open, what
//! to ask.

use crm::domain::agenda::Entry;
use crm::domain::noun::Noun;
use crm::report::brief::Brief;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::{agenda, brief as words, cut, relative, sanitise};
use crate::tui::component::draw;
use crate::tui::page::today::read::Preview;
use crate::tui::world::World;

/// One line: the texts in it, each in its style.
pub(crate) type Line = Vec<(String, Style)>;

/// The most questions that are shown.
const QUESTIONS: usize = 4;
/// The cells of the day of a contact.
const DAY: usize = 9;

/// Draws lines from `scroll` on; tells how many there are.
pub(crate) fn draw(lines: &[Line], buffer: &mut Buffer, area: Rect, scroll: u16, world: &World) {
    let last = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let first = scroll.min(last.saturating_sub(area.height));
    for (row, line) in (0..area.height).zip(lines.iter().skip(usize::from(first))) {
        let texts: Vec<(&str, Style)> = line.iter().map(|(text, style)| (text.as_str(), *style)).collect();
        draw::texts(buffer, draw::row(area, row), &texts, &world.look);
    }
}

/// What to know about an entry where there is so much room: where it is little, what can be said shorter is.
pub(crate) fn fitting(preview: &Preview, entry: Option<&Entry>, area: Rect, world: &World) -> Vec<Line> {
    let room = usize::from(area.width);
    let whole = lines(preview, entry, room, world);
    if whole.len() <= usize::from(area.height) {
        return whole;
    }
    told(preview, entry, (room, true), world)
}

/// What to know about an entry, in so many cells.
pub(crate) fn lines(preview: &Preview, entry: Option<&Entry>, room: usize, world: &World) -> Vec<Line> {
    told(preview, entry, (room, false), world)
}

fn told(
    preview: &Preview,
    entry: Option<&Entry>,
    (room, is_short): (usize, bool),
    world: &World,
) -> Vec<Line> {
    let mut page = Page {
        lines: Vec::new(),
        room,
        is_short,
        world,
    };
    match &preview.brief {
        Some(brief) => page.who(brief),
        None => page.title(&words::named(&preview.record)),
    }
    page.why(preview, entry);
    if let Some(brief) = &preview.brief {
        page.contacts(brief);
        page.open(brief);
        page.questions(brief);
    }
    page.lines
}

struct Page<'w> {
    lines: Vec<Line>,
    room: usize,
    /// Without blank lines, and with one line for each contact.
    is_short: bool,
    world: &'w World,
}

impl Page<'_> {
    fn title(&mut self, text: &str) {
        let style = self.world.look.title;
        for part in cut::wrap(&sanitise::block(text), self.room) {
            self.lines.push(vec![(part, style)]);
        }
    }

    fn plain(&mut self, text: &str, style: Style) {
        if text.is_empty() {
            return;
        }
        for part in cut::wrap(&sanitise::block(text), self.room) {
            self.lines.push(vec![(part, style)]);
        }
    }

    fn head(&mut self, text: &str) {
        if !self.is_short {
            self.lines.push(Vec::new());
        }
        self.lines.push(vec![(text.to_owned(), self.world.look.title)]);
    }

    /// A label and a text that hangs beside it.
    fn labelled(&mut self, (label, cells): (&str, usize), text: &str, style: Style) {
        let look = &self.world.look;
        let indent = cells.min(self.room / 4);
        for (at, part) in cut::wrap(&sanitise::block(text), self.room.saturating_sub(indent + 1))
            .into_iter()
            .enumerate()
        {
            let head = if at == 0 {
                draw::fit(label, indent, look)
            } else {
                "".into()
            };
            let blanks = " ".repeat(indent.saturating_sub(draw::cells(&head)) + 1);
            self.lines
                .push(vec![(format!("{head}{blanks}"), look.dim), (part, style)]);
        }
    }

    fn who(&mut self, brief: &Brief) {
        let (look, clock) = (&self.world.look, self.world.clock());
        let known = |names: &[&str]| words::all_known(brief, names, clock);
        self.title(&words::named(&brief.customer));
        if words::known(brief, "do_not_contact", clock) == "yes" {
            self.plain("ASKED NOT TO BE CONTACTED", look.error);
        }
        self.plain(&known(&["title", "company", "city"]), look.text);
        self.plain(&words::known(brief, "phones", clock), look.accent);
        self.plain(&words::known(brief, "emails", clock), look.text);
        self.plain(&known(&["lifecycle", "level", "tags"]), look.dim);
    }

    fn why(&mut self, preview: &Preview, entry: Option<&Entry>) {
        let (look, clock) = (&self.world.look, self.world.clock());
        if let Some(entry) = entry {
            self.head("WHY NOW");
            self.plain(&agenda::sentence(entry, preview.due, clock), look.warning);
            if matches!(
                entry.record.noun,
                Noun::Task | Noun::Feedback | Noun::Order | Noun::Quote
            ) {
                self.plain(&entry.record.name, look.text);
            }
        }
        self.plain(&preview.note, look.text);
    }

    fn contacts(&mut self, brief: &Brief) {
        let (look, clock) = (&self.world.look, self.world.clock());
        self.head("LAST CONTACTS");
        if brief.contacts.is_empty() {
            self.plain("none yet", look.dim);
        }
        for contact in &brief.contacts {
            let day = clock.day_of(contact.at);
            let label = day.strftime("%-d %b").to_string();
            let label = relative::near(day, clock).map_or(label, |near| near.replace(" days ago", "d ago"));
            let text = words::contact(contact);
            let text = match self.is_short {
                true => {
                    let cells = self.room.saturating_sub(DAY.min(self.room / 4) + 1);
                    draw::fit(&sanitise::line(&text), cells, look).into_owned()
                }
                false => text,
            };
            self.labelled((&label, DAY), &text, look.text);
        }
    }

    fn open(&mut self, brief: &Brief) {
        if brief.open.is_empty() {
            return;
        }
        let (look, clock) = (&self.world.look, self.world.clock());
        self.head("OPEN");
        let refs = brief
            .open
            .iter()
            .map(|open| open.record.reference().to_string().len());
        let cells = refs.max().unwrap_or(0);
        for open in &brief.open {
            let style = if open.is_overdue { look.overdue } else { look.text };
            let reference = open.record.reference().to_string();
            self.labelled((&reference, cells), &words::open(open, clock), style);
        }
    }

    fn questions(&mut self, brief: &Brief) {
        if brief.ask.is_empty() {
            return;
        }
        let (look, clock) = (&self.world.look, self.world.clock());
        self.head("ASK");
        for ask in brief.ask.iter().take(QUESTIONS) {
            let (question, reason) = words::words(ask, clock);
            self.labelled((look.symbols.dot, 1), &format!("{question}: {reason}"), look.text);
        }
    }
}
