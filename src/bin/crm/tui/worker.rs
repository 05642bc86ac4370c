//! The threads that read and write the base, so that no key ever waits for it.
//!
//! Readers share one list of questions. A question takes the place of an older one at the same address, and interrupts it
//! if it is being answered. One writer does deeds in the order in which they were asked for, also those that are left
//! when the dashboard is: whoever has pressed a key for something and quits has it done.

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crm::error::{Error, Result};
use crm::store::{Interrupter, Store};

use crate::ctx::Connector;
use crate::hooks;
use crate::reaction::{self, Happened, Said};
use crate::tui::deed::{Deed, Done};
use crate::tui::effect::Address;
use crate::tui::event::Event;
use crate::tui::fault::Fault;
use crate::tui::query::{Answer, Query};

/// How many questions are answered at a time.
const READERS: usize = 2;

/// A question that waits for a reader.
struct Waiting {
    address: Address,
    generation: u64,
    query: Query,
}

/// What readers share.
#[derive(Default)]
struct Shared {
    waiting: Vec<Waiting>,
    /// What is being answered, by the number of the reader.
    running: HashMap<usize, (Address, Interrupter)>,
    closed: bool,
}

/// The readers and the writer.
pub(crate) struct Workers {
    shared: Arc<(Mutex<Shared>, Condvar)>,
    /// None once nothing is asked for any more.
    deeds: Option<Sender<Deed>>,
    writer: Option<JoinHandle<()>>,
}

impl Workers {
    /// Starts the threads; what they find out goes to `events`.
    pub(crate) fn start(connector: &Connector, events: &Sender<Event>, fault: Option<Fault>) -> Workers {
        let shared = Arc::new((Mutex::new(Shared::default()), Condvar::new()));
        for number in 0..READERS {
            let (shared, connector, events) = (Arc::clone(&shared), connector.clone(), events.clone());
            thread::spawn(move || read(number, &shared, &connector, &events, fault));
        }
        let (deeds, queue) = channel::<Deed>();
        let (connector, events) = (connector.clone(), events.clone());
        let writer = thread::spawn(move || {
            let mut store = None;
            for deed in queue {
                let done = guarded(|| {
                    Fault::strike(fault, Fault::Writer);
                    write(&mut store, &connector, &deed)
                });
                if events.send(Event::Written(deed, done.map(Box::new))).is_err() {
                    break;
                }
            }
        });
        Workers {
            shared,
            deeds: Some(deeds),
            writer: Some(writer),
        }
    }

    /// Asks; an older question at the same address is not answered any more.
    pub(crate) fn ask(&self, address: Address, generation: u64, query: Query) {
        let (lock, ready) = &*self.shared;
        let mut shared = locked(lock);
        shared.waiting.retain(|waiting| waiting.address != address);
        for (running, interrupter) in shared.running.values() {
            if *running == address {
                interrupter.interrupt();
            }
        }
        shared.waiting.push(Waiting {
            address,
            generation,
            query,
        });
        ready.notify_one();
    }

    /// Interrupts all that is being read.
    pub(crate) fn cancel(&self) {
        let mut shared = locked(&self.shared.0);
        shared.waiting.clear();
        for (_, interrupter) in shared.running.values() {
            interrupter.interrupt();
        }
    }

    /// Has a deed done after those that were asked for before.
    pub(crate) fn act(&self, deed: Deed) {
        if let Some(deeds) = &self.deeds {
            // The writer is there as long as this is.
            let _ = deeds.send(deed);
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        locked(&self.shared.0).closed = true;
        self.shared.1.notify_all();
        self.deeds = None;
        if let Some(writer) = self.writer.take() {
            // A panic of a deed was caught and told already.
            let _ = writer.join();
        }
    }
}

/// A thread that panicked left nothing half done in what is shared.
fn locked(lock: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers questions until there is nobody to ask any.
fn read(
    number: usize,
    shared: &(Mutex<Shared>, Condvar),
    connector: &Connector,
    events: &Sender<Event>,
    fault: Option<Fault>,
) {
    let mut store = None;
    loop {
        let (lock, ready) = shared;
        let mut state = locked(lock);
        while state.waiting.is_empty() && !state.closed {
            state = ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return;
        }
        let Waiting {
            address,
            generation,
            query,
        } = state.waiting.remove(0);
        let opened = guarded(|| open(&mut store, || connector.reader()).map(|store| store.interrupter()));
        if let Ok(interrupter) = &opened {
            state.running.insert(number, (address, interrupter.clone()));
        }
        drop(state);
        let answer = opened.and_then(|_| {
            guarded(|| {
                Fault::strike(fault, Fault::Reader);
                ask(&mut store, connector, &query)
            })
        });
        locked(lock).running.remove(&number);
        // What was interrupted is told too, so that whoever counts what is outstanding comes to an end.
        if events.send(Event::Answered(address, generation, answer)).is_err() {
            return;
        }
    }
}

fn open(store: &mut Option<Store>, how: impl FnOnce() -> Result<Store>) -> Result<&mut Store> {
    if store.is_none() {
        *store = Some(how()?);
    }
    store
        .as_mut()
        .ok_or_else(|| Error::internal("a store was opened and is not there"))
}

fn ask(store: &mut Option<Store>, connector: &Connector, query: &Query) -> Result<Answer> {
    connector.check()?;
    let store = open(store, || connector.reader())?;
    store.read(&connector.caller(String::new()), |tx| query.run(tx))
}

fn write(store: &mut Option<Store>, connector: &Connector, deed: &Deed) -> Result<Done> {
    connector.check()?;
    let store = open(store, || connector.writer())?;
    let caller = connector.caller(deed.line());
    let runner = &connector.runner;
    let (written, failures) = hooks::write(store, &caller, runner, &deed.operation(), |tx| deed.run(tx))?;
    let mut heard: Vec<Said> = failures.into_iter().map(Said::failure).collect();
    if written.op.is_some() {
        // Where they cannot look now, the log keeps their place, and they look with the next operation.
        match reaction::after(store, &caller, runner, None) {
            Ok(happened) => heard.extend(happened.iter().map(Happened::said)),
            Err(error) => heard.push(Said::failure(format!("rules: {}", error.message()))),
        }
    }
    Ok(Done {
        op: written.op,
        heard,
        ..written.value
    })
}

/// What `work` gives; a panic in it is an error like others.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    crm::fault::caught(work).unwrap_or_else(|why| Err(Error::internal(why)))
}
