//! Addresses with a token that expires: later requests get the same check page as a refusal.
//!
//! If the `v=` in a record's address has expired, CNKI answers with its check for people
//! (jasminum #167, 2024-01-29). The citation has rotted, and nobody was refused. An address without
//! a token that leads through one (link.cnki.net) gets a fresh one, so its check is a real check.

use super::registrable_domain;
use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use crate::model::{Code, Fact};

/// Tokens of sites: the registered host, a word of the path in lower case, the parameter.
const TOKENS: &[(&str, &str, &str)] = &[("cnki.net", "/kcms", "v")];

/// A check for people at a requested address with such a token.
pub(super) fn expired(case: &RuleInput<'_>) -> RuleMatch {
    let mut found = case.known(Code::SiteChallenge)?;
    let asked = url::Url::parse(&case.m.input).ok()?;
    let host = asked.host_str()?;
    let path = asked.path().to_ascii_lowercase();
    let (_, _, name) = TOKENS
        .iter()
        .find(|(site, word, _)| registrable_domain::same(host, site) && path.contains(word))?;
    asked
        .query_pairs()
        .any(|(key, value)| key == *name && !value.is_empty())
        .then(|| {
            found.push(evidence(
                Fact::TokenExpires {
                    parameter: (*name).to_owned(),
                },
                "input",
            ));
            found
        })
}
