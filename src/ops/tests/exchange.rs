//! A full export of a base, imported into an empty one, makes the same base: for whatever two users did.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::Base;
use super::law::{Two, act};
use crate::domain::actor::Via;
use crate::domain::noun::Noun;
use crate::ops::import::verdict::{Judged, Sink, Summary, Verdict};
use crate::ops::import::{self, Request};
use crate::ops::list;
use crate::ops::load::ORDER;
use crate::store::records;
use crate::wire::column::Column;
use crate::wire::json::{self, Record};
use crate::wire::read::rows::{Options, Reader, Source};

/// Everything that is known of the records of a noun, the trash too, as NDJSON.
pub(super) fn export(base: &Base, noun: Noun) -> String {
    base.read(|tx| {
        let request = list::Request {
            filters: vec!["is:any".to_owned()],
            sort: vec!["uid".to_owned()],
            ..list::Request::default()
        };
        let mut listing = list::listing(tx, noun, &request)?;
        listing.columns = list::all_columns(tx, noun)?;
        let columns: Vec<Column> = listing
            .columns
            .iter()
            .map(|column| Column::new(column.name.clone(), column.kind))
            .collect();
        let mut text = String::new();
        records::select(tx, &listing, |_, row| {
            let record = Record {
                kind: noun.name(),
                columns: &columns,
                row: &row,
                options: json::Options { full: true },
            };
            text.push_str(&record.tree().to_string());
            text.push('\n');
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(text)
    })
}

/// Fails the test at the first row that is refused.
struct Strict;

impl Sink for Strict {
    fn judged(&mut self, row: &Judged<'_>) -> crate::error::Result<()> {
        assert_ne!(
            row.verdict,
            Verdict::Rejected,
            "line {}: {}: {}",
            row.line,
            row.name,
            row.reason
        );
        Ok(())
    }
}

pub(super) fn import(base: &mut Base, noun: Noun, text: &str) -> Summary {
    import_from(base, noun, text, Source::Ndjson)
}

/// The same for a file in another format.
pub(super) fn import_from(base: &mut Base, noun: Noun, text: &str, source: Source) -> Summary {
    let options = Options {
        source: Some(source),
        ..Options::default()
    };
    let input = Box::new(std::io::Cursor::new(text.to_owned().into_bytes()));
    base.write(|tx| {
        let reader = Reader::open(input, &options)?;
        let columns = reader.columns().map(<[String]>::to_vec);
        import::run(
            tx,
            columns.as_deref(),
            reader,
            &Request::new(noun, "file", "file"),
            &mut Strict,
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn an_export_makes_the_same_base_of_an_empty_one(acts in prop::collection::vec(act(), 1..40)) {
        let mut two = Two::new();
        for act in &acts {
            two.perform(act);
        }
        // What runs out by time has run out in either.
        two.base.on("2026-06-01");
        let mut new = Base::importing();
        new.on("2026-06-01");
        for noun in ORDER {
            import(&mut new, noun, &export(&two.base, noun));
        }
        new.check();
        for noun in ORDER {
            prop_assert_eq!(export(&new, noun), export(&two.base, noun), "{}", noun);
        }
        // Once more it says nothing new, in either base.
        two.base.caller.via = Via::Import;
        for base in [&mut new, &mut two.base] {
            for noun in ORDER {
                let text = export(base, noun);
                let summary = import(base, noun, &text);
                prop_assert_eq!(summary.created + summary.updated, 0, "{}", noun);
                prop_assert_eq!(export(base, noun), text, "{}", noun);
            }
        }
    }
}
