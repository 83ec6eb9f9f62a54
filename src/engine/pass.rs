//! A pass: everything due is measured, then what it all means is written in one commit.
//!
//! Measurements are stored as they are made (`measure`); statuses, incidents, mails and roll-ups are
//! written once, in one transaction, at the end. A pass that is cut short has therefore lost nothing
//! that was reported, and its rounds stay due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use crate::alert::compose::compose_in;
use crate::alert::{World, assign_threads};
use crate::judge::track;
use crate::model::book::Book;
use crate::model::event::PassOutcome;
use crate::model::incident::MailState;
use crate::model::mail::Notice;
use crate::model::round::{Pass, VantageRound};
use crate::model::{Code, ProbeKey, Status, VantageId};
use crate::store::{Lock, LockOn, Missed, MissedKind, PassCommit, Reader};

use super::due::Job;
use super::error::EngineError;
use super::observer::Observer;
use super::setup::Engine;

/// How long a finished pass waits for somebody who changes statuses or incidents at the same moment: an
/// ingest of a large file at most.
const PATIENCE: Duration = Duration::from_secs(600);

/// How a pass is to be made.
#[derive(Clone)]
pub struct PassOptions {
    /// Compose mails.
    pub alerts: bool,
    /// Mails wait this long for what may join them (the daemon's `group_wait`).
    pub group_wait: Duration,
    pub observer: Arc<dyn Observer>,
}

/// What a pass did.
#[derive(Debug, Clone, PartialEq)]
pub struct PassReport {
    pub pass: Pass,
    pub outcome: PassOutcome,
    /// The book after the pass.
    pub book: Book,
    /// Mails put into the outbox.
    pub mails: usize,
}

impl Engine {
    /// Makes one pass over `jobs` and commits it.
    pub async fn pass(
        self: &Arc<Self>,
        jobs: Vec<Job>,
        options: &PassOptions,
    ) -> Result<PassReport, EngineError> {
        self.catch_up().await?;
        let before = self.store.book().await?;
        self.forget_ahead(self.clock.now()).await?;
        self.prober
            .restore(self.store.manners().await?.0, Vec::new());
        options.observer.planned(jobs.len());
        let mut missed = gaps(&jobs);
        let measured = self.measure(jobs, &before, options).await?;
        self.note_clock(&measured.pass);
        let undated = undated(&measured.pass);
        missed.retain(|m| !undated.contains(&m.vantage));
        drop(before);
        let path = self.store.path();
        let _book = Lock::wait(PATIENCE, LockOn::Book, path, "pass", measured.pass.at).await?;
        // Read again: people may have acknowledged or accepted something while it was measured.
        let mut book = self.store.book().await?;
        let not_made = measured.missed.into_iter();
        missed.extend(not_made.filter(|m| !undated.contains(&m.vantage)));
        let pass = measured.pass;
        let settings = &self.workspace.settings;
        let catalogue = &self.workspace.catalogue;
        let mut outcome = track::track(&mut book, &pass, catalogue, settings);
        assign_threads(&mut outcome, &mut book, pass.at);
        let mails = if options.alerts {
            let notes = self.store.notes().await?;
            let hashes = if outcome.notices.is_empty() {
                BTreeMap::new()
            } else {
                self.evidence_hashes(outcome.incidents.iter()).await?
            };
            let world = World {
                book: &book,
                outcome: Some(&outcome),
                catalogue,
                settings,
                notes: &notes,
                hashes: &hashes,
                now: pass.at,
            };
            let mut mails = compose_in(&world, &outcome.notices);
            let wait = TimeDelta::from_std(options.group_wait).unwrap_or_default();
            for mail in &mut mails {
                mail.not_before += wait;
            }
            mails
        } else {
            leave_untold(&mut outcome, &mut book);
            Vec::new()
        };
        self.store
            .put_watched(catalogue, &settings.vantages)
            .await?;
        let (back_offs, robots) = self.prober.manners();
        let composed = mails.len();
        let commit = Arc::new(PassCommit {
            pass,
            outcome,
            mails,
            back_offs,
            robots,
            missed,
            set_aside: measured.set_aside,
            reconsidered: measured.reconsidered,
        });
        self.store.commit(Arc::clone(&commit)).await?;
        // The writer has let go of it: nothing is copied.
        let commit = Arc::unwrap_or_clone(commit);
        Ok(PassReport {
            pass: commit.pass,
            outcome: commit.outcome,
            book,
            mails: composed,
        })
    }
}

impl Engine {
    /// What a killed process left is told first; nobody else tells of anything meanwhile.
    pub async fn catch_up(&self) -> Result<bool, EngineError> {
        if self.store.with_reader(Reader::underived).await?.is_empty() {
            return Ok(false);
        }
        let now = self.clock.now();
        let path = self.store.path();
        let _book = Lock::wait(PATIENCE, LockOn::Book, path, "pass", now).await?;
        super::rejudge::catch_up::catch_up(&self.workspace, &self.judge, &self.store).await
    }
}

/// A pass that may not mail leaves what it would have told to the next one that may.
fn leave_untold(outcome: &mut PassOutcome, book: &mut Book) {
    let notices = std::mem::take(&mut outcome.notices);
    for notice in &notices {
        match notice {
            Notice::Opened { incident } => leave(outcome, book, *incident, MailState::Digest),
            Notice::Recovered { incident } => leave(outcome, book, *incident, MailState::Mailed),
            Notice::Blind { probe, vantage, .. } => {
                again(outcome, book, probe, vantage, |s| s.blind_told = None);
            }
            Notice::Flapping { probe, vantage } => {
                again(outcome, book, probe, vantage, |s| s.flapping_told = None);
            }
            // The first letter is kept back by the mark that is not set; what goes on is told with the
            // next change, and an improvement stands in the events.
            Notice::FirstLetter | Notice::Updated { .. } | Notice::Improved { .. } => {}
        }
    }
    outcome.notices = notices;
    outcome.notices.retain(|n| *n != Notice::FirstLetter);
}

fn leave(outcome: &mut PassOutcome, book: &mut Book, id: i64, mail: MailState) {
    let changed = outcome.incidents.iter_mut().find(|i| i.id == id);
    for incident in changed.into_iter().chain(book.incidents.get_mut(&id)) {
        incident.mail = mail;
    }
}

/// Takes back that people were told of a status.
fn again(
    outcome: &mut PassOutcome,
    book: &mut Book,
    probe: &ProbeKey,
    vantage: &VantageId,
    untell: impl Fn(&mut Status),
) {
    let is_it = |s: &&mut Status| s.probe == *probe && s.vantage == *vantage;
    let changed = outcome.statuses.iter_mut().find(is_it);
    let key = (probe.clone(), vantage.clone());
    for status in changed.into_iter().chain(book.statuses.get_mut(&key)) {
        untell(status);
    }
}

/// Vantages whose controls prove our clock wrong: when a round of theirs should have been is not known.
fn undated(pass: &Pass) -> BTreeSet<VantageId> {
    let wrong = |v: &&VantageRound| v.code == Some(Code::VantageClock);
    let vantages = pass.vantages.iter().filter(wrong);
    vantages.map(|v| v.vantage.clone()).collect()
}

/// The rounds that the schedule asked for while nothing ran.
fn gaps(jobs: &[Job]) -> Vec<Missed> {
    let missed = |job: &Job| {
        let (probe, vantage) = (job.probe.clone(), job.vantage.clone());
        job.gaps.clone().into_iter().map(move |at| Missed {
            probe: probe.clone(),
            vantage: vantage.clone(),
            at,
            kind: MissedKind::Gap,
        })
    };
    jobs.iter().flat_map(missed).collect()
}
