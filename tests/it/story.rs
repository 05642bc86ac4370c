//! The whole life of a customer, told with commands only: a form on a page, a lead, a deal, a quote, an order, a ticket, a
//! second order. At the end every report says what somebody with a pencil would say, and then all of it is taken back.
//!
//! The clock is told with each command. Times are those of Berlin, where summer time begins on 29 March 2026.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::env::{Env, Run};

/// When the reports are read: a Monday, seven weeks after the first word.
const READ: &str = "2026-04-20T10:00:00+02:00";

/// Who says what when.
struct Story {
    env: Env,
    now: String,
    who: &'static str,
}

impl Story {
    /// An empty base in which Ann and 陈晓 work.
    fn begin() -> Story {
        let mut story = Story {
            env: Env::new(),
            now: String::new(),
            who: "self",
        };
        story.at("2026-03-02T08:00:00+01:00", "self");
        story.ok("init --currency EUR");
        story.ok("user add Ann");
        story.ok("user add 陈晓");
        story
    }

    fn at(&mut self, now: &str, who: &'static str) {
        now.clone_into(&mut self.now);
        self.who = who;
    }

    fn line(&self, line: &str) -> String {
        format!("{line} --now {} --as {}", self.now, self.who)
    }

    #[track_caller]
    fn ok(&self, line: &str) -> String {
        self.env.ok(&self.line(line))
    }

    fn run(&self, line: &str) -> Run {
        self.env.run(&self.line(line))
    }

    /// What comes in by the form of the page; gives the line that answers it.
    fn submit(&self, body: &str) -> Value {
        let mut child = self
            .env
            .command(&self.line("form submit contact -"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = child.stdin.take().expect("a pipe");
        pipe.write_all(body.as_bytes()).expect("written");
        drop(pipe);
        let run = Run::of(child.wait_with_output().expect("it ends"));
        assert_eq!(run.code, 0, "{body}: {}", run.stdout);
        serde_json::from_str(&run.stdout).expect("a line of JSON")
    }

    /// The lines of a report, as a pipe gets them, blanks for tabs.
    #[track_caller]
    fn report(&self, line: &str, expected: &str) {
        let told = self.ok(&format!("report {line}")).replace('\t', " ");
        let lines = |text: &str| {
            text.lines()
                .map(|line| line.trim().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(lines(&told), lines(expected), "report {line}");
    }
}

/// The base as text, without what an undo leaves behind by promise: the numbers that were given, and that something was
/// changed and changed back.
fn image(story: &Story, name: &str) -> Vec<(String, String)> {
    story.ok(&format!("dump {name}"));
    let mut files = Vec::new();
    read(&story.env.home().join(name), &mut files);
    files.sort();
    assert!(files.iter().any(|(path, _)| path.ends_with("users.ndjson")));
    files
}

fn read(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, files);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("text");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = match serde_json::from_str::<Value>(&text) {
            Ok(whole) => vec![whole],
            Err(_) => text
                .lines()
                .map(|line| serde_json::from_str(line).expect("a record on each line"))
                .collect(),
        };
        let bare = text.into_iter().map(|mut record| {
            if let Some(map) = record.as_object_mut() {
                for key in ["numbers", "version", "updated_at", "updated_by"] {
                    map.remove(key);
                }
            }
            record.to_string()
        });
        files.push((name, bare.collect::<Vec<_>>().join("\n")));
    }
}

/// What the team sells, what it asks, and what it promises.
fn set_up(story: &Story) {
    story.ok("product add Tracker sku=TRK-100 price=100 cost=60 tax_rate=19%");
    story.ok("product add Setup sku=SVC-1 price=200 type=service tax_rate=19%");
    story.ok("form add contact -e name! -e email! -e firma=company -e message --source web_form --next 'Call back' --due today");
    story.ok("assignment add web -m Ann -m 陈晓 -w source:web_form");
    story.ok("score add firm --points 20 -w has:company");
    story.ok("score add asked --points 30 --event form -w contact");
    story.ok("pipeline stage set sales proposal --required amount,expected_close");
    story.ok("calendar add hq --week 'mon-fri 09:00-17:00'");
    story.ok("sla set standard calendar=hq 'targets=normal first=2h resolution=8h'");
}

/// Three people write by the form on Monday, 2 March: one buys, one cannot, one is forgotten.
fn leads(story: &mut Story) {
    story.at("2026-03-02T09:00:00+01:00", "self");
    let turns = [
        (
            r#"{"name":"Nora Berg","email":"nora@berg.example","firma":"Berg Logistik","message":"Ten trackers?"}"#,
            "Ann",
        ),
        (
            r#"{"name":"李雷","email":"li@lei.example","message":"两个定位器多少钱？"}"#,
            "陈晓",
        ),
        (r#"{"name":"Omar Haddad","email":"omar@haddad.example"}"#, "Ann"),
    ];
    for (body, owner) in turns {
        let told = story.submit(body);
        assert_eq!(told.get("owner").and_then(Value::as_str), Some(owner), "{body}");
    }
    assert_eq!(
        story.ok("assignment log --template '{name}: {why}'"),
        "Omar Haddad: round robin: Ann comes after 陈晓\n\
         李雷: round robin: 陈晓 comes after Ann\n\
         Nora Berg: round robin: Ann begins\n"
    );
    // 20 for the firm, 30 for the form.
    story.ok("score run");
    assert_eq!(
        story.ok("customer list -w lifecycle:lead --sort id --template '{id} {name} {lifecycle} {score}'"),
        "C2 Nora Berg lead 50\nC3 李雷 lead 30\nC4 Omar Haddad lead 30\n"
    );

    story.at("2026-03-02T09:30:00+01:00", "Ann");
    story.ok("log C2 call 'Wants ten trackers' --outcome connected");
    story.ok("task done T1");
    assert_eq!(
        story.ok("customer qualify C2 --deal Trackers --format ids"),
        "D1\n"
    );

    story.at("2026-03-02T10:00:00+01:00", "陈晓");
    story.ok("log C3 call '太贵了' --outcome connected");
    story.ok("task done T2");
    story.ok("customer disqualify C3 --reason no_budget");
}

/// The deal goes through all stages; its quote becomes an order, which is paid in two parts, sent and delivered.
fn deal_and_order(story: &mut Story) {
    story.at("2026-03-03T10:00:00+01:00", "Ann");
    story.ok("deal move D1 qualification");
    story.at("2026-03-05T10:00:00+01:00", "Ann");
    story.ok("deal move D1 needs_analysis");
    let refused = story.run("deal move D1 proposal");
    assert_eq!(refused.code, 5);
    assert!(
        refused.stderr.contains("proposal needs amount, expected_close"),
        "{}",
        refused.stderr
    );
    story.ok("deal move D1 proposal --set amount=1200 --set expected_close=2026-03-20");
    story.ok("report forecast --period 2026-03 --snapshot");
    // 10 × 100 − 10 % = 900, and 200: 1,100 net; 19 % are 209.
    story.ok("quote add --deal D1 --line 'TRK-100 x10 -10%' --line SVC-1");
    assert_eq!(
        story.ok("quote show Q1 --template '{total} {status}'"),
        "1309.00 draft\n"
    );
    story.at("2026-03-09T10:00:00+01:00", "Ann");
    story.ok("log D1 visit 'Showed the trackers'");
    story.ok("quote send Q1");
    story.ok("deal move D1 negotiation");
    story.at("2026-03-12T10:00:00+01:00", "Ann");
    assert_eq!(story.ok("quote accept Q1 --format ids"), "O1\n");
    story.ok("deal win D1");
    story.ok("order set O1 due_on=2026-04-11 promised_on=2026-03-20");
    story.ok("order confirm O1");

    let state =
        |story: &Story| story.ok("order show O1 --template '{status} {payment_status} {fulfilment_status}'");
    assert_eq!(state(story), "confirmed unpaid unfulfilled\n");
    story.at("2026-03-16T10:00:00+01:00", "Ann");
    story.ok("order pay O1 800");
    story.ok("order ship O1 --carrier DHL --tracking 00340434");
    assert_eq!(state(story), "processing partially_paid shipped\n");
    story.at("2026-03-18T10:00:00+01:00", "Ann");
    story.ok("order deliver O1");
    story.at("2026-03-20T10:00:00+01:00", "Ann");
    story.ok("order pay O1");
    assert_eq!(state(story), "processing paid delivered\n");
}

/// Something does not work: the clock runs, waits with us for the customer, and is kept. Then the customer says how it was,
/// and orders again.
fn ticket_and_second_order(story: &mut Story) {
    let clocks = |story: &Story| story.ok("ticket clock K1 --template '{clock} {state} {used}'");
    story.at("2026-03-23T10:00:00+01:00", "Ann");
    story.ok("ticket add 'Tracker 7 is mute' --order O1 --channel email --take");
    // Answered after one of the two hours that were promised; from there on it is not our time.
    story.at("2026-03-23T11:00:00+01:00", "Ann");
    story.ok("ticket reply K1 'Which light blinks?' --wait");
    assert_eq!(clocks(story), "first_response met 3600\nresolution paused 3600\n");
    // Eleven working hours later nothing has been added.
    story.at("2026-03-24T15:00:00+01:00", "Ann");
    assert_eq!(clocks(story), "first_response met 3600\nresolution paused 3600\n");
    story.ok("ticket receive K1 'The red one'");
    story.at("2026-03-24T16:00:00+01:00", "Ann");
    story.ok("ticket advance K1 executing");
    // 15:00–17:00 and 9:00–11:00 of the next day: five of eight hours.
    story.at("2026-03-25T11:00:00+01:00", "Ann");
    story.ok("ticket resolve K1 --solution 'Sent a new one'");
    assert_eq!(clocks(story), "first_response met 3600\nresolution met 18000\n");
    story.at("2026-03-26T11:00:00+01:00", "Ann");
    story.ok("ticket close K1 --csat 5");

    story.at("2026-03-27T10:00:00+01:00", "陈晓");
    story.ok("feedback add --customer C2 --survey nps --score 9");
    story.ok("feedback add --customer C3 --survey nps --score 3");
    story.ok("feedback add --customer C2 --survey ces --score 6");

    story.at("2026-03-30T10:00:00+02:00", "Ann");
    story.ok("order add --customer C2 --line 'TRK-100 x2' --field due_on=2026-04-13");
    story.ok("order confirm O2");
}

/// What each report of leads and deals says, and why.
const OF_SALES: &[(&str, &str)] = &[
    // Three wrote by the form on 2 March; Nora became a deal, 李雷 was disqualified, nobody spoke with Omar.
    // 1 of 3 by cohort, 1 of 1 + 1 by flow. First words after 30 and 60 minutes: median 45 minutes, 2 of 3 within the hour.
    (
        "leads",
        "all 3 1 33.33% 1 1 1 1 50.00% 2 2700 0.00% 66.67% 66.67% 1
         total 3 1 33.33% 1 1 1 1 50.00% 2 2700 0.00% 66.67% 66.67% 1",
    ),
    // Nora's deal is the only one: won for 1,200 ten days after it was opened.
    (
        "sources",
        "web_form 3 1 33.33% 1 1 1200.00 EUR 100.00% 10.0
         total 3 1 33.33% 1 1 1200.00 EUR 100.00% 10.0",
    ),
    // The company that came with Nora counts too, and heard from us when she did: 30, 30 and 60 minutes.
    (
        "lead-response",
        "all 4 3 1800 0.00% 75.00% 75.00% 1
         total 4 3 1800 0.00% 75.00% 75.00% 1",
    ),
    (
        "win-rate",
        "all 1 0 100.00% 1200.00 EUR 0.00 EUR
         total 1 0 100.00% 1200.00 EUR 0.00 EUR",
    ),
    (
        "won",
        "all 1 1200.00 EUR 1200.00 EUR 1200.00 EUR 10.0 10.0
         total 1 1200.00 EUR 1200.00 EUR 1200.00 EUR 10.0 10.0",
    ),
    ("lost", "total 0 0.00 EUR –"),
    ("pipeline", "total 0 0.00 EUR 0.00 EUR 0"),
    ("aging", "total  0 0.00 EUR 0 0.00 EUR"),
    // What was expected in March when March began was nothing.
    ("slippage --period 2026-03", "total 0 0.00 EUR 0 0.00 EUR 0 –"),
    (
        "funnel",
        "sales prospecting 1 100.00% 100.00%
         sales qualification 1 100.00% 100.00%
         sales needs_analysis 1 100.00% 100.00%
         sales proposal 1 100.00% 100.00%
         sales negotiation 1 100.00% 100.00%
         sales won 1 100.00% 100.00%
         total  1  100.00%",
    ),
    // 2 → 3 → 5 → 5 → 9 → 12 March: 1, 2, 0, 4 and 3 days, of which the median is 2.
    (
        "flow",
        " prospecting 1 100.00%
         prospecting qualification 1 100.00% 1.0
         qualification needs_analysis 1 100.00% 2.0
         needs_analysis proposal 1 100.00% 0.0
         proposal negotiation 1 100.00% 4.0
         negotiation won 1 100.00% 3.0
         total  6  2.0",
    ),
    // Nothing is open, so nothing moves: 0 × 1,200 × 1 / 10.
    (
        "velocity",
        "all 0 1200.00 EUR 100.00% 10.0 0.00 EUR
         total 0 1200.00 EUR 100.00% 10.0 0.00 EUR",
    ),
    (
        "forecast --period 2026-03",
        "all 1200.00 EUR 0.00 EUR 0.00 EUR 0.00 EUR 1200.00 EUR 1200.00 EUR 1200.00 EUR 0.00 EUR 0 0 0 0.00 EUR
         total 1200.00 EUR 0.00 EUR 0.00 EUR 0.00 EUR 1200.00 EUR 1200.00 EUR 1200.00 EUR 0.00 EUR 0 0 0 0.00 EUR",
    ),
    // On 5 March the deal was a proposal: no commit, best case 1,200, weighted 60 % of it. 1,200 came:
    // 1 − 1200/1200, 1 − 0/1200, 1 − 480/1200.
    (
        "forecast-accuracy",
        "2026-03-05 2026-03 all 1200.00 EUR 0.00 EUR 0.00% 1200.00 EUR 100.00% 720.00 EUR 60.00%",
    ),
    // Ann: two messages by the form, a call and a visit; 陈晓: a message and a call. Each did a task on its day.
    (
        "team --period 2026-03",
        "Ann 1  1 1200.00 EUR 100.00% 10.0 1 100.00% 4 1 0 0 2 1 0 0
         陈晓 2  0 0.00 EUR –  1 100.00% 2 1 0 0 1 0 0 0
         total   1 1200.00 EUR 100.00% 10.0 2 100.00% 6 2 0 0 3 1 0 0",
    ),
    // The visit was for the deal that was won.
    (
        "activity --period 2026-03",
        "Ann 4 1 1.0 1 0 0 2 1 0 0
         陈晓 2 0  1 0 0 1 0 0 0
         total 6 1 1.0 2 0 0 3 1 0 0",
    ),
    // From 2 March to 20 April; with Nora, and so with her company, there was a word for the ticket on 24 March.
    (
        "stale --days 30",
        "C3 customer 李雷 陈晓 2026-03-02 49 silent for 49 days
         C4 customer Omar Haddad Ann 2026-03-02 49 silent for 49 days",
    ),
    // Four customers, one of them a company; all that is known is three names with an e-mail, and where one works.
    (
        "data-quality",
        "reachable 4 1 75.00%
         email 4 1 75.00%
         phone 4 4 0.00%
         company 3 2 33.33%
         title 3 3 0.00%
         website 1 1 0.00%
         industry 1 1 0.00%
         city 4 4 0.00%
         country 4 4 0.00%
         source 4 1 75.00%
         owner 4 1 75.00%
         contacted 4 0 100.00%
         fresh 4 2 50.00%
         valid_email 3 0 100.00%
         valid_phone 0 0 –
         once 4 0 100.00%",
    ),
];

/// What each report of orders, tickets and answers says, and why.
const OF_SERVICE: &[(&str, &str)] = &[
    // 1,309 + 2 × 100 × 1.19 = 1,547; half of it is 773.50. 1,309 of what was due by now came in, which is 84.615 %.
    // Sent 4 days after it was ordered, 2 days on its way, before the day that was promised.
    (
        "orders",
        "all 2 1547.00 EUR 773.50 EUR 1309.00 EUR 1547.00 EUR 84.62% 238.00 EUR 100.00% 4.0 2.0 0.00%
         total 2 1547.00 EUR 773.50 EUR 1309.00 EUR 1547.00 EUR 84.62% 238.00 EUR 100.00% 4.0 2.0 0.00%",
    ),
    // The second order was due on 13 April, a week ago.
    (
        "receivables",
        "Nora Berg 1 238.00 EUR 0.00 EUR 238.00 EUR 0.00 EUR 0.00 EUR 0.00 EUR
         total 1 238.00 EUR 0.00 EUR 238.00 EUR 0.00 EUR 0.00 EUR 0.00 EUR",
    ),
    // One came, one was solved in five working hours, with one answer, and did not come back.
    (
        "tickets --period 2026-03",
        "all 0 1 1 1 0 0.00% 100.00% 18000
         total 0 1 1 1 0 0.00% 100.00% 18000",
    ),
    // By the clock on the wall: taken at once; 10–11; Monday 11:00 to Tuesday 16:00, 29 hours; to Wednesday 11:00, 19;
    // a day. 73 hours in 5 stays of one ticket are 52,560 seconds each.
    (
        "ticket-steps --period 2026-03",
        "received 1 1 0 0
         assigned 1 1 3600 3600
         contacted 1 1 104400 104400
         executing 1 1 68400 68400
         verifying 1 1 86400 86400
         total 1 5 52560 68400",
    ),
    (
        "sla --period 2026-03",
        "all 1 1 0 100.00% 1 0 100.00%
         total 1 1 0 100.00% 1 0 100.00%",
    ),
    (
        "agents --period 2026-03",
        "Ann 0 1 1 3600 0 1 100.00%
         total 0 1 1 3600 0 1 100.00%",
    ),
    // Nobody was sent a question. One 5 of 5; a 9 and a 3, a promoter less a detractor; a 6 of 7.
    (
        "csat",
        "all 0 – 1 1 100.00% 5.0
         total 0 – 1 1 100.00% 5.0",
    ),
    (
        "nps",
        "all 0 – 2 1 0 1 0
         total 0 – 2 1 0 1 0",
    ),
    (
        "ces",
        "all 0 – 1 6.0 1 100.00%
         total 0 – 1 6.0 1 100.00%",
    ),
    // All of it beside January and February, when there was nothing.
    (
        "overview --period 2026-03..2026-04",
        "revenue 1200.00 0.00 1200.00 – better up EUR
         deals_won 1 0 1 – better up deals
         average_deal 1200.00   –  up EUR
         new_customers 1 0 1 – better up customers
         active_customers 1 0 1 – better up customers
         win_rate 100.00% – – –  up share
         cycle 10.0   –  down days
         deals_opened 1 0 1 – better up deals
         open_deals 0 0 0 – same up deals
         open_pipeline 0.00 0.00 0.00 – same up EUR
         weighted_pipeline 0.00 0.00 0.00 – same up EUR
         activities 6 0 6 – better up activities
         overdue_tasks 1 0 1 – worse down tasks
         overdue_receivable 238.00   –  down EUR
         csat 100.00% – – –  up share
         nps 0     up points
         sla 100.00% – – –  up share",
    ),
];

#[test]
fn a_customer_from_the_first_word_to_the_second_order_and_back() {
    let mut story = Story::begin();
    let empty = image(&story, "empty");
    set_up(&story);
    leads(&mut story);
    deal_and_order(&mut story);
    ticket_and_second_order(&mut story);

    story.at(READ, "self");
    let told: Vec<&str> = OF_SALES
        .iter()
        .chain(OF_SERVICE)
        .map(|(line, expected)| {
            story.report(line, expected);
            line.split(' ').next().expect("a name")
        })
        .collect();
    for name in story.ok("report list --template '{name}'").lines() {
        assert!(told.contains(&name), "the report {name} is not looked at");
    }

    // Everything but the users, who cannot go while the log says what they did.
    let operations = story.ok("op list --limit 0 --template '{no} {title}'");
    assert_ne!(image(&story, "full"), empty);
    for operation in operations.lines() {
        let (number, title) = operation.split_once(' ').expect("a number and a title");
        if !title.starts_with("Added user") {
            story.ok(&format!("undo {number}"));
        }
    }
    assert_eq!(image(&story, "after"), empty);
}
