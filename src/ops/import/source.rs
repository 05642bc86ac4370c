//! Importing a file as its format wants it: cards bring groups and relations, calendars tasks and activities at once.

use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::store::WriteTx;
use crate::wire::read::rows::{Reader, Source};

use super::verdict::{Sink, Summary};
use super::{Request, Unknown, calendar, card};

/// What the rows of a file are whose format says it; of a calendar, the first of two.
pub fn noun(source: Source) -> Option<Noun> {
    match source {
        Source::Vcard => Some(Noun::Customer),
        Source::Ics => Some(Noun::Task),
        Source::Csv | Source::Tsv | Source::Json | Source::Ndjson => None,
    }
}

/// Imports the rows of `reader` within the operation `tx`. `said` is the noun that was named, if the file does not say by
/// itself what it holds; the entries of a calendar are all of it then.
///
/// # Errors
///
/// `Usage` for a mapping that makes no sense, or a noun of which the file has nothing; whatever reading the rows or the
/// store fails with. A row that is refused is no error.
pub fn run(
    tx: &WriteTx<'_>,
    reader: &mut Reader,
    said: Option<Noun>,
    request: &Request,
    sink: &mut dyn Sink,
) -> Result<Summary> {
    let nouns: &[Noun] = match reader.source() {
        Source::Vcard => &[Noun::Customer],
        Source::Ics => &[Noun::Task, Noun::Activity],
        _ => {
            let columns = reader.columns().map(<[String]>::to_vec);
            return super::run(tx, columns.as_deref(), reader, request, sink);
        }
    };
    if let Some(said) = said.filter(|said| !nouns.contains(said)) {
        let names: Vec<&str> = nouns.iter().map(|noun| noun.plural()).collect();
        let source = reader.source().name();
        let message = format!(
            "a file of {source} holds {}, not {}",
            names.join(" and "),
            said.plural()
        );
        return Err(Error::usage(message));
    }
    // What no field takes is in the note already, or is told there to be left out.
    let request = &Request {
        unknown: Unknown::Drop,
        ..request.clone()
    };
    match reader.source() {
        Source::Vcard => card::run(tx, reader, request, sink),
        _ => calendar::run(tx, reader, said, request, sink),
    }
}
