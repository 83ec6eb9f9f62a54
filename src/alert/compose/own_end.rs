//! Incidents of our own end: a vantage, its network, the path to mainland China. None of them
//! counts against a source.

use crate::i18n::mail::{Texts, fill};
use crate::model::{Incident, IncidentKind};

use super::incident_group::{IncidentGroup, IncidentStep};
use super::parts::{self, fact};
use super::story::{after, story};
use super::{lead, technician};
use crate::alert::mail_body::{MailBlock, MailBody};
use crate::alert::mail_context::MailContext;
use crate::alert::when;

/// What it means for readers, what changed, and what to do.
pub(super) fn lines(
    context: &MailContext<'_>,
    group: &IncidentGroup<'_>,
    texts: &Texts,
) -> [String; 3] {
    let incident = group.first();
    let seen = texts.own_end(incident);
    let second = if group.step == IncidentStep::Ended {
        lead::span(context, incident, texts.lead.own_end_lasted, seen, texts)
    } else {
        let tells = texts.own_end_now(incident);
        let template = match incident.kind {
            IncidentKind::Vantage => texts.lead.own_end,
            _ => texts.lead.way_since,
        };
        fill(
            template,
            &[
                ("since", &context.since(incident.first_bad, texts)),
                ("tells", &tells),
            ],
        )
    };
    let third = match group.step {
        IncidentStep::Ended => texts.lead.nothing_to_do,
        _ if incident.kind == IncidentKind::Vantage => texts.say.vantage_fix,
        _ => texts.say.path_fix,
    };
    [
        first(context, incident, group.step, texts),
        second,
        third.to_owned(),
    ]
}

fn first(
    context: &MailContext<'_>,
    incident: &Incident,
    step: IncidentStep,
    texts: &Texts,
) -> String {
    let template = match (step, incident.kind) {
        (IncidentStep::Ended, IncidentKind::Network) => texts.lead.network_ended,
        (IncidentStep::Ended, IncidentKind::PathToChina) => texts.lead.path_ended,
        (IncidentStep::Ended, _) => texts.lead.vantage_ended,
        (_, IncidentKind::Network) => texts.lead.network_opened,
        (_, IncidentKind::PathToChina) => texts.lead.path_opened,
        (_, _) => texts.lead.vantage_opened,
    };
    fill(
        template,
        &[
            (
                "vantage",
                &parts::names(context, incident.vantages.keys(), texts),
            ),
            ("count", &incident.folded.len().to_string()),
        ],
    )
}

/// The whole report, except the technical part.
pub(super) fn report(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) {
    let label = &texts.label;
    let mut facts = vec![fact(
        label.first_bad,
        context.time(incident.first_bad, texts),
    )];
    if let Some(ended) = incident.ended {
        facts.push(fact(label.ended, context.time(ended, texts)));
        facts.push(fact(
            label.lasted,
            when::duration(incident.first_bad, ended, texts),
        ));
    }
    if let Some(news) = after(context, incident, incident.confirmed, texts).first() {
        facts.push(fact(label.news, news.clone()));
    }
    if let Some(at) = incident.last_good {
        facts.push(fact(label.last_good, context.time(at, texts)));
    }
    if let Some(who) = &incident.acknowledged_by {
        facts.push(fact(label.acknowledged, who.clone()));
    }
    letter.facts(150, facts);
    letter.push(MailBlock::Para(texts.say.not_counted.into()));
    let folded = incident.folded.iter();
    let folded = folded.map(|key| context.full_probe_name(key, texts));
    letter.list_worth(
        90,
        texts.heading.folded,
        parts::capped(folded.collect(), texts),
    );
    story(letter, context, incident, texts);
}

/// Codes and controls.
pub(super) fn technician(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) {
    if incident.is_open() {
        letter.push(MailBlock::Command("accesswatch doctor".to_owned()));
        let controls = incident.controls.iter().map(|c| texts.control_line(c));
        let controls = parts::capped(controls.collect(), texts);
        letter.list_worth(80, texts.label.controls, controls);
    }
    technician::report(letter, context, incident, false, texts);
}
