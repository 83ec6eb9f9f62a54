//! Which facts say that a value is beyond its limits.

use chrono::NaiveDate;

use super::Fact;

impl Fact {
    /// Whether the fact says that a value is beyond its limits.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::ValueListEmpty { .. }
                | Self::ValueNotFound { .. }
                | Self::ValueNull { .. }
                | Self::ValueWords { .. }
                | Self::ValueUnreadable { .. }
                | Self::ValueRows { .. }
                | Self::ValueBelow { .. }
                | Self::ValueAbove { .. }
                | Self::ValueNullShare { .. }
                | Self::ValueAhead { .. }
                | Self::ValueOld { .. }
                | Self::ValueFell { .. }
                | Self::ValueSank { .. }
                | Self::ValueFrozen { .. }
                | Self::ValueMisdated { .. }
                | Self::ValueLevelled { .. }
                | Self::CellsMasked { .. }
                | Self::RowsAllOther { .. }
                | Self::RowsInOtherScript { .. }
                | Self::CellsEmptied { .. }
                | Self::CellsWithoutFigures { .. }
                | Self::CellsAreRanks { .. }
                | Self::ColumnsGone { .. }
                | Self::ValuesFew { .. }
                | Self::RowsSayInstead { .. }
                | Self::StandingHidden { .. }
                | Self::StandingGone { .. }
                | Self::FilesSmall { .. }
                | Self::TextsShort { .. }
                | Self::RowsLeadToOne { .. }
                | Self::RowsWithoutFile { .. }
                | Self::RowsLeadNowhere { .. }
        )
    }

    /// The newest date of a value, where the fact is that this date is too old.
    #[must_use]
    pub fn newest_date(&self) -> Option<NaiveDate> {
        match self {
            Self::ValueOld { date, .. } => Some(*date),
            _ => None,
        }
    }

    /// The day since which a value is unchanged, even where the page shows the value under a later
    /// date.
    #[must_use]
    pub fn unchanged_since(&self) -> Option<NaiveDate> {
        match self {
            Self::ValueFrozen { since, .. } => Some(*since),
            Self::ValueMisdated { then, .. } => Some(*then),
            _ => None,
        }
    }
}
