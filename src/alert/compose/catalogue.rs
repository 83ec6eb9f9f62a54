//! The note that a library may add to a source in its catalogue. It is true of this loss, and it is
//! left out when it would say more than was seen.

use chrono::{NaiveDate, TimeDelta};

use crate::i18n::dates;
use crate::i18n::mail::{self, CatalogueNote, Texts, fill};
use crate::model::settings::Language;
use crate::model::{Code, Fact, Incident};

use super::incident_group::IncidentGroup;
use crate::alert::mail_body::{MailBlock, MailBody};
use crate::alert::mail_context::MailContext;

/// A brief failure that nobody can explain is worth a note to readers once it has lasted this long.
const WORTH_A_NOTE: TimeDelta = TimeDelta::hours(24);

/// The worth, in a mail that is too long, of the note in the catalogue's language and of the
/// library's own wording. What the library wrote itself stays longer.
const WORTH: u8 = 160;
const OWN_WORTH: u8 = 175;

/// Adds the note in the reader's language, then in the catalogue's, and the library's own wording.
pub(super) fn note(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    group: &IncidentGroup<'_>,
    texts: &Texts,
) {
    let incident = group.first();
    let Some(kind) = kind(context, incident) else {
        return;
    };
    let mut notes = vec![worded(context, group, kind, texts)];
    let other = other(context, texts.language);
    notes.extend(other.map(|language| worded(context, group, kind, mail::texts(language))));
    letter.list_worth(WORTH, texts.heading.note, notes);
    let source = incident.source.as_ref();
    let source = source.and_then(|id| context.catalogue.source(id));
    if let Some(own) = source.and_then(|s| s.catalogue_note.as_deref()) {
        let own = fill(texts.say.note_own, &[("note", own)]);
        letter.push_worth(OWN_WORTH, MailBlock::Para(own.into()));
    }
}

/// Says that the note can be removed, when the opening mail had one.
pub(super) fn over(
    context: &MailContext<'_>,
    group: &IncidentGroup<'_>,
    texts: &Texts,
) -> Option<String> {
    let incident = group.first();
    CatalogueNote::of_incident(incident, false)?;
    let source = incident.source.as_ref()?;
    let [source, probe] = [
        context.source_short(source, texts),
        group.probes(context, texts),
    ];
    Some(fill(
        texts.say.note_over,
        &[("source", &source), ("probe", &probe)],
    ))
}

fn kind(context: &MailContext<'_>, incident: &Incident) -> Option<CatalogueNote> {
    let ended = incident.ended.or(incident.last_bad).unwrap_or(context.now);
    CatalogueNote::of_incident(incident, ended - incident.first_bad >= WORTH_A_NOTE)
}

/// The catalogue's language: that of the first configured reader with another language; otherwise
/// English.
fn other(context: &MailContext<'_>, own: Language) -> Option<Language> {
    let mut to = context.settings.alerts.to.iter().map(|r| r.language);
    to.find(|language| *language != own)
        .or((own != Language::En).then_some(Language::En))
}

fn worded(
    context: &MailContext<'_>,
    group: &IncidentGroup<'_>,
    kind: CatalogueNote,
    texts: &Texts,
) -> String {
    let incident = group.first();
    let source = incident.source.as_ref();
    let source = source.map_or_else(String::new, |id| context.source_short(id, texts));
    let probe = group.probes(context, texts);
    let [level, here] = context.levels(incident.probe.as_ref(), texts);
    let date = newest(incident).filter(|_| kind == CatalogueNote::Stale);
    let date = date.map(|day| dates::day(texts.language, day, true));
    let template = match date {
        Some(_) => texts.say.stale_since,
        None => texts.note(kind),
    };
    let note = fill(
        template,
        &[
            ("source", &source),
            ("probe", &probe),
            ("level", level),
            ("here", here),
            ("date", &date.unwrap_or_default()),
        ],
    );
    fill(
        texts.say.note_day,
        &[("note", &note), ("day", &context.today(texts))],
    )
}

/// The day of the newest entry, as the broken limit gives it.
pub(super) fn newest(incident: &Incident) -> Option<NaiveDate> {
    limits(incident, Code::ContentStale)
        .filter_map(Fact::newest_date)
        .max()
}

/// The limits that values broke where an incident's vantages see this code.
pub(super) fn limits(incident: &Incident, code: Code) -> impl Iterator<Item = &Fact> {
    let parts = incident.vantages.values();
    let seen = parts.filter(move |p| incident.to == code && p.observed.code == code);
    seen.flat_map(|p| &p.observed.limits)
}
