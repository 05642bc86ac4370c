//! Tickets of the sample, in every step and in two languages, told after the fact.

use super::{Contact, Demo, given};
use crate::domain::id::Id;
use crate::domain::ticket::{Step, Wait};
use crate::error::Result;
use crate::ops::demo::names::COLLEAGUES;
use crate::ops::ticket::steps::{self, Solution};
use crate::ops::ticket::talk::{self, Said};
use crate::ops::ticket::{self, join};

/// What happens to a ticket of the sample, at a time of day so many days ago.
#[derive(Clone, Copy)]
enum Turn {
    /// We answer.
    Reply(&'static str),
    /// We answer, and wait for the customer.
    Ask(&'static str),
    /// The customer says something.
    Message(&'static str),
    /// For us alone.
    Note(&'static str),
    /// To a step.
    To(Step),
    /// It waits for somebody else.
    Elsewhere,
    /// It is solved so, because of that.
    Solved(&'static str, &'static str),
    /// The customer is content.
    Close,
    /// Nothing comes of it, for a reason.
    Cancel(&'static str),
    /// It comes back.
    Reopen(&'static str),
    /// Somebody goes there.
    Visit(&'static str),
}

/// A ticket: whose, by the place in the list of people; who works on it; when it came in, in days before today and a time
/// of day; what is said of it; what happened since.
struct Sample {
    of: usize,
    assignee: Option<usize>,
    received: (i64, &'static str),
    fields: &'static [(&'static str, &'static str)],
    turns: &'static [(i64, &'static str, Turn)],
}

/// The one who looks on, and the colleagues.
const OWN: usize = usize::MAX;

const SAMPLES: &[Sample] = &[
    Sample {
        of: 0,
        assignee: Some(OWN),
        received: (3, "08:40"),
        fields: &[
            ("name", "The gate in the depot does not open"),
            (
                "description",
                "Since the update nobody gets in with the scanner. Error E-1043 on its screen.",
            ),
            ("channel", "phone"),
            ("type", "incident"),
            ("category", "technical"),
            ("priority", "high"),
            ("severity", "major"),
        ],
        turns: &[
            (
                3,
                "09:05",
                Turn::Reply("We look into it at once. Which version does the scanner show?"),
            ),
            (3, "09:50", Turn::Message("2.1.0, on all four of them.")),
            (3, "10:20", Turn::To(Step::Analyzing)),
            (
                2,
                "14:00",
                Turn::Note("The log ends where the network is asked for; see the problem with 2.1."),
            ),
        ],
    },
    Sample {
        of: 4,
        assignee: Some(1),
        received: (2, "09:15"),
        fields: &[
            ("name", "扫描枪无法连接网络"),
            ("description", "升级之后三把扫描枪都连不上无线网络,仓库无法出库。"),
            ("channel", "wechat"),
            ("type", "incident"),
            ("category", "technical"),
            ("priority", "urgent"),
            ("severity", "critical"),
        ],
        turns: &[
            (2, "09:25", Turn::Reply("您好,已收到,工程师正在排查。")),
            (2, "09:40", Turn::Ask("请把设置页面的截图发给我们。")),
        ],
    },
    Sample {
        of: 2,
        assignee: None,
        received: (1, "16:30"),
        fields: &[
            ("name", "How do we add a second driver?"),
            ("channel", "email"),
            ("type", "question"),
            ("category", "account"),
        ],
        turns: &[],
    },
    Sample {
        of: 5,
        assignee: Some(OWN),
        received: (1, "10:05"),
        fields: &[
            ("name", "货物晚到两天,要求说明原因"),
            ("description", "合同约定周一到货,周三才收到,而且没有人通知我们。"),
            ("channel", "phone"),
            ("type", "complaint"),
            ("category", "delivery"),
            ("priority", "high"),
        ],
        turns: &[],
    },
    Sample {
        of: 8,
        assignee: Some(0),
        received: (6, "11:00"),
        fields: &[
            ("name", "Wrong charger in the box"),
            ("channel", "web"),
            ("type", "return"),
            ("category", "delivery"),
            ("priority", "low"),
        ],
        turns: &[
            (
                6,
                "13:10",
                Turn::Reply("Sorry for that. A label for the parcel is on its way to you."),
            ),
            (5, "10:00", Turn::To(Step::Executing)),
            (4, "09:30", Turn::Elsewhere),
        ],
    },
    Sample {
        of: 1,
        assignee: Some(OWN),
        received: (5, "09:00"),
        fields: &[
            ("name", "Invoice shows the old address"),
            ("channel", "email"),
            ("type", "question"),
            ("category", "billing"),
        ],
        turns: &[
            (5, "11:30", Turn::Reply("You are right, we correct it today.")),
            (
                4,
                "15:00",
                Turn::Solved(
                    "A corrected invoice was sent",
                    "The move was noted at the wrong customer",
                ),
            ),
        ],
    },
    Sample {
        of: 6,
        assignee: Some(OWN),
        received: (20, "08:20"),
        fields: &[
            ("name", "Label printer stops after ten labels"),
            ("channel", "phone"),
            ("type", "repair"),
            ("category", "product"),
            ("priority", "high"),
            ("severity", "moderate"),
        ],
        turns: &[
            (20, "08:50", Turn::Reply("We come by tomorrow morning.")),
            (19, "09:00", Turn::Visit("Cleaned the head, changed the roller")),
            (
                19,
                "11:00",
                Turn::Solved("New roller", "Worn after 400 km of labels"),
            ),
            (17, "10:00", Turn::Close),
        ],
    },
    Sample {
        of: 10,
        assignee: Some(OWN),
        received: (2, "15:20"),
        fields: &[
            ("name", "Firmware 2.1 loses the network"),
            ("channel", "other"),
            ("type", "problem"),
            ("category", "technical"),
            ("priority", "urgent"),
            ("severity", "critical"),
        ],
        turns: &[(2, "16:00", Turn::To(Step::Analyzing))],
    },
    Sample {
        of: 12,
        assignee: Some(1),
        received: (9, "10:45"),
        fields: &[
            ("name", "安装两台标签打印机"),
            ("channel", "wechat"),
            ("type", "installation"),
            ("category", "service"),
        ],
        turns: &[
            (9, "11:20", Turn::Reply("好的,我们安排工程师与您联系。")),
            (8, "09:30", Turn::To(Step::Analyzing)),
            (7, "14:00", Turn::To(Step::Confirming)),
        ],
    },
    Sample {
        of: 14,
        assignee: Some(0),
        received: (14, "09:10"),
        fields: &[
            ("name", "Route export lacks the last column"),
            ("channel", "email"),
            ("type", "incident"),
            ("category", "product"),
        ],
        turns: &[
            (
                14,
                "10:00",
                Turn::Reply("Confirmed; it is mended with the next release."),
            ),
            (12, "09:00", Turn::Solved("Release 4.2", "A limit of 26 columns")),
            (11, "13:00", Turn::Message("It is still missing with us.")),
        ],
    },
    Sample {
        of: 16,
        assignee: None,
        received: (7, "12:00"),
        fields: &[
            ("name", "Dark colours for the dispatch board"),
            ("channel", "web"),
            ("type", "suggestion"),
            ("category", "product"),
            ("priority", "low"),
        ],
        turns: &[(6, "12:00", Turn::Cancel("It comes with the next release anyway"))],
    },
    Sample {
        of: 18,
        assignee: Some(OWN),
        received: (30, "14:00"),
        fields: &[
            ("name", "Scanner drops out in the cold store"),
            ("channel", "phone"),
            ("type", "incident"),
            ("category", "product"),
            ("priority", "high"),
        ],
        turns: &[
            (30, "14:40", Turn::Reply("We send you a warmer case.")),
            (
                28,
                "10:00",
                Turn::Solved("Insulated case", "Below minus ten the battery gives up"),
            ),
            (26, "10:00", Turn::Close),
            (10, "09:00", Turn::Reopen("It drops out again, also in the case")),
        ],
    },
];

impl Demo<'_, '_> {
    pub(super) fn tickets(&self, people: &[Contact]) -> Result<()> {
        let mut made = Vec::new();
        for sample in SAMPLES {
            let Some(contact) = people.get(sample.of) else {
                continue;
            };
            let user = match sample.assignee {
                Some(OWN) => self.tx.caller().actor.name.as_str(),
                Some(at) => COLLEAGUES.get(at).map_or("", |colleague| colleague.0),
                None => "",
            };
            let mut assignments = given(sample.fields);
            let (days, time) = sample.received;
            assignments.extend(given(&[
                ("customer", &contact.company.uid()),
                ("contact", &contact.person.uid()),
                ("assignee", user),
                (
                    "owner",
                    if user.is_empty() {
                        &self.tx.caller().actor.name
                    } else {
                        ""
                    },
                ),
                ("received_at", &self.instant(days, time)?),
            ]));
            let id = ticket::add(self.tx, &assignments, &self.policy)?.id;
            for (days, time, turn) in sample.turns {
                self.turn(id, &self.instant(*days, time)?, *turn)?;
            }
            made.push(id);
        }
        // The problem behind the first two.
        if let [one, two, _, _, _, _, _, problem, ..] = made.as_slice() {
            join::link(self.tx, *one, Some(*problem))?;
            join::link(self.tx, *two, Some(*problem))?;
        }
        Ok(())
    }

    /// A time of day so many days ago, as text.
    fn instant(&self, days: i64, time: &str) -> Result<String> {
        Ok(format!("{}T{time}", self.day(-days)?))
    }

    fn turn(&self, id: Id, at: &str, turn: Turn) -> Result<()> {
        let (tx, when) = (self.tx, Some(at));
        let said = |text: &'static str| Said {
            text,
            at: when,
            ..Said::default()
        };
        match turn {
            Turn::Reply(text) => talk::reply(tx, id, &said(text)),
            Turn::Ask(text) => {
                let asked = Said {
                    waits: true,
                    ..said(text)
                };
                talk::reply(tx, id, &asked)
            }
            Turn::Message(text) => talk::receive(tx, id, &said(text), None),
            Turn::Note(text) => talk::note_at(tx, id, &said(text)),
            Turn::To(step) => steps::advance(tx, id, Some(step), when),
            Turn::Elsewhere => steps::wait(tx, id, Wait::ThirdParty, when),
            Turn::Solved(solution, cause) => {
                let solution = Solution {
                    solution: Some(solution),
                    root_cause: Some(cause),
                    at: when,
                    ..Solution::default()
                };
                steps::resolve(tx, id, &solution)
            }
            Turn::Close => steps::close(tx, id, when),
            Turn::Cancel(reason) => steps::cancel(tx, id, reason, when),
            Turn::Reopen(reason) => steps::reopen(tx, id, Some(reason), when),
            Turn::Visit(text) => {
                let mut assignments = given(&[
                    ("text", text),
                    ("at", at),
                    ("duration", "90m"),
                    ("outcome", "positive"),
                ]);
                assignments.extend(given(&[("owner", &tx.caller().actor.name)]));
                talk::visit(tx, id, &assignments)
            }
        }
        .map(drop)
    }
}
