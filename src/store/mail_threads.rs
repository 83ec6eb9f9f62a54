//! Which mail of a thread was sent first, and the mail that answers it.

use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::rows::outbox;
use crate::store::write::writer::Durability;

impl Store {
    /// The Message-ID of the first mail that was sent to a reader, of those whose Message-ID is
    /// `prefix`, a dot and more.
    pub async fn first_sent(
        &self,
        prefix: &str,
        recipient: &str,
    ) -> Result<Option<String>, StoreError> {
        let (prefix, recipient) = (prefix.to_owned(), recipient.to_owned());
        self.with_reader(move |r| r.read(|c| outbox::first_sent(c, &prefix, &recipient)))
            .await
    }

    /// Replaces the message of a mail that was not sent yet.
    pub async fn replace_message(&self, id: i64, eml: Vec<u8>) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            outbox::replace_message(&session.connection, id, &eml)
        })
        .await
    }
}
