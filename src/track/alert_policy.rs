//! Whether people are notified of an incident now, later, or in the digest: one decision with a
//! reason, made again at the end of every pass until the opening is mailed. Also the table of
//! follow-up mails.

use chrono::{Days, NaiveTime, TimeZone, Timelike};

use crate::model::incident::MailState;
use crate::model::settings::Confirm;
use crate::model::time::BEIJING;
use crate::model::{Finding, IncidentKind, Time};

/// How many minutes after the site's night a failure that began in it counts (08:00 to 09:30).
const AFTER_NIGHT: u32 = 90;

/// The input of the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertCase {
    pub kind: IncidentKind,
    pub severity: u8,
    pub finding: Finding,
    /// What keeps the incident quiet in any case: silenced, flapping, provisional.
    pub muted: Option<AlertReason>,
    /// Every vantage in the incident fails in transport or with a 5xx, with locus unknown.
    pub ambiguous: bool,
    pub first_bad: Time,
    /// The newest round that failed.
    pub last_bad: Time,
}

/// What happens to an opening that was not mailed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertDecision {
    Mail(AlertReason),
    /// Until a round fails at or after this time.
    Hold {
        until: Time,
    },
    Digest(AlertReason),
}

/// Why the incident is mailed, or left to the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AlertReason {
    /// The vantage's own end, its network, or the path: mailed at once.
    OwnEnd,
    /// Severity 3 or more, and nothing holds it.
    Grave,
    /// It was held and failed again.
    FailedAgain,
    /// A person silenced it.
    Silenced,
    /// The probe flaps.
    Flapping,
    /// The probe's markers are not confirmed, and it has never been `ok`.
    Provisional,
    /// Severity 1 or 2.
    Minor,
    ProgramRefused,
}

/// Decides; the first matching line wins.
#[must_use]
pub fn decide(case: &AlertCase, confirm: &Confirm) -> AlertDecision {
    let until = held_until(case.first_bad, confirm);
    match case {
        AlertCase {
            muted: Some(why), ..
        } => AlertDecision::Digest(*why),
        AlertCase { kind, .. } if *kind != IncidentKind::Probe => {
            AlertDecision::Mail(AlertReason::OwnEnd)
        }
        AlertCase {
            severity: 0..=2, ..
        } => AlertDecision::Digest(AlertReason::Minor),
        AlertCase {
            finding: Finding::ProgramRefused,
            ..
        } => AlertDecision::Digest(AlertReason::ProgramRefused),
        AlertCase {
            ambiguous: true, ..
        } => match until {
            Some(until) if case.last_bad < until => AlertDecision::Hold { until },
            Some(_) => AlertDecision::Mail(AlertReason::FailedAgain),
            None => AlertDecision::Mail(AlertReason::Grave),
        },
        _ => AlertDecision::Mail(AlertReason::Grave),
    }
}

/// What happens to an incident that people may be notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentProgress {
    /// The incident is open at the end of a pass. `changed`: readers of its opening must know of
    /// the change; `quiet`: it is silenced or it flaps.
    Open {
        decision: AlertDecision,
        changed: bool,
        quiet: bool,
    },
    Ended,
}

/// The mail that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FollowUp {
    Nothing,
    Opening,
    Update,
    Recovery,
}

/// The whole table: the new mail state, and the mail that follows.
///
/// | was \ happens | open: mail      | open: hold  | open: digest | ended          |
/// | ---           | ---             | ---         | ---          | ---            |
/// | digest, held  | mailed, opening | held        | digest       | done           |
/// | mailed        | mailed, update when changed and not quiet, whatever is decided | | | done, recovery |
/// | done          | mailed, opening | held        | digest       | done           |
///
/// (`done` is final; only late records can reopen an incident.) A recovery is mailed if and only if
/// the opening was mailed, even when the incident was silenced in between.
#[must_use]
pub fn follow(was: MailState, happens: IncidentProgress) -> (MailState, FollowUp) {
    match (was, happens) {
        (MailState::Mailed, IncidentProgress::Ended) => (MailState::Done, FollowUp::Recovery),
        (_, IncidentProgress::Ended) => (MailState::Done, FollowUp::Nothing),
        (MailState::Mailed, IncidentProgress::Open { changed, quiet, .. }) => {
            let say = if changed && !quiet {
                FollowUp::Update
            } else {
                FollowUp::Nothing
            };
            (MailState::Mailed, say)
        }
        (_, IncidentProgress::Open { decision, .. }) => match decision {
            AlertDecision::Mail(_) => (MailState::Mailed, FollowUp::Opening),
            AlertDecision::Hold { until } => (MailState::Held { until }, FollowUp::Nothing),
            AlertDecision::Digest(_) => (MailState::Digest, FollowUp::Nothing),
        },
    }
}

/// Until when an ambiguous failure first seen at `first_bad` is held; `None` when `hold` is zero.
///
/// A failure first seen in the site's night (Beijing time) waits for a failure 90 minutes after the
/// end of the night, because sites are taken down for maintenance at night.
#[must_use]
pub fn held_until(first_bad: Time, confirm: &Confirm) -> Option<Time> {
    if confirm.hold.is_zero() {
        return None;
    }
    let hold = chrono::Duration::from_std(confirm.hold).ok()?;
    let by_hold = first_bad.checked_add_signed(hold)?;
    let morning = confirm
        .night
        .and_then(|night| morning_after(first_bad, night));
    Some(morning.map_or(by_hold, |morning| by_hold.max(morning)))
}

/// When the night that contains `t` is over and people are at work; `None` by day.
fn morning_after(t: Time, (from, to): (u32, u32)) -> Option<Time> {
    let local = t.with_timezone(&BEIJING);
    let minute = local.hour() * 60 + local.minute();
    let (within, wraps) = if from <= to {
        (from <= minute && minute < to, false)
    } else {
        (minute >= from || minute < to, minute >= from)
    };
    if !within {
        return None;
    }
    let ready = to + AFTER_NIGHT;
    let days = u64::from(wraps) + u64::from(ready / 1440);
    let date = local.date_naive().checked_add_days(Days::new(days))?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(ready % 1440 * 60, 0)?;
    let ready = BEIJING
        .from_local_datetime(&date.and_time(time))
        .earliest()?;
    Some(ready.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::fixtures::{confirm, time};
    use std::time::Duration;

    fn case() -> AlertCase {
        let first_bad = time("2026-03-02T02:00:00Z"); // 10:00 in Beijing
        AlertCase {
            kind: IncidentKind::Probe,
            severity: 5,
            finding: Finding::Withdrawn,
            muted: None,
            ambiguous: false,
            first_bad,
            last_bad: first_bad,
        }
    }

    #[test]
    fn the_table_as_it_stands_in_the_comment() {
        let until = time("2026-03-02T03:30:00Z");
        let (held, mailed) = (MailState::Held { until }, MailState::Mailed);
        let open = |decision, changed, quiet| IncidentProgress::Open {
            decision,
            changed,
            quiet,
        };
        let decisions = [
            AlertDecision::Mail(AlertReason::Grave),
            AlertDecision::Hold { until },
            AlertDecision::Digest(AlertReason::Minor),
        ];
        for (changed, quiet) in [(false, false), (false, true), (true, false), (true, true)] {
            for was in [held, MailState::Digest, MailState::Done] {
                let decided = decisions.map(|d| follow(was, open(d, changed, quiet)));
                let expected = [
                    (mailed, FollowUp::Opening),
                    (held, FollowUp::Nothing),
                    (MailState::Digest, FollowUp::Nothing),
                ];
                assert_eq!(decided, expected, "{was:?}");
            }
            for decision in decisions {
                let happens = open(decision, changed, quiet);
                let update = changed && !quiet;
                let say = if update {
                    FollowUp::Update
                } else {
                    FollowUp::Nothing
                };
                assert_eq!(follow(mailed, happens), (mailed, say));
            }
        }
        for (was, say) in [
            (held, FollowUp::Nothing),
            (MailState::Digest, FollowUp::Nothing),
            (mailed, FollowUp::Recovery),
            (MailState::Done, FollowUp::Nothing),
        ] {
            assert_eq!(follow(was, IncidentProgress::Ended), (MailState::Done, say));
        }
    }

    #[test]
    fn severity_3_and_more_is_mailed_at_once() {
        for severity in 3..=6 {
            let case = AlertCase { severity, ..case() };
            assert_eq!(
                decide(&case, &confirm()),
                AlertDecision::Mail(AlertReason::Grave)
            );
        }
    }

    #[test]
    fn severity_1_and_2_wait_for_the_digest() {
        for severity in 1..=2 {
            let case = AlertCase { severity, ..case() };
            assert_eq!(
                decide(&case, &confirm()),
                AlertDecision::Digest(AlertReason::Minor)
            );
        }
    }

    #[test]
    fn program_refused_provisional_flapping_and_silenced_are_not_mailed() {
        let refused = AlertCase {
            finding: Finding::ProgramRefused,
            ..case()
        };
        assert_eq!(
            decide(&refused, &confirm()),
            AlertDecision::Digest(AlertReason::ProgramRefused)
        );
        for why in [
            AlertReason::Silenced,
            AlertReason::Flapping,
            AlertReason::Provisional,
        ] {
            let muted = AlertCase {
                muted: Some(why),
                ..case()
            };
            assert_eq!(decide(&muted, &confirm()), AlertDecision::Digest(why));
        }
    }

    #[test]
    fn vantage_network_and_path_are_mailed_at_once() {
        for kind in [
            IncidentKind::Vantage,
            IncidentKind::Network,
            IncidentKind::PathToChina,
        ] {
            let case = AlertCase {
                kind,
                severity: 0,
                ambiguous: true,
                ..case()
            };
            assert_eq!(
                decide(&case, &confirm()),
                AlertDecision::Mail(AlertReason::OwnEnd)
            );
        }
    }

    #[test]
    fn an_ambiguous_failure_is_held_until_it_fails_again_after_90_minutes() {
        let held = AlertCase {
            ambiguous: true,
            finding: Finding::Unreachable,
            ..case()
        };
        let until = time("2026-03-02T03:30:00Z");
        assert_eq!(decide(&held, &confirm()), AlertDecision::Hold { until });
        let again = AlertCase {
            last_bad: until,
            ..held
        };
        assert_eq!(
            decide(&again, &confirm()),
            AlertDecision::Mail(AlertReason::FailedAgain)
        );
    }

    #[test]
    fn hold_of_zero_mails_at_once_by_day_and_night() {
        let mut none = confirm();
        none.hold = Duration::ZERO;
        let night = AlertCase {
            ambiguous: true,
            first_bad: time("2026-03-02T16:00:00Z"),
            ..case()
        };
        assert_eq!(
            decide(&night, &none),
            AlertDecision::Mail(AlertReason::Grave)
        );
    }

    #[test]
    fn first_seen_at_night_waits_for_half_past_nine() {
        let until = |t: &str| held_until(time(t), &confirm());
        let morning = Some(time("2026-03-03T01:30:00Z")); // 09:30 on 3 March in Beijing
        assert_eq!(until("2026-03-02T14:00:00Z"), morning, "22:00");
        assert_eq!(until("2026-03-02T16:30:00Z"), morning, "00:30");
        assert_eq!(until("2026-03-02T23:59:00Z"), morning, "07:59");
        assert_eq!(
            until("2026-03-03T00:00:00Z"),
            morning,
            "08:00 is day, and 90 minutes later"
        );
        assert_eq!(
            until("2026-03-02T13:59:00Z"),
            Some(time("2026-03-02T15:29:00Z")),
            "21:59 is day"
        );
    }

    #[test]
    fn no_night_and_a_night_within_one_day() {
        let mut day = confirm();
        day.night = None;
        assert_eq!(
            held_until(time("2026-03-02T16:30:00Z"), &day),
            Some(time("2026-03-02T18:00:00Z"))
        );
        day.night = Some((60, 300)); // 01:00 to 05:00
        assert_eq!(
            held_until(time("2026-03-02T17:30:00Z"), &day),
            Some(time("2026-03-02T22:30:00Z")),
            "01:30 waits until 06:30"
        );
    }
}
