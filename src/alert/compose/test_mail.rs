//! `mail test`: a mail that says that nothing has happened.

use crate::i18n::mail::fill;
use crate::model::mail::NewMail;
use crate::model::settings::Recipient;

use super::parts;
use crate::alert::headers::{self, BadAddress, MailHeaders};
use crate::alert::mail_body::MailBlock;
use crate::alert::mail_context::MailContext;
use crate::alert::thread;

/// The test mail to one recipient.
pub fn test_mail(context: &MailContext<'_>, recipient: &Recipient) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    letter.leads.push(texts.lead.test.to_owned());
    let sources = recipient.sources.join(texts.marks.list);
    let note = fill(texts.say.test_note, &[("sources", &sources)]);
    letter.push(MailBlock::Para(note.into()));
    let domain = headers::domain(&context.settings.alerts.from);
    headers::into_message(
        MailHeaders {
            from: &context.settings.alerts.from,
            recipient,
            topic: None,
            subject: fill(texts.subject.test, &[("day", &context.today(texts))]),
            message_id: thread::single_id("test", context.now, recipient, &domain),
            in_reply_to: None,
            source: None,
            incidents: Vec::new(),
            links: Vec::new(),
            now: context.now,
        },
        &letter,
    )
}
