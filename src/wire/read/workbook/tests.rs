use std::io::{Cursor, Write};

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Written};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::text::{self, Form};
use super::{Kind, Workbook, recognise};
use crate::error::Result;
use crate::wire::read::rows::{Options, Reader, Source};

const XLS: &[u8] = include_bytes!("../../../../tests/fixtures/customers.xls");

fn opened(bytes: &[u8]) -> Result<Workbook<Cursor<Vec<u8>>>> {
    let mut input = Cursor::new(bytes.to_vec());
    let kind = recognise(&mut input)?.expect("a workbook");
    Workbook::open(input, kind)
}

/// The text of a sheet.
fn copied(bytes: &[u8], place: usize) -> Result<String> {
    let mut out = Vec::new();
    opened(bytes)?.copy(place, &mut out)?;
    Ok(String::from_utf8(out).expect("text"))
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn document(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:automatic-styles>\
         <style:style style:name=\"gone\"><style:table-properties table:display=\"false\"/></style:style>\
         </office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>\
         </office:document-content>"
    );
    zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
    ])
}

fn sheet_of(cells: &str) -> Vec<u8> {
    let mut book = Written::new();
    book.add_worksheet().write_string(0, 0, "x").unwrap();
    let whole = book.save_to_buffer().unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
    let mut parts = Vec::new();
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            text = format!(
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
                 <sheetData>{cells}</sheetData></worksheet>"
            );
        }
        parts.push((name, text));
    }
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    zipped(&parts)
}

#[test]
fn a_sheet_is_its_rows_as_text() {
    let mut book = Written::new();
    let notes = book.add_worksheet().set_name("Notes").unwrap();
    notes.write_string(0, 0, "nothing").unwrap();
    notes.set_hidden(true);
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let time = Format::new().set_num_format("hh:mm");
    let sheet = book.add_worksheet().set_name("客户").unwrap().set_active(true);
    sheet
        .merge_range(0, 0, 0, 3, "Our customers", &Format::new())
        .unwrap();
    for (at, name) in (0..).zip(["name", "phone", "born", "at"]) {
        sheet.write_string(2, at, name).unwrap();
    }
    sheet.write_string(3, 0, "=1+1").unwrap();
    sheet.write_string(3, 1, "0013800138000").unwrap();
    let born = ExcelDateTime::from_ymd(1985, 5, 17).unwrap();
    sheet.write_datetime_with_format(3, 2, &born, &day).unwrap();
    let at = ExcelDateTime::from_hms(9, 30, 0).unwrap();
    sheet.write_datetime_with_format(3, 3, &at, &time).unwrap();
    sheet.write_string(5, 0, "张\t伟\n\"x\"").unwrap();
    sheet.write_number(5, 1, 13_800_138_000_f64).unwrap();
    sheet
        .write_number_with_format(5, 2, 0.125, &Format::new().set_num_format("0.0%"))
        .unwrap();
    sheet
        .write_number_with_format(5, 3, 8123, &Format::new().set_num_format("00000"))
        .unwrap();
    sheet.write_boolean(6, 0, true).unwrap();
    sheet.write_number(6, 1, 0.1 + 0.2).unwrap();
    sheet
        .write_formula(6, 2, Formula::new("=1+1").set_result("2"))
        .unwrap();
    let euros = Format::new().set_num_format("[$€-407]#,##0.00");
    sheet.write_number_with_format(6, 3, -48_000.5, &euros).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let book = opened(&bytes).unwrap();
    let sheets: Vec<(&str, bool)> = book
        .sheets()
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.hidden))
        .collect();
    assert_eq!(sheets, [("Notes", true), ("客户", false)]);
    assert_eq!(book.find("客户").unwrap(), 1);
    assert_eq!(book.find("notes").unwrap(), 0);
    assert_eq!(book.find("2").unwrap(), 1);
    assert_eq!(
        book.find("3").unwrap_err().message(),
        "there is no sheet \"3\"; there are Notes, 客户"
    );
    assert_eq!(
        copied(&bytes, 1).unwrap(),
        "Our customers\n\nname\tphone\tborn\tat\n=1+1\t0013800138000\t1985-05-17\t09:30:00\n\n\
         张\\t伟\\n\"x\"\t13800138000\t12.5%\t08123\ntrue\t0.3\t2\t-48000.5 EUR\n"
    );
    let options = Options {
        source: Some(Source::Tsv),
        ..Options::default()
    };
    let text = copied(&bytes, 1).unwrap().into_bytes();
    let mut reader = Reader::open(Box::new(Cursor::new(text)), &options).unwrap();
    assert_eq!(reader.columns().unwrap(), ["name", "phone", "born", "at"]);
    let rows: Vec<(u64, String)> = reader
        .by_ref()
        .map(|item| item.unwrap().unwrap())
        .map(|row| (row.line, row.raw.join("|")))
        .collect();
    assert_eq!(rows[1], (6, "张\t伟\n\"x\"|13800138000|12.5%|08123".to_owned()));
    assert_eq!(reader.left_out()[0].text, "Our customers");
}

#[test]
fn days_of_either_calendar_and_errors_are_read() {
    let cells = "<row r=\"1\"><c r=\"A1\" t=\"e\"><v>#N/A</v></c><c r=\"C1\" t=\"inlineStr\"><is><t>a &amp; b</t></is></c></row>\
                 <row r=\"3\"><c r=\"B3\" t=\"str\"><f>A1</f><v>x</v></c><c r=\"C3\" t=\"d\"><v>2024-03-05T00:00:00</v></c></row>";
    assert_eq!(
        copied(&sheet_of(cells), 0).unwrap(),
        "#N/A\t\ta & b\n\n\tx\t2024-03-05\n"
    );
    for (value, is_1904, expected) in [
        (45_356.0, false, "2024-03-05"),
        (43_894.0, true, "2024-03-05"),
        (45_356.541_666_666_664, false, "2024-03-05 13:00:00"),
    ] {
        let kind = calamine::ExcelDateTimeType::DateTime;
        let moment = calamine::ExcelDateTime::new(value, kind, is_1904);
        assert_eq!(text::of(&calamine::Data::DateTime(moment), Form::Plain), expected);
    }
    for (code, form) in [
        ("General", Form::Plain),
        ("0.00", Form::Plain),
        ("0", Form::Plain),
        ("00000", Form::Digits(5)),
        ("0.00%", Form::Percent),
        ("\"100%\" 0", Form::Plain),
        ("#,##0.00\\ [$€-1]", Form::Money(*b"EUR")),
        ("[$¥-804]#,##0.00", Form::Money(*b"CNY")),
        ("\"$\"#,##0.00", Form::Plain),
        ("#,##0 \"CHF\";[Red]-#,##0", Form::Money(*b"CHF")),
    ] {
        assert_eq!(Form::of(code), form, "{code}");
    }
    assert_eq!(text::number(1.0e20), "100000000000000000000");
    assert_eq!(text::number(-0.07), "-0.07");
    assert_eq!(text::iso_duration("PT25H03M04S"), "25:03:04");
}

#[test]
fn the_old_format_is_read() {
    assert_eq!(recognise(&mut Cursor::new(XLS)).unwrap(), Some(Kind::Xls));
    assert_eq!(
        copied(XLS, 0).unwrap(),
        "name\temail\tbirthday\tcity\nJürgen Groß\tj@x.example\t1970-12-31\t北京\nEve\n"
    );
}

#[test]
fn a_document_is_read_as_it_goes_by() {
    let bytes = document(
        "<table:table table:name=\"Old\" table:style-name=\"gone\"><table:table-row><table:table-cell/></table:table-row></table:table>\
         <table:table table:name=\"Leute\">\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row><table:table-cell office:value-type=\"string\"><text:p>Ada &amp; <text:span>Bob</text:span></text:p><text:p>b<text:s text:c=\"2\"/>c</text:p><office:annotation><text:p>no</text:p></office:annotation></table:table-cell>\
         <table:table-cell table:number-columns-repeated=\"2\"/>\
         <table:table-cell office:value-type=\"float\" office:value=\"13800138000\" table:number-columns-repeated=\"2\"><text:p>1.38E+10</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"date\" office:date-value=\"2024-03-05T10:30:00\"/>\
         <table:table-cell office:value-type=\"percentage\" office:value=\"0.6\"/><table:table-cell office:value-type=\"currency\" office:currency=\"EUR\" office:value=\"5.5\"/>\
         <table:table-cell office:value-type=\"string\" calcext:value-type=\"error\" office:string-value=\"\"><text:p>#REF!</text:p></table:table-cell></table:table-row>\
         </table:table>",
    );
    let book = opened(&bytes).unwrap();
    assert!(book.sheets()[0].hidden && !book.sheets()[1].hidden);
    assert_eq!(copied(&bytes, 0).unwrap(), "\n");
    assert_eq!(
        copied(&bytes, 1).unwrap(),
        "\n\nAda & Bob\\nb  c\t\t\t13800138000\t13800138000\n\
         2024-03-05 10:30:00\t60%\t5.5 EUR\t#REF!\n2024-03-05 10:30:00\t60%\t5.5 EUR\t#REF!\n"
    );
}

#[test]
fn what_is_too_large_to_be_meant_is_refused() {
    let refused = |bytes: &[u8]| copied(bytes, 0).unwrap_err().to_string();
    let long = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
        "x".repeat(3 << 20)
    );
    assert_eq!(
        refused(&sheet_of(&long)),
        "the workbook cannot be read: xl/worksheets/sheet1.xml is too large to be meant"
    );
    let runs = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is>{}</is></c></row>",
        "<r><t>x</t></r>".repeat(2 << 20)
    );
    assert!(refused(&sheet_of(&runs)).ends_with("is too large to be meant"));
    let beyond = "<row r=\"1048577\"><c r=\"A1048577\"><v>1</v></c></row>";
    assert!(refused(&sheet_of(beyond)).contains("cannot be read"));
    let back = "<row r=\"5\"><c r=\"A5\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>";
    assert_eq!(
        refused(&sheet_of(back)),
        "the workbook cannot be read: row 2 comes after row 5"
    );
    let wide = "<table:table table:name=\"x\"><table:table-row><table:table-cell office:value-type=\"float\" \
                office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row></table:table>";
    assert!(refused(&document(wide)).ends_with("is too large to be meant"));
    let blanks = "<table:table table:name=\"x\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>a\
                  <text:s text:c=\"4000000000\"/></text:p></table:table-cell></table:table-row></table:table>";
    assert!(copied(&document(blanks), 0).unwrap().len() < 2000);
}

#[test]
fn what_is_no_workbook_is_told_from_one() {
    let told = |bytes: &[u8]| recognise(&mut Cursor::new(bytes.to_vec()));
    assert_eq!(told(b"").unwrap(), None);
    assert_eq!(told(b"name,email\n").unwrap(), None);
    assert_eq!(told(&zipped(&[("customers.csv", "a,b")])).unwrap(), None);
    assert_eq!(told(&document("")).unwrap(), Some(Kind::Ods));
    assert!(told(b"PK\x03\x04 and then nothing").is_err());
    assert!(
        told(&zipped(&[("xl/workbook.bin", "")]))
            .unwrap_err()
            .message()
            .contains(".xlsb")
    );
    let mut cut = sheet_of("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>");
    cut.truncate(cut.len() / 2);
    assert!(told(&cut).is_err());
}

#[test]
fn any_byte_of_an_old_workbook_may_lie() {
    let mut refusals = Vec::new();
    for at in 0..XLS.len() {
        let mut bytes = XLS.to_vec();
        bytes[at] = 52;
        match Workbook::open(Cursor::new(bytes), Kind::Xls) {
            Ok(mut book) => {
                let _ = book.copy(0, &mut std::io::sink());
            }
            Err(error) => refusals.push(error.message().to_owned()),
        }
    }
    for said in ["contradicts itself", "no workbook in the file"] {
        assert!(
            refusals.iter().any(|why| why.contains(said)),
            "{said}: {refusals:#?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_workbooks_never_panic(which in 0..3_usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = match which {
            0 => sheet_of("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c><c r=\"B1\"><v>1.5</v></c></row>"),
            1 => document("<table:table table:name=\"x\"><table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table>"),
            _ => XLS.to_vec(),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut input = Cursor::new(bytes);
        if let Ok(Some(kind)) = recognise(&mut input)
            && let Ok(mut book) = Workbook::open(input, kind)
        {
            for place in 0..book.sheets().len() {
                let _ = book.copy(place, &mut std::io::sink());
            }
        }
    }

    #[test]
    fn rough_cells_never_panic(cells in "(<row r=\"[0-9]{1,3}\">|<c r=\"[A-Z]{1,3}[0-9]{1,8}\" t=\"(s|b|e|n|d|str|inlineStr)\">|<v>|[0-9.e-]{0,5}|</v>|<is><t>|x|</t></is>|</c>|</row>|&amp;|&x;){0,20}") {
        let bytes = sheet_of(&cells);
        let _ = copied(&bytes, 0);
        let tables = cells
            .replace("<row", "<table:table table:name=\"x\"><table:table-row")
            .replace("<c ", "<table:table-cell ");
        let _ = copied(&document(&tables), 0);
    }

    #[test]
    fn numbers_are_plain_and_keep_fifteen_digits(value in -1.0e15..1.0e15_f64) {
        let text = text::number(value);
        prop_assert!(!text.contains('e'), "{}", text);
        let back: f64 = text.parse().unwrap();
        prop_assert!((back - value).abs() <= value.abs() * 1.0e-14);
    }

    #[test]
    fn texts_come_back_as_they_were(table in prop::collection::vec(prop::collection::vec("[^\\p{C}\r]{0,12}", 1..5), 1..6)) {
        let mut book = Written::new();
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(&table) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
        let bytes = book.save_to_buffer().unwrap();
        let text = copied(&bytes, 0).unwrap();
        let mut expected: Vec<String> = table
            .iter()
            .map(|cells| {
                let mut line: Vec<String> = Vec::new();
                for cell in cells {
                    let mut text = String::new();
                    crate::wire::csv::push_tsv_cell(cell, &mut text);
                    line.push(text);
                }
                while line.last().is_some_and(String::is_empty) {
                    line.pop();
                }
                line.join("\t")
            })
            .collect();
        while expected.len() > 1 && expected.last().is_some_and(String::is_empty) {
            expected.pop();
        }
        prop_assert_eq!(text, expected.join("\n") + "\n");
    }
}
