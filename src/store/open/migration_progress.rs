//! How far a long migration is.

/// A function that is called while the migration of an older store takes long: with how many
/// records are done, and how many there are.
#[derive(Debug, Clone, Copy, Default)]
pub struct MigrationProgress(Option<fn(u64, u64)>);

impl MigrationProgress {
    /// Calls `report` some ten times while a long migration runs.
    #[must_use]
    pub fn to(report: fn(done: u64, all: u64)) -> Self {
        Self(Some(report))
    }

    pub(in crate::store) fn report(self, done: u64, all: u64) {
        if let Some(report) = self.0 {
            report(done, all);
        }
    }
}
