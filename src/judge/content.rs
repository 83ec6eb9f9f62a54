//! Predicates on pages that were served: moved, home instead of the record, emptied, withdrawn, changed.

use super::case::{Case, Found, evidence};
use super::expect::Subject;
use super::page::Kind;
use super::{replaced, site};
use crate::model::Code;
use crate::model::measurement::Request;
use crate::model::probe::{Level, Target};
use crate::model::reference::ReferenceKind;
use crate::model::verdict::MISSED;
use crate::text::clean;

/// A home page says more than so many visible characters; one that a host shows at every address says less.
const HOST_WIDE: usize = 600;

/// The address that was asked for, and the one that answered.
fn ends(case: &Case<'_>) -> Option<(url::Url, url::Url)> {
    let last = case.request()?;
    let asked = url::Url::parse(&case.m.input).ok()?;
    let answered = url::Url::parse(&last.request.url).ok()?;
    Some((asked, answered))
}

fn show(url: &url::Url) -> String {
    clean::line(url.as_str(), 120)
}

/// Something that the probe looks for on the right page is not there. Without markers of its own a probe says
/// nothing of the page.
fn lacks_markers(case: &Case<'_>) -> bool {
    let missing = case.reading.checks.iter().any(|check| !check.fact.held);
    missing
        || case
            .faults
            .iter()
            .any(|f| f.code == Code::ContentChanged && !f.above)
}

/// A record's address leads to the home page of the same site, without the record's markers.
pub(super) fn redirected_home(case: &Case<'_>) -> Found {
    if case.request()?.request.url == case.m.input {
        return None;
    }
    let (asked, answered) = ends(case)?;
    let is_home = site::is_home;
    let same_site = site::same(asked.host_str()?, answered.host_str()?);
    let unproven = !case.reading.has_markers || lacks_markers(case);
    (!is_home(&asked) && is_home(&answered) && same_site && unproven).then(|| {
        vec![evidence(
            format!(
                "{} leads to the home page {}",
                show(&asked),
                show(&answered)
            ),
            "requests[0].request.url",
        )]
    })
}

/// A permanent redirect to another host or record, where the expected markers are not.
pub(super) fn moved(case: &Case<'_>) -> Found {
    if case.probe.is_some() && !lacks_markers(case) {
        return None;
    }
    // Requests that a probe makes before its own (tagged `before`) are older.
    let chain: Vec<&Request> = case
        .m
        .test_keys
        .requests
        .iter()
        .take_while(|r| !r.tags.iter().any(|tag| tag == "before"))
        .collect();
    let permanent = |r: &Request| matches!(r.response.code, 301 | 308);
    let position = chain.iter().position(|r| permanent(r))?;
    let (asked, answered) = ends(case)?;
    let from = url::Url::parse(&chain[position].request.url).ok()?;
    let to = match position.checked_sub(1) {
        Some(next) => url::Url::parse(&chain[next].request.url).ok()?,
        // Not followed: the answer names where it leads.
        None => from
            .join(chain[position].response.header("location")?)
            .ok()?,
    };
    let other_site = !site::same(asked.host_str()?, answered.host_str()?)
        || !site::same(from.host_str()?, to.host_str()?);
    let other_record = from.path().trim_end_matches('/') != to.path().trim_end_matches('/');
    // Without a probe there are no markers: only another site is a move.
    let counts = other_site || (other_record && case.probe.is_some());
    counts.then(|| {
        let fact = format!(
            "HTTP status {} leads from {} to {}",
            chain[position].response.code,
            show(&from),
            show(&to)
        );
        vec![evidence(
            fact,
            &format!("requests[{position}].response.headers_list"),
        )]
    })
}

/// Another host of the same site answers, whose name is that of an edition.
pub(super) fn edition(case: &Case<'_>) -> Found {
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
    (named && site::same(asked.host_str()?, answered.host_str()?)).then(|| {
        vec![evidence(
            format!("{} answered", show(&answered)),
            "requests[0].request.url",
        )]
    })
}

/// Another host than expected answers, and it is no edition and no permanent move.
pub(super) fn other_host(case: &Case<'_>) -> Found {
    failed(case, |s| s == Subject::Host).then(|| failures(case, |s| s == Subject::Host))
}

/// The page says "not found", and is not proven to be the right one.
pub(super) fn soft_404(case: &Case<'_>) -> Found {
    let fact = case.reading.not_found.clone()?;
    let odd = case.reading.is_proven() || case.odd_status().is_some_and(|s| s >= 400);
    (!odd).then(|| vec![evidence(fact, "requests[0].response.body")])
}

/// The text is that of another page of the host, and nothing of what the probe looks for is proven. A short page that
/// stands at made-up addresses and at home alike is the host's whole answer, and neither.
pub(super) fn alike(case: &Case<'_>, kind: ReferenceKind) -> Found {
    let fact = case.reading.likenesses.get(&kind)?;
    let everywhere = ReferenceKind::FETCHED
        .iter()
        .all(|kind| case.reading.likenesses.contains_key(kind));
    if everywhere && case.reading.close.characters < HOST_WIDE {
        return None;
    }
    let missing = case.probe.is_some() && lacks_markers(case) && !case.reading.is_proven();
    (missing && case.odd_status().is_none())
        .then(|| vec![evidence(fact.clone(), "x_accesswatch.references")])
}

/// A JSON answer that says "no permission".
pub(super) fn no_permission(case: &Case<'_>) -> Found {
    let message = case.reading.envelope.as_ref()?.no_permission.as_ref()?;
    Some(vec![evidence(
        format!("the answer says `{message}`, and holds no data"),
        "requests[0].response.body",
    )])
}

/// A JSON answer whose data is null or empty, where that is not what the probe expects.
pub(super) fn null_data(case: &Case<'_>) -> Found {
    let envelope = case.reading.envelope.as_ref().filter(|e| e.no_data)?;
    let failing = envelope.unsuccessful || lacks_markers(case) || !case.faults.is_empty();
    failing.then(|| {
        vec![evidence(
            "the answer's data is null or empty",
            "requests[0].response.body",
        )]
    })
}

/// An interface that answers in JSON answered with something else: whatever it is, it is no data. What was
/// cut at our own limit is another matter, and so is an answer that was never meant to be JSON.
pub(super) fn no_json(case: &Case<'_>) -> Found {
    let reading = case.reading;
    let begins = reading
        .no_json
        .as_ref()
        .filter(|_| !is_cut(case) && !reading.is_other_kind)?;
    Some(vec![evidence(
        format!("the answer is no JSON; it begins `{begins}`"),
        "requests[0].response.body",
    )])
}

/// JSON that was cut at our own limit cannot be read, and shows nothing.
pub(super) fn cut_json(case: &Case<'_>) -> Found {
    case.reading.no_json.as_ref().filter(|_| is_cut(case))?;
    Some(vec![evidence(
        format!(
            "the answer is longer than the {} bytes that are read of it",
            case.reading.bytes
        ),
        "requests[0].response.body_is_truncated",
    )])
}

pub(super) fn is_cut(case: &Case<'_>) -> bool {
    case.request().is_some_and(|r| r.response.body_is_truncated)
}

/// Nothing at all came, with a status that says all is well.
pub(super) fn empty_body(case: &Case<'_>) -> Found {
    let status = case.status().filter(|s| (200..300).contains(s))?;
    let blank = case.reading.kind == Kind::None && case.reading.bytes == 0;
    let meant = case
        .probe
        .is_some_and(|p| case.reading.all_hold() && p.expect.status.contains(&status));
    (blank && !meant).then(|| {
        vec![evidence(
            "the body has no byte",
            "requests[0].response.body",
        )]
    })
}

/// A count under its least, or an empty list: of a frame that is healthy, as some marker of it shows. Rows that are
/// there under other markers were redesigned.
pub(super) fn emptied(case: &Case<'_>) -> Found {
    let is_marker = |s: Subject| matches!(s, Subject::Title | Subject::Marker);
    let held = |held: bool| {
        case.reading
            .checks
            .iter()
            .any(move |c| is_marker(c.subject) && c.fact.held == held)
    };
    if held(false) && !held(true) || replaced::rows_are_there(case) {
        return None;
    }
    case.fault(Code::ContentEmpty)
}

/// A date that stopped; of an answer with several, also which go on: one series that ended is no broken site.
pub(super) fn stale(case: &Case<'_>) -> Found {
    const NAMED: usize = 12;
    let mut found = case.fault(Code::ContentStale)?;
    let going: Vec<&str> = case
        .probe
        .iter()
        .flat_map(|p| &p.values)
        .filter(|spec| spec.max_age.is_some())
        .map(|spec| spec.name.as_str())
        .filter(|name| !case.faults.iter().any(|f| f.name == *name))
        .collect();
    if !going.is_empty() {
        let all = going.len() + found.len();
        let names = going[..going.len().min(NAMED)].join(", ");
        let fact = format!("of {all} dates {} go on: {names}", going.len());
        found.push(evidence(fact, "x_accesswatch.values"));
    }
    Some(found)
}

/// All markers of this level hold, those of the next level are gone.
pub(super) fn withdrawn(case: &Case<'_>) -> Found {
    let of_level = |s: Subject| matches!(s, Subject::Level(_));
    // What lies behind a cut was not looked at: its absence shows nothing.
    // Nor does a page that nothing proves to be the record.
    let proven = case
        .reading
        .checks
        .iter()
        .any(|c| c.fact.held && c.is_proof());
    if is_cut(case)
        || replaced::way_is_there(case)
        || !proven
        || !failed(case, of_level)
        || failed(case, |s| !of_level(s))
        || !case.faults.is_empty()
    {
        return None;
    }
    Some(failures(case, of_level))
}

/// The level whose markers are gone.
pub(super) fn missing_level(case: &Case<'_>) -> Option<Level> {
    case.reading
        .checks
        .iter()
        .find_map(|check| match check.subject {
            Subject::Level(level) if !check.fact.held => Some(level),
            _ => None,
        })
}

/// What the probe looks for and is not there.
pub(super) fn missed(case: &Case<'_>) -> Vec<crate::model::verdict::Evidence> {
    let mut found = failures(case, |_| true);
    found.extend(case.faults.iter().map(|f| f.evidence.clone()));
    found
}

/// Anything else that does not hold.
pub(super) fn changed(case: &Case<'_>) -> Found {
    let mut found = missed(case);
    if let Some(status) = case.odd_status()
        && found.is_empty()
    {
        found.push(evidence(
            format!("HTTP status {status}"),
            "requests[0].response.code",
        ));
    }
    (!found.is_empty()).then_some(found)
}

/// A number above what the probe allows, and nothing else amiss.
pub(super) fn over_max(case: &Case<'_>) -> Found {
    if !case.reading.all_hold() || case.faults.is_empty() || !case.faults.iter().all(|f| f.above) {
        return None;
    }
    Some(case.faults.iter().map(|f| f.evidence.clone()).collect())
}

/// Everything that is expected holds.
pub(super) fn well(case: &Case<'_>) -> Found {
    case.request()?;
    if !case.is_whole() {
        return None;
    }
    let held = case.reading.checks.len();
    let status = case.status().unwrap_or(0);
    let is_file = case
        .probe
        .is_some_and(|p| matches!(p.target, Target::File(_)));
    let fact = match (held, is_file) {
        (0, false) => format!("HTTP status {status}"),
        (1, _) => "the one expectation holds".to_owned(),
        (0, true) => "the file was read".to_owned(),
        (n, _) => format!("all {n} expectations hold"),
    };
    Some(vec![evidence(fact, "requests[0].response")])
}

fn failed(case: &Case<'_>, of: impl Fn(Subject) -> bool) -> bool {
    case.reading
        .checks
        .iter()
        .any(|check| !check.fact.held && of(check.subject))
}

/// The expectations of a kind that do not hold, as evidence; at most eight.
fn failures(case: &Case<'_>, of: impl Fn(Subject) -> bool) -> Vec<crate::model::verdict::Evidence> {
    case.reading
        .checks
        .iter()
        .filter(|check| !check.fact.held && of(check.subject))
        .take(8)
        .map(|check| {
            evidence(
                format!("{MISSED}{}", clean::line(&check.fact.expectation, 120)),
                check.place(),
            )
        })
        .collect()
}
