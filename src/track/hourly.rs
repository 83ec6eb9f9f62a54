//! Records of others (OONI's) have no rounds: they are put into hourly rounds, and settle over
//! three in a row (`docs/ooni.md`, How OONI's records are judged).
//!
//! A round made here holds its hour and the two before it as its attempts, oldest first, so that
//! [`super::settle`] applies to it as to any other.

use std::collections::BTreeMap;

use crate::model::round::{Attempt, Round};
use crate::model::{Code, ProbeKey, RoundId, Time, VantageId};

/// Hours that must agree before a status moves.
const IN_A_ROW: usize = 3;
const HOUR_S: i64 = 3600;

/// Whether this is a vantage of another program (`ooni:DE:AS3320`), whose records are put into hourly rounds.
#[must_use]
pub fn is_foreign(vantage: &VantageId) -> bool {
    vantage.as_str().starts_with("ooni:")
}

/// The hour that a record of another program is put into, as its round.
#[must_use]
pub fn round_id(vantage: &VantageId, at: Time) -> RoundId {
    RoundId(format!("{vantage}-{}", at.format("%Y%m%dT%H")))
}

/// The hourly rounds of one (probe, vantage), in the order of their hours. The order of `seen` does not
/// matter, so records that come late give the same rounds.
///
/// The first two hours stand alone: an `ok` or an explicit refusal sets the status at once, anything
/// else waits for the third.
#[must_use]
pub fn rounds(probe: &ProbeKey, vantage: &VantageId, seen: Vec<Attempt>) -> Vec<Round> {
    let mut hours: BTreeMap<i64, Vec<Attempt>> = BTreeMap::new();
    for attempt in seen {
        let hour = attempt.started.timestamp().div_euclid(HOUR_S);
        hours.entry(hour).or_default().push(attempt);
    }
    let spoken: Vec<(i64, Attempt)> = hours
        .into_iter()
        .filter_map(|(hour, attempts)| Some((hour, speaker(attempts)?)))
        .collect();
    (0..spoken.len())
        .map(|last| {
            let first = match last + 1 {
                few if few < IN_A_ROW => last,
                enough => enough - IN_A_ROW,
            };
            let attempts = (0..)
                .zip(&spoken[first..=last])
                .map(|(n, (_, attempt))| Attempt {
                    attempt: n,
                    ..attempt.clone()
                })
                .collect();
            Round {
                id: RoundId(format!("hour-{}", spoken[last].0)),
                probe: probe.clone(),
                vantage: vantage.clone(),
                attempts,
            }
        })
        .collect()
}

/// The measurement that speaks for its hour: the latest of the commonest code.
/// What says nothing of the source (a record without its page) does not speak; an hour of such records is none.
fn speaker(mut attempts: Vec<Attempt>) -> Option<Attempt> {
    attempts.retain(|a| a.observed.code.is_about_source());
    attempts.sort_by(|a, b| (a.started, &a.uid).cmp(&(b.started, &b.uid)));
    let count = |code: Code| attempts.iter().filter(|a| a.observed.code == code).count();
    let best = (0..attempts.len()).max_by_key(|&i| (count(attempts[i].observed.code), i))?;
    attempts.into_iter().nth(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::fixtures::{attempts, start, status_of};
    use crate::track::settle::{Settled, settle};
    use chrono::TimeDelta;

    /// One record an hour, of these codes.
    fn hourly(codes: &[Code]) -> Vec<Round> {
        let mut seen = attempts(codes);
        for (n, attempt) in (0..).zip(&mut seen) {
            attempt.started = start() + TimeDelta::hours(n);
            attempt.attempt = 0;
        }
        seen.reverse();
        let vantage: VantageId = "ooni:KR:AS4766".into();
        rounds(&ProbeKey::new("cnki", "home"), &vantage, seen)
    }

    fn settles(standing: Option<Code>, round: &Round) -> Option<Code> {
        match settle(standing.map(status_of).as_ref(), &round.attempts) {
            Settled::Is { attempt } => Some(round.attempts[attempt].observed.code),
            _ => None,
        }
    }

    #[test]
    fn a_change_needs_three_hours_in_a_row() {
        let ok = Some(Code::Ok);
        let down = Code::TcpTimeout;
        let made = hourly(&[Code::Ok, down, down, down]);
        assert_eq!(made.len(), 4);
        assert_eq!(settles(ok, &made[2]), ok, "two are not enough");
        assert_eq!(settles(ok, &made[3]), Some(down));
        assert_eq!(made[3].attempts[0].started, start() + TimeDelta::hours(1));
    }

    #[test]
    fn at_first_sight_two_hours_are_not_enough_and_one_ok_is() {
        let made = hourly(&[Code::TcpTimeout; 3]);
        assert_eq!(settles(None, &made[0]), None);
        assert_eq!(settles(None, &made[1]), None);
        assert_eq!(settles(None, &made[2]), Some(Code::TcpTimeout));
        assert_eq!(settles(None, &hourly(&[Code::Ok])[0]), Some(Code::Ok));
    }

    #[test]
    fn an_hour_speaks_with_its_commonest_code() {
        let within = attempts(&[Code::TcpTimeout, Code::Ok, Code::TcpTimeout]);
        let vantage: VantageId = "ooni:KR:AS4766".into();
        let made = rounds(&ProbeKey::new("cnki", "home"), &vantage, within);
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].attempts.len(), 1);
        assert_eq!(made[0].attempts[0].uid, "m2".into());
    }

    #[test]
    fn an_hour_that_says_nothing_neither_counts_nor_breaks_the_row() {
        let down = Code::TcpTimeout;
        let made = hourly(&[down, Code::Insufficient, down, down]);
        assert_eq!(made.len(), 3);
        assert_eq!(settles(Some(Code::Ok), &made[2]), Some(down));
    }

    #[test]
    fn nothing_seen_gives_no_round() {
        assert!(hourly(&[]).is_empty());
    }
}
