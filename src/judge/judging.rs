//! The judge: everything is compiled once, then measurements are judged one at a time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::injected_addresses::InjectedAddresses;
use super::plan::ProbePlan;
use super::reading::{self, Reading};
use super::reading_key;
use super::rule_input::{RuleContext, RuleInput};
use super::signature::Signatures;
use super::{control, healthy, moved, ooni_control, quote, rules, similarity};
use crate::model::last_reading::LastReading;
use crate::model::page::History;
use crate::model::probe::{Method, Target};
use crate::model::reference::{Reference, ReferenceKind, ShownDigest};
use crate::model::round::ControlResult;
use crate::model::signature::SignatureRow;
use crate::model::vantage::Control;
use crate::model::{Catalogue, Code, Measurement, Probe, ProbeKey, Time, Verdict};
use crate::schedule::calendar::Calendars;
use crate::text::placeholder::Placeholders;

/// Compiled when the first measurement needs it.
type Compiled<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

/// Judges measurements. Holds the catalogue's probes and all signatures; has no state.
#[derive(Debug)]
pub struct Judge {
    probes: HashMap<ProbeKey, (Arc<Probe>, ProbePlan)>,
    /// The probes that a plain request by another program may represent, with their schemes.
    by_url: HashMap<String, Vec<(String, ProbeKey)>>,
    signatures: Compiled<Signatures>,
    injected: InjectedAddresses,
    calendars: Calendars,
    placeholders: Compiled<Placeholders>,
    /// What the readings of all probes depend on.
    rules: Compiled<[u8; 32]>,
}

impl Judge {
    /// Compiles everything once, signatures and placeholders on first use. What does not compile
    /// matches nothing; `check` reports it.
    #[must_use]
    pub fn new(catalogue: &Catalogue, signatures: &[SignatureRow]) -> Self {
        let mut by_url = HashMap::new();
        for (key, probe) in &catalogue.probes {
            if let Target::Url(url) = &probe.target
                && is_plain(probe)
            {
                let same: &mut Vec<_> = by_url.entry(comparable(url)).or_default();
                same.push((url.scheme().to_owned(), key.clone()));
            }
        }
        let compile = |(key, probe): (&ProbeKey, &Arc<Probe>)| {
            (key.clone(), (Arc::clone(probe), ProbePlan::new(probe)))
        };
        let rows: Arc<[SignatureRow]> = signatures.into();
        let patterns: Arc<[String]> = catalogue.placeholders.as_slice().into();
        let (for_rules, known) = (Arc::clone(&rows), Arc::clone(&patterns));
        Self {
            probes: catalogue.probes.iter().map(compile).collect(),
            by_url,
            signatures: LazyLock::new(Box::new(move || Signatures::new(&rows))),
            injected: InjectedAddresses::new(signatures),
            calendars: Calendars::default(),
            placeholders: LazyLock::new(Box::new(move || placeholders(&patterns))),
            rules: LazyLock::new(Box::new(move || reading_key::of_rules(&for_rules, &known))),
        }
    }

    /// Sets the working and trading days that values count in; without them Monday to Friday count.
    #[must_use]
    pub fn with_calendars(mut self, calendars: &Calendars) -> Self {
        self.calendars = calendars.clone();
        self
    }

    /// The probe of a measurement: by its name, or else (OONI's `web_connectivity`) by its URL.
    /// Among probes that differ only in the scheme, the one with the record's scheme.
    #[must_use]
    pub fn probe_for(&self, m: &Measurement) -> Option<&Probe> {
        if let Some(key) = m.key() {
            return self.probes.get(&key).map(|(probe, _)| probe.as_ref());
        }
        if !matches!(m.test_name.as_str(), "web_connectivity" | "accesswatch") {
            return None;
        }
        let url = url::Url::parse(&m.input).ok()?;
        let same = self.by_url.get(&comparable(&url))?;
        let exact = same.iter().find(|(scheme, _)| scheme == url.scheme());
        let (_, key) = exact.or(same.first())?;
        self.probes.get(key).map(|(probe, _)| probe.as_ref())
    }

    /// Decodes the answer, checks the expectations, takes values and matches signatures, all once.
    #[must_use]
    pub fn read(&self, m: &Measurement, probe: Option<&Probe>) -> Reading {
        let plan = probe.map(|probe| self.plan(probe));
        reading::read(
            m,
            plan.as_ref().map(PlanRef::get),
            &self.signatures,
            &self.placeholders,
        )
    }

    /// [`Judge::read`] of a record that this process made, for a probe whose last page may be
    /// known: a page with the key of `last` is not read again. Returns also what is to be kept in
    /// place of `last`.
    #[must_use]
    pub fn read_unless_known(
        &self,
        m: &Measurement,
        probe: &Probe,
        last: Option<&LastReading>,
    ) -> (Reading, Option<LastReading>) {
        let key = reading_key::of_answer(m, probe, self.plan(probe).get(), &self.rules);
        let known = last.filter(|last| Some(last.key) == key);
        if let Some(reading) = known.and_then(|last| Reading::from_saved(&last.reading)) {
            debug_assert_eq!(reading, self.read(m, Some(probe)), "a stale reading");
            return (reading, None);
        }
        let reading = self.read(m, Some(probe));
        let new = key.and_then(|key| {
            let reading = reading.saved()?;
            Some(LastReading { key, reading })
        });
        (reading, new)
    }

    /// Decides by the ordered table of rules; `history` holds the probe's good values from this
    /// vantage, oldest first.
    #[must_use]
    pub fn decide(
        &self,
        reading: &Reading,
        m: &Measurement,
        probe: Option<&Probe>,
        history: &History,
        now: Time,
    ) -> Verdict {
        let known = RuleContext {
            history,
            calendars: &self.calendars,
            now,
        };
        let mut verdict = rules::decide(&RuleInput::new(m, probe, reading, &self.injected, &known));
        if verdict.code.severity().is_some_and(|severity| severity > 0) {
            verdict
                .evidence
                .extend(reading.diagnosis.led.facts.iter().cloned());
            verdict.evidence.extend(ooni_control::evidence(m));
        }
        let charset = probe.and_then(|probe| probe.charset.as_deref());
        verdict
            .evidence
            .extend(quote::of_loss(&verdict, reading, m, charset));
        verdict
    }

    /// A page of a host as a reference for comparisons with records' pages, and the code of that
    /// page itself.
    #[must_use]
    pub fn reference(&self, kind: ReferenceKind, m: &Measurement) -> (Reference, Code) {
        let (is_known, code) = self.known_page(m);
        (similarity::reference(kind, m, is_known), code)
    }

    /// The page of a cited link, or of a made-up address of its host, for [`super::similarity`],
    /// and the code of that page.
    #[must_use]
    pub fn link_page(&self, kind: ReferenceKind, m: &Measurement) -> (Reference, Code) {
        let (is_known, code) = self.known_page(m);
        (similarity::link_reference(kind, m, is_known), code)
    }

    /// Whether an answer is a known page (a check, a refusal), which represents nothing else, and
    /// its code.
    fn known_page(&self, m: &Measurement) -> (bool, Code) {
        let reading = self.read(m, None);
        let verdict = self.decide(&reading, m, None, &History::new(), m.started());
        let is_known = !reading.hits.is_empty() && verdict.code != Code::ContentSoft404;
        (is_known, verdict.code)
    }

    /// The part of a healthy page of a probe that is kept for later comparisons; `None` without an
    /// answer.
    #[must_use]
    pub fn snapshot(&self, m: &Measurement, probe: &Probe) -> Option<Reference> {
        healthy::snapshot(m, Some(self.plan(probe).get()))
    }

    /// Whether the probe's last healthy page is needed to judge a measurement.
    #[must_use]
    pub fn wants_healthy(&self, reading: &Reading, verdict: &Verdict, m: &Measurement) -> bool {
        let served = m.last_request().is_some_and(|r| r.response.code > 0);
        let may_have_moved = verdict.code == Code::Ok
            && reading.diagnosis.difference.is_none()
            && moved::is_led_away(m);
        served && (reading.wants_healthy(verdict.code) || may_have_moved)
    }

    /// The digest of a page that is healthy unless a comparison with the last healthy one shows
    /// otherwise.
    #[must_use]
    pub fn shown(
        &self,
        reading: &Reading,
        verdict: &Verdict,
        m: &Measurement,
    ) -> Option<ShownDigest> {
        let is_whole = verdict.code == Code::Ok && !moved::is_led_away(m);
        reading.shown.filter(|_| is_whole)
    }

    /// Whether a control passed; `None` when it was not asked.
    #[must_use]
    pub fn control_passes(&self, m: &Measurement, control: &Control) -> Option<ControlResult> {
        control::passes(m, control)
    }

    /// The compiled form of a probe; compiled now if it is not in the catalogue, or differs there.
    fn plan(&self, probe: &Probe) -> PlanRef<'_> {
        match self.probes.get(&probe.key()) {
            Some((known, plan)) if std::ptr::eq(known.as_ref(), probe) || **known == *probe => {
                PlanRef::Kept(plan)
            }
            _ => PlanRef::Made(Box::new(ProbePlan::new(probe))),
        }
    }
}

enum PlanRef<'a> {
    Kept(&'a ProbePlan),
    Made(Box<ProbePlan>),
}

impl PlanRef<'_> {
    fn get(&self) -> &ProbePlan {
        match self {
            PlanRef::Kept(plan) => plan,
            PlanRef::Made(plan) => plan,
        }
    }
}

/// The workspace's own placeholders, or else the shipped ones.
fn placeholders(patterns: &[String]) -> Placeholders {
    match patterns {
        [] => Placeholders::default(),
        patterns => Placeholders::new(patterns),
    }
}

/// OONI's probe sends a plain GET, without earlier pages and without our headers; only such probes
/// can be compared.
fn is_plain(probe: &Probe) -> bool {
    probe.method == Method::Get && probe.before.is_empty() && probe.body.is_none()
}

/// URLs name the same record whatever their scheme, fragment and final slash.
fn comparable(url: &url::Url) -> String {
    let path = url.path().trim_end_matches('/');
    let host = url.host_str().unwrap_or("");
    let port = url
        .port()
        .map_or(Cow::Borrowed(""), |p| Cow::Owned(format!(":{p}")));
    let query = url
        .query()
        .map_or(Cow::Borrowed(""), |q| Cow::Owned(format!("?{q}")));
    format!("{host}{port}{path}{query}")
}
