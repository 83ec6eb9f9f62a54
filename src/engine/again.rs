//! Everything derived again from the stored measurements: what `rejudge` shows and writes, and what
//! `ingest` writes after it took records that may be late.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::config::Workspace;
use crate::i18n::verdict;
use crate::judge::Judge;
use crate::judge::sibling::{self, Reconsidered};
use crate::judge::track::{self, Replay};
use crate::model::event::PassOutcome;
use crate::model::incident::VantagePart;
use crate::model::settings::Language;
use crate::model::time::{EARLIEST_RECORD, iso};
use crate::model::vantage::Control;
use crate::model::{Code, Incident, MeasurementUid, ProbeKey, Status, Time, VantageId, Verdict};
use crate::store::{
    BodyState, Derived, Filter, IncidentFilter, NewVerdict, Reader, StoreError, StoredRecord,
};

use super::derive::{self, Judged, Told};
use super::ground::Ground;
use super::healthy::HealthyPages;
use super::judgement::{Judgement, attempt_of};
use super::series::{self, Series};

/// What is judged anew; the rest keeps its verdict.
#[derive(Debug, Clone, PartialEq)]
pub enum Scope {
    /// Everything made at or after this.
    Since(Time),
    /// Of these series what was made at or after the time: records came late, and what came after them is
    /// held against another history now.
    Series(BTreeMap<(ProbeKey, VantageId), Time>),
}

impl Scope {
    fn holds(&self, key: &(ProbeKey, VantageId), at: Time) -> bool {
        match self {
            Scope::Since(since) => at >= *since,
            Scope::Series(from) => from.get(key).is_some_and(|from| at >= *from),
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Again {
    /// To be written by `Store::replace_derived`.
    pub derived: Derived,
    /// In words, what changes.
    pub changes: Vec<String>,
    pub judged: u64,
    /// Left with their stored verdict: the page is no longer kept.
    pub skipped: u64,
    /// From when on it is told: the oldest measurement, or where those before were let go of.
    pub from: Option<Time>,
}

/// The records of `filter` with the verdicts that they have.
pub(super) fn as_judged(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    filter: &Filter,
) -> Result<Vec<Judged>, StoreError> {
    let nothing = Scope::Series(BTreeMap::new());
    Ok(gone_through(workspace, judge, reader, &nothing, filter)?.judged)
}

fn gone_through<'a>(
    workspace: &'a Workspace,
    judge: &'a Judge,
    reader: &'a Reader,
    scope: &'a Scope,
    filter: &Filter,
) -> Result<Past<'a>, StoreError> {
    let mut past = Past {
        workspace,
        judge,
        reader,
        scope,
        series: Series::default(),
        healthy: HealthyPages::default(),
        found: Again::default(),
        judged: Vec::new(),
        redesigns: Vec::new(),
    };
    let mut failed = None;
    reader.visit_records(filter, &mut |record| {
        failed = past.take(record).err();
        failed.is_none()
    })?;
    failed.map_or(Ok(past), Err)
}

/// Goes through every stored record in order. Those within `scope` are judged anew, the others keep their
/// verdict; statuses and incidents are told from the ground ([`super::ground`]) either way.
pub fn again(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    scope: &Scope,
) -> Result<Again, StoreError> {
    again_from(workspace, judge, reader, scope, None)
}

/// The same where nothing may be left to tell: then from `otherwise` on.
pub(super) fn again_from(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    scope: &Scope,
    otherwise: Option<Time>,
) -> Result<Again, StoreError> {
    let ground = Ground::read(reader)?;
    let Past {
        mut found,
        judged,
        redesigns,
        ..
    } = gone_through(workspace, judge, reader, scope, &ground.filter())?;
    found.from = ground.since.or(found.from).or(otherwise);
    let stored = reader.incidents(&IncidentFilter::default())?;
    let before = reader.book()?;
    let events = reader.events(Time::MIN_UTC, Time::MAX_UTC)?;
    let mut deeds = track::deeds(&events, &stored);
    deeds.retain(|d| ground.since.is_none_or(|since| d.at() >= since));
    let Told {
        mut replay,
        set_aside,
        reconsidered,
    } = derive::tell(workspace, ground.book, judged, &deeds);
    found.keep_withdrawals(redesigns, &reconsidered);
    found.derived.reconsidered = reconsidered;
    let kept: BTreeMap<i64, Incident> = stored.iter().map(|i| (i.id, i.clone())).collect();
    let gone = track::reconcile(&mut replay, &kept, before.next_incident);
    keep_facts(&mut replay, &kept, &before.statuses);
    // What began before the measurements that are told cannot be told again: it stays.
    let from = found.from;
    found.derived.removed_incidents = gone
        .into_iter()
        .filter(|id| from.is_some_and(|from| kept[id].first_bad >= from))
        // No record is kept of a time when the clock was wrong: what was told of it stays as it is.
        .filter(|id| kept[id].to != Code::VantageClock)
        .collect();
    found.derived.removed_statuses = before
        .statuses
        .iter()
        .filter(|(key, _)| !replay.book.statuses.contains_key(*key))
        .filter(|(_, status)| from.is_some_and(|from| status.last_checked >= from))
        .map(|(key, _)| key.clone())
        .collect();
    found.derived.set_aside = set_aside;
    note_changes(&mut found, &replay, &kept, &before.statuses);
    found.derived.outcome = PassOutcome {
        statuses: replay.book.statuses.into_values().collect(),
        incidents: replay.incidents.into_values().collect(),
        vantages: replay.book.vantages.into_values().collect(),
        events: replay.events,
        doubted: replay.doubted,
        notices: Vec::new(),
    };
    Ok(found)
}

struct Past<'a> {
    workspace: &'a Workspace,
    judge: &'a Judge,
    reader: &'a Reader,
    scope: &'a Scope,
    series: Series,
    healthy: HealthyPages,
    found: Again,
    judged: Vec<Judged>,
    /// Withdrawals that were found in a whole family when they were made, with what changes if they are not.
    redesigns: Vec<(NewVerdict, String)>,
}

impl Again {
    /// A redesign that its pass no longer shows is a withdrawal after all.
    fn keep_withdrawals(
        &mut self,
        redesigns: Vec<(NewVerdict, String)>,
        reconsidered: &[Reconsidered],
    ) {
        let still: BTreeSet<&MeasurementUid> = reconsidered.iter().map(|(uid, _)| uid).collect();
        for (verdict, change) in redesigns {
            if !still.contains(&verdict.uid) {
                self.changes.push(change);
                self.derived.verdicts.push(verdict);
            }
        }
    }
}

impl Past<'_> {
    fn take(&mut self, record: StoredRecord) -> Result<(), StoreError> {
        if record.started < EARLIEST_RECORD {
            return Ok(()); // No clock was right then: `doctor` names it.
        }
        self.found.from.get_or_insert(record.started);
        let key = (record.place.probe.clone(), record.place.vantage.clone());
        let wanted = self.scope.holds(&key, record.started);
        let verdict = if wanted && record.body == BodyState::Whole {
            self.judge_again(&record, &key)?
        } else {
            self.found.skipped += u64::from(wanted && !record.place.control);
            self.remember_stored(&record, &key);
            stored_verdict(&record)
        };
        let control = record
            .place
            .control
            .then(|| self.control_of(&record))
            .flatten();
        if record.place.control && control.is_none() {
            return Ok(()); // Its address is none, or it was not asked.
        }
        if verdict.code == Code::Ok && !record.place.control {
            self.healthy.note(&key, &record.uid);
        }
        let mut attempt = attempt_of(&record.measurement, &verdict, record.place.attempt);
        attempt.uid = record.uid;
        self.judged.push(Judged {
            probe: key.0,
            vantage: key.1,
            round: record.place.round,
            attempt,
            control,
        });
        Ok(())
    }

    fn judge_again(
        &mut self,
        record: &StoredRecord,
        key: &(ProbeKey, VantageId),
    ) -> Result<Verdict, StoreError> {
        let probe = self.workspace.catalogue.probe(&record.place.probe);
        let history = self.series.before(&key.0, &key.1, &record.place.round);
        let expected = probe.filter(|_| !record.place.control);
        let measurement = Cow::Borrowed(&record.measurement);
        let mut judgement = Judgement::begin(self.judge, probe, history, measurement);
        if let Some(probe) = expected
            && judgement.wants_healthy_page()
        {
            if let Some(known) = self.healthy.page(self.judge, self.reader, probe, &key.1)? {
                judgement.compare_with_healthy(known);
            } else if rests_on_healthy(&record.rule) && judgement.verdict().rule != record.rule {
                // What it was held against is no longer kept: the loss stands as it was told.
                self.found.skipped += 1;
                return Ok(stored_verdict(record));
            }
        }
        self.found.judged += u64::from(!record.place.control);
        let (verdict, values) = judgement.into_verdict();
        self.series
            .take(&key.0, &key.1, record.started, verdict.code, values.clone());
        let same = verdict.code == record.code
            && verdict.rule == record.rule
            && verdict.signature == record.signature;
        if same || record.place.control {
            return Ok(verdict);
        }
        let change = format!(
            "{} from {} at {}: {} instead of {}",
            key.0,
            key.1,
            iso(record.started),
            verdict.code,
            record.code
        );
        let new = NewVerdict {
            uid: record.uid.clone(),
            verdict: verdict.clone(),
            values,
        };
        if record.rule == sibling::RULE && verdict.code == Code::ContentWithdrawn {
            self.redesigns.push((new, change));
            return Ok(verdict);
        }
        if verdict.code != record.code {
            self.found.changes.push(change);
        }
        self.found.derived.verdicts.push(new);
        Ok(verdict)
    }

    /// What a record that keeps its verdict gave is history for those after it.
    fn remember_stored(&mut self, record: &StoredRecord, key: &(ProbeKey, VantageId)) {
        let Some(probe) = self.workspace.catalogue.probe(&key.0) else {
            return;
        };
        if !series::looks_back(probe) {
            return;
        }
        let values = series::recorded(&record.measurement, probe);
        self.series.before(&key.0, &key.1, &record.place.round);
        self.series
            .take(&key.0, &key.1, record.started, record.code, values);
    }

    fn control_of(&self, record: &StoredRecord) -> Option<crate::model::round::ControlResult> {
        let url = url::Url::parse(&record.measurement.input).ok()?;
        let vantages = &self.workspace.settings.vantages;
        let known = vantages
            .iter()
            .filter(|v| v.id == record.place.vantage)
            .flat_map(|v| &v.controls)
            .find(|c| c.url == url);
        // Of a vantage elsewhere, or of one that had other controls then: that it answered is what counts.
        let plain = Control { url, body: None };
        let control = known.unwrap_or(&plain);
        self.judge.control_passes(&record.measurement, control)
    }
}

/// A verdict that is not judged anew keeps the facts that it rests on: the store has them where they were told.
fn keep_facts(
    replay: &mut Replay,
    kept: &BTreeMap<i64, Incident>,
    before: &BTreeMap<(ProbeKey, VantageId), Status>,
) {
    for (key, status) in &mut replay.book.statuses {
        let same = |old: &&Status| old.measurement == status.measurement && old.code == status.code;
        if let Some(old) = before.get(key).filter(same) {
            fill_in(&mut status.limit, old.limit.as_ref());
            fill_in(&mut status.missed, old.missed.as_ref());
            fill_in(&mut status.words, old.words.as_ref());
        }
    }
    let open = replay.book.incidents.values_mut();
    for incident in replay.incidents.values_mut().chain(open) {
        let Some(old) = kept.get(&incident.id) else {
            continue;
        };
        for (vantage, part) in &mut incident.vantages {
            let same =
                |old: &&VantagePart| old.code == part.code && old.first_bad == part.first_bad;
            if let Some(old) = old.vantages.get(vantage).filter(same) {
                fill_in(&mut part.limit, old.limit.as_ref());
                fill_in(&mut part.missed, old.missed.as_ref());
                fill_in(&mut part.words, old.words.as_ref());
                for phase in &mut part.phases {
                    let mut phases = old.phases.iter();
                    let same = phases.find(|p| p.code == phase.code && p.from == phase.from);
                    fill_in(&mut phase.words, same.and_then(|p| p.words.as_ref()));
                }
            }
        }
    }
}

fn fill_in(fact: &mut Option<String>, from: Option<&String>) {
    if fact.is_none() {
        *fact = from.cloned();
    }
}

/// Whether a verdict of this rule was found by a comparison with the last healthy page.
fn rests_on_healthy(rule: &str) -> bool {
    let named = |name: &str| name == "words";
    rule.starts_with("content.replaced") || rule.rsplit('.').next().is_some_and(named)
}

fn stored_verdict(record: &StoredRecord) -> Verdict {
    Verdict {
        code: record.code,
        locus: record.locus,
        rule: record.rule.clone(),
        failure: record.failure.clone(),
        signature: record.signature.clone(),
        evidence: Vec::new(),
        text: verdict::code(Language::En, record.code).says.to_owned(),
    }
}

fn in_short(incident: &Incident) -> String {
    let state = if incident.is_open() { "open" } else { "ended" };
    format!("{}, {}, {state}", incident.to, incident.finding)
}

/// What changes, in words.
fn note_changes(
    found: &mut Again,
    replay: &Replay,
    kept: &BTreeMap<i64, Incident>,
    before: &BTreeMap<(ProbeKey, VantageId), Status>,
) {
    for (key, status) in &replay.book.statuses {
        let old = before.get(key);
        if old.is_none_or(|old| old.code != status.code) {
            found.changes.push(format!(
                "status of {} from {}: {} instead of {}",
                key.0,
                key.1,
                status.code,
                old.map_or("none", |s| s.code.as_str())
            ));
        }
    }
    for key in &found.derived.removed_statuses {
        let was = before.get(key).map_or("none", |s| s.code.as_str());
        let change = format!("status of {} from {}: none instead of {was}", key.0, key.1);
        found.changes.push(change);
    }
    for incident in replay.incidents.values() {
        let Some(old) = kept.get(&incident.id) else {
            found
                .changes
                .push(format!("incident #{} is new: {}", incident.id, incident.to));
            continue;
        };
        let told = |i: &Incident| (i.finding, i.to, i.ended.is_some());
        if told(old) != told(incident) {
            found.changes.push(format!(
                "incident #{}: {} instead of {}",
                incident.id,
                in_short(incident),
                in_short(old)
            ));
        }
    }
    for id in &found.derived.removed_incidents {
        found.changes.push(format!("incident #{id} is none"));
    }
}
