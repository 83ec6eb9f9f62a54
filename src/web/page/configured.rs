//! A probe as its file configures it, without what may be secret.

use std::time::Duration;

use crate::model::probe::{Target, ValueSpec};
use crate::model::{Probe, Settings, VantageId};
use crate::text::clean;

/// The longest value that is shown.
const LONGEST: usize = 400;

/// The keys of the file with their values. Of headers and a body only the names and the size are
/// shown.
#[must_use]
pub fn lines(probe: &Probe, settings: &Settings) -> Vec<(&'static str, String)> {
    let schedule = probe.schedule.as_deref();
    let schedule = schedule.unwrap_or(settings.schedule.default.as_str());
    let timeout = probe.timeout.unwrap_or(settings.politeness.timeout);
    let headers = probe.headers.iter().map(|(name, _)| name.as_str());
    let before = probe.before.iter().map(without_credentials);
    let vantages = probe.vantages.iter().flatten().map(VantageId::as_str);
    let all = [
        ("id", probe.key().to_string()),
        ("level", probe.level.as_str().to_owned()),
        ("url", target(&probe.target)),
        ("method", probe.method.as_str().to_owned()),
        ("headers", headers.collect::<Vec<_>>().join(", ")),
        (
            "body",
            probe
                .body
                .as_ref()
                .map_or_else(String::new, |b| format!("{} bytes", b.len())),
        ),
        ("follow", probe.follow.to_string()),
        ("before", before.collect::<Vec<_>>().join(", ")),
        (
            "schedule",
            format!("{schedule} ({})", settings.schedule.timezone),
        ),
        ("enabled", probe.enabled.to_string()),
        ("provisional", probe.provisional.to_string()),
        ("timeout", seconds(timeout)),
        ("depends_on", text(probe.depends_on.as_ref())),
        ("sibling", text(probe.sibling.as_ref())),
        ("baseline", text(probe.baseline.as_ref())),
        ("vantages", vantages.collect::<Vec<_>>().join(", ")),
        ("charset", probe.charset.clone().unwrap_or_default()),
    ];
    let shown = all.into_iter().filter(|(_, value)| !value.is_empty());
    let values = probe.values.iter().map(|spec| ("value", value(spec)));
    shown
        .chain(values)
        .map(|(key, value)| (key, clean::line(&value, LONGEST)))
        .collect()
}

fn text(value: Option<&impl ToString>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}

fn target(target: &Target) -> String {
    match target {
        Target::Url(url) => without_credentials(url),
        Target::File(_) => target.to_string(),
    }
}

/// An address without a name and a password in it.
fn without_credentials(url: &url::Url) -> String {
    let mut url = url.clone();
    // Both fail only for addresses that cannot have any.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

fn seconds(time: Duration) -> String {
    format!("{}s", time.as_secs())
}

/// The name of a value, and its limits.
fn value(spec: &ValueSpec) -> String {
    let days = |age: Duration| format!("{}d", age.as_secs() / 86_400);
    let limits = [
        ("min", spec.min.map(|n| n.to_string())),
        ("max", spec.max.map(|n| n.to_string())),
        ("max_drop", spec.max_drop.map(|n| format!("{}%", n * 100.0))),
        ("max_age", spec.max_age.map(days)),
        ("must_change", spec.must_change.map(days)),
        ("calendar", spec.calendar.clone()),
    ];
    let known = limits
        .into_iter()
        .filter_map(|(key, limit)| Some(format!("{key} = {}", limit?)));
    let known: Vec<String> = known.collect();
    if known.is_empty() {
        return spec.name.clone();
    }
    format!("{}: {}", spec.name, known.join(", "))
}
