//! `crm man`: manual pages, one for each command.

use std::path::PathBuf;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, Command};
use crm::error::{Error, Result};

use crate::cli::parsed;
use crate::ctx::Ctx;

/// Write manual pages into a folder
#[derive(Debug, Args)]
struct ManArgs {
    /// Folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn define(command: Command) -> Command {
    ManArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ManArgs = parsed(matches)?;
    let mut root = crate::cli::tree::command();
    root.build();
    let mut pages = Vec::new();
    gather(&root, "crm", &mut pages);
    if ctx.global.dry_run {
        ctx.ui
            .note(&format!("dry run: would write {} pages", pages.len()));
        return Ok(());
    }
    let within = |error: std::io::Error| Error::from(error).context(args.folder.display());
    std::fs::create_dir_all(&args.folder).map_err(within)?;
    let count = pages.len();
    for (name, page) in pages {
        std::fs::write(args.folder.join(format!("{name}.1")), page?).map_err(within)?;
    }
    ctx.ui
        .note(&format!("{count} pages in {}", args.folder.display()));
    Ok(())
}

/// Pages, each with its name.
type Pages = Vec<(String, Result<Vec<u8>>)>;

/// Adds the page of a command and those of what is below it.
fn gather(command: &Command, name: &str, pages: &mut Pages) {
    pages.push((name.to_owned(), page(command, name)));
    for verb in command.get_subcommands() {
        if !verb.is_hide_set() && (verb.get_name() != "help" || name == "crm") {
            gather(verb, &format!("{name}-{}", verb.get_name()), pages);
        }
    }
}

fn page(command: &Command, name: &str) -> Result<Vec<u8>> {
    let notes = command.get_after_help().map(ToString::to_string);
    let shown = command
        .clone()
        .name(name.to_owned())
        .bin_name(name.replace('-', " "))
        .after_help(Resettable::Reset);
    let mut page = Vec::new();
    let manual = clap_mangen::Man::new(shown).source("crm").manual("crm");
    manual.render(&mut page)?;
    page.extend(sections(&notes.unwrap_or_default()).bytes());
    Ok(page)
}

/// What stands below the flags in a help, as sections of a page. Lines that are indented stay lines.
fn sections(notes: &str) -> String {
    let mut page = String::new();
    let (mut begun, mut kept) = (false, false);
    for line in notes.lines() {
        if kept && !line.starts_with("  ") && !line.is_empty() {
            page.push_str(".fi\n");
            (begun, kept) = (line == EXAMPLES, false);
        }
        if line == EXAMPLES {
            page.push_str(".SH EXAMPLES\n");
            begun = true;
            continue;
        }
        if !begun {
            page.push_str(".SH NOTES\n");
            begun = true;
        }
        match (line.strip_prefix("  "), line.is_empty()) {
            (Some(text), _) => {
                if !std::mem::replace(&mut kept, true) {
                    page.push_str(".nf\n");
                }
                page.push_str(&escaped(text));
            }
            (None, true) => page.push_str(".PP"),
            (None, false) => page.push_str(&escaped(line)),
        }
        page.push('\n');
    }
    if kept {
        page.push_str(".fi\n");
    }
    page
}

/// The line that begins the examples of a help.
const EXAMPLES: &str = "Examples:";

/// A line of text in which nothing is an instruction for the one who sets the page.
fn escaped(text: &str) -> String {
    let text = text
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\(aq");
    // Nothing that takes no room keeps a point at the beginning from being a request.
    format!("\\&{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_stay_lines() {
        let text =
            sections(".A note\nof two lines\n\nExamples:\n  crm find -x\n  printf 'a\\n'\n\nBehind them");
        assert_eq!(
            text,
            ".SH NOTES\n\\&.A note\n\\&of two lines\n.PP\n.SH EXAMPLES\n.nf\n\\&crm find \\-x\n\\&printf \\(aqa\\en\\(aq\n.PP\n.fi\n.SH NOTES\n\\&Behind them\n"
        );
    }
}
