//! Quotes of the sample, one and more in each state, around today.

use crate::domain::id::Id;
use crate::domain::sale::QuoteStatus;
use crate::error::Result;
use crate::ops::demo::{Contact, Demo, given};
use crate::ops::quote::{self, Move};

/// A quote: whose person, what it is called, its lines, where it stands, how many days from today it was sent, is good
/// until, and was decided.
type Plan = (usize, &'static str, &'static str, &'static str, [i64; 3]);

const PLANS: &[Plan] = &[
    (
        21,
        "Yard cameras",
        "TRK-100 x6\nSetup x4 @95",
        "draft",
        [0, 30, 0],
    ),
    (
        22,
        "Trailer trackers",
        "TRK-PRO x12 -5%\nCARE",
        "sent",
        [-10, 20, 0],
    ),
    (
        19,
        "园区道闸",
        "TRK-100 x20 -10%\n安装服务 x1 @800",
        "sent",
        [-27, 3, 0],
    ),
    (20, "Cold store sensors", "TRK-100 x8", "sent", [-36, -6, 0]),
    (
        25,
        "Ramp scanners",
        "TRK-PRO x2\nSetup x3 @95",
        "accepted",
        [-20, 10, -4],
    ),
    (26, "Gate displays", "SUITE-S\nCARE x2", "rejected", [-32, -2, -9]),
    (27, "Crane radio", "TRK-PRO x4", "sent", [-18, 12, 0]),
];

impl Demo<'_, '_> {
    /// What was offered: written, with the customer, about to run out, run out, taken, refused, and offered anew.
    pub(super) fn quotes(&self, people: &[Contact]) -> Result<()> {
        let mut last = None;
        for (at, name, lines, status, [sent, until, decided]) in PLANS {
            let Some(contact) = people.get(*at) else { continue };
            let (was_sent, was_decided) = (*status != "draft", matches!(*status, "accepted" | "rejected"));
            let day = |is_there: bool, distance: i64| match is_there {
                true => self.day(distance),
                false => Ok(String::new()),
            };
            let reason = if *status == "rejected" { "too dear" } else { "" };
            let fields = given(&[
                ("name", name),
                ("customer", &contact.company.uid()),
                ("contact", &contact.person.uid()),
                ("lines", lines),
                ("status", status),
                ("sent_on", &day(was_sent, *sent)?),
                ("valid_until", &self.day(*until)?),
                ("decided_on", &day(was_decided, *decided)?),
                ("reason", reason),
                ("owner", self.owner(contact.number / 2)),
            ]);
            last = Some(quote::add(self.tx, &fields, &self.policy)?.id);
        }
        match last {
            Some(last) => self.offered_anew(last),
            None => Ok(()),
        }
    }

    /// Another version, sent some days ago.
    fn offered_anew(&self, first: Id) -> Result<()> {
        let day = |distance: i64| -> Result<_> {
            self.day(distance)?
                .parse()
                .map_err(|_| crate::error::Error::internal("a sample day cannot be read"))
        };
        let second = quote::revise(self.tx, first, Some(day(25)?))?.id;
        let sent = Move {
            on: Some(day(-5)?),
            ..Move::default()
        };
        quote::move_to(self.tx, second, QuoteStatus::Sent, &sent)?;
        Ok(())
    }
}
