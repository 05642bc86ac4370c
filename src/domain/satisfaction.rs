//! What the answers of customers come to: CSAT, NPS and CES, from how often each score was given.
//!
//! A score that is not on the scale counts in nothing but [`Answers::off_scale`]; a figure without answers is none, never
//! 0. Nothing is rounded but the NPS, which is a whole number by its definition; halves go away from zero.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What customers are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SurveyType {
    /// How satisfied they are, from 1 to 5.
    Csat,
    /// How likely they are to recommend us, from 0 to 10.
    Nps,
    /// How far they agree that it was easy, from 1 to 7.
    Ces,
}

impl SurveyType {
    /// All types.
    pub const ALL: [SurveyType; 3] = [SurveyType::Csat, SurveyType::Nps, SurveyType::Ces];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            SurveyType::Csat => "csat",
            SurveyType::Nps => "nps",
            SurveyType::Ces => "ces",
        }
    }

    /// The type named by `word`.
    pub fn parse(word: &str) -> Option<SurveyType> {
        SurveyType::ALL.into_iter().find(|kind| kind.name() == word)
    }

    /// The scores that can be given.
    pub fn scale(self) -> RangeInclusive<i64> {
        match self {
            SurveyType::Csat => 1..=5,
            SurveyType::Nps => 0..=10,
            SurveyType::Ces => 1..=7,
        }
    }

    /// The scores that count as good: satisfied, promoter, easy.
    pub fn good(self) -> RangeInclusive<i64> {
        match self {
            SurveyType::Csat => 4..=5,
            SurveyType::Nps => 9..=10,
            SurveyType::Ces => 5..=7,
        }
    }
}

/// The words for what customers are asked about.
pub const SURVEY_TYPES: &[&str] = &["csat", "nps", "ces"];

/// The scores of an NPS that speak against us.
const DETRACTORS: RangeInclusive<i64> = 0..=6;

/// What a score says of the customer who gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Would recommend us: 9 or 10 of an NPS.
    Promoter,
    /// Neither would nor would not: 7 or 8.
    Passive,
    /// Speaks against us: 0 to 6.
    Detractor,
    /// Is satisfied: 4 or 5 of a CSAT.
    Satisfied,
    /// Is in the middle: 3 of a CSAT, 4 of a CES.
    Neutral,
    /// Is not satisfied: 1 or 2 of a CSAT.
    Dissatisfied,
    /// Had an easy time: 5 to 7 of a CES.
    Easy,
    /// Had a hard time: 1 to 3 of a CES.
    Hard,
}

/// The words for what a score says, the good ones of a type first.
pub const VERDICTS: &[&str] = &[
    "promoter",
    "passive",
    "detractor",
    "satisfied",
    "neutral",
    "dissatisfied",
    "easy",
    "hard",
];

impl Verdict {
    /// What a score says; nothing for one that is not on the scale.
    pub fn of(kind: SurveyType, score: i64) -> Option<Verdict> {
        if !kind.scale().contains(&score) {
            return None;
        }
        let is_good = kind.good().contains(&score);
        Some(match kind {
            SurveyType::Nps if is_good => Verdict::Promoter,
            SurveyType::Nps if DETRACTORS.contains(&score) => Verdict::Detractor,
            SurveyType::Nps => Verdict::Passive,
            SurveyType::Csat if is_good => Verdict::Satisfied,
            SurveyType::Csat if score < 3 => Verdict::Dissatisfied,
            SurveyType::Ces if is_good => Verdict::Easy,
            SurveyType::Ces if score < 4 => Verdict::Hard,
            SurveyType::Csat | SurveyType::Ces => Verdict::Neutral,
        })
    }

    /// Whether the customer is not content.
    pub fn is_bad(self) -> bool {
        matches!(self, Verdict::Detractor | Verdict::Dissatisfied | Verdict::Hard)
    }

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Promoter => "promoter",
            Verdict::Passive => "passive",
            Verdict::Detractor => "detractor",
            Verdict::Satisfied => "satisfied",
            Verdict::Neutral => "neutral",
            Verdict::Dissatisfied => "dissatisfied",
            Verdict::Easy => "easy",
            Verdict::Hard => "hard",
        }
    }
}

/// How often each score was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    kind: SurveyType,
    counts: BTreeMap<i64, u32>,
    off_scale: u64,
}

impl Answers {
    /// No answers yet.
    pub fn new(kind: SurveyType) -> Answers {
        Answers {
            kind,
            counts: BTreeMap::new(),
            off_scale: 0,
        }
    }

    /// Counts `times` answers of `score`.
    pub fn add(&mut self, score: i64, times: u32) {
        if self.kind.scale().contains(&score) {
            let count = self.counts.entry(score).or_default();
            *count = count.saturating_add(times);
        } else {
            self.off_scale = self.off_scale.saturating_add(u64::from(times));
        }
    }

    /// Answers on the scale.
    pub fn count(&self) -> i64 {
        self.within(&self.kind.scale())
    }

    /// Answers that are not on the scale.
    pub fn off_scale(&self) -> u64 {
        self.off_scale
    }

    /// Good answers: satisfied customers, promoters, those for whom it was easy. Over [`Answers::count`] it is the CSAT,
    /// and the share of a CES.
    pub fn good(&self) -> i64 {
        self.within(&self.kind.good())
    }

    /// The sum of the scores. Over [`Answers::count`] it is the CES, and the mean of a CSAT.
    pub fn sum(&self) -> i64 {
        self.counts
            .iter()
            .map(|(score, count)| score * i64::from(*count))
            .sum()
    }

    /// Answers of an NPS that speak against us; none for another type.
    pub fn detractors(&self) -> Option<i64> {
        (self.kind == SurveyType::Nps).then(|| self.within(&DETRACTORS))
    }

    /// The NPS, a whole number from -100 to 100; none without answers, or for another type.
    pub fn nps(&self) -> Option<i64> {
        let (against, count) = (self.detractors()?, self.count());
        if count == 0 {
            return None;
        }
        let hundreds = (self.good() - against) * 100;
        let half = if hundreds < 0 { -count } else { count };
        Some((2 * hundreds + half) / (2 * count))
    }

    fn within(&self, scores: &RangeInclusive<i64>) -> i64 {
        self.counts
            .range(scores.clone())
            .map(|(_, count)| i64::from(*count))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answers(kind: SurveyType, given: &[(i64, u32)]) -> Answers {
        let mut answers = Answers::new(kind);
        for (score, times) in given {
            answers.add(*score, *times);
        }
        answers
    }

    // Frederick F. Reichheld, "The One Number You Need to Grow", Harvard Business Review 81 (12), December 2003, pages 46
    // to 54: promoters give 9 or 10, the passively satisfied 7 or 8, detractors 0 to 6; the score is the percentage of
    // promoters less that of detractors. It is told as a whole number; how a half is rounded is our own choice.
    #[test]
    fn nps_is_the_share_of_promoters_less_that_of_detractors() {
        // 100 answers: 30 + 40 promoters, 10 + 10 passives, 6 + 4 detractors; 70 % - 10 % = 60.
        let good = answers(
            SurveyType::Nps,
            &[(10, 30), (9, 40), (8, 10), (7, 10), (6, 6), (0, 4)],
        );
        assert_eq!(
            (good.count(), good.good(), good.detractors()),
            (100, 70, Some(10))
        );
        assert_eq!(good.nps(), Some(60));
        // Passives count in the whole: one promoter among three is 33.33 %, one of eight is 12.5 %.
        assert_eq!(
            answers(SurveyType::Nps, &[(9, 1), (7, 1), (8, 1)]).nps(),
            Some(33)
        );
        assert_eq!(answers(SurveyType::Nps, &[(10, 1), (8, 7)]).nps(), Some(13));
        assert_eq!(answers(SurveyType::Nps, &[(6, 1), (8, 7)]).nps(), Some(-13));
        assert_eq!(answers(SurveyType::Nps, &[(0, 3)]).nps(), Some(-100));
        assert_eq!(answers(SurveyType::Nps, &[(9, 3)]).nps(), Some(100));
        assert_eq!(answers(SurveyType::Nps, &[(10, 5), (0, 5)]).nps(), Some(0));
    }

    // The top two boxes of a scale of five, satisfied (4) and very satisfied (5), over all answers: so it is defined, for
    // one, in the help of Delighted, "How is CSAT calculated?", whose example is the second one here.
    #[test]
    fn csat_is_the_share_of_the_two_best_of_five() {
        // 50 answers: 20 + 15 are satisfied, 35 / 50 = 70 %; the sum is 100 + 60 + 30 + 6 + 2 = 198, the mean 3.96.
        let csat = answers(SurveyType::Csat, &[(5, 20), (4, 15), (3, 10), (2, 3), (1, 2)]);
        assert_eq!((csat.good(), csat.count(), csat.sum()), (35, 50, 198));
        assert_eq!((csat.nps(), csat.detractors()), (None, None));
        // 42 + 32 of 107 answers, 69.16 %.
        let published = answers(SurveyType::Csat, &[(5, 42), (4, 32), (3, 10), (2, 9), (1, 14)]);
        assert_eq!((published.good(), published.count()), (74, 107));
    }

    // Matthew Dixon, Karen Freeman and Nicholas Toman, "Stop Trying to Delight Your Customers", Harvard Business Review,
    // July-August 2010, brought the effort score, where 1 of 5 was the least effort. Its second version, in Matthew Dixon,
    // Nick Toman and Rick DeLisi, "The Effortless Experience", 2013, is the one here: how far one agrees, from 1 to 7, that
    // it was made easy. It is told as the mean, or as the share of those who agree at all, which is 5 and above.
    #[test]
    fn ces_is_the_mean_of_seven_and_the_share_that_agrees() {
        // 10 answers: 2 x 7 + 3 x 6 + 5 + 2 x 4 + 2 + 1 = 48, the mean 4.8; 2 + 3 + 1 agree, 60 %.
        let ces = answers(SurveyType::Ces, &[(7, 2), (6, 3), (5, 1), (4, 2), (2, 1), (1, 1)]);
        assert_eq!((ces.sum(), ces.good(), ces.count()), (48, 6, 10));
    }

    #[test]
    fn what_is_off_the_scale_counts_in_nothing() {
        for kind in SurveyType::ALL {
            let (least, most) = (*kind.scale().start(), *kind.scale().end());
            let off = answers(
                kind,
                &[(least - 1, 2), (most + 1, 3), (i64::MIN, 1), (i64::MAX, 1)],
            );
            assert_eq!(
                (off.count(), off.sum(), off.good(), off.off_scale()),
                (0, 0, 0, 7)
            );
            assert_eq!(off.nps(), None);
            assert_eq!(SurveyType::parse(kind.name()), Some(kind));
        }
    }

    #[test]
    fn a_score_says_one_thing() {
        let told = |kind: SurveyType| -> Vec<&str> {
            let scores = kind.scale();
            scores
                .filter_map(|score| Verdict::of(kind, score))
                .map(Verdict::name)
                .collect()
        };
        assert_eq!(
            told(SurveyType::Csat),
            [
                "dissatisfied",
                "dissatisfied",
                "neutral",
                "satisfied",
                "satisfied"
            ]
        );
        assert_eq!(
            told(SurveyType::Ces),
            ["hard", "hard", "hard", "neutral", "easy", "easy", "easy"]
        );
        let nps = told(SurveyType::Nps);
        for (word, count) in [("detractor", 7), ("passive", 2), ("promoter", 2)] {
            assert_eq!(nps.iter().filter(|told| **told == word).count(), count);
        }
        for kind in SurveyType::ALL {
            assert_eq!(Verdict::of(kind, 11), None);
            assert!(told(kind).iter().all(|word| VERDICTS.contains(word)));
        }
        assert_eq!(SurveyType::ALL.map(SurveyType::name), SURVEY_TYPES);
    }

    proptest! {
        #[test]
        fn figures_stay_within_their_bounds(given in prop::collection::vec((-3..14_i64, any::<u32>()), 0..40)) {
            for kind in SurveyType::ALL {
                let answers = answers(kind, &given);
                let count = answers.count();
                prop_assert!((0..=count).contains(&answers.good()));
                prop_assert!(answers.sum() >= count * kind.scale().start());
                prop_assert!(answers.sum() <= count * kind.scale().end());
                let nps = answers.nps();
                prop_assert_eq!(nps.is_some(), kind == SurveyType::Nps && count > 0);
                prop_assert!(nps.is_none_or(|nps| (-100..=100).contains(&nps)));
            }
        }

        #[test]
        fn the_order_of_answers_does_not_matter(mut given in prop::collection::vec((0..=10_i64, 0..1000_u32), 0..40)) {
            let known = answers(SurveyType::Nps, &given);
            given.reverse();
            prop_assert_eq!(known, answers(SurveyType::Nps, &given));
        }
    }
}
