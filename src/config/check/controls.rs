//! Controls are third parties: a page that is watched itself proves less.

use std::collections::BTreeMap;

use super::settings::CheckedSettings;
use crate::config::doc::{DiagnosedFile, problem};
use crate::config::table::SpannedValue;
use crate::model::probe::Target;
use crate::model::{Catalogue, Probe, ProbeKey};

/// The group of sources that are watched because they are controls: probes/controls/.
const WATCHED_AS_CONTROLS: &str = "controls";

/// Warns of a control whose host is also that of a probe. When that site refuses, its own control fails with it: what
/// the site does looks like a fault of the vantage, and is reported late or not at all.
///
/// Sources of the group `controls` are left out. They are watched so that a reader of `status` sees how a site
/// fares that no restriction is expected of, and being a vantage's control too is what they are for: the
/// shipped Hong Kong Exchanges (probes/controls/hkex.toml) is among the usual controls on purpose, beside two that nobody
/// watches. A warning there would ask for a change that makes nothing better. Probes that are switched off ask
/// nobody, and servers of this computer are no third parties.
pub(super) fn apart(config: &DiagnosedFile, settings: &CheckedSettings, catalogue: &Catalogue) {
    let mut hosts: BTreeMap<String, ProbeKey> = BTreeMap::new();
    for probe in catalogue.enabled() {
        let source = catalogue.source(&probe.source);
        let left_out = source.is_none_or(|s| s.group == WATCHED_AS_CONTROLS);
        if left_out || is_loopback(probe) {
            continue;
        }
        if let Target::Url(url) = &probe.target
            && let Some(host) = url.host_str()
        {
            hosts.entry(host.to_owned()).or_insert_with(|| probe.key());
        }
    }
    let of_vantages = settings.vantages.iter().flat_map(|v| &v.controls);
    for SpannedValue { value: url, span } in of_vantages.chain(&settings.path_controls) {
        let host = url.host_str().unwrap_or_default();
        if let Some(probe) = hosts.get(host) {
            let message = format!(
                "the control `{host}` is watched by `{probe}`: when that site refuses, so does its control"
            );
            let help = "name a page of someone who is not watched in `controls`";
            config.warn(span.clone(), problem(message, help));
        }
    }
}

/// Whether a probe asks nobody but this computer.
pub(super) fn is_loopback(probe: &Probe) -> bool {
    match &probe.target {
        Target::File(_) => true,
        Target::Url(url) => match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        },
    }
}
