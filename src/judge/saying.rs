//! The sentence of a verdict, where the rule alone does not determine it: what of a page is lost
//! when the page itself is there.

use super::missing::missing_level;
use super::named_cause;
use super::replaced;
use super::rule_input::RuleInput;
use crate::model::fact::DivertedLinkState;
use crate::model::probe::Level;
use crate::model::rule::{RuleId, Saying};
use crate::model::{Code, Evidence, Fact};

/// Rules about where the rows of a list lead.
const OF_ROWS: [&str; 3] = [
    "content.withdrawn.links",
    "site.login.links",
    "site.paywall.links",
];
/// Numbers that are years.
const YEARS: std::ops::RangeInclusive<f64> = 1900.0..=2100.0;

/// The sentence of a rule's verdict; `usual`: the one in the rule's row.
pub(super) fn of_rule(
    case: &RuleInput<'_>,
    (rule, code, usual): (&RuleId, Code, Saying),
    found: &[Evidence],
) -> Saying {
    let links = case.probe.map_or(Level::Fulltext, |probe| {
        probe.level_of_links(Level::Fulltext)
    });
    let missing = missing_level(case);
    let missing = missing.map(|level| case.probe.map_or(level, |p| p.level_of_links(level)));
    match (code, missing) {
        _ if OF_ROWS.contains(&rule.as_str()) => of_rows(found, links),
        (Code::ContentWithdrawn, Some(level)) => of_level(case, level),
        (_, Some(level)) if named_cause::of_way(case, code).is_some() => {
            Saying::LinkDiverted(level)
        }
        (Code::ContentReplaced, _) if replaced::keeps_the_record(case) => Saying::OtherText,
        (Code::ContentEmpty, _) if replaced::lost_its_text(case) => Saying::NoText,
        (Code::ContentShrunk, _) if usual.is_of_code() => of_fall(found),
        _ => usual,
    }
}

/// Rows that lead to nothing: they lead elsewhere, or their links are not shown.
fn of_rows(found: &[Evidence], level: Level) -> Saying {
    let is_gone = |e: &Evidence| {
        matches!(
            e.fact,
            Fact::RowsWithoutFile { .. } | Fact::RowsLeadNowhere { .. }
        )
    };
    if found.iter().any(is_gone) {
        Saying::NotShown(level)
    } else {
        Saying::LinkDiverted(level)
    }
}

/// The links to the missing level are not shown, or they are shown and no longer lead there.
fn of_level(case: &RuleInput<'_>, level: Level) -> Saying {
    let is_shut = |fact: &Fact| {
        matches!(
            fact,
            Fact::LinkDiverted {
                state: DivertedLinkState::Shut,
                ..
            }
        )
    };
    let link = case.reading.diverted_link();
    // A button that is hidden or disabled is not shown.
    if link.is_some_and(|link| !is_shut(&link.fact)) {
        Saying::LinkDiverted(level)
    } else {
        Saying::NotShown(level)
    }
}

/// What fell: a year, the links of rows that are there, or a count.
fn of_fall(found: &[Evidence]) -> Saying {
    let is_year = |text: &str| text.parse().is_ok_and(|n: f64| YEARS.contains(&n));
    let all = |is_it: &dyn Fn(&Fact) -> bool| found.iter().all(|e| is_it(&e.fact));
    if all(
        &|fact| matches!(fact, Fact::ValueBelow { found, least, .. } if is_year(found) && YEARS.contains(least)),
    ) {
        Saying::OlderEdition
    } else if all(&|fact| matches!(fact, Fact::RowsLeadNowhere { .. })) {
        Saying::FewerLinks
    } else {
        Saying::OfCode
    }
}
