//! What is known to have happened to sources before, from published reports: context for what is seen now, never
//! evidence for it.

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
    /// Where it is known from.
    pub reference: String,
}

/// What kind of event it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// Said beforehand by the provider.
    Announced,
    /// Closed, or harder to reach.
    Restriction,
    /// Back, in whole or in part.
    Restored,
    /// No longer published.
    Discontinued,
    /// At another address.
    Move,
    /// What happened around it.
    Context,
    Other,
}

impl TimelineKind {
    /// Every kind, by the word that the file has for it.
    pub const ALL: [(&'static str, TimelineKind); 7] = [
        ("announced", TimelineKind::Announced),
        ("restriction", TimelineKind::Restriction),
        ("restored", TimelineKind::Restored),
        ("discontinued", TimelineKind::Discontinued),
        ("move", TimelineKind::Move),
        ("context", TimelineKind::Context),
        ("other", TimelineKind::Other),
    ];

    /// The file's word.
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
