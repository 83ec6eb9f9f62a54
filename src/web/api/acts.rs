//! The acts of the forms for programs: JSON with a bearer token.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::routing::post;
use axum::{Extension, Router};
use serde_json::{Map, Value};

use super::answer::{Accepted, answer_json};
use super::problem::ApiProblem;
use super::query::check;
use super::single;
use crate::model::ProbeKey;
use crate::text::clean;
use crate::web::accept::read_body;
use crate::web::acts::{ActError, ActFields, ActTarget, named, perform, read_act};
use crate::web::role::Role;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

type Site = State<Arc<WebSite>>;
type Visitor = Extension<Arc<Visit>>;

/// An act as an address has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ActName {
    Ack,
    Silence,
    Observe,
    Note,
    Look,
}

impl ActName {
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The last part of its address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What it does.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Ack => "Says who looks after an incident.",
            Self::Silence => "Mails nothing of an incident until the end of a day.",
            Self::Observe => "Says what a person saw in a browser.",
            Self::Note => "Adds a note to the source of an incident, from its first bad day.",
            Self::Look => "Measures the probe of an incident again at once, from every vantage.",
        }
    }

    /// The names of its fields, and whether each is required.
    #[must_use]
    pub fn fields(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::Ack | Self::Look => &[("by", true)],
            Self::Silence => &[("until", true), ("by", true)],
            Self::Observe => &[
                ("browser", true),
                ("network", true),
                ("saw", false),
                ("by", true),
            ],
            Self::Note => &[("text", true), ("ref", false), ("by", true)],
        }
    }

    /// Whether `DELETE` undoes it.
    #[must_use]
    pub fn can_be_undone(self) -> bool {
        matches!(self, Self::Ack | Self::Silence)
    }
}

/// Every address.
pub fn routes() -> Router<Arc<WebSite>> {
    let mut router =
        Router::new().route("/api/v1/sources/{source}/{probe}/observe", post(on_probe));
    for name in ActName::ALL.iter().copied() {
        let path = format!("/api/v1/incidents/{{id}}/{}", name.as_str());
        let act = move |site: Site, visit: Visitor, id: Path<String>, request: Request| {
            on_incident(site, visit, id, name, request)
        };
        let mut methods = post(act);
        if name.can_be_undone() {
            let undo = move |site: Site, visit: Visitor, id: Path<String>, headers: HeaderMap| {
                undo(site, visit, id, name, headers)
            };
            methods = methods.delete(undo);
        }
        router = router.route(&path, methods);
    }
    router
}

async fn on_incident(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
    name: ActName,
    request: Request,
) -> Response<Body> {
    let accepted = Accepted::read(request.headers());
    let fields = match taken(&site, &visit, name, request).await {
        Ok(fields) => fields,
        Err(problem) => return problem.into_response(),
    };
    match number(&id) {
        Ok(number) => {
            let target = ActTarget::Incident(number);
            act(
                site,
                visit,
                accepted,
                (target, name.as_str(), false),
                &fields,
            )
            .await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn undo(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
    name: ActName,
    headers: HeaderMap,
) -> Response<Body> {
    if let Err(problem) = may_write(&site, &visit) {
        return problem.into_response();
    }
    if let Err(problem) = check(&visit.query, &["by"]) {
        return problem.into_response();
    }
    let fields = visit.query.clone();
    match number(&id) {
        Ok(number) => {
            let target = ActTarget::Incident(number);
            let what = (target, name.as_str(), true);
            act(site, visit, Accepted::read(&headers), what, &fields).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn on_probe(
    State(site): Site,
    Extension(visit): Visitor,
    Path((source, probe)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let accepted = Accepted::read(request.headers());
    match taken(&site, &visit, ActName::Observe, request).await {
        Ok(fields) => {
            let target = ActTarget::Probe(ProbeKey::new(source, probe));
            let what = (target, ActName::Observe.as_str(), false);
            act(site, visit, accepted, what, &fields).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Carries an act out, and answers with what it was on.
async fn act(
    site: Arc<WebSite>,
    visit: Arc<Visit>,
    accepted: Accepted,
    (target, name, undo): (ActTarget, &'static str, bool),
    fields: &ActFields,
) -> Response<Body> {
    let (config, clock) = (site.config(), site.clock.now());
    let read =
        named(fields).and_then(|by| read_act(name, undo, fields, clock).map(|act| (by, act)));
    let (by, act) = match read {
        Ok(read) => read,
        Err(error) => return problem_of(error).into_response(),
    };
    if let Err(error) = perform(config, target.clone(), act, by, clock).await {
        return problem_of(error).into_response();
    }
    // The requester's earlier tag no longer counts.
    let visit = Arc::new(Visit {
        if_none_match: None,
        ..visit.as_ref().clone()
    });
    let accepted = Accepted {
        csv: false,
        ..accepted
    };
    answer_json(&site, &visit, accepted, move |context| match &target {
        ActTarget::Incident(id) => single::incident(context, &id.to_string()),
        ActTarget::Probe(key) => match context.known.tracker.open_incident_of(key) {
            Some(incident) => single::incident(context, &incident.id.to_string()),
            None => single::source(context, key.source.as_str()),
        },
    })
    .await
}

fn number(id: &str) -> Result<i64, ApiProblem> {
    let number = id.parse::<i64>().ok();
    number
        .filter(|n| n.to_string() == id)
        .ok_or_else(no_such_thing)
}

fn no_such_thing() -> ApiProblem {
    ApiProblem::not_found(
        "There is no such incident or probe; /api/v1/incidents and /api/v1/status list them.",
    )
}

fn problem_of(error: ActError) -> ApiProblem {
    match error {
        ActError::Refused(fix) => ApiProblem::bad_request(fix),
        ActError::Missing => no_such_thing(),
        ActError::Over => ApiProblem::new(
            StatusCode::CONFLICT,
            "The incident has ended, or it is of no source; nothing can be changed in it.",
        ),
        ActError::Failed(error) => {
            tracing::error!("an act was not written: {error}");
            ApiProblem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "The act was not written; try again, then run `accesswatch doctor`.",
            )
        }
    }
}

/// Whether the bearer of a request may write; a session does not, since browsers send it unasked.
fn may_write(site: &WebSite, visit: &Visit) -> Result<(), ApiProblem> {
    if visit.role == Role::Writer && visit.has_bearer {
        return Ok(());
    }
    if visit.role <= Role::Visitor {
        return Err(ApiProblem::standard(StatusCode::UNAUTHORIZED));
    }
    if site.config().sessions.can_write() {
        return Err(ApiProblem::standard(StatusCode::FORBIDDEN));
    }
    Err(ApiProblem::new(
        StatusCode::FORBIDDEN,
        "Nothing can be written here; set `token` in [web], and send it as bearer.",
    ))
}

/// The fields of an act, from a requester who may write.
async fn taken(
    site: &WebSite,
    visit: &Visit,
    name: ActName,
    request: Request,
) -> Result<ActFields, ApiProblem> {
    may_write(site, visit)?;
    check(&visit.query, &[])?;
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let media_type = kind.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(ApiProblem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send the fields as JSON, with `Content-Type: application/json`.",
        ));
    }
    let body = read_body(request.into_body(), site.limits.form_bytes, &site.limits).await?;
    let object = serde_json::from_slice::<Map<String, Value>>(&body).map_err(|error| {
        ApiProblem::bad_request(format!("The body is not a JSON object: {error}."))
    })?;
    fields(name, object)
}

/// The fields of an object, each a text.
fn fields(name: ActName, object: Map<String, Value>) -> Result<ActFields, ApiProblem> {
    let known = name.fields();
    let mut found = ActFields::new();
    for (field, value) in object {
        let Some((_, is_required)) = known.iter().find(|(name, _)| *name == field) else {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            return Err(ApiProblem::bad_request(format!(
                "`{}` is not a field of this act; it takes {}.",
                clean::line(&field, 40),
                names.join(", ")
            )));
        };
        match value {
            Value::String(text) if !text.contains('\0') => found.push((field, text)),
            Value::Null if !is_required => {}
            _ => {
                return Err(ApiProblem::bad_request(format!(
                    "`{field}` is a text without NUL bytes."
                )));
            }
        }
    }
    let missing = known
        .iter()
        .find(|(name, is_required)| *is_required && found.iter().all(|(field, _)| field != name));
    match missing {
        Some((name, _)) => Err(ApiProblem::bad_request(format!(
            "`{name}` is missing; add it to the object."
        ))),
        None => Ok(found),
    }
}
