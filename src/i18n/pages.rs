//! The texts of pages, by key.

use super::messages::{COUNTRIES, PAGES, fill};
use crate::model::settings::Language;

/// A text of `pages.ftl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum PageText {
    Skip,
    NavPages,
    NavLanguage,
    NavToday,
    NavSources,
    NavMatrix,
    NavIncidents,
    NavVantages,
    NavMethod,
    SignIn,
    SignOut,
    Footer,
    DemoLine,
    ChangedAt,
    Copy,
    NoAnswerSince,
    Ago,
    MarkParts,
    MarkPartsTwo,
    MarkPartsLast,
    TodayNoSource,
    TodayNoCheck,
    TodayOwnEnd,
    TodayBefore,
    TodayStopped,
    TodayThen,
    TodayAllUnknown,
    TodayAllOpen,
    TodaySome,
    TodayLess,
    TodayLessEnd,
    TodayClosed,
    TodayClosedEnd,
    TodayUnknownEnd,
    TodayUsual,
    SeenPass,
    VantageDown,
    NextPass,
    MissedPass,
    NotOpen,
    SinceLasted,
    ReportLink,
    LookedAfter,
    NobodyLooks,
    Instead,
    Usual,
    Lost,
    LostFrom,
    OpenFrom,
    WorksStill,
    ReasonOwnEnd,
    ReasonRobots,
    ReasonBackOff,
    ReasonNever,
    ReasonLate,
    ReasonBlind,
    ReasonDeclined,
    ReasonInsufficient,
    ReasonClient,
    ReasonProvisional,
    ReasonPerson,
    OwnEndWord,
    NotWatchedWord,
    PartlyKnown,
    AllSources,
    AndMore,
    AskHeading,
    AskOpen,
    AskCommand,
    ActWorks,
    ActPartial,
    ActRefused,
    ActNetwork,
    ActSaw,
    ActBy,
    ByGroup,
    Group,
    GroupCaption,
    NotWatched,
    WhyDisabled,
    WhyNoProbe,
    WhyConsent,
    WhyRobots,
    Planned,
    PlannedLine,
    StripLabel,
    StripSpan,
    StripNothing,
    StripUnseen,
    StripKey,
    StripHalf,
    StripTable,
    HeadSource,
    HeadProbe,
    HeadState,
    HeadSince,
    HeadVantage,
    HeadLevel,
    HeadFrom,
    HeadTo,
    HeadChecks,
    HeadWatched,
    HeadReport,
    HeadWhat,
    HeadEnded,
    HeadDay,
    HeadFigures,
    Yes,
    Figures,
    FiguresNone,
    SearchLabel,
    SearchGo,
    SearchNone,
    SourceCount,
    LadderHeading,
    LadderAll,
    LadderLevelSeen,
    LadderRule,
    LadderLabel,
    LadderTable,
    LadderBeside,
    DaysHeading,
    DaysNote,
    IncidentsHeading,
    IncidentsNone,
    Ongoing,
    Ended,
    TimelineHeading,
    NotesHeading,
    AlternativesHeading,
    CatalogueHeading,
    Reference,
    Homepage,
    AccessPublic,
    AccessLogin,
    AccessSubscription,
    TokenLabel,
    TokenNote,
    TokenWrong,
    TokenWait,
    TokenNone,
    NotFound,
    NotFoundNote,
    Unreadable,
    UnreadableNote,
    Refused,
    RefusedForm,
    MethodHeading,
    MethodStates,
    MethodOpen,
    MethodLess,
    MethodClosed,
    MethodUnknown,
    MethodOwnEnd,
    MethodSource,
    MethodUsual,
    MethodPerson,
    MethodFindings,
    MethodFindingsNote,
    MethodFigures,
    MethodAvailability,
    MethodCoverage,
    MethodStrips,
    MethodDiffer,
    MethodLimits,
}

impl PageText {
    /// Every text, for tests.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The text, where nothing in it varies.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        PAGES.text(language, self.into())
    }

    /// The text with its placeables filled.
    #[must_use]
    pub fn fill(self, language: Language, values: &[(&str, &str)]) -> String {
        fill(PAGES.template(language, self.into()), values)
    }
}

/// The name of a country by its code (ISO 3166); the code itself where the name is not known.
#[must_use]
pub fn country(language: Language, code: &str) -> &str {
    let key = format!("country-{}", code.to_ascii_lowercase());
    COUNTRIES.find(language, &key).unwrap_or(code)
}

/// Every key of `pages.ftl`.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let names = PageText::ALL.iter().map(|text| <&str>::from(*text));
    names.map(str::to_owned).collect()
}
