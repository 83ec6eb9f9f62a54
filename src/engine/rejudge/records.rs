//! Every stored record in order of time: rejudged, or with its stored verdict.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::config::Workspace;
use crate::engine::healthy::HealthyPages;
use crate::engine::judgement::{Judgement, attempt_of};
use crate::judge;
use crate::judge::Judge;
use crate::model::page::Value;
use crate::model::reference::ShownDigest;
use crate::model::round::ControlResult;
use crate::model::time::{EARLIEST_RECORD, iso};
use crate::model::vantage::Control;
use crate::model::{Code, Observation, ProbeKey, Time, VantageId, Verdict};
use crate::store::{
    BodyState, NewVerdict, Reader, RowFilter, StoreError, StoredRecord, UnderivedRecords,
};
use crate::track::sibling;

use super::history::{self, ValueHistory};
use super::passes::JudgedRecord;

/// What is rejudged; other records keep their verdicts.
#[derive(Debug, Clone, PartialEq)]
pub enum RejudgeScope {
    /// Everything made at or after this time.
    Since(Time),
    /// Records of these series from the given times on: records came late, so later ones are
    /// compared with another history.
    Series(BTreeMap<(ProbeKey, VantageId), Time>),
}

impl RejudgeScope {
    fn holds(&self, key: &(ProbeKey, VantageId), at: Time) -> bool {
        match self {
            RejudgeScope::Since(since) => at >= *since,
            RejudgeScope::Series(from) => from.get(key).is_some_and(|from| at >= *from),
        }
    }

    /// The vantages whose underived records it derives.
    pub(super) fn settled(&self, left: &UnderivedRecords) -> BTreeSet<VantageId> {
        match self {
            RejudgeScope::Since(since) => {
                let own = left.series.iter().filter(|(_, at)| *at >= since);
                own.map(|((_, vantage), _)| vantage.clone()).collect()
            }
            RejudgeScope::Series(from) => from.keys().map(|key| key.1.clone()).collect(),
        }
    }
}

/// Records with their verdicts, and the differences from the stored verdicts.
#[derive(Debug, Default)]
pub(super) struct ReplayedRecords {
    pub(super) judged: Vec<JudgedRecord>,
    /// Verdicts that differ from the stored ones.
    pub(super) verdicts: Vec<NewVerdict>,
    /// The same in words.
    pub(super) changes: Vec<String>,
    /// Withdrawals that their whole passes called something else. Each comes with the change that
    /// applies when its pass no longer does so.
    pub(super) withdrawals: Vec<(NewVerdict, String)>,
    /// How many were rejudged.
    pub(super) judged_again: u64,
    /// How many of them were compared with the last healthy page.
    pub(super) compared: u64,
    /// How many kept the stored verdict because its basis is gone.
    pub(super) skipped: u64,
    /// The time of the oldest record.
    pub(super) from: Option<Time>,
}

/// The records of `filter` with their stored verdicts.
pub(in crate::engine) fn load_judged(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    filter: &RowFilter,
) -> Result<Vec<JudgedRecord>, StoreError> {
    let nothing = RejudgeScope::Series(BTreeMap::new());
    Ok(replay_records(workspace, judge, reader, &nothing, filter)?.judged)
}

/// Reads the records of `filter` in order; those within `scope` are rejudged.
pub(super) fn replay_records(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    scope: &RejudgeScope,
    filter: &RowFilter,
) -> Result<ReplayedRecords, StoreError> {
    let mut replay = RecordReplay {
        workspace,
        judge,
        reader,
        scope,
        values: ValueHistory::default(),
        healthy: HealthyPages::default(),
        found: ReplayedRecords::default(),
    };
    let mut failed = None;
    reader.visit_records(filter, &mut |record| {
        failed = replay.add(record).err();
        failed.is_none()
    })?;
    failed.map_or(Ok(replay.found), Err)
}

/// The state at the current record.
struct RecordReplay<'a> {
    workspace: &'a Workspace,
    judge: &'a Judge,
    reader: &'a Reader,
    scope: &'a RejudgeScope,
    values: ValueHistory,
    healthy: HealthyPages,
    found: ReplayedRecords,
}

impl RecordReplay<'_> {
    fn add(&mut self, record: StoredRecord) -> Result<(), StoreError> {
        if record.started < EARLIEST_RECORD {
            return Ok(()); // No clock was right then: `doctor` reports it.
        }
        if record.measurement.is_of_links() {
            return Ok(()); // The states of cited links do not follow from statuses.
        }
        self.found.from.get_or_insert(record.started);
        let key = (record.place.probe.clone(), record.place.vantage.clone());
        let wanted = self.scope.holds(&key, record.started);
        let (observed, shown) = if wanted && record.body == BodyState::Whole {
            self.judge_again(&record, &key)?
        } else {
            self.found.skipped += u64::from(wanted && !record.place.control);
            self.remember_stored(&record, &key);
            (stored(&record), None)
        };
        let is_control = record.place.control;
        let control = is_control.then(|| self.control_of(&record)).flatten();
        if is_control && control.is_none() {
            return Ok(()); // Its address is unreadable, or it was not requested.
        }
        if observed.code == Code::Ok && !is_control {
            self.healthy.note(&key, &record.uid, shown);
        }
        let mut attempt = attempt_of(&record.measurement, observed, record.place.attempt);
        attempt.uid = record.uid;
        self.found.judged.push(JudgedRecord {
            pass: record.measurement.extra().and_then(|x| x.pass.clone()),
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
    ) -> Result<(Observation, Option<ShownDigest>), StoreError> {
        let probe = self.workspace.catalogue.probe(&record.place.probe);
        let history = self.values.before(&key.0, &key.1, &record.place.round);
        let expected = probe.filter(|_| !record.place.control);
        let measurement = Cow::Borrowed(&record.measurement);
        let mut judgement = Judgement::begin(self.judge, probe, history, measurement);
        if let Some(probe) = expected
            && judgement.wants_healthy_page()
            && !self.healthy.shows(key, judgement.shown())
        {
            if let Some(known) = self.healthy.page(self.judge, self.reader, probe, &key.1)? {
                self.found.compared += 1;
                judgement.compare_with_healthy(known);
            } else if rests(record, judgement.verdict()) {
                // The page for its comparison is no longer stored, so the stored loss stands.
                self.found.skipped += 1;
                return Ok((stored(record), None));
            }
        }
        self.found.judged_again += u64::from(!record.place.control);
        let shown = judgement.shown();
        let (verdict, values) = judgement.into_verdict();
        self.values
            .add(&key.0, &key.1, record.started, verdict.code, values.clone());
        let observed = verdict.observed(record.measurement.http_status());
        self.note_observation(record, &observed, values);
        Ok((observed, shown))
    }

    /// Records the differences from the stored observation.
    fn note_observation(
        &mut self,
        record: &StoredRecord,
        observed: &Observation,
        values: BTreeMap<String, Value>,
    ) {
        let before = stored(record);
        if *observed == before || record.place.control {
            return;
        }
        let change = format!(
            "{} from {} at {}: {} instead of {}",
            record.place.probe,
            record.place.vantage,
            iso(record.started),
            observed.code,
            before.code
        );
        let new = NewVerdict {
            uid: record.uid.clone(),
            observed: observed.clone(),
            values,
        };
        let was_redesign = before.rule.is_some_and(|rule| rule == sibling::RULE);
        if was_redesign && observed.code == Code::ContentWithdrawn {
            self.found.withdrawals.push((new, change));
            return;
        }
        if observed.code != before.code {
            self.found.changes.push(change);
        }
        self.found.verdicts.push(new);
    }

    /// The values of a record that keeps its verdict are history for later ones.
    fn remember_stored(&mut self, record: &StoredRecord, key: &(ProbeKey, VantageId)) {
        let probe = self.workspace.catalogue.probe(&key.0);
        let Some(probe) = probe.filter(|p| history::looks_back(p)) else {
            return;
        };
        let values = history::recorded(&record.measurement, probe);
        self.values.before(&key.0, &key.1, &record.place.round);
        self.values
            .add(&key.0, &key.1, record.started, record.observed.code, values);
    }

    fn control_of(&self, record: &StoredRecord) -> Option<ControlResult> {
        let url = url::Url::parse(&record.measurement.input).ok()?;
        let vantages = &self.workspace.settings.vantages;
        let known = vantages
            .iter()
            .filter(|v| v.id == record.place.vantage)
            .flat_map(|v| &v.controls)
            .find(|c| c.url == url);
        // The record is from a vantage elsewhere, or from a time with other controls: any answer
        // counts.
        let plain = Control {
            url,
            body: None,
            echo: false,
        };
        let control = known.unwrap_or(&plain);
        self.judge.control_passes(&record.measurement, control)
    }
}

/// Whether another rule would now decide a loss that was found by comparing with the last healthy
/// page.
fn rests(record: &StoredRecord, now: &Verdict) -> bool {
    let before = record.observed.rule.as_ref();
    before.is_some_and(|rule| judge::compares(rule) && now.rule != *rule)
}

/// The stored observation of a record; most sentences follow from the rule.
fn stored(record: &StoredRecord) -> Observation {
    let mut observed = record.observed.clone();
    if observed.saying.is_of_rule()
        && let Some(rule) = &observed.rule
    {
        observed.saying = judge::saying_of(rule);
    }
    observed
}
