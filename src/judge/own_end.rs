//! Predicates about our own end: an unreadable file, a failed proxy, a skipped fetch.

use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use crate::model::Fact;
use crate::model::failure::Failure as F;
use crate::text::clean;

/// The library's own licensed job stopped writing: our own end. (Old data are `content.stale`.)
pub(super) fn file_unreadable(case: &RuleInput<'_>) -> RuleMatch {
    let request = case.m.test_keys.requests.first()?;
    if let Some(failure) = request.failure.as_ref() {
        let unread = failure.equals(F::FILE_UNREADABLE);
        let fact = Fact::FileUnreadable {
            failure: clean::line(failure.as_str(), 120),
        };
        return unread.then(|| vec![evidence(fact, "requests[0].failure")]);
    }
    // Half written, or written by a faulty job: also our own end.
    let is_file = request.request.url.starts_with("file:");
    let begins = case.reading.no_json.as_ref().filter(|_| is_file)?;
    let fact = match &case.reading.broken_json {
        Some(fact) => fact.clone(),
        None => Fact::FileIsNoJson {
            begins: begins.clone(),
        },
    };
    Some(vec![evidence(fact, "requests[0].response.body")])
}

/// The proxy itself failed or refused; its reports about the target do not count.
pub(super) fn proxy_failed(case: &RuleInput<'_>) -> RuleMatch {
    let facts = case.m.extra().and_then(|x| x.proxy.as_ref());
    if let Some(failure) = facts.and_then(|p| p.failure.as_ref()) {
        let fact = Fact::ProxyFailed {
            failure: clean::line(failure.as_str(), 120),
        };
        return Some(vec![evidence(fact, "x_accesswatch.proxy.failure")]);
    }
    let failure = case.m.test_keys.requests.first()?.failure.as_ref()?;
    let own = match failure.as_str() {
        F::SOCKS_CONNECT
        | F::SOCKS_AUTH
        | F::SOCKS_PROTOCOL
        | F::SOCKS_NOT_ALLOWED
        | F::SOCKS_COMMAND
        | F::SOCKS_ADDRESS
        | F::PROXY_CONNECT
        | F::PROXY_AUTH => true,
        // 502 to 504 are about the target; any other refusal is the proxy's own.
        F::PROXY_REFUSED => !matches!(facts.and_then(|p| p.connect_status), Some(502..=504)),
        _ => false,
    };
    own.then(|| {
        vec![evidence(
            Fact::ProxyFailed {
                failure: clean::line(failure.as_str(), 120),
            },
            "requests[0].failure",
        )]
    })
}

pub(super) fn skipped(case: &RuleInput<'_>, why: &str) -> RuleMatch {
    let skipped = case.m.extra()?.skipped.as_deref()?;
    (skipped == why).then(|| {
        vec![evidence(
            Fact::NotFetched {
                why: why.to_owned(),
            },
            "x_accesswatch.skipped",
        )]
    })
}

pub(super) fn nothing_tried(case: &RuleInput<'_>) -> RuleMatch {
    let keys = &case.m.test_keys;
    let nothing = keys.requests.is_empty() && case.stop.is_none();
    nothing.then(|| vec![evidence(Fact::NoExchange, "requests")])
}
