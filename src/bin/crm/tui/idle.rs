//! The idle mark: for whoever drives the dashboard from outside and has to know when it has done what it was told.
//!
//! Whenever nothing is outstanding, a line `idle N` is added to a file, where N is how many inputs (keys, pastes, mouse,
//! sizes) were taken so far. No line is written twice in a row, so that an idle dashboard writes nothing.

use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Counts what was taken, and says when it is done.
#[derive(Debug, Default)]
pub(crate) struct Idle {
    file: Option<File>,
    taken: u64,
    told: Option<u64>,
}

impl Idle {
    /// Tells in this file, or nobody.
    pub(crate) fn new(mark: Option<&Path>) -> Idle {
        let open = |mark| File::options().create(true).append(true).open(mark).ok();
        Idle {
            file: mark.and_then(open),
            ..Idle::default()
        }
    }

    /// An input was taken.
    pub(crate) fn took(&mut self) {
        self.taken += 1;
        self.told = None;
    }

    /// Something else began, such as an answer that was drawn: the next rest is told again.
    pub(crate) fn stir(&mut self) {
        self.told = None;
    }

    /// Nothing is outstanding, and what there is was drawn.
    pub(crate) fn rest(&mut self) {
        if self.told == Some(self.taken) {
            return;
        }
        self.told = Some(self.taken);
        if let Some(file) = &mut self.file {
            // Whoever wanted to know has gone.
            if file
                .write_all(format!("idle {}\n", self.taken).as_bytes())
                .is_err()
            {
                self.file = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mark");
        let mut idle = Idle::new(Some(&path));
        idle.rest();
        idle.rest();
        idle.took();
        idle.took();
        idle.rest();
        idle.stir();
        idle.rest();
        assert_eq!(std::fs::read_to_string(path).unwrap(), "idle 0\nidle 2\nidle 2\n");
        let mut nobody = Idle::new(None);
        nobody.took();
        nobody.rest();
        assert_eq!(nobody.told, Some(1));
    }
}
