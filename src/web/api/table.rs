//! The tables of the API: which they are, how they are filtered, and what visitors do not see.

use strum::IntoEnumIterator as _;

use crate::model::link::LinkState;
use crate::model::state::State;
use crate::report::{ExportTable, TableHead};

/// A table that is read over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ApiTable {
    Sources,
    Status,
    Vantages,
    Incidents,
    Uptime,
    Freshness,
    Measurements,
    Links,
    Documents,
    Citations,
    Copies,
}

/// A filter of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ApiFilter {
    Source,
    Probe,
    Group,
    Vantage,
    State,
    Open,
    Document,
    Host,
    Since,
    Until,
}

impl ApiFilter {
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The parameter in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What it selects.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Source => "Only of the source with this id.",
            Self::Probe => "Only of the probe with this id within its source.",
            Self::Group => "Only of sources in this group.",
            Self::Vantage => "Only from this vantage.",
            Self::State => "Only in this state.",
            Self::Open => "true: only what is ongoing; false: only what has ended.",
            Self::Document => "Only what the document with this id cites, or the document itself.",
            Self::Host => "Only of links to this host.",
            Self::Since => {
                "From this time on: a UTC day (2026-01-31) or an instant with its zone \
                 (2026-01-31T09:00:00Z)."
            }
            Self::Until => "Up to the end of this UTC day, or before this instant with its zone.",
        }
    }
}

impl ApiTable {
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What it lists.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Sources => "Every source of the catalogue and its state now.",
            Self::Status => "Every probe from every vantage and its state now.",
            Self::Vantages => "Every vantage: whether it works, and how much it saw.",
            Self::Incidents => "Incidents, newest first.",
            Self::Uptime => "Counts of checks by probe, vantage and UTC day, newest first.",
            Self::Freshness => "Values of pages by UTC day, newest first.",
            Self::Measurements => "Single measurements, newest first.",
            Self::Links => "Every link that documents cite, and its state.",
            Self::Documents => "Every imported document, with its links by state.",
            Self::Citations => "Every place in a document that cites a link.",
            Self::Copies => "Every copy of a cited link.",
        }
    }

    /// The address of its pages.
    #[must_use]
    pub fn path(self) -> String {
        format!("/api/v1/{}", self.as_str())
    }

    /// The table of exports that has its columns.
    #[must_use]
    pub fn export(self) -> ExportTable {
        match self {
            Self::Sources => ExportTable::Sources,
            Self::Status => ExportTable::Status,
            Self::Vantages => ExportTable::Vantages,
            Self::Incidents => ExportTable::Incidents,
            Self::Uptime => ExportTable::Uptime,
            Self::Freshness => ExportTable::Freshness,
            Self::Measurements => ExportTable::Measurements,
            Self::Links => ExportTable::Links,
            Self::Documents => ExportTable::Documents,
            Self::Citations => ExportTable::Citations,
            Self::Copies => ExportTable::Copies,
        }
    }

    /// Its columns.
    #[must_use]
    pub fn heading(self) -> TableHead {
        self.export().heading()
    }

    /// Rows are in the order of time, newest first; every other table is in the order of its key.
    #[must_use]
    pub fn is_over_time(self) -> bool {
        matches!(
            self,
            Self::Incidents | Self::Uptime | Self::Freshness | Self::Measurements
        )
    }

    /// How many parts the key of a row has in a cursor.
    #[must_use]
    pub fn key_parts(self) -> usize {
        match self {
            Self::Incidents => 1,
            Self::Links | Self::Documents | Self::Citations | Self::Copies => {
                self.key_columns().len()
            }
            Self::Sources | Self::Vantages => 2,
            Self::Measurements => 3,
            Self::Status | Self::Uptime | Self::Freshness => 4,
        }
    }

    /// The columns that are the key of a table in the order of its key.
    #[must_use]
    pub fn key_columns(self) -> &'static [&'static str] {
        match self {
            Self::Sources => &["source_id"],
            Self::Status => &["source_id", "probe_id", "vantage"],
            Self::Vantages => &["vantage"],
            Self::Links => &["link_id"],
            Self::Documents => &["document_id"],
            Self::Citations => &["citation_id"],
            Self::Copies => &["link_id", "url"],
            _ => &[],
        }
    }

    /// Whether the table has something to filter by.
    #[must_use]
    pub fn takes(self, filter: ApiFilter) -> bool {
        let columns = self.heading().columns;
        let has = |name: &str| columns.iter().any(|column| column.name == name);
        match filter {
            ApiFilter::Source => has("source_id"),
            ApiFilter::Group => has("source_id") || has("group"),
            ApiFilter::Document => has("document_id") || self == Self::Links,
            // The address of a copy is its archive's.
            ApiFilter::Host => has("link_id") && has("url") && self != Self::Copies,
            ApiFilter::Probe => has("probe_id"),
            ApiFilter::Vantage => has("vantage") || has("vantages"),
            ApiFilter::State => has("state"),
            ApiFilter::Open => self == Self::Incidents,
            ApiFilter::Since | ApiFilter::Until => self.is_over_time(),
        }
    }

    /// The values that `state` accepts.
    #[must_use]
    pub fn states(self) -> Vec<&'static str> {
        match self {
            Self::Incidents => vec!["open", "ended"],
            Self::Links | Self::Citations => LinkState::iter().map(Into::into).collect(),
            _ => [State::Open, State::Less, State::Closed, State::Unknown]
                .map(State::as_str)
                .to_vec(),
        }
    }

    /// Columns that visitors of a public installation do not see.
    #[must_use]
    pub fn hidden_columns(self) -> &'static [&'static str] {
        match self {
            Self::Sources => &["note"],
            Self::Incidents => &["url", "acknowledged_by", "note", "note_ref", "human_check"],
            _ => &[],
        }
    }
}
