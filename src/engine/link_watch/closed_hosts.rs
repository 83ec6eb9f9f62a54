//! Hosts with a source that is restricted by country: links to them are blocked, not gone.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Workspace;
use crate::engine::error::EngineError;
use crate::model::finding::Finding;
use crate::model::tracker_state::TrackerState;
use crate::store::Store;

/// The hosts of sources that are restricted by country.
pub(super) async fn restricted_hosts(
    workspace: &Workspace,
    store: &Store,
) -> Result<BTreeSet<String>, EngineError> {
    closed_hosts(&source_hosts(workspace), store).await
}

/// Like [`restricted_hosts`], for a caller that has the hosts of the sources already.
pub(super) async fn closed_hosts(
    source_hosts: &BTreeMap<String, Vec<String>>,
    store: &Store,
) -> Result<BTreeSet<String>, EngineError> {
    if source_hosts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let tracker = store.tracker_state().await?;
    let sources = restricted_sources(&tracker);
    let hosts = sources.iter().filter_map(|id| source_hosts.get(id));
    Ok(hosts.flatten().cloned().collect())
}

/// The hosts of the probes of each source.
pub(super) fn source_hosts(workspace: &Workspace) -> BTreeMap<String, Vec<String>> {
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for probe in workspace.catalogue.probes.values() {
        if let Some(host) = probe.target.host() {
            let of_source = hosts.entry(probe.source.to_string()).or_default();
            of_source.push(host.to_owned());
        }
    }
    hosts
}

/// The sources with an open incident whose finding is a restriction by country.
fn restricted_sources(tracker: &TrackerState) -> BTreeSet<String> {
    let open = tracker.incidents.values().filter(|i| i.is_open());
    open.filter(|incident| incident.finding == Finding::GeoRestricted)
        .filter_map(|incident| Some(incident.probe.as_ref()?.source.to_string()))
        .collect()
}
