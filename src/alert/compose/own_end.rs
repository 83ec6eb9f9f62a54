//! Incidents of our own end: a vantage, its network, the path to mainland China. Nothing in them is
//! held against a source.

use crate::i18n::mail::{Texts, fill};
use crate::model::{Incident, IncidentKind};

use super::acknowledge::acknowledge;
use super::incident::{Step, lasted};
use super::parts;
use super::story::{newest_change, story};
use crate::alert::letter::{Block, Letter};
use crate::alert::world::World;

/// What changed.
pub(super) fn lead(world: &World<'_>, incident: &Incident, step: Step, texts: &Texts) -> String {
    let template = match (step, incident.kind) {
        (Step::Updated, _) => texts.lead.own_end_updated,
        (Step::Ended, IncidentKind::Network) => texts.lead.network_ended,
        (Step::Ended, IncidentKind::PathToChina) => texts.lead.path_ended,
        (Step::Ended, _) => texts.lead.vantage_ended,
        (_, IncidentKind::Network) => texts.lead.network_opened,
        (_, IncidentKind::PathToChina) => texts.lead.path_opened,
        (_, _) => texts.lead.vantage_opened,
    };
    let change = newest_change(world, incident, texts);
    fill(
        template,
        &[
            (
                "vantage",
                &parts::names(world, incident.vantages.keys(), texts),
            ),
            ("id", &incident.id.to_string()),
            ("seen", texts.own_end(incident)),
            ("count", &incident.folded.len().to_string()),
            ("change", &change),
            ("lasted", &lasted(world, incident, texts)),
        ],
    )
}

/// Everything there is to say of it.
pub(super) fn report(
    letter: &mut Letter,
    world: &World<'_>,
    incident: &Incident,
    step: Step,
    texts: &Texts,
) {
    let label = &texts.label;
    let labels: Vec<String> = incident
        .vantages
        .keys()
        .map(|id| world.vantage_label(id, texts))
        .collect();
    let mut facts = vec![
        parts::fact(label.report, format!("#{}", incident.id)),
        parts::fact(label.vantage, labels.join(texts.marks.list)),
        parts::fact(
            if incident.is_open() {
                label.state
            } else {
                label.before
            },
            texts
                .marks
                .remark(texts.own_end(incident), incident.to.as_str()),
        ),
        parts::fact(
            label.first_bad,
            parts::time(world, incident.first_bad, texts),
        ),
    ];
    if let Some(at) = incident.last_good {
        facts.push(parts::fact(label.last_good, parts::time(world, at, texts)));
    }
    if let Some(ended) = incident.ended {
        facts.push(parts::fact(label.ended, parts::time(world, ended, texts)));
        facts.push(parts::fact(label.lasted, lasted(world, incident, texts)));
    }
    if incident.is_open() {
        facts.extend(parts::controls(incident, texts));
    }
    letter.blocks.push(Block::Facts(facts));
    if incident.is_open() {
        let controls = incident.controls.iter().map(|c| texts.control_line(c));
        letter.list(
            texts.label.controls,
            parts::capped(controls.collect(), texts),
        );
    }
    letter
        .blocks
        .push(Block::Para(texts.say.not_counted.into()));
    let folded = incident
        .folded
        .iter()
        .map(|key| world.full_probe_name(key, texts));
    letter.list(texts.heading.folded, parts::capped(folded.collect(), texts));
    story(letter, world, incident, texts);
    if step != Step::Ended {
        what_now(letter, incident, texts);
    }
    letter.list(
        texts.heading.evidence,
        parts::evidence(world, incident, texts),
    );
    if step != Step::Ended {
        acknowledge(letter, world, incident, texts);
    }
}

fn what_now(letter: &mut Letter, incident: &Incident, texts: &Texts) {
    let on_the_way = incident.kind != IncidentKind::Vantage;
    if on_the_way {
        letter.section(texts.heading.not_shown, texts.say.path_not_shown);
    }
    let mend = if on_the_way {
        texts.say.path_mend
    } else {
        texts.say.vantage_mend
    };
    letter.section(texts.heading.what_now, mend);
    letter
        .blocks
        .push(Block::Command("accesswatch doctor".to_owned()));
}
