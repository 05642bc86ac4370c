//! The editor of a person, as commands open it.

use std::path::Path;

use crm::error::Result;

use crate::ctx::Ctx;
use crate::editor::{Draft, Editor, TOO_SOON_MS};

/// Opens a file in the editor and waits until it is closed.
///
/// # Errors
///
/// `Io` if it cannot be started, or ends with a failure.
pub(crate) fn open(ctx: &Ctx, path: &Path) -> Result<()> {
    let editor = Editor {
        command: ctx.editor(),
        reads_terminal: ctx.reads_terminal(),
        writes_terminal: ctx.ui.options().stdout_tty,
    };
    editor.open(path)
}

/// Hands a text to the editor. True if it came back so soon that nobody can have read it.
///
/// # Errors
///
/// The editor cannot be started, or failed.
pub(crate) fn open_draft(ctx: &Ctx, draft: &Draft) -> Result<bool> {
    let began = ctx.elapsed_ms();
    open(ctx, draft.path())?;
    Ok(ctx.elapsed_ms() - began < TOO_SOON_MS)
}

/// Leaves the file where it is and tells its place.
pub(crate) fn keep(ctx: &Ctx, draft: Draft) {
    match draft.keep() {
        Ok(path) => ctx.ui.error_place("your text is kept at", &path),
        Err(error) => ctx.ui.warn(&format!("your text could not be kept: {error}")),
    }
}
