//! An act on an incident or a probe: read from its fields, and carried out. Forms and the API share
//! it.

use std::future::Future;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::engine::edits::{EditFailure, edit};
use crate::engine::look;
use crate::model::demonstration::DemonstrationSpan;
use crate::model::event::PassOutcome;
use crate::model::incident::{BrowserResult, HumanCheck};
use crate::model::note::Note;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, ProbeKey, Time};
use crate::store::{Store, StoreError};
use crate::text::clean;
use crate::track::{self, EditError};
use crate::web::form;
use crate::web::site::SiteConfig;

/// Longer names and networks are cut.
const NAME: usize = 80;
/// Longer texts are cut.
pub(super) const TEXT: usize = 500;

/// What was sent, by name.
pub type ActFields = Vec<(String, String)>;

/// What was asked for, checked as far as it can be without the store.
pub enum Act {
    Acknowledge,
    WithdrawAcknowledgement,
    Silence(Time),
    EndSilence,
    Observe(HumanCheck),
    Note(String, Option<String>),
    /// Measure again at once.
    Look,
}

/// Why an act was not done.
pub enum ActError {
    /// The fields are not valid; the text names the fix.
    Refused(String),
    Missing,
    /// It can no longer be done.
    Over,
    Failed(String),
}

impl From<EditFailure> for ActError {
    fn from(failure: EditFailure) -> Self {
        match failure {
            EditFailure::Edit(EditError::NoIncident(_) | EditError::NoProbe(_)) => Self::Missing,
            EditFailure::Edit(EditError::Ended(_)) => Self::Over,
            EditFailure::Edit(error) => Self::Refused(error.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<StoreError> for ActError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What the act is on.
#[derive(Clone)]
pub enum ActTarget {
    Incident(i64),
    Probe(ProbeKey),
}

const UNTIL: &str = "`until` is a day such as 2026-01-31 that is not over.";

pub(super) fn refused(fix: &str) -> ActError {
    ActError::Refused(fix.to_owned())
}

/// Who acts; a name is required.
pub fn named(fields: &ActFields) -> Result<String, ActError> {
    let by = clean::line(form::value(fields, "by"), NAME);
    if by.is_empty() {
        Err(refused("`by` is empty; say who acts."))
    } else {
        Ok(by)
    }
}

pub fn read_act(name: &str, undo: bool, fields: &ActFields, now: Time) -> Result<Act, ActError> {
    let text = |name: &str, most: usize| clean::line(form::value(fields, name), most);
    Ok(match (name, undo) {
        ("ack", false) => Act::Acknowledge,
        ("ack", true) => Act::WithdrawAcknowledgement,
        ("silence", false) => Act::Silence(end_of_day(&text("until", 10))?),
        ("silence", true) => Act::EndSilence,
        ("observe", false) => {
            let answer = text("browser", 10);
            let known = BrowserResult::ALL.iter().find(|b| b.as_str() == answer);
            let network = text("network", NAME);
            let (Some(browser), false) = (known, network.is_empty()) else {
                return Err(refused(
                    "`browser` is ok, refused or partial, and `network` says from where.",
                ));
            };
            Act::Observe(HumanCheck {
                at: now,
                browser: *browser,
                network,
                saw: Some(text("saw", TEXT)).filter(|saw| !saw.is_empty()),
                by: Some(named(fields)?),
            })
        }
        ("note", false) => {
            let note = text("text", TEXT);
            if note.is_empty() {
                return Err(refused("`text` is empty; say what is to be noted."));
            }
            let reference = text("ref", TEXT);
            Act::Note(note, Some(reference).filter(|r| !r.is_empty()))
        }
        ("look", false) => Act::Look,
        _ => return Err(ActError::Missing),
    })
}

/// The end of a day in UTC, as on the command line.
fn end_of_day(text: &str) -> Result<Time, ActError> {
    let day: NaiveDate = text.parse().map_err(|_| refused(UNTIL))?;
    let next = day.succ_opt().ok_or_else(|| refused(UNTIL))?;
    Ok(next.and_time(chrono::NaiveTime::MIN).and_utc())
}

/// Carries the act out on a thread that may block, because the lock of the store blocks.
pub async fn perform(
    config: Arc<SiteConfig>,
    target: ActTarget,
    act: Act,
    by: String,
    clock: Time,
) -> Result<(), ActError> {
    let shared = Arc::clone(&config);
    let work = move |store: Store, now: Time| async move {
        carry_out(&shared, &store, &target, act, &by, now).await
    };
    on_store(config, clock, work).await
}

/// Runs work on the store, on a thread that may block. The clock of a demonstration stands still.
pub(super) async fn on_store<W, F>(
    config: Arc<SiteConfig>,
    clock: Time,
    work: W,
) -> Result<(), ActError>
where
    W: FnOnce(Store, Time) -> F + Send + 'static,
    F: Future<Output = Result<(), ActError>>,
{
    let runtime = tokio::runtime::Handle::current();
    let done = tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            let path = &config.workspace.settings.store.path;
            // Neither a page nor a form creates a store.
            if !path.exists() {
                return Err(ActError::Missing);
            }
            let store = Store::open(path)?;
            let mark = store.get_meta(DemonstrationSpan::KEY).await?;
            let span = mark.as_deref().and_then(DemonstrationSpan::parse);
            let now = span.map_or(clock, |span| span.until);
            work(store, now).await
        })
    });
    match done.await {
        Ok(outcome) => outcome,
        Err(error) => Err(ActError::Failed(error.to_string())),
    }
}

async fn carry_out(
    config: &SiteConfig,
    store: &Store,
    target: &ActTarget,
    act: Act,
    by: &str,
    now: Time,
) -> Result<(), ActError> {
    if matches!(&act, Act::Silence(until) if *until <= now) {
        return Err(refused(UNTIL));
    }
    if let Act::Note(text, reference) = act {
        return add_note(store, target, (text, reference), by, now).await;
    }
    if let (Act::Look, ActTarget::Incident(id)) = (&act, target) {
        look::ask(&config.workspace, store, *id, by, now).await?;
        return Ok(());
    }
    edit(&config.workspace, store, now, |tracker, now| {
        change(tracker, target, act, by, now, config)
    })
    .await?;
    Ok(())
}

fn change(
    tracker: &mut TrackerState,
    target: &ActTarget,
    act: Act,
    by: &str,
    now: Time,
    config: &SiteConfig,
) -> Result<PassOutcome, EditError> {
    let (catalogue, settings) = (&config.workspace.catalogue, &config.workspace.settings);
    let id = match target {
        ActTarget::Incident(id) => Some(*id),
        ActTarget::Probe(probe) => tracker.open_incident_of(probe).map(|i| i.id),
    };
    let Some(id) = id else {
        return match (act, target) {
            (Act::Observe(check), ActTarget::Probe(probe)) => {
                let check = HumanCheck { at: now, ..check };
                track::observe_probe(probe, &check, catalogue)
            }
            _ => Err(EditError::NoIncident(0)),
        };
    };
    let changed = |incident: Incident| PassOutcome {
        incidents: vec![incident],
        ..PassOutcome::default()
    };
    match act {
        Act::Acknowledge => track::acknowledge(tracker, id, by, now).map(changed),
        Act::WithdrawAcknowledgement => {
            track::withdraw_acknowledgement(tracker, id, by, now).map(changed)
        }
        Act::Silence(until) => track::silence(tracker, id, until, Some(by), now).map(changed),
        Act::EndSilence => track::end_silence(tracker, id, by, now).map(changed),
        Act::Observe(check) => {
            let check = HumanCheck { at: now, ..check };
            track::observe(tracker, id, check, catalogue, settings)
        }
        Act::Note(..) | Act::Look => Ok(PassOutcome::default()),
    }
}

/// A note on the incident's source, from its first bad day.
async fn add_note(
    store: &Store,
    target: &ActTarget,
    (text, reference): (String, Option<String>),
    by: &str,
    now: Time,
) -> Result<(), ActError> {
    let ActTarget::Incident(id) = target else {
        return Err(ActError::Missing);
    };
    let incident = store.incident(*id).await?.ok_or(ActError::Missing)?;
    let source = incident.source.ok_or(ActError::Over)?;
    let note = Note {
        id: 0,
        written: Some(now),
        source,
        from: incident.first_bad.date_naive(),
        to: None,
        text: format!("{text} ({by})"),
        reference,
        planned: false,
    };
    store.add_note(note).await?;
    Ok(())
}
