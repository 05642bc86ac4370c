//! `crm` alone and `crm tui`: the dashboard. The only place where the command line names it.

use std::sync::Arc;

use crm::config::Config;
use crm::error::{Error, Result};

use crate::cli::{complete, tree};
use crate::ctx::{Access, Ctx};
use crate::tui::event::Completion;
use crate::tui::program::Program;
use crate::tui::{self, Opening};

/// Opens the dashboard on the base.
pub(crate) fn run(ctx: &Ctx) -> Result<()> {
    if !ctx.is_interactive() {
        return Err(Error::usage(
            "the dashboard needs a terminal; `crm today` prints the agenda, `crm help` lists the commands",
        ));
    }
    if let Some(refusal) = tui::refusal(ctx.terminal()) {
        return Err(Error::usage(refusal));
    }
    // A base that is not there yet is made by the first who wants to work with it.
    ctx.open(Access::Create)?.store.close()?;
    on(ctx, &ctx.base()?)
}

/// Opens the dashboard on the base at `path`.
pub(crate) fn on(ctx: &Ctx, path: &std::path::Path) -> Result<()> {
    let base = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let code = tui::run(Opening {
        connector: ctx.connector(path)?,
        base: base.unwrap_or_default(),
        config: ctx.config.clone(),
        settings: ctx.settings().ok(),
        terminal: ctx.terminal().clone(),
        color: ctx.color(),
        state: ctx.state(),
        program: program(ctx, path),
        editor: ctx.editor().to_owned(),
    })?;
    ctx.exit.set(code);
    Ok(())
}

/// The program as the dashboard runs command lines of it.
fn program(ctx: &Ctx, path: &std::path::Path) -> Program {
    let (environment, surroundings) = (ctx.environment().clone().silent(), ctx.surroundings(path));
    let flags = complete::flags(&surroundings);
    Program {
        path: ctx.program(),
        surroundings,
        opener: ctx.opener().to_owned(),
        commands: tree::names(),
        turn: Arc::default(),
        complete: Arc::new(move |line| {
            let words = complete::offered(&environment, &flags, line).into_iter();
            words.map(|(word, note)| Completion { word, note }).collect()
        }),
    }
}

/// What is wrong with the keys that the settings name, which only the dashboard knows.
pub(crate) fn wrong_keys(config: &Config) -> Vec<String> {
    let settings = &config.dashboard;
    tui::keymap::Keymap::new(settings.keymap.unwrap_or_default(), &settings.keys).1
}

/// All actions by where they count, with the keys that the settings give them.
pub(crate) fn keys(config: &Config) -> String {
    let settings = &config.dashboard;
    let keymap = tui::keymap::Keymap::new(settings.keymap.unwrap_or_default(), &settings.keys).0;
    tui::keymap::page(&keymap)
}

/// The actions to which settings may give keys, with what they do.
pub(crate) fn actions() -> impl Iterator<Item = (&'static str, &'static str)> {
    tui::action::ACTIONS.iter().map(|entry| (entry.id, entry.title))
}
