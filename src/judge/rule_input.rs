//! The input of the rules for one measurement: the record, its reading, and what follows from both.

use super::expect::Subject;
use super::injected_addresses::InjectedAddresses;
use super::last_hop::LastHop;
use super::locked_file;
use super::paragraph_length;
use super::reading::Reading;
use super::rule_match::{RuleMatch, evidence};
use super::signature::Hit;
use super::transport_failure::TransportFailure;
use super::value::check::{self, LimitViolation};
use super::value::context::ValueContext;
use super::value::extract::Extraction;
use super::value::frame::FrameRequirement;
use crate::model::Evidence;
use crate::model::measurement::Request;
use crate::model::page::{History, LOCKED, PARAGRAPH, Value};
use crate::model::verdict::Layer;
use crate::model::{Code, Fact, Measurement, Probe, Time};
use crate::schedule::calendar::Calendars;

/// One measurement before the rules.
pub(super) struct RuleInput<'a> {
    pub m: &'a Measurement,
    pub probe: Option<&'a Probe>,
    pub reading: &'a Reading,
    /// Addresses of forged answers.
    pub injected_addresses: &'a InjectedAddresses,
    pub hop: LastHop<'a>,
    /// What stopped the exchange before any answer.
    pub stop: Option<TransportFailure>,
    /// What broke the answer in transit.
    pub broken: Option<TransportFailure>,
    /// Limits that values broke.
    pub faults: Vec<LimitViolation>,
    /// What is left of the longest paragraph, when it was cut little by little.
    pub shortened: Option<Fact>,
    /// The file asks for a password, and none did before.
    pub locked: Option<Fact>,
}

/// Knowledge beyond the record.
pub(super) struct RuleContext<'a> {
    pub history: &'a History,
    pub calendars: &'a Calendars,
    pub now: Time,
}

/// The place of findings in an answer's text.
const BODY: &str = "requests[0].response.body";

impl<'a> RuleInput<'a> {
    pub(super) fn new(
        m: &'a Measurement,
        probe: Option<&'a Probe>,
        reading: &'a Reading,
        injected: &'a InjectedAddresses,
        known: &RuleContext<'_>,
    ) -> Self {
        let hop = LastHop::from_measurement(m);
        let context = ValueContext {
            taken: &reading.taken,
            extracted: &reading.extracted,
            specs: probe.map_or(&[][..], |probe| &probe.values),
            history: known.history,
            calendars: known.calendars,
            now: known.now,
        };
        let seen = |name: &str| reading.facts.values.get(name);
        let fault = |spec: &crate::model::probe::ValueSpec| check::fault(spec, &context);
        Self {
            stop: hop.failure(m),
            broken: hop.broken_answer().or_else(|| {
                let lacks = reading.has_markers && !reading.all_hold();
                hop.excess().filter(|_| lacks)
            }),
            faults: probe
                .map(|p| p.values.iter().filter_map(fault).collect())
                .unwrap_or_default(),
            shortened: seen(PARAGRAPH).and_then(|now| paragraph_length::fact(now, known.history)),
            locked: seen(LOCKED).and_then(|now| locked_file::fact(now, known.history)),
            m,
            probe,
            reading,
            injected_addresses: injected,
            hop,
        }
    }

    pub(super) fn request(&self) -> Option<&'a Request> {
        let read = |r: &&Request| r.failure.is_none() && r.request.url.starts_with("file:");
        self.hop.request.filter(|r| r.response.code > 0 || read(r))
    }

    /// The status of the last answer, when there was one.
    pub(super) fn status(&self) -> Option<u16> {
        self.request()
            .map(|r| r.response.code)
            .filter(|code| *code > 0)
    }

    /// The status, when the probe (or, without a probe, anyone) does not expect it.
    pub(super) fn odd_status(&self) -> Option<u16> {
        let status = self.status()?;
        let expected = match self.probe {
            Some(probe) if !probe.expect.status.is_empty() => probe.expect.status.contains(&status),
            Some(_) => status == 200,
            None => (200..300).contains(&status),
        };
        (!expected).then_some(status)
    }

    /// All expectations other than the status are met, and no value breaks a limit.
    pub(super) fn is_whole(&self) -> bool {
        self.reading.all_hold() && self.faults.is_empty() && self.odd_status().is_none()
    }

    /// A healthy page came: for "only when no healthy page followed".
    pub(super) fn is_healthy(&self) -> bool {
        self.request().is_some()
            && self.is_whole()
            && self.reading.hits.is_empty()
            && (self.broken.is_none() || self.holds_though_broken_off())
    }

    /// The answer began and was incomplete: its framing, its coding or its connection broke.
    pub(super) fn is_broken_off(&self) -> bool {
        let leads_nowhere = |code| matches!(code, Code::HttpRedirectLoop | Code::HttpBadRedirect);
        self.broken.as_ref().is_some_and(|s| !leads_nowhere(s.code))
    }

    /// The answer broke off after everything that is expected had come: for readers it is complete.
    pub(super) fn holds_though_broken_off(&self) -> bool {
        self.is_broken_off() && self.reading.has_markers && self.is_whole()
    }

    /// The exchange was stopped with this code.
    pub(super) fn stopped(&self, code: Code) -> RuleMatch {
        self.stop
            .as_ref()
            .filter(|stop| stop.code == code)
            .map(|stop| stop.evidence.clone())
    }

    /// The answer broke off with this code, before everything that is expected had come.
    pub(super) fn broken_by(&self, code: Code) -> RuleMatch {
        self.broken
            .as_ref()
            .filter(|stop| stop.code == code && !self.holds_though_broken_off())
            .map(|stop| stop.evidence.clone())
    }

    /// A known page with this code came, and its signature is confirmed or the page says so itself.
    pub(super) fn known(&self, code: Code) -> RuleMatch {
        let hit = self
            .reading
            .hits
            .iter()
            .find(|hit| !hit.weak && hit.code == code && self.is_believed(hit))?;
        Some(vec![hit.evidence()])
    }

    /// The answer is longer than the part that is read.
    pub(super) fn is_cut(&self) -> bool {
        self.request().is_some_and(|r| r.response.body_is_truncated)
    }

    /// Whether a match counts. In a broken-off answer, text in the body proves nothing, because a
    /// good page may contain it too: a match then needs an unexpected status, or a place outside
    /// the body, and never gives a content code.
    fn is_believed(&self, hit: &Hit) -> bool {
        let apart = self.odd_status().is_some() || hit.place != BODY;
        !self.is_broken_off() || (apart && hit.code.layer() != Layer::Content)
    }

    /// The unexpected status is in this range.
    pub(super) fn odd(&self, range: std::ops::RangeInclusive<u16>) -> RuleMatch {
        let status = self.odd_status().filter(|status| range.contains(status))?;
        Some(vec![evidence(
            Fact::status(status),
            "requests[0].response.code",
        )])
    }

    /// Some marker of the page is still present (without any it is a redesign, or another page).
    pub(super) fn frame_holds(&self) -> bool {
        let is_marker = |s: Subject| matches!(s, Subject::Title | Subject::Marker);
        let mut checks = self.reading.checks.iter();
        // What is absent is absent from every other page too.
        let held = checks.clone().any(|c| c.is_proof() && c.fact.held);
        let missed = checks.any(|c| is_marker(c.subject) && !c.fact.held);
        // A number that stands where it stood is of the page too, be it 0.
        let value = |taken: &Extraction| {
            matches!(taken, Extraction::Value(Value::Number(_) | Value::Date(_)))
        };
        held || !missed || self.reading.taken.values().any(value)
    }

    /// Whether this much of the page's frame is present.
    fn stands(&self, frame: FrameRequirement) -> bool {
        match frame {
            FrameRequirement::Any => true,
            FrameRequirement::Part => self.frame_holds(),
            FrameRequirement::Whole => self.reading.all_hold(),
        }
    }

    /// A value broke a limit with this code.
    pub(super) fn fault(&self, code: Code) -> RuleMatch {
        let found: Vec<Evidence> = self
            .faults
            .iter()
            .filter(|f| f.code == code && self.stands(f.frame))
            .map(|f| f.evidence.clone())
            .collect();
        (!found.is_empty()).then_some(found)
    }
}
