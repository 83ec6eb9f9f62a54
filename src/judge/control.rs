//! Controls: pages of third parties that must be reachable when a vantage works.

use std::time::UNIX_EPOCH;

use chrono::TimeDelta;

use super::last_hop::LastHop;
use crate::model::failure::Failure as F;
use crate::model::measurement::EXIT_MOVED;
use crate::model::round::ControlResult;
use crate::model::time::CLOCK_TOLERANCE;
use crate::model::vantage::Control;
use crate::model::{Code, Failure, Measurement};

/// Network Authentication Required (RFC 6585 section 6).
const NETWORK_LOG_IN: u16 = 511;
const REPLACED: &str = ControlResult::REPLACED;
const OUT_OF_DATE: &str = ControlResult::OUT_OF_DATE;
const MOVED: &str = ControlResult::MOVED;

/// Whether a control passed: any answer below 500 shows a working network; where the control has a
/// fixed body, the answer must have it. `None` for a control that was not asked.
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
    // A server that refuses or has an error sends its own page; a login page of the local network
    // is served normally.
    let served = |code: u16| (200..400).contains(&code) || code == NETWORK_LOG_IN;
    let moved = m.annotations.contains_key(EXIT_MOVED);
    let failure = proxy
        .or_else(|| moved.then(|| F::from(MOVED)))
        .or_else(|| stop(m))
        .or_else(|| last.and_then(|r| r.failure.clone()))
        .or_else(|| (!agreed && status.is_some_and(served)).then(|| F::from(REPLACED)));
    Some(ControlResult {
        url: control.url.to_string(),
        passed: failure.is_none() && agreed && status.is_some_and(|code| code < 500),
        failure,
        http_status: status,
        clock_offset_s: clock_offset(m),
    })
}

/// How many seconds the control's `Date` is ahead of the time of the request (negative: behind). A
/// cached page has the time when it was made; `Age` says how long ago that was (RFC 9111 section
/// 5.1).
fn clock_offset(m: &Measurement) -> Option<i64> {
    let response = &m.last_request()?.response;
    let date = httpdate::parse_http_date(response.header("date")?.trim()).ok()?;
    let age: i64 = match response.header("age") {
        None => 0,
        Some(age) => age.trim().parse().ok().filter(|age| *age >= 0)?,
    };
    let shown = i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()?;
    let shown = shown.saturating_add(age);
    let began = m.started().timestamp();
    #[allow(clippy::cast_possible_truncation)] // saturates, and is bounded
    let took = m.test_runtime.clamp(0.0, 3600.0).ceil() as i64;
    Some(shown - shown.clamp(began, began + took))
}

/// What stopped the exchange; an out-of-date certificate is distinguished from other failures.
fn stop(m: &Measurement) -> Option<Failure> {
    let stop = LastHop::from_measurement(m).failure(m)?;
    if stop.code == Code::TlsExpired {
        return Some(F::from(OUT_OF_DATE));
    }
    stop.failure
}

/// When at least this many controls fail with the same certificate error, our own end is at fault;
/// a single one may be the control's own error.
const AGREEING: usize = 2;

/// Controls whose times differ by at most this many seconds agree.
const CLOCKS_AGREE: i64 = 300;

/// Whether a vantage works: one of its controls passes, and the others do not prove that something
/// on our own end answers. A vantage without controls counts as working.
#[must_use]
pub fn is_usable(results: &[ControlResult]) -> bool {
    let any_passes = results.iter().any(|r| r.passed);
    results.is_empty() || (any_passes && vantage_code(results).is_none())
}

/// How many seconds our clock is behind the time that the controls agree on (negative: ahead);
/// `None` unless our clock is proven wrong.
///
/// The proof is two controls that show the same time, when fewer controls show ours, or one control
/// together with a certificate that is out of date by our clock. A single control proves nothing,
/// because clocks of servers are wrong too.
#[must_use]
pub fn clock_error(results: &[ControlResult]) -> Option<TimeDelta> {
    let limit = CLOCK_TOLERANCE.num_seconds();
    let shown = results.iter().filter(|r| r.failure.is_none());
    let (ours, mut others): (Vec<i64>, Vec<i64>) = shown
        .filter_map(|r| r.clock_offset_s)
        .partition(|offset| offset.abs() <= limit);
    others.sort_unstable();
    let agreeing = |from: &i64| {
        let near = others
            .iter()
            .filter(|o| (*from..=from + CLOCKS_AGREE).contains(*o));
        near.count()
    };
    let first = others.iter().copied().rev().max_by_key(agreeing)?;
    let found = agreeing(&first);
    let dated = found == 1 && ours.is_empty() && secure_all(results, OUT_OF_DATE);
    ((found >= AGREEING && found > ours.len()) || dated).then(|| TimeDelta::seconds(first))
}

/// Why a vantage is unusable, from all its controls; `None` when one passes, when there are none,
/// or when only servers fail (5xx). An exit in another network than the operator states counts
/// before all else.
///
/// A plain-HTTP control that passes does not clear a vantage where every certificate is out of date
/// or has an unknown issuer: such middleboxes and clocks do not affect plain HTTP.
#[must_use]
pub fn vantage_code(results: &[ControlResult]) -> Option<Code> {
    let is_moved = |r: &ControlResult| r.failure.as_ref().is_some_and(|f| f.equals(MOVED));
    // Whatever the other controls say: what is measured now is not what this vantage stands for.
    if results.iter().any(is_moved) {
        return Some(Code::VantageMoved);
    }
    let passes = results.iter().any(|r| r.passed);
    let clock = clock_error(results).is_some();
    if results.is_empty() || (passes && !clock && !is_contradicted(results)) {
        return None;
    }
    let any = |text: &str| {
        results
            .iter()
            .any(|r| r.failure.as_ref().is_some_and(|f| f.equals(text)))
    };
    if passes && clock {
        return Some(Code::VantageClock);
    }
    if results
        .iter()
        .any(|r| r.failure.as_ref().is_some_and(is_proxys))
    {
        return Some(Code::VantageProxy);
    }
    if any(REPLACED) {
        return Some(Code::VantageCaptive);
    }
    if clock || secure_all(results, OUT_OF_DATE) {
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

/// Only controls over TLS count, because certificates do not matter for plain HTTP.
fn secure(results: &[ControlResult]) -> impl Iterator<Item = &ControlResult> {
    results.iter().filter(|r| r.url.starts_with("https:"))
}

fn secure_all(results: &[ControlResult], failure: &str) -> bool {
    let says = |r: &ControlResult| r.failure.as_ref().is_some_and(|f| f.equals(failure));
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
            clock_offset_s: None,
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
    fn an_exit_in_another_network_makes_a_vantage_unusable_whatever_passes() {
        let results = [
            result("https://a/", false, Some(MOVED)),
            result("https://b/", true, None),
        ];
        assert_eq!(vantage_code(&results), Some(Code::VantageMoved));
        assert!(!is_usable(&results));
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
            // A single failure may be the control's own fault, and a control that passes clears the
            // vantage.
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

    /// Controls that pass, with the number of seconds that their `Date` is ahead of our clock.
    fn dated(offsets: &[Option<i64>]) -> Vec<ControlResult> {
        let each = offsets.iter().enumerate();
        each.map(|(n, offset)| ControlResult {
            clock_offset_s: *offset,
            ..result(&format!("http://c{n}/"), true, None)
        })
        .collect()
    }

    #[test]
    fn two_dates_that_agree_prove_the_clock_wrong() {
        const DAY: i64 = 86_400;
        for (offsets, proven) in [
            (&[Some(601), Some(620)][..], Some(601)),
            (&[Some(-DAY), Some(-DAY)], Some(-DAY)),
            (&[Some(DAY), Some(DAY + 3), None], Some(DAY)),
            (&[Some(40 * DAY), Some(40 * DAY), Some(2)], Some(40 * DAY)),
            // One odd date, two that contradict each other, equally many that show our time, a
            // small difference.
            (&[Some(DAY), Some(0)], None),
            (&[Some(DAY), None, None], None),
            (&[Some(DAY), Some(-DAY)], None),
            (&[Some(DAY), Some(DAY + 400)], None),
            (&[Some(DAY), Some(DAY), Some(0), Some(1)], None),
            (&[Some(600), Some(-600)], None),
            (&[None, None], None),
        ] {
            let results = dated(offsets);
            let error = clock_error(&results).map(|e| e.num_seconds());
            assert_eq!(error, proven, "{offsets:?}");
            assert_eq!(is_usable(&results), proven.is_none(), "{offsets:?}");
            let code = proven.map(|_| Code::VantageClock);
            assert_eq!(vantage_code(&results), code, "{offsets:?}");
        }
    }

    #[test]
    fn a_date_beside_an_expired_certificate_proves_it_and_a_portals_date_does_not() {
        let expired = result("https://a/", false, Some(OUT_OF_DATE));
        let mut both = dated(&[Some(90_000)]);
        both.push(expired.clone());
        assert_eq!(vantage_code(&both), Some(Code::VantageClock));
        let mut ours = dated(&[Some(0)]);
        ours.push(expired);
        assert_eq!(vantage_code(&ours), None, "the certificate's own fault");
        let portal = |n: u8| ControlResult {
            clock_offset_s: Some(90_000),
            ..result(&format!("http://p{n}/"), false, Some(REPLACED))
        };
        let captive = [portal(1), portal(2)];
        assert_eq!(clock_error(&captive), None);
        assert_eq!(vantage_code(&captive), Some(Code::VantageCaptive));
    }
}
