//! The transition table of a (probe, vantage): where it stood, what the round says, what follows.

use crate::model::{Code, Status};

/// Where a status stands against its baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Better than a baseline that is declared and therefore does not rise.
    Better,
    /// At its baseline, or another code of the same severity.
    Normal,
    /// Worse by a code of severity 1: told in the digest, no incident.
    Minor,
    /// Worse than anything normal, and never seen better: "already restricted". Opens nothing.
    Restricted,
    /// Turned worse with severity 2 or more: an incident's business.
    Bad,
}

/// What a round says of a (probe, vantage).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// Skipped, or our own end.
    Unobserved,
    /// Its attempts did not agree.
    Unsettled,
    Settled(Standing),
}

/// What follows for the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Not observed: nothing moves.
    Skip,
    /// The standing status stays; a code is suspected.
    Suspect,
    /// First status, and all is well.
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
    /// Back beyond its baseline: recovery and improvement at once.
    RecoverBeyond,
    /// From an incident's severity to severity 1: the incident is over here, a note stays.
    Ease,
}

/// The whole table. `was` is none before the first status; `now` is against the same baseline.
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
pub fn step(was: Option<Standing>, now: Now) -> Step {
    use Standing::{Bad, Better, Minor, Normal, Restricted};
    match (was, now) {
        (_, Now::Unobserved) => Step::Skip,
        (_, Now::Unsettled) => Step::Suspect,
        (None, Now::Settled(Better | Normal)) => Step::FirstSight,
        (None, Now::Settled(Minor | Restricted | Bad)) => Step::FirstRestricted,
        (Some(Better), Now::Settled(Normal)) => Step::Lapse,
        (Some(Better | Normal), Now::Settled(Minor)) => Step::Note,
        (Some(Better | Normal | Minor), Now::Settled(Restricted | Bad))
        | (Some(Restricted), Now::Settled(Bad)) => Step::Turn,
        (Some(Normal | Minor | Restricted), Now::Settled(Better))
        | (Some(Restricted), Now::Settled(Normal | Minor)) => Step::Improve,
        (Some(Minor), Now::Settled(Normal)) => Step::Restore,
        (Some(Bad), Now::Settled(Better)) => Step::RecoverBeyond,
        (Some(Bad), Now::Settled(Normal)) => Step::Recover,
        (Some(Bad), Now::Settled(Minor)) => Step::Ease,
        (Some(Better), Now::Settled(Better))
        | (Some(Normal), Now::Settled(Normal))
        | (Some(Minor), Now::Settled(Minor))
        | (Some(Restricted), Now::Settled(Restricted))
        | (Some(Bad), Now::Settled(Restricted | Bad)) => Step::Stay,
    }
}

/// Where a status stands now.
#[must_use]
pub fn standing(status: &Status) -> Standing {
    let turned = status.first_bad.is_some();
    against(status.observed.code, status.baseline, turned)
}

/// Where a settled code stands, given the status before it.
///
/// What was already restricted stays so until it gets better, or graver than it was.
#[must_use]
pub fn standing_of(code: Code, before: Option<&Status>, baseline: Option<Code>) -> Standing {
    let Some(before) = before else {
        return match baseline {
            None if code != Code::Ok => Standing::Restricted,
            _ => against(code, baseline, false),
        };
    };
    if standing(before) != Standing::Restricted {
        return against(code, baseline, true);
    }
    match baseline {
        Some(_) => against(
            code,
            baseline,
            code.severity() > before.observed.code.severity(),
        ),
        None if code.is_outage_like() => Standing::Restricted,
        None if code.severity() < before.observed.code.severity() => Standing::Better,
        None => Standing::Restricted,
    }
}

/// A code against a baseline; `turned` tells what was seen to turn from what never was better.
fn against(code: Code, baseline: Option<Code>, turned: bool) -> Standing {
    let allowed = baseline.map_or(Some(0), Code::severity);
    let normal = match code.severity().cmp(&allowed) {
        // An outage is no improvement on a refusal, whatever the severities say.
        std::cmp::Ordering::Less if code.is_outage_like() => return Standing::Normal,
        std::cmp::Ordering::Less => return Standing::Better,
        std::cmp::Ordering::Equal => true,
        std::cmp::Ordering::Greater => false,
    };
    match (normal, turned, code.severity()) {
        (true, _, _) => Standing::Normal,
        (false, _, Some(0 | 1)) => Standing::Minor,
        (false, true, _) => Standing::Bad,
        (false, false, _) => Standing::Restricted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::track::fixtures::status_of;

    const ALL: [Standing; 5] = [
        Standing::Better,
        Standing::Normal,
        Standing::Minor,
        Standing::Restricted,
        Standing::Bad,
    ];

    #[test]
    fn the_table_as_it_stands_in_the_comment() {
        use Step::{
            Ease, FirstRestricted, FirstSight, Improve, Lapse, Note, Recover, RecoverBeyond,
            Restore, Stay, Turn,
        };
        let rows: [(Option<Standing>, [Step; 5]); 6] = [
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
            (Some(Standing::Better), [Stay, Lapse, Note, Turn, Turn]),
            (Some(Standing::Normal), [Improve, Stay, Note, Turn, Turn]),
            (Some(Standing::Minor), [Improve, Restore, Stay, Turn, Turn]),
            (
                Some(Standing::Restricted),
                [Improve, Improve, Improve, Stay, Turn],
            ),
            (
                Some(Standing::Bad),
                [RecoverBeyond, Recover, Ease, Stay, Stay],
            ),
        ];
        for (was, expected) in rows {
            assert_eq!(step(was, Now::Unobserved), Step::Skip);
            assert_eq!(step(was, Now::Unsettled), Step::Suspect);
            for (now, follows) in ALL.into_iter().zip(expected) {
                assert_eq!(step(was, Now::Settled(now)), follows, "{was:?} -> {now:?}");
            }
        }
    }

    #[test]
    fn an_outage_is_no_improvement_on_a_refusal() {
        assert_eq!(
            against(Code::HttpServerError, Some(Code::SiteGeoBlock), true),
            Standing::Normal
        );
        assert_eq!(
            against(Code::SiteLogin, Some(Code::SiteGeoBlock), true),
            Standing::Better
        );
    }

    #[test]
    fn what_was_never_better_is_restricted_until_graver_or_better() {
        let mut seen = status_of(Code::SiteLogin);
        seen.baseline = Some(Code::Ok);
        seen.first_bad = None;
        let to = |code| standing_of(code, Some(&seen), seen.baseline);
        assert_eq!(standing(&seen), Standing::Restricted);
        assert_eq!(to(Code::SitePaywall), Standing::Restricted);
        assert_eq!(to(Code::SiteChallenge), Standing::Restricted);
        assert_eq!(to(Code::TcpTimeout), Standing::Bad);
        assert_eq!(to(Code::ContentChanged), Standing::Minor);
        assert_eq!(to(Code::Ok), Standing::Normal);
    }

    #[test]
    fn without_a_baseline_only_a_better_answer_improves() {
        let mut seen = status_of(Code::TcpTimeout);
        seen.baseline = None;
        seen.first_bad = None;
        let to = |code| standing_of(code, Some(&seen), None);
        assert_eq!(to(Code::HttpServerError), Standing::Restricted);
        assert_eq!(to(Code::SiteGeoBlock), Standing::Restricted);
        assert_eq!(to(Code::HttpForbidden), Standing::Better);
        assert_eq!(to(Code::Ok), Standing::Better);
    }
}
