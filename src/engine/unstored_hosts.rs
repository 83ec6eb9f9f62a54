//! The hosts of sources whose pages may not be stored (`store_body = "never"`), for links that lead
//! there.

use std::collections::BTreeSet;

use url::Url;

use crate::config::Workspace;
use crate::model::Measurement;
use crate::model::source::StoreBody;

/// Hosts of which no page is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct UnstoredHosts(BTreeSet<String>);

impl UnstoredHosts {
    /// The hosts of the probes of those sources.
    pub(super) fn new(workspace: &Workspace) -> Self {
        let catalogue = &workspace.catalogue;
        let is_unstored = |id| {
            let source = catalogue.source(id);
            source.is_some_and(|source| source.store_body == StoreBody::Never)
        };
        let probes = catalogue.probes.values();
        let probes = probes.filter(|probe| is_unstored(&probe.source));
        let hosts = probes.filter_map(|probe| probe.target.host());
        Self(hosts.map(str::to_owned).collect())
    }

    /// How much of a page at this address may be stored.
    pub(super) fn policy(&self, url: &str) -> StoreBody {
        let host = Url::parse(url).ok();
        let host = host.as_ref().and_then(|url| url.host_str());
        if host.is_some_and(|host| self.0.contains(host)) {
            StoreBody::Never
        } else {
            StoreBody::Always
        }
    }

    /// How much of a page that was received may be stored; a redirect may lead to another host.
    pub(super) fn of_page(&self, page: &Measurement) -> StoreBody {
        let requests = page.test_keys.requests.iter();
        let mut urls = requests.map(|hop| &hop.request.url).chain([&page.input]);
        if urls.any(|url| self.policy(url) == StoreBody::Never) {
            StoreBody::Never
        } else {
            StoreBody::Always
        }
    }
}
