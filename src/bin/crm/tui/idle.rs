//! The idle mark: for whoever drives the dashboard from outside and has to know when it has done what it was told.
//!
//! Whenever nothing is outstanding, a mark is added to a file: how many inputs (keys, pastes, mouse) were taken so far,
//! and the size that was drawn for. The file may be the terminal itself: a mark is a sequence that terminals pass over,
//! so that it never comes before the frame that it speaks of. An idle dashboard writes none.

use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Says when nothing is outstanding.
#[derive(Debug, Default)]
pub(crate) struct Idle {
    file: Option<File>,
    told: Option<(u64, u16, u16)>,
}

impl Idle {
    /// Tells in this file, or nobody.
    pub(crate) fn new(mark: Option<&Path>) -> Idle {
        let open = |mark| File::options().create(true).append(true).open(mark).ok();
        Idle {
            file: mark.and_then(open),
            told: None,
        }
    }

    /// Nothing is outstanding: so many inputs were taken, and what there is was drawn for so many columns and rows.
    pub(crate) fn rest(&mut self, taken: u64, (columns, rows): (u16, u16)) {
        let now = (taken, columns, rows);
        if self.told == Some(now) {
            return;
        }
        self.told = Some(now);
        let mark = format!("\x1b_idle {taken} {columns}x{rows}\x1b\\");
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
        for (taken, size) in [(0, (80, 24)), (0, (80, 24)), (2, (80, 24)), (2, (40, 20))] {
            idle.rest(taken, size);
        }
        let marks = std::fs::read_to_string(path).unwrap();
        let marks: Vec<&str> = marks.split_terminator("\x1b\\").collect();
        assert_eq!(
            marks,
            ["\x1b_idle 0 80x24", "\x1b_idle 2 80x24", "\x1b_idle 2 40x20"]
        );
        let mut nobody = Idle::new(None);
        nobody.rest(1, (1, 1));
        assert_eq!(nobody.told, Some((1, 1, 1)));
    }
}
