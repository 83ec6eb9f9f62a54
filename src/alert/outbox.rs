//! What draining needs of a store: a trait, so that mail is tested without SQL.

use crate::model::Time;
use crate::model::mail::{MailFailure, QueuedMail, SettledMail};
use crate::store::{Store, StoreError};

/// The durable queue of mails.
pub trait Outbox: Sync {
    type Error: std::error::Error + Send + Sync + 'static;

    /// Mails not sent whose next attempt is at or before `now`, oldest first. A later mail about an
    /// incident is not due while an earlier one to the same reader waits.
    fn due(&self, now: Time) -> impl Future<Output = Result<Vec<QueuedMail>, Self::Error>> + Send;

    /// Reserves a mail until `until`, so that two programs do not send it at once; `false` when another
    /// has it. A store that one program at a time drains (the run lock) need not override this.
    fn claim(
        &self,
        _id: i64,
        _until: Time,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        async { Ok(true) }
    }

    /// The server (or the folder) has it.
    fn mark_sent(&self, id: i64, at: Time) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Counts an attempt that failed and sets the next.
    fn mark_failed(
        &self,
        id: i64,
        failure: MailFailure,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Lays a mail aside for good that no server said it took.
    fn settle(
        &self,
        id: i64,
        settled: SettledMail,
        because: String,
        at: Time,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// One program at a time drains a store: the run lock is the claim.
impl Outbox for Store {
    type Error = StoreError;

    async fn due(&self, now: Time) -> Result<Vec<QueuedMail>, StoreError> {
        self.due_mails(now).await
    }

    async fn mark_sent(&self, id: i64, at: Time) -> Result<(), StoreError> {
        Store::mark_sent(self, id, at).await
    }

    async fn mark_failed(&self, id: i64, failure: MailFailure) -> Result<(), StoreError> {
        Store::mark_failed(self, id, failure).await
    }

    async fn settle(
        &self,
        id: i64,
        settled: SettledMail,
        because: String,
        at: Time,
    ) -> Result<(), StoreError> {
        self.settle_mail(id, settled, because, at).await
    }
}
