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
/// An edition is at most this many years older; a total may fall by more.
const OLDEST: f64 = 10.0;

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
    // What is quoted from the page, or comes from other checks, does not say what fell.
    let limits = found.iter().map(|e| &e.fact).filter(|fact| fact.is_limit());
    let limits: Vec<&Fact> = limits.collect();
    let all = |is_it: &dyn Fn(&Fact) -> bool| limits.iter().all(|fact| is_it(fact));
    if limits.is_empty() {
        Saying::OfCode
    } else if all(
        &|fact| matches!(fact, Fact::ValueBelow { found, least, .. } if is_older_year(found, *least)),
    ) {
        Saying::OlderEdition
    } else if all(&|fact| matches!(fact, Fact::RowsLeadNowhere { .. })) {
        Saying::FewerLinks
    } else {
        Saying::OfCode
    }
}

/// Whether a number is a year that is not long before the expected one.
fn is_older_year(found: &str, least: f64) -> bool {
    let is_year = |n: f64| n.fract() == 0.0 && YEARS.contains(&n);
    let found = found.parse().ok();
    found.is_some_and(|n: f64| is_year(n) && is_year(least) && least - n <= OLDEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::rule_match::evidence;

    fn below(found: &str, least: f64) -> Evidence {
        let fact = Fact::ValueBelow {
            value: "v".to_owned(),
            found: found.to_owned(),
            least,
        };
        evidence(fact, "x_accesswatch.values.v")
    }

    fn says() -> Evidence {
        let words = "二〇二三年版，供查阅".to_owned();
        evidence(Fact::Says { words }, "requests[0].response.body")
    }

    #[test]
    fn a_year_that_is_not_long_before_the_expected_one_is_an_older_edition() {
        assert_eq!(of_fall(&[below("2024", 2026.0)]), Saying::OlderEdition);
        assert_eq!(of_fall(&[below("1950", 2000.0)]), Saying::OfCode);
        assert_eq!(of_fall(&[below("1999.5", 2000.0)]), Saying::OfCode);
        assert_eq!(of_fall(&[below("12", 2026.0)]), Saying::OfCode);
    }

    #[test]
    fn what_is_quoted_does_not_say_what_fell() {
        let year = [below("2024", 2026.0), says()];
        assert_eq!(of_fall(&year), Saying::OlderEdition);
        let fact = Fact::RowsLeadNowhere {
            value: "rows".to_owned(),
            rows: 20,
            percent: 40.0,
            earlier: 100.0,
        };
        let links = [evidence(fact, "x_accesswatch.values.rows"), says()];
        assert_eq!(of_fall(&links), Saying::FewerLinks);
        let both = [below("2024", 2026.0), links[0].clone()];
        assert_eq!(of_fall(&both), Saying::OfCode);
        assert_eq!(of_fall(&[says()]), Saying::OfCode);
    }
}
