//! Annotations: dated notes on a source, such as a vendor's notice or a known restriction.

use serde::{Deserialize, Serialize};

use super::ids::SourceId;
use super::time::Time;

/// One note (`note add`), shown with the incidents that overlap it in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Assigned by the store.
    pub id: i64,
    /// When it was written; `None` for notes of before this was kept.
    #[serde(default)]
    pub written: Option<Time>,
    pub source: SourceId,
    pub from: chrono::NaiveDate,
    /// Inclusive; `None` while it still applies.
    pub to: Option<chrono::NaiveDate>,
    pub text: String,
    /// A reference, as a URL or citation.
    pub reference: Option<String>,
    /// An announced event: incidents inside it are `planned`.
    pub planned: bool,
}
