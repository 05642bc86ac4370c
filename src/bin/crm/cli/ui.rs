//! The only writer to stdout and stderr: data goes out buffered and locked, talk goes to stderr, made harmless.
//!
//! What is data and what is talk is decided by the callers; colour, quiet and the presence of a terminal are
//! decided before and handed in. Nothing here reads the environment or the clock.

use std::cell::{Cell, RefCell, RefMut};
use std::error::Error;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::cli::output::beside::{self, Beside};
use crate::cli::output::pager::Pager;
use crate::text::style::{Paint, Style};
use crate::text::{number, sanitise, width};

/// How much is gathered before it is written to stdout.
const BUFFER: usize = 64 * 1024;
/// How long work may last before its progress is shown.
const PROGRESS_AFTER_MS: i64 = 500;
/// How often a progress line is drawn anew on a terminal.
const REDRAW_MS: i64 = 100;
/// How often progress is told with `-v` where stderr is no terminal.
const TELL_MS: i64 = 10_000;

/// What is known of the two streams and wanted of the talk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UiOptions {
    /// stdout is a terminal.
    pub(crate) stdout_tty: bool,
    /// stderr is a terminal.
    pub(crate) stderr_tty: bool,
    /// The width of the terminal in cells; none where there is no terminal.
    pub(crate) width: Option<u16>,
    /// Colour is on: the flag, the settings and the environment are already weighed.
    pub(crate) color: bool,
    /// Errors only.
    pub(crate) quiet: bool,
    /// The number of `-v`.
    pub(crate) verbose: u8,
}

/// Whether the reader of stdout is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything was written.
    Done,
    /// The reader went away: stop quietly, it is no failure.
    Closed,
}

/// The two streams.
pub(crate) struct Ui {
    options: UiOptions,
    out: RefCell<BufWriter<Box<dyn Write>>>,
    err: RefCell<Box<dyn Write>>,
    /// The width of the progress line that is on the screen.
    progress: Cell<usize>,
    /// Rows of data that were written.
    pub(crate) rows: Cell<u64>,
    /// The file that stands for stdout.
    place: Option<PathBuf>,
    /// What shows a long output to a person.
    pager: Option<Pager>,
    /// What was said while the pager had the screen.
    unsaid: RefCell<Vec<String>>,
}

impl Ui {
    /// The streams of the process; stdout stays locked as long as this lives.
    pub(crate) fn stdio(options: UiOptions) -> Ui {
        Ui::new(options, Box::new(io::stdout().lock()), Box::new(io::stderr()))
    }

    /// The terminal, with a pager for what is longer than its screen.
    pub(crate) fn paged(options: UiOptions, pager: Pager) -> Ui {
        let mut ui = Ui::new(options, Box::new(pager.clone()), Box::new(io::stderr()));
        ui.pager = Some(pager);
        ui
    }

    /// Lets everything run over the screen, however long it is.
    pub(crate) fn unpaged(&self) {
        // A failure stays in the stream and is met by the next writer.
        let _ = self.pager.as_ref().map(Pager::interrupt);
    }

    /// A file in place of stdout; it is there when [`Ui::finish`] has put it there.
    pub(crate) fn file(options: UiOptions, place: &Path) -> Ui {
        let mut ui = Ui::new(options, Box::new(Beside::new(place)), Box::new(io::stderr()));
        ui.place = Some(place.to_owned());
        ui
    }

    /// Any two streams.
    pub(crate) fn new(options: UiOptions, out: Box<dyn Write>, err: Box<dyn Write>) -> Ui {
        Ui {
            options,
            out: RefCell::new(BufWriter::with_capacity(BUFFER, out)),
            err: RefCell::new(err),
            progress: Cell::new(0),
            rows: Cell::new(0),
            place: None,
            pager: None,
            unsaid: RefCell::default(),
        }
    }

    /// What the streams are like.
    pub(crate) fn options(&self) -> &UiOptions {
        &self.options
    }

    /// How to style what goes to stdout.
    pub(crate) fn paint(&self) -> Paint {
        Paint {
            on: self.options.color,
        }
    }

    /// The buffered stdout. One borrower at a time; the talk may go on meanwhile.
    pub(crate) fn out(&self) -> Out<'_> {
        Out(self.out.borrow_mut())
    }

    /// Writes what is still gathered. Call it before the exit code is chosen.
    ///
    /// # Errors
    ///
    /// stdout cannot be written, other than by its reader going away.
    pub(crate) fn finish(&self) -> io::Result<Outcome> {
        let flushed = self.out.borrow_mut().flush();
        self.end_paging()?;
        let outcome = settle(flushed)?;
        if let Some(place) = &self.place {
            beside::put(place)?;
        }
        Ok(outcome)
    }

    /// Refuses a file for the data that cannot come to stand at its place.
    ///
    /// # Errors
    ///
    /// It is a folder, or there is no folder for it.
    pub(crate) fn check_place(&self) -> crm::Result<()> {
        self.place.as_deref().map_or(Ok(()), beside::check)
    }

    /// Ends without data: what was gathered goes out, but a file that stands for stdout stays as it was.
    ///
    /// # Errors
    ///
    /// There is no such pager.
    pub(crate) fn give_up(&self) -> io::Result<()> {
        match &self.place {
            Some(place) => {
                beside::give_up(place);
                Ok(())
            }
            // A reader that went away too is told of the failure by its exit code.
            None => {
                self.out.borrow_mut().flush().unwrap_or_default();
                self.end_paging()
            }
        }
    }

    /// Waits for the reader to close the pager, and says what had to wait for it.
    fn end_paging(&self) -> io::Result<()> {
        let Some(pager) = &self.pager else {
            return Ok(());
        };
        let outcome = settle(pager.end()).map(drop);
        for line in self.unsaid.take() {
            self.say(&line);
        }
        outcome
    }

    /// Says something that may be of interest: a count, what was written.
    pub(crate) fn note(&self, message: &str) {
        if !self.options.quiet {
            self.say(&sanitise::block(message));
        }
    }

    /// Says what a value was and what it is to be, with colour where there is any.
    pub(crate) fn change(&self, head: &str, old: &str, new: &str) {
        if self.options.quiet {
            return;
        }
        let paint = self.paint_err();
        let shown = |style, text: &str| match text {
            "" => paint.apply(Style::Dim, "(nothing)"),
            text => paint.apply(style, &sanitise::line(text)),
        };
        self.say(&format!(
            "{}  {} → {}",
            sanitise::line(head),
            shown(Style::Red, old),
            shown(Style::Green, new)
        ));
    }

    /// Says something only with `-v`.
    pub(crate) fn detail(&self, message: &str) {
        if self.options.verbose > 0 {
            self.note(message);
        }
    }

    /// Warns: the work went on, but not as it may have been meant.
    pub(crate) fn warn(&self, message: &str) {
        if !self.options.quiet {
            let label = self.paint_err().apply(Style::Yellow, "warning:");
            self.say(&format!("{label} {}", sanitise::block(message)));
        }
    }

    /// Says what failed, and what can be done about it.
    pub(crate) fn error(&self, message: &str, hints: &[String]) {
        let label = self.paint_err().apply(Style::Red, "error:");
        self.say(&format!("{label} {}", sanitise::block(message)));
        for hint in hints {
            self.say(&format!("hint: {}", sanitise::block(hint)));
        }
    }

    /// Says where something is that must not be lost, even when quiet.
    pub(crate) fn error_place(&self, what: &str, place: &Path) {
        self.say(&sanitise::block(&format!("{what} {}", place.display())));
    }

    /// Says that the arguments make no sense, in several lines that begin with the word for it.
    pub(crate) fn mistake(&self, text: &str) {
        self.say(&sanitise::block(text.trim_end()));
    }

    /// Suggests what to do next; to people only.
    pub(crate) fn hint(&self, message: &str) {
        if self.options.stderr_tty && !self.options.quiet {
            let text = format!("hint: {}", sanitise::block(message));
            self.say(&self.paint_err().apply(Style::Dim, &text));
        }
    }

    /// Writes one line of a machine format to stderr, even when quiet: an error as JSON, statistics.
    pub(crate) fn machine_line(&self, line: &str) {
        self.say(&sanitise::stream(line));
    }

    /// A counter for work called `label` that began at `started_ms`.
    pub(crate) fn progress(&self, label: &str, started_ms: i64) -> Progress<'_> {
        Progress {
            ui: self,
            label: sanitise::line(label).into_owned(),
            started_ms,
            last_ms: None,
        }
    }

    fn paint_err(&self) -> Paint {
        Paint {
            on: self.options.color && self.options.stderr_tty,
        }
    }

    /// Writes a line to stderr, after what stdout has gathered, so that both come in order on one screen.
    fn say(&self, line: &str) {
        if self.pager.as_ref().is_some_and(Pager::is_running) {
            self.unsaid.borrow_mut().push(line.to_owned());
            return;
        }
        if self.options.stdout_tty
            && let Ok(mut out) = self.out.try_borrow_mut()
        {
            // A failure stays in the stream and is met by the next writer.
            let _ = out.flush();
            let _ = self.pager.as_ref().map(Pager::interrupt);
        }
        self.clear_progress();
        let mut err = self.err.borrow_mut();
        // There is nobody to tell if stderr is closed.
        let _ = writeln!(err, "{line}").and_then(|()| err.flush());
    }

    /// Draws `line` over the last progress line.
    fn draw_progress(&self, line: &str) {
        let mut err = self.err.borrow_mut();
        let padded = width::pad(line, self.progress.get());
        let _ = write!(err, "\r{padded}").and_then(|()| err.flush());
        self.progress.set(width::width(line));
    }

    /// Removes the progress line. Blanks do it, so that the dumbest terminal understands.
    fn clear_progress(&self) {
        let used = self.progress.replace(0);
        if used > 0 {
            let mut err = self.err.borrow_mut();
            let _ = write!(err, "\r{}\r", " ".repeat(used)).and_then(|()| err.flush());
        }
    }
}

/// The borrowed stdout.
pub(crate) struct Out<'a>(RefMut<'a, BufWriter<Box<dyn Write>>>);

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A one-line counter on stderr, for terminals only; with `-v` a line now and then elsewhere. It goes away by itself.
pub(crate) struct Progress<'a> {
    ui: &'a Ui,
    label: String,
    started_ms: i64,
    last_ms: Option<i64>,
}

impl Progress<'_> {
    /// Tells that `count` are done at `now_ms`. Cheap enough to be called for every row.
    pub(crate) fn tick(&mut self, count: u64, now_ms: i64) {
        let options = &self.ui.options;
        let paging = self.ui.pager.as_ref().is_some_and(Pager::is_running);
        if paging || options.quiet || !(options.stderr_tty || options.verbose > 0) {
            return;
        }
        let (first, again) = if options.stderr_tty {
            (PROGRESS_AFTER_MS, REDRAW_MS)
        } else {
            (TELL_MS, TELL_MS)
        };
        let due = match self.last_ms {
            Some(last) => now_ms - last >= again,
            None => now_ms - self.started_ms >= first,
        };
        if !due {
            return;
        }
        self.last_ms = Some(now_ms);
        let count = number::grouped(i64::try_from(count).unwrap_or(i64::MAX));
        let line = format!("{} {count}", self.label);
        if options.stderr_tty {
            self.ui.draw_progress(&line);
        } else {
            self.ui.say(&line);
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.ui.clear_progress();
    }
}

/// Turns a reader that went away into [`Outcome::Closed`].
///
/// # Errors
///
/// Any other failure of `result`.
pub(crate) fn settle(result: io::Result<()>) -> io::Result<Outcome> {
    match result {
        Ok(()) => Ok(Outcome::Done),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Outcome::Closed),
        Err(error) => Err(error),
    }
}

/// Whether `error` or one of its causes is a reader that went away; such a command ends quietly with exit code 0.
pub(crate) fn is_closed(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>()
            && io.kind() == ErrorKind::BrokenPipe
        {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Rc<RefCell<Vec<u8>>>);

    impl Shared {
        fn text(&self) -> String {
            String::from_utf8(self.0.borrow().clone()).unwrap()
        }
    }

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Broken;

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(ErrorKind::BrokenPipe.into())
        }
    }

    fn talk(options: UiOptions) -> String {
        let err = Shared::default();
        let ui = Ui::new(options, Box::new(io::sink()), Box::new(err.clone()));
        ui.note("3 rows");
        ui.detail("read 9 pages");
        ui.warn("stage \u{1b}[2J unknown");
        ui.error("no such file\u{202e}", &["try --db".to_owned()]);
        ui.hint("crm undo");
        ui.machine_line("{}");
        err.text()
    }

    #[test]
    fn talk_by_circumstance() {
        insta::assert_snapshot!(talk(UiOptions::default()), @r"
        3 rows
        warning: stage \e[2J unknown
        error: no such file\u{202e}
        hint: try --db
        {}
        ");
        let quiet = UiOptions {
            quiet: true,
            ..UiOptions::default()
        };
        insta::assert_snapshot!(talk(quiet), @r"
        error: no such file\u{202e}
        hint: try --db
        {}
        ");
        let terminal = UiOptions {
            stderr_tty: true,
            color: true,
            verbose: 1,
            ..UiOptions::default()
        };
        insta::assert_snapshot!(talk(terminal).replace('\u{1b}', "<ESC>"), @r"
        3 rows
        read 9 pages
        <ESC>[33mwarning:<ESC>[0m stage \e[2J unknown
        <ESC>[31merror:<ESC>[0m no such file\u{202e}
        hint: try --db
        <ESC>[2mhint: crm undo<ESC>[0m
        {}
        ");
    }

    #[test]
    fn stdout_comes_before_the_talk_on_one_screen() {
        let screen = Shared::default();
        let options = UiOptions {
            stdout_tty: true,
            ..UiOptions::default()
        };
        let ui = Ui::new(options, Box::new(screen.clone()), Box::new(screen.clone()));
        writeln!(ui.out(), "data").unwrap();
        ui.note("talk");
        let mut held = ui.out();
        writeln!(held, "more data").unwrap();
        ui.note("talk while stdout is borrowed");
        drop(held);
        assert_eq!(ui.finish().unwrap(), Outcome::Done);
        assert_eq!(
            screen.text(),
            "data\ntalk\ntalk while stdout is borrowed\nmore data\n"
        );
    }

    #[test]
    fn progress_waits_and_cleans_up() {
        let run = |options: UiOptions| {
            let err = Shared::default();
            let ui = Ui::new(options, Box::new(io::sink()), Box::new(err.clone()));
            let mut progress = ui.progress("importing", 1000);
            for (count, now) in [(5, 1400), (1200, 1500), (1300, 1550), (1400, 1700), (99, 11_800)] {
                progress.tick(count, now);
            }
            ui.note("note");
            drop(progress);
            err.text()
        };
        let terminal = UiOptions {
            stderr_tty: true,
            ..UiOptions::default()
        };
        let blank = " ".repeat("importing 99".len());
        assert_eq!(
            run(terminal),
            format!("\rimporting 1,200\rimporting 1,400\rimporting 99   \r{blank}\rnote\n")
        );
        assert_eq!(run(UiOptions::default()), "note\n");
        let verbose = UiOptions {
            verbose: 1,
            ..UiOptions::default()
        };
        assert_eq!(run(verbose), "importing 99\nnote\n");
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let ui = Ui::new(UiOptions::default(), Box::new(Broken), Box::new(Broken));
        writeln!(ui.out(), "data").unwrap();
        ui.error("nobody hears this", &[]);
        assert_eq!(ui.finish().unwrap(), Outcome::Closed);
        let error = crm::Error::from(io::Error::from(ErrorKind::BrokenPipe)).context("writing");
        assert!(is_closed(&error));
        assert!(!is_closed(&crm::Error::from(io::Error::from(
            ErrorKind::StorageFull
        ))));
        assert!(settle(Err(ErrorKind::StorageFull.into())).is_err());
    }
}
