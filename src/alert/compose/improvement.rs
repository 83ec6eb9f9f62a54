//! Better than before, confirmed: no incident, and good to know.

use crate::i18n::mail::fill;
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Code, ProbeKey, VantageId};

use super::parts;
use crate::alert::headers::{self, BadAddress, Draft};
use crate::alert::letter::Block;
use crate::alert::thread;
use crate::alert::world::World;

/// One vantage's improvement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Improvement {
    pub vantage: VantageId,
    pub from: Code,
    pub to: Code,
}

/// One mail a probe.
pub(super) fn mail(
    world: &World<'_>,
    recipient: &Recipient,
    probe: &ProbeKey,
    list: &[Improvement],
) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let source = world.source_name(&probe.source, texts);
    let name = world.probe_name(probe);
    let seen = |code| world.seen(code, Some(probe), texts);
    if let Some(first) = list.first() {
        letter.leads.push(fill(
            texts.lead.improved,
            &[
                ("source", &source),
                ("probe", &name),
                ("seen", &seen(first.to)),
                ("before", &seen(first.from)),
                (
                    "vantages",
                    &parts::names(world, list.iter().map(|i| &i.vantage), texts),
                ),
            ],
        ));
    }
    letter
        .blocks
        .push(Block::Facts(parts::where_facts(world, probe, texts)));
    letter
        .blocks
        .push(Block::Heading(texts.heading.seen_from.to_owned()));
    let head = [texts.label.vantage, texts.label.now, texts.label.before];
    letter.blocks.push(Block::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: list
            .iter()
            .map(|i| {
                let worded = |code: Code| texts.marks.remark(&seen(code), code.as_str());
                vec![
                    world.vantage_label(&i.vantage, texts),
                    worded(i.to),
                    worded(i.from),
                ]
            })
            .collect(),
    });
    letter
        .blocks
        .push(Block::Para(texts.say.improved_baseline.into()));
    letter.section(texts.heading.not_shown, texts.say.improved_note);

    let day = thread::today(world);
    let domain = headers::domain(&world.settings.alerts.from);
    let values = [("source", source.as_str()), ("probe", &name), ("day", &day)];
    headers::seal(
        Draft {
            from: &world.settings.alerts.from,
            recipient,
            topic: Some(Topic::Improvement),
            subject: fill(texts.subject.improved, &values),
            message_id: thread::single_id(
                &format!("improved {probe}"),
                world.now,
                recipient,
                &domain,
            ),
            in_reply_to: None,
            source: Some(probe.source.clone()),
            incidents: Vec::new(),
            now: world.now,
        },
        &letter,
    )
}
