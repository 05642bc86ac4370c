//! Rules of presets: they are all well formed, know their own headers, and nothing that a file holds ends the program.

use proptest::prelude::*;

use super::cells::Cells;
use super::*;
use crate::domain::input::Input;
use crate::wire::read::rows::Row;

fn row(cells: &[(String, String)]) -> Row {
    Row {
        line: 2,
        cells: cells
            .iter()
            .map(|(column, text)| (column.clone(), Input::text(text.as_str())))
            .collect(),
        raw: Vec::new(),
    }
}

#[test]
fn every_preset_is_well_formed_and_goes_by_its_name() {
    for (name, _) in BUILT_IN {
        let preset = built_in(name).unwrap();
        assert_eq!(preset.name, *name);
        for shape in &preset.shapes {
            assert!(
                !shape.signature.is_empty(),
                "{name}: {} cannot be recognised",
                shape.title
            );
        }
    }
    let near = built_in("gogle").unwrap_err();
    assert!(near.to_string().contains("there is no preset"), "{near}");
}

#[test]
fn what_is_wrong_with_a_preset_is_said_with_its_line() {
    let start = "name = \"mine\"\n[[shape]]\nsignature = [\"a\"]\n[[shape.record]]\nnoun = \"customer\"\n";
    for (text, words) in [
        ("nme = \"x\"".to_owned(), "line 1: there is no \"nme\" here"),
        ("name = \"mine\"".to_owned(), "a preset needs a [[shape]]"),
        (
            start.replace("customer", "custmer"),
            "line 5: there is no noun \"custmer\"",
        ),
        (
            format!("{start}[shape.record.columns]\n\"a\" = \"nme\"\n"),
            "line 7: customer has no field \"nme\"",
        ),
        (
            format!("{start}link = {{ company = \"firm\" }}\n"),
            "line 6: no earlier record of the row",
        ),
        (
            format!("{start}like = \"firm\"\n"),
            "line 6: no earlier customer of the row",
        ),
        (
            format!("{start}[shape.record.columns]\n\"a\" = {{ field = \"level\", values = \"x\" }}\n"),
            "write [shape.values.x]",
        ),
    ] {
        let error = Preset::parse(&text, "mine.toml").unwrap_err().to_string();
        assert!(error.contains(words), "{text}\n{error}");
    }
}

#[test]
fn a_file_of_our_own_is_no_file_of_another_program() {
    let columns: Vec<String> = ["name", "company", "emails", "phones", "note"]
        .map(str::to_owned)
        .to_vec();
    let plan = meaning(&Choice::Recognise, &[], &columns, "a.csv", &Asked::default()).unwrap();
    assert!(plan.is_none());
}

proptest! {
    #[test]
    fn no_text_is_too_odd_for_a_preset(text in "[a-z\\[\\]{}=\" .\n#]{0,200}") {
        let _ = Preset::parse(&text, "mine.toml");
    }

    #[test]
    fn no_row_is_too_odd_for_a_file_that_a_preset_knows(
        at in 0..BUILT_IN.len(),
        texts in prop::collection::vec("\\PC{0,12}|[0-9;:,.<>&@+ -]{0,12}", 0..40),
    ) {
        let preset = built_in(BUILT_IN[at].0).unwrap();
        for shape in &preset.shapes {
            let headers = shape.records.iter().flat_map(|record| &record.columns);
            let columns: Vec<String> = headers.map(|(header, _)| header.replace("{n}", "1")).collect();
            let plan = Plan::new(&preset, shape, &columns, &Asked::default()).unwrap();
            let cells: Vec<(String, String)> = columns.iter().cloned().zip(texts.iter().cloned()).collect();
            if let Cells::Made(made) = plan.cells(&row(&cells)) {
                prop_assert!(!made.is_empty());
            }
        }
    }
}
