//! What points come to: each fades with its age, together they stop at a cap.
//!
//! Everything is whole points. What fades is cut toward zero, so that a rule never gives more than its share.

/// How a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The points of one event that happened today.
    pub points: i64,
    /// The most in all, either way; none for no end.
    pub cap: Option<i64>,
    /// Over how many days the points of an event fade to nothing; none for never.
    pub decay: Option<i64>,
}

/// Events of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    /// How many days ago; 0 for today. What is still to come gives nothing.
    pub age: i64,
    /// How many.
    pub times: i64,
}

/// What a rule gives for some events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// How many events count.
    pub times: i64,
    /// Their points, as if all were of today.
    pub whole: i64,
    /// What is left of these today.
    pub faded: i64,
    /// What the cap leaves of that.
    pub given: i64,
}

impl Measure {
    /// The points of one event that happened so many days ago: all of them today, the same share less each day, none
    /// after the days over which they fade.
    pub fn fade(&self, age: i64) -> i64 {
        let points = i128::from(self.points);
        let left = match self.decay {
            _ if age < 0 => 0,
            None => points,
            Some(decay) if age >= decay => 0,
            Some(decay) => points * i128::from(decay - age) / i128::from(decay),
        };
        clamped(left)
    }

    /// What all these events give together, in whatever order they come.
    pub fn give(&self, events: &[Happened]) -> Given {
        let (mut times, mut whole, mut faded) = (0_i128, 0_i128, 0_i128);
        for event in events {
            let is_gone = event.age < 0 || self.decay.is_some_and(|decay| event.age >= decay);
            if is_gone || event.times <= 0 {
                continue;
            }
            let count = i128::from(event.times);
            // All of one sign: where they end, they end in any order.
            times = times.saturating_add(count);
            whole = whole.saturating_add(count * i128::from(self.points));
            faded = faded.saturating_add(count * i128::from(self.fade(event.age)));
        }
        let given = match self.cap.map(|cap| i128::from(cap.max(0))) {
            Some(cap) => faded.clamp(-cap, cap),
            None => faded,
        };
        Given {
            times: clamped(times),
            whole: clamped(whole),
            faded: clamped(faded),
            given: clamped(given),
        }
    }
}

fn clamped(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(points: i64, cap: Option<i64>, decay: Option<i64>) -> Measure {
        Measure { points, cap, decay }
    }

    fn happened(ages: &[i64]) -> Vec<Happened> {
        ages.iter().map(|age| Happened { age: *age, times: 1 }).collect()
    }

    /// Ten points that fade over thirty days are worth ten today, 6.67 after ten days, 0.33 after twenty-nine.
    #[test]
    fn points_fade_a_little_each_day() {
        let call = of(10, None, Some(30));
        assert_eq!(
            [0, 3, 10, 29, 30, 400].map(|age| call.fade(age)),
            [10, 9, 6, 0, 0, 0]
        );
        assert_eq!(of(-10, None, Some(30)).fade(10), -6);
        assert_eq!(of(10, None, None).fade(4000), 10);
        assert_eq!(call.fade(-1), 0, "it has not happened yet");
    }

    /// Three calls, 0, 10 and 40 days ago: the last is gone, 10 + 6 are left, and a cap of 12 leaves 12.
    #[test]
    fn a_rule_stops_at_its_cap() {
        let events = happened(&[0, 10, 40]);
        let given = of(10, Some(12), Some(30)).give(&events);
        assert_eq!(
            (given.times, given.whole, given.faded, given.given),
            (2, 20, 16, 12)
        );
        assert_eq!(of(-10, Some(12), None).give(&events).given, -12);
        assert_eq!(of(5, Some(12), None).give(&[]), Given::default());
    }

    fn measures() -> impl Strategy<Value = Measure> {
        (
            -1000..=1000_i64,
            proptest::option::of(0..5000_i64),
            proptest::option::of(1..4000_i64),
        )
            .prop_map(|(points, cap, decay)| of(points, cap, decay))
    }

    fn events() -> impl Strategy<Value = Vec<Happened>> {
        let event = (-3..5000_i64, 0..50_i64).prop_map(|(age, times)| Happened { age, times });
        proptest::collection::vec(event, 0..30)
    }

    proptest! {
        #[test]
        fn the_cap_is_never_exceeded(measure in measures(), events in events()) {
            let given = measure.give(&events);
            if let Some(cap) = measure.cap {
                prop_assert!(given.given.abs() <= cap);
            }
            prop_assert!(given.given.abs() <= given.faded.abs());
            prop_assert!(given.faded.abs() <= given.whole.abs());
        }

        #[test]
        fn points_never_grow_with_age(measure in measures(), age in 0..5000_i64) {
            let (now, later) = (measure.fade(age), measure.fade(age + 1));
            prop_assert!(later.abs() <= now.abs());
            prop_assert!(later == 0 || later.signum() == measure.points.signum());
            prop_assert_eq!(measure.fade(0), measure.points);
        }

        #[test]
        fn the_order_of_events_does_not_matter(measure in measures(), events in events(), turn in 0..30_usize) {
            let mut other = events.clone();
            other.reverse();
            let turn = turn.min(other.len());
            other.rotate_left(turn);
            prop_assert_eq!(measure.give(&events), measure.give(&other));
        }

        #[test]
        fn one_day_or_several_entries_of_it_are_the_same(measure in measures(), age in 0..100_i64, times in 1..20_usize) {
            let apart = vec![Happened { age, times: 1 }; times];
            let together = [Happened { age, times: i64::try_from(times).unwrap_or(0) }];
            prop_assert_eq!(measure.give(&apart), measure.give(&together));
        }

        #[test]
        fn no_number_overflows(points in any::<i64>(), cap in any::<i64>(), decay in 1..=i64::MAX, age in any::<i64>(), times in any::<i64>()) {
            let measure = of(points, Some(cap), Some(decay));
            let _ = measure.give(&[Happened { age, times }; 3]);
        }
    }
}
