//! What may help a reader of an incident: what else is affected, what still works, what to use
//! instead, whom to ask.

use super::parts::fact;
use crate::alert::mail_body::LinkedText;
use crate::alert::mail_context::MailContext;
use crate::i18n::mail::Texts;
use crate::model::{Incident, ProbeKey};

/// What else is affected, what still works and what to use instead.
pub(super) fn help_facts(
    context: &MailContext<'_>,
    incident: &Incident,
    mailed: &[&Incident],
    texts: &Texts,
) -> Vec<(String, LinkedText)> {
    let label = &texts.label;
    let list = texts.marks.list;
    [
        (
            label.also_affected,
            also_affected(context, incident, mailed, texts).join(texts.marks.item),
        ),
        (
            label.not_affected,
            still_works(context, incident, mailed, texts).join(list),
        ),
        (
            label.alternatives,
            alternatives(context, incident).join(texts.marks.item),
        ),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| fact(label, value))
    .collect()
}

/// The end of the licence, the vendor's contact, and the source's ids in the catalogue.
pub(super) fn own_facts(
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) -> Vec<(String, LinkedText)> {
    let id = incident.source.as_ref();
    let Some(source) = id.and_then(|id| context.catalogue.source(id)) else {
        return Vec::new();
    };
    let label = &texts.label;
    let ids = source.catalogue_ids.join(texts.marks.list);
    [
        (label.licence, source.licence_until.clone()),
        (label.vendor, source.vendor_contact.clone()),
        (label.catalogue_ids, Some(ids)),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(fact(label, value.filter(|v| !v.is_empty())?)))
    .collect()
}

/// The other probes of the source that have an open incident outside this mail.
fn also_affected(
    context: &MailContext<'_>,
    incident: &Incident,
    mailed: &[&Incident],
    texts: &Texts,
) -> Vec<String> {
    let is_mailed = |other: &Incident| mailed.iter().any(|t| t.id == other.id);
    let others = context.tracker.incidents.values().filter(|other| {
        incident.is_open()
            && other.is_open()
            && other.source == incident.source
            && !is_mailed(other)
    });
    others
        .filter_map(|other| {
            let key = other.probe.as_ref()?;
            let seen = context.brief(other.to, Some(key), texts);
            let name = context.probe_name(key, texts);
            Some(format!("{name}{}{seen}", texts.marks.colon))
        })
        .collect()
}

/// The alternatives that the source's file names.
pub(super) fn alternatives(context: &MailContext<'_>, incident: &Incident) -> Vec<String> {
    let id = incident.source.as_ref();
    let source = id.and_then(|id| context.catalogue.source(id));
    source.map_or_else(Vec::new, |s| s.alternatives.clone())
}

/// `Journal article` for what the tracker wrote as `cnki/journal (abstract)`; any other text stays
/// unchanged. A probe that has its own incident by now is left out.
pub(super) fn still_works(
    context: &MailContext<'_>,
    incident: &Incident,
    mailed: &[&Incident],
    texts: &Texts,
) -> Vec<String> {
    let is_bad = |key: &ProbeKey| {
        let open = mailed.iter().filter(|i| i.is_open());
        let is_mailed = open.filter_map(|i| i.probe.as_ref()).any(|p| p == key);
        is_mailed || context.tracker.open_incident_of(key).is_some()
    };
    let worded = |text: &String| {
        let name = text.split(' ').next().unwrap_or_default();
        let probe = name
            .parse()
            .ok()
            .filter(|key| context.catalogue.probe(key).is_some());
        match probe {
            Some(key) if is_bad(&key) => None,
            Some(key) => Some(context.probe_name(&key, texts)),
            None => Some(text.clone()),
        }
    };
    incident.still_works.iter().filter_map(worded).collect()
}
