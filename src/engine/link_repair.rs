//! What is known about the links of a document that is to be repaired: what the store keeps, what a
//! check finds, and the copies to cite.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use super::copies::{CopyFinder, CopyQuestion, cited_page};
use super::error::EngineError;
use super::link_check::{LinkChecker, LinkJob};
use crate::config::Workspace;
use crate::links::identity::{self, LinkTarget};
use crate::links::rules::LinkRules;
use crate::links::wrappers::CitedCopy;
use crate::model::citation::{Citation, PartialDate};
use crate::model::clock::Clock;
use crate::model::copy::{CopyJudgement, CopyKind, NewCopy};
use crate::model::link::LinkState;
use crate::model::reference::Reference;
use crate::model::repair::{CitableCopy, LeftReason, RepairFacts};
use crate::model::round::VantageRound;
use crate::model::time::iso;
use crate::store::{CitedPage, Store};

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
    /// The passages that the document quotes.
    passages: Vec<String>,
    /// Copies of it that the document cites.
    cited: Vec<CitedCopy>,
    state: LinkState,
    suspected: Option<LinkState>,
    moved_to: Option<String>,
    is_known: bool,
    /// The address is that of a copy of the link that is kept.
    is_copy: bool,
    copy: Option<CitableCopy>,
    /// The copy of our own, where no archive has one.
    own: Option<CitableCopy>,
    no_copy: Option<LeftReason>,
    /// What the store knows about the page as it was cited.
    page: CitedPage,
    /// Copies that are known to be bad.
    bad: Vec<String>,
    /// The pages that stand at the address now that the page is gone.
    rot: Vec<Reference>,
}

impl DocumentLink {
    fn new(target: LinkTarget, alternative: Option<Url>) -> Self {
        Self {
            target,
            alternative,
            fragments: Vec::new(),
            cited_on: None,
            passages: Vec::new(),
            cited: Vec::new(),
            state: LinkState::Unknown,
            suspected: None,
            moved_to: None,
            is_known: false,
            is_copy: false,
            copy: None,
            own: None,
            no_copy: None,
            page: CitedPage::default(),
            bad: Vec::new(),
            rot: Vec::new(),
        }
    }

    /// Whether a copy is to be cited, and none is known.
    fn needs_copy(&self) -> bool {
        use LinkState::{Blocked, Drifted, Gone};
        matches!(self.state, Gone | Blocked | Drifted) && self.copy.is_none()
    }

    /// Takes up the citations of the link.
    fn add(&mut self, citation: &Citation, target: LinkTarget) {
        self.fragments.extend(target.fragment);
        let day = citation.cited_on.map(|(day, _)| day);
        self.cited_on = match (self.cited_on, day) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.passages.extend(citation.quote.clone());
        self.cited.extend(target.copy);
    }

    /// What archives are asked.
    fn question(&self) -> CopyQuestion {
        CopyQuestion {
            cited_on: self.cited_on,
            passages: self.passages.clone(),
            reference: cited_page(&self.page, self.cited_on),
            cited: self.cited.clone(),
            rot: self.rot.clone(),
            bad: self.bad.clone(),
            ..CopyQuestion::of_link(self.target.url.clone())
        }
    }
}

/// What is known about the links of a document.
pub struct RepairKnowledge {
    links: BTreeMap<String, DocumentLink>,
    proxies: Vec<String>,
    /// Links that could not be checked.
    pub unchecked: usize,
    /// The vantages that do not work.
    pub unusable: Vec<VantageRound>,
}

impl RepairKnowledge {
    /// The facts of a link as it is written; `None` for what is not a link.
    #[must_use]
    pub fn facts(&self, written: &str) -> Option<RepairFacts> {
        let target = identity::resolve(written, LinkRules::shipped(), &self.proxies).ok()?;
        let known = self.links.get(&target.identity);
        Some(RepairFacts {
            state: known.map_or(LinkState::Unknown, |link| link.state),
            suspected: known.and_then(|link| link.suspected),
            moved_to: known.and_then(|link| link.moved_to.clone()),
            copy: known.and_then(|link| link.copy.clone()),
            own: known.and_then(|link| link.own.clone()),
            no_copy: known.and_then(|link| link.no_copy),
            is_copy: target.copy.is_some() || known.is_some_and(|link| link.is_copy),
            identity: target.identity,
        })
    }
}

impl RepairKnowledge {
    /// Notes why lost links have no copy; `otherwise` is the reason of those that have neither a
    /// better one nor a copy of our own.
    fn explain(&mut self, otherwise: LeftReason) {
        for link in self.links.values_mut().filter(|link| link.copy.is_none()) {
            let is_unjudged = otherwise != LeftReason::NotJudged || !link.cited.is_empty();
            link.no_copy = match link.no_copy {
                Some(LeftReason::NoAnswer) => Some(LeftReason::NoAnswer),
                _ if link.own.is_some() => Some(LeftReason::OnlyOwn),
                _ => is_unjudged.then_some(otherwise),
            };
        }
    }
}

impl RepairSources<'_> {
    /// Finds out what is known about the links that a document cites.
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
            knowledge.explain(LeftReason::NotJudged);
            return Ok(knowledge);
        }
        if knowledge.links.values().any(|link| !link.is_known) {
            self.check(&mut knowledge).await?;
        }
        if knowledge.links.values().any(DocumentLink::needs_copy) {
            self.find_copies(&mut knowledge).await?;
        }
        Ok(knowledge)
    }

    /// Checks the links of which nothing is known.
    async fn check(&self, knowledge: &mut RepairKnowledge) -> Result<(), EngineError> {
        let checker = LinkChecker::new(self.workspace, self.vantage, Arc::clone(&self.clock))?;
        let checker = Arc::new(checker);
        let rounds = checker.vantages(&mut Vec::new()).await;
        let (usable, unusable): (Vec<_>, Vec<_>) = rounds.into_iter().partition(|r| r.usable);
        knowledge.unusable = unusable;
        if usable.is_empty() {
            knowledge.unchecked = knowledge.links.values().filter(|l| !l.is_known).count();
            return Ok(());
        }
        check(&checker, &usable, &mut knowledge.links).await;
        Ok(())
    }

    /// Looks up the copies of lost links, those that the document cites among them.
    async fn find_copies(&self, knowledge: &mut RepairKnowledge) -> Result<(), EngineError> {
        let clock = Arc::clone(&self.clock);
        let finder = match self.store {
            Some(store) => CopyFinder::for_store(self.workspace, store, clock).await?,
            None => CopyFinder::new(self.workspace, clock)?,
        };
        let mut is_late = false;
        for link in knowledge.links.values_mut().filter(|l| l.needs_copy()) {
            let answer = finder.find(&link.question()).await;
            link.copy = answer.chosen(link.cited_on).and_then(public_copy);
            if answer.retry_at.is_some() {
                link.no_copy = Some(LeftReason::NoAnswer);
                is_late = true;
            }
        }
        if let (Some(store), true) = (self.store, is_late) {
            keep_rests(&finder, store).await;
        }
        knowledge.explain(LeftReason::NoCopy);
        Ok(())
    }

    /// What the store knows about a link.
    async fn kept(
        &self,
        store: &Store,
        identity: &str,
        link: &mut DocumentLink,
    ) -> Result<(), EngineError> {
        let found = store.link(None, Some(identity.to_owned())).await?;
        let Some((row, _)) = found else { return Ok(()) };
        link.state = row.state;
        link.suspected = row.suspected;
        link.is_known = row.state != LinkState::Unknown || row.last_checked.is_some();
        link.moved_to = row.moved_to;
        for copy in store.copies_of_link(row.id).await? {
            link.is_copy |= copy.copy.url == link.target.url.as_str();
            if copy.copy.judged == Some(CopyJudgement::Bad) {
                link.bad.push(copy.copy.url);
            } else if copy.is_used && copy.copy.kind == CopyKind::Own {
                link.own = citable(&copy.copy);
            } else if copy.is_used {
                link.copy = public_copy(&copy.copy);
            }
        }
        let mut pages = store.cited_pages(vec![row.id]).await?;
        link.page = pages.remove(&row.id).unwrap_or_default();
        Ok(())
    }
}

/// Keeps which archives are left alone. The store is open for reading only; where it cannot be
/// written, the document is repaired all the same.
async fn keep_rests(finder: &CopyFinder, store: &Store) {
    let kept = match Store::open(store.path()) {
        Ok(store) => finder.keep_rests(&store).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = kept {
        tracing::warn!("which archives are left alone cannot be kept: {error}");
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
        let link = links.entry(target.identity.clone());
        let link =
            link.or_insert_with(|| DocumentLink::new(target.clone(), alternative.map(|a| a.url)));
        link.add(citation, target);
    }
    links
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
                cited: Arc::new(CitedPage {
                    passages: link.passages.clone(),
                    ..CitedPage::default()
                }),
                known: None,
                is_kept: false,
            };
            (identity.clone(), job)
        })
        .collect();
    let (identities, jobs): (Vec<String>, Vec<LinkJob>) = jobs.into_iter().unzip();
    let outcomes = checker.check(jobs, rounds, || {}).await;
    for (identity, outcome) in identities.iter().zip(outcomes) {
        if let Some(link) = links.get_mut(identity) {
            link.state = outcome.state;
            link.rot = outcome.rot_pages();
        }
    }
}

/// A judged copy as it may be cited, when it has a public address.
fn public_copy(copy: &NewCopy) -> Option<CitableCopy> {
    let is_public = copy.url.starts_with("http://") || copy.url.starts_with("https://");
    citable(copy).filter(|_| is_public)
}

/// A judged copy with its time.
fn citable(copy: &NewCopy) -> Option<CitableCopy> {
    let (time, judged) = (copy.time?, copy.judged?);
    (judged != CopyJudgement::Bad).then(|| CitableCopy {
        url: copy.url.clone(),
        time: iso(time),
        day: time.date_naive(),
        is_far: judged == CopyJudgement::Far,
    })
}
