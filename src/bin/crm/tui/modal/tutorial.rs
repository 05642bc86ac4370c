//! A card at the foot of the screen for those who are new: it says what to press, and notices when it was done. It has
//! no keys of its own, so that everything can be tried while it is there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::cut;
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::component::popup::Popup;
use crate::tui::deed::{DealVerb, Deed, TaskVerb};
use crate::tui::world::World;

/// The widest that the card becomes.
const WIDEST: u16 = 64;

/// What is learned, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lesson {
    Find,
    Log,
    FollowUp,
    Move,
    Undo,
}

const LESSONS: [Lesson; 5] = [
    Lesson::Find,
    Lesson::Log,
    Lesson::FollowUp,
    Lesson::Move,
    Lesson::Undo,
];

/// How far somebody has come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tutorial {
    /// The number of the lesson; none for the card that only greets.
    step: Option<usize>,
    is_open: bool,
    /// The command of the page on which somebody was greeted.
    greeted: Vec<String>,
    /// Whether there is nothing in the base yet.
    is_empty: bool,
}

impl Tutorial {
    /// Greets on a page, and says how to begin; who goes on to another page needs no greeting any more.
    pub(crate) fn greet(&mut self, page: Vec<String>, is_empty: bool) {
        *self = Tutorial {
            step: None,
            is_open: true,
            greeted: page,
            is_empty,
        };
    }

    /// Somebody did more than look around, and needs no greeting any more.
    pub(crate) fn begun(&mut self) {
        self.is_open &= self.step.is_some();
    }

    /// Whether the card only greets.
    pub(crate) fn is_greeting(&self) -> bool {
        self.is_open && self.step.is_none()
    }

    /// Begins, or goes on where it was left.
    pub(crate) fn take_up(&mut self) {
        let is_over = self.step.is_some_and(|step| step >= LESSONS.len());
        self.step = self.step.filter(|_| !is_over).or(Some(0));
        self.is_open = true;
    }

    /// Closes the card; false if there is none.
    pub(crate) fn leave(&mut self) -> bool {
        std::mem::take(&mut self.is_open)
    }

    fn lesson(&self) -> Option<Lesson> {
        LESSONS.get(self.step.filter(|_| self.is_open)?).copied()
    }

    fn learned(&mut self, lesson: Lesson) {
        if self.lesson() == Some(lesson) {
            self.step = self.step.map(|step| step + 1);
        }
    }

    /// Notices a deed.
    pub(crate) fn wrote(&mut self, deed: &Deed) {
        let lesson = match deed {
            Deed::All(_, deeds) => return deeds.iter().for_each(|deed| self.wrote(deed)),
            Deed::Log { .. } => Lesson::Log,
            Deed::Add { noun, .. } if *noun == crm::domain::noun::Noun::Activity => Lesson::Log,
            Deed::Add { noun, .. } if *noun == crm::domain::noun::Noun::Task => Lesson::FollowUp,
            Deed::Tasks(TaskVerb::Snooze(_), _) => Lesson::FollowUp,
            Deed::Deals(DealVerb::Move(_) | DealVerb::Win(_) | DealVerb::Lose(..), _) => Lesson::Move,
            Deed::Undo(_) => Lesson::Undo,
            _ => return,
        };
        self.learned(lesson);
    }

    /// Notices what is shown, by the command that shows the same.
    pub(crate) fn saw(&mut self, command: &[String]) {
        if self.step.is_none() && command != self.greeted {
            self.is_open = false;
        }
        let has = |word: &str| command.iter().any(|known| known == word);
        if has("customer") && (has("-w") || has("show")) || has("find") {
            self.learned(Lesson::Find);
        }
    }

    /// The title, and what is said.
    fn texts(&self, world: &World) -> (String, String) {
        let key = |action| world.keymap.key(action);
        if self.step.is_none() && self.is_empty {
            let text = format!(
                "This base is new and empty. {} and then {} adds the first customer; `crm import customer \
                 people.csv` reads a file; `crm demo` opens samples to try everything on. {} shows every key.",
                key(Action::Customers),
                key(Action::New),
                key(Action::Help)
            );
            return ("Welcome".to_owned(), text);
        }
        let Some(step) = self.step else {
            let text = format!(
                "Arrows or j and k move, {} opens, {} finds, {} does anything, {} shows every key. \
                 {} and then tutorial shows the rest in five steps.",
                key(Action::Open),
                key(Action::Filter),
                key(Action::Palette),
                key(Action::Help),
                key(Action::Palette)
            );
            return ("Welcome".to_owned(), text);
        };
        let text = match LESSONS.get(step) {
            Some(Lesson::Find) => format!(
                "Find a customer: {} shows them all, {} and a part of the name finds one, {} opens it.",
                key(Action::Customers),
                key(Action::Filter),
                key(Action::Open)
            ),
            Some(Lesson::Log) => format!(
                "Log a call: {} on a customer, then what it was, what was said, and save it.",
                key(Action::Add)
            ),
            Some(Lesson::FollowUp) => format!(
                "Set the next step: {} on a customer, then a day as you would say it: tomorrow, fri 3pm.",
                key(Action::FollowUp)
            ),
            Some(Lesson::Move) => format!(
                "Move a deal: {} shows the pipeline, {} moves the card a stage on.",
                key(Action::Pipeline),
                key(Action::MoveRight)
            ),
            Some(Lesson::Undo) => format!(
                "Take it back: {} undoes the last thing, also after a restart; {} does it again.",
                key(Action::Undo),
                key(Action::Redo)
            ),
            None => format!(
                "That is all. {} shows what can be done here, {} does anything by its name.",
                key(Action::Help),
                key(Action::Palette)
            ),
        };
        let title = match step < LESSONS.len() {
            true => format!("{} of {}", step + 1, LESSONS.len()),
            false => "Done".to_owned(),
        };
        (title, text)
    }

    /// The greeting in one line, for terminals in which a card would hide the list.
    pub(crate) fn greeting(&self, world: &World) -> String {
        let key = |action| world.keymap.key(action);
        if self.is_empty {
            return format!(
                "Welcome: {} and then {} adds somebody",
                key(Action::Customers),
                key(Action::New)
            );
        }
        format!(
            "Welcome: {} opens, {} shows all keys",
            key(Action::Open),
            key(Action::Help)
        )
    }

    /// Draws the card at the foot of `page`, if there is one; at its top where the cursor would be below it.
    pub(crate) fn draw(&self, buffer: &mut Buffer, page: Rect, world: &World) {
        if !self.is_open || (world.is_narrow() && self.is_greeting()) {
            return;
        }
        let look = &world.look;
        let (title, text) = self.texts(world);
        let width = WIDEST.min(page.width);
        let lines = cut::wrap(&text, usize::from(width.saturating_sub(4)));
        let height = u16::try_from(lines.len() + 2)
            .unwrap_or(u16::MAX)
            .min(page.height);
        let foot = Rect {
            x: page.right().saturating_sub(width),
            y: page.bottom().saturating_sub(height),
            width,
            height,
        };
        let rows = Rect {
            x: page.x,
            width: page.width,
            ..foot
        };
        let is_covered = rows.positions().any(|at| {
            let cell = buffer.cell(at);
            cell.is_some_and(|cell| cell.symbol() == look.symbols.cursor)
        });
        let place = match is_covered {
            true => Rect { y: page.y, ..foot },
            false => foot,
        };
        let card = Popup {
            title: title.into(),
            foot: format!("{} closes", world.keymap.key(Action::Back)).into(),
        };
        let inner = draw::right_of(card.render(place, buffer, look), 1);
        for (row, line) in (0..inner.height).zip(&lines) {
            draw::text(buffer, draw::row(inner, row), line, look.text, look);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tui::driver::Driver;
    use crate::tui::page::Place;

    #[test]
    fn a_new_base_greets_and_five_steps_are_noticed() {
        let mut person = Driver::at(&Place::Today, 80, 24);
        let jobs = person.app.welcome();
        person.perform(jobs);
        person.shows("Welcome").shows("and then tutorial");
        person.press("j").shows("Welcome").press("esc");
        assert!(!person.screen().contains("Welcome"));
        let jobs = person.app.welcome();
        person.perform(jobs);
        person.shows("Welcome").press("w");
        assert!(!person.screen().contains("Welcome"));
        person.press("esc");
        let jobs = person.app.act(crate::tui::action::Action::Tutorial);
        person.perform(jobs);
        person
            .shows("1 of 5")
            .press("2 /")
            .text("weiß")
            .press("enter")
            .shows("2 of 5");
        person
            .press("1 g g x r")
            .shows("3 of 5")
            .press("f")
            .press("enter")
            .shows("4 of 5");
        person.press("esc");
        assert_eq!(
            person.said(),
            "the lessons are left; the palette takes them up again"
        );
        let jobs = person.app.act(crate::tui::action::Action::Tutorial);
        person.perform(jobs);
        person.shows("4 of 5");
    }

    #[test]
    fn the_greeting_hides_nothing_and_goes_by_itself() {
        let greeted = |place: &Place, width, height| {
            let mut person = Driver::at(place, width, height);
            let jobs = person.app.welcome();
            person.perform(jobs);
            person
        };
        // The row under the cursor is never below the card.
        let mut person = greeted(&Place::Customers, 80, 24);
        let row_of = |person: &Driver, text: &str| {
            let screen = person.screen();
            screen.lines().position(|line| line.contains(text))
        };
        assert!(row_of(&person, "Welcome") > row_of(&person, "▌"));
        person.press("G").shows("Welcome");
        assert!(row_of(&person, "Welcome") < row_of(&person, "▌"));
        // Whoever opens something knows how to go on.
        for keys in ["enter", "/", "x", "m", "?", "4", "z"] {
            let mut person = greeted(&Place::Today, 80, 24);
            person.shows("Welcome").press(keys);
            assert!(!person.screen().contains("Welcome"), "{keys}");
        }
        let mut person = greeted(&Place::Today, 80, 24);
        person.press("esc");
        assert_eq!(person.said(), "");
        // Where there is room for the list alone, a line does.
        let mut person = greeted(&Place::Today, 40, 20);
        person.shows("Söhnlein Mas");
        assert_eq!(person.said(), "Welcome: Enter opens, ? shows all keys");
        person.press("j");
        assert_eq!(person.said(), "");
    }

    #[test]
    fn whoever_has_worked_is_not_greeted_again() {
        let mut person = Driver::at(&Place::Customers, 80, 24);
        person.press("d");
        let jobs = person.app.welcome();
        person.perform(jobs);
        assert!(!person.screen().contains("Welcome"));
    }

    #[test]
    fn a_new_base_says_how_it_is_filled() {
        let mut person = Driver::empty(&Place::Today, 80, 24);
        let jobs = person.app.welcome();
        person.perform(jobs);
        person.shows("Welcome").shows("new and empty. 2 and then n");
        person.press("2").shows("No customers yet");
        assert!(!person.screen().contains("Welcome"));
        assert!(!person.screen().contains("Enter open"));
        person.press("enter");
        assert_eq!(person.said(), "Enter: there is nothing here to open");
    }
}
