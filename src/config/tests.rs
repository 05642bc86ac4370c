use proptest::prelude::*;

use super::*;
use crate::config::dashboard::{TOKENS, Theme};
use crate::domain::field;

fn refusal(text: &str) -> String {
    Config::parse(text).unwrap_err().to_string()
}

#[test]
fn every_setting_is_read() {
    let text = r#"
user = "ada"
database = "~/sales/crm.db"
region = "de"
currency = "eur"
zone = "Asia/Shanghai"
date_order = "dmy"
week_start = "Sunday"
quote_days = "14"
durability = "full"
undo_horizon = "90天"
seller = "杭州云帆科技"
seller_address = "1 Quay; Leeds"
seller_tax_id = "GB1"
seller_account = "IBAN GB00"
color = "never"
start_screen = "Pipeline"
theme = "high-contrast"
symbols = "ascii"
charts = "braille"
mouse = false
clipboard = "osc52"
keymap = "vim"
rule_commands = true
[columns]
customer = ["Name", "E-Mail", "company.name", "fields.size"]
deal = []
"#;
    let (config, warnings) = Config::parse(text).unwrap();
    assert_eq!(warnings, []);
    let expected = [
        ("user", "ada"),
        ("database", "~/sales/crm.db"),
        ("region", "DE"),
        ("currency", "EUR"),
        ("zone", "Asia/Shanghai"),
        ("date_order", "dmy"),
        ("week_start", "sunday"),
        ("quote_days", "14"),
        ("durability", "full"),
        ("undo_horizon", "90 days"),
        ("seller", "杭州云帆科技"),
        ("seller_address", "1 Quay; Leeds"),
        ("seller_tax_id", "GB1"),
        ("seller_account", "IBAN GB00"),
        ("color", "never"),
        ("start_screen", "pipeline"),
        ("theme", "high-contrast"),
        ("symbols", "ascii"),
        ("charts", "braille"),
        ("mouse", "false"),
        ("clipboard", "osc52"),
        ("keymap", "vim"),
        ("rule_commands", "true"),
    ];
    for (name, value) in expected {
        assert_eq!(config.get(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(expected.len(), SETTINGS.len());
    assert_eq!(
        config.columns[&Noun::Customer],
        ["name", "emails", "company.name", "fields.size"]
    );
    assert_eq!(config.columns[&Noun::Deal], [""; 0]);
}

#[test]
fn what_is_unknown_warns_and_the_rest_holds() {
    let text = "colour = 1\nuser = 'ada'\n\n[columns]\ncustomers = []\ndeal = [\n 'name',\n 'amout']\n[look]\na = 1\n";
    let (config, warnings) = Config::parse(text).unwrap();
    let shown: Vec<(String, &[String])> = warnings
        .iter()
        .map(|one| (one.to_string(), one.near.as_slice()))
        .collect();
    let near = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        shown[0],
        (
            "line 1: there is no setting \"colour\"".to_owned(),
            near(&["color"]).as_slice()
        )
    );
    assert_eq!(
        shown[1],
        (
            "line 5: there is no noun \"customers\"".to_owned(),
            near(&["customer"]).as_slice()
        )
    );
    assert_eq!(shown[2].0, "line 8: deal has no field \"amout\"");
    assert_eq!(shown[2].1[0], "amount");
    assert_eq!(shown[3].0, "line 9: there is no setting \"look\"");
    assert_eq!((shown.len(), config.user.as_deref()), (4, Some("ada")));
    assert_eq!(config.columns[&Noun::Deal], ["name"]);
}

#[test]
fn a_wrong_value_is_shown_with_its_line_and_a_caret() {
    let cases = [
        (
            "user = 'ada'\ncolor = 5\n",
            "line 2: color takes auto, always or never, in quotes, not a number\n 2 | color = 5\n   |         ^",
        ),
        (
            "\tweek_start\t= \"someday\" # why\r\n",
            "line 1: week_start takes a day of the week, not \"someday\"\n 1 |  week_start = \"someday\" # why\n   |               ^^^^^^^^^",
        ),
        (
            "zone = '北京'",
            "line 1: zone takes the IANA name of a time zone, not \"北京\"\n 1 | zone = '北京'\n   |        ^＾＾^",
        ),
        (
            "columns = { deal = ['name', 2] }",
            "line 1: a column is a name in quotes, not a number\n 1 | columns = { deal = ['name', 2] }\n   |                             ^",
        ),
        (
            "[columns]\ndeal = 'name'",
            "line 2: the columns of deal are a list of names, not a text\n 2 | deal = 'name'\n   |        ^^^^^^",
        ),
        (
            "columns = 1",
            "line 1: columns is a table of lists by noun, not a number\n 1 | columns = 1\n   |           ^",
        ),
        (
            "user = ''",
            "line 1: user takes the key of a user, not \"\"\n 1 | user = ''\n   |        ^^",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text:?}");
    }
    let error = Config::parse("color = 5").unwrap_err();
    assert_eq!((error.kind(), error.field()), (Kind::Usage, Some("color")));
    for text in [
        "user = ",
        "user",
        "user = 'a",
        "[",
        "a = 1\na = 2",
        "\u{1b}",
        "zone = \"\n",
    ] {
        let message = refusal(text);
        assert!(
            message.starts_with("line ") && message.ends_with('^') && !message.contains('\u{1b}'),
            "{message}"
        );
    }
    let long = format!("user = {}5", "\"a\" ".repeat(5000));
    assert!(refusal(&long).len() < 600);
}

/// The lines of the file of defaults with what they set.
fn uncommented(text: &str) -> String {
    let lines = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if rest.contains(" = ") || rest.starts_with('[') => rest,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_defaults_set_nothing_and_hold_when_uncommented() {
    let text = defaults();
    assert_eq!(Config::parse(&text).unwrap(), (Config::default(), Vec::new()));
    let all = uncommented(&text);
    // The theme is a word or a table.
    let (words, styles) = all.split_at(all.find("[theme]").unwrap());
    let (config, warnings) = Config::parse(styles).unwrap();
    assert_eq!(
        (config.get("theme").as_deref(), warnings),
        (Some("default"), Vec::new())
    );
    assert_eq!(config.dashboard.styles.len(), 2);
    let (config, warnings) = Config::parse(words).unwrap();
    assert_eq!(warnings, []);
    for setting in SETTINGS {
        assert_eq!(config.get(setting.name).as_deref(), Some(setting.example));
    }
    assert_eq!(config.columns[&Noun::Customer], field::columns(Noun::Customer));
    assert_eq!(config.dashboard.keys.len(), 1);
}

#[test]
fn the_words_of_a_setting_are_values_of_it() {
    for setting in SETTINGS {
        for word in (setting.words)() {
            let mut config = Config::default();
            config.set(setting.name, word).unwrap();
            assert_eq!(config.get(setting.name).as_deref(), Some(word));
            assert!(
                setting.accepts.contains(word) || setting.name == "week_start",
                "{word}"
            );
        }
    }
}

#[test]
fn a_theme_is_a_word_or_a_table_of_styles() {
    let text = "[theme]\nbase = 'dark'\naccent = '#88C0D0'\noverdue = 'bold red'\nchart_1 = '12 on black'\n";
    let (config, warnings) = Config::parse(text).unwrap();
    assert_eq!(
        (config.dashboard.theme, warnings),
        (Some(Theme::Dark), Vec::new())
    );
    assert_eq!(config.get("theme.accent").as_deref(), Some("#88c0d0"));
    assert_eq!(
        config.get("theme.chart_1").as_deref(),
        Some("bright-blue on black")
    );
    assert_eq!(config.get("theme.overdue").as_deref(), Some("bold red"));
    let (config, warnings) = Config::parse("[theme]\nacent = 'red'\ntext = 'white'").unwrap();
    assert_eq!(
        warnings[0].to_string(),
        "line 2: no part of a screen is called \"acent\""
    );
    assert_eq!(warnings[0].near[0], "accent");
    assert_eq!(config.dashboard.styles.len(), 1);
    for (text, expected) in [
        (
            "[theme]\naccent = 'bold rde'",
            "line 2: theme.accent takes a style, such as \"bold red\", \"#88c0d0 on black\" or \"underline 214\", in which \"rde\" has no place\n 2 | accent = 'bold rde'\n   |          ^^^^^^^^^^",
        ),
        (
            "[theme]\nbase = 'drak'",
            "line 2: theme takes auto, default, dark, light, mono or high-contrast, not \"drak\"\n 2 | base = 'drak'\n   |        ^^^^^^",
        ),
        (
            "[theme]\ndue = 12",
            "line 2: theme.due takes a style in quotes, not a number\n 2 | due = 12\n   |       ^^",
        ),
        (
            "theme = 'nord'",
            "line 1: theme takes auto, default, dark, light, mono or high-contrast, not \"nord\"\n 1 | theme = 'nord'\n   |         ^^^^^^",
        ),
        (
            "mouse = 1",
            "line 1: mouse takes true or false, not a number\n 1 | mouse = 1\n   |         ^",
        ),
    ] {
        assert_eq!(refusal(text), expected);
    }
}

#[test]
fn keys_are_a_text_or_a_list_by_action() {
    let text = "[keys]\n'customer.log' = ['l', 'ctrl-l']\nlist.mark = 'space'\nlist.all = []\n";
    let (config, warnings) = Config::parse(text).unwrap();
    assert_eq!(warnings, []);
    let keys = &config.dashboard.keys;
    assert_eq!(keys["customer.log"], ["l", "ctrl-l"]);
    assert_eq!(keys["list.mark"], ["space"]);
    assert_eq!(keys["list.all"], [""; 0]);
    assert_eq!(config.get("keys.customer.log").as_deref(), Some("l, ctrl-l"));
    assert_eq!(config.get("keys.list.all").as_deref(), Some("none"));
    assert_eq!(
        refusal("[keys]\na = ['l', 1]"),
        "line 2: the keys of a are texts in quotes, one or a list, not a number\n 2 | a = ['l', 1]\n   |           ^"
    );
    assert_eq!(
        refusal("keys = 'l'"),
        "line 1: keys is a table of keys by action, not a text\n 1 | keys = 'l'\n   |        ^^^"
    );
}

#[test]
fn entries_of_tables_are_edited_where_they_are() {
    let set = |text: &str, name: &str, value| edit::with_setting(text, name, value).unwrap();
    let text = "user = 'ada'\ntheme = 'dark' # mine\n\n[columns]\ndeal = ['name']\n\n[keys]\n'a.b' = 'x'\n";
    let edited = set(text, "columns.task", Some("Title, due"));
    assert!(
        edited.contains("deal = ['name']\ntask = [\"title\", \"due\"]\n\n[keys]"),
        "{edited}"
    );
    let edited = set(&edited, "keys.a.b", Some("y, ctrl-y"));
    assert!(
        edited.ends_with("[keys]\n\"a.b\" = [\"y\", \"ctrl-y\"]\n"),
        "{edited}"
    );
    // A theme that is a word becomes the base of the styles.
    let styled = set(&edited, "theme.due", Some("bold 3"));
    assert!(
        styled.ends_with("\n[theme]\nbase = \"dark\"\ndue = \"bold yellow\"\n"),
        "{styled}"
    );
    assert!(!styled.contains("mine"));
    let light = set(&styled, "theme", Some("light"));
    assert!(light.contains("base = \"light\""), "{light}");
    let back = set(&light, "theme.due", None);
    assert!(back.ends_with("[theme]\nbase = \"light\"\n"), "{back}");
    assert_eq!(set("", "keys.x", Some("none")), "\n[keys]\nx = []\n");
    for (text, name, value) in [
        ("", "columns.customers", "name"),
        ("", "columns.deal", "amout"),
        ("", "theme.acent", "red"),
        ("", "theme.accent", "rde"),
        ("", "look.at", "me"),
        ("theme = { due = 'red' }", "theme", "dark"),
        ("[columns]\ndeal = [\n'name']", "columns.deal", "amount"),
    ] {
        assert!(edit::with_setting(text, name, Some(value)).is_err(), "{name}");
    }
}

#[test]
fn a_broken_file_keeps_what_held_before() {
    let old = Config::parse("theme = 'dark'").unwrap().0;
    let broken = reload(&old, "theme = 'light'\nmouse = 'perhaps'\n");
    assert_eq!(broken.config, old);
    assert!(broken.error.unwrap().message().starts_with("line 2: mouse takes"));
    let mended = reload(&old, "theme = 'light'\nmuose = true\n");
    assert_eq!(mended.config.dashboard.theme, Some(Theme::Light));
    assert_eq!((mended.warnings.len(), mended.error.is_none()), (1, true));
}

#[test]
fn what_is_not_said_is_taken_from_below() {
    let parse = |text| Config::parse(text).unwrap().0;
    let above = parse("user = 'ada'\n[columns]\ndeal = ['name']");
    let below = parse("user = 'bob'\nregion = 'FR'\n[columns]\ndeal = ['amount']\ntask = ['title']");
    let both = above.over(below);
    assert_eq!(
        (both.user.as_deref(), both.region.as_deref()),
        (Some("ada"), Some("FR"))
    );
    assert_eq!((both.columns[&Noun::Deal].len(), both.columns.len()), (1, 2));
    assert_eq!(both.columns[&Noun::Deal], ["name"]);
    let near = Config::default().set("regoin", "DE").unwrap_err();
    assert_eq!(near.near(), ["region"]);
}

proptest! {
    #[test]
    fn text_never_panics(text in any::<String>()) {
        let _ = Config::parse(&text);
    }

    #[test]
    fn nearly_right_text_never_panics(pieces in prop::collection::vec(prop_oneof![
        prop::sample::select(vec![
            "user", "zone", "color", "columns", "deal", "theme", "[theme]", "base", "keys", "[keys]", "accent", "mouse", "'red'", "[columns]", "[", "]", "{", "}", "=", "'", "\"", "\"\"\"", "\n", "\r\n", "\t",
            "'ada'", "'北京'", "5", "true", ",", ".", "#", "\\u", " = ", "1979-05-27", "\u{1b}", "é",
        ]).prop_map(str::to_owned),
        "\\PC{0,3}",
    ], 0..30)) {
        let text = pieces.concat();
        if let Err(error) = Config::parse(&text) {
            prop_assert!(error.message().starts_with("line "), "{}", error);
        }
    }

    #[test]
    fn what_is_set_comes_back(index in 0..SETTINGS.len(), text in "\\PC{0,12}") {
        let name = SETTINGS[index].name;
        let mut config = Config::default();
        if config.set(name, &text).is_ok() {
            let shown = config.get(name).unwrap();
            let mut again = Config::default();
            again.set(name, &shown).unwrap();
            prop_assert_eq!(config, again);
        }
    }

    #[test]
    fn styles_that_are_set_come_back(index in 0..TOKENS.len(), text in "(bold |dim |on 17 |#8cd |red |reverse ){1,3}") {
        let name = format!("theme.{}", TOKENS[index]);
        if let Ok(edited) = edit::with_setting(&defaults(), &name, Some(&text)) {
            let shown = Config::parse(&edited).unwrap().0.get(&name).unwrap();
            let again = edit::with_setting(&edited, &name, Some(&shown)).unwrap();
            prop_assert_eq!(edited, again);
        }
    }

    #[test]
    fn an_edit_changes_one_setting_and_nothing_else(
        first in 0..SETTINGS.len(),
        second in 0..SETTINGS.len(),
        started in any::<bool>(),
        cleared in any::<bool>(),
    ) {
        let (one, other) = (&SETTINGS[first], &SETTINGS[second]);
        let start = if started { defaults() } else { "# mine\n[columns]\ndeal = ['name']\n".to_owned() };
        let text = edit::with_setting(&start, one.name, Some(one.example)).unwrap();
        let text = edit::with_setting(&text, other.name, Some(other.example)).unwrap();
        let (config, warnings) = Config::parse(&text).unwrap();
        prop_assert_eq!(&warnings, &Vec::new());
        let mut expected = Config::parse(&start).unwrap().0;
        expected.set(one.name, one.example).unwrap();
        expected.set(other.name, other.example).unwrap();
        prop_assert_eq!(&config, &expected);
        if cleared {
            let back = edit::with_setting(&text, other.name, None).unwrap();
            prop_assert_eq!(Config::parse(&back).unwrap().0.get(other.name), None);
        }
        // Comments and what is not touched stay to the letter.
        for line in start.lines().filter(|line| !line.contains(one.name) && !line.contains(other.name)) {
            prop_assert!(text.lines().any(|kept| kept == line), "{} is gone", line);
        }
    }
}
