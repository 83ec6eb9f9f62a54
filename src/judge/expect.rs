//! Checks `[probe.expect]` against an answer: each expectation, and whether it is met.

use serde::{Deserialize, Serialize};

use super::page::{DecodedPage, media_type};
use super::plan::{Css, ProbePlan};
use crate::model::expect::{ExpectKey, Expectation};
use crate::model::measurement::{ExpectFact, Response};
use crate::model::probe::Level;
use crate::text::{clean, normalise};

/// How many characters of an expectation are quoted.
const MAX_QUOTED: usize = 120;

/// What an expectation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    Status,
    Host,
    Title,
    /// A text or an element that must be present or absent.
    Marker,
    Type,
    Size,
    /// The next level.
    Level(Level),
}

/// One expectation and whether it is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectationResult {
    pub subject: Subject,
    pub fact: ExpectFact,
}

impl ExpectationResult {
    fn new(subject: Subject, key: ExpectKey, value: impl Into<String>, held: bool) -> Self {
        let expectation = Expectation::new(key, value);
        Self {
            subject,
            fact: ExpectFact { expectation, held },
        }
    }

    /// The expectation as facts quote it.
    pub(super) fn shortened(&self) -> Expectation {
        let Expectation { key, value } = &self.fact.expectation;
        Expectation::new(*key, clean::line(value, MAX_QUOTED))
    }

    /// Whether this expectation, when met, proves that the page is the right one: a title, text or
    /// element that is present. Absence proves nothing.
    pub(super) fn is_proof(&self) -> bool {
        matches!(self.subject, Subject::Title | Subject::Marker)
            && !self.fact.expectation.key.is_absence()
    }

    /// Whether it uses CSS selectors.
    pub(super) fn is_of_tree(&self) -> bool {
        matches!(
            self.fact.expectation.key,
            ExpectKey::Level(_) | ExpectKey::Select
        )
    }

    /// Where in the record the expectation is checked.
    #[must_use]
    pub fn place(&self) -> &'static str {
        match self.subject {
            Subject::Status => "requests[0].response.code",
            Subject::Host => "requests[0].request.url",
            Subject::Type => "requests[0].response.headers_list",
            Subject::Title | Subject::Marker | Subject::Size | Subject::Level(_) => {
                "requests[0].response.body"
            }
        }
    }
}

/// Checks every expectation, in the order of the configuration reference.
pub(super) fn check(
    plan: &ProbePlan,
    page: &DecodedPage<'_>,
    response: &Response,
    bytes: u64,
) -> Vec<ExpectationResult> {
    let mut out = Vec::new();
    status_and_host(plan, page, response, &mut out);
    titles(plan, page, &mut out);
    texts(plan, page, &mut out);
    for css in &plan.select {
        out.push(ExpectationResult::new(
            Subject::Marker,
            ExpectKey::Select,
            css.written.as_str(),
            any(page, std::slice::from_ref(css)),
        ));
    }
    type_and_size(plan, response, bytes, &mut out);
    for (level, list) in &plan.level {
        let written: Vec<&str> = list.iter().map(|css| css.written.as_str()).collect();
        out.push(ExpectationResult::new(
            Subject::Level(*level),
            ExpectKey::Level(*level),
            written.join(" | "),
            any_usable(page, list),
        ));
    }
    out
}

/// A link to the next level counts when a reader can follow it.
fn any_usable(page: &DecodedPage<'_>, list: &[Css]) -> bool {
    page.tree().is_some_and(|tree| {
        let mut selectors = list.iter().filter_map(|css| css.selector.as_ref());
        selectors.any(|selector| tree.has_usable(selector))
    })
}

fn any(page: &DecodedPage<'_>, list: &[Css]) -> bool {
    page.tree().is_some_and(|tree| {
        list.iter()
            .filter_map(|css| css.selector.as_ref())
            .any(|selector| tree.has(selector))
    })
}

fn status_and_host(
    plan: &ProbePlan,
    page: &DecodedPage<'_>,
    response: &Response,
    out: &mut Vec<ExpectationResult>,
) {
    // A watched file has no status.
    if response.code > 0 && !page.final_url.starts_with("file:") {
        let list: Vec<String> = plan.status.iter().map(u16::to_string).collect();
        let held = plan.status.contains(&response.code);
        out.push(ExpectationResult::new(
            Subject::Status,
            ExpectKey::Status,
            list.join(", "),
            held,
        ));
    }
    if !plan.hosts_written.is_empty() {
        let host = url::Url::parse(page.final_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_ascii_lowercase));
        let held = host.is_some_and(|host| plan.hosts.is_match(host));
        let hosts = plan.hosts_written.join(", ");
        out.push(ExpectationResult::new(
            Subject::Host,
            ExpectKey::FinalHost,
            hosts,
            held,
        ));
    }
}

fn titles(plan: &ProbePlan, page: &DecodedPage<'_>, out: &mut Vec<ExpectationResult>) {
    if plan.title.is_empty() && plan.title_not.is_empty() {
        return;
    }
    let mut title = normalise::for_matching(page.seen.title.as_deref().unwrap_or(""));
    title.make_ascii_lowercase();
    if !plan.title.is_empty() {
        let list: Vec<&str> = plan.title.iter().map(|m| m.written.as_str()).collect();
        let held = plan.title.iter().any(|m| title.contains(&m.compared));
        out.push(ExpectationResult::new(
            Subject::Title,
            ExpectKey::Title,
            list.join(" | "),
            held,
        ));
    }
    for marker in &plan.title_not {
        let held = !title.contains(&marker.compared);
        out.push(ExpectationResult::new(
            Subject::Title,
            ExpectKey::TitleNot,
            marker.written.as_str(),
            held,
        ));
    }
}

fn texts(plan: &ProbePlan, page: &DecodedPage<'_>, out: &mut Vec<ExpectationResult>) {
    if plan.contains.is_empty() && plan.not_contains.is_empty() {
        return;
    }
    let title = normalise::for_matching(page.seen.title.as_deref().unwrap_or(""));
    let has = |pattern: &str| page.text().contains(pattern) || title.contains(pattern);
    for marker in &plan.contains {
        let held = has(&marker.compared);
        out.push(ExpectationResult::new(
            Subject::Marker,
            ExpectKey::Contains,
            marker.written.as_str(),
            held,
        ));
    }
    for marker in &plan.not_contains {
        let held = !has(&marker.compared);
        out.push(ExpectationResult::new(
            Subject::Marker,
            ExpectKey::NotContains,
            marker.written.as_str(),
            held,
        ));
    }
}

fn type_and_size(
    plan: &ProbePlan,
    response: &Response,
    bytes: u64,
    out: &mut Vec<ExpectationResult>,
) {
    if let Some(wanted) = &plan.content_type {
        let held = media_type(response).is_some_and(|media| media == *wanted);
        out.push(ExpectationResult::new(
            Subject::Type,
            ExpectKey::Type,
            wanted.as_str(),
            held,
        ));
    }
    if let Some(min) = plan.min_bytes {
        out.push(ExpectationResult::new(
            Subject::Size,
            ExpectKey::MinBytes,
            min.to_string(),
            bytes >= min,
        ));
    }
    if let Some(max) = plan.max_bytes {
        out.push(ExpectationResult::new(
            Subject::Size,
            ExpectKey::MaxBytes,
            max.to_string(),
            bytes <= max,
        ));
    }
}
