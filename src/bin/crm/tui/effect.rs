//! What parts of the dashboard want done. An update returns these; it does none of them.

use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use ratatui::layout::Position;

use crate::tui::action::Action;
use crate::tui::decode::Answer;
use crate::tui::deed::Deed;
use crate::tui::modal::Modal;
use crate::tui::page::{Place, Typed};
use crate::tui::query::Query;

/// Who wants to know, by a number that nobody else has.
pub(crate) type Owner = u32;

/// Where an answer belongs: an owner, and which of its questions it was. A newer question at the same address makes an
/// older one void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Address {
    pub(crate) owner: Owner,
    pub(crate) slot: u8,
}

/// What a page, a popup or an action wants.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Show another page above this one.
    Open(Place),
    /// Go to one of the screens with a digit.
    Go(Place),
    /// Show another record of the list from which the one that is shown was opened, so many rows further.
    Neighbour(isize),
    /// Show a popup above everything.
    Popup(Modal),
    /// Close the popup that wants this, or the one on top if it is closed already.
    Close,
    /// Do what a key would do.
    Act(Action),
    /// The same for what was chosen by its name: its key is told once.
    Run(Action),
    /// Take this as if it had been typed.
    Type(Typed),
    /// Do what a click there would do.
    Click(Position),
    /// Say something in the status line.
    Say(Message),
    /// Read something from the base.
    Read(u8, Query),
    /// Change something in the base.
    Write(Deed),
    /// Put a text on the clipboard; the first says what it is.
    Copy(String, String),
    /// Let a person change a text in the editor of the environment; the first is the ending of the file.
    Edit(&'static str, u8, String),
    /// Run a command of the shell, with this on its standard input, and show what it prints.
    Shell(String, String),
    /// Run a command line of this program and show what it prints.
    Command(Vec<String>),
    /// Let a command line of this program have the terminal.
    HandOver(Vec<String>),
    /// Keep a command of the shell, so that it can be run again.
    Remember(String),
    /// Say what may stand at the end of a command line of this program.
    Complete(String),
    /// Stop what is running for whoever wants this.
    Stop,
    /// Open a file or an address with the program of the system for it.
    Launch(String),
    /// Begin a form for a new record, with these values.
    New(Noun, Vec<Assignment>),
    /// Begin a form for a record.
    Revise(Link),
    /// Keep a text that was typed and not yet saved under this key, or forget it.
    Draft(String, Option<String>),
    /// Give back what was kept under this key; an empty text if nothing was.
    Recall(u8, String),
    /// Let the mouse be used, or not.
    Mouse,
}

/// What stands in the status line until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something was done.
    Done,
    /// Something that is worth knowing.
    Hint,
    /// Something was not possible.
    Refused,
}

impl Message {
    /// Something was done.
    pub(crate) fn done(text: impl Into<String>) -> Message {
        Message {
            tone: Tone::Done,
            text: text.into(),
        }
    }

    /// Something that is worth knowing.
    pub(crate) fn hint(text: impl Into<String>) -> Message {
        Message {
            tone: Tone::Hint,
            text: text.into(),
        }
    }

    /// Something was not possible.
    pub(crate) fn refused(text: impl Into<String>) -> Message {
        Message {
            tone: Tone::Refused,
            text: text.into(),
        }
    }
}

/// What the loop has to do outside of the model.
#[derive(Debug)]
pub(crate) enum Job {
    Read(Address, u64, Query),
    Write(Deed),
    Copy(String, String),
    Edit(&'static str, Address, String),
    Shell(Address, String, String),
    /// With the width of what it prints.
    Command(Address, Vec<String>, u16),
    HandOver(Vec<String>),
    Complete(Address, u64, String),
    /// End the command that runs for this address.
    Stop(Address),
    Launch(String),
    Mouse(bool),
    Redraw,
    Suspend,
    /// Take the terminal again, of whose state nothing is known.
    TakeAgain,
    /// The terminal has said something of itself.
    Heard(Answer),
    /// Interrupt what is being read.
    Cancel,
    /// Keep a text that was typed and not yet saved, or forget it.
    Draft(String, Option<String>),
    /// Give back what was kept.
    Recall(Address, String),
    Quit(u8),
}
