//! A level without data for long: neither good nor bad, and worth a look.

use crate::i18n::mail::{ReaderQuestion, fill};
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{ProbeKey, Time, VantageId};

use super::parts::{self, NoticeHeaders};
use super::{answers, technician};
use crate::alert::headers::BadAddress;
use crate::alert::mail_body::MailBlock;
use crate::alert::mail_context::MailContext;

/// One vantage from which a probe has no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoDataNotice {
    pub vantage: VantageId,
    pub since: Time,
}

/// One mail per probe.
pub(super) fn mail(
    context: &MailContext<'_>,
    recipient: &Recipient,
    probe: &ProbeKey,
    list: &[NoDataNotice],
) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let short = context.source_short(&probe.source, texts);
    let name = context.probe_name(probe, texts);
    let from = list.iter().map(|pair| {
        let since = context.day(pair.since, texts);
        let since = fill(texts.say.since_there, &[("since", &since)]);
        let vantage = context.vantage_name(&pair.vantage);
        texts.marks.remark(&vantage, &since)
    });
    let vantages = parts::joined(from.collect(), texts);
    let values = [
        ("source", short.as_str()),
        ("probe", &name),
        ("vantages", &vantages),
    ];
    letter.leads = vec![
        fill(texts.lead.no_data, &values),
        fill(texts.lead.no_data_since, &values),
        texts.lead.look.to_owned(),
    ];
    letter.push(MailBlock::Para(texts.say.no_data_note.into()));
    answers::of_probe(&mut letter, context, probe, ReaderQuestion::Check, texts);
    letter.push(MailBlock::Technician(texts.heading.technician.to_owned()));
    let address = technician::address(context, probe, texts);
    letter.push(MailBlock::Facts(address.into_iter().collect()));
    parts::notice_mail(
        context,
        recipient,
        &NoticeHeaders {
            topic: Topic::Regression,
            subject: texts.subject.no_data,
            thread: format!("blind {probe}"),
            source: &probe.source,
            probe: &name,
        },
        &letter,
    )
}
