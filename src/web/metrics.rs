//! `/metrics`: the states in the text format of Prometheus, worked out at the scrape.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, StatusCode, header};

use super::page::PageContext;
use super::readers::PoolError;
use super::respond;
use super::site::WebSite;
use super::visit::Visit;
use crate::model::state::State as AccessState;
use crate::model::{Status, Time};
use crate::store::StoreError;
use crate::text::clean;
use crate::track::state::PairState;

const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /metrics`.
pub async fn show(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
) -> Response<Body> {
    let reading = Arc::clone(&site);
    let made = site.readers.read(move |open| {
        let config = reading.config();
        let context = PageContext::new(&reading, &config, &visit, open);
        exposition(&context)
    });
    match made.await {
        Ok(text) => {
            let mut response = respond::plain(StatusCode::OK, text);
            let kind = HeaderValue::from_static(MEDIA_TYPE);
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response
        }
        Err(error) => {
            if !matches!(error, PoolError::Full) {
                tracing::error!("the metrics were not made: {error}");
            }
            let line = "accesswatch cannot read its records\n";
            respond::plain(StatusCode::SERVICE_UNAVAILABLE, line)
        }
    }
}

/// Samples under their headings.
struct Exposition(String);

/// Names and values of labels.
type LabelPairs<'a> = &'a [(&'static str, &'a str)];

impl Exposition {
    /// Begins a metric.
    fn gauge(&mut self, name: &str, help: &str) {
        // Writing into memory never fails.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
    }

    fn sample(&mut self, name: &str, labels: LabelPairs<'_>, value: f64) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            let mark = if at == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{mark}{label}=\"{}\"", escaped(text));
        }
        let close = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{close} {value}");
    }
}

fn escaped(text: &str) -> String {
    let line = clean::line(text, 200);
    line.replace('\\', "\\\\").replace('"', "\\\"")
}

#[allow(clippy::cast_precision_loss)] // far fewer seconds than 2^53
fn seconds(at: Time) -> f64 {
    at.timestamp() as f64
}

fn exposition(context: &PageContext<'_>) -> Result<String, StoreError> {
    let mut out = Exposition(String::new());
    states(context, &mut out);
    phases(context, &mut out)?;
    let name = "accesswatch_vantage_usable";
    out.gauge(
        name,
        "Whether the vantage itself worked in its newest round.",
    );
    for (id, status) in &context.known.tracker.vantages {
        let labels = [("vantage", id.as_str())];
        out.sample(name, &labels, f64::from(u8::from(status.usable)));
    }
    let name = "accesswatch_last_pass_timestamp_seconds";
    out.gauge(name, "When the newest finished pass ended.");
    if let Some(at) = context.snapshot.as_of {
        out.sample(name, &[], seconds(at));
    }
    let name = "accesswatch_mails_waiting";
    out.gauge(name, "Mails that no server has taken yet.");
    let waiting = u32::try_from(context.reader.unsent_mails()?).unwrap_or(u32::MAX);
    out.sample(name, &[], f64::from(waiting));
    let name = "accesswatch_build_info";
    out.gauge(name, "The version of the program.");
    out.sample(name, &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    Ok(out.0)
}

/// The labels of a pair.
fn labels<'a>(pair: &'a PairState<'_>) -> [(&'static str, &'a str); 4] {
    [
        ("source", pair.probe.source.as_str()),
        ("probe", pair.probe.id.as_str()),
        ("vantage", pair.vantage.as_str()),
        ("level", pair.probe.level.as_str()),
    ]
}

fn states(context: &PageContext<'_>, out: &mut Exposition) {
    let known = || context.pairs.iter().filter(|pair| pair.is_known());
    let name = "accesswatch_probe_up";
    out.gauge(
        name,
        "1: open; 0: gives less or closed; absent while it is unknown.",
    );
    for pair in known() {
        let is_open = pair.state == AccessState::Open;
        out.sample(name, &labels(pair), f64::from(u8::from(is_open)));
    }
    let name = "accesswatch_probe_state";
    out.gauge(name, "1 for the state of the probe, and 0 for the others.");
    for pair in &context.pairs {
        for state in [
            AccessState::Open,
            AccessState::Less,
            AccessState::Closed,
            AccessState::Unknown,
        ] {
            let [source, probe, vantage, level] = labels(pair);
            let labels = [source, probe, vantage, level, ("state", state.as_str())];
            let is_it = pair.state == state;
            out.sample(name, &labels, f64::from(u8::from(is_it)));
        }
    }
    let name = "accesswatch_probe_severity";
    out.gauge(
        name,
        "How grave the verdict is, 0 to 6; absent while it is unknown.",
    );
    for pair in known() {
        let severity = pair.status.and_then(|s| s.observed.code.severity());
        if let Some(severity) = severity {
            out.sample(name, &labels(pair), f64::from(severity));
        }
    }
    let name = "accesswatch_probe_last_ok_timestamp_seconds";
    out.gauge(name, "When the newest check that was ok was made.");
    for pair in &context.pairs {
        if let Some(at) = pair.status.and_then(Status::last_ok) {
            out.sample(name, &labels(pair), seconds(at));
        }
    }
}

fn phases(context: &PageContext<'_>, out: &mut Exposition) -> Result<(), StoreError> {
    let name = "accesswatch_probe_phase_duration_seconds";
    out.gauge(name, "How long each phase of the newest measurement took.");
    let newest = context.reader.newest_phases()?;
    for pair in &context.pairs {
        let key = (pair.probe.key(), pair.vantage.clone());
        let Some(phases) = newest.get(&key) else {
            continue;
        };
        for (phase, ms) in phases.all() {
            let [source, probe, vantage, level] = labels(pair);
            let labels = [source, probe, vantage, level, ("phase", phase)];
            if let Some(ms) = ms {
                out.sample(name, &labels, ms / 1_000.0);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_within_their_label() {
        let mut out = Exposition(String::new());
        out.sample("m", &[("source", "a\"} 1\nm{x=\"\\")], 0.5);
        assert_eq!(out.0, "m{source=\"a\\\"} 1 m{x=\\\"\\\\\"} 0.5\n");
    }
}
