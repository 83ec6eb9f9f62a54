//! `POST /api/v1/measurements`: records that an agent measured, with the token of its vantage.

use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use flate2::bufread::MultiGzDecoder;
use serde_json::json;

use super::agent::{agent_of, agree_on_format};
use super::answer::{JSON, describe};
use super::problem::ApiProblem;
use super::query::check;
use crate::engine::intake::{IntakeError, IntakeReport, PassPart, take_in};
use crate::model::VantageId;
use crate::model::agent::{PASS_CONTINUES, PASS_ENDED, PASS_HEADER};
use crate::store::Store;
use crate::web::accept::read_body;
use crate::web::limits::WebLimits;
use crate::web::respond;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// When to try again while a pass is being made.
const RETRY: Duration = Duration::from_secs(30);
/// How much is unpacked at once.
const CHUNK: usize = 64 * 1024;

/// Takes the records in, and answers once they are on disk.
pub async fn receive(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Response<Body> {
    match taken(&site, &visit, request).await {
        Ok((report, part)) => answer(&report, part),
        Err(problem) => {
            let status = problem.status;
            let mut response = problem.into_response();
            if status == StatusCode::SERVICE_UNAVAILABLE {
                respond::set_retry(&mut response, RETRY);
            }
            response
        }
    }
}

/// Records whose pass goes on are on disk, and judged with its end.
fn answer(report: &IntakeReport, part: PassPart) -> Response<Body> {
    let refused = report.refused.iter();
    let refused = refused.map(|line| json!({ "line": line.line, "why": line.why }));
    let body = json!({
        "taken": report.taken,
        "known": report.known,
        "refused": refused.collect::<Vec<_>>(),
    });
    let mut response = Response::new(Body::from(body.to_string()));
    describe(response.headers_mut(), JSON, false);
    if part == PassPart::Continues {
        *response.status_mut() = StatusCode::ACCEPTED;
    }
    response
}

async fn taken(
    site: &Arc<WebSite>,
    visit: &Visit,
    request: Request,
) -> Result<(IntakeReport, PassPart), ApiProblem> {
    let vantage = agent_of(visit)?.clone();
    check(&visit.query, &[])?;
    agree_on_format(request.headers())?;
    let part = part_of(request.headers())?;
    let is_packed = encoding(request.headers())?;
    let limits = site.limits;
    let patient = WebLimits {
        body: limits.records_body,
        ..limits
    };
    let body = read_body(request.into_body(), limits.records_bytes, &patient).await;
    let body = Bytes::from(body?);
    let site = Arc::clone(site);
    let runtime = tokio::runtime::Handle::current();
    // Unpacking, judging and the lock of the store block. It goes on when the agent goes away.
    let work = tokio::task::spawn_blocking(move || {
        measure(&body, is_packed, &limits)?;
        let stored = runtime.block_on(store_all(&site, &vantage, part, &body, is_packed));
        Ok((stored?, part))
    });
    work.await.unwrap_or_else(|error| {
        tracing::error!("records of an agent were not taken: {error}");
        Err(ApiProblem::standard(StatusCode::INTERNAL_SERVER_ERROR))
    })
}

/// Which part of a pass the batch is.
fn part_of(headers: &HeaderMap) -> Result<PassPart, ApiProblem> {
    match headers.get(PASS_HEADER).map(HeaderValue::as_bytes) {
        None => Ok(PassPart::Unstated),
        Some(value) if value == PASS_CONTINUES.as_bytes() => Ok(PassPart::Continues),
        Some(value) if value == PASS_ENDED.as_bytes() => Ok(PassPart::Ended),
        Some(_) => Err(ApiProblem::bad_request(format!(
            "Send `{PASS_HEADER}: {PASS_CONTINUES}` or `{PASS_HEADER}: {PASS_ENDED}`, or leave it out."
        ))),
    }
}

/// Whether the body is packed; another type or packing is refused.
fn encoding(headers: &HeaderMap) -> Result<bool, ApiProblem> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|v: &HeaderValue| v.to_str().ok())
    };
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let media_type = kind.split(';').next().unwrap_or_default().trim();
    let is_packed = match headers.get(header::CONTENT_ENCODING) {
        None => Some(false),
        Some(_) => text(header::CONTENT_ENCODING)
            .is_some_and(|packing| packing.eq_ignore_ascii_case("gzip"))
            .then_some(true),
    };
    match is_packed {
        Some(is_packed) if media_type.eq_ignore_ascii_case("application/x-ndjson") => Ok(is_packed),
        _ => Err(ApiProblem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send one record a line, with `Content-Type: application/x-ndjson`, and with \
             `Content-Encoding: gzip` where it is packed.",
        )),
    }
}

fn unpacked(body: &[u8], is_packed: bool) -> Box<dyn Read + '_> {
    if is_packed {
        Box::new(MultiGzDecoder::new(body))
    } else {
        Box::new(body)
    }
}

/// Refuses a body that is too long unpacked, has too long a line, or cannot be unpacked, before
/// anything of it is stored.
fn measure(body: &[u8], is_packed: bool, limits: &WebLimits) -> Result<(), ApiProblem> {
    let too_long = |what: &str| {
        let detail = format!("{what}; send fewer records at once.");
        ApiProblem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    let mut reader = BufReader::with_capacity(CHUNK, unpacked(body, is_packed));
    let (mut total, mut line) = (0_usize, 0_usize);
    loop {
        let part = reader.fill_buf().map_err(|error| broken(&error))?;
        if part.is_empty() {
            return Ok(());
        }
        for byte in part {
            line = if *byte == b'\n' { 0 } else { line + 1 };
            if line > limits.records_line {
                return Err(too_long("A line is too long"));
            }
        }
        let count = part.len();
        reader.consume(count);
        total += count;
        if total > limits.records_unpacked {
            return Err(too_long("The records are too long unpacked"));
        }
    }
}

fn broken(error: &io::Error) -> ApiProblem {
    ApiProblem::bad_request(format!("The body cannot be unpacked: {error}."))
}

async fn store_all(
    site: &WebSite,
    vantage: &VantageId,
    part: PassPart,
    body: &[u8],
    is_packed: bool,
) -> Result<IntakeReport, ApiProblem> {
    let config = site.config();
    let workspace = &config.workspace;
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!("records of an agent were not taken: {error}");
        ApiProblem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The records were not stored; send them again.",
        )
    };
    let store = Store::open(&workspace.settings.store.path).map_err(|error| failed(&error))?;
    let lines = BufReader::with_capacity(CHUNK, unpacked(body, is_packed));
    let outcome = take_in(workspace, &store, &site.clock, vantage, part, lines).await;
    outcome.map_err(|error| match error {
        IntakeError::Busy => ApiProblem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "A pass is being made; send the records again after `Retry-After` seconds.",
        ),
        IntakeError::Unreadable(error) => broken(&error),
        IntakeError::Engine(error) => failed(&error),
    })
}
