use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::pattern::WEEKDAYS;
use super::*;
use crate::domain::clock::Clock;
use crate::domain::when::Leaning;

fn clock() -> Clock {
    let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
    Clock::new(now, TimeZone::UTC)
}

fn rule(text: &str) -> Result<Recurrence, NotARule> {
    let clock = clock();
    Recurrence::read(text, &Reading::new(&clock, Leaning::Future))
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Rules as people write them, and their canonical form.
const RULES: &[(&str, &str)] = &[
    ("daily", "daily"),
    ("every day", "daily"),
    ("every other day", "every 2 days"),
    ("Every 3 Days", "every 3 days"),
    ("weekdays", "weekdays"),
    ("every weekday", "weekdays"),
    ("every working day", "weekdays"),
    ("mon-fri", "weekdays"),
    ("weekly", "weekly"),
    ("every week", "weekly"),
    ("weekly on monday", "every mon"),
    ("every mon,thu", "every mon,thu"),
    ("every Thursday and Monday", "every mon,thu"),
    ("mondays", "every mon"),
    ("every weekend", "every sat,sun"),
    ("every 2 weeks on tue", "every 2 weeks on tue"),
    ("fortnightly", "every 2 weeks"),
    ("every other week on fri", "every 2 weeks on fri"),
    ("every second week", "every 2 weeks"),
    ("monthly", "monthly"),
    ("monthly on the 31st", "monthly on the 31st"),
    ("monthly on 15", "monthly on the 15th"),
    ("every 15th", "monthly on the 15th"),
    ("the 22nd of the month", "monthly on the 22nd"),
    ("last day of the month", "monthly on the last day"),
    ("monthly on the last day", "monthly on the last day"),
    ("first monday of the month", "monthly on the first mon"),
    ("every second tuesday", "monthly on the second tue"),
    ("every last fri of the month", "monthly on the last fri"),
    ("last weekday of the month", "monthly on the last weekday"),
    ("1st working day of each month", "monthly on the first weekday"),
    (
        "every 2 months on the third wed",
        "every 2 months on the third wed",
    ),
    ("quarterly", "quarterly"),
    ("every 3 months", "quarterly"),
    ("every quarter on the last day", "quarterly on the last day"),
    ("every 6 months", "every 6 months"),
    ("yearly", "yearly"),
    ("annually on 24 december", "yearly on 24 dec"),
    ("every year on feb 29th", "yearly on 29 feb"),
    ("every 2 years on 02-29", "every 2 years on 29 feb"),
    ("weekly until 2026-12-31", "weekly until 2026-12-31"),
    ("weekly until dec", "weekly until 2026-12-31"),
    ("weekly until eoy x5", "weekly until 2026-12-31 x5"),
    ("daily x5", "daily x5"),
    ("daily for 5 times", "daily x5"),
    ("daily 5x", "daily x5"),
    ("every 3 days after done", "every 3 days after done"),
    ("every 3 days after completion x2", "every 3 days after done x2"),
    ("weekly from the plan", "weekly"),
    (
        "every mon until 2027-03-01 after done x9",
        "every mon after done until 2027-03-01 x9",
    ),
    ("每天", "daily"),
    ("每３天", "every 3 days"),
    ("隔天", "every 2 days"),
    ("每个工作日", "weekdays"),
    ("每周一到周五", "weekdays"),
    ("每周", "weekly"),
    ("每个星期", "weekly"),
    ("每周一", "every mon"),
    ("每星期一、四", "every mon,thu"),
    ("每周一和周四", "every mon,thu"),
    ("每周末", "every sat,sun"),
    ("每两周", "every 2 weeks"),
    ("每隔两周的周二", "every 2 weeks on tue"),
    ("每2周周二", "every 2 weeks on tue"),
    ("隔周周五", "every 2 weeks on fri"),
    ("每月", "monthly"),
    ("每个月", "monthly"),
    ("每月15日", "monthly on the 15th"),
    ("每月三十一号", "monthly on the 31st"),
    ("每月最后一天", "monthly on the last day"),
    ("每月底", "monthly on the last day"),
    ("每月第一个周一", "monthly on the first mon"),
    ("每月最后一个工作日", "monthly on the last weekday"),
    ("每两个月的第三个星期三", "every 2 months on the third wed"),
    ("每季度", "quarterly"),
    ("每半年", "every 6 months"),
    ("每年", "yearly"),
    ("每年2月29日", "yearly on 29 feb"),
    ("完成后每3天", "every 3 days after done"),
    ("每周，完成后", "weekly after done"),
    ("每周一直到年底", "every mon until 2026-12-31"),
    ("每天共5次", "daily x5"),
    ("每天直到2026年12月31日 5次", "daily until 2026-12-31 x5"),
];

#[test]
fn what_is_understood_and_its_canonical_form() {
    for (text, canonical) in RULES {
        let read = rule(text).unwrap_or_else(|refusal| panic!("{text}: {}", refusal.message));
        assert_eq!(read.to_string(), *canonical, "{text}");
    }
}

#[test]
fn what_is_refused_says_what_would_be_understood() {
    for text in [
        "",
        "often",
        "every",
        "every blue moon",
        "15",
        "every 0 days",
        "every 5000 days",
        "monthly on the 32nd",
        "monthly on",
        "yearly on 30 feb",
        "yearly on the 15th",
        "fifth friday of the month",
        "weekly x0",
        "weekly x3 x4",
        "weekly until",
        "weekly until sometime",
        "weekly until none",
        "daily weekly",
        "每",
        "每月32日",
        "每年2月30日",
        "每月第五个周五",
        "每个蓝月亮",
        "每天到",
    ] {
        assert!(rule(text).is_err(), "{text}");
    }
    let refusal = rule("wekly").unwrap_err();
    assert!(
        refusal.message.contains("every 2 weeks on tue"),
        "{}",
        refusal.message
    );
    assert_eq!(refusal.suggestions.first().map(String::as_str), Some("weekly"));
    for example in EXAMPLES {
        assert_eq!(rule(example).unwrap().to_string(), *example);
    }
}

/// Rule, planned day, the day on which it was done, the days that follow when each is done in time.
const WORKED: &[(&str, &str, &str, &str)] = &[
    ("daily", "2026-11-27", "2026-11-27", "2026-11-28 2026-11-29"),
    // Forgotten for a week: no pile, it is due today.
    ("daily", "2026-11-20", "2026-11-27", "2026-11-27 2026-11-28"),
    (
        "every 3 days",
        "2026-11-20",
        "2026-11-27",
        "2026-11-29 2026-12-02",
    ),
    (
        "every 3 days after done",
        "2026-11-20",
        "2026-11-27",
        "2026-11-30 2026-12-03",
    ),
    ("weekdays", "2026-11-27", "2026-11-27", "2026-11-30 2026-12-01"),
    ("weekly", "2026-11-26", "2026-11-27", "2026-12-03 2026-12-10"),
    // Done before its time: the next one is the one after it all the same.
    ("weekly", "2026-12-04", "2026-11-27", "2026-12-11 2026-12-18"),
    (
        "weekly after done",
        "2026-11-26",
        "2026-11-27",
        "2026-12-04 2026-12-11",
    ),
    (
        "every mon,thu",
        "2026-11-26",
        "2026-11-27",
        "2026-11-30 2026-12-03",
    ),
    (
        "every 2 weeks on tue",
        "2026-11-24",
        "2026-11-27",
        "2026-12-08 2026-12-22",
    ),
    (
        "every 2 weeks on mon,fri",
        "2026-11-23",
        "2026-11-23",
        "2026-11-27 2026-12-07",
    ),
    (
        "every 2 weeks on tue after done",
        "2026-11-24",
        "2026-11-30",
        "2026-12-08 2026-12-22",
    ),
    (
        "monthly on the 31st",
        "2027-01-31",
        "2027-01-31",
        "2027-02-28 2027-03-31 2027-04-30",
    ),
    ("monthly", "2027-01-15", "2027-01-20", "2027-02-15 2027-03-15"),
    (
        "monthly on the last day",
        "2028-01-31",
        "2028-01-31",
        "2028-02-29 2028-03-31",
    ),
    (
        "monthly on the first mon",
        "2026-11-02",
        "2026-11-02",
        "2026-12-07 2027-01-04",
    ),
    (
        "monthly on the last fri",
        "2026-11-27",
        "2026-11-27",
        "2026-12-25 2027-01-29",
    ),
    (
        "monthly on the last weekday",
        "2026-11-30",
        "2026-11-30",
        "2026-12-31 2027-01-29",
    ),
    (
        "monthly on the second weekday",
        "2026-11-03",
        "2026-11-03",
        "2026-12-02 2027-01-04",
    ),
    (
        "monthly on the 15th after done",
        "2026-11-15",
        "2026-11-14",
        "2026-11-15 2026-12-15",
    ),
    (
        "quarterly on the 31st",
        "2026-11-30",
        "2026-11-30",
        "2027-02-28 2027-05-31",
    ),
    (
        "yearly on 29 feb",
        "2028-02-29",
        "2028-02-29",
        "2029-02-28 2030-02-28 2031-02-28 2032-02-29",
    ),
    ("yearly", "2026-11-27", "2026-11-27", "2027-11-27 2028-11-27"),
    (
        "weekly until 2026-12-10",
        "2026-11-26",
        "2026-11-26",
        "2026-12-03 2026-12-10 -",
    ),
    ("weekly x3", "2026-11-26", "2026-11-26", "2026-12-03 2026-12-10 -"),
    ("weekly x1", "2026-11-26", "2026-11-26", "-"),
];

#[test]
fn worked_cases() {
    for (text, plan, done, days) in WORKED {
        let (mut rule, mut plan, mut done) = (rule(text).unwrap(), date(plan), date(done));
        for expected in days.split(' ') {
            let next = rule.next(plan, done, done);
            assert_eq!(
                next.map_or("-".to_owned(), |day| day.to_string()),
                expected,
                "{text} after {plan}"
            );
            let Some(next) = next else { break };
            (plan, done, rule) = (next, next, rule.reduced());
        }
    }
}

#[test]
fn a_month_without_that_day_makes_nothing_forgotten() {
    let pinned = |text: &str, plan: &str| rule(text).unwrap().pinned(date(plan)).to_string();
    assert_eq!(pinned("monthly", "2027-01-31"), "monthly on the 31st");
    assert_eq!(pinned("monthly", "2027-01-28"), "monthly");
    assert_eq!(pinned("quarterly", "2026-11-30"), "quarterly on the 30th");
    assert_eq!(pinned("yearly", "2028-02-29"), "yearly on 29 feb");
    assert_eq!(pinned("monthly after done", "2027-01-31"), "monthly after done");
    assert_eq!(pinned("every 2 weeks", "2027-01-31"), "every 2 weeks");
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..40_000_i32).prop_map(|days| {
        let span = jiff::Span::new().days(days);
        date("1990-01-01").checked_add(span).unwrap()
    })
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    let set = prop::collection::vec(0..7_usize, 0..4).prop_map(|days| {
        days.into_iter()
            .fold(WeekdaySet::default(), |set, day| set.with(WEEKDAYS[day].0))
    });
    let nth = (0..5_usize, 0..8_usize).prop_map(|(nth, which)| {
        let which = WEEKDAYS
            .get(which)
            .map_or(Which::Working, |(day, _)| Which::Day(*day));
        MonthDay::Nth(Nth::ALL[nth].0, which)
    });
    let month_day = prop_oneof![
        Just(MonthDay::Plan),
        Just(MonthDay::Last),
        (1..=31_i8).prop_map(MonthDay::Day),
        nth,
    ];
    let year_day = any_day().prop_map(|day| (day.month(), day.day()));
    prop_oneof![
        (1..=40_u32).prop_map(Pattern::Days),
        (1..=9_u32, set).prop_map(|(every, set)| Pattern::Weeks(every, set)),
        (1..=14_u32, month_day).prop_map(|(every, day)| Pattern::Months(every, day)),
        (1..=5_u32, prop::option::of(year_day)).prop_map(|(every, day)| Pattern::Years(every, day)),
    ]
}

fn any_rule() -> impl Strategy<Value = Recurrence> {
    (
        any_pattern(),
        any::<bool>(),
        prop::option::of(any_day()),
        prop::option::of(1..=1000_u32),
    )
        .prop_map(|(pattern, done, until, count)| Recurrence {
            pattern,
            anchor: if done { Anchor::Done } else { Anchor::Plan },
            until,
            count,
        })
}

proptest! {
    #[test]
    fn the_canonical_form_reads_back(known in any_rule()) {
        let text = known.to_string();
        prop_assert_eq!(rule(&text).map_err(|refusal| refusal.message), Ok(known), "{}", text);
    }

    #[test]
    fn the_next_day_never_goes_back(known in any_rule(), plan in any_day(), late in 0..800_i32) {
        let endless = Recurrence { until: None, count: None, ..known };
        let done = plan.checked_add(jiff::Span::new().days(late - 20)).unwrap();
        let next = endless.next(plan, done, done).unwrap();
        prop_assert!(next >= done, "{} of {}", next, endless);
        match endless.anchor {
            Anchor::Plan => prop_assert!(next > plan, "{} of {}", next, endless),
            Anchor::Done => prop_assert!(next > done, "{} of {}", next, endless),
        }
        // An end takes days away and changes none.
        prop_assert!(known.next(plan, done, done).is_none_or(|day| day == next));
    }

    #[test]
    fn nothing_between_is_passed_over(known in any_pattern(), plan in any_day(), late in 0..300_i32) {
        let earliest = plan.checked_add(jiff::Span::new().days(late)).unwrap();
        let wanted = known.following(plan, earliest).unwrap();
        // One step after another leads to the same day.
        let mut day = known.pinned(plan).following(plan, plan).unwrap();
        let mut steps = 0;
        while day < earliest && steps < 400 {
            day = known.pinned(plan).following(day, day).unwrap();
            steps += 1;
        }
        // A week with several days keeps its phase, whichever of them is left.
        prop_assert_eq!(day, wanted, "{} from {}", known, plan);
    }

    #[test]
    fn months_clamp_and_recover(months in 1..30_u32) {
        let rule = Pattern::Months(months, MonthDay::Day(31));
        let mut day = date("2027-01-31");
        for _ in 0..24 {
            day = rule.following(day, day).unwrap();
            prop_assert_eq!(day, day.last_of_month());
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,30}", words in prop::collection::vec("(every|[0-9]{1,3}|mon|last|day|of|the|month|x5|until|after|done|每|周|一|月|最后|第|个|日|到|次)", 0..8)) {
        let _ = rule(&text);
        let _ = rule(&words.join(" "));
        let _ = rule(&words.concat());
    }
}
