//! Why nothing was mailed about an open incident. It is shown wherever somebody may wait for that
//! mail.

use crate::config::Workspace;
use crate::model::incident::MailState;
use crate::model::time::iso;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, Time};
use crate::track;
use crate::track::{AlertDecision, AlertReason};

/// The state of an incident's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// `held`, `digest only`, `no updates`: for a column.
    pub state: &'static str,
    /// The earliest end of the hold.
    pub until: Option<Time>,
    /// That time has passed: the next pass decides.
    pub is_over: bool,
    pub because: String,
}

impl Suppression {
    /// `mail held until 2026-11-23T03:30:00Z, because …`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let until = self.until.map(|until| {
            if self.is_over {
                " until the next look, which is due now".to_owned()
            } else {
                format!(" until {}", iso(until))
            }
        });
        format!(
            "mail {}{}, because {}",
            self.state,
            until.unwrap_or_default(),
            self.because
        )
    }
}

/// Why the opening of an open incident was not mailed, or why nothing more is mailed about it.
/// `None` when nothing is held back, or when there are no recipients.
#[must_use]
pub fn of_incident(
    incident: &Incident,
    tracker: &TrackerState,
    workspace: &Workspace,
    now: Time,
) -> Option<Suppression> {
    if !incident.is_open() || workspace.settings.alerts.to.is_empty() {
        return None;
    }
    let digest = |state, why| {
        Some(Suppression {
            state,
            until: None,
            is_over: false,
            because: reason(why, incident),
        })
    };
    let (catalogue, settings) = (&workspace.catalogue, &workspace.settings);
    if incident.mail == MailState::Mailed {
        let why = track::muted(incident, tracker, catalogue, now)?;
        return digest("of further changes stopped", why);
    }
    match track::expected_end(incident, tracker, catalogue, settings, now) {
        AlertDecision::Hold { until } => {
            let hold = chrono::TimeDelta::from_std(settings.confirm.hold).ok()?;
            let by_day = incident.first_bad.checked_add_signed(hold) == Some(until);
            let because = if by_day {
                "a failure like this is often over soon: it is mailed if the probe still fails then"
            } else {
                "it began in the site's night, when sites are worked on: it is mailed when it fails again after that"
            };
            Some(Suppression {
                state: "held",
                until: Some(until),
                is_over: until <= now,
                because: because.to_owned(),
            })
        }
        AlertDecision::Digest(why) => digest("left to the digest", why),
        // The next pass decides again.
        AlertDecision::Mail(_) => None,
    }
}

/// Every open incident whose mail is held back, by number.
pub fn of_incidents<'b>(
    tracker: &'b TrackerState,
    workspace: &'b Workspace,
    now: Time,
) -> impl Iterator<Item = (&'b Incident, Suppression)> {
    tracker.incidents.values().filter_map(move |incident| {
        Some((incident, of_incident(incident, tracker, workspace, now)?))
    })
}

fn reason(why: AlertReason, incident: &Incident) -> String {
    match why {
        AlertReason::Silenced => {
            let until = incident.silenced_until.map(iso).unwrap_or_default();
            return format!("somebody silenced it until {until}");
        }
        AlertReason::Flapping => "it goes back and forth: one note was mailed when that began",
        AlertReason::Provisional => {
            "the probe's markers are not confirmed, and it has never been ok (`provisional`)"
        }
        AlertReason::Minor => "it is minor (severity 1 or 2)",
        AlertReason::ProgramRefused => {
            "the site declines our program: what readers get only a person with a browser can tell"
        }
        AlertReason::OwnEnd | AlertReason::Grave | AlertReason::FailedAgain => {
            "the next pass mails it"
        }
    }
    .to_owned()
}
