//! Jobs of saving links in archives.

use super::citation::PartialDate;
use super::copy::SaveTarget;
use super::time::Time;

/// How far a job is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::IntoStaticStr,
)]
#[strum(serialize_all = "lowercase")]
pub enum SaveState {
    /// The archive was not asked yet.
    Waiting,
    /// The archive was asked, and its answer is not known: the program may have been ended.
    Sent,
    /// The archive works on it.
    Accepted,
    Saved,
    Failed,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveJob {
    pub id: i64,
    pub link: i64,
    /// The address to save.
    pub url: String,
    pub target: SaveTarget,
    pub state: SaveState,
    /// The archive's own id of the job.
    pub remote: Option<String>,
    pub sent: Option<Time>,
    /// When something is to be done for it; `None` when it has ended.
    pub due: Option<Time>,
    /// How often the archive was asked since the last progress.
    pub tries: u32,
    /// Why it failed, or why it waits.
    pub reason: Option<String>,
    /// The earliest day of citing of the link.
    pub cited_on: Option<PartialDate>,
    pub passages: Vec<String>,
}

impl SaveJob {
    /// The job goes on at `due`, in another state.
    pub fn goes_on(&mut self, state: SaveState, due: Time, reason: Option<String>) {
        self.state = state;
        self.due = Some(due);
        self.reason = reason;
    }

    /// The job has ended.
    pub fn ends(&mut self, state: SaveState, reason: Option<String>) {
        self.state = state;
        self.due = None;
        self.reason = reason;
    }
}

/// The numbers of jobs by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SaveCounts {
    pub saved: u64,
    pub failed: u64,
    /// Not ended.
    pub open: u64,
}
