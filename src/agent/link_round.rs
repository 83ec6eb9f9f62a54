//! Checks of cited links that the hub asked for: controls first, domain by domain, at the pace of
//! the hub's `[links]`. Every record goes into the spool; the hub compares it with what was cited.

use std::collections::BTreeSet;
use std::sync::Arc;

use url::Url;

use super::error::AgentError;
use super::pass_store::AgentStore;
use crate::engine::link_check::{
    DiscriminatedHost, KnownLink, LinkChecker, LinkJob, LinkOutcome, SiblingPage, records_for_hub,
};
use crate::engine::ports::PassStore as _;
use crate::engine::{Engine, EngineError};
use crate::links::identity;
use crate::links::rules::LinkRules;
use crate::model::link::LinkObservation;
use crate::model::link_status::NewestView;
use crate::model::link_task::LinkTask;
use crate::model::reference::ReferenceKind;
use crate::model::{Code, Time, VantageId};
use crate::net::robots;
use crate::probe::Prober;

/// When more than this percentage of the checks fail, the controls are tried again: the failures
/// may be our own.
const FAILED_PERCENT: usize = 20;

/// Checks links, and keeps the records in the spool; returns how many there are, and `None` when
/// this vantage does not work. `checker` lasts over batches: it knows which hosts are to be left
/// alone. The hub gives the links of these again.
pub async fn check_links(
    engine: &Engine<Prober, AgentStore>,
    checker: &Arc<LinkChecker>,
    store: &AgentStore,
    vantage: &VantageId,
    tasks: &[LinkTask],
) -> Result<Option<usize>, AgentError> {
    let (back_offs, _) = engine.measurer.politeness();
    checker.restore((back_offs, Vec::new()));
    restore_hosts(checker, store, vantage, tasks);
    checker.restore_siblings(siblings(store, vantage, tasks));
    let rounds = checker.vantages(&mut Vec::new()).await;
    if !rounds.iter().any(|round| round.usable) {
        tracing::warn!("this vantage does not work: no link was checked");
        return Ok(None);
    }
    let now = engine.clock.now();
    let jobs = tasks.iter().filter_map(|task| job(task, vantage, now));
    let jobs = jobs.filter(|job| !checker.is_left_alone(&job.target.url));
    let outcomes = checker.check(jobs.collect(), &rounds, || {}).await;
    let mut kept = None;
    if !is_doubtful(&outcomes) || works(checker).await {
        let records = records_for_hub(outcomes);
        store.add_links(&records)?;
        kept = Some(records.len());
    }
    for sibling in checker.unsaved_siblings() {
        let (origin, page) = (&sibling.origin, &sibling.page);
        let put = store.put_reference(vantage, origin, page).await;
        put.map_err(EngineError::from)?;
    }
    let (back_offs, mut robots) = checker.politeness();
    robots.retain(|copy| copy.fetched >= now);
    engine.measurer.restore(back_offs.clone(), Vec::new());
    store.keep_politeness_of_links(&back_offs, &robots, &checker.unsaved_discriminated())?;
    Ok(kept)
}

/// Loads what is known of the hosts of links, as far as the checker does not know it: their
/// robots.txt, and when discriminators asked about them.
fn restore_hosts(
    checker: &LinkChecker,
    store: &AgentStore,
    vantage: &VantageId,
    tasks: &[LinkTask],
) {
    let known = checker.politeness().1.into_iter().map(|copy| copy.origin);
    let known: BTreeSet<String> = known.collect();
    let readings = tasks
        .iter()
        .flat_map(|t| std::iter::once(&t.url).chain(&t.alternative));
    let urls: Vec<Url> = readings.filter_map(|url| Url::parse(url).ok()).collect();
    let origins: BTreeSet<String> = urls.iter().map(robots::origin).collect();
    let copies = origins.difference(&known);
    let copies = copies.filter_map(|origin| store.robots_of_links(origin));
    checker.restore((Vec::new(), copies.collect()));
    let hosts: BTreeSet<&str> = urls.iter().filter_map(Url::host_str).collect();
    let asked = hosts.into_iter().filter_map(|host| {
        Some(DiscriminatedHost {
            vantage: vantage.clone(),
            host: host.to_owned(),
            at: store.discriminated(host)?,
        })
    });
    checker.restore_discriminated(asked.collect());
}

/// The pages of made-up addresses that are known of the hosts of links.
fn siblings(store: &AgentStore, vantage: &VantageId, tasks: &[LinkTask]) -> Vec<SiblingPage> {
    let origin = |task: &LinkTask| Some(Url::parse(&task.url).ok()?.origin().ascii_serialization());
    let origins: BTreeSet<String> = tasks.iter().filter_map(origin).collect();
    let known = origins.into_iter().filter_map(|origin| {
        let page = store.page_of_host(&origin, ReferenceKind::MadeUp)?;
        Some(SiblingPage {
            vantage: vantage.clone(),
            origin,
            page,
        })
    });
    known.collect()
}

/// A task as a job; `None` for an address that is never fetched.
fn job(task: &LinkTask, vantage: &VantageId, now: Time) -> Option<LinkJob> {
    let resolve = |url: &str| {
        let target = identity::resolve(url, LinkRules::shipped(), &[]).ok()?;
        let is_web = matches!(target.url.scheme(), "http" | "https");
        (is_web && !target.is_unfetchable).then_some(target)
    };
    let view = |observation: LinkObservation| NewestView {
        vantage: vantage.clone(),
        at: now,
        code: Code::Ok,
        observation,
        failed_since: None,
        record: None,
        is_superseded: false,
    };
    Some(LinkJob {
        target: resolve(&task.url)?,
        alternative: task
            .alternative
            .as_deref()
            .and_then(resolve)
            .map(|target| target.url),
        fragments: Vec::new(),
        is_named: false,
        cited: Arc::default(),
        known: Some(KnownLink {
            id: task.link,
            views: task.seen.map(view).into_iter().collect(),
            is_elsewhere: true,
            wanted_copy: None,
        }),
        is_kept: true,
    })
}

/// Whether so many checks failed that the vantage itself may not work.
fn is_doubtful(outcomes: &[LinkOutcome]) -> bool {
    let checks = outcomes.iter().flat_map(|outcome| &outcome.checks);
    let failed = |o: &Option<LinkObservation>| *o == Some(LinkObservation::Failed);
    let (failed, all) = checks.fold((0, 0), |(bad, all), check| {
        (bad + usize::from(failed(&check.observation)), all + 1)
    });
    failed * 100 > all * FAILED_PERCENT
}

async fn works(checker: &LinkChecker) -> bool {
    let rounds = checker.vantages(&mut Vec::new()).await;
    let works = rounds.iter().any(|round| round.usable);
    if !works {
        tracing::warn!("this vantage does not work: no check of a link counts");
    }
    works
}
