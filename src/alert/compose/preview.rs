//! `mail preview`: the mail of an incident as it would be now; it is not sent.

use crate::model::Incident;
use crate::model::settings::{Language, Recipient};

use super::incident;
use super::incident_group::{IncidentStep, ThreadMembers};
use crate::alert::headers::BadAddress;
use crate::alert::mail_context::MailContext;
use crate::alert::{filter, html, text};

/// One mail to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub subject: String,
    pub text: String,
    /// The uncut text.
    pub whole: String,
    pub html: String,
    /// The whole RFC 5322 message.
    pub eml: Vec<u8>,
}

/// The opening mail of an open incident, or the recovery mail of an ended one. It is the mail to
/// its first recipient, or in English to the sender when nobody follows the source.
pub fn preview(incident: &Incident, context: &MailContext<'_>) -> Result<Preview, BadAddress> {
    preview_in(incident, context, None)
}

/// The same in a language; without one in that of the reader.
pub fn preview_in(
    incident: &Incident,
    context: &MailContext<'_>,
    language: Option<Language>,
) -> Result<Preview, BadAddress> {
    let nobody = Recipient {
        address: context.settings.alerts.from.clone(),
        language: Language::En,
        sources: Vec::new(),
        on: Vec::new(),
        digest: None,
        documents: vec!["*".to_owned()],
        links_digest: None,
    };
    let recipient = context.settings.alerts.to.iter().find(|r| {
        incident
            .source
            .as_ref()
            .is_none_or(|id| filter::follows(r, id, context.catalogue.source(id)))
    });
    let mut recipient = recipient.unwrap_or(&nobody).clone();
    recipient.language = language.unwrap_or(recipient.language);
    let recipient = &recipient;
    let step = if incident.is_open() {
        IncidentStep::Opened
    } else {
        IncidentStep::Ended
    };
    let mut members = ThreadMembers::led_by(incident);
    members.add(incident, step);
    let letter = incident::letter(context, recipient, &members);
    let mail = incident::mail(context, recipient, &members)?;
    Ok(Preview {
        text: text::render(&letter),
        whole: text::render(&incident::whole(context, recipient, &members)),
        html: html::render(&letter, &mail.subject),
        subject: mail.subject,
        eml: mail.eml,
    })
}
