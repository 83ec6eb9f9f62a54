//! What one measurement's answer says. It is read once: decoded, checked against the expectations,
//! searched for values and signatures. The result is plain data; [`super::rules()`] decides from
//! it.

mod saved;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::expect::{self, ExpectationResult, Subject};
use super::healthy;
use super::level_link::DivertedLink;
use super::locked_file;
use super::page::{self, BodyKind, DecodedPage};
use super::page_diagnosis::{self, PageDiagnosis};
use super::paragraph_length;
use super::plan::ProbePlan;
use super::shown;
use super::signature::{AnswerFacts, Hit, Signatures};
use super::similarity::{self, Similarities};
use super::soft404::{self, JsonEnvelope};
use super::value::extract::{Extraction, ExtractionContext, extract};
use super::value::{ExtractedValue, date};
use crate::model::measurement::{CharsetFacts, Request, Response};
use crate::model::page::{LOCKED, PARAGRAPH, PageFacts};
use crate::model::reference::ShownDigest;
use crate::model::verdict::Layer;
use crate::model::{Code, Fact, Measurement};
use crate::text::clean;
use crate::text::placeholder::Placeholders;

/// The most characters of a title.
const MAX_TITLE: usize = 300;

/// The most characters shown of an answer that is not JSON.
const MAX_BEGINNING: usize = 60;

/// A page with fewer visible characters may be a notice under an unchanged title.
const MAX_NOTICE: usize = 600;

/// The figures of a whole page that are kept, by name.
const PAGE_SERIES: [&str; 2] = [PARAGRAPH, LOCKED];

/// What the answer says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // facts that have nothing to do with one another
pub struct Reading {
    /// The facts for the record and the store.
    #[serde(skip)]
    pub facts: PageFacts,
    pub kind: BodyKind,
    pub checks: Vec<ExpectationResult>,
    #[serde(skip)]
    pub taken: BTreeMap<String, Extraction>,
    /// The same values, with what was seen next to each.
    pub(super) extracted: BTreeMap<String, ExtractedValue>,
    /// Known pages, in the order of their files.
    #[serde(skip)]
    pub hits: Vec<Hit>,
    /// The page's own words that something was not found.
    pub not_found: Option<Fact>,
    /// The other pages of the host that it is similar to.
    #[serde(skip)]
    pub(super) similarities: Similarities,
    pub(super) envelope: Option<JsonEnvelope>,
    /// The beginning of an answer that should be JSON and cannot be parsed as JSON.
    pub(super) no_json: Option<String>,
    /// Where parsing stopped, in an answer that begins like JSON.
    pub(super) broken_json: Option<Fact>,
    /// The answer should be JSON and never was: it is a page or plain text.
    pub(super) is_other_kind: bool,
    /// The probe's selectors would take too long on this page, so none of them was evaluated.
    pub not_evaluated: bool,
    /// There was a body, but the record no longer holds it.
    pub body_missing: bool,
    /// The probe has markers that only the right page has.
    pub has_markers: bool,
    /// The probe has markers within the page, not only its title.
    pub(super) has_page_markers: bool,
    /// The page is a record, whose text is the same every day.
    pub(super) is_record: bool,
    /// The page has few visible characters.
    pub(super) is_short: bool,
    /// A page came where the answer or the probe names a file.
    is_page_for_file: bool,
    /// What the page shows, when all its markers may hold on another page
    /// ([`Reading::wants_healthy`]).
    pub(super) shown: Option<ShownDigest>,
    /// The size of the body in bytes.
    pub bytes: u64,
    /// Empty for a page that is proven to be the right one and was not compared.
    #[serde(skip)]
    pub(super) diagnosis: PageDiagnosis,
}

impl Reading {
    /// Whether a comparison with the last healthy page would help: something is wrong with the
    /// answer, or all markers may hold on another page, which is true of a short page, a record,
    /// and a page with a way to the next level.
    pub(super) fn wants_healthy(&self, code: Code) -> bool {
        let quiet = code == Code::Ok && self.may_be_another();
        let named = self.diagnosis.named.is_some();
        let unlike = quiet || named || code.layer() == Layer::Content;
        self.diagnosis.difference.is_none() && unlike
    }

    /// The ways to the next level when they still exist and lead elsewhere than before.
    pub(super) fn diverted_link(&self) -> Option<&DivertedLink> {
        self.diagnosis.difference.as_ref()?.diverted_link.as_ref()
    }

    /// Whether all markers may hold on another page.
    fn may_be_another(&self) -> bool {
        let mut checks = self.checks.iter();
        let mut has_levels = || checks.any(|check| matches!(check.subject, Subject::Level(_)));
        let unlike = self.is_short || self.is_record || self.is_page_for_file;
        self.kind == BodyKind::Html && (unlike || has_levels())
    }

    /// Whether every expectation holds.
    #[must_use]
    pub fn all_hold(&self) -> bool {
        self.checks.iter().all(|check| check.fact.held)
    }

    /// Whether the probe names markers, and every expectation holds.
    pub(super) fn is_proven_by_markers(&self) -> bool {
        self.has_markers && !self.not_evaluated && self.all_hold()
    }

    /// Whether the page is proven to be the right one: the probe names markers, and all hold.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.is_proven_by_markers()
            && self
                .taken
                .values()
                .all(|t| matches!(t, Extraction::Value(_)))
    }
}

/// Reads the answer of a measurement.
pub(super) fn read(
    m: &Measurement,
    plan: Option<&ProbePlan>,
    signatures: &Signatures,
    placeholders: &Placeholders,
) -> Reading {
    let Some(last) = m
        .last_request()
        .filter(|r| r.response.code > 0 || !r.response.body.0.is_empty())
    else {
        return Reading::default();
    };
    let with_tree = plan.is_some_and(ProbePlan::selects);
    let mut page = DecodedPage::read(last, plan.and_then(|p| p.charset.as_deref()), with_tree);
    let mut reading = Reading::of_answer(m, last, plan, &page);
    reading.note_other_than_json(last, plan, &page);
    if let Some(plan) = plan {
        let context = ExtractionContext {
            response: &last.response,
            placeholders,
            now: date::local(m.started()),
        };
        reading.evaluate(plan, &mut page, &context);
    }
    if reading.may_be_another() {
        reading.shown = Some(shown::digest(&page, &m.input, plan));
    }
    let proven = reading.is_proven();
    let is_compared = healthy::is_carried_by(m);
    if !proven || !reading.has_page_markers || is_compared {
        // A page without expectations that refuses nothing is not a loss that needs a name.
        let counts = (!proven || is_compared) && plan.is_some() || last.response.code >= 400;
        reading.diagnosis = page_diagnosis::diagnose(&page, m, plan, counts);
    }
    reading.withdraw_levels_behind_diverted_link();
    let seen = AnswerFacts {
        status: last.response.code,
        bytes: reading.bytes,
        healthy: reading.is_proven(),
        titled: plan.is_some_and(|p| !p.title.is_empty()),
        // A marker that is missing from part of a page may be in the rest.
        amiss: reading.has_markers && !reading.all_hold() && last.failure.is_none(),
    };
    // Requests that a probe makes before its own (tagged `before`) come later in this list.
    let redirects = m
        .test_keys
        .requests
        .iter()
        .take_while(|r| !r.tags.iter().any(|tag| tag == "before"))
        .map(|r| &r.response);
    reading.hits = signatures.hits(&page, &last.response, redirects, seen);
    if !reading.hits.is_empty() && reading.diagnosis.words.is_empty() {
        reading.diagnosis.words = page_diagnosis::first_words(&page);
    }
    reading.facts = facts(&reading, title(&page), page.charset.clone());
    reading.note_series(plan, &page, &last.response);
    reading
}

impl Reading {
    /// The facts that do not depend on the probe's expectations.
    fn of_answer(
        m: &Measurement,
        last: &Request,
        plan: Option<&ProbePlan>,
        page: &DecodedPage<'_>,
    ) -> Self {
        let bytes = body_bytes(m, last);
        let body_is_lost = bytes > 0 || m.test_name == "web_connectivity" && !says_empty(last);
        Self {
            kind: page.kind,
            not_found: soft404::not_found(page),
            similarities: similarity::find(page, m),
            envelope: soft404::envelope(page),
            body_missing: last.response.body.0.is_empty() && body_is_lost,
            has_markers: plan.is_some_and(ProbePlan::has_markers),
            has_page_markers: plan.is_some_and(ProbePlan::has_page_markers),
            is_record: plan.is_some_and(|plan| plan.is_record),
            is_page_for_file: page.kind == BodyKind::Html
                && (page::is_called_file(&last.response)
                    || plan.is_some_and(ProbePlan::wants_file)),
            is_short: page.text().chars().take(MAX_NOTICE).count() < MAX_NOTICE,
            bytes,
            ..Self::default()
        }
    }

    /// Adds the figures of the whole page that are kept.
    fn note_series(
        &mut self,
        plan: Option<&ProbePlan>,
        page: &DecodedPage<'_>,
        response: &Response,
    ) {
        let Some(plan) = plan else { return };
        let length = plan.is_record.then(|| paragraph_length::paragraph(page));
        let length = length.flatten().map(|value| (PARAGRAPH, value));
        let locked = locked_file::value(page.kind, response).filter(|_| plan.names_type());
        let locked = locked.map(|value| (LOCKED, value));
        let series = length.into_iter().chain(locked);
        let values = series.map(|(name, value)| (name.to_owned(), value));
        self.facts.values.extend(values);
    }

    /// Notes how an answer begins that should be JSON and is not, and where broken JSON breaks.
    fn note_other_than_json(
        &mut self,
        last: &Request,
        plan: Option<&ProbePlan>,
        page: &DecodedPage<'_>,
    ) {
        let is_other = page.json().is_none() && !last.response.body.0.is_empty();
        if !is_other || !plan.is_some_and(ProbePlan::wants_json) {
            return;
        }
        self.no_json = Some(clean::line(page.source(), MAX_BEGINNING));
        self.broken_json = page.broken_json.as_ref().map(|unread| Fact::BrokenJson {
            line: unread.line as u64,
            column: unread.column as u64,
            around: clean::line(&unread.excerpt, MAX_BEGINNING),
        });
        self.is_other_kind = self.broken_json.is_none();
    }

    /// Checks the probe's expectations and extracts its values. A page on which its selectors would
    /// cost too much is not searched by selectors.
    fn evaluate(
        &mut self,
        plan: &ProbePlan,
        page: &mut DecodedPage<'_>,
        context: &ExtractionContext<'_>,
    ) {
        let too_dear = plan.selects() && page.tree().is_some_and(|tree| !plan.affords(tree));
        if too_dear {
            self.not_evaluated = true;
            page.leave_tree();
        }
        self.checks = expect::check(plan, page, context.response, self.bytes);
        self.checks
            .retain(|check| !(too_dear && check.is_of_tree()));
        for value in plan.values.iter().filter(|v| !(too_dear && v.selects())) {
            let extracted = extract(value, page, context);
            self.taken
                .insert(value.name.clone(), extracted.taken.clone());
            self.extracted.insert(value.name.clone(), extracted);
        }
    }

    /// When the link to the next level is diverted, no level of access holds, whatever the page
    /// shows.
    fn withdraw_levels_behind_diverted_link(&mut self) {
        if self.diverted_link().is_none() {
            return;
        }
        let levels = self.checks.iter_mut();
        for check in levels.filter(|check| matches!(check.subject, Subject::Level(_))) {
            check.fact.held = false;
        }
    }
}

fn body_bytes(m: &Measurement, last: &Request) -> u64 {
    let here = last.response.body.0.len() as u64;
    m.extra().map_or(here, |x| x.body_bytes.max(here))
}

/// OONI's files may have lost their bodies, so a body was empty only when the answer says so.
fn says_empty(last: &Request) -> bool {
    let response = &last.response;
    let length = response.header("content-length").map(str::trim);
    last.request.method.eq_ignore_ascii_case("HEAD")
        || matches!(response.code, 204 | 205 | 304)
        || length == Some("0")
}

/// The title as it is kept.
fn title(page: &DecodedPage<'_>) -> Option<String> {
    let title = page.seen.title.as_deref()?;
    Some(clean::line(title, MAX_TITLE)).filter(|title| !title.is_empty())
}

fn facts(reading: &Reading, title: Option<String>, charset: Option<CharsetFacts>) -> PageFacts {
    PageFacts {
        title,
        charset,
        values: reading
            .taken
            .iter()
            .filter_map(|(name, taken)| match taken {
                Extraction::Value(value) => Some((name.clone(), value.clone())),
                _ => None,
            })
            .chain(
                reading
                    .extracted
                    .iter()
                    .flat_map(|(name, extracted)| extracted.series(name)),
            )
            .collect(),
        expect: reading.checks.iter().map(|c| c.fact.clone()).collect(),
    }
}
