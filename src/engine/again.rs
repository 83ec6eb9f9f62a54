//! Everything derived again from the stored measurements: what `rejudge` shows and writes, and what
//! `ingest` writes after it took records that may be late.

use std::collections::BTreeMap;

use crate::config::Workspace;
use crate::i18n::verdict;
use crate::judge::Judge;
use crate::judge::track::{self, Replay};
use crate::model::event::PassOutcome;
use crate::model::page::Value;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{Code, Incident, ProbeKey, Status, Time, VantageId, Verdict};
use crate::store::{
    BodyState, Derived, Filter, IncidentFilter, NewVerdict, Place, Reader, StoreError, StoredRecord,
};

use super::derive::{self, Judged};
use super::round::attempt_of;
use super::series::Series;

/// Which stored records are judged anew; the others keep their verdict.
#[derive(Debug, Clone)]
pub enum Anew {
    /// Those at or after a time.
    Since(Time),
    /// Of these series those at or after a time: records that came late are in their history now.
    Late(BTreeMap<(ProbeKey, VantageId), Time>),
}

impl Anew {
    fn wants(&self, place: &Place, started: Time) -> bool {
        match self {
            Anew::Since(since) => started >= *since,
            Anew::Late(late) => late
                .get(&(place.probe.clone(), place.vantage.clone()))
                .is_some_and(|since| started >= *since),
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
    /// The oldest measurement there is.
    pub from: Option<Time>,
}

/// Goes through every stored record in order. Those that `anew` names are judged again; statuses and
/// incidents are told from the beginning either way.
pub fn again(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    anew: &Anew,
) -> Result<Again, StoreError> {
    let mut past = Past {
        workspace,
        judge,
        anew,
        series: seeds(reader)?,
        found: Again::default(),
        judged: Vec::new(),
    };
    reader.visit_records(&Filter::default(), &mut |record| {
        past.take(record);
        true
    })?;
    let Past {
        mut found, judged, ..
    } = past;
    let stored = reader.incidents(&IncidentFilter::default())?;
    let before = reader.book()?;
    let events = reader.events(Time::MIN_UTC, Time::MAX_UTC)?;
    let deeds = track::deeds(&events, &stored);
    let mut replay = derive::tell(workspace, judged, &deeds);
    let kept = stored.iter().map(|i| (i.id, i.clone())).collect();
    let gone = track::reconcile(&mut replay, &kept, before.next_incident);
    // What began before the oldest measurement that is kept cannot be told again: it stays.
    let from = found.from;
    found.derived.removed_incidents = gone
        .into_iter()
        .filter(|id| from.is_some_and(|from| kept[id].first_bad >= from))
        .collect();
    note_changes(&mut found, &replay, &kept, &before.statuses);
    found.derived.outcome = PassOutcome {
        statuses: replay.book.statuses.into_values().collect(),
        incidents: replay.incidents.into_values().collect(),
        vantages: replay.book.vantages.into_values().collect(),
        events: replay.events,
        notices: Vec::new(),
    };
    Ok(found)
}

struct Past<'a> {
    workspace: &'a Workspace,
    judge: &'a Judge,
    anew: &'a Anew,
    series: BTreeMap<(ProbeKey, VantageId), Series>,
    found: Again,
    judged: Vec<Judged>,
}

impl Past<'_> {
    fn take(&mut self, record: StoredRecord) {
        self.found.from.get_or_insert(record.started);
        let key = (record.place.probe.clone(), record.place.vantage.clone());
        let wanted = self.anew.wants(&record.place, record.started);
        let verdict = if wanted && record.body == BodyState::Whole {
            self.judge_again(&record, &key)
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
            return; // A control that is configured no longer says nothing of its vantage.
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
    }

    /// The values of a record that is not judged again are part of the history all the same.
    fn remember_stored(&mut self, record: &StoredRecord, key: &(ProbeKey, VantageId)) {
        if record.code != Code::Ok || record.place.control {
            return;
        }
        let specs = self.workspace.catalogue.probe(&key.0).map(|p| &p.values);
        let (Some(specs), Some(extra)) = (specs, record.measurement.extra()) else {
            return;
        };
        let values: BTreeMap<String, Value> = specs
            .iter()
            .filter_map(|spec| {
                let value = Value::of_json(spec.kind, extra.values.get(&spec.name)?)?;
                Some((spec.name.clone(), value))
            })
            .collect();
        if !values.is_empty() {
            let series = self.series.entry(key.clone()).or_default();
            series.remember(&record.place.round, record.started, &values);
        }
    }

    fn judge_again(&mut self, record: &StoredRecord, key: &(ProbeKey, VantageId)) -> Verdict {
        let probe = self.workspace.catalogue.probe(&record.place.probe);
        let reading = self.judge.read(&record.measurement, probe);
        let series = self.series.entry(key.clone()).or_default();
        let verdict = self.judge.decide(
            &reading,
            &record.measurement,
            probe,
            &series.before(&record.place.round),
            record.started,
        );
        self.found.judged += u64::from(!record.place.control);
        let values = reading.facts.values;
        if verdict.code == Code::Ok {
            series.remember(&record.place.round, record.started, &values);
        }
        let same = verdict.code == record.code
            && verdict.rule == record.rule
            && verdict.signature == record.signature;
        if !same && !record.place.control {
            if verdict.code != record.code {
                self.found.changes.push(format!(
                    "{} from {} at {}: {} instead of {}",
                    key.0,
                    key.1,
                    iso(record.started),
                    verdict.code,
                    record.code
                ));
            }
            self.found.derived.verdicts.push(NewVerdict {
                uid: record.uid.clone(),
                verdict: verdict.clone(),
                values,
            });
        }
        verdict
    }

    fn control_of(&self, record: &StoredRecord) -> Option<crate::model::round::ControlResult> {
        let vantage = self
            .workspace
            .settings
            .vantages
            .iter()
            .find(|v| v.id == record.place.vantage)?;
        let control = vantage
            .controls
            .iter()
            .find(|c| c.url.as_str() == record.measurement.input)?;
        Some(self.judge.control_passes(&record.measurement, control))
    }
}

/// What is known of each series from before the oldest record that is kept.
fn seeds(reader: &Reader) -> Result<BTreeMap<(ProbeKey, VantageId), Series>, StoreError> {
    let mut oldest = None;
    reader.visit_records(&Filter::default(), |record| {
        oldest = Some(record.started);
        false
    })?;
    let Some(oldest) = oldest else {
        return Ok(BTreeMap::new());
    };
    let mut seeds = BTreeMap::new();
    for (probe, vantage) in reader.book()?.statuses.into_keys() {
        let history = reader.history_before(&probe, &vantage, oldest)?;
        if !history.is_empty() {
            seeds.insert((probe, vantage), Series::from(history));
        }
    }
    Ok(seeds)
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
                "incident #{}: {}, {} instead of {}, {}",
                incident.id, incident.to, incident.finding, old.to, old.finding
            ));
        }
    }
    for id in &found.derived.removed_incidents {
        found.changes.push(format!("incident #{id} is none"));
    }
}
