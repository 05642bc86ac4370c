//! A week of a salesperson, from Monday's agenda to Friday's overview, told with commands. Every figure is worked by hand.

use crate::env::Env;

/// One line of the story: when, what was typed, what came of it.
type Line = (&'static str, &'static str, &'static str);

/// How things stood on Monday, 23 November 2026: made three weeks before.
const BEFORE: &[Line] = &[
    ("2026-11-02T09:00", "init --currency EUR", ""),
    (
        "2026-11-02T09:00",
        "company add 'Hafen GmbH' --city Hamburg",
        "C1\n",
    ),
    (
        "2026-11-02T09:00",
        "contact add 'Anna Keller' --company 'Hafen GmbH' --email anna@hafen.example --phone '+49 40 23125 100'",
        "C2\n",
    ),
    (
        "2026-11-02T09:10",
        "contact add 张伟 --phone 13812345678 --region CN --handle wechat:zhangwei",
        "C3\n",
    ),
    (
        "2026-11-02T09:20",
        "deal add 'Crane service' --customer 'Hafen GmbH' --amount 48000 --stage proposal --close 2026-11-27",
        "D1\n",
    ),
    (
        "2026-11-02T09:30",
        "deal add Sensors --customer 张伟 --amount 12000 --close 2026-11-26",
        "D2\n",
    ),
    (
        "2026-11-02T09:40",
        "task add 'Send the offer' --for D1 --due 2026-11-20",
        "T1\n",
    ),
    (
        "2026-11-02T09:40",
        "task add 'Call about the sensors' --for C3 --due '2026-11-23 10:00' --remind 30m",
        "T2\n",
    ),
    (
        "2026-11-02T09:40",
        "task add 'Weekly report' --due 2026-11-27 --repeat 每周五",
        "T3\n",
    ),
    (
        "2026-11-05T15:00",
        "log C2 call 'Introduced ourselves' --duration 10m",
        "A1\n",
    ),
    ("2026-11-05T15:00", "customer set C2 keep_in_touch=14", "C2\n"),
];

const MONDAY: &[Line] = &[
    // T1 was due on the 20th: three days late. Both deals have been silent since the 2nd, 21 days, and their stages rot
    // after 14. Anna was called on the 5th, 18 days ago, and wants to be heard of every 14.
    (
        "2026-11-23T08:00",
        "today",
        "overdue\tT1\tSend the offer\tHafen GmbH\t3 days late
today\tT2\tCall about the sensors\t张伟\ttoday 10:00
week\tT3\tWeekly report\t\tFri 27 Nov 2026 (in 4 days)
deals\tD1\tCrane service\tHafen GmbH\tin proposal, no news for 21 days
deals\tD2\tSensors\t张伟\tin prospecting, no news for 21 days
quiet\tC2\tAnna Keller\tAnna Keller\tsilent for 18 days, usually 14 days at most
",
    ),
    // Cron asks for the first time, and hears what is due now.
    (
        "2026-11-23T08:01",
        "remind --template '{section} {id}'",
        "overdue T1\ntoday T2\ndeals D1\ndeals D2\nquiet C2\n",
    ),
    // T2 rings half an hour before ten; before that and a minute later there is nothing new.
    ("2026-11-23T09:29", "remind", ""),
    (
        "2026-11-23T09:31",
        "remind",
        "reminder\tT2\tCall about the sensors\t张伟\treminder, due Mon 23 Nov 2026 10:00 (today)\n",
    ),
    ("2026-11-23T09:32", "remind", ""),
    (
        "2026-11-23T10:20",
        "log C3 call 价格太高 --duration 12m --outcome reached --deal D2",
        "A2\n",
    ),
    ("2026-11-23T10:21", "task done T2", "T2\n"),
];

const TUESDAY_TO_THURSDAY: &[Line] = &[
    (
        "2026-11-24T09:00",
        "log C2 meeting 'Signed off the scope' --deal D1 --duration 1h --stage negotiation --next 'Send the contract' --due 'thu 15:00'",
        "A3\n",
    ),
    ("2026-11-24T09:30", "task done T1", "T1\n"),
    (
        "2026-11-25T09:00",
        "deal lose D2 --reason price --note 'A third cheaper elsewhere'",
        "D2\n",
    ),
    (
        "2026-11-25T11:00",
        "contact add 'Li Na' --company 'Hafen GmbH' --email lina@hafen.example --source referral",
        "C4\n",
    ),
    (
        "2026-11-25T11:30",
        "deal add 'Spare parts' --customer 'Li Na' --amount 6000 --close 2026-12-10",
        "D3\n",
    ),
    (
        "2026-11-25T11:31",
        "task add 'Ask for the part list' --for D3 --due 2026-12-01",
        "T5\n",
    ),
    // Nothing is late, no deal lacks a step, nobody is quiet.
    (
        "2026-11-26T08:00",
        "today",
        "today\tT4\tSend the contract\tAnna Keller\ttoday 15:00
week\tT3\tWeekly report\t\tFri 27 Nov 2026 (tomorrow)
week\tT5\tAsk for the part list\tLi Na\tTue 1 Dec 2026 (in 5 days)
",
    ),
    ("2026-11-26T14:00", "task done T4", "T4\n"),
    ("2026-11-26T16:00", "deal win D1", "D1\n"),
];

const FRIDAY: &[Line] = &[
    (
        "2026-11-27T08:00",
        "today",
        "today\tT3\tWeekly report\t\ttoday
week\tT5\tAsk for the part list\tLi Na\tTue 1 Dec 2026 (in 4 days)
",
    ),
    ("2026-11-27T16:00", "task done T3", "T3\n"),
    // The report comes again on the next Friday.
    (
        "2026-11-27T16:01",
        "task show T6 --template '{title} {due}'",
        "Weekly report 2026-12-04\n",
    ),
    // The week beside the one before it, from the 16th to the 22nd.
    //   revenue: D1, 48,000, against nothing; one deal of 48,000 on the average.
    //   new customers: Hafen GmbH, whose first won deal it is. Of two decided deals one was won: 50 %.
    //   cycle: D1 was opened on the 2nd and won on the 26th: 24 days. Opened was D3.
    //   open at the end: D3 with 6,000, by ten in a hundred 600; a week ago D1 and D2: 60,000, by
    //     48,000 × 60 % + 12,000 × 10 % = 30,000. So one deal less of two, 54,000 less of 60,000, 29,400 less of 30,000.
    //   activities: the call on Monday and the meeting on Tuesday. Overdue was T1, now nothing is.
    (
        "2026-11-27T16:30",
        "report overview --period this-week --template '{figure} {value} {previous} {change} {verdict}'",
        "revenue 48000.00 0.00 – better
deals_won 1 0 – better
average_deal 48000.00  – \n\
new_customers 1 0 – better
active_customers 1 0 – better
win_rate 50.00% – – \n\
cycle 24.0  – \n\
deals_opened 1 0 – better
open_deals 1 2 -50.00% worse
open_pipeline 6000.00 60000.00 -90.00% worse
weighted_pipeline 600.00 30000.00 -98.00% worse
activities 2 0 – better
overdue_tasks 0 1 -100.00% better
overdue_receivable 0.00  – \n\
csat – – – \n\
nps    \n\
sla – – – 
",
    ),
    // The quarter: closed 48,000; D3 is expected in it, in a stage of the category pipeline. Weighted: 48,000 + 600.
    (
        "2026-11-27T16:30",
        "report forecast --template '{closed} {commit} {best_case} {pipeline} {weighted} {commit_forecast} {open_pipeline} {overdue}'",
        "48000.00 0.00 0.00 6000.00 48600.00 48000.00 6000.00 0\n48000.00 0.00 0.00 6000.00 48600.00 48000.00 6000.00 0\n",
    ),
    // Four tasks were done: T4 an hour early and T3 on its day; T2 at 10:21 in place of 10:00 and T1 four days late.
    (
        "2026-11-27T16:30",
        "report team --period this-week --template '{group} {rank} {won} {amount} {win_rate} {tasks_done} {on_time}'",
        "self 1 1 48000.00 50.00% 4 50.00%\ntotal  1 48000.00 50.00% 4 50.00%\n",
    ),
];

fn live(env: &Env, lines: &[Line]) {
    for (now, line, expected) in lines {
        let shown = env.ok(&format!("{line} --now {now}"));
        assert_eq!(shown, *expected, "{now} {line}");
    }
}

#[test]
fn a_week_of_a_salesperson() {
    let env = Env::new();
    live(&env, BEFORE);
    live(&env, MONDAY);
    live(&env, TUESDAY_TO_THURSDAY);
    live(&env, FRIDAY);
}
