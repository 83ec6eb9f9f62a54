//! What people do on the pages: acknowledge, silence, say what they saw, add a note; and undo.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Response, StatusCode};
use chrono::NaiveDate;

use super::form;
use super::page::{PageNotice, notice};
use super::respond;
use super::role::Role;
use super::site::{SiteConfig, WebSite};
use super::visit::Visit;
use crate::engine::edits::{EditFailure, edit};
use crate::model::event::PassOutcome;
use crate::model::incident::{BrowserResult, HumanCheck};
use crate::model::note::Note;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, ProbeKey, Time};
use crate::store::{Store, StoreError};
use crate::text::clean;
use crate::track::{self, EditError};

/// Longer names and networks are cut.
const NAME: usize = 80;
/// Longer texts are cut.
const TEXT: usize = 500;
/// The cookie that keeps the name of whoever acts, for the browser's session.
pub const NAME_COOKIE: &str = "aw_by";

type Fields = Vec<(String, String)>;

/// What was asked for, checked as far as it can be without the store.
enum Act {
    Acknowledge,
    WithdrawAcknowledgement,
    Silence(Time),
    EndSilence,
    Observe(HumanCheck),
    Note(String, Option<String>),
}

/// Why an act was not done.
enum ActError {
    /// The form is incomplete, or of another session.
    Refused,
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
            EditFailure::Edit(_) => Self::Refused,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<StoreError> for ActError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// `POST /incidents/{id}/{act}` and `/incidents/{id}/{act}/undo`.
pub async fn on_incident(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response<Body> {
    let part = |name: &str| form::value(&path, name).to_owned();
    let undo = request.uri().path().ends_with("/undo");
    let (id, name) = (part("id"), part("act"));
    let Ok(id) = id.parse::<i64>() else {
        return notice(&site, &visit, PageNotice::NotFound);
    };
    act(site, visit, request, move |fields, config, now| {
        let by = named(fields)?;
        let act = read_act(&name, undo, fields, config, now)?;
        Ok((Target::Incident(id), act, by))
    })
    .await
}

/// `POST /sources/{source}/{probe}/observe`.
pub async fn on_probe(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    Path((source, probe)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    act(site, visit, request, move |fields, config, now| {
        let by = named(fields)?;
        let act = read_act("observe", false, fields, config, now)?;
        let key = ProbeKey::new(source, probe);
        Ok((Target::Probe(key), act, by))
    })
    .await
}

/// What the act is on.
#[derive(Clone)]
enum Target {
    Incident(i64),
    Probe(ProbeKey),
}

async fn act(
    site: Arc<WebSite>,
    visit: Arc<Visit>,
    request: Request,
    read: impl FnOnce(&Fields, &SiteConfig, Time) -> Result<(Target, Act, String), ActError>,
) -> Response<Body> {
    let config = site.config();
    let from_here = form::is_from_here(request.headers(), config.web().base_url.as_ref());
    let fields = match form::read(request, &site.limits).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let clock = site.clock.now();
    let csrf = form::value(&fields, "csrf");
    let is_own = visit
        .session
        .as_deref()
        .is_some_and(|session| config.sessions.is_csrf(session, csrf, clock.timestamp()));
    if visit.role != Role::Writer || !from_here || !is_own {
        return notice(&site, &visit, PageNotice::Refused);
    }
    let (target, act, by) = match read(&fields, &config, clock) {
        Ok(act) => act,
        Err(error) => return refused(&site, &visit, &error),
    };
    let place = match &target {
        Target::Incident(id) => format!("/incidents/{id}"),
        Target::Probe(key) => format!("/sources/{}", super::visit::path_part(key.source.as_str())),
    };
    let kept = super::visit::path_part(&by);
    let work = {
        let config = Arc::clone(&config);
        let runtime = tokio::runtime::Handle::current();
        // The lock of the store blocks.
        tokio::task::spawn_blocking(move || {
            runtime.block_on(carry_out(&config, &target, act, &by, clock))
        })
    };
    match work.await {
        Ok(Ok(())) => {
            let mut response = respond::lead_to(StatusCode::SEE_OTHER, &place);
            let (headers, secure) = (response.headers_mut(), config.is_https());
            respond::set_session_cookie(headers, NAME_COOKIE, &kept, secure);
            response
        }
        Ok(Err(error)) => refused(&site, &visit, &error),
        Err(error) => refused(&site, &visit, &ActError::Failed(error.to_string())),
    }
}

fn refused(site: &WebSite, visit: &Visit, error: &ActError) -> Response<Body> {
    let kind = match error {
        ActError::Refused => PageNotice::Refused,
        ActError::Missing => PageNotice::NotFound,
        ActError::Over => PageNotice::Over,
        ActError::Failed(error) => {
            tracing::error!("an act was not written: {error}");
            PageNotice::Unreadable
        }
    };
    notice(site, visit, kind)
}

/// Who acts; a name is required.
fn named(fields: &Fields) -> Result<String, ActError> {
    let by = clean::line(form::value(fields, "by"), NAME);
    if by.is_empty() {
        Err(ActError::Refused)
    } else {
        Ok(by)
    }
}

fn read_act(
    name: &str,
    undo: bool,
    fields: &Fields,
    config: &SiteConfig,
    now: Time,
) -> Result<Act, ActError> {
    let text = |name: &str, most: usize| clean::line(form::value(fields, name), most);
    Ok(match (name, undo) {
        ("ack", false) => Act::Acknowledge,
        ("ack", true) => Act::WithdrawAcknowledgement,
        ("silence", false) => Act::Silence(end_of_day(&text("until", 10), config, now)?),
        ("silence", true) => Act::EndSilence,
        ("observe", false) => {
            let answer = text("browser", 10);
            let known = BrowserResult::ALL.iter().find(|b| b.as_str() == answer);
            let network = text("network", NAME);
            let (Some(browser), false) = (known, network.is_empty()) else {
                return Err(ActError::Refused);
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
                return Err(ActError::Refused);
            }
            let reference = text("ref", TEXT);
            Act::Note(note, Some(reference).filter(|r| !r.is_empty()))
        }
        _ => return Err(ActError::Missing),
    })
}

/// The end of a day that is not over, in the zone of the schedule.
fn end_of_day(text: &str, config: &SiteConfig, now: Time) -> Result<Time, ActError> {
    let day: NaiveDate = text.parse().map_err(|_| ActError::Refused)?;
    let zone = config.workspace.settings.schedule.timezone;
    let next = day.succ_opt().ok_or(ActError::Refused)?;
    let end = next
        .and_time(chrono::NaiveTime::MIN)
        .and_local_timezone(zone);
    let end = end.earliest().ok_or(ActError::Refused)?.to_utc();
    if end > now {
        Ok(end)
    } else {
        Err(ActError::Refused)
    }
}

async fn carry_out(
    config: &SiteConfig,
    target: &Target,
    act: Act,
    by: &str,
    clock: Time,
) -> Result<(), ActError> {
    let workspace = &config.workspace;
    let path = &workspace.settings.store.path;
    // Looking makes no store, and neither does a form.
    if !path.exists() {
        return Err(ActError::Missing);
    }
    let store = Store::open(path)?;
    let mark = store
        .get_meta(crate::model::demonstration::DemonstrationSpan::KEY)
        .await?;
    let span = mark
        .as_deref()
        .and_then(crate::model::demonstration::DemonstrationSpan::parse);
    let now = span.map_or(clock, |span| span.until);
    if let Act::Note(text, reference) = act {
        return add_note(&store, target, (text, reference), by).await;
    }
    edit(workspace, &store, now, |tracker, now| {
        change(tracker, target, act, by, now, config)
    })
    .await?;
    Ok(())
}

fn change(
    tracker: &mut TrackerState,
    target: &Target,
    act: Act,
    by: &str,
    now: Time,
    config: &SiteConfig,
) -> Result<PassOutcome, EditError> {
    let (catalogue, settings) = (&config.workspace.catalogue, &config.workspace.settings);
    let id = match target {
        Target::Incident(id) => Some(*id),
        Target::Probe(probe) => tracker.open_incident_of(probe).map(|i| i.id),
    };
    let Some(id) = id else {
        return match (act, target) {
            (Act::Observe(check), Target::Probe(probe)) => {
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
        Act::Note(..) => Ok(PassOutcome::default()),
    }
}

/// A note on the incident's source, from its first bad day.
async fn add_note(
    store: &Store,
    target: &Target,
    (text, reference): (String, Option<String>),
    by: &str,
) -> Result<(), ActError> {
    let Target::Incident(id) = target else {
        return Err(ActError::Missing);
    };
    let incident = store.incident(*id).await?.ok_or(ActError::Missing)?;
    let source = incident.source.ok_or(ActError::Over)?;
    let note = Note {
        id: 0,
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
