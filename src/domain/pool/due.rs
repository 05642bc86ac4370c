//! On which day a customer goes back into a pool, and why.
//!
//! Only days count, so that it is the same set at whatever hour somebody asks.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::pool::limit::Limit;

/// What a pool takes customers back by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Days without an activity.
    pub no_follow_up: Limit,
    /// Days without a deal.
    pub no_deal: Limit,
    /// Days without a won deal.
    pub no_won: Limit,
    /// Whether customers with an open deal stay.
    pub exempt_open_deal: bool,
    /// Whether customers with a won deal stay.
    pub exempt_won: bool,
}

/// What counts of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// A, B or C; empty for none.
    pub level: String,
    /// The day on which the owner got the customer.
    pub since: Date,
    /// The day of the last activity that was no mere note.
    pub last_activity: Option<Date>,
    /// Whether there is a deal that was not abandoned.
    pub has_deal: bool,
    /// Whether there is an open one.
    pub has_open_deal: bool,
    /// Whether there is a won one.
    pub has_won: bool,
}

/// Why somebody goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Nobody followed up.
    NoFollowUp,
    /// No deal came of it.
    NoDeal,
    /// Nothing was won.
    NoWon,
}

/// When somebody goes, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The first day on which they go.
    pub on: Date,
    /// Why.
    pub cause: Cause,
    /// After how many days.
    pub days: i64,
    /// Since which day these count.
    pub since: Date,
}

impl Due {
    /// Why, for people: `no follow-up for 30 days, since 2026-03-01`.
    pub fn why(&self) -> String {
        let what = match self.cause {
            Cause::NoFollowUp => "no follow-up",
            Cause::NoDeal => "no deal",
            Cause::NoWon => "nothing won",
        };
        let days = if self.days == 1 { "day" } else { "days" };
        format!("{what} for {} {days}, since {}", self.days, self.since)
    }
}

/// The first day on which one of the rules takes a customer; none if none ever does.
///
/// A follow-up counts from the last activity, but never from before the owner got the customer; the other rules from that
/// day. Of several rules of the same day the first in the order of [`Rules`] is the cause.
pub fn due(rules: &Rules, facts: &Facts) -> Option<Due> {
    if (rules.exempt_open_deal && facts.has_open_deal) || (rules.exempt_won && facts.has_won) {
        return None;
    }
    let followed = facts
        .last_activity
        .map_or(facts.since, |day| day.max(facts.since));
    let asked = [
        (Cause::NoFollowUp, &rules.no_follow_up, followed, false),
        (Cause::NoDeal, &rules.no_deal, facts.since, facts.has_deal),
        (Cause::NoWon, &rules.no_won, facts.since, facts.has_won),
    ];
    let dues = asked.into_iter().filter_map(|(cause, limit, since, is_met)| {
        let days = limit.of(&facts.level).filter(|_| !is_met)?;
        let on = since.checked_add(days.days()).ok()?;
        Some(Due {
            on,
            cause,
            days,
            since,
        })
    });
    // `min_by_key` takes the first of equals.
    dues.min_by_key(|due| due.on)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules(no_follow_up: &str, no_deal: &str, no_won: &str) -> Rules {
        let limit = |text: &str| Limit::parse(text).unwrap();
        Rules {
            no_follow_up: limit(no_follow_up),
            no_deal: limit(no_deal),
            no_won: limit(no_won),
            exempt_open_deal: true,
            exempt_won: true,
        }
    }

    fn facts() -> Facts {
        Facts {
            level: String::new(),
            since: "2026-03-01".parse().unwrap(),
            last_activity: None,
            has_deal: false,
            has_open_deal: false,
            has_won: false,
        }
    }

    fn on(rules: &Rules, facts: &Facts) -> Option<(String, Cause)> {
        due(rules, facts).map(|due| (due.on.to_string(), due.cause))
    }

    #[test]
    fn the_first_rule_that_is_met_takes_the_customer() {
        let all = rules("30", "60", "90");
        assert_eq!(
            on(&all, &facts()),
            Some(("2026-03-31".to_owned(), Cause::NoFollowUp))
        );
        let called = Facts {
            last_activity: Some("2026-04-20".parse().unwrap()),
            ..facts()
        };
        assert_eq!(on(&all, &called), Some(("2026-04-30".to_owned(), Cause::NoDeal)));
        let lost = Facts {
            has_deal: true,
            ..called
        };
        // Thirty days after the last call comes before ninety after the owner got the customer: 20 and 30 May.
        assert_eq!(
            on(&all, &lost),
            Some(("2026-05-20".to_owned(), Cause::NoFollowUp))
        );
        assert_eq!(
            on(&rules("", "60", "90"), &lost),
            Some(("2026-05-30".to_owned(), Cause::NoWon))
        );
        assert_eq!(on(&rules("", "", ""), &facts()), None);
        assert_eq!(on(&rules("30", "30", ""), &facts()).unwrap().1, Cause::NoFollowUp);
    }

    #[test]
    fn what_was_before_the_owner_does_not_count() {
        let before = Facts {
            last_activity: Some("2026-01-01".parse().unwrap()),
            ..facts()
        };
        assert_eq!(on(&rules("30", "", ""), &before).unwrap().0, "2026-03-31");
    }

    #[test]
    fn open_and_won_deals_are_spared_where_the_pool_says_so() {
        let open = Facts {
            has_deal: true,
            has_open_deal: true,
            ..facts()
        };
        let won = Facts {
            has_deal: true,
            has_won: true,
            ..facts()
        };
        let spares = rules("30", "", "90");
        let spares_none = Rules {
            exempt_open_deal: false,
            exempt_won: false,
            ..spares.clone()
        };
        assert_eq!((on(&spares, &open), on(&spares, &won)), (None, None));
        assert!(on(&spares_none, &open).is_some() && on(&spares_none, &won).is_some());
    }

    #[test]
    fn levels_have_their_own_days() {
        let by_level = rules("30;A=60;C=never", "", "");
        let of = |level: &str| {
            let facts = Facts {
                level: level.to_owned(),
                ..facts()
            };
            on(&by_level, &facts).map(|(day, _)| day)
        };
        assert_eq!(of("A").as_deref(), Some("2026-04-30"));
        assert_eq!(of("B").as_deref(), Some("2026-03-31"));
        assert_eq!(of("C"), None);
        let due = due(&by_level, &facts()).unwrap();
        assert_eq!(due.why(), "no follow-up for 30 days, since 2026-03-01");
    }

    proptest! {
        /// Another activity never brings the day nearer.
        #[test]
        fn following_up_only_puts_it_off(first in 0..400_i64, more in 0..400_i64, limit in 1..400_i64, deal in 1..400_i64) {
            let since: Date = "2026-03-01".parse().unwrap();
            let at = |days: i64| Facts { last_activity: Some(since.checked_add(days.days()).unwrap()), ..facts() };
            let rules = rules(&limit.to_string(), &deal.to_string(), "");
            let (now, later) = (due(&rules, &at(first)).unwrap(), due(&rules, &at(first + more)).unwrap());
            prop_assert!(now.on <= later.on);
        }
    }
}
