//! Predicates on addresses: moved, redirected home, another edition, another host.

use url::Url;

use super::content::lacks_markers;
use super::ends::ends;
use super::expect::Subject;
use super::missing::{failed, failures};
use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::{registrable_domain, replaced};
use crate::model::measurement::{CLIENT_REDIRECT, Request};
use crate::model::reference::ReferenceKind;
use crate::model::{Fact, Measurement};
use crate::text::clean;

fn show(url: &Url) -> String {
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

/// A permanent redirect in a record.
struct PermanentRedirect {
    position: usize,
    status: u16,
    from: Url,
    to: Url,
}

/// The permanent redirect of the probe's own request, where its pages did not redirect by
/// themselves: such a page leads to another page, not to the record's new address.
fn permanent_redirect(m: &Measurement) -> Option<PermanentRedirect> {
    // Requests that a probe makes before its own (tagged `before`) come earlier.
    let chain: Vec<&Request> = m
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
    let from = Url::parse(&chain[position].request.url).ok()?;
    let to = match position.checked_sub(1) {
        Some(next) => Url::parse(&chain[next].request.url).ok()?,
        // The redirect was not followed: its answer names the target.
        None => from
            .join(chain[position].response.header("location")?)
            .ok()?,
    };
    Some(PermanentRedirect {
        position,
        status: chain[position].response.code,
        from,
        to,
    })
}

/// Whether a permanent redirect leads to another host or record.
pub(super) fn is_led_away(m: &Measurement) -> bool {
    permanent_redirect(m).is_some_and(|redirect| !is_same_place(&redirect.from, &redirect.to))
}

/// Whether two addresses are those of one page: the scheme, `www.` and the index of a folder do not
/// count.
fn is_same_place(a: &Url, b: &Url) -> bool {
    fn place(url: &Url) -> (&str, &str) {
        let host = url.host_str().unwrap_or_default();
        let path = url.path().trim_end_matches('/');
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_index = ["index.", "default.", "main."]
            .iter()
            .any(|index| name.starts_with(index));
        let folder = if is_index {
            path[..path.len() - name.len()].trim_end_matches('/')
        } else {
            path
        };
        (host.strip_prefix("www.").unwrap_or(host), folder)
    }
    place(a) == place(b)
}

/// A permanent redirect to another host or record, where the markers hold or the page is like the
/// last healthy one. That page came from another address: a redirect that was always there moved
/// nothing.
pub(super) fn moved(case: &RuleInput<'_>) -> RuleMatch {
    let redirect = permanent_redirect(case.m)?;
    let (asked, answered) = ends(case)?;
    let is_moved = match case.probe {
        // Without a probe there are no markers, so only another site counts as a move.
        None => {
            !registrable_domain::same(asked.host_str()?, answered.host_str()?)
                || !registrable_domain::same(redirect.from.host_str()?, redirect.to.host_str()?)
        }
        Some(_) => {
            !is_same_place(&redirect.from, &redirect.to)
                && came_from_elsewhere(case, &answered)
                && is_the_known_page(case)
        }
    };
    is_moved.then(|| {
        let fact = Fact::PermanentRedirect {
            status: redirect.status,
            from: show(&redirect.from),
            to: show(&redirect.to),
        };
        let place = format!("requests[{}].response.headers_list", redirect.position);
        vec![evidence(fact, &place)]
    })
}

/// Whether the last healthy page came from another address than this one.
fn came_from_elsewhere(case: &RuleInput<'_>, answered: &Url) -> bool {
    let references = case.m.extra().map_or(&[][..], |x| x.references.as_slice());
    let mut healthy = references
        .iter()
        .filter(|r| r.kind == ReferenceKind::Healthy);
    healthy.any(|known| {
        let address = Url::parse(&known.final_url);
        address.is_ok_and(|address| !is_same_place(&address, answered))
    })
}

/// The page has all that the probe expects of it, or it is like the last healthy one and nothing
/// of the next level is gone.
fn is_the_known_page(case: &RuleInput<'_>) -> bool {
    let way_lost = failed(case, |s| matches!(s, Subject::Level(_)));
    let holds = case.reading.has_markers && !lacks_markers(case);
    (holds || replaced::is_alike(case)) && !way_lost && !replaced::is_replaced(case)
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
