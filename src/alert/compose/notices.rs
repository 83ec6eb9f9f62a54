//! Turns a pass's notices into mails: who gets what, one mail per thread.

use std::collections::BTreeMap;

use crate::model::event::PassOutcome;
use crate::model::mail::{NewMail, Notice};
use crate::model::note::Note;
use crate::model::settings::{Recipient, Topic};
use crate::model::tracker_state::TrackerState;
use crate::model::{Catalogue, Incident, IncidentKind, ProbeKey, Settings, SourceId, Time};

use super::improvement::Improvement;
use super::incident;
use super::incident_group::{IncidentStep, ThreadMembers, topic_of};
use super::parts::follows_probe;
use super::{flapping, improvement, initial_report, no_data};
use crate::alert::headers::BadAddress;
use crate::alert::mail_context::MailContext;
use crate::alert::{filter, thread};

/// The mails of one pass. `tracker` is as `track` left it; `now` is the end of the pass.
///
/// A recipient with an unusable address is left out and logged; [`crate::alert::check_address`]
/// finds such an address beforehand.
#[must_use]
pub fn compose(
    outcome: &PassOutcome,
    tracker: &TrackerState,
    catalogue: &Catalogue,
    settings: &Settings,
    notes: &[Note],
    now: Time,
) -> Vec<NewMail> {
    let context = MailContext {
        tracker,
        outcome: Some(outcome),
        catalogue,
        settings,
        notes,
        hashes: &BTreeMap::new(),
        records: &BTreeMap::new(),
        now,
    };
    compose_in(&context, &outcome.notices)
}

/// The same, with the hashes of the evidence.
#[must_use]
pub fn compose_in(context: &MailContext<'_>, notices: &[Notice]) -> Vec<NewMail> {
    let mut mails = Vec::new();
    for recipient in &context.settings.alerts.to {
        for mail in for_recipient(context, notices, recipient) {
            keep(&mut mails, recipient, mail);
        }
    }
    mails
}

/// Mails that report that these incidents are still open, and what is new since the newest mail
/// before.
pub(crate) fn remind_mails(
    context: &MailContext<'_>,
    incidents: &[&Incident],
    last_mailed: impl Fn(i64) -> Option<Time>,
) -> Vec<NewMail> {
    let mut mails = Vec::new();
    for recipient in &context.settings.alerts.to {
        let mut steps: BTreeMap<i64, ThreadMembers<'_>> = BTreeMap::new();
        for incident in incidents {
            if is_notified(context, recipient, incident, IncidentStep::Reminded) {
                let root = thread::thread_of(incident).root;
                let members = steps
                    .entry(root)
                    .or_insert_with(|| ThreadMembers::led_by(incident));
                members.add(incident, IncidentStep::Reminded);
                members.mailed_at(last_mailed(incident.id));
            }
        }
        for members in steps.into_values() {
            keep(
                &mut mails,
                recipient,
                incident::mail(context, recipient, &members),
            );
        }
    }
    mails
}

fn keep(mails: &mut Vec<NewMail>, recipient: &Recipient, mail: Result<NewMail, BadAddress>) {
    match mail {
        Ok(mail) => mails.push(mail),
        Err(error) => {
            tracing::error!(recipient = %recipient.address, %error, "no mail could be composed");
        }
    }
}

fn for_recipient(
    context: &MailContext<'_>,
    notices: &[Notice],
    recipient: &Recipient,
) -> Vec<Result<NewMail, BadAddress>> {
    let mut mails = Vec::new();
    if notices.contains(&Notice::FirstLetter) {
        mails.push(initial_report::mail(context, recipient));
    }
    for members in threads(context, notices, recipient).into_values() {
        mails.push(incident::mail(context, recipient, &members));
    }
    for (probe, list) in improvements(context, notices, recipient) {
        mails.push(improvement::mail(context, recipient, &probe, &list));
    }
    for (probe, list) in no_data_levels(context, notices, recipient) {
        mails.push(no_data::mail(context, recipient, &probe, &list));
    }
    for (source, list) in flapping_sources(context, notices, recipient) {
        mails.push(flapping::mail(context, recipient, &source, &list));
    }
    mails
}

fn threads<'a>(
    context: &MailContext<'a>,
    notices: &[Notice],
    recipient: &Recipient,
) -> BTreeMap<i64, ThreadMembers<'a>> {
    let mut threads: BTreeMap<i64, ThreadMembers<'a>> = BTreeMap::new();
    for notice in notices {
        let (id, step) = match notice {
            Notice::Opened { incident } => (*incident, IncidentStep::Opened),
            Notice::Updated { incident } => (*incident, IncidentStep::Updated),
            Notice::Recovered { incident } => (*incident, IncidentStep::Ended),
            Notice::Improved { .. }
            | Notice::NoData { .. }
            | Notice::Flapping { .. }
            | Notice::FirstLetter => continue,
        };
        let Some(incident) = context.incident(id) else {
            tracing::error!(incident = id, "a notice of an incident that is not known");
            continue;
        };
        if !is_notified(context, recipient, incident, step) {
            continue;
        }
        let root = thread::thread_of(incident).root;
        let members = threads
            .entry(root)
            .or_insert_with(|| ThreadMembers::led_by(incident));
        members.add(incident, step);
    }
    threads
}

/// A silence holds back mails about open incidents, but never the end of one that was mailed.
fn is_notified(
    context: &MailContext<'_>,
    recipient: &Recipient,
    incident: &Incident,
    step: IncidentStep,
) -> bool {
    let silenced = incident
        .silenced_until
        .is_some_and(|until| until > context.now);
    if silenced && step != IncidentStep::Ended {
        return false;
    }
    let topic = topic_of(incident, step);
    let followed = match (&incident.kind, &incident.source) {
        (IncidentKind::Probe, Some(id)) => {
            filter::follows(recipient, id, context.catalogue.source(id))
        }
        _ => true,
    };
    followed && filter::wants(recipient, topic)
}

fn improvements(
    context: &MailContext<'_>,
    notices: &[Notice],
    recipient: &Recipient,
) -> BTreeMap<ProbeKey, Vec<Improvement>> {
    let mut by_probe: BTreeMap<ProbeKey, Vec<Improvement>> = BTreeMap::new();
    for notice in notices {
        if let Notice::Improved {
            probe,
            vantage,
            from,
            to,
        } = notice
            && filter::wants(recipient, Topic::Improvement)
            && follows_probe(context, recipient, probe)
        {
            let improvement = Improvement {
                vantage: vantage.clone(),
                from: *from,
                to: *to,
            };
            by_probe.entry(probe.clone()).or_default().push(improvement);
        }
    }
    by_probe
}

/// A level without data is mailed to those who want regressions: nobody would notice one there.
fn no_data_levels(
    context: &MailContext<'_>,
    notices: &[Notice],
    recipient: &Recipient,
) -> BTreeMap<ProbeKey, Vec<no_data::NoDataNotice>> {
    let mut by_probe: BTreeMap<ProbeKey, Vec<no_data::NoDataNotice>> = BTreeMap::new();
    for notice in notices {
        if let Notice::NoData {
            probe,
            vantage,
            since,
        } = notice
            && filter::wants(recipient, Topic::Regression)
            && follows_probe(context, recipient, probe)
        {
            let pair = no_data::NoDataNotice {
                vantage: vantage.clone(),
                since: *since,
            };
            by_probe.entry(probe.clone()).or_default().push(pair);
        }
    }
    by_probe
}

/// Flapping is mailed to those who want regressions: the note replaces those mails.
fn flapping_sources(
    context: &MailContext<'_>,
    notices: &[Notice],
    recipient: &Recipient,
) -> BTreeMap<SourceId, flapping::FlappingNotice> {
    let mut by_source: BTreeMap<SourceId, flapping::FlappingNotice> = BTreeMap::new();
    for notice in notices {
        if let Notice::Flapping { probe, vantage } = notice
            && filter::wants(recipient, Topic::Regression)
            && follows_probe(context, recipient, probe)
        {
            let of_source = by_source.entry(probe.source.clone()).or_default();
            let vantages = of_source.entry(probe.clone()).or_default();
            vantages.push(vantage.clone());
        }
    }
    by_source
}
