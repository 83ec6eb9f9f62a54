//! The result of one measurement: the verdict with its evidence, and the part that is kept for
//! statuses, incidents and mails.
//!
//! The observation is made once, with the verdict, and stored with the measurement. A replay of
//! stored measurements therefore gives the same results, even where the page is no longer stored.

use serde::{Deserialize, Serialize};

use super::expect::Expectation;
use super::fact::Fact;
use super::failure::Failure;
use super::rule::{RuleId, Saying};
use super::verdict::{Code, Locus};

/// One observation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Form")]
pub struct Observation {
    pub code: Code,
    pub locus: Locus,
    /// The rule that decided; `None` where no measurement of a source decided, and in statuses of
    /// earlier versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// OONI's string, for transport codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    pub http_status: Option<u16>,
    pub signature: Option<String>,
    /// The sentence for this observation.
    #[serde(skip_serializing_if = "Saying::is_of_code")]
    pub saying: Saying,
    /// The values that broke their limits, when the verdict rests on them.
    pub limits: Vec<Fact>,
    /// The expectations that were not met, when the verdict rests on them.
    pub missing: Vec<Expectation>,
    /// The first words of a page that differs from the known one, in the page's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Observation {
    /// An observation with a code and no details.
    #[must_use]
    pub fn new(code: Code, locus: Locus) -> Self {
        Self {
            code,
            locus,
            rule: None,
            failure: None,
            http_status: None,
            signature: None,
            saying: Saying::OfCode,
            limits: Vec::new(),
            missing: Vec::new(),
            words: None,
        }
    }

    /// Whether the failure looks like a plain outage and its locus is unknown.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.code.is_outage_like() && self.locus == Locus::Unknown
    }
}

/// One fact that a verdict rests on, and its place in the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    pub fact: Fact,
    /// A path into the record, such as `requests[0].response.code`.
    pub place: String,
}

/// The result of one measurement. `i18n::verdict::sentence` words it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub code: Code,
    pub locus: Locus,
    /// The rule that decided.
    pub rule: RuleId,
    /// OONI's string, for transport codes.
    pub failure: Option<Failure>,
    /// The signature that matched, such as `cn.jsl.521`.
    pub signature: Option<String>,
    pub evidence: Vec<Evidence>,
    /// The sentence for this verdict.
    pub saying: Saying,
}

/// How many facts of one kind a mail quotes; more would add nothing.
const MOST_QUOTED: usize = 3;

impl Verdict {
    /// The values that broke their limits, when the verdict rests on that.
    #[must_use]
    pub fn limits(&self) -> Vec<Fact> {
        let facts = self.evidence.iter().map(|e| &e.fact);
        let limits = facts.filter(|fact| fact.is_limit());
        limits.take(MOST_QUOTED).cloned().collect()
    }

    /// The expectations that the page did not meet.
    #[must_use]
    pub fn missing(&self) -> Vec<Expectation> {
        let missing = self.evidence.iter().filter_map(|e| match &e.fact {
            Fact::NotHeld { expectation } => Some(expectation.clone()),
            _ => None,
        });
        missing.take(MOST_QUOTED).collect()
    }

    /// The first words of the page that came, in its own language, when the verdict rests on them.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let words = self.evidence.iter().find_map(|e| match &e.fact {
            Fact::Says { words } => Some(words),
            _ => None,
        });
        words.filter(|words| !words.is_empty()).cloned()
    }

    /// The part of this verdict that is kept, with the status of the last answer.
    #[must_use]
    pub fn observed(&self, http_status: Option<u16>) -> Observation {
        Observation {
            code: self.code,
            locus: self.locus,
            rule: Some(self.rule.clone()),
            failure: self.failure.clone(),
            http_status,
            signature: self.signature.clone(),
            saying: self.saying,
            limits: self.limits(),
            missing: self.missing(),
            words: self.words(),
        }
    }
}

/// The stored form. Earlier versions stored `limit` and `missed` as texts and had no typed facts.
/// When `limits` and `missing` are present, the texts are for people and are not read.
#[derive(Deserialize)]
struct Form {
    code: Code,
    locus: Locus,
    #[serde(default)]
    rule: Option<RuleId>,
    #[serde(default)]
    failure: Option<Failure>,
    #[serde(default)]
    http_status: Option<u16>,
    #[serde(default)]
    signature: Option<String>,
    #[serde(default)]
    saying: Saying,
    limits: Option<Vec<Fact>>,
    #[serde(default)]
    limit: Option<String>,
    missing: Option<Vec<Expectation>>,
    #[serde(default)]
    missed: Option<String>,
    #[serde(default)]
    words: Option<String>,
}

impl From<Form> for Observation {
    fn from(form: Form) -> Self {
        let limit = || form.limit.into_iter().map(Fact::text).collect();
        let missed = || {
            let text = form.missed.unwrap_or_default();
            let each = text.split("; ").filter(|one| !one.is_empty());
            each.map(Expectation::parse).collect()
        };
        Self {
            code: form.code,
            locus: form.locus,
            rule: form.rule,
            failure: form.failure,
            http_status: form.http_status,
            signature: form.signature,
            saying: form.saying,
            limits: form.limits.unwrap_or_else(limit),
            missing: form.missing.unwrap_or_else(missed),
            words: form.words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::expect::ExpectKey;

    #[test]
    fn statuses_of_earlier_versions_keep_their_texts() {
        let old = serde_json::json!({
            "code": "content.stale", "locus": "site", "http_status": 200, "signature": null,
            "limit": "value `latest`: the newest date is 2026-10-29, 25 days old; 12 are allowed",
            "missed": "level fulltext: #pdfDown; contains: 摘要",
        });
        let seen: Observation = serde_json::from_value(old).unwrap();
        assert!(
            matches!(seen.limits.as_slice(), [Fact::Text { text }] if text.contains("25 days"))
        );
        assert_eq!(seen.missing[1].key, ExpectKey::Contains);
        assert_eq!(seen.missing.len(), 2);
        let again = serde_json::to_value(&seen).unwrap();
        assert_eq!(serde_json::from_value::<Observation>(again).unwrap(), seen);
    }
}
