//! Why nothing was mailed of an incident that is open: said wherever somebody may wait for that mail.

use crate::config::Workspace;
use crate::judge::track::{self, Decision, Why};
use crate::model::book::Book;
use crate::model::incident::MailState;
use crate::model::time::iso;
use crate::model::{Incident, Time};

/// How an incident's mail stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiet {
    /// `held`, `digest only`, `no updates`: for a column.
    pub state: &'static str,
    /// Until when it is held at least.
    pub until: Option<Time>,
    /// That time has come: the next pass looks.
    pub is_over: bool,
    pub because: String,
}

impl Quiet {
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

/// Why the opening of an open incident was not mailed, or nothing more of it is; none when nothing is kept
/// back, or when nobody wants mail.
#[must_use]
pub fn of(incident: &Incident, book: &Book, workspace: &Workspace, now: Time) -> Option<Quiet> {
    if !incident.is_open() || workspace.settings.alerts.to.is_empty() {
        return None;
    }
    let digest = |state, why| {
        Some(Quiet {
            state,
            until: None,
            is_over: false,
            because: reason(why, incident),
        })
    };
    let (catalogue, settings) = (&workspace.catalogue, &workspace.settings);
    if incident.mail == MailState::Mailed {
        let why = track::muted(incident, book, catalogue, now)?;
        return digest("of further changes stopped", why);
    }
    match track::outlook(incident, book, catalogue, settings, now) {
        Decision::Hold { until } => {
            let hold = chrono::TimeDelta::from_std(settings.confirm.hold).ok()?;
            let by_day = incident.first_bad.checked_add_signed(hold) == Some(until);
            let because = if by_day {
                "a failure like this is often over soon: it is mailed when it fails again then"
            } else {
                "it began in the site's night, when sites are worked on: it is mailed when it fails again after that"
            };
            Some(Quiet {
                state: "held",
                until: Some(until),
                is_over: until <= now,
                because: because.to_owned(),
            })
        }
        Decision::Digest(why) => digest("left to the digest", why),
        // Decided anew by the next pass.
        Decision::Mail(_) => None,
    }
}

/// Every open incident of which mail is kept back, the lowest number first.
pub fn all<'b>(
    book: &'b Book,
    workspace: &'b Workspace,
    now: Time,
) -> impl Iterator<Item = (&'b Incident, Quiet)> {
    book.incidents
        .values()
        .filter_map(move |incident| Some((incident, of(incident, book, workspace, now)?)))
}

fn reason(why: Why, incident: &Incident) -> String {
    match why {
        Why::Silenced => {
            let until = incident.silenced_until.map(iso).unwrap_or_default();
            return format!("somebody silenced it until {until}");
        }
        Why::Flapping => "it goes back and forth: one note said so when that began",
        Why::Provisional => {
            "the probe's markers are not confirmed, and it has never been ok (`provisional`)"
        }
        Why::Minor => "it is minor (severity 1 or 2)",
        Why::ProgramRefused => {
            "the site declines our program: what readers get only a person with a browser can tell"
        }
        Why::OwnEnd | Why::Grave | Why::FailedAgain => "the next pass mails it",
    }
    .to_owned()
}
