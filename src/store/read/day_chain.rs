//! Reading the day chain: records as entries, changes of verdicts, closed days.

use chrono::NaiveDate;

use crate::model::MeasurementUid;
use crate::model::day_chain::{Hash, date, leaf, number};
use crate::store::error::StoreError;
use crate::store::read::reader::Reader;
use crate::store::rows::chain_days::{self, ClosedDay};
use crate::store::rows::chain_entries::{self, ChainEntry};
use crate::store::rows::exported::RowFilter;

/// The leaves of one day in the order of its tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayLeaves {
    /// Leaves of records, in the order of their uids.
    pub records: Vec<(MeasurementUid, Hash)>,
    /// Leaves of changed verdicts, in bytewise order of their entries.
    pub changes: Vec<(String, Hash)>,
}

impl DayLeaves {
    /// All leaves, in the order of the tree.
    #[must_use]
    pub fn all(&self) -> Vec<Hash> {
        let records = self.records.iter().map(|(_, leaf)| *leaf);
        let changes = self.changes.iter().map(|(_, leaf)| *leaf);
        records.chain(changes).collect()
    }
}

impl Reader {
    /// Passes the matching records to `each` as entries of the day chain, including controls, in
    /// the order of exports, until it returns false.
    pub fn visit_entries(
        &self,
        filter: &RowFilter,
        mut each: impl FnMut(ChainEntry) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| chain_entries::visit(c, filter, &mut each))
    }

    /// Passes every record that entered on `day` to `each`, in the order of the tree, including
    /// purged ones.
    pub fn visit_day(
        &self,
        day: NaiveDate,
        mut each: impl FnMut(ChainEntry),
    ) -> Result<(), StoreError> {
        self.read(|c| chain_entries::visit_day(c, number(day), &mut each))
    }

    /// One record as an entry; `None` when it is not stored.
    pub fn entry(&self, uid: &MeasurementUid) -> Result<Option<ChainEntry>, StoreError> {
        self.read(|c| chain_entries::one(c, uid))
    }

    /// The leaves of a day; empty when nothing entered on it.
    pub fn day_leaves(&self, day: NaiveDate) -> Result<DayLeaves, StoreError> {
        self.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT uid, leaf FROM leaves WHERE day = ?1 ORDER BY uid")?;
            let mut rows = statement.query([number(day)])?;
            let mut records = Vec::new();
            while let Some(row) = rows.next()? {
                // A leaf without 32 bytes was changed by hand; it makes the day's root differ.
                let leaf = row.get_ref(1)?.as_blob().ok();
                let leaf = leaf
                    .and_then(|leaf| leaf.try_into().ok())
                    .unwrap_or_default();
                records.push((MeasurementUid(row.get(0)?), leaf));
            }
            let changes = chain_days::changes_of(c, day)?.into_iter();
            let changes = changes.map(|entry| (entry.clone(), leaf(entry.as_bytes())));
            Ok(DayLeaves {
                records,
                changes: changes.collect(),
            })
        })
    }

    /// The closed days, oldest first.
    pub fn closed_days(&self) -> Result<Vec<ClosedDay>, StoreError> {
        self.read(chain_days::all)
    }

    /// The newest closed day.
    pub fn newest_closed_day(&self) -> Result<Option<ClosedDay>, StoreError> {
        self.read(chain_days::newest)
    }

    /// The days on which records entered, oldest first.
    pub fn entry_days(&self) -> Result<Vec<NaiveDate>, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached("SELECT DISTINCT day FROM leaves ORDER BY day")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            let days = rows.collect::<Result<Vec<i64>, _>>()?;
            Ok(days.into_iter().filter_map(date).collect())
        })
    }

    /// The first day that is not closed: after the newest closed one, or that of the oldest entry.
    /// `None` while nothing has entered.
    pub fn first_open_day(&self) -> Result<Option<NaiveDate>, StoreError> {
        self.read(|c| match chain_days::newest(c)? {
            Some(newest) => Ok(newest.day.day.succ_opt()),
            None => chain_days::first_entry(c),
        })
    }

    /// The changes of verdicts with their days, in the order in which they were written.
    pub fn verdict_changes(&self) -> Result<Vec<(NaiveDate, String)>, StoreError> {
        self.read(chain_days::changes)
    }

    /// The bytes of all lines of `changes.tsv`: the day, a TAB, the entry and the line end.
    pub fn verdict_changes_bytes(&self) -> Result<u64, StoreError> {
        self.read(|c| {
            let bytes: Option<i64> = c.query_row(
                "SELECT sum(octet_length(entry) + 12) FROM verdict_changes",
                [],
                |row| row.get(0),
            )?;
            Ok(bytes.unwrap_or_default().unsigned_abs())
        })
    }

    /// The records without a leaf: those that were unreadable when leaves were fixed, and those
    /// that another program wrote into the file.
    pub fn records_without_leaf(&self) -> Result<Vec<MeasurementUid>, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT m.uid FROM measurements m
                 LEFT JOIN leaves l ON l.day = m.entered_day AND l.uid = m.uid
                 WHERE l.uid IS NULL ORDER BY m.uid",
            )?;
            let rows = statement.query_map([], |row| Ok(MeasurementUid(row.get(0)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
