//! What the dashboard is told: keys and other input, answers of the workers, the clock, signals.

use crm::domain::clock::Clock;
use crm::error::Result;
use crossterm::event::MouseEvent;

use crate::tui::decode;
use crate::tui::deed::{Deed, Done};
use crate::tui::effect::{Address, Message};
use crate::tui::key::Key;
use crate::tui::query::Answer;
use crate::tui::theme::Background;

/// One thing that happened outside of the model.
#[derive(Debug)]
pub(crate) enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something other than move.
    Mouse(MouseEvent),
    /// The terminal has another size: columns and rows.
    Resize(u16, u16),
    /// The terminal came to the front, or went behind.
    Focus(bool),
    /// The answer to a query.
    Answered(Address, u64, Result<Answer>),
    /// A deed was done, or refused.
    Written(Deed, Result<Box<Done>>),
    /// Somebody else wrote to the base.
    Changed,
    /// The settings file was changed; its text, or none if it is gone.
    Settings(Option<String>),
    /// It is this time by now.
    Clock(Clock),
    /// Nothing has happened for a while, and it is this time by now.
    Late(Clock),
    /// A program that was given the terminal has come back.
    Returned(Returned),
    /// What became of something outside of the model is to be said.
    Said(Message),
    /// A command has ended.
    Ran(Address, Ran),
    /// What may stand at the end of a command line.
    Completed(Address, u64, Vec<Completion>),
    /// The terminal says something of itself.
    Terminal(decode::Answer),
    /// The terminal says what text stands on.
    Background(Background),
    /// The terminal is to be handed back to the shell.
    Suspend,
    /// The process was stopped and goes on: nothing is known of the terminal.
    Resumed,
    /// The process is to end with this code.
    End(u8),
}

/// What a program that was given the terminal has left behind.
#[derive(Debug)]
pub(crate) struct Returned {
    /// Who asked for it.
    pub(crate) to: Address,
    /// What it wrote: the text of a file that was edited, the output of a command.
    pub(crate) text: std::result::Result<String, String>,
}

/// What a command has left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ran {
    /// What it printed as its result.
    pub(crate) output: String,
    /// What it said besides.
    pub(crate) talk: String,
    /// How it ended.
    pub(crate) end: Ended,
    /// Whether more was printed than is kept.
    pub(crate) is_cut: bool,
}

/// How a command has ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Well.
    #[default]
    Well,
    /// With this exit code.
    Code(i32),
    /// It was stopped.
    Stopped,
    /// It could not be run, and why.
    Not(String),
}

/// What may stand at the end of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completion {
    /// The whole last word, as a shell reads it.
    pub(crate) word: String,
    /// What it means; may be empty.
    pub(crate) note: String,
}
