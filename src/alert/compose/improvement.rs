//! A confirmed improvement over the baseline: no incident, but good to know.

use crate::i18n::mail::{Texts, fill};
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Code, ProbeKey, VantageId};

use super::parts::{self, NoticeHeaders};
use super::technician;
use crate::alert::headers::BadAddress;
use crate::alert::mail_body::{LinkedText, MailBlock};
use crate::alert::mail_context::MailContext;

/// One vantage's improvement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Improvement {
    pub vantage: VantageId,
    pub from: Code,
    pub to: Code,
}

/// One mail per probe.
pub(super) fn mail(
    context: &MailContext<'_>,
    recipient: &Recipient,
    probe: &ProbeKey,
    list: &[Improvement],
) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let name = context.probe_name(probe, texts);
    letter.leads = leads(context, probe, list, texts);
    letter.push(MailBlock::Heading(parts::seen_from(context, texts)));
    let head = [texts.label.vantage, texts.label.now, texts.label.before];
    letter.push(MailBlock::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: list
            .iter()
            .map(|i| {
                let worded = |code: Code| context.brief(code, Some(probe), texts);
                vec![
                    context.vantage_name(&i.vantage),
                    worded(i.to),
                    worded(i.from),
                ]
            })
            .collect(),
    });
    letter.push(MailBlock::Para(texts.say.improved_baseline.into()));
    letter.push(MailBlock::Technician(texts.heading.technician.to_owned()));
    letter.push(MailBlock::Facts(facts(context, probe, list, texts)));
    parts::notice_mail(
        context,
        recipient,
        &NoticeHeaders {
            topic: Topic::Improvement,
            subject: texts.subject.improved,
            thread: format!("improved {probe}"),
            source: &probe.source,
            probe: &name,
        },
        &letter,
    )
}

/// What is better, what was seen before and from where, and what the mail does not prove.
fn leads(
    context: &MailContext<'_>,
    probe: &ProbeKey,
    list: &[Improvement],
    texts: &Texts,
) -> Vec<String> {
    let Some(first) = list.first() else {
        return Vec::new();
    };
    let vantages = parts::names(context, list.iter().map(|i| &i.vantage), texts);
    let values = [
        ("source", &*context.source_short(&probe.source, texts)),
        ("probe", &context.probe_name(probe, texts)),
        ("since", &context.since(context.now, texts)),
        ("tells", &context.tells(first.to, Some(probe), texts)),
        ("before", &context.seen(first.from, Some(probe), texts)),
        ("vantages", &vantages),
    ];
    vec![
        fill(texts.lead.improved, &values),
        fill(texts.lead.improved_seen, &values),
        texts.say.improved_note.to_owned(),
    ]
}

/// The address, and each vantage's code with the one before it.
fn facts(
    context: &MailContext<'_>,
    probe: &ProbeKey,
    list: &[Improvement],
    texts: &Texts,
) -> Vec<(String, LinkedText)> {
    let mut facts = Vec::from_iter(technician::address(context, probe, texts));
    facts.extend(list.iter().map(|i| {
        let before = [texts.label.before, texts.marks.colon, i.from.as_str()].concat();
        let from = texts.marks.remark(i.to.as_str(), &before);
        parts::fact(&context.vantage_name(&i.vantage), from)
    }));
    facts
}
