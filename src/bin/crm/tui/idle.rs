//! The idle mark: for whoever drives the dashboard from outside and has to know when it has done what it was told.
//!
//! Whenever nothing is outstanding, a mark is added to a file: how many inputs (keys, pastes, mouse) were taken so far,
//! and the size that was drawn for. The file may be the terminal itself: a mark is a sequence that terminals pass over,
//! so that it never comes before the frame that it speaks of. An idle dashboard writes none.

use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Counts what was taken, and says when it is done.
#[derive(Debug, Default)]
pub(crate) struct Idle {
    file: Option<File>,
    taken: u64,
    told: Option<(u64, u16, u16)>,
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

    /// Nothing is outstanding, and what there is was drawn for so many columns and rows.
    pub(crate) fn rest(&mut self, (columns, rows): (u16, u16)) {
        let now = (self.taken, columns, rows);
        if self.told == Some(now) {
            return;
        }
        self.told = Some(now);
        let mark = format!("\x1b_idle {} {columns}x{rows}\x1b\\", self.taken);
        if let Some(file) = &mut self.file
            && file.write_all(mark.as_bytes()).is_err()
        {
            // Whoever wanted to know has gone.
            self.file = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_for_each_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mark");
        let mut idle = Idle::new(Some(&path));
        idle.rest((80, 24));
        idle.rest((80, 24));
        idle.took();
        idle.took();
        idle.rest((80, 24));
        idle.rest((40, 20));
        idle.stir();
        idle.rest((40, 20));
        let marks = std::fs::read_to_string(path).unwrap();
        let marks: Vec<&str> = marks.split_terminator("\x1b\\").collect();
        assert_eq!(
            marks,
            [
                "\x1b_idle 0 80x24",
                "\x1b_idle 2 80x24",
                "\x1b_idle 2 40x20",
                "\x1b_idle 2 40x20"
            ]
        );
        let mut nobody = Idle::new(None);
        nobody.took();
        nobody.rest((1, 1));
        assert_eq!(nobody.told, Some((1, 1, 1)));
    }
}
