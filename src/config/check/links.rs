//! What holds between files: ids are unique, references lead somewhere, manners fit the hosts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::probe::CheckedProbe;
use super::series;
use super::settings::CheckedSettings;
use super::source::CheckedSource;
use crate::config::doc::{Doc, wrong};
use crate::config::table::{At, nearest};
use crate::model::probe::{Probe, Target};
use crate::model::source::Access;
use crate::model::{Catalogue, ProbeKey, Settings};
use crate::schedule::calendar::Calendars;

/// Checks across the files and gathers the catalogue. `complete` is false when some probe file could not
/// be read: then a name that is not found may be in there, and is no fault.
pub(in crate::config) fn links(
    config: &Doc,
    settings: Option<&CheckedSettings>,
    files: &[(Doc, Option<CheckedSource>)],
    calendars: &Calendars,
) -> Catalogue {
    let catalogue = gather(files);
    let complete = files.iter().all(|(_, checked)| checked.is_some());
    for (doc, checked) in files {
        let Some(checked) = checked else { continue };
        for probe in &checked.probes {
            references(doc, probe, &catalogue, complete);
            series::calendars(doc, &probe.calendars, calendars);
            if let Some(settings) = settings {
                vantages(doc, probe, &settings.settings);
                consent(doc, checked, probe, &settings.settings);
            }
            frequent(doc, probe);
        }
    }
    cycles(files, &catalogue);
    if let Some(settings) = settings {
        manners(config, settings, &catalogue);
        if complete {
            recipients(config, &settings.recipient_sources, &catalogue);
        }
    }
    catalogue
}

/// The catalogue; an id that is there twice is a fault of the second.
fn gather(files: &[(Doc, Option<CheckedSource>)]) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let mut places = BTreeMap::new();
    for (doc, checked) in files {
        let Some(checked) = checked else { continue };
        let id = &checked.source.id;
        if let Some(first) = places.insert(id.clone(), doc.place(checked.at.start)) {
            let message = format!("the source `{id}` is there twice");
            let mend = format!("give it another id; the first is at {first}");
            doc.fault(checked.at.clone(), wrong(message, mend));
        }
        catalogue.sources.insert(id.clone(), checked.source.clone());
        let mut own = BTreeMap::new();
        for probe in &checked.probes {
            let key = probe.probe.key();
            if let Some(first) = own.insert(key.clone(), doc.place(probe.at.start)) {
                let message = format!("the probe `{key}` is there twice");
                let mend = format!("give it another id; the first is at {first}");
                doc.fault(probe.at.clone(), wrong(message, mend));
            }
            catalogue.probes.insert(key, Arc::new(probe.probe.clone()));
        }
    }
    catalogue
}

fn references(doc: &Doc, probe: &CheckedProbe, catalogue: &Catalogue, complete: bool) {
    let own = probe.probe.key();
    for (key, at) in [
        ("depends_on", &probe.depends_on),
        ("sibling", &probe.sibling),
    ] {
        let Some(at) = at else { continue };
        if at.value == own {
            let message = format!("`{key}` names the probe itself");
            doc.fault(
                at.span.clone(),
                wrong(message, "name another one, or take it out"),
            );
        } else if complete && catalogue.probe(&at.value).is_none() {
            let names: Vec<String> = catalogue.probes.keys().map(ToString::to_string).collect();
            let mend = did_you_mean(&at.value.to_string(), &names);
            let message = format!("there is no probe `{}`", at.value);
            doc.fault(at.span.clone(), wrong(message, mend));
        }
    }
}

fn did_you_mean(text: &str, names: &[String]) -> String {
    match nearest(text, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.len() > 12 => "name one that exists".to_owned(),
        None => format!("there are {}", names.join(", ")),
    }
}

fn vantages(doc: &Doc, probe: &CheckedProbe, settings: &Settings) {
    let names: Vec<String> = settings.vantages.iter().map(|v| v.id.to_string()).collect();
    for at in &probe.vantages {
        // With no vantage at all, that is the fault.
        if !names.is_empty() && !names.contains(&at.value) {
            let message = format!("there is no vantage `{}`", at.value);
            let what = wrong(message, did_you_mean(&at.value, &names));
            doc.fault(at.span.clone(), what);
        }
    }
}

/// A licensed address probes a subscription source only when someone agreed to that.
fn consent(doc: &Doc, source: &CheckedSource, probe: &CheckedProbe, settings: &Settings) {
    if source.source.access != Access::Subscription || source.source.consent.is_some() {
        return;
    }
    let mend = "add `consent = \"who, when\"` to [source], or leave it so";
    for vantage in settings.vantages.iter().filter(|v| v.licensed) {
        let named = probe
            .vantages
            .iter()
            .find(|at| at.value == vantage.id.as_str());
        if let Some(at) = named {
            let message = format!(
                "`{}` is licensed, and nobody agreed to this probe",
                vantage.id
            );
            doc.fault(at.span.clone(), wrong(message, mend));
        } else if probe.probe.vantages.is_none() {
            let message = format!("not probed from `{}`, which is licensed", vantage.id);
            doc.warn(probe.at.clone(), wrong(message, mend));
        }
    }
}

fn frequent(doc: &Doc, probe: &CheckedProbe) {
    if let Some(span) = &probe.frequent
        && !is_loopback(&probe.probe)
    {
        doc.warn(span.clone(), too_frequent());
    }
}

fn too_frequent() -> crate::config::doc::Wrong {
    wrong(
        "this asks a site more than once an hour, and may get this address refused",
        "six hours between checks are enough to notice a change",
    )
}

fn is_loopback(probe: &Probe) -> bool {
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

/// More connections or checks than a site can be asked for, when any host is someone else's.
fn manners(config: &Doc, settings: &CheckedSettings, catalogue: &Catalogue) {
    let elsewhere = |p: &Probe| !is_loopback(p);
    if let Some(span) = &settings.many_connections
        && catalogue.all().any(elsewhere)
    {
        let message = "more than 2 connections to one host are more than a reader makes";
        let mend = "write 1 or 2 unless every host is this computer";
        config.warn(span.clone(), wrong(message, mend));
    }
    let by_default = |p: &Probe| p.schedule.is_none() && elsewhere(p);
    if let Some(span) = &settings.frequent_default
        && catalogue.all().any(by_default)
    {
        config.warn(span.clone(), too_frequent());
    }
}

/// What a recipient asked to hear of must exist, or they would wait for nothing.
fn recipients(config: &Doc, patterns: &[At<String>], catalogue: &Catalogue) {
    let ids: Vec<String> = catalogue.sources.keys().map(ToString::to_string).collect();
    let groups: BTreeSet<&str> = catalogue
        .sources
        .values()
        .map(|s| s.group.as_str())
        .collect();
    for at in patterns {
        let text = at.value.as_str();
        if let Some(group) = text.strip_prefix("group:") {
            if !groups.contains(group) {
                let names: Vec<String> = groups.iter().map(|g| format!("group:{g}")).collect();
                let message = format!("no source is in the group `{group}`");
                config.fault(at.span.clone(), wrong(message, did_you_mean(text, &names)));
            }
        } else if text.contains(['*', '?', '[', '{']) {
            let glob = globset::Glob::new(text).map(|g| g.compile_matcher());
            let any = glob.is_ok_and(|g| ids.iter().any(|id| g.is_match(id)));
            if text != "*" && !any {
                let message = format!("no source's id matches `{text}`");
                config.warn(at.span.clone(), wrong(message, "mend the pattern"));
            }
        } else if !ids.iter().any(|id| id == text) {
            let message = format!("there is no source `{text}`");
            config.fault(at.span.clone(), wrong(message, did_you_mean(text, &ids)));
        }
    }
}

/// `depends_on` leads to a probe that depends on nothing, in the end.
fn cycles(files: &[(Doc, Option<CheckedSource>)], catalogue: &Catalogue) {
    let parent = |key: &ProbeKey| catalogue.probe(key)?.depends_on.clone();
    let mut reported = BTreeSet::new();
    for (doc, checked) in files {
        for probe in checked.iter().flat_map(|c| &c.probes) {
            let (own, Some(at)) = (probe.probe.key(), &probe.depends_on) else {
                continue;
            };
            let mut chain = vec![own.clone()];
            let mut next = parent(&own);
            while let Some(key) = next.filter(|k| !chain.contains(k)) {
                next = parent(&key);
                chain.push(key);
            }
            // A cycle that comes back to this probe; one of two or more is told once.
            let closes = chain.last().and_then(parent) == Some(own.clone());
            if closes && chain.len() > 1 && chain.iter().all(|k| reported.insert(k.clone())) {
                chain.push(own);
                let names: Vec<String> = chain.iter().map(ToString::to_string).collect();
                let message = format!("`depends_on` goes in a circle: {}", names.join(" → "));
                doc.fault(at.span.clone(), wrong(message, "take one of them out"));
            }
        }
    }
}
