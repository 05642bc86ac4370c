//! The law of undo: what random sequences by two users do is undone and done again without a trace.

use proptest::prelude::*;

use super::taking_back::{change, new_customer, new_user};
use super::{Base, assignments, deeds};
use crate::domain::actor::{Actor, Via};
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::deal::people::{self, Part};
use crate::ops::draft::Lists;
use crate::ops::employment::{self, Job};
use crate::ops::merge::{self, Choices};
use crate::ops::typed::Policy;
use crate::ops::{self, activity, attachment, deal, dupes, pipeline, relationship, tagging, task, undo};
use crate::store::columns::table;
use crate::store::fields::CustomField;
use crate::store::{ReadTx, WriteTx, fields, seed};

/// Something that somebody does: what, to which record, with which value.
#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) what: usize,
    pub(super) which: usize,
    pub(super) other: usize,
    pub(super) value: usize,
    pub(super) by_second: bool,
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    (0..DEEDS.len(), 0..4_usize, 0..4_usize, 0..5_usize, any::<bool>()).prop_map(
        |(what, which, other, value, by_second)| Act {
            what,
            which,
            other,
            value,
            by_second,
        },
    )
}

pub(super) type Deed = fn(&WriteTx<'_>, &Act) -> Result<()>;

const DEEDS: &[Deed] = &[
    add_customer,
    add_customer,
    add_company,
    edit_customer,
    edit_customer,
    employ,
    tag_all,
    untag,
    set_custom,
    add_deal,
    edit_deal,
    move_deal,
    add_task,
    edit_task,
    do_task,
    log,
    trash,
    restore,
    merge_two,
    move_stage,
    relate_two,
    move_job,
    part_in_deal,
    attach_or_detach,
    deeds::import_customers,
    deeds::import_customers,
    deeds::import_deals,
    deeds::import_copies,
    deeds::import_shape,
    deeds::change_selected,
    deeds::change_selected,
    deeds::shape_tags,
    deeds::shape_fields,
    deeds::shape_pipelines,
    deeds::shape_pipelines,
    deeds::tick,
    deeds::shape_views,
    deeds::merge_tags,
    deeds::hand_over,
    deeds::change_many,
    deeds::change_many,
    deeds::keep_forecast,
    deeds::offer,
    deeds::move_quote,
    tell_apart,
];

pub(super) const NAMES: [&str; 5] = ["Ada Byron", "张伟", "Łódź GmbH", "O'Neil \"the\" {best}", "Bo"];
const EMAILS: [&str; 5] = [
    "a@mail.example",
    "b@mail.example",
    "c@mail.example",
    "",
    "d@mail.example",
];

pub(super) fn pick<T: Copy>(from: &[T], at: usize) -> Option<T> {
    from.get(at % from.len().max(1)).copied()
}

/// The record of `noun` that an act is about; none if there is none.
pub(super) fn nth(tx: &ReadTx<'_>, noun: Noun, at: usize) -> Result<Option<Id>> {
    let sql = format!("SELECT id FROM {} ORDER BY id", table(noun));
    let ids: Vec<i64> = tx.all(&sql, [], |row| row.get(0))?;
    Ok(pick(&ids, at).map(Id::from_raw))
}

pub(super) fn policy() -> Policy {
    Policy::strict()
}

fn add_customer(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (name, email) = (NAMES[act.value], EMAILS[act.other]);
    new_customer(
        tx,
        &format!("name={name}; emails={email}; phones=+49 30 90182{}", act.which),
    )
    .map(drop)
}

fn add_company(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let parent = nth(tx, Noun::Customer, act.which)?.map_or_else(String::new, Id::uid);
    new_customer(
        tx,
        &format!("name={}; type=company; parent={parent}", NAMES[act.value]),
    )
    .map(drop)
}

fn edit_customer(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Customer, act.which)? else {
        return Ok(());
    };
    let text = match act.other {
        0 => format!("name={}; note=about {}", NAMES[act.value], act.value),
        1 => format!("emails={}", EMAILS[act.value]),
        2 => [
            "lifecycle=lead",
            "lifecycle=loyal",
            "level=A",
            "owner=",
            "owner=self",
        ][act.value]
            .to_owned(),
        _ => [
            "city=Łódź",
            "city=; tax_id=7",
            "keep_in_touch=30",
            "phones=",
            "do_not_contact=yes",
        ][act.value]
            .to_owned(),
    };
    change(tx, id, &text)
}

fn employ(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (Some(person), Some(company)) = (
        nth(tx, Noun::Customer, act.which)?,
        nth(tx, Noun::Customer, act.other)?,
    ) else {
        return Ok(());
    };
    change(tx, person, &format!("company={}; title=Boss", company.uid()))
}

fn relate_two(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (Some(one), Some(other)) = (
        nth(tx, Noun::Customer, act.which)?,
        nth(tx, Noun::Customer, act.other)?,
    ) else {
        return Ok(());
    };
    match ["reports_to", "manages", "spouse", "friend", ""][act.value] {
        "" => relationship::unrelate(tx, one, None, other).map(drop),
        sort => relationship::relate(tx, one, sort, other, None).map(drop),
    }
}

fn move_job(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (Some(person), Some(company)) = (
        nth(tx, Noun::Customer, act.which)?,
        nth(tx, Noun::Customer, act.other)?,
    ) else {
        return Ok(());
    };
    let job = Job {
        title: (act.value > 1).then(|| NAMES[act.value].to_owned()),
        beside: act.value == 2,
        ..Job::default()
    };
    match act.value {
        0 => employment::leave(tx, person, company, None).map(drop),
        _ => employment::employ(tx, person, company, &job).map(drop),
    }
}

fn part_in_deal(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (Some(deal), Some(person)) = (
        nth(tx, Noun::Deal, act.which)?,
        nth(tx, Noun::Customer, act.other)?,
    ) else {
        return Ok(());
    };
    let part = Part {
        role: Some(["champion", "决策人", "none", "legal", "other"][act.value].to_owned()),
        main: act.value == 1,
    };
    match act.value {
        4 => people::remove(tx, deal, &[person]).map(drop),
        _ => people::put(tx, deal, &[person], &part).map(drop),
    }
}

fn attach_or_detach(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let noun = [Noun::Customer, Noun::Deal, Noun::Task][act.other % 3];
    let Some(id) = nth(tx, noun, act.which)? else {
        return Ok(());
    };
    let new = |location: &str, bytes: Option<u64>| attachment::New {
        location: location.to_owned(),
        title: None,
        content: bytes.map(|bytes| attachment::Content {
            bytes,
            sha256: format!("{bytes:064x}"),
        }),
    };
    match act.value {
        0 => attachment::attach(tx, noun, id, &[new("https://a.example/x", None)]).map(drop),
        1 | 2 => {
            let file = new("/files/合同.pdf", Some(u64::try_from(act.value).unwrap()));
            attachment::attach(tx, noun, id, &[file, new("mailto:a@mail.example", None)]).map(drop)
        }
        3 => attachment::detach(tx, noun, id, &["合同.pdf".to_owned()]).map(drop),
        _ => attachment::detach(tx, noun, id, &["1".to_owned()]).map(drop),
    }
}

fn tag_all(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let some = [
        nth(tx, Noun::Customer, act.which)?,
        nth(tx, Noun::Customer, act.other)?,
    ];
    let ids: Vec<Id> = some.into_iter().flatten().collect();
    tagging::tag(tx, Noun::Customer, &ids, ["vip", "cold"][act.value % 2])
}

fn untag(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Customer, act.which)? else {
        return Ok(());
    };
    tagging::untag(tx, Noun::Customer, &[id], ["vip", "cold"][act.value % 2])
}

fn set_custom(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Customer, act.which)? else {
        return Ok(());
    };
    let known: Vec<CustomField> = fields::customs(tx, Noun::Customer)?;
    let Some(field) = known.get(act.other) else {
        return Ok(());
    };
    let value = match (field.kind, nth(tx, Noun::Customer, act.value)?) {
        (FieldType::Link(_), Some(other)) => other.uid(),
        _ => ["", "red", "12", "x, y", "red"][act.value].to_owned(),
    };
    change(tx, id, &format!("fields.{}={value}", field.key))
}

fn add_deal(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let customer = nth(tx, Noun::Customer, act.which)?.map_or_else(String::new, Id::uid);
    let text = format!(
        "name={}; customer={customer}; amount={}000",
        NAMES[act.value], act.value
    );
    deal::add(tx, &assignments(&text), &policy()).map(drop)
}

fn edit_deal(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Deal, act.which)? else {
        return Ok(());
    };
    let person = nth(tx, Noun::Customer, act.other)?.map_or_else(String::new, Id::uid);
    let text = match act.value {
        0 => format!("people={person}"),
        1 => "amount=77; expected_close=2026-05-01".to_owned(),
        2 => "probability=35".to_owned(),
        3 => "probability=; amount=".to_owned(),
        _ => format!("customer={person}"),
    };
    deal::edit(tx, id, &assignments(&text), Lists::Replace, &policy()).map(drop)
}

fn move_deal(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Deal, act.which)? else {
        return Ok(());
    };
    match act.value {
        0 => deal::win(tx, id, None).map(drop),
        1 => deal::lose(tx, id, None, "price", None).map(drop),
        2 => deal::reopen(tx, id).map(drop),
        _ => {
            let Some(pipeline) = seed::default_pipeline(tx)? else {
                return Ok(());
            };
            let stages = seed::stages(tx, pipeline)?;
            let Some(stage) = stages.get(act.other) else {
                return Ok(());
            };
            deal::move_to(tx, id, &stage.key).map(drop)
        }
    }
}

fn move_stage(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(pipeline) = seed::default_pipeline(tx)? else {
        return Ok(());
    };
    let stages = seed::stages(tx, pipeline)?;
    let Some(stage) = stages.get(act.which) else {
        return Ok(());
    };
    let to = stages.get(act.other).filter(|to| to.id != stage.id);
    match (act.value, to) {
        (0, Some(to)) => pipeline::stage_remove(tx, stage.id, Some(to.id)).map(drop),
        _ => pipeline::stage_move(tx, stage.id, i64::try_from(act.value).unwrap() + 1).map(drop),
    }
}

fn add_task(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let customer = nth(tx, Noun::Customer, act.which)?.map_or_else(String::new, Id::uid);
    let deal = nth(tx, Noun::Deal, act.other)?.map_or_else(String::new, Id::uid);
    let text = match act.value {
        0 | 1 => format!("title=Call; customer={customer}; due=2026-03-0{}", act.other + 1),
        2 | 3 => format!(
            "title=Water; customer={customer}; due=2026-03-0{}; repeat=weekly; remind=1h, 2026-03-08T09:00",
            act.other + 1
        ),
        _ => format!("title=Write; deal={deal}; due=tomorrow"),
    };
    task::add(tx, &assignments(&text), &policy()).map(drop)
}

fn edit_task(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Task, act.which)? else {
        return Ok(());
    };
    match act.value {
        0 | 1 => task::snooze(tx, id, "+2d").map(drop),
        2 => task::edit(
            tx,
            id,
            &assignments("due=; priority=high"),
            Lists::Replace,
            &policy(),
        )
        .map(drop),
        3 => task::edit(
            tx,
            id,
            &assignments("repeat=every mon; remind=1d"),
            Lists::Replace,
            &policy(),
        )
        .map(drop),
        _ => task::reopen(tx, id).map(drop),
    }
}

fn do_task(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(id) = nth(tx, Noun::Task, act.which)? else {
        return Ok(());
    };
    match act.value {
        0 => task::cancel(tx, id).map(drop),
        1 => task::cancel_series(tx, id).map(drop),
        _ => task::done(tx, id).map(drop),
    }
}

fn log(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let Some(customer) = nth(tx, Noun::Customer, act.which)? else {
        return Ok(());
    };
    let kind = ["call", "note", "email", "meeting", "visit"][act.value];
    let mut text = format!("type={kind}; text=About {kind}; customer={}", customer.uid());
    if let Some(person) = nth(tx, Noun::Customer, act.other)? {
        text.push_str(&format!("; people={}; at=2026-02-1{}", person.uid(), act.value));
    }
    let follow = activity::Follow {
        next: (act.other > 1).then(|| activity::NextStep {
            title: "Next".to_owned(),
            due: Some("friday".to_owned()),
        }),
        stage: None,
    };
    activity::log(tx, &assignments(&text), &follow, &policy()).map(drop)
}

const NOUNS: [Noun; 5] = [Noun::Customer, Noun::Deal, Noun::Task, Noun::Activity, Noun::Tag];

fn trash(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let noun = NOUNS[act.value];
    match nth(tx, noun, act.which)? {
        Some(id) => ops::trash::remove(tx, noun, &[id]).map(drop),
        None => Ok(()),
    }
}

fn restore(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let noun = NOUNS[act.value];
    match nth(tx, noun, act.which)? {
        Some(id) => ops::trash::restore(tx, noun, &[id]).map(drop),
        None => Ok(()),
    }
}

fn merge_two(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (Some(winner), Some(loser)) = (
        nth(tx, Noun::Customer, act.which)?,
        nth(tx, Noun::Customer, act.other)?,
    ) else {
        return Ok(());
    };
    let choices = Choices {
        force: true,
        ..Choices::default()
    };
    merge::merge(tx, winner, &[loser], &choices).map(drop)
}

fn tell_apart(tx: &WriteTx<'_>, act: &Act) -> Result<()> {
    let (Some(one), Some(other)) = (
        nth(tx, Noun::Customer, act.which)?,
        nth(tx, Noun::Customer, act.other)?,
    ) else {
        return Ok(());
    };
    dupes::distinguish(tx, &[one, other]).map(drop)
}

/// Whether an act makes two customers one.
pub(super) fn merges_two(act: &Act) -> bool {
    DEEDS[act.what] as usize == merge_two as Deed as usize
}

pub(super) struct Two {
    pub(super) base: Base,
    actors: [Actor; 2],
}

impl Two {
    pub(super) fn new() -> Two {
        let mut base = Base::new();
        base.write(|tx| new_user(tx, "Grace"));
        let actors = [
            base.store.actor("self").unwrap(),
            base.store.actor("Grace").unwrap(),
        ];
        Two { base, actors }
    }

    /// The number of the operation; none if the act was refused or changed nothing. What is refused is refused for a
    /// reason.
    pub(super) fn perform(&mut self, act: &Act) -> Option<i64> {
        let [first, second] = &self.actors;
        self.base.caller.actor = if act.by_second { second } else { first }.clone();
        self.base.caller.via = if deeds::is_import(DEEDS[act.what]) {
            Via::Import
        } else {
            Via::Cli
        };
        let written = self
            .base
            .store
            .write(&self.base.caller, |tx| DEEDS[act.what](tx, act));
        match written {
            Ok(written) => written.op.map(|op| op.no),
            Err(error) => {
                assert!(error.kind() != Kind::Internal, "{act:?}: {error} {error:?}");
                None
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn what_is_undone_leaves_no_trace(acts in prop::collection::vec(act(), 1..24)) {
        let mut two = Two::new();
        let mut states = vec![two.base.image()];
        let mut numbers = Vec::new();
        for act in &acts {
            if let Some(no) = two.perform(act) {
                numbers.push(no);
                states.push(two.base.image());
            }
        }
        two.base.check();
        two.base.caller.actor = two.actors[0].clone();
        for round in 0..2 {
            for (at, no) in numbers.iter().enumerate().rev() {
                two.base.write(|tx| undo::undo(tx, Some(*no)));
                prop_assert_eq!(&two.base.image(), &states[at], "undo of {} in round {}", no, round);
            }
            two.base.check();
            for (at, no) in numbers.iter().enumerate() {
                two.base.write(|tx| undo::redo(tx, Some(*no)));
                prop_assert_eq!(&two.base.image(), &states[at + 1], "redo of {} in round {}", no, round);
            }
            two.base.check();
        }
    }

    #[test]
    fn out_of_order_an_undo_works_whole_or_not_at_all(
        acts in prop::collection::vec(act(), 4..20),
        turns in prop::collection::vec((0..20_usize, any::<bool>()), 4..30),
    ) {
        let mut two = Two::new();
        let numbers: Vec<i64> = acts.iter().filter_map(|act| two.perform(act)).collect();
        prop_assume!(!numbers.is_empty());
        two.base.caller.actor = two.actors[0].clone();
        for (at, back) in turns {
            let no = numbers[at % numbers.len()];
            let before = two.base.image();
            let turn = if back { undo::undo } else { undo::redo };
            if let Err(error) = two.base.try_write(|tx| turn(tx, Some(no))) {
                prop_assert_eq!(error.kind(), Kind::Conflict, "{:?}", error);
                prop_assert_eq!(&two.base.image(), &before);
            } else {
                // It can be turned back at once.
                let turned = two.base.image();
                let other = if back { undo::redo } else { undo::undo };
                two.base.write(|tx| other(tx, Some(no)));
                prop_assert_eq!(&two.base.image(), &before);
                two.base.write(|tx| turn(tx, Some(no)));
                prop_assert_eq!(&two.base.image(), &turned);
            }
        }
        two.base.check();
    }
}

/// A law over deeds that are all refused would hold too.
#[test]
fn every_deed_does_something() {
    let mut two = Two::new();
    let mut done = vec![0; DEEDS.len()];
    for round in 0..40 {
        for (what, done) in done.iter_mut().enumerate() {
            let act = Act {
                what,
                which: (round + what) % 4,
                other: (round / 4) % 4,
                value: (round + what) % 5,
                by_second: round % 3 == 0,
            };
            *done += usize::from(two.perform(&act).is_some());
        }
    }
    two.base.check();
    assert!(done.iter().all(|count| *count > 0), "{done:?}");
}
