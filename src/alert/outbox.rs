//! What draining needs from a store: a trait, so that tests of mail need no SQL.

use crate::model::Time;
use crate::model::mail::{MailFailure, QueuedMail, SettledMail};
use crate::store::{Store, StoreError};

use super::{headers, thread};

/// The durable queue of mails.
pub trait Outbox: Sync {
    type Error: std::error::Error + Send + Sync + 'static;

    /// Unsent mails whose next attempt is at or before `now`, oldest first. A later mail about an
    /// incident is not due while an earlier one to the same reader waits.
    fn due(&self, now: Time) -> impl Future<Output = Result<Vec<QueuedMail>, Self::Error>> + Send;

    /// Reserves a mail until `until`, so that two programs do not send it at once; `false` when
    /// another program has it. A store that only one program drains at a time (the run lock) need
    /// not override this.
    fn claim(
        &self,
        _id: i64,
        _until: Time,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        async { Ok(true) }
    }

    /// The server (or the folder) took the mail.
    fn mark_sent(&self, id: i64, at: Time) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Counts a failed attempt and sets the time of the next one.
    fn mark_failed(
        &self,
        id: i64,
        failure: MailFailure,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Closes a mail for good that no server confirmed.
    fn settle(
        &self,
        id: i64,
        settled: SettledMail,
        because: String,
        at: Time,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Only one program drains a store at a time: the run lock is the claim. A due mail answers the
/// first mail of its thread that was sent to its reader, and nothing where none was.
impl Outbox for Store {
    type Error = StoreError;

    async fn due(&self, now: Time) -> Result<Vec<QueuedMail>, StoreError> {
        let mut due = self.due_mails(now).await?;
        for mail in &mut due {
            let Some(prefix) = thread::prefix_of(&mail.message_id) else {
                continue;
            };
            // The first mail of a thread may have been dropped, and its reader may be a new one.
            let first = self.first_sent(prefix, &mail.recipient).await?;
            if let Some(eml) = headers::in_thread(&mail.eml, first.as_deref()) {
                self.replace_message(mail.id, eml.clone()).await?;
                mail.eml = eml;
            }
        }
        Ok(due)
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
