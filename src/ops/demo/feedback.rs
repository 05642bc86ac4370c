//! What the customers of the sample say: answers to the three surveys, complaints, a suggestion, praise.

use super::{Contact, Demo, given, turn};
use crate::domain::feedback::Status;
use crate::error::Result;
use crate::ops::demo::names::COMPANIES;
use crate::ops::feedback;

/// What is said unasked: the place of the person, the sort, the way it came, how many days ago, the text.
const SAID: &[(usize, &str, &str, i64, &str)] = &[
    (
        0,
        "complaint",
        "phone",
        2,
        "The gate in the depot stopped again on Monday.",
    ),
    (8, "complaint", "wechat", 6, "发货晚了三天，没有人通知我们。"),
    (
        2,
        "suggestion",
        "email",
        9,
        "A list of spare parts per site would save us calls.",
    ),
    (
        5,
        "praise",
        "visit",
        12,
        "Setup was done in one morning, thank you.",
    ),
];

const SCORES: [(&str, &[i64]); 3] = [
    ("nps", &[9, 10, 8, 9, 4, 10, 7, 9, 6, 10]),
    ("csat", &[5, 4, 5, 3, 4, 5, 2, 4]),
    ("ces", &[6, 7, 5, 4, 7, 6, 2]),
];

/// What comes with good, middling and bad scores, in English and Chinese.
const COMMENTS: [[&str; 2]; 3] = [
    ["Quick and friendly.", "响应很快，服务周到。"],
    ["Works, but the manual is thin.", "功能可以，说明书太简单。"],
    ["We waited two weeks for an answer.", "等了两个星期才有回复。"],
];

impl Demo<'_, '_> {
    /// What was said unasked, and how the people answered in the last months; every fourth did not.
    pub(super) fn feedback(&self, people: &[Contact]) -> Result<()> {
        for (place, kind, channel, days, text) in SAID {
            let Some(contact) = people.get(*place) else {
                continue;
            };
            let told = self.said(
                contact,
                &[
                    ("type", kind),
                    ("channel", channel),
                    ("comment", text),
                    ("answered_on", &self.day(-days)?),
                ],
            )?;
            if *channel == "wechat" {
                feedback::move_to(self.tx, told, Status::Acknowledged, None, None)?;
            }
        }
        for contact in people {
            let number = contact.number;
            let (survey, scores) = turn(&SCORES, number);
            let asked = 3 + (number as i64 * 5) % 110;
            let score = turn(scores, number / SCORES.len());
            let mut pairs = vec![
                ("type", "answer".to_owned()),
                ("survey", survey.to_owned()),
                (
                    "channel",
                    turn(&["email", "web", "wechat"], number / 2).to_owned(),
                ),
                ("sent_on", self.day(-asked)?),
            ];
            if number % 4 != 3 {
                pairs.push(("score", score.to_string()));
                pairs.push(("answered_on", self.day(-asked + 1 + number as i64 % 2)?));
                if number % 2 == 0 {
                    pairs.push(("comment", comment(survey, score, number).to_owned()));
                }
            }
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, text)| (*name, text.as_str())).collect();
            self.said(contact, &pairs)?;
        }
        Ok(())
    }

    fn said(&self, contact: &Contact, pairs: &[(&str, &str)]) -> Result<crate::domain::id::Id> {
        let mut assignments = given(pairs);
        assignments.extend(given(&[
            ("customer", &contact.company.uid()),
            ("contact", &contact.person.uid()),
            ("owner", self.owner(contact.number / 2)),
        ]));
        Ok(feedback::add(self.tx, &assignments, &self.policy)?.id)
    }
}

/// A comment that fits the score, in the language of the company.
fn comment(survey: &str, score: i64, number: usize) -> &'static str {
    let (good, bad) = match survey {
        "nps" => (9, 6),
        "csat" => (4, 2),
        _ => (5, 3),
    };
    let at = match score {
        score if score >= good => 0,
        score if score > bad => 1,
        _ => 2,
    };
    let is_chinese = COMPANIES.get(number / 2).is_some_and(|company| company.2 == "CN");
    let [english, chinese] = turn(&COMMENTS, at);
    if is_chinese { chinese } else { english }
}
