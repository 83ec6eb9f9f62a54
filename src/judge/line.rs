//! The line that `judge FILE` prints for each record.

use serde::Serialize;

use crate::model::verdict::Evidence;
use crate::model::{Code, Failure, Locus, Measurement, MeasurementUid, ProbeKey, Verdict};

/// One verdict as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line<'a> {
    pub input: &'a str,
    pub measurement_uid: Option<&'a str>,
    pub source: Option<&'a str>,
    pub probe: Option<&'a str>,
    /// `ooni:<CC>:<ASN>` for OONI's own records.
    pub vantage: String,
    pub code: Code,
    pub locus: Locus,
    pub rule: &'a str,
    pub severity: Option<u8>,
    pub failure: Option<&'a Failure>,
    pub signature: Option<&'a str>,
    pub evidence: &'a [Evidence],
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// The line of a record; `key` is the probe it belongs to, when known.
    #[must_use]
    pub fn new(m: &'a Measurement, key: Option<&'a ProbeKey>, verdict: &'a Verdict) -> Self {
        let vantage = m
            .extra()
            .map_or_else(|| m.foreign_vantage().0, |x| x.vantage.0.clone());
        Self {
            input: &m.input,
            measurement_uid: m.measurement_uid.as_ref().map(MeasurementUid::as_str),
            source: key.map(|k| k.source.as_str()),
            probe: key.map(|k| k.probe.as_str()),
            vantage,
            code: verdict.code,
            locus: verdict.locus,
            rule: &verdict.rule,
            severity: verdict.code.severity(),
            failure: verdict.failure.as_ref(),
            signature: verdict.signature.as_deref(),
            evidence: &verdict.evidence,
            text: &verdict.text,
        }
    }
}
