//! The members of a rule around a table, and whose turn it is.
//!
//! Who is away or has had enough is passed over and keeps the place: somebody who comes back neither gets what was
//! missed nor starts the ring again.

use crate::domain::assignment::Strategy;
use crate::domain::id::Id;

/// A member as a choice meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The user.
    pub user: Id,
    /// Their name, for the reason.
    pub name: String,
    /// The share in proportion to the others, at least 1.
    pub weight: i64,
    /// The most in a calendar month; none for no limit.
    pub cap: Option<i64>,
    /// What the rule gave them in this month.
    pub given: i64,
    /// How many leads they have in hand.
    pub open: i64,
    /// Whether they do not work here now.
    pub away: bool,
    /// What a weighted rule owes them, in shares of the sum of the weights.
    pub credit: i64,
    /// The territory as a filter; empty for everywhere.
    pub territory: String,
}

impl Seat {
    /// Why the member cannot take anything; none if they can.
    fn hindrance(&self) -> Option<String> {
        match self.cap {
            _ if self.away => Some(format!("{} is not at work", self.name)),
            Some(cap) if self.given >= cap => Some(format!("{} has had the {cap} of this month", self.name)),
            _ => None,
        }
    }
}

/// Whom the rule gave a customer last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    /// The user.
    pub user: Id,
    /// Where they sat then, in case they are no member any more.
    pub position: usize,
}

/// A choice that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Who gets it, and where they sit; none if nobody can take it.
    pub taker: Option<(usize, Id)>,
    /// Why, in a line.
    pub why: String,
}

/// The members in their order, with all that a choice goes by.
#[derive(Debug, Clone)]
pub struct Ring {
    /// How it chooses.
    pub strategy: Strategy,
    /// The members.
    pub seats: Vec<Seat>,
    /// Whom it gave something last; none for nobody yet.
    pub pointer: Option<Pointer>,
}

impl Ring {
    /// Chooses who gets the next customer, and remembers it; `is_in` says whether the customer is in the territory of the
    /// member at a place.
    pub fn next(&mut self, is_in: &dyn Fn(usize) -> bool) -> Choice {
        let able = |at: &usize| self.seats.get(*at).is_some_and(|seat| seat.hindrance().is_none());
        let mut places = 0..self.seats.len();
        let chosen = match self.strategy {
            Strategy::Fixed => places.find(able),
            Strategy::Territory => places.filter(|at| is_in(*at)).find(able),
            Strategy::RoundRobin => self.in_turn().find(able),
            // Of several who have as few, the one whose turn it would be.
            Strategy::LeastBusy => self.in_turn().filter(able).min_by_key(|at| self.open(*at)),
            Strategy::Weighted => self.owed(&places.filter(able).collect::<Vec<_>>()),
        };
        let why = self.why(chosen, is_in);
        let Some((at, seat)) = chosen.and_then(|at| Some((at, self.seats.get_mut(at)?))) else {
            return Choice { taker: None, why };
        };
        let user = seat.user;
        seat.given += 1;
        // The same user may sit in several territories.
        for seat in self.seats.iter_mut().filter(|seat| seat.user == user) {
            seat.open += 1;
        }
        self.pointer = Some(Pointer { user, position: at });
        Choice {
            taker: Some((at, user)),
            why,
        }
    }

    /// The places, from the one behind the last taker on.
    fn in_turn(&self) -> impl Iterator<Item = usize> + use<> {
        let count = self.seats.len();
        let begin = match self.pointer {
            None => 0,
            // Whoever sits now where one sat who left is next.
            Some(pointer) => self
                .seats
                .iter()
                .position(|seat| seat.user == pointer.user)
                .map_or(pointer.position, |at| at + 1),
        };
        (0..count).map(move |step| (begin + step) % count)
    }

    fn open(&self, at: usize) -> i64 {
        self.seats.get(at).map_or(i64::MAX, |seat| seat.open)
    }

    /// Gives each of `able` a share, and takes the whole from whoever is owed the most; so nobody gets several in a row
    /// who is not far heavier than the others.
    fn owed(&mut self, able: &[usize]) -> Option<usize> {
        let mut sum = 0;
        let mut most: Option<(i64, usize)> = None;
        for at in able {
            let seat = self.seats.get_mut(*at)?;
            seat.credit += seat.weight;
            sum += seat.weight;
            if most.is_none_or(|(credit, _)| seat.credit > credit) {
                most = Some((seat.credit, *at));
            }
        }
        let (_, at) = most?;
        self.seats.get_mut(at)?.credit -= sum;
        Some(at)
    }

    /// What led to the choice of the member at a place.
    fn why(&self, chosen: Option<usize>, is_in: &dyn Fn(usize) -> bool) -> String {
        let is_asked = |at: usize| self.strategy != Strategy::Territory || is_in(at);
        let hindered = || {
            let seats = self.seats.iter().enumerate();
            seats
                .filter(|(at, _)| is_asked(*at))
                .filter_map(|(_, seat)| seat.hindrance())
        };
        let Some(seat) = chosen.and_then(|at| self.seats.get(at)) else {
            let mut reasons: Vec<String> = hindered().collect();
            if reasons.is_empty() {
                reasons.push(match self.seats.is_empty() {
                    true => "the rule has no members".to_owned(),
                    false => "it is in no territory".to_owned(),
                });
            }
            return format!("nobody can take it: {}", reasons.join(", "));
        };
        let name = &seat.name;
        let mut why = match self.strategy {
            Strategy::Fixed => format!("fixed: {name}"),
            Strategy::RoundRobin => match self.pointer.and_then(|last| self.name_of(last.user)) {
                Some(last) => format!("round robin: {name} comes after {last}"),
                None if self.pointer.is_some() => format!("round robin: it is the turn of {name}"),
                None => format!("round robin: {name} begins"),
            },
            Strategy::LeastBusy => format!("least busy: {name} has {} open leads", seat.open),
            Strategy::Weighted => format!("weighted: {name} has weight {}", seat.weight),
            Strategy::Territory => match seat.territory.as_str() {
                "" => format!("territory: {name}, everywhere"),
                territory => format!("territory: {territory}"),
            },
        };
        let hindered: Vec<String> = hindered().collect();
        if !hindered.is_empty() {
            why.push_str(&format!("; {}", hindered.join(", ")));
        }
        why
    }

    fn name_of(&self, user: Id) -> Option<&str> {
        let seat = self.seats.iter().find(|seat| seat.user == user)?;
        Some(&seat.name)
    }

    /// What has to be kept of a weighted rule until the next choice: what each member is owed.
    pub fn credits(&self) -> String {
        let owed = self.seats.iter().filter(|seat| seat.credit != 0);
        let owed: Vec<String> = owed
            .map(|seat| format!("{}={}", seat.user.uid(), seat.credit))
            .collect();
        owed.join(" ")
    }

    /// Takes up what [`Ring::credits`] kept; who is no member any more is left out.
    pub fn take_credits(&mut self, kept: &str) {
        for (uid, credit) in kept.split(' ').filter_map(|part| part.split_once('=')) {
            let seat = self.seats.iter_mut().find(|seat| seat.user.uid() == uid);
            if let (Some(seat), Ok(credit)) = (seat, credit.parse()) {
                seat.credit = credit;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::assignment::Strategy;

    fn ring(strategy: Strategy, weights: &[i64]) -> Ring {
        let seats = weights.iter().zip(1..).map(|(weight, no)| Seat {
            user: Id::from_raw(no),
            name: format!("u{no}"),
            weight: *weight,
            cap: None,
            given: 0,
            open: 0,
            away: false,
            credit: 0,
            territory: String::new(),
        });
        Ring {
            strategy,
            seats: seats.collect(),
            pointer: None,
        }
    }

    fn takers(ring: &mut Ring, count: usize) -> Vec<i64> {
        let anywhere = |_: usize| true;
        (0..count)
            .map(|_| ring.next(&anywhere).taker.map_or(0, |(_, user)| user.raw()))
            .collect()
    }

    #[test]
    fn round_robin_keeps_the_turn_while_people_come_and_go() {
        let mut ring = ring(Strategy::RoundRobin, &[1, 1, 1]);
        assert_eq!(takers(&mut ring, 4), [1, 2, 3, 1]);
        ring.seats[1].away = true;
        // 2 would be next, and is away; whoever had the last one leaving changes nothing.
        assert_eq!(takers(&mut ring, 3), [3, 1, 3]);
        ring.seats[2].away = true;
        ring.seats[1].away = false;
        assert_eq!(takers(&mut ring, 3), [1, 2, 1]);
        let choice = ring.next(&|_| true);
        assert_eq!(choice.why, "round robin: u2 comes after u1; u3 is not at work");
        // The last taker is no member any more: the one behind is next, not the first.
        ring.seats[2].away = false;
        ring.seats.remove(1);
        assert_eq!(takers(&mut ring, 3), [3, 1, 3]);
    }

    #[test]
    fn fixed_and_caps_and_nobody() {
        let mut ring = ring(Strategy::Fixed, &[1, 1]);
        ring.seats[0].cap = Some(2);
        assert_eq!(takers(&mut ring, 3), [1, 1, 2]);
        ring.seats[1].away = true;
        let choice = ring.next(&|_| true);
        assert_eq!(choice.taker, None);
        assert_eq!(
            choice.why,
            "nobody can take it: u1 has had the 2 of this month, u2 is not at work"
        );
        ring.seats.clear();
        assert_eq!(
            ring.next(&|_| true).why,
            "nobody can take it: the rule has no members"
        );
        ring.strategy = Strategy::RoundRobin;
        assert_eq!(ring.next(&|_| true).taker, None);
    }

    #[test]
    fn least_busy_fills_up_who_has_least() {
        let mut ring = ring(Strategy::LeastBusy, &[1, 1, 1]);
        for (seat, open) in ring.seats.iter_mut().zip([4, 1, 2]) {
            seat.open = open;
        }
        // 2 has 1, then both 2 and 3 have 2: after 2 comes 3; then 2 has 2 and 3 has 3.
        assert_eq!(takers(&mut ring, 4), [2, 3, 2, 3]);
        assert_eq!(ring.next(&|_| true).why, "least busy: u2 has 3 open leads");
    }

    #[test]
    fn weighted_is_spread_out() {
        // The worked example of smooth weights 5, 1, 1: a a b a c a a.
        let mut ring = ring(Strategy::Weighted, &[5, 1, 1]);
        assert_eq!(takers(&mut ring, 7), [1, 1, 2, 1, 3, 1, 1]);
        assert_eq!(ring.credits(), "");
        takers(&mut ring, 1);
        let mut again = ring.clone();
        again.seats.iter_mut().for_each(|seat| seat.credit = 0);
        again.take_credits(&ring.credits());
        assert_eq!(again.seats, ring.seats);
    }

    #[test]
    fn the_first_territory_that_fits_takes_it() {
        let mut ring = ring(Strategy::Territory, &[1, 1, 1]);
        ring.seats[1].territory = "city:Bonn".to_owned();
        let second_or_third = |at: usize| at > 0;
        let choice = ring.next(&second_or_third);
        assert_eq!(
            (choice.taker, choice.why.as_str()),
            (Some((1, Id::from_raw(2))), "territory: city:Bonn")
        );
        ring.seats[1].cap = Some(1);
        let choice = ring.next(&second_or_third);
        assert_eq!(
            choice.why,
            "territory: u3, everywhere; u2 has had the 1 of this month"
        );
        assert_eq!(
            ring.next(&|_| false).why,
            "nobody can take it: it is in no territory"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Ten thousand leads; every so often somebody leaves or comes back. While nobody does, no two who are there
        /// differ by more than one.
        #[test]
        fn round_robin_stays_fair(count in 2_usize..9, changes in proptest::collection::vec((0_usize..9, 1_usize..400), 25)) {
            let mut ring = ring(Strategy::RoundRobin, &vec![1; count]);
            let mut left = 10_000;
            for (who, length) in changes.into_iter().cycle() {
                let length = length.min(left);
                let there = ring.seats.iter().filter(|seat| !seat.away).count();
                if let Some(seat) = ring.seats.get_mut(who % count)
                    && (seat.away || there > 1)
                {
                    seat.away = !seat.away;
                }
                let before: Vec<i64> = ring.seats.iter().map(|seat| seat.given).collect();
                prop_assert!(takers(&mut ring, length).iter().all(|user| *user > 0));
                let got = |(seat, before): (&Seat, &i64)| (seat.given - before, seat.away);
                let got: Vec<(i64, bool)> = ring.seats.iter().zip(&before).map(got).collect();
                let there: Vec<i64> = got.iter().filter(|(_, away)| !away).map(|(got, _)| *got).collect();
                prop_assert!(got.iter().all(|(got, away)| !away || *got == 0));
                let (least, most) = (there.iter().min().unwrap(), there.iter().max().unwrap());
                prop_assert!(most - least <= 1, "{:?}", there);
                left -= length;
                if left == 0 {
                    break;
                }
            }
            prop_assert_eq!(ring.seats.iter().map(|seat| seat.given).sum::<i64>(), 10_000);
        }

        /// After any number of leads everybody is within one of the exact share for each other member.
        #[test]
        fn weighted_is_in_proportion(weights in proptest::collection::vec(1_i64..20, 1..7), count in 1_usize..800) {
            let mut ring = ring(Strategy::Weighted, &weights);
            takers(&mut ring, count);
            let sum: i64 = weights.iter().sum();
            let count = i64::try_from(count).unwrap();
            for seat in &ring.seats {
                // given / count = weight / sum, to within as many as there are members.
                let off = (seat.given * sum - count * seat.weight).abs();
                prop_assert!(off <= sum * i64::try_from(weights.len()).unwrap(), "{:?}", ring.seats);
            }
            prop_assert_eq!(ring.seats.iter().map(|seat| seat.credit).sum::<i64>(), 0);
        }
    }
}
