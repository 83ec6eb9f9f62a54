//! Everything derived again from the stored measurements: what `rejudge` shows and writes, and what
//! `ingest` writes after it took records that may be late.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::config::Workspace;
use crate::i18n::verdict;
use crate::judge::Judge;
use crate::model::event::{Event, PassOutcome};
use crate::model::incident::MailState;
use crate::model::page::{History, PastValue, Value};
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{Code, Incident, ProbeKey, Status, Time, VantageId, Verdict};
use crate::store::{
    BodyState, Derived, Filter, IncidentFilter, NewVerdict, Reader, StoreError, StoredRecord,
};

use super::derive::{self, Judged, Told};
use super::round::attempt_of;

/// Two incidents of one probe that began within this are the same, told by other rules.
const SAME: TimeDelta = TimeDelta::hours(6);
/// Values kept per series while the past is gone through: `max_drop` looks at 30 good ones.
const PAST: usize = 64;

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

/// Goes through every stored record in order. Those at or after `since` are judged anew (none: none
/// is, as `ingest` wants it), the others keep their verdict; statuses and incidents are told from the
/// beginning either way.
pub fn again(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    since: Option<Time>,
) -> Result<Again, StoreError> {
    let mut past = Past {
        workspace,
        judge,
        since,
        series: BTreeMap::new(),
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
    let told = derive::tell(workspace, judged);
    let stored = reader.incidents(&IncidentFilter::default())?;
    let before = reader.book()?;
    settle_accounts(
        &mut found,
        told,
        &stored,
        before.statuses,
        before.next_incident,
    );
    Ok(found)
}

struct Past<'a> {
    workspace: &'a Workspace,
    judge: &'a Judge,
    since: Option<Time>,
    series: BTreeMap<(ProbeKey, VantageId), History>,
    found: Again,
    judged: Vec<Judged>,
}

impl Past<'_> {
    fn take(&mut self, record: StoredRecord) {
        self.found.from.get_or_insert(record.started);
        let key = (record.place.probe.clone(), record.place.vantage.clone());
        let wanted = self.since.is_some_and(|since| record.started >= since);
        let verdict = if wanted && record.body == BodyState::Whole {
            self.judge_again(&record, &key)
        } else {
            self.found.skipped += u64::from(wanted);
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

    fn judge_again(&mut self, record: &StoredRecord, key: &(ProbeKey, VantageId)) -> Verdict {
        let probe = self.workspace.catalogue.probe(&record.place.probe);
        let reading = self.judge.read(&record.measurement, probe);
        let history = self.series.entry(key.clone()).or_default();
        let verdict = self.judge.decide(
            &reading,
            &record.measurement,
            probe,
            history,
            record.started,
        );
        self.found.judged += 1;
        let values = reading.facts.values;
        if verdict.code == Code::Ok {
            remember(history, record.started, &values);
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

fn remember(history: &mut History, at: Time, values: &BTreeMap<String, Value>) {
    for (name, value) in values {
        let past = history.entry(name.clone()).or_default();
        past.push(PastValue {
            at,
            value: value.clone(),
        });
        if past.len() > PAST {
            past.remove(0);
        }
    }
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

/// Puts what was told beside what is stored: the same incidents keep their numbers.
fn settle_accounts(
    found: &mut Again,
    told: Told,
    stored: &[Incident],
    before: BTreeMap<(ProbeKey, VantageId), Status>,
    next_id: i64,
) {
    let numbers = numbers(&told, stored, next_id.max(1));
    let mut outcome = PassOutcome {
        vantages: told.replay.book.vantages.into_values().collect(),
        ..PassOutcome::default()
    };
    for (key, mut status) in told.replay.book.statuses {
        status.folded_into = status.folded_into.and_then(|id| numbers.get(&id).copied());
        match before.get(&key) {
            Some(old) if old.code == status.code => {}
            old => found.changes.push(format!(
                "status of {} from {}: {} instead of {}",
                key.0,
                key.1,
                status.code,
                old.map_or("none", |s| s.code.as_str())
            )),
        }
        outcome.statuses.push(status);
    }
    let kept: BTreeSet<i64> = numbers.values().copied().collect();
    for mut incident in told.replay.incidents.into_values() {
        incident.id = numbers[&incident.id];
        incident.folded_into = incident
            .folded_into
            .and_then(|id| numbers.get(&id).copied());
        match stored.iter().find(|s| s.id == incident.id) {
            Some(old) => {
                incident.mail = old.mail;
                if (old.finding, old.to, old.ended)
                    != (incident.finding, incident.to, incident.ended)
                {
                    found.changes.push(format!(
                        "incident #{}: {}, {} instead of {}, {}",
                        incident.id, incident.to, incident.finding, old.to, old.finding
                    ));
                }
            }
            None => {
                incident.mail = MailState::Digest;
                found
                    .changes
                    .push(format!("incident #{} is new: {}", incident.id, incident.to));
            }
        }
        outcome.incidents.push(incident);
    }
    outcome.events = told
        .events
        .into_iter()
        .map(|event| Event {
            incident: event.incident.and_then(|id| numbers.get(&id).copied()),
            ..event
        })
        .collect();
    for old in stored {
        let within = found.from.is_some_and(|from| old.first_bad >= from);
        if within && !kept.contains(&old.id) {
            found
                .changes
                .push(format!("incident #{} is none: {}", old.id, old.to));
            found.derived.removed_incidents.push(old.id);
        }
    }
    found.derived.outcome = outcome;
}

/// The number each told incident gets: that of the stored one it is, else a new one.
fn numbers(told: &Told, stored: &[Incident], mut next: i64) -> BTreeMap<i64, i64> {
    let mut taken = BTreeSet::new();
    let mut numbers = BTreeMap::new();
    for (id, incident) in &told.replay.incidents {
        let same = stored.iter().find(|old| {
            old.kind == incident.kind
                && old.probe == incident.probe
                && (old.probe.is_some() || old.vantages.keys().eq(incident.vantages.keys()))
                && (old.first_bad - incident.first_bad).abs() <= SAME
                && !taken.contains(&old.id)
        });
        let number = same.map_or_else(
            || {
                next += 1;
                next - 1
            },
            |old| old.id,
        );
        taken.insert(number);
        numbers.insert(*id, number);
    }
    numbers
}
