//! Applies one round to one status: settles its attempts, takes the step of the transition table,
//! and writes what the status must keep. Incidents follow after all rounds of a pass.

use crate::model::discriminator::Attribution;
use crate::model::round::{Attempt, Round};
use crate::model::status::Suspicion;
use crate::model::{Code, Locus, MeasurementUid, Status, Time};

use super::baseline;
use super::flap;
use super::state_transaction::PairKey;
use super::transition::{self, BaselineComparison, RoundOutcome, StatusTransition};
use crate::track::settle::{Settled, settle};

/// The result of a round.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AppliedRound {
    pub key: PairKey,
    pub step: StatusTransition,
    /// The status before; `None` at first sight.
    pub before: Option<Status>,
    /// The status after; `None` while nothing was ever settled here.
    pub after: Option<Status>,
    /// When attempt 0 began.
    pub at: Time,
    /// When the last attempt began.
    pub confirmed: Time,
    /// The measurement that represents the round.
    pub evidence: Option<MeasurementUid>,
    /// How many attempts were worse than the baseline.
    pub bad: u32,
}

impl AppliedRound {
    /// Whether the round settled, with or without a change.
    pub fn is_settled(&self) -> bool {
        !matches!(
            self.step,
            StatusTransition::Skip | StatusTransition::Suspect
        )
    }

    /// How the status compares with its baseline now.
    pub fn standing(&self) -> Option<BaselineComparison> {
        self.after.as_ref().map(transition::against_baseline)
    }

    /// The codes before and after, for messages.
    pub fn codes(&self) -> (Option<Code>, Option<Code>) {
        let code = |s: &Option<Status>| s.as_ref().map(|s| s.observed.code);
        (code(&self.before), code(&self.after))
    }
}

/// What the controls say about a round's vantage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ControlEvidence {
    /// The vantage worked while the round was made.
    pub usable: bool,
    pub turns: AllowedTransitions,
}

/// Which turns for the worse a round may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AllowedTransitions {
    All,
    /// No turn on a transport code: the controls did not pass again.
    OfContent,
    /// No turn at all: somebody else answers there.
    None,
}

impl AllowedTransitions {
    fn allow(self, code: Code) -> bool {
        match self {
            AllowedTransitions::All => true,
            AllowedTransitions::OfContent => !code.is_transport(),
            AllowedTransitions::None => false,
        }
    }
}

/// Applies a round.
pub(super) fn apply(
    before: Option<&Status>,
    round: &Round,
    declared: Option<Code>,
    looked: ControlEvidence,
) -> Option<AppliedRound> {
    let mut attempts = round.attempts.clone();
    attempts.sort_by(|a, b| (a.attempt, a.started, &a.uid).cmp(&(b.attempt, b.started, &b.uid)));
    let (first, last) = (attempts.first()?, attempts.last()?);
    let mut before = before.cloned();
    if let Some(status) = &mut before {
        baseline::declare(status, declared);
    }
    let mut applied = AppliedRound {
        key: (round.probe.clone(), round.vantage.clone()),
        step: StatusTransition::Skip,
        after: before.clone(),
        at: first.started,
        confirmed: last.started.max(first.started),
        evidence: None,
        bad: bad(&attempts, before.as_ref().and_then(|s| s.baseline)),
        before,
    };
    let settled = match settle(applied.before.as_ref(), &attempts) {
        _ if !looked.usable => Settled::Unobserved(Code::VantageOffline),
        Settled::Is { attempt }
            if !looked.turns.allow(attempts[attempt].observed.code)
                && worsens(&applied, &attempts[attempt]) =>
        {
            Settled::Unobserved(Code::VantageOffline)
        }
        settled => settled,
    };
    match settled {
        Settled::Unobserved(_) => {
            if let Some(status) = &mut applied.after {
                unobserved(status);
            }
        }
        Settled::Stands { suspected } => {
            applied.step = StatusTransition::Suspect;
            if let Some(status) = &mut applied.after {
                suspect(status, suspected, first.started, &attempts);
            }
        }
        Settled::Is { attempt } => {
            let spoken = spoken(applied.before.as_ref(), &attempts, attempt);
            settle_into(&mut applied, declared, &spoken);
        }
    }
    Some(applied)
}

/// Whether the round is a turn for the worse.
fn worsens(applied: &AppliedRound, attempt: &Attempt) -> bool {
    let standing = applied
        .before
        .as_ref()
        .map_or(Code::Ok, |s| s.observed.code);
    let code = attempt.observed.code;
    let attribution = applied.before.as_ref().and_then(|s| s.attribution.as_ref());
    let same = code == standing || attribution.is_some_and(|t| t.observed_code == code);
    !same && code.severity() >= standing.severity()
}

fn bad(attempts: &[Attempt], baseline: Option<Code>) -> u32 {
    let allowed = baseline.and_then(Code::severity).unwrap_or(0);
    let bad = attempts
        .iter()
        .filter_map(|a| a.observed.code.severity())
        .filter(|severity| *severity > allowed);
    u32::try_from(bad.count()).unwrap_or(u32::MAX)
}

fn unobserved(status: &mut Status) {
    status.no_data_since.get_or_insert(status.last_checked);
}

/// The status stays; the round still counts as an observation.
fn suspect(status: &mut Status, suspected: Code, at: Time, attempts: &[Attempt]) {
    let earlier = status
        .suspicion
        .filter(|_| status.suspected == Some(suspected));
    status.suspicion = Some(Suspicion {
        since: earlier.map_or(at, |known| known.since),
        rounds: earlier.map_or(1, |known| known.rounds.saturating_add(1)),
    });
    status.suspected = Some(suspected);
    status.last_checked = status.last_checked.max(at);
    let seen_again = attempts.iter().any(|a| a.seen_as() == status.observed.code);
    let normal = matches!(
        transition::against_baseline(status),
        BaselineComparison::Normal | BaselineComparison::Better
    );
    if seen_again && normal {
        status.last_verified = status.last_verified.max(Some(at));
    }
}

/// The attempt that a round settled into, with its attribution: that of the round's last attempt,
/// or else that of the standing status as long as the same code is observed.
fn spoken(before: Option<&Status>, attempts: &[Attempt], settled: usize) -> Attempt {
    let mut spoken = attempts[settled].clone();
    let seen_as = spoken.seen_as();
    if let Some(attribution) = attempts.iter().rev().find_map(|a| a.attribution.clone()) {
        if attribution.proof.is_some() && spoken.observed.locus == Locus::Unknown {
            spoken.observed.locus = Locus::Network;
        }
        spoken.attribution = Some(Attribution {
            observed_code: seen_as,
            ..attribution
        });
        return spoken;
    }
    let standing = before.and_then(|s| Some((s, s.attribution.clone()?)));
    if let Some((status, attribution)) =
        standing.filter(|(s, t)| t.observed_code == seen_as || s.observed.code == seen_as)
    {
        if attribution.proof.is_some() {
            spoken.observed.code = status.observed.code;
            spoken.observed.locus = status.observed.locus;
            spoken.observed.saying = status.observed.saying;
        }
        spoken.attribution = Some(attribution);
    }
    spoken
}

/// The round settled into the verdict of `attempt`.
fn settle_into(applied: &mut AppliedRound, declared: Option<Code>, attempt: &Attempt) {
    let (at, code) = (applied.at, attempt.observed.code);
    let before = applied.before.as_ref();
    let baseline = before.map_or(declared, |s| s.baseline);
    let was = before.map(transition::against_baseline);
    let now = transition::status_against_baseline(code, before, baseline);
    applied.step = transition::transition(was, RoundOutcome::Settled(now));
    applied.evidence = Some(attempt.uid.clone());

    let mut status = applied.after.take().unwrap_or_else(|| {
        let (probe, vantage) = applied.key.clone();
        let mut new = Status::new(probe, vantage, code, attempt.observed.locus, at);
        baseline::declare(&mut new, declared);
        new.already_restricted = code != Code::Ok;
        new
    });
    if status.observed.code != code {
        status.since = at;
    }
    observed(&mut status, code, at);
    status.observed = attempt.observed.clone();
    status.measurement = Some(attempt.uid.clone());
    status.ooni_control.clone_from(&attempt.ooni_control);
    status.attribution.clone_from(&attempt.attribution);
    status.suspected = None;
    status.suspicion = None;
    if code == Code::Ok {
        status.was_ok = true;
        status.ok_at = status.ok_at.max(Some(at));
    }
    move_to(&mut status, applied.step, now, at);
    baseline::raise_to(&mut status, code);
    flap::remember(&mut status.settled, code);
    status.flapping = flap::flaps(status.flapping, &status.settled);
    if !status.flapping {
        status.flapping_notified = None;
    }
    applied.after = Some(status);
}

/// The effect of being observed: a challenge hides the level behind it, every other code shows it.
fn observed(status: &mut Status, code: Code, at: Time) {
    if code == Code::SiteChallenge {
        status.no_data_since.get_or_insert(status.last_checked);
    } else {
        status.no_data_since = None;
        status.no_data_notified = None;
    }
    status.last_checked = status.last_checked.max(at);
}

/// Sets the dates that depend on the comparison with the baseline.
fn move_to(status: &mut Status, step: StatusTransition, now: BaselineComparison, at: Time) {
    match step {
        StatusTransition::Turn | StatusTransition::Note => status.first_bad = Some(at),
        StatusTransition::Improve => status.already_restricted = false,
        _ => {}
    }
    if matches!(now, BaselineComparison::Normal | BaselineComparison::Better) {
        status.first_bad = None;
        status.folded_into = None;
        status.last_good = status.last_good.max(Some(at));
        status.last_verified = status.last_verified.max(Some(at));
    }
}
