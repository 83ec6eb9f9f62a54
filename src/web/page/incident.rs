//! `/incidents/{id}`: what happened, from where, what decided, the story, and what people may do.

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::catalogue::NoteView;
use super::comparison::ComparisonView;
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::state_view::StateView;
use super::times::{TimeView, TimedSentence};
use crate::alert::MailContext;
use crate::i18n::mail::ReaderQuestion;
use crate::i18n::pages::PageText as P;
use crate::i18n::weight;
use crate::model::time::iso;
use crate::model::{Incident, IncidentKind, MeasurementUid, Observation, Time};
use crate::store::StoreError;
use crate::text::clean;
use crate::web::role::Role;
use crate::web::visit::path_part;

/// Measurements that are named.
const MOST_EVIDENCE: usize = 10;

#[derive(Template)]
#[template(path = "pages/incident.html")]
struct IncidentPage {
    frame: Frame,
    id: i64,
    observe_action: String,
    title: String,
    source: Option<(String, String)>,
    state: StateView,
    seen: String,
    began: TimedSentence,
    end: String,
    looked_after: String,
    still_works: Option<String>,
    vantages: Vec<VantageLine>,
    finding: &'static str,
    open_question: &'static str,
    checks: String,
    evidence: Vec<EvidenceLine>,
    mails: Vec<MailLine>,
    has_mails: bool,
    comparison: Option<ComparisonView>,
    story: Vec<(TimeView, String)>,
    notes: Vec<NoteView>,
    acts: Option<ActsView>,
    commands: Vec<String>,
    look: Option<(Option<String>, &'static str)>,
}

/// One vantage's part.
struct VantageLine {
    name: String,
    state: StateView,
    seen: String,
    since: TimeView,
    back: Option<TimeView>,
    says: Option<String>,
}

/// A measurement that the incident rests on.
struct EvidenceLine {
    uid: String,
    /// SHA-256 of its body.
    hash: String,
    /// The record that it is kept as.
    record: Option<String>,
}

/// A mail, without its text.
struct MailLine {
    subject: String,
    recipient: String,
    fate: String,
}

/// What the forms carry.
#[allow(clippy::struct_excessive_bools)] // Each shows a form of its own.
struct ActsView {
    csrf: String,
    by: String,
    is_acknowledged: bool,
    is_silenced: bool,
    may_observe: bool,
    may_note: bool,
    /// Its probe can be measured again at once.
    may_look: bool,
    /// It is ongoing.
    may_change: bool,
}

/// Makes the page; an incident that was folded into another leads there.
pub fn page(context: &PageContext<'_>, id: &str) -> Result<PageAnswer, PageError> {
    let Some(id) = id.parse::<i64>().ok().filter(|n| n.to_string() == id) else {
        return Ok(PageAnswer::NotFound);
    };
    let Some(incident) = context.reader.incident(id)? else {
        return Ok(PageAnswer::NotFound);
    };
    if let Some(other) = incident.folded_into {
        return Ok(PageAnswer::Elsewhere(format!("/incidents/{other}")));
    }
    let title = context.fill(P::ReportLink, &[("id", &id.to_string())]);
    let is_public = context.is_public_view();
    let can_write = context.visit.role == Role::Writer;
    let page = IncidentPage {
        frame: Frame::in_context(context, &title, Section::Incidents),
        id,
        observe_action: format!("/incidents/{id}/observe"),
        title,
        source: context.source_link(&incident),
        state: context.incident_state(&incident),
        seen: context.incident_seen(&incident),
        began: context.incident_began(&incident),
        end: context.incident_end(&incident),
        looked_after: context.looked_after(&incident),
        still_works: context.still_works(&incident),
        vantages: context.vantage_lines(&incident),
        finding: context.texts.finding_of(&incident),
        open_question: context.texts.not_shown(incident.finding),
        checks: context.checks(&incident),
        evidence: context.evidence_lines(&incident)?,
        mails: context.mail_lines(&incident)?,
        has_mails: !is_public,
        comparison: if is_public {
            None
        } else {
            context.comparison(&incident)?
        },
        story: context.story(&incident),
        notes: context.catalogue_note(&incident),
        acts: can_write.then(|| context.acts(&incident)).flatten(),
        commands: if can_write || is_public {
            Vec::new()
        } else {
            commands(&incident)
        },
        look: context.look(&incident),
    };
    Ok(PageAnswer::Page(page.render()?))
}

impl PageContext<'_> {
    fn source_link(&self, incident: &Incident) -> Option<(String, String)> {
        let id = incident.source.as_ref()?;
        let href = format!("/sources/{}", path_part(id.as_str()));
        Some((href, self.incident_about(incident)))
    }

    fn incident_began(&self, incident: &Incident) -> TimedSentence {
        let at = incident.first_bad;
        let lasted = self.lasted(at, incident.ended.unwrap_or(self.now));
        let time = TimeView {
            iso: iso(at),
            text: self.moment_and_beijing(at),
        };
        self.timed(P::SinceLasted, "since", time, &[("lasted", &lasted)])
    }

    fn still_works(&self, incident: &Incident) -> Option<String> {
        let names: Vec<String> = incident
            .still_works
            .iter()
            .map(|text| clean::line(text, 120))
            .collect();
        let probes = self.list(&names);
        (!names.is_empty()).then(|| self.fill(P::WorksStill, &[("probes", &probes)]))
    }

    fn evidence_lines(&self, incident: &Incident) -> Result<Vec<EvidenceLine>, StoreError> {
        if self.is_public_view() {
            return Ok(Vec::new());
        }
        let newest = incident.evidence.iter().rev().take(MOST_EVIDENCE);
        let uids: Vec<MeasurementUid> = newest.cloned().collect();
        let hashes = self.reader.body_hashes(&uids)?;
        let records = self.reader.evidence_ids(&uids)?;
        let lines = uids.iter().map(|uid| EvidenceLine {
            uid: clean::line(uid.as_str(), 80),
            hash: hashes.get(uid).cloned().unwrap_or_default(),
            record: records
                .get(uid)
                .map(|record| self.fill(P::EvidenceKept, &[("record", record)])),
        });
        Ok(lines.collect())
    }

    fn mail_lines(&self, incident: &Incident) -> Result<Vec<MailLine>, StoreError> {
        if self.is_public_view() {
            return Ok(Vec::new());
        }
        let mails = self.reader.mails_of(incident.id)?;
        let lines = mails.iter().map(|mail| MailLine {
            subject: clean::line(&mail.subject, 200),
            recipient: clean::line(&mail.recipient, 120),
            fate: match mail.sent {
                Some(at) => self.fill(P::MailSent, &[("time", &self.moment(at))]),
                None if mail.is_settled => self.say(P::MailSettled).to_owned(),
                None => self.fill(P::MailWaits, &[("time", &self.moment(mail.created))]),
            },
        });
        Ok(lines.collect())
    }

    fn vantage_lines(&self, incident: &Incident) -> Vec<VantageLine> {
        let probe = incident.probe.as_ref();
        let next = probe
            .and_then(|key| self.catalogue().probe(key))
            .and_then(crate::model::Probe::next_level);
        let said = |observed: &Observation| (observed.code, observed.saying);
        let lines = incident.vantages.iter().map(|(id, part)| VantageLine {
            name: self.vantage_name(id),
            state: self.state_view(weight::state(part.observed.code, incident.finding), None),
            seen: self.texts.seen_as_now(said(&part.observed), next, None),
            since: self.since(part.first_bad),
            back: part.back.map(|at| self.since(at)),
            says: part.observed.words.as_deref().map(|w| clean::line(w, 300)),
        });
        lines.collect()
    }

    fn checks(&self, incident: &Incident) -> String {
        let (bad, total) = (incident.checks_bad.to_string(), incident.checks.to_string());
        let values = [("bad", bad.as_str()), ("total", total.as_str())];
        crate::i18n::mail::fill(self.texts.say.checks, &values)
    }

    /// What happened so far, worded as in letters; nothing for visitors, since it names people.
    fn story(&self, incident: &Incident) -> Vec<(TimeView, String)> {
        if self.is_public_view() {
            return Vec::new();
        }
        let lines = self.story_lines(incident).into_iter().map(|(at, text)| {
            let time = TimeView {
                iso: iso(at),
                text: self.moment(at),
            };
            (time, text)
        });
        lines.collect()
    }

    /// What happened so far, worded as in letters, oldest first.
    pub fn story_lines(&self, incident: &Incident) -> Vec<(Time, String)> {
        let hashes = std::collections::BTreeMap::new();
        let mail = MailContext {
            tracker: self.known.tracker,
            outcome: None,
            catalogue: self.known.catalogue,
            settings: self.known.settings,
            notes: &self.snapshot.notes,
            hashes: &hashes,
            records: &std::collections::BTreeMap::new(),
            now: self.now,
        };
        let lines = crate::alert::compose::story_of(&mail, incident, self.language());
        let lines = lines.into_iter();
        lines
            .map(|(at, text)| (at, clean::line(&text, 600)))
            .collect()
    }

    fn acts(&self, incident: &Incident) -> Option<ActsView> {
        let csrf = self.visit.csrf.clone()?;
        let is_probe = incident.kind == IncidentKind::Probe;
        Some(ActsView {
            csrf,
            by: clean::line(self.visit.name.as_deref().unwrap_or_default(), 80),
            is_acknowledged: incident.acknowledged_by.is_some(),
            is_silenced: incident.is_silenced(self.now),
            may_observe: is_probe && incident.is_open(),
            may_note: incident.source.is_some(),
            may_look: is_probe && incident.is_open() && self.snapshot.demonstration.is_none(),
            may_change: incident.is_open(),
        })
        .filter(|acts| incident.is_open() || acts.may_note)
    }

    /// What a person should look at, and where.
    fn look(&self, incident: &Incident) -> Option<(Option<String>, &'static str)> {
        let probe = self.catalogue().probe(incident.probe.as_ref()?)?;
        let url = match &probe.target {
            crate::model::probe::Target::Url(url) => super::source::safe_link(url.as_str()),
            crate::model::probe::Target::File(_) => None,
        };
        let question = self.texts.look(ReaderQuestion::about_seen(
            incident.to,
            incident.saying_of(incident.to),
        ));
        let url = url.filter(|_| !self.is_public_view());
        incident.is_open().then_some((url, question))
    }
}

/// The commands that do what the forms would.
fn commands(incident: &Incident) -> Vec<String> {
    if !incident.is_open() {
        return Vec::new();
    }
    let id = incident.id;
    let mut commands = vec![
        format!("accesswatch incidents ack {id} --by NAME"),
        format!("accesswatch incidents silence {id} --until DATE"),
    ];
    if incident.kind == IncidentKind::Probe {
        commands.push(format!("accesswatch incidents look {id}"));
        commands.push(format!(
            "accesswatch incidents observe {id} --browser ok|refused|partial --network TEXT"
        ));
    }
    commands
}
