//! Records of links that were checked elsewhere move the states of the links, as a check here does.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::outcome;
use crate::config::Workspace;
use crate::engine::error::EngineError;
use crate::engine::link_check::{LinkJob, LinkOutcome, answered, is_checked_here};
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::judge::Judge;
use crate::links::identity::{self, LinkTarget};
use crate::links::rules::LinkRules;
use crate::model::link::LinkId;
use crate::model::link_status::WatchedLink;
use crate::model::time::CLOCK_TOLERANCE;
use crate::model::{Code, Measurement, MeasurementUid, Time, VantageId};
use crate::store::{CitedPage, ForeignCheck, ForeignPolicy, NewMeasurement, PageFinding, Store};
use crate::track::link_status::{LinkPolicy, NextCheck};

use super::closed_hosts::restricted_hosts;

/// Moves the states of kept links by records from elsewhere, in whatever order they come. A record
/// is of the link that it names, if its address is that link's, else of the link of its address;
/// a record of no kept link moves nothing.
pub(in crate::engine) async fn apply_link_records(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    records: &[NewMeasurement],
    rounds: &UsableRounds,
    now: Time,
) -> Result<(), EngineError> {
    let found = records_of_links(workspace, store, records, rounds, now).await?;
    if found.is_empty() {
        return Ok(());
    }
    let ids: Vec<LinkId> = found.iter().map(|(id, _)| *id).collect();
    let links = store.watched_links(ids.clone()).await?;
    let links: HashMap<LinkId, WatchedLink> = links.into_iter().map(|l| (l.id, l)).collect();
    let cited = store
        .cited_pages(ids.iter().map(|id| id.0).collect())
        .await?;
    let restricted = restricted_hosts(workspace, store).await?;
    let unstored = UnstoredHosts::new(workspace);
    let reader = RecordReader {
        workspace,
        judge,
        unstored: &unstored,
        cited: cited.into_iter().map(|(id, p)| (id, Arc::new(p))).collect(),
    };
    let mut findings: HashMap<i64, Vec<PageFinding>> = HashMap::new();
    let mut passes: Vec<Vec<ForeignCheck>> = Vec::new();
    for pass in by_pass(found) {
        let mut checks = Vec::new();
        for (id, records) in pass {
            let Some(link) = links.get(&id) else { continue };
            let read = reader.check(link, &records, &mut findings).await;
            checks.extend(read.map(|check| ForeignCheck {
                is_geo_restricted: restricted.contains(&link.host),
                ..check
            }));
        }
        passes.push(checks);
    }
    let settings = &workspace.settings;
    let count = store.watched_link_count().await?;
    let next = if is_checked_here(settings) {
        NextCheck::Here
    } else {
        NextCheck::Elsewhere
    };
    let policy = LinkPolicy::from_settings(&settings.links, count);
    let how = ForeignPolicy { policy, next, now };
    let applied = store.apply_link_checks(passes, how).await?;
    let mut kept = Vec::new();
    for (id, _) in applied {
        let of_link = findings.remove(&id.0).unwrap_or_default();
        kept.extend(of_link.into_iter().map(|finding| (id.0, finding)));
    }
    Ok(store.keep_page_findings(kept, now).await?)
}

/// The records that say something of kept links, with the links.
async fn records_of_links<'a>(
    workspace: &Workspace,
    store: &Store,
    records: &'a [NewMeasurement],
    rounds: &UsableRounds,
    now: Time,
) -> Result<Vec<(LinkId, &'a Measurement)>, EngineError> {
    let is_link = |r: &&NewMeasurement| r.measurement.link().is_some() && !r.place.control;
    let mut found = Vec::new();
    for record in records.iter().filter(is_link) {
        let measurement = &record.measurement;
        let is_dated = measurement.started() <= now + CLOCK_TOLERANCE;
        if is_dated
            && rounds.counts(record)
            && let Some(id) = link_of(workspace, store, measurement).await?
        {
            found.push((id, measurement));
        }
    }
    Ok(found)
}

/// The rounds whose controls all failed: what they saw is held against no link.
#[derive(Debug, Default)]
pub(in crate::engine) struct UsableRounds(BTreeMap<(VantageId, Option<String>), bool>);

impl UsableRounds {
    /// Notes what the controls among these records say.
    pub(in crate::engine) fn add(&mut self, records: &[NewMeasurement]) {
        for record in records.iter().filter(|record| record.place.control) {
            let is_ok = self.0.entry(Self::key(record)).or_insert(false);
            *is_ok |= record.verdict.code == Code::Ok;
        }
    }

    fn key(record: &NewMeasurement) -> (VantageId, Option<String>) {
        (record.place.vantage.clone(), pass_of(&record.measurement))
    }

    fn counts(&self, record: &NewMeasurement) -> bool {
        self.0.get(&Self::key(record)).copied().unwrap_or(true)
    }
}

/// The pass of a record.
pub(in crate::engine) fn pass_of(measurement: &Measurement) -> Option<String> {
    let pass = measurement.extra()?.pass.as_ref()?;
    Some(pass.to_string())
}

fn resolve(workspace: &Workspace, url: &str) -> Option<LinkTarget> {
    let proxies = &workspace.settings.links.proxy_suffix;
    identity::resolve(url, LinkRules::shipped(), proxies).ok()
}

/// The identity of an address as documents cite it.
pub(in crate::engine) fn identity_of(workspace: &Workspace, url: &str) -> Option<String> {
    resolve(workspace, url).map(|target| target.identity)
}

/// The kept link of a record.
async fn link_of(
    workspace: &Workspace,
    store: &Store,
    measurement: &Measurement,
) -> Result<Option<LinkId>, EngineError> {
    let target = resolve(workspace, &measurement.input);
    if let Some(id) = measurement.link() {
        let named = store.watched_links(vec![id]).await?.pop();
        // The number may be that of another store.
        let its = named.filter(|link| {
            let alternative = link.alternative.as_deref();
            let alternative = alternative.and_then(|url| resolve(workspace, url));
            let identities = [
                Some(&link.identity),
                alternative.as_ref().map(|a| &a.identity),
            ];
            let wanted = target.as_ref().map(|target| &target.identity);
            wanted.is_none() || identities.contains(&wanted)
        });
        if let Some(link) = its {
            // It may have been joined to another one since.
            let joined = store.link_of_identity(link.identity).await?;
            return Ok(joined.or(Some(id)));
        }
    }
    match target {
        Some(target) => Ok(store.link_of_identity(target.identity).await?),
        None => Ok(None),
    }
}

type LinkRecords<'a> = BTreeMap<LinkId, Vec<&'a Measurement>>;

/// The records by pass, in the order of their times. A record without a pass is one of its own.
fn by_pass<'a>(found: Vec<(LinkId, &'a Measurement)>) -> Vec<LinkRecords<'a>> {
    let mut passes: HashMap<String, (Time, LinkRecords<'a>)> = HashMap::new();
    let mut single = Vec::new();
    for (id, measurement) in found {
        let at = measurement.started();
        match pass_of(measurement) {
            Some(pass) => {
                let (first, links) = passes.entry(pass).or_insert((at, BTreeMap::new()));
                *first = at.min(*first);
                links.entry(id).or_default().push(measurement);
            }
            None => single.push((at, BTreeMap::from([(id, vec![measurement])]))),
        }
    }
    single.extend(passes.into_values());
    single.sort_by_key(|(at, _)| *at);
    single.into_iter().map(|(_, links)| links).collect()
}

/// Reads what records say of links.
struct RecordReader<'a> {
    workspace: &'a Workspace,
    judge: &'a Judge,
    unstored: &'a UnstoredHosts,
    cited: HashMap<i64, Arc<CitedPage>>,
}

impl RecordReader<'_> {
    /// What the records of one pass say of a link, and what they add to what is known of its page.
    async fn check(
        &self,
        link: &WatchedLink,
        records: &[&Measurement],
        findings: &mut HashMap<i64, Vec<PageFinding>>,
    ) -> Option<ForeignCheck> {
        let (outcome, uids) = self.outcome(link, records).await?;
        let at = outcome.checks.iter().map(|check| check.at).max()?;
        let outcomes = [Some(outcome)];
        let of_link = std::slice::from_ref(link);
        for (id, finding) in outcome::findings(of_link, &outcomes, &self.cited, at) {
            findings.entry(id).or_default().push(finding);
        }
        let [outcome] = outcomes;
        let done = outcome::checked(link, outcome?, at, false);
        let mut check = done.in_pass.check;
        for sighting in &mut check.sightings {
            sighting.record = uids.get(&sighting.vantage).cloned();
        }
        Some(ForeignCheck {
            link: link.id,
            host: done.in_pass.host,
            check,
            is_geo_restricted: false,
        })
    }

    /// What the records of one pass say of a link, and the record of each vantage. Of several
    /// attempts the last one counts.
    async fn outcome(
        &self,
        link: &WatchedLink,
        records: &[&Measurement],
    ) -> Option<(LinkOutcome, HashMap<VantageId, MeasurementUid>)> {
        let mut target = resolve(self.workspace, &link.url)?;
        target.is_script |= outcome::is_by_script(link);
        let job = LinkJob {
            target,
            alternative: None,
            fragments: link.fragments.clone(),
            is_named: false,
            cited: self.cited.get(&link.id.0).cloned().unwrap_or_default(),
            known: None,
            is_kept: true,
        };
        let mut newest: BTreeMap<VantageId, &Measurement> = BTreeMap::new();
        for record in records {
            let vantage = record.extra()?.vantage.clone();
            let known = newest.entry(vantage).or_insert(record);
            if known.started() < record.started() {
                *known = record;
            }
        }
        let mut outcome = LinkOutcome::new(&job.target);
        let mut uids = HashMap::new();
        for (id, record) in newest {
            let vantages = &self.workspace.settings.vantages;
            let vantage = vantages.iter().find(|vantage| vantage.id == id);
            let place = (&id, vantage);
            let check = answered(self.judge, self.unstored, &job, place, record).await;
            outcome.checks.push(check);
            uids.extend(record.measurement_uid.clone().map(|uid| (id, uid)));
        }
        outcome.decide(&job);
        Some((outcome, uids))
    }
}
