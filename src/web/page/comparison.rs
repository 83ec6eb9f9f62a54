//! The last good answer of an incident next to the first bad one.

use super::context::PageContext;
use super::phases::PhaseRows;
use crate::i18n::facts;
use crate::i18n::pages::PageText as P;
use crate::model::measurement::{ExpectFact, Request};
use crate::model::{Incident, MeasurementUid, ProbeKey, VantageId};
use crate::store::{BodyState, StoreError, StoredRecord};
use crate::text::sentences::{SentenceChange, changes};
use crate::text::{charset, clean, html};

/// The most bytes of a text that are compared.
const MOST_TEXT: usize = 64 * 1024;
/// The most changed sentences that are shown, and their most bytes.
const MOST_CHANGES: usize = 120;
const MOST_SHOWN: usize = 40 * 1024;
/// The most steps of an exchange that are shown.
const MOST_HOPS: usize = 12;

/// Headers that show who answered.
const HEADERS: [&str; 8] = [
    "server",
    "content-type",
    "location",
    "via",
    "retry-after",
    "www-authenticate",
    "last-modified",
    "x-cache",
];

/// An expectation, and whether it held on both sides.
pub struct ComparedExpectation {
    pub text: String,
    pub good: Option<bool>,
    pub bad: Option<bool>,
}

/// A fact of both answers.
pub struct ComparedFact {
    pub name: String,
    pub good: String,
    pub bad: String,
}

/// One step of the bad exchange.
pub struct HopView {
    pub url: String,
    pub answer: String,
    pub took: String,
}

/// Both answers.
pub struct ComparisonView {
    pub vantage: String,
    /// When each was seen; `None` where there is no good one.
    pub good: Option<String>,
    pub bad: String,
    pub expected: Vec<ComparedExpectation>,
    /// Why a text cannot be compared.
    pub no_text: Vec<String>,
    pub same_text: bool,
    pub changes: Vec<SentenceChange>,
    pub facts: Vec<ComparedFact>,
    pub phases: Option<PhaseRows>,
    pub hops: Vec<HopView>,
}

impl PageContext<'_> {
    /// The comparison of an incident, as far as a bad answer is stored.
    pub fn comparison(&self, incident: &Incident) -> Result<Option<ComparisonView>, StoreError> {
        let Some(probe) = &incident.probe else {
            return Ok(None);
        };
        for uid in &incident.evidence {
            let Some(bad) = self.reader.exchange(uid)? else {
                continue;
            };
            let Some(vantage) = vantage_of(&bad) else {
                continue;
            };
            let good = self.good_before(probe, &vantage, uid, &bad)?;
            return Ok(Some(self.compare(&vantage, good.as_ref(), &bad)));
        }
        Ok(None)
    }

    fn good_before(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
        uid: &MeasurementUid,
        bad: &StoredRecord,
    ) -> Result<Option<StoredRecord>, StoreError> {
        let good = self
            .reader
            .last_healthy_before(probe, vantage, uid, bad.started)?;
        good.map_or(Ok(None), |good| self.reader.exchange(&good))
    }

    fn compare(
        &self,
        vantage: &VantageId,
        good: Option<&StoredRecord>,
        bad: &StoredRecord,
    ) -> ComparisonView {
        let (mut no_text, mut found) = (Vec::new(), None);
        if let Some(good) = good {
            match (self.text_of(good), self.text_of(bad)) {
                (Ok(old), Ok(new)) => found = Some(bounded(changes(&old, &new))),
                (old, new) => {
                    let sides = [(P::PhaseGood, good, old), (P::PhaseBad, bad, new)];
                    for (text, record, side) in sides {
                        if let Err(reason) = side {
                            let day = self.moment(record.started);
                            let side = self.fill(text, &[("day", &day)]);
                            let clause = self.texts.marks.clause;
                            no_text.push(format!("{side}{clause}{}", self.say(reason)));
                        }
                    }
                }
            }
        }
        ComparisonView {
            vantage: self.vantage_name(vantage),
            good: good.map(|g| self.moment_and_beijing(g.started)),
            bad: self.moment_and_beijing(bad.started),
            expected: self.compared_expectations(good, bad),
            no_text,
            same_text: found.as_ref().is_some_and(Vec::is_empty),
            changes: found.unwrap_or_default(),
            facts: self.compared_facts(good, bad),
            phases: self.phase_rows(good, Some(bad)),
            hops: hops(bad),
        }
    }

    /// The visible text of the last answer, a line for each block; or why there is none.
    #[expect(clippy::unused_self, reason = "of the page that is made")]
    fn text_of(&self, record: &StoredRecord) -> Result<String, P> {
        match record.body {
            BodyState::Head => return Err(P::NoTextKept),
            BodyState::Purged => return Err(P::NoTextPurged),
            BodyState::Whole => {}
        }
        let Some(last) = record.measurement.test_keys.requests.first() else {
            return Err(P::NoTextFetched);
        };
        let bytes = &last.response.body.0;
        if bytes.is_empty() {
            return Err(P::NoTextFetched);
        }
        let media = last.response.header("content-type").unwrap_or_default();
        let is_text = media.is_empty()
            || ["text", "html", "xml", "json"]
                .iter()
                .any(|t| media.contains(t));
        if !is_text {
            return Err(P::NoTextBinary);
        }
        let kept = &bytes[..bytes.len().min(8 * MOST_TEXT)];
        let (source, _) = charset::decode(kept, Some(media), None);
        let mut text = String::new();
        for block in html::blocks(&source) {
            if text.len() >= MOST_TEXT {
                break;
            }
            text.push_str(block.text().trim());
            text.push('\n');
        }
        Ok(text)
    }

    fn compared_expectations(
        &self,
        good: Option<&StoredRecord>,
        bad: &StoredRecord,
    ) -> Vec<ComparedExpectation> {
        let expected = |record: Option<&StoredRecord>| -> Vec<ExpectFact> {
            let extra = record.and_then(|r| r.measurement.extra());
            extra.map(|e| e.expect.clone()).unwrap_or_default()
        };
        let (good, bad) = (expected(good), expected(Some(bad)));
        let held = |side: &[ExpectFact], fact: &ExpectFact| {
            let own = side.iter().find(|f| f.expectation == fact.expectation);
            own.map(|f| f.held)
        };
        let only_good = good.iter().filter(|f| held(&bad, f).is_none());
        let all = bad.iter().chain(only_good).take(60);
        all.map(|fact| ComparedExpectation {
            text: clean::line(&facts::expected(self.language(), &fact.expectation), 300),
            good: held(&good, fact),
            bad: held(&bad, fact),
        })
        .collect()
    }

    fn compared_facts(&self, good: Option<&StoredRecord>, bad: &StoredRecord) -> Vec<ComparedFact> {
        let side = |what: &dyn Fn(&StoredRecord) -> Option<String>| {
            let shown = |record: Option<&StoredRecord>| {
                record
                    .and_then(what)
                    .map_or_else(String::new, |text| clean::line(&text, 200))
            };
            (shown(good), shown(Some(bad)))
        };
        let named = |name: String, (good, bad): (String, String)| ComparedFact { name, good, bad };
        let mut facts = vec![
            named(self.say(P::FactStatus).to_owned(), side(&status)),
            named(
                self.say(P::FactAddress).to_owned(),
                side(&|r| last(r).map(|l| l.request.url.clone())),
            ),
            named(self.say(P::FactTitle).to_owned(), side(&title)),
            named(
                self.say(P::FactSize).to_owned(),
                side(&|r| r.measurement.extra().map(|e| format!("{} B", e.body_bytes))),
            ),
        ];
        for header in HEADERS {
            let own = |r: &StoredRecord| last(r)?.response.header(header).map(str::to_owned);
            facts.push(named(header.to_owned(), side(&own)));
        }
        facts.retain(|fact| !(fact.good.is_empty() && fact.bad.is_empty()));
        facts
    }
}

/// The steps of an exchange, in their order.
fn hops(record: &StoredRecord) -> Vec<HopView> {
    let requests = record.measurement.test_keys.requests.iter().rev();
    let hops = requests.take(MOST_HOPS).map(|hop| HopView {
        url: clean::line(&format!("{} {}", hop.request.method, hop.request.url), 300),
        answer: answer_of(hop),
        took: format!("{:.0} ms", (hop.t - hop.t0).max(0.0) * 1000.0),
    });
    hops.collect()
}

/// The vantage of a record.
fn vantage_of(record: &StoredRecord) -> Option<VantageId> {
    Some(record.measurement.extra()?.vantage.clone())
}

fn last(record: &StoredRecord) -> Option<&Request> {
    record.measurement.test_keys.requests.first()
}

fn status(record: &StoredRecord) -> Option<String> {
    last(record).map(answer_of)
}

/// The status of an answer, or the failure in its place.
fn answer_of(hop: &Request) -> String {
    match (&hop.failure, hop.response.code) {
        (Some(failure), _) => clean::line(&failure.to_string(), 80),
        (None, 0) => "–".to_owned(),
        (None, code) => code.to_string(),
    }
}

fn title(record: &StoredRecord) -> Option<String> {
    let last = last(record)?;
    let bytes = &last.response.body.0;
    let media = last.response.header("content-type");
    let kept = &bytes[..bytes.len().min(MOST_TEXT)];
    let (source, _) = charset::decode(kept, media, None);
    html::read(&source).title
}

/// The first changes, as many as a page can hold.
pub(super) fn bounded(all: Vec<SentenceChange>) -> Vec<SentenceChange> {
    let mut bytes = 0;
    let size = |side: &Option<String>| side.as_ref().map_or(0, String::len);
    all.into_iter()
        .take(MOST_CHANGES)
        .take_while(|change| {
            bytes += size(&change.old) + size(&change.new);
            bytes <= MOST_SHOWN
        })
        .collect()
}
