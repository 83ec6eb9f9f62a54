//! Checks across files: ids are unique, references exist, politeness fits the hosts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::controls::is_loopback;
use super::names::{KnownNames, did_you_mean};
use super::probe::CheckedProbe;
use super::settings::CheckedSettings;
use super::source::CheckedSource;
use super::{controls, series};
use crate::config::doc::{DiagnosedFile, problem};
use crate::config::table::SpannedValue;
use crate::model::probe::Probe;
use crate::model::{Catalogue, ProbeKey};

/// Checks across the files and builds the catalogue. Invalid files take part with everything that
/// could be read from them: every fault is reported at once, and none is a consequence of another.
/// `whole` is false when a folder could not be read; `calendars` are the names of all calendars,
/// valid or not.
pub(in crate::config) fn links(
    config: &DiagnosedFile,
    settings: Option<&CheckedSettings>,
    files: &[(DiagnosedFile, Option<CheckedSource>)],
    calendars: &[String],
    whole: bool,
) -> Catalogue {
    let catalogue = gather(files);
    let names = KnownNames::collect(files, whole);
    for (doc, checked) in files {
        let Some(checked) = checked else { continue };
        for probe in &checked.probes {
            references(doc, probe, &names);
            series::calendars(doc, &probe.calendars, calendars);
            if let Some(settings) = settings {
                vantages(doc, probe, settings);
                consent(doc, checked, probe, settings);
            }
            frequent(doc, probe);
        }
    }
    cycles(files);
    if let Some(settings) = settings {
        politeness(config, settings, &catalogue);
        controls::apart(config, settings, &catalogue);
        recipients(config, &settings.recipient_sources, &names);
    }
    catalogue
}

/// The catalogue; the second use of an id is a fault.
fn gather(files: &[(DiagnosedFile, Option<CheckedSource>)]) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let mut places = BTreeMap::new();
    for (doc, checked) in files {
        let Some(checked) = checked else { continue };
        if let Some(id) = &checked.id
            && let Some((file, first)) = places.insert(id, (doc, checked.at.start))
        {
            let message = format!("the source `{id}` is there twice");
            let help = format!("give it another id; the first is at {}", file.place(first));
            doc.fault(checked.at.clone(), problem(message, help));
        }
        let source = checked.source.clone().map(|s| (s.id.clone(), s));
        catalogue.sources.extend(source);
        twice(doc, &checked.probes);
        for probe in checked.probes.iter().filter_map(|p| p.probe.clone()) {
            catalogue.probes.insert(probe.key(), Arc::new(probe));
        }
    }
    catalogue
}

/// Reports probes of one file with a duplicate id.
pub(in crate::config) fn twice(doc: &DiagnosedFile, probes: &[CheckedProbe]) {
    let mut own = BTreeMap::new();
    for probe in probes {
        let Some(key) = &probe.key else { continue };
        if let Some(first) = own.insert(key, probe.at.start) {
            let message = format!("the probe `{key}` is there twice");
            let help = format!("give it another id; the first is at {}", doc.place(first));
            doc.fault(probe.at.clone(), problem(message, help));
        }
    }
}

fn references(doc: &DiagnosedFile, probe: &CheckedProbe, names: &KnownNames) {
    for (key, at) in [
        ("depends_on", &probe.depends_on),
        ("sibling", &probe.sibling),
    ] {
        let Some(at) = at else { continue };
        if probe.key.as_ref() == Some(&at.value) {
            let message = format!("`{key}` names the probe itself");
            doc.fault(
                at.span.clone(),
                problem(message, "name another one, or take it out"),
            );
        } else if names.lacks_probe(&at.value) {
            let known: Vec<String> = names.probes.iter().map(ToString::to_string).collect();
            let help = did_you_mean(&at.value.to_string(), &known);
            let message = format!("there is no probe `{}`", at.value);
            doc.fault(at.span.clone(), problem(message, help));
        }
    }
}

fn vantages(doc: &DiagnosedFile, probe: &CheckedProbe, settings: &CheckedSettings) {
    let known = settings.vantages.iter();
    if settings.more_vantages || known.clone().any(|v| v.id.is_none()) {
        // It may be the one that could not be read. Without any vantage, that is the fault.
        return;
    }
    if probe.vantages.is_none() {
        return;
    }
    let names: Vec<String> = known.filter_map(|v| v.id.clone()).collect();
    for at in probe.vantages.iter().flatten() {
        if !names.contains(&at.value) {
            let message = format!("there is no vantage `{}`", at.value);
            let what = problem(message, did_you_mean(&at.value, &names));
            doc.fault(at.span.clone(), what);
        }
    }
}

/// A licensed address may probe a subscription source only with consent.
fn consent(
    doc: &DiagnosedFile,
    source: &CheckedSource,
    probe: &CheckedProbe,
    settings: &CheckedSettings,
) {
    if !source.unagreed {
        return;
    }
    let help = "add `consent = \"who, when\"` to [source], or leave it so";
    let licensed = settings.vantages.iter().filter(|v| v.licensed);
    for vantage in licensed.filter_map(|v| v.id.as_ref()) {
        let Some(named) = &probe.vantages else {
            let message = format!("not probed from `{vantage}`, which is licensed");
            doc.warn(probe.at.clone(), problem(message, help));
            continue;
        };
        for at in named.iter().filter(|at| at.value == *vantage) {
            let message = format!("`{vantage}` is licensed, and this probe has no consent");
            doc.fault(at.span.clone(), problem(message, help));
        }
    }
}

fn frequent(doc: &DiagnosedFile, probe: &CheckedProbe) {
    if let (Some(span), Some(read)) = (&probe.frequent, &probe.probe)
        && !is_loopback(read)
    {
        doc.warn(span.clone(), too_frequent());
    }
}

fn too_frequent() -> crate::config::doc::Problem {
    problem(
        "this asks a site more than once an hour, and may get this address refused",
        "six hours between checks are enough to notice a change",
    )
}

/// Reports more connections or checks than a site should receive, if any host belongs to someone
/// else.
fn politeness(config: &DiagnosedFile, settings: &CheckedSettings, catalogue: &Catalogue) {
    let elsewhere = |p: &Probe| !is_loopback(p);
    if let Some(span) = &settings.many_connections
        && catalogue.all().any(elsewhere)
    {
        let message = "more than 2 connections to one host are more than a reader makes";
        let help = "write 1 or 2 unless every host is this computer";
        config.warn(span.clone(), problem(message, help));
    }
    let by_default = |p: &Probe| p.schedule.is_none() && elsewhere(p);
    if let Some(span) = &settings.frequent_default
        && catalogue.all().any(by_default)
    {
        config.warn(span.clone(), too_frequent());
    }
}

/// A recipient's sources must exist; otherwise the recipient would wait for nothing.
fn recipients(config: &DiagnosedFile, patterns: &[SpannedValue<String>], names: &KnownNames) {
    for at in patterns {
        let text = at.value.as_str();
        if let Some(group) = text.strip_prefix("group:") {
            if names.lacks_group(group) {
                let groups = names.groups.iter();
                let groups: Vec<String> = groups.map(|g| format!("group:{g}")).collect();
                let message = format!("no source is in the group `{group}`");
                let help = did_you_mean(text, &groups);
                config.fault(at.span.clone(), problem(message, help));
            }
        } else if text.contains(['*', '?', '[', '{']) {
            let glob = globset::Glob::new(text).map(|g| g.compile_matcher());
            if text != "*" && glob.is_ok_and(|g| names.none_matches(&g)) {
                let message = format!("no source's id matches `{text}`");
                config.warn(at.span.clone(), problem(message, "fix the pattern"));
            }
        } else if names.lacks_source(text) {
            let ids: Vec<String> = names.sources.iter().cloned().collect();
            let message = format!("there is no source `{text}`");
            config.fault(at.span.clone(), problem(message, did_you_mean(text, &ids)));
        }
    }
}

/// Every chain of `depends_on` must end.
fn cycles(files: &[(DiagnosedFile, Option<CheckedSource>)]) {
    let probes = || {
        files
            .iter()
            .flat_map(|(_, checked)| checked)
            .flat_map(|c| &c.probes)
    };
    let parents: BTreeMap<&ProbeKey, &ProbeKey> = probes()
        .filter_map(|p| Some((p.key.as_ref()?, &p.depends_on.as_ref()?.value)))
        .collect();
    let mut reported = BTreeSet::new();
    for (doc, checked) in files {
        for probe in checked.iter().flat_map(|c| &c.probes) {
            let (Some(own), Some(at)) = (&probe.key, &probe.depends_on) else {
                continue;
            };
            let mut chain = vec![own];
            let mut next = parents.get(own);
            while let Some(key) = next.filter(|k| !chain.contains(k)) {
                next = parents.get(key);
                chain.push(key);
            }
            // A cycle that returns to this probe; a cycle of several probes is reported once.
            let closes = chain.last().and_then(|last| parents.get(last)) == Some(&own);
            if closes && chain.len() > 1 && chain.iter().all(|k| reported.insert(*k)) {
                chain.push(own);
                let names: Vec<String> = chain.iter().map(ToString::to_string).collect();
                let message = format!("`depends_on` goes in a circle: {}", names.join(" → "));
                doc.fault(at.span.clone(), problem(message, "take one of them out"));
            }
        }
    }
}
