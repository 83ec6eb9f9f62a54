//! Known past events of sources, from published reports: context for observations, never evidence.

use serde::{Deserialize, Serialize};

use super::ids::SourceId;

/// One dated event (`probes/timeline.csv`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEvent {
    pub date: chrono::NaiveDate,
    pub source: SourceId,
    /// One sentence, without its full stop.
    pub event: String,
    pub kind: TimelineKind,
    /// The reference for it.
    pub reference: String,
}

/// The kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// Announced beforehand by the provider.
    Announced,
    /// Closed, or access made harder.
    Restriction,
    /// Back, in whole or in part.
    Restored,
    /// No longer published.
    Discontinued,
    /// At another address.
    Move,
    /// An event around the source.
    Context,
    Other,
}

impl TimelineKind {
    /// Every kind, with its word in the file.
    pub const ALL: [(&'static str, TimelineKind); 7] = [
        ("announced", TimelineKind::Announced),
        ("restriction", TimelineKind::Restriction),
        ("restored", TimelineKind::Restored),
        ("discontinued", TimelineKind::Discontinued),
        ("move", TimelineKind::Move),
        ("context", TimelineKind::Context),
        ("other", TimelineKind::Other),
    ];

    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("other", |(word, _)| word)
    }
}

impl TimelineEvent {
    /// `2023-04-01: what happened (where it is known from)`.
    #[must_use]
    pub fn line(&self) -> String {
        if self.reference.is_empty() {
            format!("{}: {}", self.date, self.event)
        } else {
            format!("{}: {} ({})", self.date, self.event, self.reference)
        }
    }
}
