//! Which incidents one mail is about, what happened to each, and which of them look alike.

use crate::alert::mail_context::MailContext;
use crate::i18n::mail::Texts;
use crate::model::settings::Topic;
use crate::model::{Incident, IncidentKind, Time};

use super::parts;

/// What happened to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IncidentStep {
    Opened,
    Updated,
    /// The incident is still open and unchanged.
    Reminded,
    Ended,
}

/// The incidents of one thread that a mail is about, and what happened to each.
pub(super) struct ThreadMembers<'a> {
    /// Any of the incidents: all have the same thread.
    pub leader: &'a Incident,
    pub steps: Vec<(&'a Incident, Vec<IncidentStep>)>,
    /// When the reader's newest mail about them was written.
    pub last_mailed: Option<Time>,
}

impl<'a> ThreadMembers<'a> {
    pub(super) fn led_by(leader: &'a Incident) -> Self {
        Self {
            leader,
            steps: Vec::new(),
            last_mailed: None,
        }
    }

    pub(super) fn add(&mut self, incident: &'a Incident, step: IncidentStep) {
        match self
            .steps
            .iter_mut()
            .find(|(known, _)| known.id == incident.id)
        {
            Some((_, steps)) => steps.push(step),
            None => self.steps.push((incident, vec![step])),
        }
    }

    /// Sets when the newest mail about them was written.
    pub(super) fn mailed_at(&mut self, at: Option<Time>) {
        self.last_mailed = self.last_mailed.max(at);
    }

    /// The incidents, with alike ones in one group.
    pub(super) fn groups(&self, context: &MailContext<'_>) -> Vec<IncidentGroup<'a>> {
        let mut groups: Vec<IncidentGroup<'a>> = Vec::new();
        for (incident, steps) in &self.steps {
            let step = steps.last().copied().unwrap_or(IncidentStep::Updated);
            match groups.iter_mut().find(|g| g.takes(context, incident, step)) {
                Some(group) => group.incidents.push(incident),
                None => groups.push(IncidentGroup {
                    incidents: vec![incident],
                    step,
                    last_mailed: self.last_mailed,
                }),
            }
        }
        groups.sort_by_key(|g| std::cmp::Reverse(g.first().severity));
        groups
    }

    pub(super) fn incidents(&self) -> Vec<&'a Incident> {
        self.steps.iter().map(|(i, _)| *i).collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a Incident, IncidentStep)> {
        self.steps
            .iter()
            .flat_map(|(i, steps)| steps.iter().map(|&step| (*i, step)))
    }
}

/// Incidents of one source with the same step, alike from every vantage.
pub(super) struct IncidentGroup<'a> {
    pub incidents: Vec<&'a Incident>,
    pub step: IncidentStep,
    pub last_mailed: Option<Time>,
}

impl<'a> IncidentGroup<'a> {
    /// The incident that represents the group.
    pub(super) fn first(&self) -> &'a Incident {
        self.incidents[0]
    }

    fn takes(&self, context: &MailContext<'_>, other: &Incident, step: IncidentStep) -> bool {
        let first = self.first();
        let texts = MailContext::texts(crate::model::settings::Language::En);
        let alike = |i: &Incident| {
            let vantages: Vec<_> = i
                .vantages
                .iter()
                .map(|(id, p)| {
                    (
                        id.clone(),
                        p.observed.code,
                        p.back.is_none(),
                        p.observed.words.clone(),
                    )
                })
                .collect();
            let level = context.levels(i.probe.as_ref(), texts);
            (i.to, i.from, i.finding, i.ended_as(), vantages, level)
        };
        let same_day = first.since().date_naive() == other.since().date_naive();
        self.step == step
            && first.kind == IncidentKind::Probe
            && other.kind == IncidentKind::Probe
            && same_day
            && alike(first) == alike(other)
    }

    /// `dissertations and journals`.
    pub(super) fn probes(&self, context: &MailContext<'_>, texts: &Texts) -> String {
        let keys = self.incidents.iter().filter_map(|i| i.probe.as_ref());
        parts::joined(
            keys.map(|key| context.probe_name(key, texts)).collect(),
            texts,
        )
    }
}

/// The topic of a step, as recipients choose it.
pub(super) fn topic_of(incident: &Incident, step: IncidentStep) -> Topic {
    match (incident.kind, step) {
        (IncidentKind::Probe, IncidentStep::Ended) => Topic::Recovery,
        (IncidentKind::Probe, _) => Topic::Regression,
        _ => Topic::Vantage,
    }
}
