//! `/feed.atom`: an entry for each event of an incident: it opened, spread, eased or ended.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, header};
use chrono::TimeDelta;

use super::answer::{FeedError, FeedText, answer, line};
use crate::i18n::mail::fill;
use crate::i18n::weight;
use crate::model::event::{Event, EventKind};
use crate::model::time::{earlier, iso};
use crate::model::{Code, Incident, IncidentKind, Probe};
use crate::web::feed_address::FEED;
use crate::web::page::PageContext;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// The number of days whose events are entries.
const DAYS: TimeDelta = TimeDelta::days(90);
/// Older events are entries too while there are fewer than this.
const AT_LEAST: usize = 20;
/// There are no more entries than this, and no more events are read for them.
const AT_MOST: usize = 500;
const MOST_READ: usize = 20_000;

#[derive(Template)]
#[template(path = "feeds/feed.xml")]
struct FeedDocument {
    language: &'static str,
    id: String,
    updated: String,
    own_href: String,
    pages_href: String,
    entries: Vec<FeedEntry>,
}

struct FeedEntry {
    id: String,
    title: String,
    at: String,
    kind: &'static str,
    href: String,
    text: String,
}

/// `GET /feed.atom?source=&group=`.
pub async fn show(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    headers: HeaderMap,
) -> Response<Body> {
    let base = base_of(&site, &headers);
    let kind = "application/atom+xml; charset=utf-8";
    answer(&site, &visit, (kind, base.clone()), move |context| {
        Ok(FeedText::found(document(context, &base)?.render()?))
    })
    .await
}

/// The scheme and the host that readers use; the gate let only hosts of ours pass.
fn base_of(site: &WebSite, headers: &HeaderMap) -> String {
    let config = site.config();
    if let Some(url) = &config.web().base_url {
        return url.origin().ascii_serialization();
    }
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("http://{host}")
}

fn document(context: &PageContext<'_>, base: &str) -> Result<FeedDocument, FeedError> {
    let value = |name: &str| {
        let value = context.visit.query_value(name);
        value.filter(|value| !value.is_empty())
    };
    let (source, group) = (value("source"), value("group"));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(source.map(|id| ("source", id)));
    query.extend_pairs(group.map(|name| ("group", name)));
    let query = query.finish();
    let of = if query.is_empty() { "" } else { "?" };
    let found = events(context, source, group)?;
    let newest = found.first().map(|(event, _)| event.at);
    let entries = found
        .iter()
        .map(|(event, incident)| context.feed_entry(event, incident, base));
    Ok(FeedDocument {
        language: context.texts.tag,
        id: line(&format!("tag:accesswatch,2026:feed{of}{query}"), 1_000),
        updated: iso(newest.or(context.snapshot.as_of).unwrap_or_default()),
        own_href: line(&format!("{base}{FEED}{of}{query}"), 1_000),
        pages_href: format!("{base}/incidents"),
        entries: entries.collect(),
    })
}

/// The events that are entries, newest first, each with its incident.
fn events(
    context: &PageContext<'_>,
    source: Option<&str>,
    group: Option<&str>,
) -> Result<Vec<(Event, Incident)>, FeedError> {
    let since = earlier(context.snapshot.as_of.unwrap_or_default(), DAYS);
    let is_wanted = |incident: &Incident| {
        let known = incident.source.as_ref();
        let of_group = |name: &str| {
            let known = known.and_then(|id| context.catalogue().source(id));
            known.is_some_and(|source| source.group == name)
        };
        incident.folded_into.is_none()
            && source.is_none_or(|id| known.is_some_and(|known| known.as_str() == id))
            && group.is_none_or(of_group)
    };
    let candidates = context.reader.incident_events(MOST_READ)?;
    let mut known: BTreeMap<i64, Option<Incident>> = BTreeMap::new();
    let mut found = Vec::new();
    for event in candidates {
        let is_enough = event.at < since && found.len() >= AT_LEAST;
        if is_enough || found.len() >= AT_MOST {
            break;
        }
        let Some(id) = event.incident else { continue };
        if let Entry::Vacant(place) = known.entry(id) {
            place.insert(context.reader.incident(id)?.filter(is_wanted));
        }
        if let Some(incident) = known.get(&id).and_then(Option::as_ref) {
            found.push((event, incident.clone()));
        }
    }
    Ok(found)
}

fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Joined => "spread",
        EventKind::Left => "eased",
        EventKind::Ended => "ended",
        _ => "opened",
    }
}

impl PageContext<'_> {
    fn feed_entry(&self, event: &Event, incident: &Incident, base: &str) -> FeedEntry {
        FeedEntry {
            id: self.event_id(event, incident),
            title: line(&self.event_title(event, incident), 300),
            at: iso(event.at),
            kind: word(event.kind),
            href: format!("{base}/incidents/{}", incident.id),
            text: line(&self.event_text(event, incident), 600),
        }
    }

    /// Follows from the event alone. A vantage stands by its number, which is the same for
    /// everyone.
    fn event_id(&self, event: &Event, incident: &Incident) -> String {
        let order = &self.snapshot.vantage_order;
        let vantage = event.vantage.as_ref();
        let number = vantage.and_then(|id| order.iter().position(|other| other == id));
        let number = number.map_or(0, |at| at + 1);
        let at = event.at.timestamp_micros();
        let (id, word) = (incident.id, word(event.kind));
        format!("tag:accesswatch,2026:incident-{id}:{word}:{number}:{at}")
    }

    /// The subject of the mail about it: the record, the state that it led to, the number.
    fn event_title(&self, event: &Event, incident: &Incident) -> String {
        let subject = &self.texts.subject;
        let id = incident.id.to_string();
        let about = self.incident_about(incident);
        let has_ended = event.kind == EventKind::Ended;
        let (template, state) = match incident.kind {
            IncidentKind::Probe => (subject.one, self.event_state(event, incident)),
            IncidentKind::PathToChina => (subject.path, subject.path_down),
            IncidentKind::Vantage | IncidentKind::Network => (subject.vantage, subject.own_end),
        };
        let is_own_end = incident.kind != IncidentKind::Probe;
        let state = match (has_ended, is_own_end) {
            (true, true) => subject.works_again,
            _ => state,
        };
        let probe = incident.probe.as_ref();
        let probe = probe.map_or_else(String::new, |key| self.probe_called(key));
        let values = [
            ("source", about.as_str()),
            ("probe", probe.as_str()),
            ("vantage", about.as_str()),
            ("state", state),
            ("id", id.as_str()),
        ];
        fill(template, &values)
    }

    /// The word of the state that an event led to.
    fn event_state(&self, event: &Event, incident: &Incident) -> &'static str {
        let code = match event.kind {
            EventKind::Ended => incident.ended_as(),
            EventKind::Left => event.from.unwrap_or(incident.to),
            _ => event.to.unwrap_or(incident.to),
        };
        let state = weight::state(code, incident.finding);
        match event.kind {
            EventKind::Ended if code == Code::Ok => self.texts.subject.again,
            _ => self.texts.state(state),
        }
    }

    /// What was seen from where.
    fn event_text(&self, event: &Event, incident: &Incident) -> String {
        let probe = incident.probe.as_ref();
        let probe = probe.and_then(|key| self.catalogue().probe(key));
        let next = probe.and_then(Probe::next_level);
        let seen = self
            .texts
            .seen_of(event.to.unwrap_or(incident.to), next, None);
        let vantages = if let Some(vantage) = &event.vantage {
            self.vantage_name(vantage)
        } else {
            let all = incident.vantages.keys();
            let names: Vec<String> = all.map(|id| self.vantage_name(id)).collect();
            self.list(&names)
        };
        let values = [("seen", seen.as_str()), ("vantages", vantages.as_str())];
        fill(self.texts.say.turned, &values)
    }
}
