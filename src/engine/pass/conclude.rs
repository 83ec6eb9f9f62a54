//! The conclusion of a pass: the tracker updates the state, mails are composed, and everything is
//! committed.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::alert::assign_threads;
use crate::alert::compose::compose_in;
use crate::engine::error::EngineError;
use crate::engine::evidence;
use crate::engine::ports::{Measurer, PassStore};
use crate::engine::setup::Engine;
use crate::model::event::PassOutcome;
use crate::model::incident::MailState;
use crate::model::mail::{NewMail, Notice};
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::round::Pass;
use crate::model::tracker_state::TrackerState;
use crate::model::{ProbeKey, Status, Time, VantageId};
use crate::store::{DiscardedRound, MissedRound, NewEvidence, PassCommit};
use crate::track;
use crate::track::sibling;

use super::report::{MeasuredPass, PassOptions, PassReport};

impl<M: Measurer, S: PassStore> Engine<M, S> {
    /// Tracks and commits what was measured here, and composes mails.
    pub(super) async fn conclude(
        &self,
        measured: MeasuredPass,
        options: &PassOptions,
    ) -> Result<PassReport, EngineError> {
        let politeness = self.measurer.politeness();
        self.conclude_with(measured, politeness, options).await
    }
}

impl<M, S: PassStore> Engine<M, S> {
    /// Tracks and commits a pass that was made elsewhere, and composes mails. Returns what did not
    /// go well with the files of evidence.
    pub(in crate::engine) async fn conclude_foreign(
        &self,
        mut pass: Pass,
        missed: Vec<MissedRound>,
        set_aside: Vec<DiscardedRound>,
        options: &PassOptions,
    ) -> Result<Vec<String>, EngineError> {
        let before = self.store.state().await?;
        let catalogue = &self.workspace.catalogue;
        let reconsidered = sibling::reconsider(&mut pass.rounds, catalogue, &before);
        drop(before);
        let measured = MeasuredPass {
            pass,
            missed,
            set_aside,
            reconsidered,
        };
        let nothing = (Vec::new(), Vec::new());
        let report = self.conclude_with(measured, nothing, options).await?;
        Ok(report.evidence_notes)
    }

    async fn conclude_with(
        &self,
        measured: MeasuredPass,
        (back_offs, robots): (Vec<BackOff>, Vec<RobotsCopy>),
        options: &PassOptions,
    ) -> Result<PassReport, EngineError> {
        let pass = measured.pass;
        let _hold = self.store.hold(pass.at).await?;
        // Read again: people may have acknowledged or accepted something during the measurement.
        let mut tracker = self.store.state().await?;
        let (catalogue, settings) = (&self.workspace.catalogue, &self.workspace.settings);
        let before = evidence::codes(&tracker);
        let mut outcome = track::track(&mut tracker, &pass, catalogue, settings);
        assign_threads(&mut outcome, &mut tracker, pass.at);
        let changes = evidence::changes(&before, &outcome.statuses);
        let cited = outcome.incidents.iter().flat_map(|i| i.evidence.clone());
        let mut evidence = self
            .write_evidence(changes, cited.collect(), &measured.reconsidered, pass.at)
            .await?;
        let unread = self
            .quote_evidence(&mut outcome, &mut tracker, &evidence.new)
            .await?;
        evidence.notes.extend(unread);
        let mails = if options.alerts {
            self.compose(&tracker, &outcome, &evidence.new, pass.at, options)
                .await?
        } else {
            keep_notices_for_next_pass(&mut outcome, &mut tracker);
            Vec::new()
        };
        let composed = mails.len();
        let commit = Arc::new(PassCommit {
            pass,
            outcome,
            mails,
            back_offs,
            robots,
            missed: measured.missed,
            set_aside: measured.set_aside,
            reconsidered: measured.reconsidered,
            evidence: evidence.new,
        });
        self.store.commit(Arc::clone(&commit)).await?;
        self.evidence_committed();
        // The writer has let go of it: nothing is copied.
        let commit = Arc::unwrap_or_clone(commit);
        Ok(PassReport {
            pass: commit.pass,
            outcome: commit.outcome,
            tracker,
            mails: composed,
            evidence_notes: evidence.notes,
            chain_fault: None,
        })
    }

    /// The mails of a pass; they wait for others that may join them.
    async fn compose(
        &self,
        tracker: &TrackerState,
        outcome: &PassOutcome,
        kept: &NewEvidence,
        at: Time,
        options: &PassOptions,
    ) -> Result<Vec<NewMail>, EngineError> {
        if outcome.notices.is_empty() {
            return Ok(Vec::new());
        }
        let evidence = outcome.incidents.iter().flat_map(|i| i.evidence.clone());
        let mut facts = self.store.mail_facts(evidence.collect()).await?;
        facts.records.extend(kept.main_records());
        let context = facts.context(&self.workspace, tracker, Some(outcome), at);
        let mut mails = compose_in(&context, &outcome.notices);
        let wait = TimeDelta::from_std(options.group_wait).unwrap_or_default();
        for mail in &mut mails {
            mail.not_before += wait;
        }
        Ok(mails)
    }
}

/// A pass that may not mail leaves its notices to the next one that may.
fn keep_notices_for_next_pass(outcome: &mut PassOutcome, tracker: &mut TrackerState) {
    let notices = std::mem::take(&mut outcome.notices);
    for notice in &notices {
        match notice {
            Notice::Opened { incident } => leave(outcome, tracker, *incident, MailState::Digest),
            Notice::Recovered { incident } => leave(outcome, tracker, *incident, MailState::Mailed),
            Notice::NoData { probe, vantage, .. } => {
                unmark(outcome, tracker, probe, vantage, |s| {
                    s.no_data_notified = None;
                });
            }
            Notice::Flapping { probe, vantage } => {
                unmark(outcome, tracker, probe, vantage, |s| {
                    s.flapping_notified = None;
                });
            }
            // The initial report stays pending because its mark is not set; later notices come with
            // the next change, and an improvement is among the events.
            Notice::FirstLetter | Notice::Updated { .. } | Notice::Improved { .. } => {}
        }
    }
    outcome.notices = notices;
    outcome.notices.retain(|n| *n != Notice::FirstLetter);
}

fn leave(outcome: &mut PassOutcome, tracker: &mut TrackerState, id: i64, mail: MailState) {
    let changed = outcome.incidents.iter_mut().find(|i| i.id == id);
    for incident in changed.into_iter().chain(tracker.incidents.get_mut(&id)) {
        incident.mail = mail;
    }
}

/// Removes the mark that people were notified of a status.
fn unmark(
    outcome: &mut PassOutcome,
    tracker: &mut TrackerState,
    probe: &ProbeKey,
    vantage: &VantageId,
    clear: impl Fn(&mut Status),
) {
    let is_it = |s: &&mut Status| s.probe == *probe && s.vantage == *vantage;
    let changed = outcome.statuses.iter_mut().find(is_it);
    let key = (probe.clone(), vantage.clone());
    for status in changed.into_iter().chain(tracker.statuses.get_mut(&key)) {
        clear(status);
    }
}
