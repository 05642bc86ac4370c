//! What to ask next: rules over what is known, each with its reason. Pure: today is handed in.

use jiff::civil::Date;

use crate::domain::birthday::Birthday;
use crate::domain::value::Link;

/// How many days ahead a birthday is news.
pub const BIRTHDAY_DAYS: i32 = 14;

/// Why something should be asked. The order is that of the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The customer asked not to be contacted.
    DoNotContact,
    /// The birthday is within two weeks.
    BirthdaySoon,
    /// A part of an order is not paid in time.
    PaymentOverdue,
    /// An order was promised for a day that has passed, and has not arrived.
    DeliveryLate,
    /// The customer has been silent for longer than its own rhythm.
    Quiet,
    /// There has been no contact at all.
    NeverContacted,
    /// A deal should have closed before today.
    ClosePassed,
    /// A deal is past the days of its stage, without a next step.
    Rotting,
    /// A deal has no open task.
    NoNextStep,
    /// Nobody in a deal is known to decide.
    NoDecisionMaker,
    /// Nobody has said what a deal is worth.
    NoAmount,
    /// Nobody has said when a deal should close.
    NoExpectedClose,
    /// The last deal that was decided was lost.
    LostLastTime,
    /// No person of the company is known.
    NoPeople,
    /// There is no telephone number.
    NoPhone,
    /// There is no e-mail address.
    NoEmail,
    /// There are e-mail addresses, and none may or can be written to.
    NoUsableEmail,
    /// It is not known where the person works.
    NoCompany,
    /// It is not known what the person does.
    NoTitle,
    /// It is not known what the customer needs.
    NoNeeds,
    /// It is not known when the person has birthday.
    NoBirthday,
}

impl Rule {
    /// The word for it in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Rule::DoNotContact => "do_not_contact",
            Rule::BirthdaySoon => "birthday_soon",
            Rule::PaymentOverdue => "payment_overdue",
            Rule::DeliveryLate => "delivery_late",
            Rule::Quiet => "quiet",
            Rule::NeverContacted => "never_contacted",
            Rule::ClosePassed => "close_passed",
            Rule::Rotting => "rotting",
            Rule::NoNextStep => "no_next_step",
            Rule::NoDecisionMaker => "no_decision_maker",
            Rule::NoAmount => "no_amount",
            Rule::NoExpectedClose => "no_expected_close",
            Rule::LostLastTime => "lost_last_time",
            Rule::NoPeople => "no_people",
            Rule::NoPhone => "no_phone",
            Rule::NoEmail => "no_email",
            Rule::NoUsableEmail => "no_usable_email",
            Rule::NoCompany => "no_company",
            Rule::NoTitle => "no_title",
            Rule::NoNeeds => "no_needs",
            Rule::NoBirthday => "no_birthday",
        }
    }
}

/// One thing to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Why.
    pub rule: Rule,
    /// The deal or order it is about; none where it is about the customer.
    pub about: Option<Link>,
    /// The day that the reason speaks of: the birthday, the expected close, the last contact, the loss, the day of
    /// payment or delivery.
    pub day: Option<Date>,
    /// The reason of a loss, a key; empty otherwise.
    pub word: String,
}

/// A deal, as the rules look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OpenDeal {
    pub(super) link: Option<Link>,
    pub(super) has_amount: bool,
    pub(super) expected_close: Option<Date>,
    pub(super) has_next_step: bool,
    pub(super) has_decider: bool,
    /// The day from which it rots, if it does: it has no step ahead.
    pub(super) rotting_on: Option<Date>,
}

/// An order with which something is still to be done, as the rules look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OpenOrder {
    pub(super) link: Option<Link>,
    /// The day on which the first unpaid part is due.
    pub(super) overdue_on: Option<Date>,
    /// The day by which it is to be delivered, if it was not.
    pub(super) awaited_on: Option<Date>,
}

/// The last deal that was decided, if it was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) link: Link,
    pub(super) on: Option<Date>,
    pub(super) reason: String,
}

/// What the rules look at.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) is_person: bool,
    pub(super) do_not_contact: bool,
    pub(super) phones: usize,
    pub(super) emails: usize,
    pub(super) usable_emails: usize,
    pub(super) has_company: bool,
    pub(super) has_title: bool,
    pub(super) has_needs: bool,
    pub(super) birthday: Option<Birthday>,
    pub(super) last_contact: Option<Date>,
    pub(super) quiet_on: Option<Date>,
    pub(super) people: usize,
    pub(super) deals: Vec<OpenDeal>,
    pub(super) orders: Vec<OpenOrder>,
    pub(super) loss: Option<Loss>,
}

/// What to ask, the weightiest first; of one rule, the deals in their order.
pub(super) fn asks(known: &Known, today: Date) -> Vec<Ask> {
    let mut all = Vec::new();
    let mut ask = |holds: bool, rule: Rule, day: Option<Date>| {
        if holds {
            all.push(Ask {
                rule,
                about: None,
                day,
                word: String::new(),
            });
        }
    };
    let birthday = known.birthday.and_then(|birthday| birthday.next(today));
    let is_soon = birthday.is_some_and(|day| (day - today).get_days() <= BIRTHDAY_DAYS);
    let is_quiet = known.quiet_on.is_some_and(|day| day <= today);
    ask(known.do_not_contact, Rule::DoNotContact, None);
    ask(is_soon, Rule::BirthdaySoon, birthday);
    ask(is_quiet, Rule::Quiet, known.last_contact);
    ask(known.last_contact.is_none(), Rule::NeverContacted, None);
    ask(!known.is_person && known.people == 0, Rule::NoPeople, None);
    ask(known.phones == 0, Rule::NoPhone, None);
    ask(known.emails == 0, Rule::NoEmail, None);
    ask(
        known.emails > 0 && known.usable_emails == 0,
        Rule::NoUsableEmail,
        None,
    );
    ask(known.is_person && !known.has_company, Rule::NoCompany, None);
    ask(known.is_person && !known.has_title, Rule::NoTitle, None);
    ask(!known.has_needs, Rule::NoNeeds, None);
    ask(
        known.is_person && known.birthday.is_none(),
        Rule::NoBirthday,
        None,
    );
    for deal in &known.deals {
        all.extend(of_deal(deal, today));
    }
    for order in &known.orders {
        let late = [
            (Rule::PaymentOverdue, order.overdue_on),
            (Rule::DeliveryLate, order.awaited_on),
        ];
        let late = late
            .into_iter()
            .filter(|(_, day)| day.is_some_and(|day| day < today));
        all.extend(late.map(|(rule, day)| Ask {
            rule,
            about: order.link.clone(),
            day,
            word: String::new(),
        }));
    }
    all.extend(known.loss.iter().map(|loss| Ask {
        rule: Rule::LostLastTime,
        about: Some(loss.link.clone()),
        day: loss.on,
        word: loss.reason.clone(),
    }));
    all.sort_by_key(|ask| ask.rule);
    all
}

fn of_deal(deal: &OpenDeal, today: Date) -> Vec<Ask> {
    let mut all = Vec::new();
    let mut ask = |holds: bool, rule: Rule, day: Option<Date>| {
        if holds {
            all.push(Ask {
                rule,
                about: deal.link.clone(),
                day,
                word: String::new(),
            });
        }
    };
    let close_passed = deal.expected_close.is_some_and(|day| day < today);
    let is_rotting = deal.rotting_on.is_some_and(|day| day <= today);
    ask(close_passed, Rule::ClosePassed, deal.expected_close);
    ask(is_rotting, Rule::Rotting, deal.rotting_on);
    ask(!deal.has_next_step && !is_rotting, Rule::NoNextStep, None);
    ask(!deal.has_decider, Rule::NoDecisionMaker, None);
    ask(!deal.has_amount, Rule::NoAmount, None);
    ask(deal.expected_close.is_none(), Rule::NoExpectedClose, None);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    /// Somebody of whom everything is known.
    fn whole() -> Known {
        Known {
            is_person: true,
            phones: 1,
            emails: 2,
            usable_emails: 1,
            has_company: true,
            has_title: true,
            has_needs: true,
            birthday: Birthday::parse("1985-08-17").ok(),
            last_contact: Some(day("2026-11-20")),
            deals: vec![OpenDeal {
                has_amount: true,
                expected_close: Some(day("2026-12-24")),
                has_next_step: true,
                has_decider: true,
                ..OpenDeal::default()
            }],
            ..Known::default()
        }
    }

    fn rules(change: impl FnOnce(&mut Known)) -> Vec<&'static str> {
        let mut known = whole();
        change(&mut known);
        let asked = asks(&known, day("2026-11-27"));
        asked.iter().map(|ask| ask.rule.name()).collect()
    }

    /// What is taken away from what is known.
    type Change = fn(&mut Known);

    #[test]
    fn nothing_is_asked_where_everything_is_known() {
        assert_eq!(rules(|_| {}), Vec::<&str>::new());
    }

    #[test]
    fn each_rule_has_its_reason() {
        let cases: Vec<(&str, Change)> = vec![
            ("do_not_contact", |known| known.do_not_contact = true),
            ("birthday_soon", |known| {
                known.birthday = Birthday::parse("--12-11").ok();
            }),
            ("birthday_soon", |known| {
                known.birthday = Birthday::parse("--11-27").ok();
            }),
            ("quiet", |known| known.quiet_on = Some(day("2026-11-27"))),
            ("never_contacted", |known| known.last_contact = None),
            ("close_passed", |known| {
                known.deals[0].expected_close = Some(day("2026-11-26"));
            }),
            ("rotting", |known| {
                known.deals[0].rotting_on = Some(day("2026-11-27"));
            }),
            ("rotting", |known| {
                known.deals[0].rotting_on = Some(day("2026-11-27"));
                known.deals[0].has_next_step = false;
            }),
            ("no_next_step", |known| known.deals[0].has_next_step = false),
            ("no_decision_maker", |known| known.deals[0].has_decider = false),
            ("no_amount", |known| known.deals[0].has_amount = false),
            ("no_expected_close", |known| known.deals[0].expected_close = None),
            ("payment_overdue", |known| {
                known.orders = vec![OpenOrder {
                    overdue_on: Some(day("2026-11-26")),
                    awaited_on: Some(day("2026-11-27")),
                    ..OpenOrder::default()
                }];
            }),
            ("delivery_late", |known| {
                known.orders = vec![OpenOrder {
                    overdue_on: Some(day("2026-11-27")),
                    awaited_on: Some(day("2026-11-26")),
                    ..OpenOrder::default()
                }];
            }),
            ("no_phone", |known| known.phones = 0),
            ("no_email", |known| (known.emails, known.usable_emails) = (0, 0)),
            ("no_usable_email", |known| known.usable_emails = 0),
            ("no_company", |known| known.has_company = false),
            ("no_title", |known| known.has_title = false),
            ("no_needs", |known| known.has_needs = false),
            ("no_birthday", |known| known.birthday = None),
            ("no_people", |known| known.is_person = false),
        ];
        for (rule, change) in cases {
            assert_eq!(rules(change), [rule]);
        }
        assert_eq!(
            rules(|known| known.birthday = Birthday::parse("--12-12").ok()),
            Vec::<&str>::new()
        );
        assert_eq!(
            rules(|known| known.quiet_on = Some(day("2026-11-28"))),
            Vec::<&str>::new()
        );
        assert_eq!(
            rules(|known| known.deals[0].expected_close = Some(day("2026-11-27"))),
            Vec::<&str>::new()
        );
    }

    #[test]
    fn the_weightiest_comes_first() {
        let asked = rules(|known| {
            known.phones = 0;
            known.deals[0].expected_close = None;
            known.quiet_on = Some(day("2026-11-01"));
            known.deals.push(OpenDeal::default());
        });
        let expected = [
            "quiet",
            "no_next_step",
            "no_decision_maker",
            "no_amount",
            "no_expected_close",
            "no_expected_close",
            "no_phone",
        ];
        assert_eq!(asked, expected);
    }
}
