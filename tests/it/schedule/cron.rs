//! Cron expressions in zones, across both clock changes.

use accesswatch::model::Time;
use accesswatch::schedule::{Cron, plan};
use chrono::Duration;
use chrono_tz::Tz;

pub fn at(text: &str) -> Time {
    text.parse().unwrap()
}

pub fn cron(text: &str) -> Cron {
    Cron::parse(text).unwrap()
}

/// All fires in `[from, to]`, as the zone's wall clock shows them, with the offset.
fn fires(text: &str, tz: Tz, from: &str, to: &str) -> Vec<String> {
    let (cron, to) = (cron(text), at(to));
    let mut t = at(from) - Duration::seconds(1);
    let mut found = Vec::new();
    while let Some(fire) = cron.next_after(t, tz) {
        if fire > to {
            break;
        }
        found.push(fire.with_timezone(&tz).format("%d %H:%M %z").to_string());
        t = fire;
    }
    found
}

pub const BERLIN: Tz = chrono_tz::Europe::Berlin;

#[test]
fn a_job_in_the_skipped_hour_runs_once_right_after_it() {
    let day = ("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z");
    assert_eq!(
        fires("30 2 * * *", BERLIN, day.0, day.1),
        ["29 03:00 +0200"]
    );
    assert_eq!(
        fires("*/15 2 * * *", BERLIN, day.0, day.1),
        ["29 03:00 +0200"]
    );
    // The other hours of the list are unchanged, and 03:00 does not run twice.
    assert_eq!(
        fires("0 1-4 * * *", BERLIN, day.0, day.1),
        ["29 01:00 +0100", "29 03:00 +0200", "29 04:00 +0200"]
    );
}

#[test]
fn a_job_in_the_repeated_hour_runs_once() {
    let day = ("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z");
    assert_eq!(
        fires("30 2 * * *", BERLIN, day.0, day.1),
        ["25 02:30 +0200"]
    );
    assert_eq!(
        fires("0,30 2 * * *", BERLIN, day.0, day.1),
        ["25 02:00 +0200", "25 02:30 +0200"]
    );
}

#[test]
fn a_beat_keeps_its_time() {
    for change in ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"] {
        let (mut t, end) = (
            at(change) - Duration::hours(3),
            at(change) + Duration::hours(3),
        );
        let quarter = cron("*/15 * * * *");
        while t < end {
            let next = quarter.next_after(t, BERLIN).unwrap();
            assert_eq!(next - t, Duration::minutes(15), "after {t}");
            assert_eq!(quarter.last_at_or_before(next, BERLIN), Some(next));
            t = next;
        }
    }
    assert_eq!(
        fires(
            "30 * * * *",
            BERLIN,
            "2026-03-29T00:00:00Z",
            "2026-03-29T02:00:00Z"
        ),
        ["29 01:30 +0100", "29 03:30 +0200"]
    );
    assert_eq!(
        fires(
            "30 * * * *",
            BERLIN,
            "2026-10-25T00:00:00Z",
            "2026-10-25T02:00:00Z"
        ),
        ["25 02:30 +0200", "25 02:30 +0100"]
    );
}

#[test]
fn a_half_hour_change_is_a_change() {
    let howe = chrono_tz::Australia::Lord_Howe;
    assert_eq!(
        fires(
            "15 2 * * *",
            howe,
            "2026-10-03T12:00:00Z",
            "2026-10-04T00:00:00Z"
        ),
        ["04 02:30 +1100"]
    );
    assert_eq!(
        fires(
            "45 1 * * *",
            howe,
            "2026-04-04T12:00:00Z",
            "2026-04-05T00:00:00Z"
        ),
        ["05 01:45 +1100"]
    );
}

#[test]
fn a_day_or_a_week_day_suffices_when_both_are_restricted() {
    // 13 November 2026 is a Friday: the days are Fridays and the 15th.
    assert_eq!(
        fires(
            "0 12 15 * 5",
            Tz::UTC,
            "2026-11-10T00:00:00Z",
            "2026-11-21T00:00:00Z"
        ),
        ["13 12:00 +0000", "15 12:00 +0000", "20 12:00 +0000"]
    );
    // For crontab a step on `*` restricts nothing, so both fields must match.
    assert_eq!(
        fires(
            "0 12 */2 * 5",
            Tz::UTC,
            "2026-11-10T00:00:00Z",
            "2026-11-28T00:00:00Z"
        ),
        ["13 12:00 +0000", "27 12:00 +0000"]
    );
}

#[test]
fn nicknames_and_names() {
    let t = at("2026-11-23T10:00:00Z"); // a Monday
    let next = |text: &str| {
        cron(text)
            .next_after(t, Tz::UTC)
            .unwrap()
            .format("%F %H:%M")
            .to_string()
    };
    assert_eq!(next("@hourly"), "2026-11-23 11:00");
    assert_eq!(next("@daily"), "2026-11-24 00:00");
    assert_eq!(next("@midnight"), "2026-11-24 00:00");
    assert_eq!(next("@weekly"), "2026-11-29 00:00");
    assert_eq!(next("@monthly"), "2026-12-01 00:00");
    assert_eq!(next("@yearly"), "2027-01-01 00:00");
    assert_eq!(next("@Annually"), "2027-01-01 00:00");
    assert_eq!(next("5 4 * FEB Sun"), "2027-02-07 04:05");
    assert_eq!(next("5 4 * * 7"), "2026-11-29 04:05");
    assert_eq!(next("0 0 29 2 *"), "2028-02-29 00:00");
}

#[test]
fn what_never_fires_is_none() {
    let never = cron("0 0 30 2 *");
    assert_eq!(never.next_after(at("2026-11-23T10:00:00Z"), BERLIN), None);
    assert_eq!(
        never.last_at_or_before(at("2026-11-23T10:00:00Z"), BERLIN),
        None
    );
}

#[test]
fn faults_name_the_field_and_the_mend() {
    let fault = |text: &str| Cron::parse(text).unwrap_err().to_string();
    assert_eq!(
        fault("*/5 * * *"),
        "a cron expression has five fields, this has 4; write minute, hour, day of month, month and \
         day of week, such as `20 9,15,21 * * *`"
    );
    assert!(fault("0 0 12 * * ?").contains("leave out the seconds"));
    assert!(fault("").starts_with("the cron expression is empty"));
    assert_eq!(
        fault("0 24 * * *"),
        "hour: `24` is out of range; values of this field go from 0 to 23"
    );
    assert_eq!(
        fault("0 22-2 * * *"),
        "hour: the range `22-2` goes backwards; write the two parts one by one: `22-23,0-2`"
    );
    assert!(fault("5/15 * * * *").ends_with("write `5-59/15`"));
    assert!(fault("*/0 * * * *").starts_with("minute: `*/0` is not a step"));
    assert!(fault("*/90 * * * *").contains("from 1 to 60"));
    assert!(fault("0 0 L * *").starts_with("day of month: `L` is not crontab"));
    assert!(fault("0 0 * * 5#2").starts_with("day of week: `#` is not crontab"));
    assert!(fault("0 0 * foo *").starts_with("month: `foo` is not a value"));
    assert!(fault("0,,5 * * * *").starts_with("minute: a part of the list is empty"));
    assert!(fault("@reboot").starts_with("`@reboot` names no time"));
    assert!(fault("@dayly").starts_with("`@dayly` is not a cron nickname"));
}

#[test]
fn planning_for_a_thousand_probes_is_cheap() {
    let crons: Vec<Cron> = (0..1000)
        .map(|n| {
            cron(&format!(
                "{} {},{} * * {}",
                n % 60,
                n % 12,
                12 + n % 12,
                n % 7
            ))
        })
        .collect();
    let started = std::time::Instant::now();
    let now = at("2026-11-23T10:00:00Z");
    let probes = crons.iter().map(|c| {
        (
            c,
            plan::jitter(c.as_str(), std::time::Duration::from_secs(600)),
        )
    });
    let wake = plan::next_wake(probes, BERLIN, now).unwrap();
    assert!(wake > now && wake < now + Duration::hours(2));
    // A debug build on a busy machine is allowed this time; one sleep needs one such pass.
    assert!(started.elapsed() < std::time::Duration::from_secs(2));
}
