//! Settles a round: which attempt comes next, and what all attempts of a round mean together
//! (`docs/verdicts.md`, Settling and confirming).
//!
//! Attempts of one vantage decide about that vantage only. [`super::track`] applies a settled round
//! to the status.

use std::time::Duration;

use chrono::TimeDelta;

use super::compare::is_program_refusal;
use crate::model::Code;
use crate::model::Status;
use crate::model::round::Attempt;
use crate::model::settings::Confirm;
use crate::model::verdict::Layer;

/// As many rounds in a row that begin with the same refusal are no accident,
const RECURRING: u32 = 4;
/// when they reach over as many days.
const RECURRING_FOR: TimeDelta = TimeDelta::days(3);
/// The severity of a loss.
const GRAVE: u8 = 5;

/// Whether the round needs another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextAttempt {
    /// The round is over.
    Done,
    /// Fetch again, this long after the last attempt ended.
    Again { after: Duration },
}

/// What a round's attempts mean together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Nothing was observed of the source: politeness skipped the round, or our own end failed.
    Unobserved(Code),
    /// The attempts do not agree: the status stays, and this code is suspected.
    Stands { suspected: Code },
    /// The round's verdict is that of `attempts[attempt]`.
    Is { attempt: usize },
}

/// How a code differs from the standing code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    Same,
    Worse,
    Better,
    /// Another code of equal severity.
    Sideways,
}

/// How `code` compares with the standing code. Without a status, the standing code counts as `ok`:
/// one `ok` sets the status, and everything else is a suspicion of something worse. A code that was
/// refined by discriminators equals the code observed without them. A lost marker likewise equals
/// the code from before its siblings were checked.
fn heading(status: Option<&Status>, code: Code) -> Heading {
    let from = status.map_or(Code::Ok, |s| s.observed.code);
    let plain = status
        .and_then(|s| s.attribution.as_ref())
        .map(|t| t.observed_code);
    let lost_with_siblings = from == Code::ContentUnproven && code == Code::ContentWithdrawn;
    let same = code == from || plain == Some(code) || lost_with_siblings;
    match (same, code.severity().cmp(&from.severity())) {
        (true, _) => Heading::Same,
        (_, std::cmp::Ordering::Greater) => Heading::Worse,
        (_, std::cmp::Ordering::Less) => Heading::Better,
        (_, std::cmp::Ordering::Equal) => Heading::Sideways,
    }
}

/// Which attempt comes next, and after what delay.
///
/// `attempts` are those made so far, in order. The first attempt comes at once.
#[must_use]
pub fn next(status: Option<&Status>, attempts: &[Attempt], confirm: &Confirm) -> NextAttempt {
    let (Some(first), Some(last)) = (attempts.first(), attempts.last()) else {
        return NextAttempt::Again {
            after: Duration::ZERO,
        };
    };
    let code = last.seen_as();
    if !code.is_about_source() || code.demands_back_off() {
        return NextAttempt::Done;
    }
    let now = heading(status, code);
    if now != heading(status, first.seen_as()) {
        return NextAttempt::Done; // The attempts disagree: another one cannot settle it.
    }
    let delays = match now {
        Heading::Same => return NextAttempt::Done,
        Heading::Worse | Heading::Sideways => &confirm.after,
        Heading::Better => &confirm.recover_after,
    };
    match delays.get(attempts.len() - 1) {
        Some(&after) => NextAttempt::Again { after },
        None => NextAttempt::Done,
    }
}

/// What the attempts of a finished round mean together, given the status.
///
/// A change needs at least two attempts that agree on its direction, or one explicit attempt
/// ([`Code::demands_back_off`]).
#[must_use]
pub fn settle(status: Option<&Status>, attempts: &[Attempt]) -> Settled {
    let Some(first) = attempts.first().map(Attempt::seen_as) else {
        return Settled::Unobserved(Code::Insufficient);
    };
    if !first.is_about_source() {
        return Settled::Unobserved(first);
    }
    let toward = heading(status, first);
    if toward == Heading::Same {
        return Settled::Is { attempt: 0 };
    }
    if status.is_none() {
        let ok = attempts.iter().rposition(|a| a.observed.code == Code::Ok);
        if let Some(attempt) = ok {
            return Settled::Is { attempt };
        }
    }
    let agree = attempts
        .iter()
        .all(|a| a.seen_as().is_about_source() && heading(status, a.seen_as()) == toward);
    if agree && (attempts.len() > 1 || first.demands_back_off()) {
        Settled::Is {
            attempt: commonest(attempts),
        }
    } else if toward == Heading::Worse && recurs(status, attempts) {
        Settled::Is { attempt: 0 }
    } else {
        Settled::Stands { suspected: first }
    }
}

/// Whether a page that refuses its readers came first in round after round, over days, although it
/// gave way when it was asked again: readers do not ask twice.
fn recurs(status: Option<&Status>, attempts: &[Attempt]) -> bool {
    let (Some(status), [first, _, ..]) = (status, attempts) else {
        return false;
    };
    let code = first.seen_as();
    // A page that only looks otherwise at first may be one that starts slowly.
    let is_refusal = code.layer() == Layer::Site
        && code.severity().is_some_and(|severity| severity >= GRAVE)
        && !is_program_refusal(code, first.observed.http_status);
    let known = status.suspicion.filter(|_| status.suspected == Some(code));
    is_refusal
        && known.is_some_and(|known| {
            known.rounds + 1 >= RECURRING && first.started - known.since >= RECURRING_FOR
        })
}

/// The attempt that represents a finished round; `None` when the round settles into no verdict.
#[must_use]
pub fn speaker<'a>(status: Option<&Status>, attempts: &'a [Attempt]) -> Option<&'a Attempt> {
    match settle(status, attempts) {
        Settled::Is { attempt } => attempts.get(attempt),
        Settled::Unobserved(_) | Settled::Stands { .. } => None,
    }
}

/// Whether the controls must pass again before the round counts: it would change the status for the
/// worse, or sideways, on a transport code.
#[must_use]
pub fn needs_controls_again(status: Option<&Status>, attempts: &[Attempt]) -> bool {
    speaker(status, attempts).is_some_and(|a| {
        let code = a.observed.code;
        let stands = |s: &Status| {
            s.observed.code == code
                || s.attribution
                    .as_ref()
                    .is_some_and(|t| t.observed_code == code)
        };
        code.is_transport() && !status.is_some_and(stands)
    })
}

/// Whether a finished round confirms a turn for the worse: its last attempt then gets
/// discriminators.
#[must_use]
pub fn is_turn_for_the_worse(status: Option<&Status>, attempts: &[Attempt]) -> bool {
    speaker(status, attempts).is_some_and(|a| heading(status, a.seen_as()) == Heading::Worse)
}

/// The latest attempt with the most common code; in a tie, the code that was seen latest. An
/// attempt that discriminators refined counts by the code observed without them, and then
/// represents the round.
fn commonest(attempts: &[Attempt]) -> usize {
    let count = |code: Code| attempts.iter().filter(|a| a.seen_as() == code).count();
    (0..attempts.len())
        .max_by_key(|&i| (count(attempts[i].seen_as()), i))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::status::Suspicion;
    use crate::track::fixtures::{attempts, confirm, start, status_of};

    fn code_of(standing: Option<Code>, codes: &[Code]) -> Result<Code, Settled> {
        let status = standing.map(status_of);
        let made = attempts(codes);
        match settle(status.as_ref(), &made) {
            Settled::Is { attempt } => Ok(made[attempt].observed.code),
            other => Err(other),
        }
    }

    fn delays(standing: Option<Code>, codes: &[Code]) -> Vec<u64> {
        let status = standing.map(status_of);
        let made = attempts(codes);
        let mut waited = Vec::new();
        for n in 1..=made.len() {
            match next(status.as_ref(), &made[..n], &confirm()) {
                NextAttempt::Done => break,
                NextAttempt::Again { after } => waited.push(after.as_secs()),
            }
        }
        waited
    }

    const OK: Option<Code> = Some(Code::Ok);

    #[test]
    fn first_attempt_comes_at_once() {
        let at_once = NextAttempt::Again {
            after: Duration::ZERO,
        };
        assert_eq!(next(None, &[], &confirm()), at_once);
    }

    #[test]
    fn attempt_zero_equal_to_the_status_settles() {
        assert_eq!(code_of(OK, &[Code::Ok]), Ok(Code::Ok));
        assert_eq!(delays(OK, &[Code::Ok]), Vec::<u64>::new());
        let bad = Some(Code::TcpTimeout);
        assert_eq!(code_of(bad, &[Code::TcpTimeout]), Ok(Code::TcpTimeout));
    }

    #[test]
    fn suspicion_is_tried_after_20_60_and_180_s() {
        assert_eq!(delays(OK, &[Code::TcpTimeout; 4]), [20, 60, 180]);
        assert_eq!(code_of(OK, &[Code::TcpTimeout; 4]), Ok(Code::TcpTimeout));
    }

    #[test]
    fn recovery_is_tried_after_20_and_60_s() {
        assert_eq!(delays(Some(Code::TcpTimeout), &[Code::Ok; 3]), [20, 60]);
        assert_eq!(
            code_of(Some(Code::TcpTimeout), &[Code::Ok; 3]),
            Ok(Code::Ok)
        );
    }

    #[test]
    fn one_attempt_alone_moves_nothing() {
        let suspected = Code::HttpForbidden;
        assert_eq!(
            code_of(OK, &[suspected]),
            Err(Settled::Stands { suspected })
        );
    }

    #[test]
    fn a_refuted_suspicion_stops_at_once_and_the_status_stands() {
        let codes = [Code::TcpReset, Code::TcpReset, Code::Ok];
        assert_eq!(delays(OK, &codes), [20, 60]);
        let suspected = Code::TcpReset;
        assert_eq!(code_of(OK, &codes), Err(Settled::Stands { suspected }));
    }

    #[test]
    fn commonest_code_wins_and_a_tie_goes_to_the_latest() {
        let three = [Code::TcpReset, Code::TcpTimeout, Code::TcpReset];
        assert_eq!(code_of(OK, &three), Ok(Code::TcpReset));
        let tie = [Code::TcpReset, Code::TcpTimeout];
        assert_eq!(code_of(OK, &tie), Ok(Code::TcpTimeout));
    }

    #[test]
    fn a_refusal_that_comes_first_for_days_counts_although_it_gives_way() {
        let refused = |code: Code, rounds: u32, hours: i64| {
            let mut status = status_of(Code::Ok);
            status.suspected = Some(Code::SiteGeoBlock);
            status.suspicion = Some(Suspicion {
                since: start() - TimeDelta::hours(hours),
                rounds,
            });
            settle(Some(&status), &attempts(&[code, Code::Ok]))
        };
        let stands = |suspected| Settled::Stands { suspected };
        let code = Code::SiteGeoBlock;
        assert_eq!(refused(code, 3, 72), Settled::Is { attempt: 0 });
        assert_eq!(refused(code, 2, 72), stands(code), "too few rounds");
        assert_eq!(refused(code, 9, 71), stands(code), "too short a time");
        let other = Code::SiteLogin;
        assert_eq!(refused(other, 9, 99), stands(other), "another code before");
        // Servers stumble, programs are declined, and pages start slowly.
        for code in [
            Code::HttpServerError,
            Code::TcpReset,
            Code::SiteWafBlock,
            Code::ContentReplaced,
        ] {
            let mut status = status_of(Code::Ok);
            status.suspected = Some(code);
            let since = start() - TimeDelta::days(9);
            status.suspicion = Some(Suspicion { since, rounds: 9 });
            let settled = settle(Some(&status), &attempts(&[code, Code::Ok]));
            assert_eq!(settled, stands(code));
        }
    }

    #[test]
    fn different_directions_leave_the_status_standing() {
        let standing = Some(Code::ContentStale);
        let suspected = Code::SiteLogin;
        assert_eq!(
            code_of(standing, &[suspected, Code::Ok]),
            Err(Settled::Stands { suspected })
        );
    }

    #[test]
    fn equal_severity_is_a_direction_of_its_own() {
        let standing = Some(Code::SiteLogin);
        assert_eq!(
            code_of(standing, &[Code::SitePaywall, Code::SitePaywall]),
            Ok(Code::SitePaywall)
        );
        assert_eq!(delays(standing, &[Code::SitePaywall; 4]), [20, 60, 180]);
    }

    #[test]
    fn explicit_codes_need_no_second_look() {
        for code in [Code::SiteChallenge, Code::SiteIpBan, Code::SiteRateLimited] {
            assert_eq!(delays(OK, &[code]), Vec::<u64>::new());
            assert_eq!(code_of(OK, &[code]), Ok(code));
        }
    }

    #[test]
    fn first_sight_one_ok_sets_the_status() {
        assert_eq!(code_of(None, &[Code::Ok]), Ok(Code::Ok));
        assert_eq!(delays(None, &[Code::TcpReset, Code::Ok]), [20]);
        assert_eq!(code_of(None, &[Code::TcpReset, Code::Ok]), Ok(Code::Ok));
    }

    #[test]
    fn first_sight_worse_needs_confirmation() {
        let suspected = Code::TcpReset;
        assert_eq!(delays(None, &[suspected; 4]), [20, 60, 180]);
        assert_eq!(
            code_of(None, &[suspected]),
            Err(Settled::Stands { suspected })
        );
        assert_eq!(code_of(None, &[suspected; 2]), Ok(suspected));
    }

    #[test]
    fn our_own_end_and_our_own_manners_say_nothing() {
        for code in [
            Code::VantageOffline,
            Code::SkippedRobots,
            Code::SkippedBackOff,
            Code::Insufficient,
        ] {
            assert_eq!(delays(OK, &[code]), Vec::<u64>::new());
            assert_eq!(code_of(OK, &[code]), Err(Settled::Unobserved(code)));
            let suspected = Code::TcpReset;
            let after = [suspected, suspected, code];
            assert_eq!(code_of(OK, &after), Err(Settled::Stands { suspected }));
        }
        assert_eq!(
            code_of(OK, &[]),
            Err(Settled::Unobserved(Code::Insufficient))
        );
    }
}
