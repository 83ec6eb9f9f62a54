//! What may help a reader of an incident: what else is affected, what is not, what serves instead, whom to ask.

use super::parts::fact;
use crate::alert::letter::Value;
use crate::alert::world::World;
use crate::i18n::mail::Texts;
use crate::model::Incident;

/// What still works and what may serve instead, and whom to ask.
pub(super) fn help_facts(
    world: &World<'_>,
    incident: &Incident,
    texts: &Texts,
) -> Vec<(String, Value)> {
    let mut facts = Vec::new();
    let mut add = |label: &str, value: String| {
        if !value.is_empty() {
            facts.push(fact(label, value));
        }
    };
    let label = &texts.label;
    add(label.also_affected, also_affected(world, incident, texts));
    add(label.not_affected, still_works(world, incident, texts));
    if let Some(source) = incident
        .source
        .as_ref()
        .and_then(|id| world.catalogue.source(id))
    {
        add(
            label.alternatives,
            source.alternatives.join(texts.marks.item),
        );
        add(
            label.vendor,
            source.vendor_contact.clone().unwrap_or_default(),
        );
        add(
            label.licence,
            source.licence_until.clone().unwrap_or_default(),
        );
        add(
            label.catalogue_ids,
            source.catalogue_ids.join(texts.marks.list),
        );
    }
    facts
}

/// The other probes of the source that have an open incident: `Dissertation (cnki/thesis): the full-text button
/// was not shown`.
fn also_affected(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    if !incident.is_open() {
        return String::new();
    }
    let others = world.book.incidents.values().filter(|other| {
        other.is_open() && other.id != incident.id && other.source == incident.source
    });
    let worded: Vec<String> = others
        .filter_map(|other| {
            let key = other.probe.as_ref()?;
            let seen = world.seen(other.to, Some(key), texts);
            let name = texts.marks.remark(&world.probe_name(key), &key.to_string());
            Some(format!("{name}{}{seen}", texts.marks.colon))
        })
        .collect();
    worded.join(texts.marks.item)
}

/// `Journal article (cnki/journal), abstract` for what the tracker wrote as `cnki/journal (abstract)`;
/// anything else stays as it is.
fn still_works(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    let worded = |text: &String| {
        let key = text.split(' ').next().unwrap_or_default();
        let probe = world
            .catalogue
            .probes
            .values()
            .find(|p| p.key().to_string() == key);
        probe.map_or_else(
            || text.clone(),
            |p| {
                let name = texts.marks.remark(&world.probe_name(&p.key()), key);
                format!("{name}{}{}", texts.marks.clause, (texts.level)(p.level))
            },
        )
    };
    let works: Vec<String> = incident.still_works.iter().map(worded).collect();
    works.join(texts.marks.item)
}
