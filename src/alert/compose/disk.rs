//! The mail to the administrator that the disk is nearly full.

use crate::i18n::mail::{fill, texts};
use crate::model::Time;
use crate::model::mail::NewMail;
use crate::model::settings::{Alerts, Recipient};

use super::parts;
use crate::alert::headers::{self, BadAddress, MailHeaders};
use crate::alert::mail_body::MailBlock;
use crate::alert::thread;

/// The mail to `admin`, in the language of the first reader; `None` without an `admin`.
#[must_use]
pub fn compose_disk(alerts: &Alerts, free: &str, now: Time) -> Option<Result<NewMail, BadAddress>> {
    let admin = alerts.admin.clone()?;
    let language = alerts.to.first().map(|to| to.language).unwrap_or_default();
    let recipient = Recipient {
        address: admin,
        language,
        sources: Vec::new(),
        on: Vec::new(),
        digest: None,
        documents: vec!["*".to_owned()],
        links_digest: None,
    };
    let texts = texts(language);
    let mut letter = parts::letter(texts);
    letter.leads.push(fill(texts.disk.lead, &[("free", free)]));
    letter.push(MailBlock::Para(texts.disk.help.into()));
    let domain = headers::domain(&alerts.from);
    Some(headers::into_message(
        MailHeaders {
            from: &alerts.from,
            recipient: &recipient,
            topic: None,
            subject: texts.disk.subject.to_owned(),
            message_id: thread::single_id("disk", now, &recipient, &domain),
            in_reply_to: None,
            source: None,
            incidents: Vec::new(),
            links: Vec::new(),
            now,
        },
        &letter,
    ))
}
