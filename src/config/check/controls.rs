//! Controls are third parties: a page that is also watched proves less.

use std::collections::BTreeMap;

use super::settings::CheckedSettings;
use crate::config::doc::{DiagnosedFile, problem};
use crate::config::table::SpannedValue;
use crate::model::probe::Target;
use crate::model::{Catalogue, Probe, ProbeKey};

/// The group of sources that are watched because they are controls: probes/controls/.
const WATCHED_AS_CONTROLS: &str = "controls";

/// Warns of a control whose host is also that of a probe. When that site refuses, its control fails
/// too: the site's refusal looks like a fault of the vantage, and is reported late or not at all.
///
/// Sources of the group `controls` are excluded. They are watched so that `status` shows a site
/// without expected restrictions, and they are also meant to be controls of vantages: the shipped
/// Hong Kong Exchanges (probes/controls/hkex.toml) is deliberately one of the usual controls,
/// together with two unwatched ones. A warning there would request a change that improves nothing.
/// Disabled probes send no requests, and servers on this computer are not third parties.
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

/// Whether a probe only contacts this computer.
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
