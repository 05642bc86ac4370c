//! Hooks: programs in a folder, as git has them, that see an operation before it happens and may refuse or rewrite it, or
//! see it afterwards.
//!
//! For an operation `deal-win` these are `pre`, `pre-deal` and `pre-deal-win`, in this order, and the same with `post`.

use std::path::{Path, PathBuf};

use crm::domain::actor::Caller;
use crm::domain::input::Assignment;
use crm::error::{Error, Kind, Result};
use crm::ops::hook::{self, Plan};
use crm::store::{Store, WriteTx, Written, log};
use serde_json::Value as Json;

use crate::runner::Runner;

/// The names that begin those of hooks.
const MOMENTS: [&str; 2] = ["pre", "post"];

/// Runs an operation between its hooks; what `post-` hooks failed with comes beside.
///
/// # Errors
///
/// Whatever the operation fails with; `Invalid` with the words of a `pre-` hook that refuses it; `Conflict` if somebody
/// else changed a record in the meantime.
pub(crate) fn write<T>(
    store: &mut Store,
    caller: &Caller,
    runner: &Runner,
    operation: &str,
    mut work: impl FnMut(&WriteTx<'_>) -> Result<T>,
) -> Result<(Written<T>, Vec<String>)> {
    let [before, after] = MOMENTS.map(|moment| found(runner, moment, operation));
    if before.is_empty() && after.is_empty() {
        return Ok((store.write(caller, work)?, Vec::new()));
    }
    let rehearsed = store.plan(
        caller,
        |tx| work(tx).map(drop),
        |tx, op| Ok((hook::plan(tx, op)?, op.clone())),
    )?;
    let Some((mut plan, op)) = rehearsed else {
        return Ok((store.write(caller, work)?, Vec::new()));
    };
    store.read(caller, |tx| plan.look_back(tx))?;
    let answer = ask(runner, &before, operation, &plan.json(operation, &op), caller)?;
    let written = store.write(caller, |tx| {
        plan.still_holds(tx)?;
        let value = work(tx)?;
        hook::rewrite(tx, &plan, operation, &answer)?;
        Ok(value)
    })?;
    let failures = match &written.op {
        Some(op) if !after.is_empty() => tell(store, runner, &after, operation, (&plan, op), caller)?,
        _ => Vec::new(),
    };
    Ok((written, failures))
}

/// Asks the hooks before an operation, one after another; what the last of them has answered for a field stands.
fn ask(
    runner: &Runner,
    hooks: &[PathBuf],
    operation: &str,
    input: &Json,
    caller: &Caller,
) -> Result<Vec<Assignment>> {
    let mut answer: Vec<Assignment> = Vec::new();
    for hook in hooks {
        let ran = run(runner, hook, operation, input, "", caller);
        let name = name(hook);
        if let Some(failure) = &ran.failure {
            let said = ran.talk.trim();
            let why = if said.is_empty() { failure.as_str() } else { said };
            return Err(Error::new(
                Kind::Invalid,
                format!("the hook {name} refuses: {why}"),
            ));
        }
        for (field, value) in
            hook::answer(&ran.output).map_err(|error| error.context(format!("the hook {name}")))?
        {
            answer.retain(|(known, _)| *known != field);
            answer.push((field, value));
        }
    }
    Ok(answer)
}

/// Tells the hooks after an operation what it did; why some of them failed.
fn tell(
    store: &Store,
    runner: &Runner,
    hooks: &[PathBuf],
    operation: &str,
    (before, op): (&Plan, &log::Op),
    caller: &Caller,
) -> Result<Vec<String>> {
    let mut plan = store.read(caller, |tx| hook::plan(tx, op))?;
    plan.remember(before);
    let input = plan.json(operation, op);
    let number = op.no.to_string();
    let failed = |hook: &PathBuf| {
        let ran = run(runner, hook, operation, &input, &number, caller);
        ran.why()
            .map(|why| format!("the hook {} failed: {why}", name(hook)))
    };
    Ok(hooks.iter().filter_map(failed).collect())
}

fn run(
    runner: &Runner,
    hook: &Path,
    operation: &str,
    input: &Json,
    number: &str,
    caller: &Caller,
) -> crate::runner::Ran {
    let words = [hook.to_string_lossy().into_owned()];
    let more = [
        ("CRM_HOOK", name(hook)),
        ("CRM_OP", operation.to_owned()),
        ("CRM_OP_NO", number.to_owned()),
        ("CRM_COMMAND", caller.command.clone()),
    ];
    let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
    runner.run(&words, &format!("{input}\n"), &more)
}

fn name(hook: &Path) -> String {
    hook.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The hooks of a moment that are there and can be run, the most general first.
fn found(runner: &Runner, moment: &str, operation: &str) -> Vec<PathBuf> {
    let Some(folder) = runner.hooks.as_ref().filter(|_| runner.depth == 0) else {
        return Vec::new();
    };
    let noun = operation.split('-').next().unwrap_or_default();
    let mut names = vec![
        moment.to_owned(),
        format!("{moment}-{noun}"),
        format!("{moment}-{operation}"),
    ];
    names.dedup();
    let paths = names.into_iter().map(|name| folder.join(name));
    paths.filter(|path| is_executable(path)).collect()
}

/// Whether a file is there and may be run.
#[cfg(unix)]
pub(crate) fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
pub(crate) fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Whether a name is one of a hook.
pub(crate) fn is_name(name: &str) -> bool {
    MOMENTS.iter().any(|moment| {
        name.strip_prefix(moment)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}
