//! `proof.json` of a pack: for each record its place in its day, and the path to the day's root
//! (evidence.md section 3).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::chain::{self, Day};
use super::merkle::{self, Hash};

/// The inclusion proof of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InclusionProof {
    pub uid: String,
    /// The day on which the record entered the store; `None` while that day is not closed.
    pub day: Option<NaiveDate>,
    /// In lower-case hexadecimal.
    pub leaf: String,
    /// The record's place among the entries of the day, from 0.
    pub index: u64,
    /// The number of entries of the day, records and changes.
    pub size: u64,
    /// The hashes from the leaf's sibling to the root's child.
    pub path: Vec<String>,
}

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The record is not the one that was entered.
    Leaf,
    /// The path does not lead to the day's root.
    Path,
    /// The chain has no such day.
    Day,
}

impl InclusionProof {
    /// The proof of the record at `index` among the `leaves` of `day`.
    #[must_use]
    pub fn new(uid: &str, day: Option<NaiveDate>, leaves: &[Hash], index: usize) -> Option<Self> {
        let leaf = leaves.get(index)?;
        let path = match day {
            Some(_) => merkle::path(leaves, index)?,
            None => Vec::new(),
        };
        Some(Self {
            uid: uid.to_owned(),
            day,
            leaf: chain::hex(leaf),
            index: index as u64,
            size: leaves.len() as u64,
            path: path.iter().map(chain::hex).collect(),
        })
    }

    /// Checks that `line` is the record that was entered on a day of `days`. A record of a day that
    /// is not closed only has its leaf checked.
    pub fn check(&self, line: &[u8], days: &[Day]) -> Result<(), Broken> {
        let leaf = merkle::leaf(line);
        if chain::hex(&leaf) != self.leaf {
            return Err(Broken::Leaf);
        }
        let Some(day) = self.day else {
            return Ok(());
        };
        let day = days
            .iter()
            .find(|known| known.day == day)
            .ok_or(Broken::Day)?;
        let path: Option<Vec<Hash>> = self.path.iter().map(|text| chain::from_hex(text)).collect();
        let root = path.and_then(|path| merkle::root_by_path(&leaf, self.index, self.size, &path));
        let is_whole = self.size == day.records + day.changes;
        if is_whole && root == Some(day.root) {
            Ok(())
        } else {
            Err(Broken::Path)
        }
    }
}
