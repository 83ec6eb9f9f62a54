//! A level that could not be observed for long: neither good nor bad, and worth a look.

use crate::i18n::mail::{Question, fill};
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{ProbeKey, Time, VantageId};

use super::parts;
use crate::alert::headers::{self, BadAddress, Draft};
use crate::alert::letter::Block;
use crate::alert::thread;
use crate::alert::world::World;

/// One vantage from where a probe is not observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Blind {
    pub vantage: VantageId,
    pub since: Time,
}

/// One mail a probe.
pub(super) fn mail(
    world: &World<'_>,
    recipient: &Recipient,
    probe: &ProbeKey,
    list: &[Blind],
) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let source = world.source_name(&probe.source, texts);
    let name = world.probe_name(probe);
    for blind in list {
        let vantage = world.vantage_name(&blind.vantage);
        let since = parts::time(world, blind.since, texts);
        let values = [
            ("source", source.as_str()),
            ("probe", &name),
            ("vantage", &vantage),
            ("since", &since),
        ];
        letter.leads.push(fill(texts.lead.blind, &values));
    }
    letter
        .blocks
        .push(Block::Facts(parts::where_facts(world, probe, texts)));
    letter.blocks.push(Block::Para(texts.say.blind_note.into()));
    letter.section(texts.heading.look, (texts.look)(Question::Check));

    let day = thread::today(world);
    let domain = headers::domain(&world.settings.alerts.from);
    let values = [("source", source.as_str()), ("probe", &name), ("day", &day)];
    headers::seal(
        Draft {
            from: &world.settings.alerts.from,
            recipient,
            topic: Some(Topic::Regression),
            subject: fill(texts.subject.blind, &values),
            message_id: thread::single_id(&format!("blind {probe}"), world.now, recipient, &domain),
            in_reply_to: None,
            source: Some(probe.source.clone()),
            incidents: Vec::new(),
            now: world.now,
        },
        &letter,
    )
}
