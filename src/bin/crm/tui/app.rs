//! The model: pages, popups, what was pressed so far, what is outstanding. It is changed by `update` alone.

use std::collections::HashMap;

use crate::tui::action::Scope;
use crate::tui::deed::Deed;
use crate::tui::effect::{Address, Effect, Job, Message, Owner};
use crate::tui::key::Key;
use crate::tui::modal::form::RecordForm;
use crate::tui::modal::tutorial::Tutorial;
use crate::tui::modal::{Modal, output};
use crate::tui::overlay::{COMPLETION, Habits};
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Place};
use crate::tui::query::Query;
use crate::tui::world::World;

/// The owner of what the frame itself asks for.
pub(crate) const FRAME: Owner = 0;
/// The question of the frame how much was not read yet.
const UNREAD: u8 = 1;

/// A page, and the number by which answers find it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) owner: Owner,
    pub(crate) page: Box<dyn Page>,
}

/// A popup, and the number by which answers find it.
#[derive(Debug)]
pub(crate) struct Popup {
    pub(crate) owner: Owner,
    pub(crate) modal: Modal,
}

/// The model of the dashboard.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) world: World,
    /// The screens with a digit, each with the pages that were opened above it. A screen that was not visited has none.
    pub(crate) stacks: Vec<Vec<Shown>>,
    /// Which of them is shown.
    pub(crate) root: usize,
    /// Popups, the topmost last.
    pub(crate) popups: Vec<Popup>,
    /// Keys of a sequence that is not complete.
    pub(crate) pressed: Vec<Key>,
    pub(crate) message: Option<Message>,
    /// The lessons, and how far somebody has come.
    pub(crate) tutorial: Tutorial,
    /// What is wrong with the settings, until they are mended.
    pub(crate) banner: Option<String>,
    /// The deed that was done last, for `.` and `Y`.
    pub(crate) last: Option<Deed>,
    /// What this person did so far.
    pub(crate) habits: Habits,
    /// The commands of the program, each with what it is for.
    pub(crate) commands: Vec<(String, String)>,
    /// How much rules told the one at the keyboard that was not read yet.
    pub(crate) unread: u64,
    /// Whether nothing else was done since.
    pub(crate) fresh: bool,
    /// When Ctrl+C was pressed, in milliseconds.
    pub(crate) cancelled_ms: Option<i64>,
    /// Whether the mouse is used.
    pub(crate) mouse: bool,
    /// Whether an answer is late enough to say so.
    pub(crate) slow: bool,
    /// Whether the terminal has to be drawn again.
    pub(crate) dirty: bool,
    /// How many events of input were taken.
    pub(crate) inputs: u64,
    latest: HashMap<Address, u64>,
    pending: HashMap<Address, u64>,
    writing: usize,
    running: usize,
    owners: Owner,
    generation: u64,
}

impl App {
    /// A model that shows `place`, with what has to be done for it.
    pub(crate) fn new(world: World, place: &Place) -> (App, Vec<Job>) {
        let mut app = App {
            world,
            stacks: Place::ROOTS.iter().map(|_| Vec::new()).collect(),
            root: 0,
            popups: Vec::new(),
            pressed: Vec::new(),
            message: None,
            tutorial: Tutorial::default(),
            banner: None,
            last: None,
            habits: Habits::default(),
            commands: Vec::new(),
            unread: 0,
            fresh: false,
            cancelled_ms: None,
            mouse: true,
            slow: false,
            dirty: true,
            inputs: 0,
            latest: HashMap::new(),
            pending: HashMap::new(),
            writing: 0,
            running: 0,
            owners: FRAME,
            generation: 0,
        };
        let mut jobs = app.go(place);
        jobs.extend(app.ask_unread());
        (app, jobs)
    }

    /// The page that is shown.
    pub(crate) fn page(&self) -> Option<&dyn Page> {
        let shown = self.stacks.get(self.root)?.last()?;
        Some(shown.page.as_ref())
    }

    /// The page that is shown, with its owner.
    pub(crate) fn shown_mut(&mut self) -> Option<(&mut Shown, &World)> {
        let shown = self.stacks.get_mut(self.root)?.last_mut()?;
        Some((shown, &self.world))
    }

    /// Whose keys count on the page that is shown.
    pub(crate) fn scopes(&self) -> &'static [Scope] {
        self.page().map_or(&[Scope::Global], Page::scopes)
    }

    /// What is chosen on the page that is shown.
    pub(crate) fn selection(&self) -> Selection {
        self.page().map(Page::selection).unwrap_or_default()
    }

    /// How many pages lie above the screen that is shown.
    pub(crate) fn depth(&self) -> usize {
        let stack = self.stacks.get(self.root);
        stack.map_or(0, |stack| stack.len().saturating_sub(1))
    }

    /// Whether anything is being read.
    pub(crate) fn is_reading(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether nothing is outstanding.
    pub(crate) fn is_idle(&self) -> bool {
        self.pending.is_empty() && self.writing == 0 && self.running == 0
    }

    /// A number that no other owner has.
    pub(crate) fn new_owner(&mut self) -> Owner {
        self.owners += 1;
        self.owners
    }

    /// Asks how much of what rules told was not read yet.
    pub(crate) fn ask_unread(&mut self) -> Vec<Job> {
        let address = Address {
            owner: FRAME,
            slot: UNREAD,
        };
        let generation = self.ask(address);
        vec![Job::Read(address, generation, Query::Unread)]
    }

    /// Notes a question, which makes older ones at the same address void.
    pub(crate) fn ask(&mut self, address: Address) -> u64 {
        self.generation += 1;
        self.latest.insert(address, self.generation);
        self.pending.insert(address, self.generation);
        self.generation
    }

    /// Notes an answer; false if it came too late to count.
    pub(crate) fn answered(&mut self, address: Address, generation: u64) -> bool {
        if self.pending.get(&address) == Some(&generation) {
            self.pending.remove(&address);
        }
        if self.pending.is_empty() {
            self.slow = false;
        }
        self.latest.get(&address) == Some(&generation)
    }

    /// Gives up all that was asked and not answered.
    pub(crate) fn give_up(&mut self) {
        self.pending.clear();
        self.slow = false;
    }

    /// Forgets what a page or popup that is gone has asked for.
    pub(crate) fn forget(&mut self, owner: Owner) {
        self.latest.retain(|address, _| address.owner != owner);
        self.pending.retain(|address, _| address.owner != owner);
        self.slow &= !self.pending.is_empty();
    }

    /// Notes that a command was begun.
    pub(crate) fn begin_run(&mut self) {
        self.running += 1;
    }

    /// Notes that a command has ended.
    pub(crate) fn end_run(&mut self) {
        self.running = self.running.saturating_sub(1);
    }

    /// Notes that a deed was begun.
    pub(crate) fn begin_write(&mut self) {
        self.writing += 1;
    }

    /// Notes that a deed has ended.
    pub(crate) fn end_write(&mut self) {
        self.writing = self.writing.saturating_sub(1);
    }

    /// Shows one of the screens with a digit, with the pages that were open above it; without them, if it is shown
    /// already. Read anew.
    pub(crate) fn go(&mut self, place: &Place) -> Vec<Job> {
        let Some(root) = Place::ROOTS.iter().position(|(known, ..)| known == place) else {
            return self.open(place);
        };
        if self.root == root {
            self.leave_above();
        }
        self.root = root;
        self.fresh = false;
        let is_new = self.stacks.get(root).is_none_or(Vec::is_empty);
        if is_new {
            return self.open(place);
        }
        self.refresh()
    }

    /// Leaves all pages above the screen that is shown.
    fn leave_above(&mut self) {
        let stack = self.stacks.get_mut(self.root);
        let above = stack
            .map(|stack| stack.split_off(stack.len().min(1)))
            .unwrap_or_default();
        for shown in above {
            self.forget(shown.owner);
        }
    }

    /// Shows a page above the one that is shown.
    pub(crate) fn open(&mut self, place: &Place) -> Vec<Job> {
        let owner = self.new_owner();
        self.fresh = false;
        let page = place.page(&self.world);
        if let Some(stack) = self.stacks.get_mut(self.root) {
            stack.push(Shown { owner, page });
        }
        self.refresh()
    }

    /// Leaves the page that is shown; false if it is the only one.
    pub(crate) fn back(&mut self) -> Option<Vec<Job>> {
        if self.depth() == 0 {
            return None;
        }
        let shown = self.stacks.get_mut(self.root)?.pop()?;
        self.fresh = false;
        self.forget(shown.owner);
        Some(self.refresh())
    }

    /// Reads everything anew that is shown.
    pub(crate) fn refresh(&mut self) -> Vec<Job> {
        let Some((shown, world)) = self.shown_mut() else {
            return Vec::new();
        };
        let (owner, effects) = (shown.owner, shown.page.refresh(world));
        self.apply(owner, effects)
    }

    /// Looks again at what is shown, because a minute has passed.
    pub(crate) fn look_again(&mut self) -> Vec<Job> {
        let Some((shown, world)) = self.shown_mut() else {
            return Vec::new();
        };
        let (owner, effects) = (shown.owner, shown.page.look_again(world));
        self.apply(owner, effects)
    }

    /// Does what `owner` wants, as far as it is about the model, and gives the rest to be done.
    pub(crate) fn apply(&mut self, owner: Owner, effects: Vec<Effect>) -> Vec<Job> {
        self.dirty = true;
        let mut jobs = Vec::new();
        for effect in effects {
            jobs.extend(self.apply_one(owner, effect));
        }
        jobs
    }

    fn apply_one(&mut self, owner: Owner, effect: Effect) -> Vec<Job> {
        let at = |slot| Address { owner, slot };
        match effect {
            Effect::Open(place) => self.open(&place),
            Effect::Go(place) => self.go(&place),
            Effect::Neighbour(by) => self.neighbour(by),
            Effect::Popup(modal) => self.popup(modal),
            Effect::Close => {
                self.close(owner);
                Vec::new()
            }
            Effect::Act(action) => self.act(action),
            Effect::Run(action) => self.act_by_name(action),
            Effect::Type(typed) => self.typed(typed),
            Effect::Click(at) => self.click(at),
            Effect::Say(message) => {
                self.message = Some(message);
                Vec::new()
            }
            Effect::Read(slot, query) => {
                let generation = self.ask(at(slot));
                vec![Job::Read(at(slot), generation, query)]
            }
            Effect::Write(deed) => {
                self.begin_write();
                vec![Job::Write(deed)]
            }
            Effect::Copy(what, text) => vec![Job::Copy(what, text)],
            Effect::Edit(ending, slot, text) => vec![Job::Edit(ending, at(slot), text)],
            Effect::Shell(command, input) => {
                self.begin_run();
                vec![Job::Shell(at(0), command, input)]
            }
            Effect::Command(words) => {
                self.begin_run();
                vec![Job::Command(at(0), words, output::width(self.world.area))]
            }
            Effect::HandOver(words) => vec![Job::HandOver(words)],
            Effect::Stop => vec![Job::Stop(at(0))],
            Effect::Remember(line) => self.remember(line),
            Effect::Complete(line) => {
                let generation = self.ask(at(COMPLETION));
                vec![Job::Complete(at(COMPLETION), generation, line)]
            }
            Effect::Launch(target) => vec![Job::Launch(target)],
            Effect::Draft(key, text) => vec![Job::Draft(key, text)],
            Effect::Recall(slot, key) => vec![Job::Recall(at(slot), key)],
            Effect::New(noun, given) => self.popup(Box::new(RecordForm::add(noun, given))),
            Effect::Revise(link) => self.popup(Box::new(RecordForm::revise(link))),
            Effect::Mouse => {
                self.mouse = !self.mouse;
                vec![Job::Mouse(self.mouse)]
            }
        }
    }

    /// Shows another record of the list from which the one that is shown was opened.
    fn neighbour(&mut self, by: isize) -> Vec<Job> {
        let Some(stack) = self.stacks.get_mut(self.root) else {
            return Vec::new();
        };
        let [.., below, above] = stack.as_mut_slice() else {
            return self.say(Message::hint("there is no list that this was opened from"));
        };
        let (record, effects) = below.page.step(by, &self.world);
        let owner = below.owner;
        if let Some(record) = &record {
            above.page.turn(record, &self.world);
            // What was asked about the record before is of no use to this one.
            let before = above.owner;
            self.owners += 1;
            above.owner = self.owners;
            self.forget(before);
        }
        let mut jobs = self.apply(owner, effects);
        match record {
            Some(_) => jobs.extend(self.refresh()),
            None => jobs.extend(self.say(Message::hint("there is no further record in the list"))),
        }
        jobs
    }

    /// Closes the popup of `owner`, whatever lies above it; the one on top if `owner` has none.
    fn close(&mut self, owner: Owner) {
        let own = self.popups.iter().position(|popup| popup.owner == owner);
        let Some(at) = own.or_else(|| self.popups.len().checked_sub(1)) else {
            return;
        };
        let popup = self.popups.remove(at);
        self.forget(popup.owner);
    }

    fn popup(&mut self, mut modal: Modal) -> Vec<Job> {
        let owner = self.new_owner();
        let effects = modal.begin(&self.world);
        self.popups.push(Popup { owner, modal });
        self.apply(owner, effects)
    }
}
