use std::io::{Cursor, Read};

use proptest::prelude::*;

use super::decode::Decoded;
use super::element::Elements;
use super::json;
use super::line::Lines;
use super::record::Records;
use super::rows::{Item, Options, Reader, Row, RowError, Source, detect};
use crate::domain::input::Input;
use crate::error::{Kind, Result};
use crate::wire::csv::{CsvWriter, push_tsv_cell};
use crate::wire::rejects::{NAMES, RejectsWriter};

/// Gives one byte at a time, and is interrupted before each.
struct Drip(Cursor<Vec<u8>>, bool);

impl Read for Drip {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let end = out.len().min(1);
        self.0.read(&mut out[..end])
    }
}

fn from(source: Source) -> Options {
    Options {
        source: Some(source),
        ..Options::default()
    }
}

fn named(extension: &str) -> Options {
    Options {
        extension: Some(extension.to_owned()),
        ..Options::default()
    }
}

fn open(bytes: &[u8], options: &Options) -> Result<Reader> {
    Reader::open(Box::new(Cursor::new(bytes.to_vec())), options)
}

/// The columns and the items of a file, or its error as text.
fn read_all(input: Box<dyn Read>, options: &Options) -> Result<(Option<Vec<String>>, Vec<Item>), String> {
    let reader = Reader::open(input, options).map_err(|error| error.to_string())?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let items = reader
        .collect::<Result<Vec<Item>>>()
        .map_err(|error| error.to_string())?;
    Ok((columns, items))
}

fn items(bytes: &[u8], options: &Options) -> Vec<Item> {
    read_all(Box::new(Cursor::new(bytes.to_vec())), options)
        .unwrap()
        .1
}

/// Every item on a line: `2: a=1 b=2`, `3: ! reason`.
fn shown(bytes: &[u8], options: &Options) -> Vec<String> {
    items(bytes, options).iter().map(show).collect()
}

fn show(item: &Item) -> String {
    match item {
        Ok(row) => {
            let cells: Vec<String> = row
                .cells
                .iter()
                .map(|(name, input)| format!("{name}={}", show_input(input)))
                .collect();
            format!("{}: {}", row.line, cells.join(" "))
        }
        Err(error) => format!("{}: ! {}", error.line, error.reason),
    }
}

fn show_input(input: &Input) -> String {
    match input {
        Input::Clear => "~".to_owned(),
        Input::Text(text) => text.clone(),
        Input::List(items) => format!("[{}]", items.iter().map(show_input).collect::<Vec<_>>().join(" ")),
        Input::Map(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|(name, input)| format!("{name}={}", show_input(input)))
                .collect();
            format!("{{{}}}", parts.join(" "))
        }
    }
}

fn refusal(bytes: &[u8], options: &Options) -> String {
    read_all(Box::new(Cursor::new(bytes.to_vec())), options).unwrap_err()
}

/// `text` in the encoding called `name`; with `bom`, the mark goes first.
fn encode(text: &str, name: &str, bom: bool) -> Vec<u8> {
    let text = if bom {
        format!("\u{FEFF}{text}")
    } else {
        text.to_owned()
    };
    match name {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => encoding_rs::Encoding::for_label(name.as_bytes())
            .unwrap()
            .encode(&text)
            .0
            .into_owned(),
    }
}

#[test]
fn every_encoding_line_end_and_delimiter_gives_the_same_rows() {
    let encodings = [
        ("utf-8", false),
        ("utf-8", true),
        ("utf-16le", false),
        ("utf-16le", true),
        ("utf-16be", false),
        ("utf-16be", true),
        ("gb18030", false),
        ("gb18030", true),
    ];
    for (name, bom) in encodings {
        for end in ["\n", "\r\n", "\r"] {
            for delimiter in [",", ";", "\t", "|"] {
                for tail in ["", end] {
                    let rows = [
                        ["名称", "城市", "note"].join(delimiter),
                        ["张伟", "杭州", "\"one\ntwo, \"\"three\"\"; |\""].join(delimiter),
                        String::new(),
                        ["李娜，王芳", "北京", ""].join(delimiter),
                    ];
                    let text = rows.join(end) + tail;
                    let bytes = encode(&text, name, bom);
                    let case = format!("{name} bom {bom} end {end:?} delimiter {delimiter:?}");
                    let expected = vec![
                        "2: 名称=张伟 城市=杭州 note=one\ntwo, \"three\"; |".to_owned(),
                        "5: 名称=李娜，王芳 城市=北京 note=".to_owned(),
                    ];
                    assert_eq!(shown(&bytes, &named("csv")), expected, "{case}");
                    let drip = Drip(Cursor::new(bytes), false);
                    let (_, dripped) = read_all(Box::new(drip), &named("csv")).unwrap();
                    assert_eq!(
                        dripped.iter().map(show).collect::<Vec<_>>(),
                        expected,
                        "{case}, dripped"
                    );
                }
            }
        }
    }
}

#[test]
fn csv_as_programs_really_write_it() {
    let cases: &[(&str, &[&str])] = &[
        ("a,b,c\n1,\"\",\"\"\n2,3,4", &["2: a=1 b= c=", "3: a=2 b=3 c=4"]),
        (
            "a,b\n1,\"ha \"\"ha\"\" ha\"\n3,4\n",
            &["2: a=1 b=ha \"ha\" ha", "3: a=3 b=4"],
        ),
        ("a,b\n1,\"x, y\"\n", &["2: a=1 b=x, y"]),
        ("a,b\r\n\"1\r\n2\",3\r\n4,5", &["2: a=1\r\n2 b=3", "4: a=4 b=5"]),
        ("a,b\r\"1\r2\",3\r4,5", &["2: a=1\r2 b=3", "4: a=4 b=5"]),
        ("a,b\n\n\n , \n\n1,2\n", &["6: a=1 b=2"]),
        (
            "a,b\n1\n2,3,\n4,5,6\n7,8\n",
            &[
                "2: a=1",
                "3: a=2 b=3",
                "4: ! more cells than columns: 3 for 2",
                "5: a=7 b=8",
            ],
        ),
        ("sep=;\na;b\n1,5;2\n", &["3: a=1,5 b=2"]),
        ("\"sep=|\"\r\na|b\r\n1;5|2\r\n", &["3: a=1;5 b=2"]),
        ("a;b\n1,5;2,5\n", &["2: a=1,5 b=2,5"]),
        ("name\nSmith, John\n", &["2: ! more cells than columns: 2 for 1"]),
        ("name\nAda\n\nGrace\n", &["2: name=Ada", "4: name=Grace"]),
        ("a,b\nx \"y\" z,5\" pipe\n", &["2: a=x \"y\" z b=5\" pipe"]),
        ("a,b\n\"x\"y,2\n", &["2: a=xy b=2"]),
        ("a,b\nx\u{0}y,z\u{0}\u{0}\n", &["2: a=x\u{FFFD}y b=z"]),
        ("a,b\n 1 ,2\n", &["2: a= 1  b=2"]),
        (
            "Name,Mail,Job,,\nAda,a@x.example,x,,\nBob,b@x.example,y,,extra\n",
            &[
                "2: Name=Ada Mail=a@x.example Job=x column 4= column 5=",
                "3: Name=Bob Mail=b@x.example Job=y column 4= column 5=extra",
            ],
        ),
        ("a,b,,\n1,2,,\n3,4\n", &["2: a=1 b=2", "3: a=3 b=4"]),
        (
            "Notes:\n\"Some are missing, as always.\"\n\nName,Mail,Job\nAda,ada@example.com,x\n",
            &["5: Name=Ada Mail=ada@example.com Job=x"],
        ),
        ("", &[]),
        ("a,b", &[]),
        ("a,b\r\n", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text.as_bytes(), &named("csv")), *expected, "{text:?}");
    }
}

#[test]
fn every_shape_of_a_table_is_read_as_it_means() {
    let cases: &[(&[u8], &[&str])] = &[
        (b"first,last,address,city,zip\nAda,Doe,12 any st.,\"Anytown, WW\",08123", &["2: first=Ada last=Doe address=12 any st. city=Anytown, WW zip=08123"]),
        (b"a,b,c\r\n1,\"\",\"\"\r\n2,3,4", &["2: a=1 b= c=", "3: a=2 b=3 c=4"]),
        (b"a,b\n1,\"ha \"\"ha\"\" ha\"\n3,4\n", &["2: a=1 b=ha \"ha\" ha", "3: a=3 b=4"]),
        (
            b"key,val\n1,\"{\"\"type\"\": \"\"Point\"\", \"\"coordinates\"\": [102.0, 0.5]}\"\n",
            &["2: key=1 val={\"type\": \"Point\", \"coordinates\": [102.0, 0.5]}"],
        ),
        (
            b"Phone Number,Location,City\n2095257564,37\xef\xbf\xbd36'37.8\"N 121\xef\xbf\xbd2'17.9\"W,Modesto\n",
            &["2: Phone Number=2095257564 Location=37\u{fffd}36'37.8\"N 121\u{fffd}2'17.9\"W City=Modesto"],
        ),
        (
            b"a,b,c\r\n1,2,3\r\n\"Once upon \r\na time\",5,6\r\n7,8,9\r\n",
            &["2: a=1 b=2 c=3", "3: a=Once upon \r\na time b=5 c=6", "5: a=7 b=8 c=9"],
        ),
        (
            b"a,b\n1,\"ha \n\"\"ha\"\" \nha\"\n3,4\n",
            &["2: a=1 b=ha \n\"ha\" \nha", "5: a=3 b=4"],
        ),
        ("a,b,c\n1,2,3\n4,5,ʤ".as_bytes(), &["2: a=1 b=2 c=3", "3: a=4 b=5 c=ʤ"]),
    ];
    for (text, expected) in cases {
        assert_eq!(
            shown(text, &named("csv")),
            *expected,
            "{}",
            String::from_utf8_lossy(text)
        );
    }
    for page in ["<html><table>", " <!DOCTYPE html>", "<?xml version=\"1.0\"?>"] {
        let refused = refusal(page.as_bytes(), &named("xls"));
        assert!(refused.starts_with("this is a web page"), "{refused}");
    }
}

#[test]
fn what_stands_above_and_below_a_table_is_no_part_of_it() {
    for (text, rows, left) in TABLES_AMONG_OTHER_THINGS {
        for text in [
            (*text).to_owned(),
            text.replace('\n', "\r"),
            text.replace(',', ";"),
        ] {
            let mut reader = open(text.as_bytes(), &named("csv")).unwrap();
            let found: Vec<String> = reader.by_ref().map(|item| show(&item.unwrap())).collect();
            let rest: Vec<String> = reader
                .left_out()
                .iter()
                .map(|left| format!("{}: {}", left.line, left.text))
                .collect();
            assert_eq!(found, *rows, "{text:?}");
            assert_eq!(rest.join("\n").replace(';', ","), left.join("\n"), "{text:?}");
        }
    }
}

/// A text, its rows, and what else stands in it.
const TABLES_AMONG_OTHER_THINGS: &[(&str, &[&str], &[&str])] = &[
    (
        "Sales report 2024,,\n,,\nName,Mail,Job\nAda,a@x.example,x\n",
        &["4: Name=Ada Mail=a@x.example Job=x"],
        &["1: Sales report 2024"],
    ),
    (
        ",,\n,,\nName,Mail,Job\nAda,,x\n",
        &["4: Name=Ada Mail= Job=x"],
        &[],
    ),
    (
        "Exported by Mara on 3 March\nName;Mail;Job\nAda;a@x.example;x\nBob;b@x.example;y\nEve;;\n",
        &[
            "3: Name=Ada Mail=a@x.example Job=x",
            "4: Name=Bob Mail=b@x.example Job=y",
            "5: Name=Eve Mail= Job=",
        ],
        &["1: Exported by Mara on 3 March"],
    ),
    (
        "Who,,Where,\nName,Phone,City,Code\nAda,123,London,E1\n",
        &["3: Name=Ada Phone=123 City=London Code=E1"],
        &["1: Who | Where"],
    ),
    (
        "客户名单\n\n姓名,手机\n张伟,13800138000\n合计,1\n",
        &["4: 姓名=张伟 手机=13800138000"],
        &["1: 客户名单", "5: 合计 | 1"],
    ),
    (
        "Name,Mail,Job\nAda,a@x.example,x\nName,Mail,Job\nBob,,y\n",
        &["2: Name=Ada Mail=a@x.example Job=x", "4: Name=Bob Mail= Job=y"],
        &["3: Name | Mail | Job"],
    ),
    (
        "\"Account Name\",\"Stage\",\"Amount\"\n\"Acme\",\"Won\",\"5\"\n\n\n\"Open deals\"\n\"Copyright (c) 2000-2025 example, inc. All rights reserved.\"\n\"Generated By:  Mara  1/1/2025 3:00 PM\"\n\"Fjordline\"\n",
        &["2: Account Name=Acme Stage=Won Amount=5"],
        &[
            "5: Open deals",
            "6: Copyright (c) 2000-2025 example, inc. All rights reserved.",
            "7: Generated By:  Mara  1/1/2025 3:00 PM",
            "8: Fjordline",
        ],
    ),
    (
        "Name,Mail,Job\nAda,,x\n\nBob\n\nEve,,\n",
        &["2: Name=Ada Mail= Job=x", "4: Name=Bob", "6: Name=Eve Mail= Job="],
        &[],
    ),
    (
        "Company,Sales\nAcme,5\nTotal,7\nZeta,1\n",
        &[
            "2: Company=Acme Sales=5",
            "3: Company=Total Sales=7",
            "4: Company=Zeta Sales=1",
        ],
        &[],
    ),
    ("name\n\nAda\n", &["3: name=Ada"], &[]),
    (
        "name,\nAda,Lovelace\nBob,\n",
        &["2: name=Ada column 2=Lovelace", "3: name=Bob column 2="],
        &[],
    ),
];

#[test]
fn a_file_that_breaks_off_is_refused_where_it_does() {
    let csv = named("csv");
    assert_eq!(
        refusal(b"a,b\n1,2\n3,\"4", &csv),
        "line 3: a quote is opened and never closed, and the text ends in that cell"
    );
    let long = "name,note\nAda,short\nBob,\"a note that goes on\nand on\nand then the file en";
    assert_eq!(
        refusal(long.as_bytes(), &csv),
        "line 3: a quote is opened and never closed, and the text ends in that cell"
    );
    let mut hollow = b"a,b\n1,2\n3,4".to_vec();
    hollow.extend([0; 100]);
    assert_eq!(
        refusal(&hollow, &csv),
        "the file is damaged: nothing but NULs from offset 11 on, line 3"
    );
    let mut drip = "a,b\n".repeat(30_000).into_bytes();
    drip.extend([0; 64]);
    let dripped = read_all(Box::new(Drip(Cursor::new(drip.clone()), false)), &csv);
    assert_eq!(dripped.unwrap_err(), refusal(&drip, &csv));
    assert_eq!(
        refusal(&drip, &csv),
        "the file is damaged: nothing but NULs from offset 120000 on, line 30001"
    );
    for name in ["utf-8", "gb18030", "big5", "shift_jis"] {
        let mut cut = encode(&"姓名,城市\n張偉,東京\n".repeat(30), name, false);
        cut.truncate(cut.len() - 2);
        let refused = refusal(&cut, &csv);
        assert!(refused.contains("line 60"), "{name}: {refused}");
    }
}

#[test]
fn a_file_that_changes_its_encoding_is_refused_where_it_does() {
    let chinese = "张伟,杭州市西湖区\n李娜,北京市海淀区\n王芳,上海市浦东新区\n".repeat(5);
    for (first, second) in [("gb18030", "utf-8"), ("utf-8", "gb18030")] {
        let mut bytes = encode(&format!("姓名,地址\n{chinese}"), first, false);
        bytes.extend(encode(&chinese, second, false));
        let refused = refusal(&bytes, &named("csv"));
        assert!(refused.contains("line 17"), "{first} then {second}: {refused}");
    }
    // Far apart, so that the second half is met while the first is already read.
    let mut bytes = encode(&format!("姓名,地址\n{}", chinese.repeat(800)), "gb18030", false);
    bytes.extend(encode(&chinese, "utf-8", false));
    let refused = refusal(&bytes, &named("csv"));
    assert_eq!(
        refused,
        "the text changes its encoding on line 12002, from gb18030 to UTF-8"
    );
    let western = "Müller,Köln,Straße 5\nJosé,Málaga,Núñez\nFrançois,Orléans,Côte\n".repeat(4);
    let mut bytes = encode(&format!("name,city,street\n{western}"), "windows-1252", false);
    bytes.extend(encode(&western, "utf-8", false));
    let refused = refusal(&bytes, &named("csv"));
    assert!(refused.contains("line 14"), "{refused}");
}

#[test]
fn single_byte_and_east_asian_text_is_told_from_its_letters() {
    let cases: &[(&str, &str)] = &[
        ("windows-1252", "name,city\nMüller,Köln\n"),
        (
            "windows-1252",
            "name,city\nJosé Núñez,Málaga\nFrançois Côté,Orléans\n",
        ),
        ("windows-1252", "name,price\nWidget,€ 5\nCafé,£ 3\n"),
        ("windows-1252", "name,city\nSören Täve Nüßlebaum,Mößlitz\n"),
        ("windows-1252", "name,mail\nAußenstelle,blö@x.example\nAußen,x\n"),
        ("windows-1252", "name\nGröße\n"),
        ("gb18030", "name,city\nLisa李,IBM中国\n"),
        ("gb18030", "name\nA股\n"),
        ("euc-kr", "이름,회사\n김철수,LG전자\n"),
        (
            "windows-1252",
            "navn,by\nBjørn Sørensen,Ålesund\nÅse Ødegård,Tromsø\n",
        ),
        (
            "big5",
            "姓名,公司,地址\n陳大文,台灣電子股份有限公司,台北市信義區松仁路\n林小姐,高雄貿易有限公司,高雄市前鎮區\n",
        ),
        ("big5", "姓名,電話\n王小明,0912345678\n"),
        (
            "shift_jis",
            "氏名,会社名,住所\n山田太郎,株式会社サンプル,東京都渋谷区桜丘町\n佐藤花子,ﾃｽﾄ商事,大阪市北区\n",
        ),
        ("shift_jis", "名前,フリガナ\n田中,タナカ\n"),
        (
            "euc-kr",
            "이름,회사,주소\n김철수,한국전자 주식회사,서울특별시 강남구\n이영희,부산무역,부산광역시 해운대구\n",
        ),
        (
            "windows-1251",
            "Имя,Город\nИван Петров,Москва\nОльга Смирнова,Санкт-Петербург\n",
        ),
        ("gb18030", "姓名,电话\n张伟,13800138000\n"),
        ("gb18030", "name,city\n李,x\n"),
        ("gb18030", "姓名,生僻\n喆,㐀𠀀\n"),
    ];
    for (name, text) in cases {
        let bytes = encode(text, name, false);
        let reader = open(&bytes, &named("csv")).unwrap_or_else(|error| panic!("{text}: {error}"));
        let told = reader.encoding();
        let utf8 = shown(text.as_bytes(), &named("csv"));
        assert_eq!(shown(&bytes, &named("csv")), utf8, "{name} was taken for {told}");
    }
}

#[test]
fn an_open_quote_costs_its_own_line() {
    let text = "a,b\n1,2\n3,\"four\r\n5,6\r\n7,8";
    let found = items(text.as_bytes(), &named("csv"));
    assert_eq!(
        found.iter().map(show).collect::<Vec<_>>(),
        [
            "2: a=1 b=2",
            "3: ! a quote is opened and never closed",
            "4: a=5 b=6",
            "5: a=7 b=8",
        ]
    );
    let Err(error) = &found[1] else { panic!("a row") };
    assert_eq!(
        (error.column.as_deref(), error.raw.as_slice()),
        (Some("b"), ["3".to_owned(), "four".to_owned()].as_slice())
    );
    let many = "a,b\n".to_owned() + &"1,\"x\",\"y\n".repeat(3000);
    let read = read_all(Box::new(Cursor::new(many.into_bytes())), &named("csv"));
    assert!(read.is_err(), "more quotes are open than a table has");
}

#[test]
fn records_lines_and_elements_are_bounded() {
    let text = "a,b\n1,\"2\n3\",4444444444444444444444\n5,6\n777777777777777777777777777777\n8,9\n";
    let mut records = Records::new(text.as_bytes(), b',').with_limit(20);
    let mut seen = Vec::new();
    while let Some(record) = records.next_record().unwrap() {
        seen.push((record.line, record.fault.is_some(), record.cells.join("|")));
    }
    let expected = [
        (1, false, "a|b"),
        (2, true, "1|2"),
        (3, true, ""),
        (4, false, "5|6"),
        (5, true, ""),
        (6, false, "8|9"),
    ];
    assert_eq!(
        seen,
        expected.map(|(line, fault, cells)| (line, fault, cells.to_owned()))
    );

    let mut lines = Lines::new("short\nmuch too long\nend".as_bytes()).with_limit(6);
    let mut seen = Vec::new();
    while let Some(line) = lines.next_line().unwrap() {
        seen.push((line.number, line.text, line.cut));
    }
    assert_eq!(
        seen,
        [
            (1, "short".to_owned(), false),
            (2, String::new(), true),
            (3, "end".to_owned(), false)
        ]
    );

    let drip = Drip(Cursor::new(b"[\n{\"a\":1},{\"a\":123456789}]".to_vec()), false);
    let text = Decoded::open(Box::new(drip), None).unwrap();
    let mut elements = Elements::new(text).with_limit(10);
    assert_eq!(elements.next_element().unwrap().unwrap().line, 2);
    assert_eq!(
        elements.next_element().unwrap_err().message(),
        "line 2: the element that starts on line 2 is longer than 10 bytes"
    );
}

#[test]
fn headers_are_trimmed_named_and_told_apart() {
    let reader = open(" a ,,a,\"b\n c\",a 2,a,,column 2\n".as_bytes(), &named("csv")).unwrap();
    let names = [
        "a",
        "column 2",
        "a 3",
        "b\n c",
        "a 2",
        "a 4",
        "column 7",
        "column 2 2",
    ];
    assert_eq!(reader.columns().unwrap(), names);
    let wide = "a,".repeat(20_000) + "a";
    assert_eq!(
        refusal(wide.as_bytes(), &named("csv")),
        "line 1: 20001 columns, more than 16384"
    );
    assert_eq!(
        refusal(b"a,\"b\n", &named("csv")),
        "line 1: a quote is opened and never closed"
    );
}

#[test]
fn tsv_of_our_own_and_of_spreadsheets() {
    let cases: &[(&str, &[&str])] = &[
        ("a\tb\n1\\t2\tx\\ny\\r\\\\z\n", &["2: a=1\t2 b=x\ny\r\\z"]),
        ("a\tb\nC:\\Users\\new\t\\\n", &["2: a=C:\\Users\\new b=\\"]),
        (
            "a\tb\n\"x\ty\"\t\"say \"\"hi\"\"\"\n",
            &["2: a=x\ty b=say \"hi\""],
        ),
        ("a\tb\n\"x\ty\"\n", &["2: a=\"x b=y\""]),
        ("a\tb\n\"x\" y\t5\"\n", &["2: a=\"x\" y b=5\""]),
        ("a\tb\n\\\"x\"\tz\n", &["2: a=\"x\" b=z"]),
        (
            "a\tb\r\n\"x\r\ny\"\tz\r\n1\t\"2\r\n3\"\r\n4\t5",
            &["2: a=x\ny b=z", "4: a=1 b=2\n3", "6: a=4 b=5"],
        ),
        ("a\tb\n1\t\"x\n2\t3\"\n", &["2: a=1 b=\"x", "3: a=2 b=3\""]),
        ("a\tb\n1\t\"x\n2\"\t3\n", &["2: a=1 b=\"x", "3: a=2\" b=3"]),
        (
            "a\tb\n\n\t\n1\n1\t2\t3\n",
            &["4: a=1", "5: ! more cells than columns: 3 for 2"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text.as_bytes(), &named("tsv")), *expected, "{text:?}");
    }
}

#[test]
fn json_in_every_shape() {
    let cases: &[(&str, &[&str])] = &[
        ("[]", &[]),
        ("", &[]),
        (
            " [ {\"a\": 1.10, \"b\": null},\n\n {\"a\": [true, {\"c\": \"x\"}]} ] ",
            &["1: a=1.10 b=~", "3: a=[true {c=x}]"],
        ),
        (
            "{\n\"a\": 123456789012345678901234567890\n}\n{\"a\": -0.0e+5}",
            &["1: a=123456789012345678901234567890", "4: a=-0.0e+5"],
        ),
        (
            "[{\"a\": \"]},{\\\"\"}, {\"a\":\n1,}, 7, {\"a\": \"\\ud83d\\ude00\\u0000!\"}]",
            &[
                "1: a=]},{\"",
                "1: ! not JSON: a name in quotes is expected (line 2, character 3)",
                "2: ! this is not a JSON object",
                "2: a=😀\u{FFFD}!",
            ],
        ),
        ("[{\"a\":1,\"b\":2,\"a\":3}]", &["1: b=2 a=3"]),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text.as_bytes(), &named("json")), *expected, "{text:?}");
        let drip = Drip(Cursor::new(text.as_bytes().to_vec()), false);
        let (columns, dripped) = read_all(Box::new(drip), &from(Source::Json)).unwrap();
        assert_eq!(columns, None);
        assert_eq!(
            dripped.iter().map(show).collect::<Vec<_>>(),
            *expected,
            "{text:?}"
        );
    }
    let refused = [
        ("[{\"a\":1}", "line 1: the list is not closed: the text ends"),
        ("[{\"a\":1}\n{\"a\":2}]", "line 2: `,` or `]` is expected"),
        ("[{\"a\":1},]", "line 1: a value is expected"),
        (
            "[\n{\"a\":1},{\"a\":",
            "line 2: what begins here is not closed: a bracket or a quotation mark is missing",
        ),
    ];
    for (text, expected) in refused {
        assert_eq!(
            refusal(text.as_bytes(), &from(Source::Json)),
            expected,
            "{text:?}"
        );
    }
}

#[test]
fn a_bad_line_of_ndjson_is_alone() {
    let text = "{\"a\":\"x\"}\r\n\r\n  \n{\"a\":}\n[1]\n{\"a\":2}";
    assert_eq!(
        shown(text.as_bytes(), &named("ndjson")),
        [
            "1: a=x",
            "4: ! not JSON: a value is expected (line 4, character 6)",
            "5: ! this is not a JSON object",
            "6: a=2",
        ]
    );
}

#[test]
fn the_format_is_told_from_the_name_or_the_text() {
    let cases = [
        ("a,b\n1,2", Some("CSV"), Source::Csv),
        ("a\tb\n1\t2", Some("csv"), Source::Csv),
        ("a\tb\n1\t2", Some("txt"), Source::Tsv),
        ("a,b\n1,2", None, Source::Csv),
        ("a\n1\n", None, Source::Csv),
        ("[name],x\n1,2", None, Source::Csv),
        ("\n [ {\"a\":1}]", None, Source::Json),
        ("[]", None, Source::Json),
        ("{\n \"a\":1}", None, Source::Json),
        ("{\"a\":1}\n{\"a\":2}", None, Source::Ndjson),
        ("{\"a\":1}\n{\"a\":2}", Some("json"), Source::Ndjson),
        ("[{\"a\":1}]", Some("json"), Source::Json),
        ("", Some("jsonl"), Source::Ndjson),
        ("", None, Source::Csv),
    ];
    for (text, extension, expected) in cases {
        assert_eq!(detect(text, extension), expected, "{text:?} {extension:?}");
    }
}

#[test]
fn an_encoding_that_cannot_be_told_is_refused_and_a_named_one_is_taken() {
    let cases: [(&[u8], &str); 6] = [
        (
            b"name,city\nM\xFC\x81\x8D\xFFller,K\xF6ln\n",
            "the encoding of the text cannot be told: byte 0xFC at offset 11, line 2",
        ),
        (
            b"name,city\nM\xFCller\x01\x02,K\xF6ln\n",
            "this is no text: byte 0x01 at offset 16, line 2",
        ),
        (
            "张伟,李娜\n王芳\n"
                .as_bytes()
                .split_last()
                .map(|(_, rest)| &rest[..rest.len() - 1])
                .unwrap(),
            "the text breaks off in the middle of a letter: byte 0xE8 at offset 17, line 2",
        ),
        (
            b"\xEF\xBB\xBFa,b\n\xFF,2\n",
            "the text is not valid UTF-8: byte 0xFF at offset 7, line 2",
        ),
        (
            b"\xFF\xFEa\0\n\0\x00\xD8b\0",
            "the text is not valid UTF-16LE: byte 0x00 at offset 6, line 2",
        ),
        (b"\xFF\xFE\0\0a\0\0\0", "the text is in UTF-32, which is not read"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(refusal(bytes, &named("csv")), expected);
    }
    let mut options = named("csv");
    options.encoding = Some("latin1".to_owned());
    assert_eq!(shown(b"a,b\nM\xFCller,\xE9", &options), ["2: a=Müller b=é"]);
    options.encoding = Some("utf-8".to_owned());
    assert_eq!(
        refusal(&encode("a,b\n张伟,1", "gbk", false), &options),
        "the text is not valid UTF-8: byte 0xD5 at offset 4, line 2"
    );
    options.encoding = Some("klingon".to_owned());
    let error = open(b"a", &options).err().unwrap();
    assert_eq!(
        (error.kind(), error.message()),
        (Kind::Usage, "there is no encoding called \"klingon\"")
    );
    options = named("csv");
    options.delimiter = Some('，');
    assert_eq!(open(b"a", &options).err().unwrap().kind(), Kind::Usage);
    options.delimiter = Some(':');
    assert_eq!(shown(b"a:b,c\n1:2", &options), ["2: a=1 b,c=2"]);
}

#[test]
fn text_that_turns_foreign_late_is_read_or_refused() {
    let plain = "name,city\n".to_owned() + &"Ada,London\n".repeat(20_000);
    let mut late = plain.into_bytes();
    late.extend(encode("张伟,杭州\n", "gb18030", false));
    assert_eq!(
        items(&late, &named("csv")).last().map(show).unwrap(),
        "20002: name=张伟 city=杭州"
    );

    let mut broken = ("姓名,城市\n".to_owned() + &"张伟,London\n".repeat(20_000)).into_bytes();
    broken.extend(b"\xD5\xC5,x\n");
    let offset = broken.len() - 5;
    let expected = format!("the text is not valid UTF-8: byte 0xD5 at offset {offset}, line 20002");
    assert_eq!(refusal(&broken, &named("csv")), expected);
    let mut reader = open(&broken, &named("csv")).unwrap();
    assert_eq!(reader.by_ref().filter(|item| item.is_err()).count(), 1);
    assert!(reader.next().is_none());

    let mut damaged = "姓名,城市\n".repeat(50).into_bytes();
    damaged.push(0xFF);
    damaged.extend("张伟".as_bytes());
    assert!(refusal(&damaged, &named("csv")).ends_with("byte 0xFF at offset 700, line 51"));
}

#[test]
fn rejects_can_be_fixed_and_fed_again() {
    let text = "name,\"e mail\"\nAda,\"a\"\"b\"\nBob,b@example.com\nEve,e,extra\n";
    let reader = open(text.as_bytes(), &named("csv")).unwrap();
    let columns = reader.columns().unwrap().to_vec();
    let mut out = Vec::new();
    let mut rejects = RejectsWriter::new(&mut out, Some(&columns));
    for item in reader {
        match item.unwrap() {
            Ok(row) if row.line == 2 => rejects
                .write_row(&row, Some("email"), "\"a\\\"b\" is not an address")
                .unwrap(),
            Ok(_) => {}
            Err(error) => rejects.write_error(&error).unwrap(),
        }
    }
    assert_eq!(rejects.finish().unwrap(), 2);
    assert_eq!(
        String::from_utf8(out.clone()).unwrap(),
        concat!(
            "name,e mail,_line,_field,_reason\n",
            "Ada,\"a\"\"b\",2,email,\"\"\"a\\\"\"b\"\" is not an address\"\n",
            "Eve,e,4,,more cells than columns: 3 for 2,extra\n",
        )
    );
    assert_eq!(open(&out, &named("csv")).unwrap().columns().unwrap(), columns);
    assert_eq!(
        shown(&out, &named("csv")),
        ["2: name=Ada e mail=a\"b", "3: ! more cells than columns: 3 for 2"]
    );
    let own = shown(b"a,_line,_reason\n1,2,3\n", &named("csv"));
    assert_eq!(own, ["2: a=1 _line=2 _reason=3"]);
}

#[test]
fn rejects_of_json_can_be_fixed_and_fed_again() {
    let text = "{\"a\":\"x\",\"b\":[1,null]}\n{\"a\":\n";
    let mut out = Vec::new();
    let mut rejects = RejectsWriter::new(&mut out, None);
    for item in items(text.as_bytes(), &named("ndjson")) {
        match item {
            Ok(row) => rejects.write_row(&row, None, "no\tname").unwrap(),
            Err(error) => rejects.write_error(&error).unwrap(),
        }
    }
    rejects.finish().unwrap();
    let written = String::from_utf8(out).unwrap();
    assert_eq!(
        written,
        concat!(
            "{\"a\":\"x\",\"b\":[\"1\",null],\"_line\":\"1\",\"_field\":null,\"_reason\":\"no\\tname\"}\n",
            "{\"_text\":\"{\\\"a\\\":\",\"_line\":\"2\",\"_field\":null,",
            "\"_reason\":\"not JSON: a value is expected, and the text ends (line 2, character 6)\"}\n",
        )
    );
    assert_eq!(
        shown(written.as_bytes(), &named("ndjson")),
        [
            "1: a=x b=[1 ~]",
            "2: ! not JSON: a value is expected, and the text ends (line 2, character 6)",
        ]
    );
    let fixed = written.replace("{\\\"a\\\":", "{\\\"a\\\":5}");
    assert_eq!(
        shown(fixed.as_bytes(), &named("ndjson")),
        ["1: a=x b=[1 ~]", "2: a=5"]
    );
}

#[test]
fn nothing_is_written_without_rejects() {
    let mut out = Vec::new();
    let columns = ["a".to_owned()];
    assert_eq!(RejectsWriter::new(&mut out, Some(&columns)).finish().unwrap(), 0);
    assert_eq!(out, b"");
    assert_eq!(NAMES, ["_line", "_field", "_reason"]);
}

fn any_source() -> impl Strategy<Value = Option<Source>> {
    prop_oneof![
        Just(None),
        Just(Some(Source::Csv)),
        Just(Some(Source::Tsv)),
        Just(Some(Source::Json)),
        Just(Some(Source::Ndjson)),
    ]
}

/// Text made of what parsers stumble over.
fn rough_text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            prop::sample::select(vec![
                "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\\", "\\n", "{", "}", "[", "]", ":",
                "\"a\":", "1", "null", "a", " ", "\u{0}", "sep=", "\u{FEFF}", "张", "é", "_line",
            ])
            .prop_map(str::to_owned),
            ".{0,3}",
        ],
        0..60,
    )
    .prop_map(|pieces| pieces.concat())
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..5).prop_flat_map(|width| {
        let cell = prop_oneof![
            "[a-z\u{4E00}-\u{4FFF}\",;|\t\r\n\\\\ ]{0,8}",
            "\"[a-z\t]{0,4}\"",
            "[^\u{0}]{0,6}"
        ];
        prop::collection::vec(prop::collection::vec(cell, width), 0..8)
    })
}

/// The rows of a table that are not blank, as cells.
fn not_blank(table: &[Vec<String>]) -> Vec<Vec<String>> {
    table
        .iter()
        .filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
        .cloned()
        .collect()
}

fn cells_of(items: Vec<Item>) -> Result<Vec<Vec<String>>, RowError> {
    items
        .into_iter()
        .map(|item| item.map(|row: Row| row.raw))
        .collect()
}

proptest! {
    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), source in any_source()) {
        let options = Options { source, ..Options::default() };
        if let Ok(reader) = open(&bytes, &options) {
            prop_assert!(reader.count() <= bytes.len() + 1);
        }
    }

    #[test]
    fn rough_text_never_panics_and_reads_the_same_in_drips(text in rough_text(), source in any_source()) {
        let options = Options { source, ..Options::default() };
        let whole = read_all(Box::new(Cursor::new(text.clone().into_bytes())), &options);
        let drips = read_all(Box::new(Drip(Cursor::new(text.into_bytes()), false)), &options);
        prop_assert_eq!(whole, drips);
    }

    #[test]
    fn csv_round_trips(table in table()) {
        let width = table.first().map_or(1, Vec::len);
        let header: Vec<String> = (0..width).map(|at| format!("h{at}")).collect();
        let mut out = Vec::new();
        let mut writer = CsvWriter::new(&mut out);
        for row in std::iter::once(&header).chain(&table) {
            writer.write_row(row.iter().map(String::as_str)).unwrap();
        }
        writer.flush().unwrap();
        drop(writer);
        let mut options = named("csv");
        options.delimiter = Some(',');
        prop_assert_eq!(cells_of(items(&out, &options)), Ok(not_blank(&table)));
    }

    #[test]
    fn tsv_round_trips(table in table()) {
        let width = table.first().map_or(1, Vec::len);
        let header: Vec<String> = (0..width).map(|at| format!("h{at}")).collect();
        let mut out = String::new();
        for row in std::iter::once(&header).chain(&table) {
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    out.push('\t');
                }
                push_tsv_cell(cell, &mut out);
            }
            out.push('\n');
        }
        prop_assert_eq!(cells_of(items(out.as_bytes(), &named("tsv"))), Ok(not_blank(&table)));
    }

    #[test]
    fn gb18030_of_chinese_is_detected_and_round_trips(text in "[\u{4E00}-\u{9FA5}]{30,200}") {
        let table = format!("姓名,x\n{text},1\n");
        let bytes = encode(&table, "gb18030", false);
        prop_assert_eq!(shown(&bytes, &named("csv")), [format!("2: 姓名={text} x=1")]);
    }

    #[test]
    fn any_text_round_trips_when_the_encoding_is_named(text in "[^\u{0}\u{FEFF}\u{E000}-\u{F8FF}]{0,50}", name in prop::sample::select(vec!["utf-8", "utf-16le", "utf-16be", "gb18030"])) {
        // Without private code points: GB18030 has characters of its own for some of them.
        let mut decoded = Decoded::open(Box::new(Cursor::new(encode(&text, name, false))), Some(name)).unwrap();
        let mut back = String::new();
        decoded.read_to_string(&mut back).unwrap();
        prop_assert_eq!(back, text);
    }

    #[test]
    fn json_is_what_another_parser_says_it_is(text in rough_text()) {
        let other = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(json::parse(&text).is_ok(), other.is_ok(), "{:?}", other);
    }

    #[test]
    fn json_round_trips(input in any_input()) {
        let mut text = String::new();
        json::write(&input, &mut text);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
        prop_assert_eq!(json::parse(&text), Ok(input));
    }
}

fn any_input() -> impl Strategy<Value = Input> {
    let leaf = prop_oneof![Just(Input::Clear), "[^\u{0}]{0,8}".prop_map(Input::Text)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Input::List),
            prop::collection::hash_map("[^\u{0}]{0,5}", inner, 0..4)
                .prop_map(|parts| Input::Map(parts.into_iter().collect())),
        ]
    })
}

#[test]
fn deep_json_is_refused() {
    let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(json::parse(&deep(127)).is_ok());
    assert!(json::parse(&deep(129)).is_err());
    assert!(json::parse(&deep(100_000)).is_err());
}

#[test]
fn an_encoding_that_only_letters_speak_for_is_said() {
    let assumed = |bytes: &[u8], options: &Options| {
        let mut reader = open(bytes, options).unwrap();
        for row in reader.by_ref() {
            row.unwrap().unwrap();
        }
        reader.assumed_encoding()
    };
    let csv = named("csv");
    assert_eq!(assumed(b"a,b\nS\xF6ren,1\n", &csv), Some("windows-1252"));
    assert_eq!(
        assumed(&encode("a,b\n张伟,1\n", "gb18030", false), &csv),
        Some("gb18030")
    );
    assert_eq!(assumed("a,b\nSören,1\n".as_bytes(), &csv), None);
    let mut said = named("csv");
    said.encoding = Some("latin1".to_owned());
    assert_eq!(assumed(b"a,b\nS\xF6ren,1\n", &said), None);
    let card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:S\xF6ren T\xE4ve N\xFC\xDFlebaum\r\nADR:;;;M\xF6\xDFlitz;;;\r\nEND:VCARD\r\n";
    assert_eq!(assumed(card, &named("vcf")), Some("windows-1252"));
    assert!(
        shown(card, &named("vcf"))
            .concat()
            .contains("Sören Täve Nüßlebaum")
    );
    let named_in_it = b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=ISO-8859-1:S\xF6ren\r\nEND:VCARD\r\n";
    assert_eq!(assumed(named_in_it, &named("vcf")), None);
}
