//! The tables that can be exported. A row here gives a table its name in `export`, its heading, its
//! place in the data dictionary, and its checks in `.ci/run`.

use super::column::{TableHead, Tabular};
use super::tables::citations::CitationTable;
use super::tables::copies::CopyTable;
use super::tables::dictionary::DictionaryTable;
use super::tables::documents::DocumentTable;
use super::tables::freshness::FreshnessTable;
use super::tables::incidents::IncidentTable;
use super::tables::links::LinkTable;
use super::tables::measurements::MeasurementTable;
use super::tables::phases::IncidentPhaseTable;
use super::tables::sources::SourceTable;
use super::tables::status::StatusTable;
use super::tables::survival::SurvivalTable;
use super::tables::uptime::UptimeTable;
use super::tables::vantages::VantageTable;

macro_rules! tables {
    ($($name:ident: $table:ty, $about:literal;)*) => {
        /// What can be exported from the store.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ExportTable {
            $(#[doc = $about] $name,)*
        }

        impl ExportTable {
            /// Every table, in the order of the data dictionary.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name that users give.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => <$table>::NAME),* }
            }

            /// What a row is.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about),* }
            }

            /// The columns.
            #[must_use]
            pub fn heading(self) -> TableHead {
                match self { $(Self::$name => <$table>::heading()),* }
            }
        }
    };
}

tables! {
    Measurements: MeasurementTable, "Each fetch, with its verdict";
    Incidents: IncidentTable, "What changed for readers, from when to when";
    IncidentPhases: IncidentPhaseTable, "Which verdict stood from when to when, within each incident";
    Uptime: UptimeTable, "The checks of each day, counted";
    Freshness: FreshnessTable, "The values of pages, by day";
    Sources: SourceTable, "Where each source stands";
    Status: StatusTable, "Where each probe stands from each vantage";
    Vantages: VantageTable, "Whether each vantage works, and how much it saw";
    Links: LinkTable, "The links that documents cite, with their states";
    Citations: CitationTable, "Each place in a document that cites a link";
    Documents: DocumentTable, "The imported documents, with their links by state";
    Copies: CopyTable, "Copies of cited links";
    Survival: SurvivalTable, "How long cited links last, by document, host and year of citing";
}

/// Every exported table, with the data dictionary.
#[must_use]
pub fn headings() -> Vec<TableHead> {
    let tables = ExportTable::ALL.iter().map(|table| table.heading());
    tables.chain([DictionaryTable::heading()]).collect()
}
