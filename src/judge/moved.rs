//! Predicates on addresses: moved, redirected home, another edition, another host.

use super::content::lacks_markers;
use super::ends::ends;
use super::expect::Subject;
use super::missing::{failed, failures};
use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::{registrable_domain, replaced};
use crate::model::Fact;
use crate::model::measurement::{CLIENT_REDIRECT, Request};
use crate::text::clean;

fn show(url: &url::Url) -> String {
    clean::line(url.as_str(), 120)
}

/// A record's address leads to the home page of the same site, without the record's markers.
pub(super) fn redirected_home(case: &RuleInput<'_>) -> RuleMatch {
    let (asked, mut answered) = ends(case)?;
    // A redirect within the page was not followed: its target counts as the address that answered.
    let pending = case.reading.diagnosis.led.pending.as_ref();
    if let Some(target) = pending {
        answered.clone_from(target);
    } else if case.request()?.request.url == case.m.input {
        return None;
    }
    let is_home = registrable_domain::is_home;
    let same_site = registrable_domain::same(asked.host_str()?, answered.host_str()?);
    let unproven = !case.reading.has_markers || lacks_markers(case);
    (!is_home(&asked) && is_home(&answered) && same_site && unproven).then(|| {
        vec![evidence(
            Fact::LeadsHome {
                from: show(&asked),
                to: show(&answered),
            },
            "requests[0].request.url",
        )]
    })
}

/// A permanent redirect to another host or record, where the page has lost its expected markers and
/// no rule finds that another page replaces the known one.
pub(super) fn moved(case: &RuleInput<'_>) -> RuleMatch {
    let way_lost = failed(case, |s| matches!(s, Subject::Level(_)));
    if case.probe.is_some() && !lacks_markers(case) || way_lost || replaced::is_replaced(case) {
        return None;
    }
    // The list has the newest request first, so it ends where the requests begin that the probe
    // makes before its own (tagged `before`).
    let chain: Vec<&Request> = case
        .m
        .test_keys
        .requests
        .iter()
        .take_while(|r| !r.tags.iter().any(|tag| tag == "before"))
        .collect();
    let permanent = |r: &Request| matches!(r.response.code, 301 | 308);
    let position = chain.iter().position(|r| permanent(r))?;
    // A redirect within a page (a script, a `meta refresh` or a frame) leads to another page, not
    // to the record's new address.
    let led = |r: &&Request| r.tags.iter().any(|tag| tag == CLIENT_REDIRECT);
    if chain[position..].iter().any(led) {
        return None;
    }
    let (asked, answered) = ends(case)?;
    let from = url::Url::parse(&chain[position].request.url).ok()?;
    let to = match position.checked_sub(1) {
        Some(next) => url::Url::parse(&chain[next].request.url).ok()?,
        // The redirect was not followed: its answer names the target.
        None => from
            .join(chain[position].response.header("location")?)
            .ok()?,
    };
    let other_site = !registrable_domain::same(asked.host_str()?, answered.host_str()?)
        || !registrable_domain::same(from.host_str()?, to.host_str()?);
    let other_record = from.path().trim_end_matches('/') != to.path().trim_end_matches('/');
    // Without a probe there are no markers, so only another site counts as a move.
    let counts = other_site || (other_record && case.probe.is_some());
    counts.then(|| {
        let fact = Fact::PermanentRedirect {
            status: chain[position].response.code,
            from: show(&from),
            to: show(&to),
        };
        vec![evidence(
            fact,
            &format!("requests[{position}].response.headers_list"),
        )]
    })
}

/// Another host of the same site answers, and its name is that of an edition.
pub(super) fn edition(case: &RuleInput<'_>) -> RuleMatch {
    const NAMES: &[&str] = &[
        "oversea",
        "overseas",
        "global",
        "intl",
        "international",
        "en",
        "english",
        "eng",
        "hk",
        "tw",
    ];
    if !failed(case, |s| s == Subject::Host) {
        return None;
    }
    let (asked, answered) = ends(case)?;
    if asked.host_str() == answered.host_str() {
        return None;
    }
    let named = answered
        .host_str()?
        .split('.')
        .next()
        .is_some_and(|label| NAMES.contains(&label));
    (named && registrable_domain::same(asked.host_str()?, answered.host_str()?)).then(|| {
        vec![evidence(
            Fact::AnsweredBy {
                url: show(&answered),
            },
            "requests[0].request.url",
        )]
    })
}

/// Another host than expected answers, and it is neither an edition nor a permanent move.
pub(super) fn other_host(case: &RuleInput<'_>) -> RuleMatch {
    failed(case, |s| s == Subject::Host).then(|| failures(case, |s| s == Subject::Host))
}
