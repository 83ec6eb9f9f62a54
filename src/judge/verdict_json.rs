//! The line that `judge FILE` prints for each record.

use serde::Serialize;

use crate::i18n::facts;
use crate::i18n::verdict::sentence;
use crate::model::Evidence;
use crate::model::link::LinkId;
use crate::model::settings::Language;
use crate::model::{Code, Fact, Failure, Locus, Measurement, MeasurementUid, ProbeKey, Verdict};

/// One verdict as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerdictJson<'a> {
    pub input: &'a str,
    pub measurement_uid: Option<&'a str>,
    pub source: Option<&'a str>,
    pub probe: Option<&'a str>,
    /// The cited link that was checked; such a record has no source and no probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkId>,
    /// `ooni:<CC>:<ASN>` for OONI's own records.
    pub vantage: String,
    pub code: Code,
    pub locus: Locus,
    pub rule: &'a str,
    pub severity: Option<u8>,
    pub failure: Option<&'a Failure>,
    pub signature: Option<&'a str>,
    pub evidence: Vec<Row<'a>>,
    pub text: String,
}

/// One fact: its words, its place in the record, and its key with its parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row<'a> {
    #[serde(rename = "fact")]
    words: String,
    #[serde(rename = "where")]
    place: &'a str,
    #[serde(flatten)]
    fact: &'a Fact,
}

impl<'a> VerdictJson<'a> {
    /// The line of a record in a language; `key` is its probe, if known.
    #[must_use]
    pub fn new(
        m: &'a Measurement,
        key: Option<&'a ProbeKey>,
        verdict: &'a Verdict,
        language: Language,
    ) -> Self {
        let row = |evidence: &'a Evidence| Row {
            words: facts::fact(language, &evidence.fact),
            place: &evidence.place,
            fact: &evidence.fact,
        };
        let vantage = m
            .extra()
            .map_or_else(|| m.foreign_vantage().0, |x| x.vantage.0.clone());
        let link = m.link();
        let key = key.filter(|_| link.is_none());
        Self {
            input: &m.input,
            measurement_uid: m.measurement_uid.as_ref().map(MeasurementUid::as_str),
            source: key.map(|k| k.source.as_str()),
            probe: key.map(|k| k.probe.as_str()),
            link,
            vantage,
            code: verdict.code,
            locus: verdict.locus,
            rule: verdict.rule.as_str(),
            severity: verdict.code.severity(),
            failure: verdict.failure.as_ref(),
            signature: verdict.signature.as_deref(),
            evidence: verdict.evidence.iter().map(row).collect(),
            text: sentence(language, verdict.saying, verdict.code),
        }
    }
}
