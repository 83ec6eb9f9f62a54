//! What is known of the links of a document that is to be repaired: what the store keeps, what a
//! check finds, and the copies to cite.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use url::Url;

use super::error::EngineError;
use super::link_check::{LinkChecker, LinkJob};
use crate::config::Workspace;
use crate::links::identity::{self, LinkTarget};
use crate::links::rules::LinkRules;
use crate::links::wrappers::{self, CitedCopy};
use crate::model::citation::{Citation, PartialDate};
use crate::model::clock::Clock;
use crate::model::copy::{ChosenCopy, CopyJudgement};
use crate::model::link::LinkState;
use crate::model::repair::{CitableCopy, LeftReason, RepairFacts};
use crate::model::round::VantageRound;
use crate::model::time::iso;
use crate::store::Store;

/// A copy that is further from the day of citing is `far`.
const FAR_DAYS: i64 = 366;
/// Copies of one link that are judged.
const MAX_CANDIDATES: usize = 8;

/// Where the facts come from.
pub struct RepairSources<'a> {
    pub workspace: &'a Workspace,
    /// The store, where there is one.
    pub store: Option<&'a Store>,
    /// Only from this vantage.
    pub vantage: Option<&'a str>,
    /// Nothing is fetched.
    pub is_offline: bool,
    pub clock: Arc<dyn Clock>,
}

/// A link of the document.
struct DocumentLink {
    target: LinkTarget,
    alternative: Option<Url>,
    fragments: Vec<String>,
    cited_on: Option<PartialDate>,
    /// Copies of it that the document cites.
    cited: Vec<CitedCopy>,
    state: LinkState,
    moved_to: Option<String>,
    is_known: bool,
    copy: Option<CitableCopy>,
    no_copy: Option<LeftReason>,
}

/// What is known of the links of a document.
pub struct RepairKnowledge {
    links: BTreeMap<String, DocumentLink>,
    proxies: Vec<String>,
    /// Links that could not be checked.
    pub unchecked: usize,
    /// The vantages that do not work.
    pub unusable: Vec<VantageRound>,
}

impl RepairKnowledge {
    /// The facts of a link as it is written; `None` for what is no link.
    #[must_use]
    pub fn facts(&self, written: &str) -> Option<RepairFacts> {
        let target = identity::resolve(written, LinkRules::shipped(), &self.proxies).ok()?;
        let known = self.links.get(&target.identity);
        Some(RepairFacts {
            state: known.map_or(LinkState::Unknown, |link| link.state),
            moved_to: known.and_then(|link| link.moved_to.clone()),
            copy: known.and_then(|link| link.copy.clone()),
            no_copy: known.and_then(|link| link.no_copy),
            is_copy: target.copy.is_some(),
            identity: target.identity,
        })
    }
}

impl RepairSources<'_> {
    /// Finds out what is known of the links that a document cites.
    pub async fn gather(&self, citations: &[Citation]) -> Result<RepairKnowledge, EngineError> {
        let proxies = &self.workspace.settings.links.proxy_suffix;
        let mut knowledge = RepairKnowledge {
            links: links(citations, proxies),
            proxies: proxies.clone(),
            unchecked: 0,
            unusable: Vec::new(),
        };
        if let Some(store) = self.store {
            for (identity, link) in &mut knowledge.links {
                self.kept(store, identity, link).await?;
            }
        }
        if self.is_offline {
            Self::note_unjudged(&mut knowledge);
            return Ok(knowledge);
        }
        let checker = LinkChecker::new(self.workspace, self.vantage, Arc::clone(&self.clock))?;
        let checker = Arc::new(checker);
        let needs_network =
            |link: &DocumentLink| !link.is_known || (link.copy.is_none() && !link.cited.is_empty());
        if !knowledge.links.values().any(needs_network) {
            return Ok(knowledge);
        }
        let rounds = checker.vantages(&mut Vec::new()).await;
        let (usable, unusable): (Vec<_>, Vec<_>) = rounds.into_iter().partition(|r| r.usable);
        knowledge.unusable = unusable;
        if usable.is_empty() {
            knowledge.unchecked = knowledge.links.values().filter(|l| !l.is_known).count();
            Self::note_unjudged(&mut knowledge);
            return Ok(knowledge);
        }
        check(&checker, &usable, &mut knowledge.links).await;
        judge_cited(&checker, &usable, &mut knowledge.links).await;
        Ok(knowledge)
    }

    /// What the store knows of a link.
    async fn kept(
        &self,
        store: &Store,
        identity: &str,
        link: &mut DocumentLink,
    ) -> Result<(), EngineError> {
        let found = store.link(None, Some(identity.to_owned())).await?;
        let Some((row, _)) = found else { return Ok(()) };
        link.state = row.state;
        link.is_known = row.state != LinkState::Unknown || row.last_checked.is_some();
        link.moved_to = row.moved_to;
        link.copy = store
            .chosen_copy(row.id)
            .await?
            .and_then(|copy| kept_copy(&copy));
        Ok(())
    }

    /// Copies that the document cites are not cited again before they are judged.
    fn note_unjudged(knowledge: &mut RepairKnowledge) {
        for link in knowledge.links.values_mut() {
            if link.copy.is_none() && !link.cited.is_empty() {
                link.no_copy = Some(LeftReason::NotJudged);
            }
        }
    }
}

/// The links of a document by their identities.
fn links(citations: &[Citation], proxies: &[String]) -> BTreeMap<String, DocumentLink> {
    let rules = LinkRules::shipped();
    let mut links: BTreeMap<String, DocumentLink> = BTreeMap::new();
    for citation in citations {
        let Ok(target) = identity::resolve(&citation.url, rules, proxies) else {
            continue;
        };
        let alternative = citation.alternative.as_deref();
        let alternative = alternative.and_then(|a| identity::resolve(a, rules, proxies).ok());
        let link = links
            .entry(target.identity.clone())
            .or_insert_with(|| DocumentLink {
                target: target.clone(),
                alternative: alternative.map(|a| a.url),
                fragments: Vec::new(),
                cited_on: None,
                cited: Vec::new(),
                state: LinkState::Unknown,
                moved_to: None,
                is_known: false,
                copy: None,
                no_copy: None,
            });
        link.fragments.extend(target.fragment);
        let day = citation.cited_on.map(|(day, _)| day);
        link.cited_on = match (link.cited_on, day) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let copy = target.copy.filter(is_citable);
        link.cited.extend(copy);
    }
    links
}

/// Whether an address of an archive names a copy that may be offered: it has a day, and its archive
/// answers programs.
fn is_citable(copy: &CitedCopy) -> bool {
    capture_day(copy).is_some() && !wrappers::is_archive_today(&copy.url)
}

/// Checks the links of which nothing is known.
async fn check(
    checker: &Arc<LinkChecker>,
    rounds: &[VantageRound],
    links: &mut BTreeMap<String, DocumentLink>,
) {
    let jobs: Vec<(String, LinkJob)> = links
        .iter()
        .filter(|(_, link)| !link.is_known)
        .map(|(identity, link)| {
            let job = LinkJob {
                target: link.target.clone(),
                alternative: link.alternative.clone(),
                fragments: link.fragments.clone(),
                is_named: false,
                cited: Arc::default(),
                known: None,
            };
            (identity.clone(), job)
        })
        .collect();
    let (identities, jobs): (Vec<String>, Vec<LinkJob>) = jobs.into_iter().unzip();
    let outcomes = checker.check(jobs, rounds, || {}).await;
    for (identity, outcome) in identities.iter().zip(outcomes) {
        if let Some(link) = links.get_mut(identity) {
            link.state = outcome.state;
        }
    }
}

/// Looks at the copies that the document itself cites: the first that shows a page is the copy.
async fn judge_cited(
    checker: &Arc<LinkChecker>,
    rounds: &[VantageRound],
    links: &mut BTreeMap<String, DocumentLink>,
) {
    let is_lost = |state| {
        matches!(
            state,
            LinkState::Gone | LinkState::Blocked | LinkState::Drifted
        )
    };
    let mut candidates = Vec::new();
    for (identity, link) in links.iter() {
        if is_lost(link.state) && link.copy.is_none() {
            let ranked = ranked(&link.cited, link.cited_on);
            candidates.extend(ranked.into_iter().map(|copy| (identity.clone(), copy)));
        }
    }
    let jobs = candidates.iter().map(|(_, copy)| job_of(copy)).collect();
    let outcomes = checker.check(jobs, rounds, || {}).await;
    let mut judged: HashMap<&str, CitableCopy> = HashMap::new();
    for ((identity, copy), outcome) in candidates.iter().zip(outcomes) {
        let Some(day) = capture_day(copy).filter(|_| outcome.state == LinkState::Alive) else {
            continue;
        };
        let cited_on = links.get(identity).and_then(|link| link.cited_on);
        judged.entry(identity).or_insert_with(|| CitableCopy {
            url: copy.url.to_string(),
            time: capture_time(copy, day),
            day,
            is_far: distance(day, cited_on) > FAR_DAYS,
        });
    }
    for (identity, copy) in judged {
        if let Some(link) = links.get_mut(identity) {
            link.copy = Some(copy);
        }
    }
}

/// A copy is fetched at the address of its archive.
fn job_of(copy: &CitedCopy) -> LinkJob {
    LinkJob {
        target: LinkTarget {
            url: copy.url.clone(),
            identity: copy.url.to_string(),
            fragment: None,
            quote: None,
            page: None,
            is_script: false,
            copy: None,
            is_unfetchable: false,
        },
        alternative: None,
        fragments: Vec::new(),
        is_named: false,
        cited: Arc::default(),
        known: None,
    }
}

/// The copy that the store chose for a link, when it has a public address and a time.
fn kept_copy(chosen: &ChosenCopy) -> Option<CitableCopy> {
    let is_public = chosen.url.starts_with("http://") || chosen.url.starts_with("https://");
    let time = chosen.time.filter(|_| is_public)?;
    (chosen.judged != CopyJudgement::Bad).then(|| CitableCopy {
        url: chosen.url.clone(),
        time: iso(time),
        day: time.date_naive(),
        is_far: chosen.judged == CopyJudgement::Far,
    })
}

/// Copies in the order in which they are looked at: nearest to the day of citing first, the earlier
/// before the later; without a day, the newest first.
fn ranked(copies: &[CitedCopy], cited_on: Option<PartialDate>) -> Vec<CitedCopy> {
    let mut copies: Vec<(NaiveDate, &CitedCopy)> = copies
        .iter()
        .filter_map(|copy| Some((capture_day(copy)?, copy)))
        .collect();
    copies.sort_by_key(|(day, _)| *day);
    if cited_on.is_some() {
        copies.sort_by_key(|(day, _)| distance(*day, cited_on));
    } else {
        copies.reverse();
    }
    copies.dedup_by(|a, b| a.1 == b.1);
    let nearest = copies.into_iter().take(MAX_CANDIDATES);
    nearest.map(|(_, copy)| copy.clone()).collect()
}

/// Days between a capture and the day of citing.
fn distance(day: NaiveDate, cited_on: Option<PartialDate>) -> i64 {
    let cited = match cited_on {
        None => return 0,
        Some(PartialDate::Day(day)) => Some(day),
        Some(PartialDate::Month(year, month)) => NaiveDate::from_ymd_opt(year, month, 15),
        Some(PartialDate::Year(year)) => NaiveDate::from_ymd_opt(year, 7, 1),
    };
    cited.map_or(0, |cited| (day - cited).num_days().abs())
}

fn capture_day(copy: &CitedCopy) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(copy.time.get(..8)?, "%Y%m%d").ok()
}

fn capture_time(copy: &CitedCopy, day: NaiveDate) -> String {
    match chrono::NaiveDateTime::parse_from_str(&copy.time, "%Y%m%d%H%M%S") {
        Ok(time) => format!("{}Z", time.format("%Y-%m-%dT%H:%M:%S")),
        Err(_) => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(time: &str) -> CitedCopy {
        CitedCopy {
            url: format!("https://web.archive.org/web/{time}/http://a.example/")
                .parse()
                .unwrap(),
            archive: "web.archive.org",
            time: time.to_owned(),
        }
    }

    #[test]
    fn the_copy_nearest_to_the_day_of_citing_comes_first() {
        let copies: Vec<CitedCopy> = ["2019", "20190101", "20230401000000", "20230601"]
            .into_iter()
            .map(copy)
            .collect();
        let order = |cited_on: Option<&str>| -> Vec<String> {
            let cited_on = cited_on.map(|day| PartialDate::parse(day).unwrap());
            ranked(&copies, cited_on)
                .into_iter()
                .map(|c| c.time)
                .collect()
        };
        assert_eq!(
            order(Some("2023-05-01")),
            ["20230401000000", "20230601", "20190101"]
        );
        assert_eq!(
            order(Some("2019")),
            ["20190101", "20230401000000", "20230601"]
        );
        assert_eq!(order(None), ["20230601", "20230401000000", "20190101"]);
    }

    #[test]
    fn a_time_is_shown_as_far_as_it_is_given() {
        let shown = |time: &str| capture_time(&copy(time), capture_day(&copy(time)).unwrap());
        assert_eq!(shown("20230401031122"), "2023-04-01T03:11:22Z");
        assert_eq!(shown("20230401"), "2023-04-01");
    }
}
