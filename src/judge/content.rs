//! Predicates on served pages: emptied, withdrawn, changed.

use super::ends;
use super::expect::Subject;
use super::lost_rows;
use super::missing::{failed, failures, missed, not_held};
use super::page::BodyKind;
use super::replaced;
use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::value::extract::Extraction;
use super::vanished;
use crate::model::Evidence;
use crate::model::probe::Target;
use crate::model::reference::ReferenceKind;
use crate::model::{Code, Fact};
use crate::text::clean;
use crate::text::json_path::MAX_VISITS;

/// A home page has more visible characters than this; a page that a host shows at every address has
/// fewer.
const HOST_WIDE: usize = 600;

/// Below the least size divided by this, a file is a fraction of what is expected.
const FRACTION: u64 = 2;

/// Something that the probe expects on the right page is missing. A probe without markers says
/// nothing about the page.
pub(super) fn lacks_markers(case: &RuleInput<'_>) -> bool {
    let missing = case.reading.checks.iter().any(|check| !check.fact.held);
    missing
        || case
            .faults
            .iter()
            .any(|f| f.code == Code::ContentChanged && !f.above)
}

/// The page says "not found", and nothing proves that it is the right one.
pub(super) fn soft_404(case: &RuleInput<'_>) -> RuleMatch {
    let fact = case.reading.not_found.clone()?;
    let odd = case.reading.is_proven() || case.odd_status().is_some_and(|s| s >= 400);
    (!odd).then(|| vec![evidence(fact, "requests[0].response.body")])
}

/// The text is that of another page of the host, and no expectation proves the page. A short page
/// that the host shows both at made-up addresses and as its home page is the host's only answer, so
/// it counts as neither.
pub(super) fn alike(case: &RuleInput<'_>, kind: ReferenceKind) -> RuleMatch {
    let fact = case.reading.similarities.get(&kind)?;
    let everywhere = ReferenceKind::FETCHED
        .iter()
        .all(|kind| case.reading.similarities.contains_key(kind));
    if everywhere && case.reading.diagnosis.characters < HOST_WIDE {
        return None;
    }
    // A site that leads every address to another host says nothing about this item.
    if kind == ReferenceKind::MadeUp && ends::leads_to_another_host(case) {
        return None;
    }
    let missing = case.probe.is_some() && lacks_markers(case) && !case.reading.is_proven();
    (missing && case.odd_status().is_none())
        .then(|| vec![evidence(fact.clone(), "x_accesswatch.references")])
}

/// A JSON answer that says "no permission".
pub(super) fn no_permission(case: &RuleInput<'_>) -> RuleMatch {
    let message = case.reading.envelope.as_ref()?.no_permission.as_ref()?;
    Some(vec![evidence(
        Fact::NoPermission {
            message: message.clone(),
        },
        "requests[0].response.body",
    )])
}

/// A JSON answer with null or empty data, when the probe does not expect that.
pub(super) fn null_data(case: &RuleInput<'_>) -> RuleMatch {
    let envelope = case.reading.envelope.as_ref().filter(|e| e.no_data)?;
    let failing = envelope.unsuccessful || lacks_markers(case) || !case.faults.is_empty();
    failing.then(|| vec![evidence(Fact::NoData, "requests[0].response.body")])
}

/// JSON that becomes invalid in the middle: where, and what follows there. This says nothing about
/// the data.
pub(super) fn broken_json(case: &RuleInput<'_>) -> RuleMatch {
    let fact = case
        .reading
        .broken_json
        .as_ref()
        .filter(|_| !case.is_cut())?;
    Some(vec![evidence(fact.clone(), "requests[0].response.body")])
}

/// A value was not evaluated, and everything else is met: the value is unknown, and the source is
/// not blamed.
pub(super) fn value_not_evaluated(case: &RuleInput<'_>) -> RuleMatch {
    let taken = case.reading.taken.iter();
    let found: Vec<_> = taken
        .filter(|(_, taken)| matches!(taken, Extraction::NotEvaluated))
        .map(|(name, _)| {
            let fact = Fact::ValueNotEvaluated {
                value: name.clone(),
                nodes: MAX_VISITS as u64,
            };
            evidence(fact, "requests[0].response.body")
        })
        .collect();
    (!found.is_empty() && case.reading.all_hold()).then_some(found)
}

/// JSON that was cut at our own limit cannot be read and shows nothing.
pub(super) fn cut_json(case: &RuleInput<'_>) -> RuleMatch {
    case.reading.no_json.as_ref().filter(|_| case.is_cut())?;
    Some(vec![over_limit(case)?])
}

/// What the probe expects and did not find may be after the limit, in the part that was not read.
/// Expectations that do not depend on that part (host, type, title) are judged as usual.
pub(super) fn behind_the_cut(case: &RuleInput<'_>) -> RuleMatch {
    let mut found = vec![over_limit(case)?];
    let may_follow = |s: Subject| matches!(s, Subject::Marker | Subject::Level(_));
    if failed(case, |s| !may_follow(s)) || case.faults.iter().any(|f| f.above) {
        return None;
    }
    let mut names: Vec<String> = not_held(case, may_follow)
        .map(|expectation| expectation.to_string())
        .collect();
    names.extend(case.faults.iter().take(8).map(|f| f.name.clone()));
    if names.is_empty() {
        return None;
    }
    found.push(evidence(
        Fact::NotLookedAt { names },
        "requests[0].response.body",
    ));
    Some(found)
}

/// How long the answer is, and how much of it was read.
fn over_limit(case: &RuleInput<'_>) -> Option<Evidence> {
    let read = case
        .request()
        .filter(|_| case.is_cut())?
        .response
        .body
        .0
        .len() as u64;
    let bytes = Some(case.reading.bytes).filter(|bytes| *bytes > read);
    Some(evidence(
        Fact::AnswerTooLong { bytes, read },
        "requests[0].response.body_is_truncated",
    ))
}

/// An empty answer with a status of success.
pub(super) fn empty_body(case: &RuleInput<'_>) -> RuleMatch {
    let status = case.status().filter(|s| (200..300).contains(s))?;
    let blank = case.reading.kind == BodyKind::None && case.reading.bytes == 0;
    let meant = case
        .probe
        .is_some_and(|p| case.reading.all_hold() && p.expect.status.contains(&status));
    (blank && !meant).then(|| vec![evidence(Fact::NoBody, "requests[0].response.body")])
}

/// A count of zero, or an empty list, on a page with a healthy frame. Rows that are present under
/// other markers were redesigned. The new words of the page are quoted.
pub(super) fn emptied(case: &RuleInput<'_>) -> RuleMatch {
    // A page that says that nothing was found may show other rows.
    let finds_nothing = case.faults.iter().any(|fault| {
        let is_total = matches!(fault.evidence.fact, Fact::ValueBelow { .. });
        fault.code == Code::ContentEmpty && is_total
    });
    let rows_are_there = !finds_nothing && replaced::rows_are_there(case);
    let stands = rows_are_there || replaced::record_stands(case);
    let otherwise = replaced::is_rather_replaced(case) || lost_rows::only_links_are_gone(case);
    let emptied = case.frame_holds() && !stands && !otherwise;
    let found = emptied.then(|| case.fault(Code::ContentEmpty)).flatten();
    let mut found = found.or_else(|| vanished::list(case))?;
    let speaks = !case.reading.diagnosis.json_says.is_empty();
    if speaks || replaced::new_words(case).is_some() || replaced::has_only_boxes(case) {
        found.push(replaced::says(case));
    }
    Some(found)
}

/// A count or a number that fell, on a page with a healthy frame. The list of references of a
/// record that stands may be folded.
pub(super) fn shrunk(case: &RuleInput<'_>) -> RuleMatch {
    let mut fewer = case.faults.iter().filter(|f| f.code == Code::ContentShrunk);
    let only_regrouped = replaced::rows_are_regrouped(case)
        && fewer.all(|fault| matches!(fault.evidence.fact, Fact::StandingGone { .. }));
    let otherwise =
        replaced::record_stands(case) || lost_rows::only_links_are_fewer(case) || only_regrouped;
    let is_the_loss = case.frame_holds() && !otherwise;
    let mut found = is_the_loss.then(|| case.fault(Code::ContentShrunk))??;
    found.extend(replaced::says_beside(case));
    Some(found)
}

/// A file of the expected kind, or data in text, that is a fraction of what the probe expects: one
/// page instead of many, a few days instead of years.
pub(super) fn short_file(case: &RuleInput<'_>) -> RuleMatch {
    let least = case.probe?.expect.min_bytes?;
    let is_page = matches!(case.reading.kind, BodyKind::Html | BodyKind::None);
    let is_file = !is_page && case.odd_status().is_none();
    let is_short = case.reading.bytes * FRACTION < least && !case.is_cut();
    let all_else = !failed(case, |s| s != Subject::Size) && case.faults.is_empty();
    (is_file && is_short && all_else).then(|| failures(case, |s| s == Subject::Size))
}

/// A date that stopped. For an answer with several dates, the facts also name those that continue:
/// one series that ended is not a broken site.
pub(super) fn stale(case: &RuleInput<'_>) -> RuleMatch {
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
        let fact = Fact::DatesGoOn {
            all: all as u64,
            on: going.len() as u64,
            names,
        };
        found.push(evidence(fact, "x_accesswatch.values"));
    }
    Some(found)
}

/// Any other expectation that is not met.
pub(super) fn changed(case: &RuleInput<'_>) -> RuleMatch {
    let mut found = missed(case);
    if let Some(status) = case.odd_status()
        && found.is_empty()
    {
        found.push(evidence(Fact::status(status), "requests[0].response.code"));
    }
    (!found.is_empty()).then_some(found)
}

/// A number above the probe's limit, and nothing else wrong.
pub(super) fn over_max(case: &RuleInput<'_>) -> RuleMatch {
    if !case.reading.all_hold() || case.faults.is_empty() || !case.faults.iter().all(|f| f.above) {
        return None;
    }
    Some(case.faults.iter().map(|f| f.evidence.clone()).collect())
}

/// All expectations are met.
pub(super) fn well(case: &RuleInput<'_>) -> RuleMatch {
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
        (0, false) => Fact::status(status),
        (0, true) => Fact::FileRead,
        (n, _) => Fact::AllHold {
            expectations: n as u64,
        },
    };
    let mut found = vec![evidence(fact, "requests[0].response")];
    found.extend(broke_off(case));
    found.extend(over_limit(case));
    Some(found)
}

/// The remark about an incomplete answer.
fn broke_off(case: &RuleInput<'_>) -> Option<Evidence> {
    let stop = case.broken.as_ref().filter(|_| case.is_broken_off())?;
    let how = stop.failure.as_ref().map_or("", |f| f.as_str());
    Some(evidence(
        Fact::CutShort {
            failure: clean::line(how, 120),
        },
        "requests[0].failure",
    ))
}
