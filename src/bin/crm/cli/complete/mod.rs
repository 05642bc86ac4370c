//! Completion: the small scripts for shells, and the command that they call back.
//!
//! `crm complete SHELL -- WORD… TYPED` prints what the last word may become, one candidate a line, with a tab before what it
//! means; `:files` leaves it to the shell. Whatever goes wrong, it prints nothing: a shell has nowhere to show an error.

mod kind;
mod line;
mod words;

use std::io::Write;
use std::sync::mpsc;
use std::time::Duration;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use crm::error::{Error, Result};

use crate::cli::args::Global;
use crate::cli::parsed;
use crate::ctx::{Ctx, Environment};
use crate::text::cut::cut;
use crate::text::{sanitise, shell};

/// The word by which the scripts call.
const CALL: &str = "complete";

/// Nobody waits longer for a key; the aim is a fraction of it.
const PATIENCE: Duration = Duration::from_millis(300);

/// The shells, each with its script.
pub(crate) const SHELLS: [(&str, &str); 5] = [
    ("bash", include_str!("../../../../../completions/crm.bash")),
    ("zsh", include_str!("../../../../../completions/_crm")),
    ("fish", include_str!("../../../../../completions/crm.fish")),
    ("powershell", include_str!("../../../../../completions/_crm.ps1")),
    ("elvish", include_str!("../../../../../completions/crm.elv")),
];

/// Print the script that completes words in a shell
#[derive(Debug, Args)]
struct CompletionsArgs {
    /// Shell
    #[arg(value_parser = ["bash", "zsh", "fish", "powershell", "elvish"])]
    shell: String,
}

pub(crate) fn define(command: Command) -> Command {
    CompletionsArgs::augment_args(command).after_help(INSTALL)
}

/// How a script comes into a shell.
const INSTALL: &str = "\
The script asks this program for every word, so that it knows your commands, fields, tags, stages and customers:
a name, an e-mail or pinyin becomes a ref. Put one line into the file that your shell reads at its start:

  ~/.bashrc               source <(crm completions bash)
  ~/.zshrc                source <(crm completions zsh), after compinit
  config.fish             crm completions fish | source
  $PROFILE                crm completions powershell | Out-String | Invoke-Expression
  rc.elv                  eval (crm completions elvish | slurp)

Examples:
  crm completions bash
  crm completions zsh > _crm";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: CompletionsArgs = parsed(matches)?;
    let script = SHELLS.iter().find(|(name, _)| *name == args.shell);
    let (_, script) = script.ok_or_else(|| Error::internal("a shell without a script"))?;
    Ok(ctx.ui.out().write_all(script.as_bytes())?)
}

/// Answers a script, if it is one that calls.
///
/// This comes before everything else: the words behind it are of a line that is not finished.
pub(crate) fn answer(environment: &Environment) -> Option<u8> {
    let words: Vec<String> = environment
        .given()
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let [_, call, shell, mark, words @ ..] = words.as_slice() else {
        return None;
    };
    if call != CALL || mark != "--" {
        return None;
    }
    let (sender, receiver) = mpsc::channel();
    let (shell, words) = (shell.clone(), words.to_vec());
    let asked = environment.clone();
    // The thread is left behind where it takes too long: it only reads.
    let reader = std::thread::spawn(move || sender.send(lines(&asked, &shell, &words)));
    let text = receiver.recv_timeout(PATIENCE).unwrap_or_default();
    if !text.is_empty() && reader.is_finished() {
        let _ = reader.join();
    }
    let ui = environment.ui(&Global::default(), &crm::config::Config::default());
    let _ = ui.out().write_all(text.as_bytes());
    let _ = ui.finish();
    Some(0)
}

/// The flags that name the base and the user of these variables.
pub(crate) fn flags(surroundings: &[(&'static str, String)]) -> Vec<String> {
    let named = [
        ("CRM_DB", "--db"),
        ("CRM_USER", "--as"),
        ("CRM_NOW", "--now"),
        ("CRM_TZ", "--tz"),
    ];
    let mut flags = Vec::new();
    for (variable, value) in surroundings {
        if let Some((_, flag)) = named.iter().find(|(known, _)| known == variable) {
            flags.push(format!("{flag}={value}"));
        }
    }
    flags
}

/// What the last word of a line without `crm` may become, whole, each with what it means. The line has `flags` too.
pub(crate) fn offered(environment: &Environment, flags: &[String], text: &str) -> Vec<(String, String)> {
    // What follows the last blank outside of quotes is being typed; an open quote is closed for this.
    let marked = format!("{text}\u{1}");
    let closed = ["", "'", "\""]
        .into_iter()
        .find_map(|end| shell::words(&format!("{marked}{end}")).ok());
    let Some(words) = closed else { return Vec::new() };
    let words: Vec<String> = words.into_iter().map(|word| word.replace('\u{1}', "")).collect();
    let Some((typed, before)) = words.split_last() else {
        return Vec::new();
    };
    let before: Vec<String> = flags.iter().chain(before).cloned().collect();
    let line = line::read(crate::cli::tree::command(), &before, typed);
    let found = global(environment, &line).and_then(|global| {
        let ctx = Ctx::new(global, environment.clone()).ok()?;
        Some(words::at(&line, &words::Base::new(&ctx), false))
    });
    let Some(offer) = found else { return Vec::new() };
    offer
        .words
        .into_iter()
        .map(|word| (format!("{}{}", offer.before, word.value), word.note))
        .collect()
}

/// The candidates for the last of `words`, as lines.
fn lines(environment: &Environment, shell: &str, words: &[String]) -> String {
    candidates(environment, shell, words).unwrap_or_default()
}

fn candidates(environment: &Environment, shell: &str, words: &[String]) -> Option<String> {
    let (typed, before) = words.split_last()?;
    // An empty word at the end is lost on its way from some versions of PowerShell, so that it comes with a mark.
    let typed = match shell {
        "powershell" => typed.strip_prefix(':')?,
        _ => typed,
    };
    let plain: Vec<String> = before.iter().map(|word| line::unquoted(word)).collect();
    let line = line::read(crate::cli::tree::command(), &plain, &line::unquoted(typed));
    let ctx = Ctx::new(global(environment, &line)?, environment.clone()).ok()?;
    let base = words::Base::new(&ctx);
    let offer = words::at(&line, &base, shell == "bash");
    let mut text = String::new();
    if offer.files {
        text.push_str(":files\n");
    }
    for word in &offer.words {
        let value = sanitise::line(&word.value);
        text.push_str(&format!("{}{value}", offer.before));
        if !word.note.is_empty() {
            let note = sanitise::line(&word.note);
            text.push_str(&format!("\t{}", cut(&note, NOTE)));
        }
        text.push('\n');
    }
    Some(text)
}

/// The most cells of what a candidate means.
const NOTE: usize = 60;

/// The flags on the line that say which base is meant, and who asks; nothing is said, nothing is written.
fn global(environment: &Environment, line: &line::Line) -> Option<Global> {
    let mut words = vec!["crm".to_owned()];
    for name in ["db", "as", "now", "tz", "region"] {
        if let Some(value) = line.flag(name) {
            let home = value.strip_prefix("~/").zip(environment.home());
            let value = match home {
                Some((rest, home)) => home.join(rest).display().to_string(),
                None => value.to_owned(),
            };
            words.push(format!("--{name}={value}"));
        }
    }
    let matches = Global::augment_args(Command::new("crm"))
        .try_get_matches_from(words)
        .ok()?;
    let mut global = Global::from_arg_matches(&matches).ok()?;
    global.db_on_line = line.flag("db").is_some();
    global.quiet = true;
    Some(global)
}
