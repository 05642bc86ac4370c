//! This program itself and the commands around it, as the dashboard has them run: on the same base, for the same user.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::text::shell;
use crate::tui::app::FRAME;
use crate::tui::child::{self, Children};
use crate::tui::effect::{Address, Job};
use crate::tui::event::{Completion, Event};

/// Tells what may stand at the end of a command line. It may read the base, and is asked in a thread of its own.
pub(crate) type Completer = Arc<dyn Fn(&str) -> Vec<Completion> + Send + Sync>;

/// The question about a command line that was asked last, and the one that is being answered.
pub(crate) type Turn = Arc<(AtomicU64, Mutex<()>)>;

/// What commands need.
#[derive(Clone)]
pub(crate) struct Program {
    /// The file of the program.
    pub(crate) path: PathBuf,
    /// The variables under which it works on the same base, for the same user, at the same pinned time.
    pub(crate) surroundings: Vec<(&'static str, String)>,
    /// The command that shows a file or an address to a person.
    pub(crate) opener: String,
    /// Its commands, each with what it is for.
    pub(crate) commands: Vec<(String, String)>,
    pub(crate) complete: Completer,
    pub(crate) turn: Turn,
}

impl Program {
    /// Has done what takes its time, in threads of their own; what comes of it goes to `events`.
    pub(crate) fn beside(&self, job: Job, children: &Children, events: &Sender<Event>) {
        match job {
            Job::Shell(address, line, input) => children.run(address, self.shell(&line), input, events),
            Job::Command(address, words, width) => {
                children.run(address, self.printing(&words, width), String::new(), events);
            }
            Job::Launch(target) => {
                let address = Address {
                    owner: FRAME,
                    slot: 0,
                };
                Children::launch(address, self.launch(&target), events);
            }
            Job::Stop(address) => children.stop(address),
            Job::Complete(address, generation, line) => {
                let (complete, events, turn) = (self.complete.clone(), events.clone(), self.turn.clone());
                turn.0.store(generation, Ordering::SeqCst);
                thread::spawn(move || {
                    let _one = turn.1.lock();
                    // Somebody has typed on: nobody waits for this any more.
                    if turn.0.load(Ordering::SeqCst) != generation {
                        return;
                    }
                    // Whatever goes wrong, there is nothing to offer then.
                    let words = catch_unwind(AssertUnwindSafe(|| complete(&line))).unwrap_or_default();
                    // The loop may have ended in the meantime.
                    let _ = events.send(Event::Completed(address, generation, words));
                });
            }
            // The loop does the others itself.
            _ => {}
        }
    }

    /// A command line of the program that has the terminal.
    pub(crate) fn command(&self, words: &[String]) -> Command {
        let mut command = Command::new(&self.path);
        command.args(words).envs(self.surroundings.iter().cloned());
        command
    }

    /// A command line of the program that prints for a person, in lines of so many cells, without colour.
    pub(crate) fn printing(&self, words: &[String], width: u16) -> Command {
        let mut command = self.command(words);
        command
            .env("CRM_WIDTH", width.to_string())
            .env("CRM_COLOR", "never")
            .env("CRM_NO_INPUT", "true");
        command
    }

    /// A command of the shell, in which `crm` means the same base.
    pub(crate) fn shell(&self, line: &str) -> Command {
        let mut command = child::shell(line);
        command.envs(self.surroundings.iter().cloned());
        command
    }

    /// Shows a file or an address with the program of the system for it.
    pub(crate) fn launch(&self, target: &str) -> Command {
        let mut words = shell::words(&self.opener).unwrap_or_default().into_iter();
        let mut command = Command::new(words.next().unwrap_or_else(|| self.opener.clone()));
        command.args(words).arg(target);
        command
    }
}
