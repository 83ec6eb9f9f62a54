//! The transition table of a (probe, vantage): its previous comparison, what the round says, and
//! the transition that follows.

use crate::model::{Code, Status};

/// How a status compares with its baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaselineComparison {
    /// Better than a declared baseline, which does not rise.
    Better,
    /// At its baseline, or another code of the same severity.
    Normal,
    /// Worse by a code of severity 1: in the digest, without an incident.
    Minor,
    /// Worse than any normal code, and never seen better: "already restricted". Opens no incident.
    Restricted,
    /// Turned worse with severity 2 or more: belongs in an incident.
    Bad,
}

/// What a round says about a (probe, vantage).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundOutcome {
    /// Skipped, or our own end.
    Unobserved,
    /// Its attempts did not agree.
    Unsettled,
    Settled(BaselineComparison),
}

/// What follows for the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusTransition {
    /// Not observed: nothing changes.
    Skip,
    /// The status stays; a code is suspected.
    Suspect,
    /// First status, and it is healthy.
    FirstSight,
    /// First status, worse than `ok`: already restricted.
    FirstRestricted,
    /// As before.
    Stay,
    /// Better than its baseline.
    Improve,
    /// From better than a declared baseline back to it.
    Lapse,
    /// Worse by severity 1.
    Note,
    /// From severity 1 back to normal.
    Restore,
    /// Worse than its baseline with severity 2 or more.
    Turn,
    /// Back at its baseline.
    Recover,
    /// Better than its baseline again: recovery and improvement at once.
    RecoverBeyond,
    /// From the severity of an incident to severity 1: the incident is over here, a note remains.
    Ease,
}

/// The whole table. `was` is `None` before the first status; `now` uses the same baseline.
///
/// | was \ now  | unobserved | unsettled | better        | normal     | minor           | restricted      | bad             |
/// | ---        | ---        | ---       | ---           | ---        | ---             | ---             | ---             |
/// | (unseen)   | skip       | suspect   | first sight   | first sight| first restricted| first restricted| first restricted|
/// | better     | skip       | suspect   | stay          | lapse      | note            | turn            | turn            |
/// | normal     | skip       | suspect   | improve       | stay       | note            | turn            | turn            |
/// | minor      | skip       | suspect   | improve       | restore    | stay            | turn            | turn            |
/// | restricted | skip       | suspect   | improve       | improve    | improve         | stay            | turn            |
/// | bad        | skip       | suspect   | recover beyond| recover    | ease            | stay            | stay            |
#[must_use]
pub fn transition(was: Option<BaselineComparison>, now: RoundOutcome) -> StatusTransition {
    use BaselineComparison::{Bad, Better, Minor, Normal, Restricted};
    match (was, now) {
        (_, RoundOutcome::Unobserved) => StatusTransition::Skip,
        (_, RoundOutcome::Unsettled) => StatusTransition::Suspect,
        (None, RoundOutcome::Settled(Better | Normal)) => StatusTransition::FirstSight,
        (None, RoundOutcome::Settled(Minor | Restricted | Bad)) => {
            StatusTransition::FirstRestricted
        }
        (Some(Better), RoundOutcome::Settled(Normal)) => StatusTransition::Lapse,
        (Some(Better | Normal), RoundOutcome::Settled(Minor)) => StatusTransition::Note,
        (Some(Better | Normal | Minor), RoundOutcome::Settled(Restricted | Bad))
        | (Some(Restricted), RoundOutcome::Settled(Bad)) => StatusTransition::Turn,
        (Some(Normal | Minor | Restricted), RoundOutcome::Settled(Better))
        | (Some(Restricted), RoundOutcome::Settled(Normal | Minor)) => StatusTransition::Improve,
        (Some(Minor), RoundOutcome::Settled(Normal)) => StatusTransition::Restore,
        (Some(Bad), RoundOutcome::Settled(Better)) => StatusTransition::RecoverBeyond,
        (Some(Bad), RoundOutcome::Settled(Normal)) => StatusTransition::Recover,
        (Some(Bad), RoundOutcome::Settled(Minor)) => StatusTransition::Ease,
        (Some(Better), RoundOutcome::Settled(Better))
        | (Some(Normal), RoundOutcome::Settled(Normal))
        | (Some(Minor), RoundOutcome::Settled(Minor))
        | (Some(Restricted), RoundOutcome::Settled(Restricted))
        | (Some(Bad), RoundOutcome::Settled(Restricted | Bad)) => StatusTransition::Stay,
    }
}

/// How a status compares with its baseline now.
#[must_use]
pub fn against_baseline(status: &Status) -> BaselineComparison {
    let turned = status.first_bad.is_some();
    against(status.observed.code, status.baseline, turned)
}

/// How a settled code compares with the baseline, given the status before it.
///
/// A status that is already restricted stays so until it gets better, or worse than it was.
#[must_use]
pub fn status_against_baseline(
    code: Code,
    before: Option<&Status>,
    baseline: Option<Code>,
) -> BaselineComparison {
    let Some(before) = before else {
        return match baseline {
            None if code != Code::Ok => BaselineComparison::Restricted,
            _ => against(code, baseline, false),
        };
    };
    if against_baseline(before) != BaselineComparison::Restricted {
        return against(code, baseline, true);
    }
    match baseline {
        Some(_) => against(
            code,
            baseline,
            code.severity() > before.observed.code.severity(),
        ),
        None if code.is_outage_like() => BaselineComparison::Restricted,
        None if code.severity() < before.observed.code.severity() => BaselineComparison::Better,
        None => BaselineComparison::Restricted,
    }
}

/// Compares a code with a baseline; `turned` distinguishes a code that turned from one that was
/// never better.
fn against(code: Code, baseline: Option<Code>, turned: bool) -> BaselineComparison {
    let allowed = baseline.map_or(Some(0), Code::severity);
    let normal = match code.severity().cmp(&allowed) {
        // An outage is not an improvement over a refusal, whatever the severities are.
        std::cmp::Ordering::Less if code.is_outage_like() => return BaselineComparison::Normal,
        std::cmp::Ordering::Less => return BaselineComparison::Better,
        std::cmp::Ordering::Equal => true,
        std::cmp::Ordering::Greater => false,
    };
    match (normal, turned, code.severity()) {
        (true, _, _) => BaselineComparison::Normal,
        (false, _, Some(0 | 1)) => BaselineComparison::Minor,
        (false, true, _) => BaselineComparison::Bad,
        (false, false, _) => BaselineComparison::Restricted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::fixtures::status_of;

    const ALL: [BaselineComparison; 5] = [
        BaselineComparison::Better,
        BaselineComparison::Normal,
        BaselineComparison::Minor,
        BaselineComparison::Restricted,
        BaselineComparison::Bad,
    ];

    #[test]
    fn the_table_as_it_stands_in_the_comment() {
        use StatusTransition::{
            Ease, FirstRestricted, FirstSight, Improve, Lapse, Note, Recover, RecoverBeyond,
            Restore, Stay, Turn,
        };
        let rows: [(Option<BaselineComparison>, [StatusTransition; 5]); 6] = [
            (
                None,
                [
                    FirstSight,
                    FirstSight,
                    FirstRestricted,
                    FirstRestricted,
                    FirstRestricted,
                ],
            ),
            (
                Some(BaselineComparison::Better),
                [Stay, Lapse, Note, Turn, Turn],
            ),
            (
                Some(BaselineComparison::Normal),
                [Improve, Stay, Note, Turn, Turn],
            ),
            (
                Some(BaselineComparison::Minor),
                [Improve, Restore, Stay, Turn, Turn],
            ),
            (
                Some(BaselineComparison::Restricted),
                [Improve, Improve, Improve, Stay, Turn],
            ),
            (
                Some(BaselineComparison::Bad),
                [RecoverBeyond, Recover, Ease, Stay, Stay],
            ),
        ];
        for (was, expected) in rows {
            assert_eq!(
                transition(was, RoundOutcome::Unobserved),
                StatusTransition::Skip
            );
            assert_eq!(
                transition(was, RoundOutcome::Unsettled),
                StatusTransition::Suspect
            );
            for (now, follows) in ALL.into_iter().zip(expected) {
                assert_eq!(
                    transition(was, RoundOutcome::Settled(now)),
                    follows,
                    "{was:?} -> {now:?}"
                );
            }
        }
    }

    #[test]
    fn an_outage_is_no_improvement_on_a_refusal() {
        assert_eq!(
            against(Code::HttpServerError, Some(Code::SiteGeoBlock), true),
            BaselineComparison::Normal
        );
        assert_eq!(
            against(Code::SiteLogin, Some(Code::SiteGeoBlock), true),
            BaselineComparison::Better
        );
    }

    #[test]
    fn what_was_never_better_is_restricted_until_graver_or_better() {
        let mut seen = status_of(Code::SiteLogin);
        seen.baseline = Some(Code::Ok);
        seen.first_bad = None;
        let to = |code| status_against_baseline(code, Some(&seen), seen.baseline);
        assert_eq!(against_baseline(&seen), BaselineComparison::Restricted);
        assert_eq!(to(Code::SitePaywall), BaselineComparison::Restricted);
        assert_eq!(to(Code::SiteChallenge), BaselineComparison::Restricted);
        assert_eq!(to(Code::TcpTimeout), BaselineComparison::Bad);
        assert_eq!(to(Code::ContentChanged), BaselineComparison::Minor);
        assert_eq!(to(Code::Ok), BaselineComparison::Normal);
    }

    #[test]
    fn without_a_baseline_only_a_better_answer_improves() {
        let mut seen = status_of(Code::TcpTimeout);
        seen.baseline = None;
        seen.first_bad = None;
        let to = |code| status_against_baseline(code, Some(&seen), None);
        assert_eq!(to(Code::HttpServerError), BaselineComparison::Restricted);
        assert_eq!(to(Code::SiteGeoBlock), BaselineComparison::Restricted);
        assert_eq!(to(Code::HttpForbidden), BaselineComparison::Better);
        assert_eq!(to(Code::Ok), BaselineComparison::Better);
    }
}
