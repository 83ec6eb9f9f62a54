//! Controls: pages of third parties that must work, so that a vantage is known to work.

use super::wire::Hop;
use crate::model::failure::Failure as F;
use crate::model::round::ControlResult;
use crate::model::vantage::Control;
use crate::model::{Code, Failure, Measurement};

/// Network Authentication Required (RFC 6585 section 6).
const NETWORK_LOG_IN: u16 = 511;
const REPLACED: &str = ControlResult::REPLACED;
const OUT_OF_DATE: &str = ControlResult::OUT_OF_DATE;

/// Whether a control's page worked: any answer below 500 counts as the network working; where an exact body is
/// agreed, it must be that one. None of a control that was not asked: it says nothing, good or bad.
#[must_use]
pub fn passes(m: &Measurement, control: &Control) -> Option<ControlResult> {
    if m.extra().is_some_and(|x| x.skipped.is_some()) {
        return None;
    }
    let last = m.last_request();
    let status = last.map(|r| r.response.code).filter(|code| *code > 0);
    let proxy = m.extra().and_then(|x| x.proxy.as_ref()?.failure.clone());
    let agreed = control
        .body
        .as_ref()
        .is_none_or(|wanted| last.is_some_and(|r| r.response.body.0 == wanted.as_bytes()));
    // A server that refuses or is in trouble has a page of its own; a log-in page of the local network is served.
    let served = |code: u16| (200..400).contains(&code) || code == NETWORK_LOG_IN;
    let failure = proxy
        .or_else(|| stop(m))
        .or_else(|| last.and_then(|r| r.failure.clone()))
        .or_else(|| (!agreed && status.is_some_and(served)).then(|| F::from(REPLACED)));
    Some(ControlResult {
        url: control.url.to_string(),
        passed: failure.is_none() && agreed && status.is_some_and(|code| code < 500),
        failure,
        http_status: status,
    })
}

/// What stopped the exchange; a certificate that is out of date is told apart.
fn stop(m: &Measurement) -> Option<Failure> {
    let stop = Hop::of(m).stop(m)?;
    if stop.code == Code::TlsExpired {
        return Some(F::from(OUT_OF_DATE));
    }
    stop.failure
}

/// Certificates that are all wrong in the same way are our own end's fault from this many controls on: one that is
/// wrong alone may be that control's.
const AGREEING: usize = 2;

/// Whether a vantage works: one of its controls passes, and the others do not prove that it is our own end that
/// answers. Without controls it is taken to work.
#[must_use]
pub fn is_usable(results: &[ControlResult]) -> bool {
    let any_passes = results.iter().any(|r| r.passed);
    results.is_empty() || (any_passes && vantage_code(results).is_none())
}

/// Why a vantage is unusable, from all its controls; none when one passes, when there are none, or when only
/// servers fail (5xx).
///
/// A control over plain HTTP that passes does not clear a vantage on which every certificate is out of date or
/// signed by a stranger: such boxes and clocks leave plain HTTP alone.
#[must_use]
pub fn vantage_code(results: &[ControlResult]) -> Option<Code> {
    let passes = results.iter().any(|r| r.passed);
    if results.is_empty() || (passes && !is_contradicted(results)) {
        return None;
    }
    let any = |text: &str| {
        results
            .iter()
            .any(|r| r.failure.as_ref().is_some_and(|f| f.is(text)))
    };
    if results
        .iter()
        .any(|r| r.failure.as_ref().is_some_and(is_proxys))
    {
        return Some(Code::VantageProxy);
    }
    if any(REPLACED) {
        return Some(Code::VantageCaptive);
    }
    if secure_all(results, OUT_OF_DATE) {
        return Some(Code::VantageClock);
    }
    if secure_all(results, F::TLS_UNKNOWN_AUTHORITY) {
        return Some(Code::VantageIntercepted);
    }
    results
        .iter()
        .all(|r| r.failure.is_some())
        .then_some(Code::VantageOffline)
}

/// Several controls over TLS fail, all in the same way.
fn is_contradicted(results: &[ControlResult]) -> bool {
    secure(results).count() >= AGREEING
        && [OUT_OF_DATE, F::TLS_UNKNOWN_AUTHORITY]
            .iter()
            .any(|failure| secure_all(results, failure))
}

/// Over plain HTTP certificates say nothing: only controls over TLS are asked.
fn secure(results: &[ControlResult]) -> impl Iterator<Item = &ControlResult> {
    results.iter().filter(|r| r.url.starts_with("https:"))
}

fn secure_all(results: &[ControlResult], failure: &str) -> bool {
    let says = |r: &ControlResult| r.failure.as_ref().is_some_and(|f| f.is(failure));
    secure(results).next().is_some() && secure(results).all(says)
}

fn is_proxys(failure: &Failure) -> bool {
    matches!(
        failure.as_str(),
        F::SOCKS_CONNECT
            | F::SOCKS_AUTH
            | F::SOCKS_PROTOCOL
            | F::SOCKS_NOT_ALLOWED
            | F::SOCKS_COMMAND
            | F::SOCKS_ADDRESS
            | F::PROXY_CONNECT
            | F::PROXY_AUTH
            | F::PROXY_REFUSED
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(url: &str, passed: bool, failure: Option<&str>) -> ControlResult {
        ControlResult {
            url: url.to_owned(),
            passed,
            failure: failure.map(F::from),
            http_status: None,
        }
    }

    fn code(list: &[(&str, Option<&str>)]) -> Option<Code> {
        let results: Vec<ControlResult> =
            list.iter().map(|(url, f)| result(url, false, *f)).collect();
        vantage_code(&results)
    }

    #[test]
    fn one_that_passes_suffices() {
        let results = [
            result("https://a/", false, Some(F::TIMEOUT)),
            result("https://b/", true, None),
        ];
        assert_eq!(vantage_code(&results), None);
        assert_eq!(vantage_code(&[]), None);
        assert!(is_usable(&results) && is_usable(&[]));
    }

    #[test]
    fn plain_http_does_not_clear_what_every_certificate_denies() {
        let plain = result("http://c/", true, None);
        for (failure, code) in [
            (F::TLS_UNKNOWN_AUTHORITY, Code::VantageIntercepted),
            (OUT_OF_DATE, Code::VantageClock),
        ] {
            let (a, b) = (
                result("https://a/", false, Some(failure)),
                result("https://b/", false, Some(failure)),
            );
            let both = [a.clone(), b.clone(), plain.clone()];
            assert_eq!(vantage_code(&both), Some(code));
            assert!(!is_usable(&both));
            // One alone may be that control's own fault, and one that passes clears the vantage.
            assert!(is_usable(&[a.clone(), plain.clone()]));
            let good = result("https://d/", true, None);
            assert!(is_usable(&[a.clone(), b, good, plain.clone()]));
            let other = result("https://e/", false, Some(F::TIMEOUT));
            assert!(is_usable(&[a, other, plain.clone()]));
        }
    }

    #[test]
    fn why_none_passes() {
        let (a, b, plain) = ("https://a/", "https://b/", "http://c/");
        let timeout = Some(F::TIMEOUT);
        let untrusted = Some(F::TLS_UNKNOWN_AUTHORITY);
        assert_eq!(
            code(&[(a, timeout), (plain, Some(F::DNS_SERVFAIL))]),
            Some(Code::VantageOffline)
        );
        assert_eq!(
            code(&[(a, Some(F::SOCKS_AUTH)), (b, timeout)]),
            Some(Code::VantageProxy)
        );
        assert_eq!(
            code(&[(a, timeout), (plain, Some(REPLACED))]),
            Some(Code::VantageCaptive)
        );
        assert_eq!(
            code(&[(a, untrusted), (b, untrusted)]),
            Some(Code::VantageIntercepted)
        );
        assert_eq!(
            code(&[(a, untrusted), (b, timeout)]),
            Some(Code::VantageOffline)
        );
        assert_eq!(
            code(&[(a, Some(OUT_OF_DATE)), (b, Some(OUT_OF_DATE))]),
            Some(Code::VantageClock)
        );
        assert_eq!(code(&[(a, None), (b, None)]), None);
    }
}
