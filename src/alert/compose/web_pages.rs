//! The links from a letter to the web pages. Without `base_url` under `[web]` there are no links.

use crate::alert::mail_body::{LinkedText, MailBlock, MailBody};
use crate::alert::mail_context::MailContext;
use crate::i18n::mail::{Texts, fill};
use crate::model::Incident;

use super::parts::fact;

/// The worth of the address of an incident's page: more than the technician's facts. In a letter
/// that is too long, the blocks that are worth least are removed first.
const WORTH: u8 = 205;
/// The worth of the addresses of the letter's other incidents: less than the facts that readers
/// need about all its incidents.
const WORTH_OF_OTHERS: u8 = 35;
/// The worth of the address of a kept copy, just below that of its quote.
const WORTH_OF_A_COPY: u8 = 215;

/// The address of an incident's page.
fn address(context: &MailContext<'_>, incident: &Incident) -> Option<String> {
    let base = context.settings.web.base_url.as_ref()?;
    let page = base.join(&format!("/incidents/{}", incident.id)).ok()?;
    Some(page.into())
}

/// Adds the address of each incident's page.
pub(super) fn add(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incidents: &[&Incident],
    texts: &Texts,
) {
    for (at, incident) in incidents.iter().enumerate() {
        let worth = if at == 0 { WORTH } else { WORTH_OF_OTHERS };
        if let Some(href) = address(context, incident) {
            let id = incident.id.to_string();
            let label = fill(texts.answer.page, &[("id", &id)]);
            letter.push_worth(worth, MailBlock::Page { label, href });
        }
    }
}

/// Adds the address of the kept copy of the page, where the letter has just quoted that page and a
/// record of it is kept.
pub(super) fn add_kept_copy(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) {
    let is_quoted = matches!(letter.blocks().last(), Some(MailBlock::Quote { .. }));
    let kept = &context.records;
    let is_kept = incident.evidence.iter().any(|uid| kept.contains_key(uid));
    let page = address(context, incident).filter(|_| is_quoted && is_kept);
    let copy = page.map(|page| {
        let href = format!("{page}#evidence");
        fact(texts.label.kept_copy, LinkedText::link(href.clone(), href))
    });
    letter.facts(WORTH_OF_A_COPY, Vec::from_iter(copy));
}

/// A line about an incident, followed by the address of its page.
pub(super) fn with_page(
    context: &MailContext<'_>,
    incident: &Incident,
    line: &str,
    texts: &Texts,
) -> LinkedText {
    match address(context, incident) {
        Some(href) => LinkedText::link(texts.marks.remark(line, &href), href),
        None => line.into(),
    }
}
