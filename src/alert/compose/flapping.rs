//! Probes that began to flap: one note per source, after which single changes are not mailed.

use std::collections::BTreeMap;

use crate::i18n::mail::{ReaderQuestion, Texts, fill};
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Code, ProbeKey, SourceId, Status, VantageId};
use crate::track::{changes, worst};

use super::parts::{self, NoticeHeaders};
use super::{answers, technician};
use crate::alert::headers::BadAddress;
use crate::alert::mail_body::{MailBlock, MailBody};
use crate::alert::mail_context::MailContext;

/// The flapping probes of one source, each with the vantages that see it.
pub(super) type FlappingNotice = BTreeMap<ProbeKey, Vec<VantageId>>;

/// One mail per source.
pub(super) fn mail(
    context: &MailContext<'_>,
    recipient: &Recipient,
    source: &SourceId,
    list: &FlappingNotice,
) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let short = context.source_short(source, texts);
    for (probe, vantages) in list {
        let values = [
            ("source", short.as_str()),
            ("probe", &context.probe_name(probe, texts)),
            ("vantages", &parts::names(context, vantages.iter(), texts)),
        ];
        letter.leads.extend([
            fill(texts.lead.flapping, &values),
            fill(texts.lead.flapping_seen, &values),
            texts.say.flapping_note.to_owned(),
        ]);
    }
    for (at, (probe, vantages)) in list.iter().enumerate() {
        if at > 0 {
            letter.push(MailBlock::Rule);
        }
        of_probe(&mut letter, context, probe, vantages, texts);
    }
    letter.push(MailBlock::Technician(texts.heading.technician.to_owned()));
    let addresses = list.keys();
    let addresses = addresses.filter_map(|probe| technician::address(context, probe, texts));
    letter.push(MailBlock::Facts(addresses.collect()));
    parts::notice_mail(
        context,
        recipient,
        &NoticeHeaders {
            topic: Topic::Regression,
            subject: texts.subject.flapping,
            thread: format!("unsteady {source}"),
            source,
            probe: "",
        },
        &letter,
    )
}

fn of_probe(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    probe: &ProbeKey,
    vantages: &[VantageId],
    texts: &Texts,
) {
    let seen = |code: Code| context.brief(code, Some(probe), texts);
    let status = |vantage: &VantageId| {
        context
            .tracker
            .statuses
            .get(&(probe.clone(), vantage.clone()))
    };
    let row = |status: &Status| {
        let (changed, of) = changes(&status.settled);
        let values = [
            ("seen", &*worst(status).map(seen).unwrap_or_default()),
            ("n", &changed.to_string()),
            ("total", &of.to_string()),
        ];
        vec![
            context.vantage_name(&status.vantage),
            seen(status.observed.code),
            fill(texts.say.flapping_count, &values),
        ]
    };
    let label = &texts.label;
    let head = [label.vantage, label.now, label.worst];
    letter.push(MailBlock::Heading(context.probe_name(probe, texts)));
    letter.push(MailBlock::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: vantages.iter().filter_map(status).map(row).collect(),
    });
    let gravest = vantages
        .iter()
        .filter_map(status)
        .filter_map(worst)
        .max_by_key(|code| code.severity());
    if let Some(code) = gravest {
        answers::of_probe(letter, context, probe, ReaderQuestion::about(code), texts);
    }
}
