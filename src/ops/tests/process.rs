//! The rules of stages: what they refuse and how it is told, what they make, and that they go wherever a base goes.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::error::{Error, Kind, Lack};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::Lists;
use crate::ops::pipeline::{self, StageSpec};
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{deal, process};
use crate::store::seed::{self, Stage};

fn some(texts: &[&str]) -> Option<Vec<String>> {
    Some(texts.iter().map(|text| (*text).to_owned()).collect())
}

impl Base {
    fn stage(&self, key: &str) -> Stage {
        self.read(|tx| {
            let pipeline = seed::default_pipeline(tx)?.expect("a pipeline");
            let stages = seed::stages(tx, pipeline)?;
            Ok(stages
                .into_iter()
                .find(|stage| stage.key == key)
                .expect("a stage"))
        })
    }

    fn rule(&mut self, key: &str, spec: &StageSpec) {
        let stage = self.stage(key).id;
        self.write(|tx| pipeline::stage_set(tx, stage, spec));
    }

    fn new_deal(&mut self, text: &str) -> Id {
        self.write(|tx| deal::add(tx, &assignments(text), &Policy::strict()))
            .id
    }

    fn refusal(&mut self, deal: Id, stage: &str) -> Error {
        self.try_write(|tx| deal::move_to(tx, deal, stage))
            .expect_err("it is refused")
    }

    fn moved(&mut self, deal: Id, stage: &str) {
        self.write(|tx| deal::move_to(tx, deal, stage));
    }

    fn tasks(&self) -> Vec<String> {
        let ids = self.read(|tx| {
            let all = crate::ops::list::condition(tx, Noun::Task, &[])?;
            crate::store::records::ids(tx, Noun::Task, &all)
        });
        ids.into_iter()
            .map(|id| self.shown(Noun::Task, id, "title type due assignee deal"))
            .collect()
    }
}

/// A pipeline whose proposal needs an amount and the e-mail of the customer.
fn careful() -> Base {
    let mut base = Base::new();
    let spec = StageSpec {
        required: some(&["value", "customer.email"]),
        ..StageSpec::default()
    };
    base.rule("proposal", &spec);
    base
}

fn field(noun: Noun, reference: &str, name: &str) -> Lack {
    Lack::Field {
        noun,
        reference: reference.to_owned(),
        name: name.to_owned(),
    }
}

#[test]
fn a_stage_asks_for_fields_from_there_on() {
    let mut base = careful();
    assert_eq!(
        base.stage("proposal").rules.required,
        ["amount", "customer.emails"]
    );
    let buyer = assignments("name=张伟");
    base.write(|tx| customer::add(tx, &buyer, OnDuplicate::Create, &Policy::strict()));
    let id = base.new_deal("name=Fleet; customer=C1");
    let error = base.refusal(id, "proposal");
    assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some("amount")));
    assert_eq!(error.message(), "proposal needs amount, customer.emails");
    let lacks = [
        field(Noun::Deal, "D1", "amount"),
        field(Noun::Customer, "C1", "emails"),
    ];
    assert_eq!(error.lacks(), lacks);
    // A stage further on asks for it too, and so does the end.
    let later = "negotiation needs amount (as proposal does), customer.emails (as proposal does)";
    assert_eq!(base.refusal(id, "negotiation").message(), later);
    let won = base
        .try_write(|tx| deal::win(tx, id, None))
        .expect_err("it is refused");
    assert_eq!(won.field(), Some("amount"));
    // What comes before it does not, and nor does a loss, or a way back.
    base.moved(id, "needs_analysis");
    base.moved(id, "qualification");
    base.write(|tx| deal::lose(tx, id, None, "price", None));
    base.write(|tx| deal::reopen(tx, id));
    // Given with the move, or before it.
    let email = assignments("emails=wei@mail.example");
    let wei = base.read(|tx| crate::ops::refer::one(tx, Noun::Customer, "C1"));
    base.write(|tx| customer::edit(tx, wei, &email, Lists::Replace, &Policy::strict()));
    let cleared = assignments("amount=");
    let error = base
        .try_write(|tx| deal::move_with(tx, id, "proposal", &cleared))
        .expect_err("it is refused");
    assert_eq!(error.lacks(), [field(Noun::Deal, "D1", "amount")]);
    base.write(|tx| deal::move_with(tx, id, "proposal", &assignments("amount=48000")));
    assert_eq!(base.shown(Noun::Deal, id, "stage amount"), "proposal|48000.00");
    base.undo();
    assert_eq!(base.shown(Noun::Deal, id, "stage amount"), "qualification|");
}

#[test]
fn a_new_deal_is_held_to_them_and_a_file_is_not() {
    let mut base = careful();
    let text = "name=Fleet; stage=proposal";
    let new = |base: &mut Base| base.try_write(|tx| deal::add(tx, &assignments(text), &Policy::strict()));
    let error = new(&mut base).expect_err("it is refused");
    let lacks = [field(Noun::Deal, "", "amount"), field(Noun::Deal, "", "customer")];
    assert_eq!(error.lacks(), lacks);
    base.new_deal("name=Small");
    base.new_deal("name=Gone; stage=abandoned");
    base.caller.via = crate::domain::actor::Via::Import;
    assert!(new(&mut base).is_ok());
}

#[test]
fn an_ending_asks_for_what_it_names_itself() {
    let mut base = careful();
    let spec = StageSpec {
        required: some(&["competitor"]),
        ..StageSpec::default()
    };
    base.rule("lost", &spec);
    let id = base.new_deal("name=Fleet");
    let error = base
        .try_write(|tx| deal::lose(tx, id, None, "price", None))
        .expect_err("it is refused");
    assert_eq!(error.message(), "lost needs competitor");
    let given = assignments("lost_reason=price; competitor=nobody");
    base.write(|tx| deal::close(tx, id, StageType::Lost, None, given));
    // It is lost already: nothing is asked again.
    base.write(|tx| {
        deal::edit(
            tx,
            id,
            &assignments("competitor="),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert!(!base.write(|tx| deal::lose(tx, id, None, "price", None)).changed);
}

#[test]
fn a_custom_field_can_be_asked_for_until_it_goes() {
    let mut base = Base::new();
    let size = base.write(|tx| {
        crate::ops::field::add(
            tx,
            &assignments("noun=deal; key=size; type=text"),
            &Policy::strict(),
        )
    });
    let spec = StageSpec {
        required: some(&["fields.size"]),
        ..StageSpec::default()
    };
    base.rule("qualification", &spec);
    let id = base.new_deal("name=Fleet");
    assert_eq!(
        base.refusal(id, "qualification").message(),
        "qualification needs fields.size"
    );
    base.write(|tx| deal::move_with(tx, id, "qualification", &assignments("fields.size=大")));
    let other = base.new_deal("name=Other");
    base.write(|tx| crate::ops::trash::remove(tx, Noun::Field, &[size.id]));
    base.moved(other, "qualification");
}

#[test]
fn only_the_next_stages_are_allowed() {
    let mut base = Base::new();
    let spec = StageSpec {
        next: some(&["Needs analysis", "输单"]),
        ..StageSpec::default()
    };
    base.rule("prospecting", &spec);
    assert_eq!(base.stage("prospecting").rules.next, ["needs_analysis", "lost"]);
    let id = base.new_deal("name=Fleet");
    let error = base.refusal(id, "qualification");
    assert_eq!(
        error.message(),
        "stage: from prospecting a deal can only move to needs_analysis, lost, not to qualification"
    );
    assert_eq!(error.near(), ["needs_analysis", "lost"]);
    assert!(base.try_write(|tx| deal::win(tx, id, None)).is_err());
    base.moved(id, "needs_analysis");
    base.moved(id, "prospecting");
    // A key that changes is followed, a stage that goes is forgotten.
    let analysis = base.stage("needs_analysis").id;
    let renamed = StageSpec {
        key: Some("analysis".to_owned()),
        ..StageSpec::default()
    };
    base.write(|tx| pipeline::stage_set(tx, analysis, &renamed));
    assert_eq!(base.stage("prospecting").rules.next, ["analysis", "lost"]);
    base.write(|tx| pipeline::stage_remove(tx, analysis, None));
    assert_eq!(base.stage("prospecting").rules.next, ["lost"]);
    base.undo();
    assert_eq!(base.stage("prospecting").rules.next, ["analysis", "lost"]);
}

#[test]
fn a_checklist_is_ticked_off_before_a_deal_moves_on() {
    let mut base = Base::new();
    let spec = StageSpec {
        checklist: some(&["Budget confirmed", "Decision maker met", "关键人已见面"]),
        ..StageSpec::default()
    };
    base.rule("prospecting", &spec);
    let id = base.new_deal("name=Fleet");
    let tick =
        |base: &mut Base, text: &str, is_done| base.write(|tx| process::tick(tx, id, text, is_done)).changed;
    assert!(tick(&mut base, "budget", true));
    assert!(!tick(&mut base, "1", true));
    let error = base.refusal(id, "proposal");
    assert_eq!(error.field(), Some("checklist"));
    assert_eq!(
        error.message(),
        "prospecting is not ticked off: Decision maker met; 关键人已见面"
    );
    let items = ["Decision maker met", "关键人已见面"].map(|item| Lack::Item {
        reference: "D1".to_owned(),
        item: item.to_owned(),
    });
    assert_eq!(error.lacks(), items);
    assert!(tick(&mut base, "decision maker met；关键人", true));
    base.undo();
    assert_eq!(base.refusal(id, "proposal").lacks().len(), 2);
    assert!(tick(&mut base, "2; 3", true));
    assert!(tick(&mut base, "1", false));
    assert!(tick(&mut base, "Budget Confirmed", true));
    base.moved(id, "proposal");
    // What was ticked off stays so.
    base.moved(id, "prospecting");
    base.moved(id, "qualification");
    let refused = |base: &mut Base, text: &str| base.refused(|tx| process::tick(tx, id, text, true)).1;
    assert_eq!(
        refused(&mut base, "1"),
        "checklist: the stage qualification has none"
    );
    base.moved(id, "prospecting");
    for wrong in ["", "nonsense", "4", "e", "1; nonsense"] {
        assert!(
            refused(&mut base, wrong).contains("is none of: Budget confirmed; "),
            "{wrong:?}"
        );
    }
    // A loss needs no tick.
    let other = base.new_deal("name=Other");
    base.write(|tx| deal::lose(tx, other, None, "price", None));
}

#[test]
fn a_stage_makes_tasks_once() {
    let mut base = Base::new();
    base.write(|tx| crate::ops::user::add(tx, &assignments("name=王芳"), &Policy::strict()));
    let spec = StageSpec {
        tasks: some(&["follow_up: Send the offer +2d", "call: 问 {deal} +5wd @王芳"]),
        ..StageSpec::default()
    };
    base.rule("proposal", &spec);
    let id = base.new_deal("name=Fleet; owner=self");
    base.moved(id, "proposal");
    let made = [
        "Send the offer: Fleet|follow_up|2026-03-04|self|D1",
        "问 Fleet|call|2026-03-09|王芳|D1",
    ];
    assert_eq!(base.tasks(), made);
    base.moved(id, "qualification");
    base.moved(id, "proposal");
    assert_eq!(base.tasks(), made);
    base.undo();
    base.undo();
    base.undo();
    assert!(base.tasks().is_empty());
    // A new deal comes in too; one from a file was there before.
    base.new_deal("name=Second; stage=proposal");
    assert_eq!(base.tasks().len(), 2);
    base.caller.via = crate::domain::actor::Via::Import;
    base.new_deal("name=Third; stage=proposal");
    assert_eq!(base.tasks().len(), 2);
}

#[test]
fn rules_are_checked_when_they_are_made() {
    let mut base = Base::new();
    let stage = base.stage("proposal").id;
    let spec = |name: &str, texts: &[&str]| {
        let (mut spec, texts) = (StageSpec::default(), some(texts));
        match name {
            "required" => spec.required = texts,
            "checklist" => spec.checklist = texts,
            "tasks" => spec.tasks = texts,
            _ => spec.next = texts,
        }
        spec
    };
    for (name, wrong) in [
        ("required", "amuont"),
        ("required", "stage"),
        ("required", "customer.last_activity"),
        ("required", "fields.none"),
        ("next", "nowhere"),
        ("tasks", "cal: him"),
        ("tasks", "call: him @Nobody"),
    ] {
        let (on, message) = base.refused(|tx| pipeline::stage_set(tx, stage, &spec(name, &[wrong])));
        assert_eq!(on, name, "{message}");
    }
    let many: Vec<String> = (0..60).map(|number| format!("Item {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let (on, _) = base.refused(|tx| pipeline::stage_set(tx, stage, &spec("checklist", &many)));
    assert_eq!(on, "checklist");
    base.rule("proposal", &spec("checklist", &[" One  item", "", "One item"]));
    assert_eq!(base.stage("proposal").rules.checklist, ["One item"]);
    base.rule("proposal", &spec("checklist", &[""]));
    assert!(base.stage("proposal").rules.checklist.is_empty());
}
