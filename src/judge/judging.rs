//! The judge: everything compiled once, then a measurement at a time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::case::Case;
use super::plan::Plan;
use super::poison::Poison;
use super::reading::{self, Reading};
use super::signature::Signatures;
use super::{control, rules};
use crate::model::page::History;
use crate::model::probe::Target;
use crate::model::round::ControlResult;
use crate::model::signature::SignatureRow;
use crate::model::vantage::Control;
use crate::model::{Catalogue, Measurement, Probe, ProbeKey, Time, Verdict};

/// Judges measurements. Holds the catalogue's probes and all signatures, compiled; keeps no state.
#[derive(Debug)]
pub struct Judge {
    probes: HashMap<ProbeKey, (Arc<Probe>, Plan)>,
    by_url: HashMap<String, ProbeKey>,
    signatures: Signatures,
    poison: Poison,
}

impl Judge {
    /// Compiles everything once. What does not compile matches nothing; `check` reports it.
    #[must_use]
    pub fn new(catalogue: &Catalogue, signatures: &[SignatureRow]) -> Self {
        let mut by_url = HashMap::new();
        for (key, probe) in &catalogue.probes {
            if let Target::Url(url) = &probe.target {
                by_url.entry(comparable(url)).or_insert_with(|| key.clone());
            }
        }
        let compile = |(key, probe): (&ProbeKey, &Arc<Probe>)| {
            (key.clone(), (Arc::clone(probe), Plan::new(probe)))
        };
        Self {
            probes: catalogue.probes.iter().map(compile).collect(),
            by_url,
            signatures: Signatures::new(signatures),
            poison: Poison::new(signatures),
        }
    }

    /// The probe that a measurement belongs to: by its name, else (OONI's records) by its URL.
    #[must_use]
    pub fn probe_for(&self, m: &Measurement) -> Option<&Probe> {
        if let Some(key) = m.key() {
            return self.probes.get(&key).map(|(probe, _)| probe.as_ref());
        }
        let url = url::Url::parse(&m.input).ok()?;
        let key = self.by_url.get(&comparable(&url))?;
        self.probes.get(key).map(|(probe, _)| probe.as_ref())
    }

    /// Decodes the answer, holds the expectations against it, takes values, matches signatures: once.
    #[must_use]
    pub fn read(&self, m: &Measurement, probe: Option<&Probe>) -> Reading {
        let plan = probe.map(|probe| self.plan(probe));
        reading::read(m, plan.as_ref().map(PlanRef::get), &self.signatures)
    }

    /// Decides by the ordered table of rules; `history` holds the probe's good values from this vantage,
    /// oldest first.
    #[must_use]
    pub fn decide(
        &self,
        reading: &Reading,
        m: &Measurement,
        probe: Option<&Probe>,
        history: &History,
        now: Time,
    ) -> Verdict {
        rules::decide(&Case::new(m, probe, reading, &self.poison, history, now))
    }

    /// Whether a control's page worked.
    #[must_use]
    pub fn control_passes(&self, m: &Measurement, control: &Control) -> ControlResult {
        control::passes(m, control)
    }

    /// The compiled form of a probe; of one that is not (or not so) in the catalogue, made now.
    fn plan(&self, probe: &Probe) -> PlanRef<'_> {
        match self.probes.get(&probe.key()) {
            Some((known, plan)) if std::ptr::eq(known.as_ref(), probe) || **known == *probe => {
                PlanRef::Kept(plan)
            }
            _ => PlanRef::Made(Box::new(Plan::new(probe))),
        }
    }
}

enum PlanRef<'a> {
    Kept(&'a Plan),
    Made(Box<Plan>),
}

impl PlanRef<'_> {
    fn get(&self) -> &Plan {
        match self {
            PlanRef::Kept(plan) => plan,
            PlanRef::Made(plan) => plan,
        }
    }
}

/// URLs are the same record whatever their scheme, fragment and closing slash.
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
