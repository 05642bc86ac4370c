//! The orders of the sample: in every state, in three currencies, each by distance from today.

use crate::domain::id::Id;
use crate::domain::money::Money;
use crate::domain::sale::{OrderStatus, ShipmentStatus};
use crate::error::Result;
use crate::ops::demo::{Contact, Demo, given};
use crate::ops::order::{self, pay, plan, ship};
use crate::ops::rate;

/// What foreign money is worth in euros.
const RATES: &[(&str, &str)] = &[("CNY", "0.128"), ("JPY", "0.0061")];

/// For so many days before today a rate is known.
const RATE_DAYS: i64 = -400;

/// An order: of which company by its place, in which currency (empty for that of the base), of what, and what became of it.
struct Sample {
    company: usize,
    name: &'static str,
    currency: &'static str,
    lines: &'static [&'static str],
    /// Off the whole.
    discount: &'static str,
    ordered: i64,
    /// By when it is to be paid, where there is no plan.
    due: Option<i64>,
    promised: Option<i64>,
    steps: &'static [Step],
}

/// Something that happened with an order, so many days from today.
enum Step {
    Confirmed(i64),
    /// Share or amount, and day, of each part.
    Planned(&'static [(&'static str, i64)]),
    /// The amount (empty for all), how, for which part.
    Paid(i64, &'static str, &'static str, Option<usize>),
    Announced(i64, &'static str),
    GivenBack(i64, &'static str),
    /// Lines (none for all), carrier, tracking number.
    Sent(i64, &'static [&'static str], &'static str, &'static str),
    OnItsWay(i64),
    Arrived(i64),
    Done(i64),
    Cancelled(i64, &'static str),
}

use Step::{Announced, Arrived, Cancelled, Confirmed, Done, GivenBack, OnItsWay, Paid, Planned, Sent};

#[rustfmt::skip]
const ORDERS: &[Sample] = &[
    Sample {
        company: 0, name: "Fleet trackers", currency: "", lines: &["TRK-100 x12 -5%"], discount: "",
        ordered: -95, due: Some(-64), promised: Some(-80),
        steps: &[Confirmed(-94), Sent(-86, &[], "DHL", "JJD0001"), Arrived(-83), Paid(-70, "", "bank_transfer", None), Done(-70)],
    },
    Sample {
        company: 2, name: "车队定位器首批", currency: "CNY", lines: &["TRK-100 x10 @1480", "安装服务 x2 @800 +6%"], discount: "",
        ordered: -70, due: None, promised: Some(-50),
        steps: &[
            Confirmed(-69), Planned(&[("30%", -60), ("rest", -30)]), Paid(-61, "", "alipay", Some(1)),
            Sent(-52, &[], "SF", "SF1002001"), Arrived(-47), Done(-45),
        ],
    },
    Sample {
        company: 1, name: "Dispatch suite", currency: "", lines: &["SUITE-S", "CARE"], discount: "300",
        ordered: -60, due: Some(-12), promised: Some(-30),
        steps: &[Confirmed(-58), Paid(-40, "3000", "bank_transfer", None), Done(-31)],
    },
    Sample {
        company: 3, name: "車載トラッカー", currency: "JPY", lines: &["TRK-PRO x4 @55000 +10%"], discount: "",
        ordered: -40, due: Some(12), promised: Some(2),
        steps: &[Confirmed(-38), Sent(-3, &[], "Yamato", "4012-0007"), OnItsWay(-2)],
    },
    Sample {
        company: 4, name: "Trackers for the pilot", currency: "", lines: &["TRK-PRO x6", "CARE"], discount: "5%",
        ordered: -33, due: None, promised: Some(6),
        steps: &[
            Confirmed(-32), Planned(&[("50%", -10), ("rest", 2)]), Paid(-11, "", "card", Some(1)),
            Sent(-8, &["TRK-PRO x4"], "UPS", "1Z0004"), Arrived(-5),
        ],
    },
    Sample {
        company: 6, name: "门店定位器", currency: "CNY", lines: &["TRK-100 x20 @1450"], discount: "",
        ordered: -25, due: Some(20), promised: Some(-2),
        steps: &[Confirmed(-24)],
    },
    Sample {
        company: 7, name: "Scanner swap", currency: "", lines: &["TRK-100 x3"], discount: "",
        ordered: -22, due: None, promised: None,
        steps: &[Cancelled(-15, "The budget was cut")],
    },
    Sample {
        company: 10, name: "Trackers for the yard", currency: "", lines: &["TRK-100 x5"], discount: "",
        ordered: -50, due: Some(-20), promised: Some(-40),
        steps: &[
            Confirmed(-50), Sent(-45, &[], "DHL", "JJD0002"), Arrived(-43), Paid(-25, "", "bank_transfer", None), Done(-25),
            GivenBack(-18, "189"),
        ],
    },
    Sample {
        company: 9, name: "二期设备", currency: "CNY", lines: &["TRK-PRO x8 @2700"], discount: "8%",
        ordered: -3, due: Some(30), promised: Some(25),
        steps: &[],
    },
    Sample {
        company: 5, name: "Dispatch suite, clinic", currency: "", lines: &["SUITE-L", "CARE x2"], discount: "",
        ordered: -28, due: None, promised: Some(40),
        steps: &[Confirmed(-27), Planned(&[("40%", -20), ("30%", 10), ("rest", 70)]), Paid(-21, "", "bank_transfer", Some(1))],
    },
    Sample {
        company: 12, name: "倉庫トラッカー", currency: "JPY", lines: &["TRK-100 x15 @29800 +10%"], discount: "",
        ordered: -37, due: Some(-4), promised: Some(-20),
        steps: &[Confirmed(-36), Sent(-26, &[], "Yamato", "4012-0008"), Arrived(-22)],
    },
    Sample {
        company: 0, name: "Trackers for the second depot", currency: "", lines: &["TRK-100 x6", "CARE"], discount: "",
        ordered: -14, due: None, promised: Some(9),
        steps: &[
            Confirmed(-13), Planned(&[("1000", 1), ("rest", 30)]), Paid(-2, "600", "bank_transfer", None),
            Announced(0, "400"), Sent(-1, &["TRK-100 x4"], "DHL", "JJD0003"),
        ],
    },
];

impl Demo<'_, '_> {
    /// Orders in every state, and what the money of other countries is worth.
    pub(super) fn orders(&self, people: &[Contact]) -> Result<()> {
        let base = self.tx.base_currency()?;
        for (currency, worth) in RATES.iter().filter(|(currency, _)| *currency != base.code()) {
            rate::set(self.tx, currency, worth, Some(self.date(RATE_DAYS)?))?;
        }
        for sample in ORDERS {
            self.order(people, sample)?;
        }
        Ok(())
    }

    fn order(&self, people: &[Contact], sample: &Sample) -> Result<()> {
        let Some(contact) = people.get(sample.company * 2) else {
            return Ok(());
        };
        let day = |distance: Option<i64>| match distance {
            Some(distance) => self.day(distance),
            None => Ok(String::new()),
        };
        let assignments = given(&[
            ("name", sample.name),
            ("customer", &contact.company.uid()),
            ("contact", &contact.person.uid()),
            ("currency", sample.currency),
            ("lines", &sample.lines.join("\n")),
            ("discount", sample.discount),
            ("ordered_on", &self.day(sample.ordered)?),
            ("due_on", &day(sample.due)?),
            ("promised_on", &day(sample.promised)?),
            ("owner", self.owner(sample.company)),
        ]);
        let id = order::add(self.tx, &assignments, &self.policy)?.id;
        for step in sample.steps {
            self.step(id, step)?;
        }
        Ok(())
    }

    fn step(&self, id: Id, step: &Step) -> Result<()> {
        let tx = self.tx;
        let on = |distance: &i64| self.date(*distance).map(Some);
        let money = |distance: &i64, amount: &'static str| -> Result<pay::Given<'static>> {
            Ok(pay::Given {
                amount: Some(amount).filter(|amount| !amount.is_empty()),
                on: on(distance)?,
                ..pay::Given::default()
            })
        };
        match step {
            Confirmed(day) => order::move_to(tx, id, OrderStatus::Confirmed, on(day)?, None).map(drop),
            Planned(parts) => {
                let parts = parts
                    .iter()
                    .map(|(amount, day)| Ok(format!("{amount}@{}", self.day(*day)?)));
                plan::set(tx, id, &parts.collect::<Result<Vec<_>>>()?, None).map(drop)
            }
            Paid(day, amount, method, part) => {
                let mut given = money(day, amount)?;
                given.method = Some(*method);
                given.part = *part;
                self.pay(id, &given)
            }
            Announced(day, amount) => {
                let mut given = money(day, amount)?;
                given.is_pending = true;
                pay::pay(tx, id, &given)
            }
            GivenBack(day, amount) => pay::refund(tx, id, &money(day, amount)?),
            Sent(day, lines, carrier, tracking) => {
                let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
                let given = ship::Given {
                    carrier: Some(*carrier),
                    tracking: Some(*tracking),
                    on: on(day)?,
                    note: None,
                    lines: &lines,
                };
                ship::send(tx, id, &given)
            }
            OnItsWay(day) => ship::mark(tx, id, None, ShipmentStatus::InTransit, on(day)?),
            Arrived(day) => ship::mark(tx, id, None, ShipmentStatus::Delivered, on(day)?),
            Done(day) => order::move_to(tx, id, OrderStatus::Completed, on(day)?, None).map(drop),
            Cancelled(day, reason) => {
                order::move_to(tx, id, OrderStatus::Cancelled, on(day)?, Some(*reason)).map(drop)
            }
        }
    }

    /// Pays a part of the plan, the whole of it where no amount is named.
    fn pay(&self, id: Id, given: &pay::Given<'_>) -> Result<()> {
        let amount = match (given.part, given.amount) {
            (Some(number), None) => {
                let (order, parts) = plan::list(self.tx, id)?;
                let part = number.checked_sub(1).and_then(|at| parts.get(at));
                part.map(|due| {
                    let money = Money {
                        minor: due.part.amount,
                        currency: order.currency,
                    };
                    money.decimal()
                })
            }
            _ => None,
        };
        let given = pay::Given {
            amount: amount.as_deref().or(given.amount),
            ..given.clone()
        };
        pay::pay(self.tx, id, &given)
    }
}
