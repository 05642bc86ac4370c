//! Drawings of any process, whatever its stages are called: never a control character, nothing that is not closed, and all
//! that was put in comes out again.

use proptest::prelude::*;

use super::*;
use crate::domain::process::Rules;
use crate::report::Cell;
use crate::report::process::{Figures, Real};

/// Names that would do harm, and any others.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\"; DROP TABLE stage; --".to_owned()),
        Just("方案/报价".to_owned()),
        Just("]]>\" --> s9 %%{init: {}}%% <script>&lt;\\N\\".to_owned()),
        Just("a\u{1b}[31m\r\n\tb\u{0}\u{85}\u{2028}\u{fffe}".to_owned()),
        ".{0,20}",
        "\\PC{0,80}",
    ]
}

prop_compose! {
    fn node()(
        label in name(),
        key in "[a-z]{1,8}",
        kind in prop::sample::select(StageType::ALL.to_vec()),
        rot_days in 0..30_i64,
        required in prop::collection::vec(name(), 0..3),
        stays in prop::option::of(0..100_i64),
        is_gone in any::<bool>(),
    ) -> Node {
        Node {
            key,
            label,
            kind,
            probability: 40,
            rot_days,
            rules: Rules { required, ..Rules::default() },
            is_gone,
            stays,
        }
    }
}

fn arrow(nodes: usize) -> impl Strategy<Value = Arrow> {
    (
        prop::option::of(0..nodes),
        0..nodes,
        any::<(bool, bool)>(),
        prop::option::of((0..1000_i64, 0..2000_i64)),
    )
        .prop_map(|(from, to, (is_defined, is_allowed), figures)| Arrow {
            from,
            to,
            is_defined,
            is_allowed,
            figures: figures.map(|(moves, whole)| Figures {
                moves,
                conversion: Cell::Ratio(moves.into(), whole.into()),
                median_days: if moves > 0 {
                    Cell::Days(moves as f64 / 3.0)
                } else {
                    Cell::Null
                },
            }),
        })
}

fn process() -> impl Strategy<Value = Process> {
    (1..9_usize).prop_flat_map(|count| {
        (
            name(),
            prop::collection::vec(node(), count),
            prop::collection::vec(arrow(count), 0..20),
        )
            .prop_map(|(label, nodes, arrows)| Process {
                pipeline: "sales".to_owned(),
                label,
                nodes,
                arrows,
                real: None,
            })
    })
}

/// The strings in double quotes of a text, and what is left of it; a backslash takes the next letter where there are any.
fn quoted(text: &str, escapes: bool) -> (Vec<String>, String) {
    let (mut strings, mut rest) = (Vec::new(), String::new());
    let mut within: Option<String> = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (&mut within, letter) {
            (Some(string), '\\') if escapes => {
                string.push(letter);
                string.push(letters.next().expect("a letter behind a backslash"));
            }
            (Some(_), '"') => strings.extend(within.take()),
            (None, '"') => within = Some(String::new()),
            (Some(string), letter) => string.push(letter),
            (None, letter) => rest.push(letter),
        }
    }
    assert!(within.is_none(), "a quotation mark is not closed: {text}");
    (strings, rest)
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| letter == '\n' || !letter.is_control())
}

/// What a name is in a drawing.
fn shown(process: &Process) -> Vec<String> {
    process.nodes.iter().map(|node| line(&node.label)).collect()
}

/// `#123;` back to the letter.
fn from_mermaid(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('#') {
        out.push_str(before);
        let (number, behind) = after.split_once(';').expect("an entity ends");
        out.extend(char::from_u32(number.parse().expect("a number")));
        rest = behind;
    }
    out + rest
}

fn from_dot(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => out.push('\n'),
                other => out.extend(other),
            },
            letter => out.push(letter),
        }
    }
    out.replace("&amp;", "&")
}

fn from_xml(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

proptest! {
    #[test]
    fn mermaid_reads_back(process in process()) {
        let text = mermaid::write(&process);
        prop_assert!(is_plain(&text));
        let (strings, rest) = quoted(&text, false);
        // Outside of quotes stands only the language.
        prop_assert!(rest.chars().all(|letter| letter.is_ascii_alphanumeric() || " \n-.>|[]()".contains(letter)), "{}", rest);
        let titles: Vec<String> = strings
            .iter()
            .filter(|string| string.contains("<br/>"))
            .map(|string| from_mermaid(string.split("<br/>").next().unwrap_or_default()))
            .collect();
        let shown = shown(&process);
        prop_assert!(titles.iter().all(|title| shown.contains(title)), "{:?} {:?}", titles, shown);
        prop_assert_eq!(text.lines().filter(|line| line.contains("->")).count(), process.arrows.len());
        for string in strings {
            let harmful = string.replace("<br/>", "").contains(['<', '>', '{', '%', '\\', '`']);
            prop_assert!(!harmful, "{}", string);
        }
    }

    #[test]
    fn dot_reads_back(process in process()) {
        let text = dot::write(&process);
        prop_assert!(is_plain(&text));
        let (strings, rest) = quoted(&text, true);
        prop_assert!(rest.chars().all(|letter| letter.is_ascii_alphanumeric() || " \n_-.>[]{}=;,".contains(letter)), "{}", rest);
        prop_assert_eq!(rest.matches('{').count(), rest.matches('}').count());
        let titles: Vec<String> = strings.iter().map(|string| from_dot(string)).collect();
        for name in shown(&process) {
            prop_assert!(titles.iter().any(|title| title.lines().next().unwrap_or_default() == name), "{:?} {:?}", name, titles);
        }
        prop_assert_eq!(rest.matches("->").count(), process.arrows.len());
    }

    #[test]
    fn svg_reads_back(process in process()) {
        let text = svg::write(&process);
        prop_assert!(is_plain(&text));
        let unwelcome = text.contains(['\u{fffe}', '\u{ffff}']);
        prop_assert!(!unwelcome);
        // Every element is closed, in order, and none is made of a name.
        let mut open: Vec<&str> = Vec::new();
        let mut words = Vec::new();
        for part in text.split('<').skip(1) {
            let (tag, words_behind) = part.split_once('>').expect("a tag ends");
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
            prop_assert!(
                ["svg", "title", "style", "defs", "marker", "path", "rect", "text", "circle", "g"].contains(&name),
                "{}",
                name
            );
            if tag.starts_with('/') {
                prop_assert_eq!(open.pop(), Some(name));
            } else if !tag.ends_with('/') {
                open.push(name);
                prop_assert_eq!(tag.matches('"').count() % 2, 0);
            }
            words.push(from_xml(words_behind));
        }
        prop_assert!(open.is_empty());
        for name in shown(&process) {
            prop_assert!(words.contains(&name), "{:?}", name);
        }
        prop_assert_eq!(text.matches("marker-end").count(), process.arrows.len());
        prop_assert!(!text.contains("NaN"));
    }

    #[test]
    fn a_drawing_has_room_for_all(process in process()) {
        let layout = layout::of(&process);
        let boxes = &layout.boxes;
        for (at, one) in boxes.iter().enumerate() {
            prop_assert!(one.x >= 0 && one.y >= 0 && one.x + one.w <= layout.width && one.y + one.h <= layout.height);
            for other in boxes.iter().skip(at + 1) {
                let apart = one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y;
                prop_assert!(apart, "{:?} {:?}", one, other);
            }
        }
        for way in &layout.ways {
            prop_assert!(!way.ends || way.at.0 >= layout::wide(&way.text), "{:?}", way);
        }
        prop_assert_eq!(layout.ways.len(), process.arrows.len());
    }
}

fn node_of(key: &str, label: &str, kind: StageType, stays: i64) -> Node {
    Node {
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        probability: 40,
        rot_days: 14,
        rules: Rules::default(),
        is_gone: false,
        stays: Some(stays),
    }
}

fn taken(from: Option<usize>, to: usize, moves: i64) -> Arrow {
    Arrow {
        from,
        to,
        is_defined: true,
        is_allowed: true,
        figures: Some(Figures {
            moves,
            conversion: Cell::Ratio(moves.into(), 20),
            median_days: Cell::Days(6.5),
        }),
    }
}

#[test]
fn drawings_stay_as_they_are() {
    let mut nodes = vec![
        node_of("talk", "初步接触", StageType::Open, 20),
        node_of("offer", "方案/报价", StageType::Open, 12),
        node_of("trial", "\"; DROP", StageType::Open, 6),
        node_of("won", "Won", StageType::Won, 5),
        node_of("lost", "Lost & gone", StageType::Lost, 8),
    ];
    if let Some(offer) = nodes.get_mut(1) {
        offer.rules.required = vec!["amount".to_owned()];
    }
    let process = Process {
        pipeline: "sales".to_owned(),
        label: "销售".to_owned(),
        nodes,
        arrows: vec![
            taken(None, 0, 20),
            taken(Some(0), 1, 12),
            taken(Some(0), 2, 3),
            taken(Some(1), 0, 2),
            taken(Some(1), 2, 6),
            taken(Some(1), 4, 5),
            taken(Some(2), 3, 5),
            taken(Some(2), 4, 1),
            taken(Some(4), 1, 1),
        ],
        real: Some(Real {
            period: "all".to_owned(),
            deals: 20,
            abandoned: 0,
            elsewhere: 0,
        }),
    };
    insta::assert_snapshot!("mermaid", mermaid::write(&process));
    insta::assert_snapshot!("dot", dot::write(&process));
    insta::assert_snapshot!("svg", svg::write(&process));
    assert_eq!(svg::write(&process), svg::write(&process.clone()));
}
