//! `/livez` and `/healthz`: one line per fault, without names.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use super::respond;
use super::site::WebSite;
use crate::model::time::iso;
use crate::track;
use crate::track::state::{self, StateInput};

/// The store can be read.
pub async fn livez(State(site): State<Arc<WebSite>>) -> Response<Body> {
    match site.readers.read(|open| open.reader.as_of()).await {
        Ok(_) => respond::plain(StatusCode::OK, "ok\n"),
        Err(_) => unreadable(),
    }
}

fn unreadable() -> Response<Body> {
    respond::plain(
        StatusCode::SERVICE_UNAVAILABLE,
        "the records cannot be read\n",
    )
}

/// Every pass that was due was made. Before the first one, what was due since the server runs
/// counts.
pub async fn healthz(State(site): State<Arc<WebSite>>) -> Response<Body> {
    let (config, begun, now) = (site.config(), site.begun, site.clock.now());
    let overdue = site.readers.read(move |open| {
        let snapshot = &open.snapshot;
        let known = StateInput {
            tracker: &snapshot.tracker,
            catalogue: &config.workspace.catalogue,
            settings: &config.workspace.settings,
            rounds: &snapshot.rounds,
            observations: &snapshot.observations,
            as_of: now,
        };
        let pairs = state::pairs(&known);
        if snapshot.demonstration.is_some() {
            return Ok(String::new());
        }
        let overdue = track::overdue_passes(&known, &pairs, Some(begun)).into_iter();
        let faults =
            overdue.map(|due| format!("a pass that was due at {} was not made\n", iso(due)));
        Ok(faults.collect::<Vec<String>>().concat())
    });
    match overdue.await {
        Ok(faults) if faults.is_empty() => respond::plain(StatusCode::OK, "ok\n"),
        Ok(faults) => respond::plain(StatusCode::SERVICE_UNAVAILABLE, faults),
        Err(_) => unreadable(),
    }
}
