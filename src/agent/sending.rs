//! How an agent sends what is in its spool: in order, and removed only when the hub has it. Over
//! HTTPS each batch is answered; through a broker several are on their way, and what the broker
//! lost is sent again.

use std::collections::VecDeque;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use super::contact::{AGAIN, Contact, HELLO, RequestKind};
use super::spool::{Batch, SpoolPosition};
use super::transport::{Delivery, HubError, SentBatch, Taken};
use crate::text::clean;

/// So many batches are on their way at once.
const MOST_ON_THE_WAY: usize = 64;
/// What is longer on its way is sent again, before the broker removes it.
const LONGEST_ON_THE_WAY: TimeDelta = TimeDelta::days(7);
/// How often the hub's progress is asked for while something is on its way.
const PROGRESS: Duration = Duration::from_secs(1);

impl Contact {
    /// Sends what is in the spool, in order.
    pub async fn keep_sending(self: Arc<Self>) {
        loop {
            let pause = match self.send_next().await {
                Ok(true) => continue,
                Ok(false) if self.on_the_way().is_empty() => HELLO,
                Ok(false) => PROGRESS,
                Err(error) => {
                    self.note(RequestKind::Records, Some(error));
                    AGAIN
                }
            };
            tokio::select! {
                () = self.filled.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn on_the_way(&self) -> MutexGuard<'_, VecDeque<SentBatch>> {
        self.on_the_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one batch, and removes what the hub has; returns whether there was anything.
    pub async fn send_next(&self) -> Result<bool, HubError> {
        let has_moved = self.settle().await?;
        if self.on_the_way().len() >= MOST_ON_THE_WAY {
            return Ok(has_moved);
        }
        let read = self.store.spool().next_batch();
        let batch = match read {
            Ok(Some(batch)) => batch,
            Ok(None) => return Ok(has_moved),
            Err(error) => {
                tracing::error!("the spool cannot be read: {error}");
                return Ok(false);
            }
        };
        if batch.damaged > 0 {
            tracing::error!(
                lines = batch.damaged,
                "the spool has damaged lines; they are left out"
            );
        }
        match self.hub.send(&batch).await {
            Ok(Delivery::Taken(taken)) => Ok(self.note_taken(&batch, &taken)),
            Ok(Delivery::OnTheWay(receipt)) => {
                self.note(RequestKind::Records, None);
                tracing::info!(records = batch.records, "records are on their way");
                let (until, at) = (batch.until, self.clock.now());
                self.on_the_way()
                    .push_back(SentBatch { until, receipt, at });
                Ok(true)
            }
            Err(error) => self.not_taken(&batch, error),
        }
    }

    /// The hub has a batch; returns whether the next one can be sent.
    fn note_taken(&self, batch: &Batch, taken: &Taken) -> bool {
        self.note(RequestKind::Records, None);
        for refused in &taken.refused {
            let why = clean::line(&refused.why, 300);
            tracing::error!(line = refused.line, "the hub refused a record: {why}");
        }
        tracing::info!(
            records = batch.records,
            taken = taken.taken,
            known = taken.known,
            "records sent"
        );
        self.remove(batch.until)
    }

    fn remove(&self, until: SpoolPosition) -> bool {
        let removed = self.store.spool().sent(until);
        if let Err(error) = &removed {
            tracing::error!("what the hub took cannot be removed from the spool: {error}");
        }
        removed.is_ok()
    }

    /// Removes what the hub took of what is on its way; what was lost there is sent again. Returns
    /// whether anything changed.
    async fn settle(&self) -> Result<bool, HubError> {
        if self.on_the_way().is_empty() {
            return Ok(false);
        }
        let progress = self.hub.progress().await?;
        let now = self.clock.now();
        let mut has_moved = false;
        loop {
            let Some(first) = self.on_the_way().front().cloned() else {
                return Ok(has_moved);
            };
            let is_old = now - first.at > LONGEST_ON_THE_WAY;
            match progress.has_taken(&first.receipt) {
                Some(true) => {
                    if !self.remove(first.until) {
                        return Ok(false);
                    }
                    self.on_the_way().pop_front();
                    has_moved = true;
                    if self.store.spool().held().is_ok_and(|held| held == 0) {
                        self.note(RequestKind::Records, None);
                    }
                }
                Some(false) if !is_old => return Ok(has_moved),
                _ => {
                    let batches = self.on_the_way().drain(..).count();
                    tracing::warn!(
                        batches,
                        "the broker was away or lost what it had; what the hub has not taken is sent again"
                    );
                    self.store.spool().not_sent(None);
                    return Ok(true);
                }
            }
        }
    }

    /// A batch that the hub never takes is made smaller at once; any other is sent again.
    fn not_taken(&self, batch: &Batch, error: HubError) -> Result<bool, HubError> {
        let before = self.on_the_way().back().map(|sent| sent.until);
        let mut spool = self.store.spool();
        spool.not_sent(before);
        if !error.is_of_batch() {
            return Err(error);
        }
        // The place in the spool moves only over what the hub has.
        if before.is_some() {
            return Ok(false);
        }
        match spool.refused(batch, &error.to_string()) {
            Ok(true) => {
                tracing::warn!(records = batch.records, "{error}; fewer are sent at once");
                Ok(true)
            }
            Ok(false) => Err(error),
            Err(fault) => {
                tracing::error!("a record that the hub refuses cannot be set aside: {fault}");
                Err(error)
            }
        }
    }
}
