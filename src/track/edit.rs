//! What people change: acknowledge, silence, observe, accept a baseline. The functions are pure;
//! the caller writes the outcome in one transaction.

use crate::model::asked_round::ASKED_ONCE;
use crate::model::event::{Event, EventDetail, EventKind, PassOutcome};
use crate::model::incident::{HumanCheck, StoryLine, StoryRemark};
use crate::model::time::iso;
use crate::model::tracker_state::TrackerState;
use crate::model::{
    Catalogue, Code, Incident, IncidentKind, ProbeKey, Settings, Status, Time, VantageId,
};

use super::baseline::may_be_baseline;
use super::incidents::sum_up;
use super::notices;
use super::state_transaction::{StateTransaction, event};

/// Why an edit cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("there is no incident #{0}; `accesswatch incidents` lists them")]
    NoIncident(i64),
    #[error("incident #{0} has ended; only an open one can be changed")]
    Ended(i64),
    #[error("incident #{0} is of a vantage or network; people can observe sources only")]
    NotOfSource(i64),
    #[error(
        "incident #{0} is of a vantage or network; `accesswatch run --all` measures everything"
    )]
    NoProbeOf(i64),
    #[error("{0} is measured from no vantage now; `accesswatch source show ID` says why")]
    Nowhere(ProbeKey),
    #[error("this is a demonstration: its sites are gone, and nothing can be measured again")]
    Demonstration,
    #[error("there is no probe {0}; `accesswatch source list` and `source show ID` name them")]
    NoProbe(ProbeKey),
    #[error("nothing is known of {probe}{}; run it once before accepting a baseline", from(.vantage.as_ref()))]
    NoStatus {
        probe: ProbeKey,
        vantage: Option<VantageId>,
    },
    #[error(
        "{probe} from {vantage} is {code}; a failure that looks like an outage never becomes normal"
    )]
    NeverNormal {
        probe: ProbeKey,
        vantage: VantageId,
        code: Code,
    },
    #[error(
        "the baseline of {0} is declared in its probe file; change `baseline` there, or remove it"
    )]
    Declared(ProbeKey),
}

fn from(vantage: Option<&VantageId>) -> String {
    vantage.map_or_else(String::new, |v| format!(" from {v}"))
}

/// Records who has seen the incident.
pub fn acknowledge(
    tracker: &mut TrackerState,
    id: i64,
    by: &str,
    now: Time,
) -> Result<Incident, EditError> {
    edit_open(tracker, id, |incident| {
        incident.acknowledged_by = Some(by.to_owned());
        incident.changes.push(StoryLine::note(
            now,
            format!("acknowledged by {by}"),
            StoryRemark::Acknowledged { by: by.to_owned() },
        ));
    })
}

/// Removes the acknowledgement: nobody looks after the incident any more.
pub fn withdraw_acknowledgement(
    tracker: &mut TrackerState,
    id: i64,
    by: &str,
    now: Time,
) -> Result<Incident, EditError> {
    edit_open(tracker, id, |incident| {
        if incident.acknowledged_by.take().is_some() {
            incident.changes.push(StoryLine::note(
                now,
                format!("acknowledgement withdrawn by {by}"),
                StoryRemark::Withdrawn { by: by.to_owned() },
            ));
        }
    })
}

/// Silences the incident until a time; the recovery of a mailed incident is still mailed.
pub fn silence(
    tracker: &mut TrackerState,
    id: i64,
    until: Time,
    by: Option<&str>,
    now: Time,
) -> Result<Incident, EditError> {
    edit_open(tracker, id, |incident| {
        incident.silenced_until = Some(until);
        incident.changes.push(StoryLine::note(
            now,
            match by {
                Some(by) => format!("silenced until {} by {by}", iso(until)),
                None => format!("silenced until {}", iso(until)),
            },
            StoryRemark::Silenced {
                until,
                by: by.map(str::to_owned),
            },
        ));
    })
}

/// Ends the silence: mails about the incident are sent again.
pub fn end_silence(
    tracker: &mut TrackerState,
    id: i64,
    by: &str,
    now: Time,
) -> Result<Incident, EditError> {
    edit_open(tracker, id, |incident| {
        if incident.silenced_until.take().is_some() {
            incident.changes.push(StoryLine::note(
                now,
                format!("silence ended by {by}"),
                StoryRemark::SilenceEnded { by: by.to_owned() },
            ));
        }
    })
}

/// Records that a person asked to measure again at once. Who asks twice within a minute asked once.
pub fn look_again(
    tracker: &mut TrackerState,
    id: i64,
    by: &str,
    now: Time,
) -> Result<Incident, EditError> {
    edit_open(tracker, id, |incident| {
        let remark = StoryRemark::LookedAgain { by: by.to_owned() };
        let is_recent = |line: &StoryLine| now - line.at < ASKED_ONCE;
        let mut lines = incident.changes.iter();
        if !lines.any(|line| is_recent(line) && line.remark.as_ref() == Some(&remark)) {
            let text = format!("{by} asked to measure again at once");
            incident.changes.push(StoryLine::note(now, text, remark));
        }
    })
}

fn edit_open(
    tracker: &mut TrackerState,
    id: i64,
    change: impl FnOnce(&mut Incident),
) -> Result<Incident, EditError> {
    let incident = tracker
        .incidents
        .get_mut(&id)
        .ok_or(EditError::NoIncident(id))?;
    if !incident.is_open() {
        return Err(EditError::Ended(id));
    }
    change(incident);
    Ok(incident.clone())
}

/// Records what a person saw in a browser and computes the finding again: an observation from
/// inside the mainland may distinguish an outage from a closing to foreign addresses.
pub fn observe(
    tracker: &mut TrackerState,
    id: i64,
    check: HumanCheck,
    catalogue: &Catalogue,
    settings: &Settings,
) -> Result<PassOutcome, EditError> {
    let incident = tracker
        .incidents
        .get(&id)
        .ok_or(EditError::NoIncident(id))?;
    if incident.kind != IncidentKind::Probe {
        return Err(EditError::NotOfSource(id));
    }
    if !incident.is_open() {
        return Err(EditError::Ended(id));
    }
    let now = check.at;
    let mut transaction = StateTransaction::new(tracker, catalogue, settings);
    transaction.edit_incident(id, |incident| incident.human_checks.push(check));
    sum_up(&mut transaction, id, now);
    notices::of_incident(&mut transaction, id, now);
    Ok(transaction.finish())
}

/// Records what a person saw of a probe without an open incident: an event that changes nothing
/// else.
pub fn observe_probe(
    probe: &ProbeKey,
    check: &HumanCheck,
    catalogue: &Catalogue,
) -> Result<PassOutcome, EditError> {
    if catalogue.probe(probe).is_none() {
        return Err(EditError::NoProbe(probe.clone()));
    }
    Ok(PassOutcome {
        events: vec![Event {
            probe: Some(probe.clone()),
            detail: Some(EventDetail::Looked {
                check: check.clone(),
            }),
            ..event(check.at, EventKind::Observed, check.line())
        }],
        ..PassOutcome::default()
    })
}

/// Accepts the standing code of a probe as normal, from one vantage or from all that know the
/// probe. Only this lowers a baseline, which rises again by itself. Vantages that are normal now
/// leave the probe's incident.
pub fn accept(
    tracker: &mut TrackerState,
    probe: &ProbeKey,
    vantage: Option<&VantageId>,
    now: Time,
    catalogue: &Catalogue,
    settings: &Settings,
) -> Result<PassOutcome, EditError> {
    let accepted: Vec<Status> = tracker
        .statuses_of(probe)
        .filter(|s| vantage.is_none_or(|v| s.vantage == *v))
        .cloned()
        .collect();
    if accepted.is_empty() {
        return Err(EditError::NoStatus {
            probe: probe.clone(),
            vantage: vantage.cloned(),
        });
    }
    accept_all(tracker, probe, accepted, now, catalogue, settings)
}

/// Accepts the codes of these statuses together.
pub(super) fn accept_all(
    tracker: &mut TrackerState,
    probe: &ProbeKey,
    accepted: Vec<Status>,
    now: Time,
    catalogue: &Catalogue,
    settings: &Settings,
) -> Result<PassOutcome, EditError> {
    if catalogue.probe(probe).is_some_and(|p| p.baseline.is_some()) {
        return Err(EditError::Declared(probe.clone()));
    }
    if let Some(status) = accepted.iter().find(|s| !may_be_baseline(s.observed.code)) {
        return Err(EditError::NeverNormal {
            probe: probe.clone(),
            vantage: status.vantage.clone(),
            code: status.observed.code,
        });
    }
    let mut transaction = StateTransaction::new(tracker, catalogue, settings);
    let open = transaction.open_of(probe);
    for status in accepted {
        accept_one(&mut transaction, &status, open, now);
    }
    if let Some(id) = open {
        if transaction.incident(id).is_some_and(Incident::is_open) {
            sum_up(&mut transaction, id, now);
        } else {
            notices::end(&mut transaction, id);
        }
    }
    Ok(transaction.finish())
}

fn accept_one(
    transaction: &mut StateTransaction<'_>,
    status: &Status,
    open: Option<i64>,
    now: Time,
) {
    let text = format!(
        "{} from {} is normal now",
        status.observed.code, status.vantage
    );
    // A vantage outside the incident, or no longer in it, is not part of its story.
    let within = |incident: &Incident| {
        let part = incident.vantages.get(&status.vantage);
        part.is_some_and(|part| part.back.is_none())
    };
    let open = open.filter(|id| transaction.incident(*id).is_some_and(within));
    let is_normal = status.baseline == Some(status.observed.code) && status.first_bad.is_none();
    if is_normal && status.folded_into.is_none() && open.is_none() {
        return; // nothing to record
    }
    transaction.edit_status(&status.key(), |s| {
        s.baseline = Some(s.observed.code);
        s.first_bad = None;
        s.folded_into = None;
    });
    transaction.event(Event {
        probe: Some(status.probe.clone()),
        vantage: Some(status.vantage.clone()),
        incident: open,
        from: status.baseline,
        to: Some(status.observed.code),
        ..event(now, EventKind::Accepted, text.clone())
    });
    let Some(id) = open else { return };
    transaction.edit_incident(id, |incident| {
        let Some(part) = incident
            .vantages
            .get_mut(&status.vantage)
            .filter(|part| part.back.is_none())
        else {
            return;
        };
        part.leave(
            now.max(part.first_bad).max(incident.first_bad),
            Some(status.observed.code),
        );
        let remark = StoryRemark::Accepted {
            vantage: status.vantage.clone(),
            code: status.observed.code,
        };
        incident.changes.push(StoryLine::note(now, text, remark));
        if incident.worsened().next().is_none() {
            incident.ended = incident.vantages.values().filter_map(|p| p.back).max();
        }
    });
}
