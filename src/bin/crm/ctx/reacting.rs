//! Writing as commands do: between hooks, with rules that look at what was written.

use std::path::Path;

use crm::domain::actor::Via;
use crm::error::Result;
use crm::store::{WriteTx, log};

use crate::ctx::{Ctx, Session, environment};
use crate::hooks;
use crate::reaction::{self, Happened};
use crate::runner::Runner;

/// Something to say once the command has said what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Later {
    Note(String),
    Warning(String),
}

impl Session {
    /// Runs an operation between its hooks, or rehearses it with `--dry-run`, and lets rules look at it. With hooks `work`
    /// runs twice: the first time in a rehearsal.
    ///
    /// # Errors
    ///
    /// Whatever the operation or a hook before it fails with; nothing was changed then.
    pub(crate) fn write<T>(
        &mut self,
        ctx: &Ctx,
        work: impl FnMut(&WriteTx<'_>) -> Result<T>,
    ) -> Result<(T, Option<log::Op>)> {
        if ctx.global.dry_run {
            return Ok((self.store.rehearse(&self.caller, work)?, None));
        }
        let runner = ctx.runner(self.store.path());
        let (written, failures) = hooks::write(&mut self.store, &self.caller, &runner, &ctx.operation, work)?;
        let mut later = ctx.later.borrow_mut();
        later.extend(failures.into_iter().map(Later::Warning));
        drop(later);
        self.follow(ctx, &runner, written.op.as_ref());
        Ok((written.value, written.op))
    }

    /// The same for work that cannot be done twice, because it reads a stream to its end: no hook sees it.
    ///
    /// # Errors
    ///
    /// Whatever the operation fails with; nothing was changed then.
    pub(crate) fn write_once<T>(
        &mut self,
        ctx: &Ctx,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T>,
    ) -> Result<(T, Option<log::Op>)> {
        if ctx.global.dry_run {
            return Ok((self.store.rehearse(&self.caller, work)?, None));
        }
        let written = self.store.write(&self.caller, work)?;
        self.follow(ctx, &ctx.runner(self.store.path()), written.op.as_ref());
        Ok((written.value, written.op))
    }

    /// Lets rules look at an operation. It stands whatever becomes of them.
    fn follow(&mut self, ctx: &Ctx, runner: &Runner, op: Option<&log::Op>) {
        let Some(op) = op else { return };
        ctx.op.set(Some(op.no));
        let import = (self.caller.via == Via::Import && ctx.rules_see_imports.get()).then_some(op.no);
        match reaction::after(&mut self.store, &self.caller, runner, import) {
            Ok(happened) => ctx.later.borrow_mut().extend(happened.iter().map(said)),
            Err(error) => ctx
                .later
                .borrow_mut()
                .push(Later::Warning(format!("rules: {}", error.message()))),
        }
    }
}

/// What a rule did, for the end of a command.
fn said(happened: &Happened) -> Later {
    let said = happened.said();
    match said.is_failure {
        true => Later::Warning(said.text),
        false => Later::Note(said.text),
    }
}

impl Ctx {
    /// How programs are run that rules and hooks name.
    pub(crate) fn runner(&self, base: Option<&Path>) -> Runner {
        let mut variables = environment::passed_on();
        if let Some(base) = base {
            let around = self.surroundings(base);
            variables.extend(around.into_iter().map(|(name, value)| (name, value.into())));
        }
        let hooks = self
            .hooks()
            .filter(|folder| !self.global.no_hooks && folder.is_dir());
        Runner {
            variables,
            rules_may: self.config.rule_commands.unwrap_or(false) && !self.global.no_hooks,
            hooks,
            depth: environment::depth(),
        }
    }

    /// The folder of hooks: `hooks` beside the settings.
    pub(crate) fn hooks(&self) -> Option<std::path::PathBuf> {
        Some(self.paths.config().ok()?.parent()?.join("hooks"))
    }

    /// Says what was left for the end.
    pub(crate) fn say_later(&self) {
        for line in self.later.take() {
            match line {
                Later::Note(text) => self.ui.note(&text),
                Later::Warning(text) => self.ui.warn(&text),
            }
        }
    }
}
