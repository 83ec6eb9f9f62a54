//! The texts of the printable report, by key.

use super::messages::{REPORT, fill};
use crate::model::link::LinkState;
use crate::model::settings::Language;

/// A text of `report.ftl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum ReportText {
    Title,
    ScopeAll,
    ScopeGroup,
    ScopeSource,
    AsOf,
    PeriodCut,
    PeriodEarly,
    PeriodEmpty,
    NoCheck,
    Summary,
    SummaryEnd,
    SummaryUsual,
    SummaryChanged,
    SummaryIncidents,
    SummarySeen,
    SummaryUnseen,
    CountItem,
    StateHeading,
    StateRule,
    StateByGroup,
    StateByLevel,
    StateChanged,
    StateUnchanged,
    StateNoStart,
    HeadAll,
    HeadStart,
    HeadEnd,
    HeadReports,
    Was,
    BeforeHeading,
    BeforeNote,
    HeadFigure,
    HeadThis,
    HeadBefore,
    FigureDue,
    FigureSeen,
    FigureAvailability,
    FigureCoverage,
    FigureBegan,
    FigureOpen,
    Percent,
    IncidentsHeading,
    IncidentsNone,
    IncidentLasted,
    IncidentOngoing,
    IncidentLater,
    PhaseSpan,
    PhaseSince,
    IncidentPlaces,
    IncidentWorks,
    IncidentPlanned,
    IncidentPerson,
    IncidentOwnEnd,
    Evidence,
    EvidenceLine,
    EvidenceRecord,
    AvailabilityHeading,
    AvailabilityNote,
    AvailabilityNone,
    HeadAvailability,
    HeadCoverage,
    HeadOutage,
    FreshnessHeading,
    FreshnessNone,
    FreshnessNote,
    HeadValue,
    HeadNewest,
    HeadExpected,
    HeadLate,
    LinksHeading,
    LinksNote,
    HeadDocument,
    HeadLinks,
    LinkAlive,
    LinkMoved,
    LinkDrifted,
    LinkDeclines,
    LinkUnreachable,
    LinkBlocked,
    LinkGone,
    LinkUnknown,
    SurvivalHeading,
    SurvivalNote,
    SurvivalLeftOut,
    HeadCounted,
    AfterOne,
    AfterThree,
    AfterFive,
    HeadMedian,
    Years,
    AllDocuments,
    LossNote,
    HeadLoss,
    MethodHeading,
    Definitions,
    VantagesHeading,
    VantagesNote,
    HeadPlace,
    HeadNetwork,
    HeadOutages,
    Limits,
    LimitsPeople,
    FiguresHeading,
    FiguresNote,
    FiguresList,
    CiteHeading,
    Cite,
}

impl ReportText {
    /// Every text, for tests.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word for a state of a cited link.
    #[must_use]
    pub fn for_link_state(state: LinkState) -> Self {
        match state {
            LinkState::Alive => Self::LinkAlive,
            LinkState::Moved => Self::LinkMoved,
            LinkState::Drifted => Self::LinkDrifted,
            LinkState::Declines => Self::LinkDeclines,
            LinkState::Unreachable => Self::LinkUnreachable,
            LinkState::Blocked => Self::LinkBlocked,
            LinkState::Gone => Self::LinkGone,
            LinkState::Unknown => Self::LinkUnknown,
        }
    }

    /// The text, where nothing in it varies.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        REPORT.text(language, self.into())
    }

    /// The text with its placeables filled.
    #[must_use]
    pub fn fill(self, language: Language, values: &[(&str, &str)]) -> String {
        fill(REPORT.template(language, self.into()), values)
    }
}

/// Every key of `report.ftl`.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let names = ReportText::ALL.iter().map(|text| <&str>::from(*text));
    names.map(str::to_owned).collect()
}
