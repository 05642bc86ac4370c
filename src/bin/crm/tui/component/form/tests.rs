use proptest::prelude::*;
use ratatui::buffer::Buffer;

use super::*;
use crate::tui::component::choice::Takes;
use crate::tui::component::look::Look;
use crate::tui::component::screen_tests::{draw_inside, hostile, lines, sizes};

fn fits(typed: &str, label: &str) -> bool {
    label.to_lowercase().contains(&typed.to_lowercase())
}

fn options(labels: &[&str]) -> Vec<Listed> {
    let option = |label: &&str| Listed {
        value: label.to_lowercase(),
        label: (*label).to_owned(),
        note: String::new(),
    };
    labels.iter().map(option).collect()
}

fn customer() -> Form {
    let stages = options(&["Lead", "Active", "Lost"]);
    Form::new(vec![
        Field::text("name", "Name", "Acme GmbH").required(),
        Field::text("email", "Email", "").help("name@host"),
        Field::choice("stage", "Stage", "Active", Takes::OneOf, stages, fits),
        Field::date("next", "下一步", ""),
        Field::tick("vip", "VIP", false),
        Field::long("note", "Note", ""),
    ])
}

fn press(form: &mut Form, keys: &str) -> FormEvent {
    let keys = Key::sequence(keys).expect("keys");
    let events: Vec<_> = keys.into_iter().map(|key| form.key(key)).collect();
    events.last().cloned().expect("an event")
}

fn shown(form: &Form, width: u16, height: u16) -> Vec<String> {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let area = buffer.area;
    form.render(area, &mut buffer, &Look::plain());
    lines(&buffer)
}

#[test]
fn keys_go_from_field_to_field() {
    for (keys, event, focus) in [
        ("tab", FormEvent::Left(0), 1),
        ("enter", FormEvent::Left(0), 1),
        ("down", FormEvent::Left(0), 1),
        ("up", FormEvent::Kept, 0),
        ("shift-tab", FormEvent::Left(0), 5),
        ("shift-tab tab", FormEvent::Left(5), 0),
        ("shift-tab up", FormEvent::Left(5), 4),
        ("x", FormEvent::Changed(0), 0),
        ("left", FormEvent::Kept, 0),
        ("f1", FormEvent::Help(0), 0),
        ("tab ctrl-g", FormEvent::Edit(1), 1),
        ("f4", FormEvent::Edit(0), 0),
        ("esc", FormEvent::Close, 0),
        ("f9", FormEvent::Ignored, 0),
        ("ctrl-s", FormEvent::Save, 0),
        ("alt-enter", FormEvent::Save, 0),
        ("shift-tab enter", FormEvent::Changed(5), 5),
        ("tab tab down", FormEvent::Kept, 2),
        ("tab tab down esc", FormEvent::Kept, 2),
        ("tab tab down esc esc", FormEvent::Close, 2),
        ("tab tab down down enter", FormEvent::Changed(2), 2),
        ("tab tab down down enter enter", FormEvent::Left(2), 3),
        ("tab tab tab tab space", FormEvent::Changed(4), 4),
    ] {
        let mut form = customer();
        assert_eq!((press(&mut form, keys), form.focus()), (event, focus), "{keys}");
    }
}

#[test]
fn only_what_was_changed_is_saved_and_kept_as_a_draft() {
    let mut form = customer();
    assert!(!form.is_changed());
    press(
        &mut form,
        "x backspace tab a @ b tab ctrl-space down enter tab f r i tab y",
    );
    let changed = form.changed();
    let expected = [
        ("email", "a@b"),
        ("stage", "lost"),
        ("next", "fri"),
        ("vip", "true"),
    ];
    assert_eq!(changed, expected.map(|(name, value)| (name, value.to_owned())));
    let draft = form.draft();
    let mut other = customer();
    other.restore(&draft);
    other.restore(&[("gone".to_owned(), "x".to_owned())]);
    assert_eq!(other.draft(), draft);
    assert_eq!(other.value("stage"), "lost");
}

#[test]
fn errors_wait_until_a_field_is_left() {
    let mut form = customer();
    press(&mut form, "tab a");
    form.set_answer(1, "a", Err("needs a domain".to_owned()));
    assert!(!shown(&form, 80, 16).concat().contains("needs a domain"));
    press(&mut form, "tab");
    let text = shown(&form, 80, 16).join("\n");
    assert!(
        text.contains("! needs a domain") && text.contains("! 1 field needs attention"),
        "{text}"
    );
    press(&mut form, "shift-tab b");
    assert_eq!(form.errors(), 0);
    form.set_answer(1, "a", Err("late".to_owned()));
    assert_eq!(form.errors(), 0);
}

#[test]
fn a_save_goes_to_the_first_field_that_is_wrong() {
    let mut form = customer();
    press(&mut form, "ctrl-u tab tab q q");
    assert_eq!(press(&mut form, "tab ctrl-s"), FormEvent::Refused(2));
    assert_eq!(form.focus(), 0);
    let text = shown(&form, 80, 16).join("\n");
    assert!(
        text.contains("! required") && text.contains("! not one of the choices"),
        "{text}"
    );
    let mut form = customer();
    form.refuse(vec![(3, "no such day".to_owned()), (1, "taken".to_owned())]);
    assert_eq!((form.focus(), form.errors()), (1, 2));
}

#[test]
fn many_records_at_once_change_only_where_something_was_typed() {
    let mut form = Form::new(vec![
        Field::text("city", "City", "Berlin")
            .differing("(3 different)")
            .required(),
        Field::text("source", "Source", "fair").differing("(2 different)"),
        Field::tick("vip", "VIP", true).differing("(2 different)"),
    ]);
    let text = shown(&form, 60, 6).join("\n");
    assert!(
        text.contains("(3 different)") && text.contains("[-] different"),
        "{text}"
    );
    assert_eq!(press(&mut form, "ctrl-s"), FormEvent::Save);
    assert!(form.changed().is_empty());
    press(&mut form, "tab x backspace tab space");
    let changed = [("source", String::new()), ("vip", "true".to_owned())];
    assert_eq!(form.changed(), changed);
    assert!(shown(&form, 60, 8).join("\n").contains("(will be emptied)"));
}

#[test]
fn choices_from_outside_are_asked_for() {
    let field = Field::choice("owner", "Owner", "", Takes::OneOf, vec![], fits).asking_for_choices();
    let mut form = Form::new(vec![field]);
    assert_eq!(press(&mut form, "down"), FormEvent::WantChoices(0, String::new()));
    assert_eq!(press(&mut form, "l"), FormEvent::WantChoices(0, "l".to_owned()));
    form.set_choices(0, options(&["Lena"]));
    assert_eq!(press(&mut form, "down"), FormEvent::Kept);
    press(&mut form, "enter");
    assert_eq!(form.value("owner"), "lena");
}

#[test]
fn a_paste_and_a_text_from_the_editor_go_into_the_field() {
    let mut form = customer();
    assert_eq!(form.paste(" & Co\n"), FormEvent::Changed(0));
    assert_eq!(form.value("name"), "Acme GmbH & Co");
    form.fill(5, "one\ntwo\n");
    assert_eq!(form.value("note"), "one\ntwo");
    form.go(4);
    assert_eq!(form.paste("x"), FormEvent::Ignored);
}

#[test]
fn a_wide_form_has_labels_and_answers_beside_the_fields() {
    let mut form = customer();
    press(&mut form, "tab tab tab f r i");
    form.set_answer(3, "fri", Ok("→ Fri 27 Nov, in 6 days".to_owned()));
    form.set_status("draft kept 14:09");
    assert_eq!(
        shown(&form, 70, 13),
        [
            " Name *   [Acme GmbH                         ]                        ",
            " Email    [                                  ]                        ",
            " Stage    [Active                           ▼]                        ",
            "▌下一步   [fri                               ] → Fri 27 Nov, in 6 days",
            " VIP      [ ] no                                                      ",
            " Note                                                                 ",
            "                                                                      ",
            "                                                                      ",
            "                                                                      ",
            "                                                                      ",
            "                                                                      ",
            "                                                                      ",
            "                                                      draft kept 14:09",
        ]
    );
    assert_eq!(form.height(70), 12);
    let area = Rect::new(0, 0, 70, 13);
    assert_eq!(form.click(area, Position::new(20, 1)), FormEvent::Left(3));
    assert_eq!(form.focus(), 1);
    assert!(shown(&form, 70, 13)[12].starts_with("name@host"));
}

#[test]
fn a_narrow_form_has_labels_above_and_scrolls() {
    let mut form = customer();
    press(&mut form, "tab tab tab f r i");
    form.set_answer(3, "fri", Ok("Fri 27 Nov".to_owned()));
    assert_eq!(
        shown(&form, 24, 6),
        [
            "[Active               ▼]",
            "▌下一步                 ",
            "[fri                   ]",
            "→ Fri 27 Nov            ",
            " VIP                    ",
            "                        ",
        ]
    );
}

fn any_key() -> impl Strategy<Value = Key> {
    let keys = "a 张 space enter tab shift-tab up down esc ctrl-s ctrl-space backspace home pagedown";
    prop::sample::select(Key::sequence(keys).expect("keys"))
}

proptest! {
    #[test]
    fn forms_stay_in_their_area(
        texts in prop::collection::vec(hostile(), 6), area in sizes(), keys in prop::collection::vec(any_key(), 0..24),
    ) {
        let labels: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut form = Form::new(vec![
            Field::text("a", labels[0], labels[1]).required().help(labels[2]),
            Field::long("b", labels[1], labels[2]),
            Field::choice("c", labels[2], labels[3], Takes::OneOf, options(&labels), fits),
            Field::choice("d", labels[3], labels[4], Takes::Words, options(&labels), fits),
            Field::tick("e", labels[4], true).differing("(2)"),
            Field::money("f", labels[5], labels[0]),
        ]);
        form.set_status(labels[3]);
        form.resize(area.as_size());
        for key in keys {
            let event = form.key(key);
            if let FormEvent::Changed(field) = event {
                let text = form.fields()[field].content();
                form.set_answer(field, &text, Err(text.clone()));
            }
        }
        draw_inside(area, |area, buffer| {
            let cursor = form.render(area, buffer, &Look::plain());
            assert!(cursor.is_none_or(|cursor| area.contains(cursor)));
            assert!(cursor.is_some() || area.width == 0 || area.height < 2);
        });
        for y in area.top()..area.bottom() {
            let _event = form.click(area, Position::new(area.x, y));
            prop_assert!(form.focus() < form.fields().len());
        }
    }
}
