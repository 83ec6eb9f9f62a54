//! What is measured here: probes and their vantages.

use crate::config::Workspace;
use crate::model::vantage::Via;
use crate::model::{Probe, Vantage};

/// Every enabled probe with every vantage that it may be probed from in this process.
pub fn pairs(workspace: &Workspace) -> impl Iterator<Item = (&Probe, &Vantage)> {
    workspace.catalogue.enabled().flat_map(move |probe| {
        workspace
            .settings
            .vantages
            .iter()
            .filter(move |vantage| may_run(workspace, probe, vantage))
            .map(move |vantage| (probe, vantage))
    })
}

fn may_run(workspace: &Workspace, probe: &Probe, vantage: &Vantage) -> bool {
    vantage.via != Via::Agent
        && probe.runs_from(&vantage.id)
        && workspace
            .catalogue
            .source(&probe.source)
            .is_some_and(|source| source.may_be_probed_from(vantage))
}
