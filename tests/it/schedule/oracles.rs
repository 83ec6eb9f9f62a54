//! Cron expressions in zones, across both clock changes.
//!
//! There are two oracles: croner, where its rule is the same as ours, and a walk over the wall
//! clock minute by minute, which applies our rule to everything.

use accesswatch::model::Time;
use accesswatch::schedule::Cron;
use chrono::{Duration, Timelike, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::sample::select;

use crate::schedule::cron::{BERLIN, at, cron};

/// The rule itself, by a walk over real minutes: a wildcard hour follows the clock; a fixed hour is
/// due when the wall clock reaches or skips it for the first time.
fn walk(text: &str, tz: Tz, from: Time, to: Time) -> Vec<Time> {
    let fields: Vec<&str> = text.split(' ').collect();
    let &[m, h, day, month, weekday] = fields.as_slice() else {
        panic!("five fields")
    };
    let by_day = croner::Cron::oracle(&format!("{m} {h} {day} {month} *"));
    let by_weekday = croner::Cron::oracle(&format!("{m} {h} * {month} {weekday}"));
    let wildcard_hour = h.starts_with('*');
    let either = !day.starts_with('*') && !weekday.starts_with('*');
    let matches = |naive: chrono::NaiveDateTime| {
        let hit = |c: &croner::Cron| c.is_time_matching(&naive.and_utc()).unwrap();
        if either {
            hit(&by_day) || hit(&by_weekday)
        } else {
            hit(&by_day) && hit(&by_weekday)
        }
    };
    let minute = Duration::minutes(1);
    let wall = |t: Time| t.with_timezone(&tz).naive_local();
    let mut found = Vec::new();
    let mut t = from - Duration::hours(3);
    let mut passed = wall(t);
    while t < to {
        t += minute;
        let now = wall(t);
        let fires = if wildcard_hour {
            matches(now)
        } else {
            let mut any = false;
            while passed < now {
                passed += minute;
                any |= matches(passed);
            }
            any
        };
        if fires && t >= from {
            found.push(t);
        }
    }
    found
}

trait Oracle {
    fn oracle(text: &str) -> croner::Cron;
}

impl Oracle for croner::Cron {
    fn oracle(text: &str) -> croner::Cron {
        text.parse().unwrap()
    }
}

fn field(min: u32, max: u32) -> impl Strategy<Value = String> {
    let one = (min..=max).prop_map(|n| n.to_string());
    let range = (min..=max, min..=max)
        .prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b)))
        .boxed();
    let step = (min..=max, min..=max, 1..=(max - min))
        .prop_map(|(a, b, s)| format!("{}-{}/{s}", a.min(b), a.max(b)));
    let list = proptest::collection::vec(min..=max, 1..4).prop_map(|v| {
        let v: Vec<String> = v.iter().map(ToString::to_string).collect();
        v.join(",")
    });
    prop_oneof![
        3 => Just("*".to_owned()),
        1 => (1..=(max - min)).prop_map(|s| format!("*/{s}")),
        2 => one,
        1 => range,
        1 => step,
        1 => list
    ]
}

fn expression() -> impl Strategy<Value = String> {
    (
        field(0, 59),
        field(0, 23),
        field(1, 28),
        field(1, 12),
        field(0, 7),
    )
        .prop_map(|(m, h, d, mo, w)| format!("{m} {h} {d} {mo} {w}"))
}

fn zone() -> impl Strategy<Value = Tz> {
    select(vec![
        chrono_tz::Asia::Shanghai,
        chrono_tz::Europe::Berlin,
        chrono_tz::America::New_York,
        chrono_tz::Australia::Lord_Howe,
        chrono_tz::Asia::Kathmandu,
        chrono_tz::UTC,
    ])
}

/// Any minute of two years, or a minute within hours of a clock change of the zones above.
fn instant() -> impl Strategy<Value = Time> {
    let changes = select(vec![
        at("2026-03-29T01:00:00Z"),
        at("2026-10-25T01:00:00Z"),
        at("2026-03-08T07:00:00Z"),
        at("2026-11-01T06:00:00Z"),
        at("2026-04-04T15:00:00Z"),
        at("2026-10-03T15:30:00Z"),
    ]);
    prop_oneof![
        (0_i64..2 * 365 * 86_400).prop_map(|s| at("2026-01-01T00:00:00Z") + Duration::seconds(s)),
        (changes, -20_000_i64..20_000).prop_map(|(t, s)| t + Duration::seconds(s)),
    ]
}

/// Whether croner's rule is ours: for one fixed minute of one fixed hour, or a wildcard hour.
/// Elsewhere it differs on purpose: it calls `0 2,14 * * *` and `*/15 2 * * *` intervals, and so
/// skips them in a gap and runs them twice in a repeat, while crontab (and this crate) promises one
/// run a day.
fn croner_agrees(text: &str) -> bool {
    let mut fields = text.split(' ');
    let (minute, hour) = (fields.next().unwrap(), fields.next().unwrap());
    let one = |field: &str| field.bytes().all(|b| b.is_ascii_digit());
    hour.starts_with('*') || (one(minute) && one(hour))
}

/// Where a day field is `*/n`, croner lets either day field suffice; crontab(5) requires both,
/// because a field that begins with `*` restricts nothing.
fn starred_day_step(text: &str) -> bool {
    let fields: Vec<&str> = text.split(' ').collect();
    let step = |at: usize| fields[at].starts_with("*/");
    step(2) || step(4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn next_is_croners(text in expression(), tz in zone(), t in instant()) {
        prop_assume!(croner_agrees(&text) && !starred_day_step(&text));
        let theirs = croner::Cron::oracle(&text)
            .find_next_occurrence(&t.with_timezone(&tz), false)
            .map(|d| d.with_timezone(&Utc));
        let ours = cron(&text).next_after(t, tz);
        prop_assert_eq!(ours, theirs.ok(), "{} {} {}", text, tz, t);
    }

    #[test]
    fn fires_are_those_of_the_rule(text in expression(), tz in zone(), t in instant()) {
        let from = t.with_second(0).unwrap();
        let to = from + Duration::hours(12);
        let cron = cron(&text);
        let mut ours = Vec::new();
        let mut at = from - Duration::nanoseconds(1);
        while let Some(fire) = cron.next_after(at, tz).filter(|f| *f <= to) {
            ours.push(fire);
            at = fire;
        }
        let rule = walk(&text, tz, from, to);
        let differs = ours.iter().zip(&rule).find(|(a, b)| a != b);
        prop_assert!(differs.is_none(), "{text} {tz} {t}: ours and the rule's: {differs:?}");
        prop_assert_eq!(ours.len(), rule.len(), "{} {} {}", text, tz, t);
    }

    #[test]
    fn what_fires_has_a_next_fire(text in expression()) {
        let (cron, begin) = (cron(&text), at("1970-01-01T00:00:00Z"));
        prop_assert_eq!(cron.fires(), cron.next_after(begin, Tz::UTC).is_some());
    }

    #[test]
    fn last_is_the_inverse_of_next(text in expression(), tz in zone(), t in instant()) {
        let cron = cron(&text);
        if let Some(next) = cron.next_after(t, tz) {
            prop_assert!(next > t);
            prop_assert_eq!(cron.last_at_or_before(next, tz), Some(next));
            let before = cron.last_at_or_before(next - Duration::nanoseconds(1), tz);
            prop_assert!(before.is_none_or(|b| b <= t), "{before:?} lies between {t} and {next}");
        }
        if let Some(last) = cron.last_at_or_before(t, tz) {
            prop_assert!(last <= t);
            prop_assert!(cron.next_after(last, tz).is_none_or(|next| next > t));
        }
    }

    #[test]
    fn parsing_never_panics(text in "[-@*/,0-9a-z #?LW]{0,24}") {
        if let Ok(cron) = Cron::parse(&text) {
            prop_assert!(cron.next_after(at("2026-11-23T10:00:00Z"), BERLIN).is_none_or(|f| f.second() == 0));
        }
    }
}
