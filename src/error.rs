//! What can go wrong, as a caller can act on it.
//!
//! One type for the whole library: a [`Kind`] that decides what a caller may do (and, in the binary, the exit
//! code), a sentence that says what was attempted and with what, candidates where a person has to choose, and
//! the cause. Advice is not here: the front ends add it.

use crate::domain::noun::Noun;

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The short list a caller can branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A named record does not exist (or is out of the actor's scope).
    NotFound,
    /// A reference fits several records; see [`Error::candidates`].
    Ambiguous,
    /// The data is already there under another record; see [`Error::candidates`].
    Duplicate,
    /// Somebody else changed the same thing, or an undo would tread on later work.
    Conflict,
    /// A value is not acceptable: wrong shape, unknown choice, missing part, illegal move.
    Invalid,
    /// The address belongs to somebody whose data was erased on request, and must not come back.
    Erased,
    /// The request itself makes no sense: unknown field, bad filter, contradictory options.
    Usage,
    /// Another process held the write lock until the time-out.
    Busy,
    /// The file or its folder cannot be written, or the actor may not do this.
    ReadOnly,
    /// There is no base at the named place.
    Missing,
    /// The file is not a base of this program.
    Foreign,
    /// The base was written by a newer version.
    TooNew,
    /// The base is damaged.
    Corrupt,
    /// A file that the base speaks of is missing, or is not what it was.
    Altered,
    /// The disk is full.
    Full,
    /// A confirmation is needed and was not given.
    Unconfirmed,
    /// Some rows were refused; the good ones were kept.
    Partial,
    /// The work was interrupted and rolled back.
    Interrupted,
    /// A limit of time was reached.
    TimedOut,
    /// Reading or writing failed.
    Io,
    /// A defect of this program.
    Internal,
}

impl Kind {
    /// The stable word of this kind, as printed in JSON errors.
    pub fn code(self) -> &'static str {
        match self {
            Kind::NotFound => "not_found",
            Kind::Ambiguous => "ambiguous_ref",
            Kind::Duplicate => "duplicate",
            Kind::Conflict => "conflict",
            Kind::Invalid => "invalid",
            Kind::Erased => "erased",
            Kind::Usage => "usage",
            Kind::Busy => "busy",
            Kind::ReadOnly => "read_only",
            Kind::Missing => "no_base",
            Kind::Foreign => "not_a_base",
            Kind::TooNew => "newer_schema",
            Kind::Corrupt => "corrupt",
            Kind::Altered => "altered",
            Kind::Full => "disk_full",
            Kind::Unconfirmed => "unconfirmed",
            Kind::Partial => "partial",
            Kind::Interrupted => "interrupted",
            Kind::TimedOut => "timed_out",
            Kind::Io => "io",
            Kind::Internal => "internal",
        }
    }
}

/// A record offered to a person who has to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What sort of record it is.
    pub noun: Noun,
    /// Its ref or key, as it can be typed back.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// Why it is a candidate, or what tells it from the others; may be empty.
    pub detail: String,
}

/// Something without which a request is refused, and which somebody can give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// A value of a field.
    Field {
        /// The kind of record.
        noun: Noun,
        /// Its ref; empty for one that is about to be made.
        reference: String,
        /// The canonical name of the field.
        name: String,
    },
    /// An item of the checklist of a deal that is not ticked off.
    Item {
        /// The deal.
        reference: String,
        /// The item.
        item: String,
    },
}

/// What a caller can offer to a person.
#[derive(Debug, Default)]
struct Help {
    near: Vec<String>,
    candidates: Vec<Candidate>,
    lacks: Vec<Lack>,
}

/// An error of the library.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    field: Option<String>,
    /// What may help, where anything does: it would make every result larger.
    help: Option<Box<Help>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind`; `message` starts in lower case and has no final period.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: message.into(),
            field: None,
            help: None,
            source: None,
        }
    }

    /// A value of `field` that is refused, with the reason.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Error::new(Kind::Invalid, message);
        error.field = Some(field.into());
        error
    }

    /// A request that makes no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, message)
    }

    /// A record that is not there.
    pub fn not_found(noun: Noun, reference: &str) -> Self {
        Error::new(
            Kind::NotFound,
            format!("there is no {} {reference:?}", noun.name()),
        )
    }

    /// A defect of this program: an invariant that did not hold.
    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(Kind::Internal, message)
    }

    /// Names the field that the error is about.
    #[must_use]
    pub fn on_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds the records a person can choose from.
    #[must_use]
    pub fn with_candidates(mut self, candidates: Vec<Candidate>) -> Self {
        self.help.get_or_insert_default().candidates = candidates;
        self
    }

    /// Adds the nearest names to what was typed, best first.
    #[must_use]
    pub fn with_near(mut self, near: Vec<String>) -> Self {
        self.help.get_or_insert_default().near = near;
        self
    }

    /// Adds what is missing, all of it.
    #[must_use]
    pub fn with_lacks(mut self, lacks: Vec<Lack>) -> Self {
        self.help.get_or_insert_default().lacks = lacks;
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Puts what was being attempted in front of the message.
    #[must_use]
    pub fn context(mut self, attempted: impl std::fmt::Display) -> Self {
        self.message = format!("{attempted}: {}", self.message);
        self
    }

    /// What a caller can branch on.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The sentence, without the cause.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The field the error is about, by its canonical name.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The nearest names to what was typed, best first.
    pub fn near(&self) -> &[String] {
        self.help.as_ref().map_or(&[], |help| &help.near)
    }

    /// What is missing; empty unless the request was refused for that.
    pub fn lacks(&self) -> &[Lack] {
        self.help.as_ref().map_or(&[], |help| &help.lacks)
    }

    /// The records to choose from; empty unless the kind is ambiguous, duplicate or conflict.
    pub fn candidates(&self) -> &[Candidate] {
        self.help.as_ref().map_or(&[], |help| &help.candidates)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        let kind = match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Kind::Full,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Kind::ReadOnly,
            _ => Kind::Io,
        };
        Error::new(kind, source.to_string()).with_source(source)
    }
}
