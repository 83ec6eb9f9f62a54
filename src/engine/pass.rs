//! A pass: everything due is measured, then what it all means is written in one commit.
//!
//! Measurements are stored as they are made (`measure`); statuses, incidents, mails and roll-ups are
//! written once, in one transaction, at the end. A pass that is cut short has therefore lost nothing
//! that was reported, and its rounds stay due.

use std::collections::BTreeMap;
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
use crate::model::round::Pass;
use crate::store::{Lock, LockOn, Missed, MissedKind, PassCommit};

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
        let before = self.store.book().await?;
        self.prober
            .restore(self.store.manners().await?.0, Vec::new());
        options.observer.planned(jobs.len());
        let mut missed = gaps(&jobs);
        let measured = self.measure(jobs, &before, options).await?;
        drop(before);
        let path = self.store.path();
        let _book = Lock::wait(PATIENCE, LockOn::Book, path, "pass", measured.pass.at).await?;
        // Read again: people may have acknowledged or accepted something while it was measured.
        let mut book = self.store.book().await?;
        missed.extend(measured.missed);
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
        let (back_offs, robots) = self.prober.manners();
        let composed = mails.len();
        self.store
            .commit(PassCommit {
                pass: pass.clone(),
                outcome: outcome.clone(),
                mails,
                back_offs,
                robots,
                missed,
                set_aside: measured.set_aside,
                reconsidered: measured.reconsidered,
            })
            .await?;
        Ok(PassReport {
            pass,
            outcome,
            book,
            mails: composed,
        })
    }
}

/// A pass that may not mail leaves what it would have told to the next one that may.
fn leave_untold(outcome: &mut PassOutcome, book: &mut Book) {
    for notice in &outcome.notices {
        let Notice::Opened { incident } = notice else {
            continue;
        };
        let changed = outcome.incidents.iter_mut().find(|i| i.id == *incident);
        for incident in changed.into_iter().chain(book.incidents.get_mut(incident)) {
            incident.mail = MailState::Digest;
        }
    }
    outcome.notices.retain(|n| *n != Notice::FirstLetter);
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
