//! Closes days, and takes over days and changes that an older copy of the store lacks.

use chrono::NaiveDate;

use crate::model::day_chain::{Day, number};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::rows::{chain_days, chain_entries};
use crate::store::write::insert::WriteSession;
use crate::store::write::writer::Durability;

impl Store {
    /// Closes a day. Returns false when the day is closed already, or when an entry came since
    /// `day` was computed, which must then be computed again. A closed day survives a power cut.
    pub async fn close_day(&self, day: Day) -> Result<bool, StoreError> {
        self.write(Durability::Now, move |session| close(session, &day))
            .await
    }

    /// Takes over days that chain.csv has and the store lacks. They count as closed and lost.
    pub async fn take_over_days(&self, days: Vec<Day>) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            days.iter()
                .try_for_each(|day| chain_days::put(&session.connection, day, true))
        })
        .await
    }

    /// Takes over changes of verdicts that changes.tsv has and the store lacks.
    pub async fn take_over_changes(
        &self,
        changes: Vec<(NaiveDate, String)>,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            changes.iter().try_for_each(|(day, entry)| {
                chain_entries::put_entry(&session.connection, number(*day), entry)
            })
        })
        .await
    }
}

fn close(session: &WriteSession, day: &Day) -> Result<bool, InnerError> {
    let connection = &session.connection;
    let newest = chain_days::newest(connection)?.map(|newest| newest.day);
    let follows = match &newest {
        Some(newest) => newest.day.succ_opt() == Some(day.day) && newest.chain == day.previous,
        None => day.previous == [0; 32] && chain_days::first_entry(connection)? == Some(day.day),
    };
    if !follows || chain_days::counts(connection, day.day)? != (day.records, day.changes) {
        return Ok(false);
    }
    chain_days::put(connection, day, false)?;
    Ok(true)
}
