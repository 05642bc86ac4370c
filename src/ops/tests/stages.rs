//! Stages: how they come, move, change and go.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::error::Result;
use crate::ops::pipeline::{self, StageSpec};
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::store::{WriteTx, seed};

/// A base with a pipeline of its own: talk offer trial won lost.
fn fast_lane() -> (Base, Id) {
    let mut base = Base::new();
    let stages = ["Talk", "Offer", "Trial"].map(labelled);
    let pipeline = base
        .write(|tx| pipeline::add(tx, &assignments("label=Fast lane"), &stages, &Policy::strict()))
        .id;
    (base, pipeline)
}

fn labelled(label: &str) -> StageSpec {
    StageSpec {
        label: Some(label.to_owned()),
        ..StageSpec::default()
    }
}

fn keys(base: &Base, pipeline: Id) -> String {
    let stages = base.read(|tx| seed::stages(tx, pipeline));
    let keys: Vec<String> = stages.into_iter().map(|stage| stage.key).collect();
    keys.join(" ")
}

fn named(tx: &WriteTx<'_>, pipeline: Id, key: &str) -> Result<Id> {
    pipeline::stage_named(tx, pipeline, key).map(|stage| stage.id)
}

#[test]
fn they_come_and_move() {
    let (mut base, pipeline) = fast_lane();
    assert_eq!(
        base.shown(Noun::Pipeline, pipeline, "key label"),
        "fast_lane|Fast lane"
    );
    assert_eq!(keys(&base, pipeline), "talk offer trial won lost");
    let pilot = base.write(|tx| pipeline::stage_add(tx, pipeline, &labelled("Pilot run")));
    assert_eq!(keys(&base, pipeline), "talk offer trial pilot_run won lost");
    for (position, expected) in [
        (1, "pilot_run talk offer trial won lost"),
        (2, "talk pilot_run offer trial won lost"),
        (99, "talk offer trial won lost pilot_run"),
    ] {
        assert!(base.write(|tx| pipeline::stage_move(tx, pilot, position)));
        assert_eq!(keys(&base, pipeline), expected);
        assert!(!base.write(|tx| pipeline::stage_move(tx, pilot, position)));
    }
    base.undo();
    assert_eq!(keys(&base, pipeline), "talk pilot_run offer trial won lost");
}

#[test]
fn they_are_checked() {
    let (mut base, pipeline) = fast_lane();
    let talk = base.write(|tx| named(tx, pipeline, "talk"));
    let spec = StageSpec::default;
    for (wrong, field) in [
        (
            StageSpec {
                probability: Some(101),
                ..spec()
            },
            "probability",
        ),
        (
            StageSpec {
                key: Some("offer".to_owned()),
                ..spec()
            },
            "key",
        ),
        (
            StageSpec {
                key: Some("…".to_owned()),
                ..spec()
            },
            "key",
        ),
        (
            StageSpec {
                rot_days: Some(-1),
                ..spec()
            },
            "rot_days",
        ),
        (
            StageSpec {
                category: Some("hope".to_owned()),
                ..spec()
            },
            "category",
        ),
        (
            StageSpec {
                position: Some(0),
                ..spec()
            },
            "position",
        ),
    ] {
        assert_eq!(base.refused(|tx| pipeline::stage_set(tx, talk, &wrong)).0, field);
    }
    let text = "name=Deal; pipeline=Fast lane; stage=talk";
    base.write(|tx| crate::ops::deal::add(tx, &assignments(text), &Policy::strict()));
    let won = StageSpec {
        kind: Some(StageType::Won),
        ..spec()
    };
    let (_, message) = base.refused(|tx| pipeline::stage_set(tx, talk, &won));
    assert_eq!(message, "stage: cannot change its type: deals are in talk (1)");
}

#[test]
fn they_go_when_nobody_is_in_them_or_all_are_moved() {
    let (mut base, pipeline) = fast_lane();
    let trial = base.write(|tx| named(tx, pipeline, "trial"));
    let text = "name=Deal; pipeline=Fast lane; stage=Trial";
    let deal = base
        .write(|tx| crate::ops::deal::add(tx, &assignments(text), &Policy::strict()))
        .id;
    let (_, message) = base.refused(|tx| pipeline::stage_remove(tx, trial, None));
    assert_eq!(message, "stage: cannot remove it: deals are in trial (1)");
    for to in ["won", "trial"] {
        let (_, message) =
            base.refused(|tx| pipeline::stage_remove(tx, trial, Some(named(tx, pipeline, to)?)));
        assert!(
            message.starts_with("stage: the deals of trial can only move"),
            "{message}"
        );
    }
    let before = base.image();
    let moved = base.write(|tx| pipeline::stage_remove(tx, trial, Some(named(tx, pipeline, "talk")?)));
    assert_eq!(moved, 1);
    assert_eq!(base.shown(Noun::Deal, deal, "stage"), "talk");
    assert_eq!(keys(&base, pipeline), "talk offer won lost");
    base.undo();
    assert_eq!(base.image(), before);
    base.write(|tx| pipeline::stage_remove(tx, named(tx, pipeline, "talk")?, None));
    base.write(|tx| pipeline::stage_remove(tx, named(tx, pipeline, "offer")?, None));
    let (_, message) = base.refused(|tx| pipeline::stage_remove(tx, trial, None));
    assert_eq!(message, "stage: trial is the only open stage of its pipeline");
}
