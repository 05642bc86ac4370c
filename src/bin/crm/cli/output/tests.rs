use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crm::domain::field::FieldType;
use crm::domain::id::{Id, Ref};
use crm::domain::money::{Currency, Money};
use crm::domain::noun::Noun;
use crm::domain::value::Link;

use super::*;
use crate::cli::ui;
use crate::text::style::Paint;
use crate::text::width;

fn clock() -> Clock {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    Clock::new("2026-09-30T08:00:00Z".parse().unwrap(), zone)
}

fn columns() -> Vec<Column> {
    [
        ("id", FieldType::Ref),
        ("name", FieldType::Text),
        ("customer", FieldType::Link(Noun::Customer)),
        ("amount", FieldType::Money),
        ("probability", FieldType::Percent),
        ("expected_close", FieldType::Date),
        ("tags", FieldType::Tags),
        ("next_task", FieldType::Instant),
    ]
    .map(|(name, kind)| Column::new(name, kind))
    .to_vec()
}

fn rows() -> Vec<Vec<Value>> {
    let money = |minor, code| {
        Value::Money(Money {
            minor,
            currency: Currency::parse(code).unwrap(),
        })
    };
    let customer = |no, name: &str| {
        Value::Link(Link {
            noun: Noun::Customer,
            id: Id::from_raw(no),
            no,
            name: name.to_owned(),
        })
    };
    let deal = |no| Value::Ref(Ref { noun: Noun::Deal, no });
    vec![
        vec![
            deal(7),
            Value::text("Crane, used"),
            customer(42, "杭州阿里巴巴"),
            money(4_800_000, "EUR"),
            Value::Percent(60),
            Value::Date(date(2026, 10, 2)),
            Value::List(vec![Value::text("vip"), Value::text("a|b")]),
            Value::Instant("2026-09-30T09:30:00Z".parse().unwrap()),
        ],
        vec![
            deal(1234),
            Value::text("=\"hostile\"\t\u{1b}[31m\u{202e}\nback\\slash"),
            Value::Null,
            money(-120_050, "JPY"),
            Value::Percent(5),
            Value::Date(date(2027, 1, 31)),
            Value::List(Vec::new()),
            Value::Null,
        ],
    ]
}

fn written(format: Format, change: impl Fn(&mut Options<'_>)) -> String {
    let clock = clock();
    let mut options = Options::new(&clock);
    change(&mut options);
    let mut out = Vec::new();
    let mut writer = Writer::begin(format, options, &mut out, &columns(), "deal").unwrap();
    for row in rows() {
        writer.row(&row).unwrap();
    }
    assert_eq!(writer.finish().unwrap().rows, 2);
    String::from_utf8(out).unwrap()
}

/// Makes visible what an editor would hide.
fn shown(text: &str) -> String {
    text.replace('\u{1b}', "<ESC>")
        .replace('\t', "<TAB>")
        .replace('\r', "<CR>")
        .replace('\0', "<NUL>")
        .replace('\u{202e}', "<RLO>")
}

#[test]
fn tsv_golden() {
    insta::assert_snapshot!(shown(&written(Format::Auto, |_| {})), @r#"
    D7<TAB>Crane, used<TAB>C42<TAB>48000.00<TAB>EUR<TAB>60%<TAB>2026-10-02<TAB>vip; a|b<TAB>2026-09-30T09:30:00Z
    D1234<TAB>="hostile"\t<ESC>[31m<RLO>\nback\\slash<TAB><TAB>-120050<TAB>JPY<TAB>5%<TAB>2027-01-31<TAB><TAB>
    "#);
    let header = written(Format::Tsv, |options| options.header = Some(true));
    insta::assert_snapshot!(shown(header.lines().next().unwrap()), @r#"id<TAB>name<TAB>customer<TAB>amount<TAB>amount_currency<TAB>probability<TAB>expected_close<TAB>tags<TAB>next_task"#);
}

#[test]
fn csv_golden() {
    insta::assert_snapshot!(shown(&written(Format::Csv, |_| {})), @r#"
    id,name,customer,amount,amount_currency,probability,expected_close,tags,next_task<CR>
    D7,"Crane, used",C42,48000.00,EUR,60%,2026-10-02,vip; a|b,2026-09-30T09:30:00Z<CR>
    D1234,"=""hostile""<TAB><ESC>[31m<RLO>
    back\slash",,-120050,JPY,5%,2027-01-31,,<CR>
    "#);
    let safe = written(Format::Csv, |options| {
        options.csv_safe = true;
        options.bom = true;
        options.header = Some(false);
    });
    assert!(safe.starts_with("\u{feff}D7,"));
    assert!(safe.contains(",\"'=\"\"hostile\"\"") && safe.contains(",'-120050,JPY,"));
}

#[test]
fn json_golden() {
    insta::assert_snapshot!(shown(&written(Format::Json, |_| {})), @r#"
    [
    {"kind":"deal","id":"D7","name":"Crane, used","customer":{"id":"C42","name":"杭州阿里巴巴"},"amount":{"amount":"48000.00","currency":"EUR"},"probability":0.6,"expected_close":"2026-10-02","tags":["vip","a|b"],"next_task":"2026-09-30T09:30:00Z"},
    {"kind":"deal","id":"D1234","name":"=\"hostile\"\t\u001b[31m<RLO>\nback\\slash","customer":null,"amount":{"amount":"-120050","currency":"JPY"},"probability":0.05,"expected_close":"2027-01-31","tags":[],"next_task":null}
    ]
    "#);
    insta::assert_snapshot!(shown(&written(Format::Ndjson, |_| {})), @r#"
    {"kind":"deal","id":"D7","name":"Crane, used","customer":{"id":"C42","name":"杭州阿里巴巴"},"amount":{"amount":"48000.00","currency":"EUR"},"probability":0.6,"expected_close":"2026-10-02","tags":["vip","a|b"],"next_task":"2026-09-30T09:30:00Z"}
    {"kind":"deal","id":"D1234","name":"=\"hostile\"\t\u001b[31m<RLO>\nback\\slash","customer":null,"amount":{"amount":"-120050","currency":"JPY"},"probability":0.05,"expected_close":"2027-01-31","tags":[],"next_task":null}
    "#);
    let array: serde_json::Value = serde_json::from_str(&written(Format::Json, |_| {})).unwrap();
    let ascii = written(Format::Json, |options| options.ascii = true);
    assert!(ascii.is_ascii());
    let terminal = written(Format::Json, |options| options.terminal = true);
    for text in [ascii, terminal] {
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), array);
    }
}

#[test]
fn ids_golden() {
    assert_eq!(written(Format::Ids, |_| {}), "D7\nD1234\n");
    assert_eq!(written(Format::Ids, |options| options.null = true), "D7\0D1234\0");
}

#[test]
fn markdown_golden() {
    insta::assert_snapshot!(shown(&written(Format::Markdown, |_| {})), @r#"
    | id | name | customer | amount | probability | expected_close | tags | next_task |
    | --- | --- | --- | ---: | ---: | --- | --- | --- |
    | D7 | Crane, used | 杭州阿里巴巴 | 48000.00 EUR | 60% | 2026-10-02 | vip; a\|b | 2026-09-30T09:30:00Z |
    | D1234 | ="hostile"<TAB><ESC>[31m<RLO><br>back\\slash |  | -120050 JPY | 5% | 2027-01-31 |  |  |
    "#);
}

#[test]
fn template_golden() {
    let fill = |text: &str| written(Format::Template(text.to_owned()), |_| {});
    let text = r"{id}\t{customer.name} {customer.id} {amount|money} {amount.currency} {next_task|ago} {{{tags|json}}}";
    insta::assert_snapshot!(shown(&fill(text)), @r#"
    D7<TAB>杭州阿里巴巴 C42 €48,000 EUR in 1 h {["vip","a|b"]}
    D1234<TAB>  -¥120,050 JPY  {[]}
    "#);
    assert_eq!(fill(r"{probability}\n"), "60%\n5%\n");
}

#[test]
fn templates_that_are_refused() {
    for (text, reason) in [
        ("{id", "`{` is not closed"),
        ("id}", "`}` is not opened"),
        ("{}", "a placeholder has no name"),
        ("{id|upper}", "there is no helper \"upper\""),
        (r"\x", r"there is no escape \x"),
        ("\\", "it ends with a single backslash"),
        ("{ame}", "\"ame\", which is no column here"),
        ("{name.first}", "\"name.first\", which is no column here"),
        ("{customer.city}", "\"customer.city\", which is no column here"),
    ] {
        let clock = clock();
        let mut out = Vec::new();
        let format = Format::Template(text.to_owned());
        let refused = Writer::begin(format, Options::new(&clock), &mut out, &columns(), "deal").err();
        let message = refused.map(|error| error.to_string()).unwrap_or_default();
        assert!(message.contains(reason), "{text}: {message}");
    }
    let template = template::Template::parse("{id} {customer.name|json}").unwrap();
    assert_eq!(template.names().collect::<Vec<_>>(), ["id", "customer.name"]);
}

#[test]
fn table_golden() {
    let wide = |options: &mut Options<'_>| options.terminal = true;
    insta::assert_snapshot!(shown(&written(Format::Auto, wide)), @r#"
    ID     NAME                                   CUSTOMER         AMOUNT  PROBABILITY  EXPECTED CLOSE  TAGS      NEXT TASK
    D7     Crane, used                            杭州阿里巴巴    €48,000          60%  in 2 days       vip, a|b  in 1 h
    D1234  ="hostile"\t\e[31m\u{202e}⏎back\slash                -¥120,050           5%  2027-01-31
    "#);
    let narrow = |options: &mut Options<'_>| {
        options.terminal = true;
        options.width = Some(100);
    };
    insta::assert_snapshot!(shown(&written(Format::Auto, narrow)), @r#"
    ID     NAME                  CUSTOMER       AMOUNT  PROBABILITY  EXPECTED CLOSE  TAGS      NEXT TASK
    D7     Crane, used           杭州阿里…     €48,000          60%  in 2 days       vip, a|b  in 1 h
    D1234  ="hostile"\t\e[31m\…              -¥120,050           5%  2027-01-31
    "#);
    let bold = |options: &mut Options<'_>| {
        options.width = Some(30);
        options.color = true;
    };
    insta::assert_snapshot!(shown(&written(Format::Table, bold)), @r#"
    <ESC>[1mID<ESC>[0m     <ESC>[1mNAME<ESC>[0m         <ESC>[1mCUSTOMER<ESC>[0m
    D7     Crane, used  杭州阿里…
    D1234  ="hostile"…
    "#);
}

#[test]
fn columns_line_up_in_every_script_and_no_line_is_too_wide() {
    let columns = [
        Column::new("id", FieldType::Ref),
        Column::new("name", FieldType::Text),
        Column::new("mark", FieldType::Text),
    ];
    let names = [
        "Anna",
        "张伟",
        "山田 太郎",
        "👨‍👩‍👧‍👦 family",
        "cafe\u{301}",
        "ｶﾞｷﾞ",
        "김민준",
        "🇩🇪",
        "한국어 이름이 아주 긴 회사",
    ];
    let clock = clock();
    for width in [None, Some(80), Some(24), Some(20)] {
        let mut options = Options::new(&clock);
        options.width = width;
        let mut out = Vec::new();
        let mut writer = Writer::begin(Format::Table, options, &mut out, &columns, "customer").unwrap();
        for (no, name) in (1..).zip(names) {
            let id = Value::Ref(Ref {
                noun: Noun::Customer,
                no,
            });
            writer.row(&[id, Value::text(name), Value::text("|")]).unwrap();
        }
        writer.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        let marks: Vec<usize> = text
            .lines()
            .skip(1)
            .map(|line| width::width(line.split('|').next().unwrap()))
            .collect();
        assert_eq!(marks.len(), names.len());
        assert!(marks.iter().all(|at| *at == marks[0]), "{width:?}\n{text}");
        let widest = text.lines().map(width::width).max().unwrap();
        assert!(width.is_none_or(|width| widest <= usize::from(width)), "{text}");
    }
}

#[test]
fn columns_that_do_not_fit_are_named() {
    let clock = clock();
    let mut options = Options::new(&clock);
    options.width = Some(40);
    let mut out = Vec::new();
    let mut writer = Writer::begin(Format::Table, options, &mut out, &columns(), "deal").unwrap();
    for row in rows() {
        writer.row(&row).unwrap();
    }
    let summary = writer.finish().unwrap();
    assert_eq!(
        summary.hidden,
        ["probability", "expected_close", "tags", "next_task"]
    );
    let text = String::from_utf8(out).unwrap();
    assert!(text.lines().all(|line| width::width(line) <= 40), "{text}");
    assert!(text.contains("D1234 "), "{text}");
}

#[test]
fn long_tables_keep_their_widths_and_never_cut_an_id() {
    let clock = clock();
    let mut options = Options::new(&clock);
    options.width = Some(20);
    let columns = [
        Column::new("id", FieldType::Ref),
        Column::new("name", FieldType::Text),
    ];
    let mut out = Vec::new();
    let mut writer = Writer::begin(Format::Table, options, &mut out, &columns, "customer").unwrap();
    for no in (1..=1000).chain([1_234_567]) {
        let id = Value::Ref(Ref {
            noun: Noun::Customer,
            no,
        });
        let name = if no > 1000 {
            "a longer name than the others"
        } else {
            "Anna"
        };
        writer.row(&[id, Value::text(name)]).unwrap();
    }
    writer.finish().unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1002);
    assert_eq!(lines[..2], ["ID     NAME", "C1     Anna"]);
    assert_eq!(lines[1001], "C1234567  a l…");
}

#[test]
fn empty_lists() {
    for (format, expected) in [
        (Format::Table, ""),
        (Format::Tsv, ""),
        (Format::Csv, "id,amount,amount_currency\r\n"),
        (Format::Json, "[]\n"),
        (Format::Ndjson, ""),
        (Format::Ids, ""),
        (Format::Markdown, ""),
        (Format::Template("{id}".to_owned()), ""),
    ] {
        let clock = clock();
        let columns = [
            Column::new("id", FieldType::Ref),
            Column::new("amount", FieldType::Money),
        ];
        let mut out = Vec::new();
        let writer = Writer::begin(format.clone(), Options::new(&clock), &mut out, &columns, "deal").unwrap();
        assert_eq!(writer.finish().unwrap(), Summary::default());
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{format:?}");
    }
}

#[test]
fn one_record_is_an_object() {
    let clock = clock();
    let mut options = Options::new(&clock);
    options.single = true;
    let mut out = Vec::new();
    let columns = [Column::new("name", FieldType::Text)];
    let mut writer = Writer::begin(Format::Json, options, &mut out, &columns, "team").unwrap();
    writer.row(&[Value::text("north")]).unwrap();
    writer.finish().unwrap();
    assert_eq!(out, b"{\"kind\":\"team\",\"name\":\"north\"}\n");
}

#[test]
fn no_format_drives_a_terminal() {
    let template = Format::Template("{name} {customer.name}".to_owned());
    for format in [
        Format::Table,
        Format::Tsv,
        Format::Csv,
        Format::Json,
        Format::Ndjson,
        Format::Ids,
        Format::Markdown,
        template,
    ] {
        let text = written(format.clone(), |options| options.terminal = true);
        let harmless = text.replace("\r\n", "").replace(['\n', '\t'], "");
        assert!(!harmless.contains(sanitise::is_hazard), "{format:?} {text:?}");
    }
}

#[test]
fn a_workbook_is_for_files_and_holds_no_endless_cell() {
    let clock = clock();
    let begin = |terminal: bool| {
        let mut options = Options::new(&clock);
        options.terminal = terminal;
        let mut out = Vec::new();
        let mut writer = Writer::begin(Format::Xlsx, options, &mut out, &columns(), "deal")?;
        for row in rows() {
            writer.row(&row)?;
        }
        writer.row(&[Value::Null, Value::text("x".repeat(40_000))])?;
        writer.finish().map(|summary| summary.rows)
    };
    assert_eq!(begin(true).unwrap_err().kind(), crm::error::Kind::Usage);
    let long = begin(false).unwrap_err();
    assert!(
        long.message()
            .contains("is longer than a cell of a workbook can be"),
        "{long}"
    );
}

#[test]
fn formats_by_name() {
    for name in FORMATS {
        assert!(Format::parse(name, Some("{id}")).is_ok(), "{name}");
    }
    assert!(Format::parse("template", None).is_err());
    let error = Format::parse("xml", None).unwrap_err();
    assert!(error.to_string().ends_with(&FORMATS.join(", ")), "{error}");
    assert_eq!(Format::parse("jsn", None).unwrap_err().near(), ["json"]);
    assert!(Format::Json.is_json() && Format::Ndjson.is_json() && !Format::Csv.is_json());
}

/// A stream that remembers how much had come at each flush.
#[derive(Default)]
struct Flushed {
    bytes: usize,
    at: Vec<usize>,
}

impl Write for Flushed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.at.push(self.bytes);
        Ok(())
    }
}

#[test]
fn the_first_line_comes_at_once() {
    for format in [Format::Tsv, Format::Csv, Format::Ndjson, Format::Ids] {
        let clock = clock();
        let mut out = Flushed::default();
        let mut writer =
            Writer::begin(format.clone(), Options::new(&clock), &mut out, &columns(), "deal").unwrap();
        for row in rows() {
            writer.row(&row).unwrap();
        }
        writer.finish().unwrap();
        assert!(out.at[0] > 0 && out.at[0] < out.at[1], "{format:?}");
    }
}

/// A stream whose reader went away.
struct Broken;

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn every_format_tells_that_the_reader_went_away() {
    // Longer than the buffers on the way, so that the failure is met by the row itself.
    let long = Value::text("x".repeat(100_000));
    let template = Format::Template("{name}".to_owned());
    for format in [
        Format::Table,
        Format::Tsv,
        Format::Csv,
        Format::Json,
        Format::Ndjson,
        Format::Ids,
        Format::Markdown,
        Format::Xlsx,
        template,
    ] {
        // A cell of a workbook takes less.
        let long = if format == Format::Xlsx {
            Value::text("x".repeat(1000))
        } else {
            long.clone()
        };
        let clock = clock();
        let columns = [Column::new("name", FieldType::Text)];
        let mut out = Broken;
        let written = Writer::begin(format.clone(), Options::new(&clock), &mut out, &columns, "team")
            .and_then(|mut writer| {
                writer.row(std::slice::from_ref(&long))?;
                writer.finish()
            });
        assert!(ui::is_closed(&written.unwrap_err()), "{format:?}");
    }
}

proptest! {
    #[test]
    fn templates_never_panic(text in ".{0,40}|[{}|\\\\a-z.n]{0,20}") {
        if let Ok(template) = template::Template::parse(&text) {
            prop_assert!(template.names().all(|name| !name.is_empty()));
        }
    }

    #[test]
    fn tsv_and_csv_cells_come_back(texts in prop::collection::vec(any::<String>(), 2..4)) {
        let columns: Vec<Column> = texts.iter().map(|_| Column::new("name", FieldType::Text)).collect();
        let row: Vec<Value> = texts.iter().map(Value::text).collect();
        let clock = clock();
        let written = |format| {
            let mut options = Options::new(&clock);
            options.header = Some(false);
            let mut out = Vec::new();
            let mut writer = Writer::begin(format, options, &mut out, &columns, "").unwrap();
            writer.row(&row).unwrap();
            writer.finish().unwrap();
            out
        };
        let csv = written(Format::Csv);
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        prop_assert!(record.iter().eq(texts.iter().map(String::as_str)));
        let tsv = String::from_utf8(written(Format::Tsv)).unwrap();
        let line = tsv.strip_suffix('\n').unwrap();
        prop_assert!(!line.contains('\n'));
        let cells: Vec<String> = line.split('\t').map(unescaped).collect();
        prop_assert_eq!(cells, texts);
    }
}

/// Reads a cell of TSV back.
fn unescaped(cell: &str) -> String {
    let mut text = String::new();
    let mut characters = cell.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap(),
            },
            other => other,
        });
    }
    text
}

#[test]
fn a_record_in_detail() {
    let line = |label: &str, kind, value| detail::Line {
        label: label.to_owned(),
        kind,
        value,
    };
    let mut values = rows().swap_remove(0);
    let sections = [
        detail::Section {
            title: None,
            lines: vec![
                line("customer", FieldType::Link(Noun::Customer), values.swap_remove(2)),
                line("title", FieldType::Text, Value::Null),
                line("expected close", FieldType::Date, Value::Date(date(2026, 10, 2))),
                line(
                    "emails",
                    FieldType::Emails,
                    Value::List(vec![
                        Value::text("anna@example.com"),
                        Value::text("a@example.org"),
                    ]),
                ),
            ],
        },
        detail::Section {
            title: Some("Nothing known".to_owned()),
            lines: vec![line("tags", FieldType::Tags, Value::List(Vec::new()))],
        },
        detail::Section {
            title: Some("Notes".to_owned()),
            lines: vec![line(
                "note",
                FieldType::LongText,
                Value::text("wants a call back on friday\nsays \u{1b}[2J the crane 起重机 is old"),
            )],
        },
    ];
    let clock = clock();
    let show = |on| {
        let view = detail::View {
            clock: &clock,
            width: Some(40),
            paint: Paint { on },
        };
        let mut out = Vec::new();
        detail::write(&mut out, "D7 Crane\u{7}", &sections, view).unwrap();
        shown(&String::from_utf8(out).unwrap())
    };
    insta::assert_snapshot!(show(false), @r#"
    D7 Crane\u{7}
    customer        杭州阿里巴巴 C42
    expected close  2026-10-02 (in 2 days)
    emails          anna@example.com
                    a@example.org

    Notes
    note            wants a call back on
                    friday
                    says \e[2J the crane 起
                    重机 is old
    "#);
    assert!(show(true).starts_with("<ESC>[1mD7 Crane\\u{7}<ESC>[0m\n<ESC>[2mcustomer<ESC>[0m"));
}
