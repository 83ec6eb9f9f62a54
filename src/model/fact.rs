//! The facts that verdicts rest on: one variant per kind, with its parameters.
//!
//! A fact has no text: `i18n::facts` words it in the reader's language. In JSON it is a stable key
//! with parameters (`{"key":"http_status","args":{"status":403}}`). Records also carry it in
//! English, for people only: no program reads that text back. Text from the network is cleaned and
//! shortened before it becomes part of a fact.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use super::fact_parts::{
    Age, DayCount, DivertedLinkState, Held, Readable, RedirectKind, Spot, Whereabouts,
};

use super::discriminator::Statement;
use super::expect::Expectation;
use super::reference::ReferenceKind;
use super::verdict::Code;

/// One fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "key", content = "args", rename_all = "snake_case")]
pub enum Fact {
    /// English words from an earlier version, whose kind is unknown.
    Text {
        text: String,
    },

    // The name, the connection, encryption.
    LookUp {
        host: String,
        query: String,
        /// `None`: the answer held no address.
        failure: Option<String>,
    },
    ImpossibleAddress {
        address: String,
    },
    ForgedAnswer {
        address: String,
        signature: Option<String>,
    },
    ContradictingAnswers {
        first: String,
        second: String,
    },
    EveryAddressFailed {
        attempts: Vec<String>,
    },
    HandshakeFailed {
        host: String,
        failure: String,
        detail: Option<String>,
    },
    Certificate {
        subject: String,
        issuer: String,
        until: Option<NaiveDate>,
    },
    ExchangeFailed {
        failure: String,
    },
    /// A failure string that no rule knows.
    UnknownFailure {
        failure: String,
    },
    NoAnswer,
    Discriminator {
        said: Statement,
    },

    // Our own end, and limits of this program.
    FileUnreadable {
        failure: String,
    },
    FileIsNoJson {
        begins: String,
    },
    ProxyFailed {
        failure: String,
    },
    NotFetched {
        why: String,
    },
    NoExchange,
    BodyNotKept,
    SelectorsTooSlow,
    AnswerTooLong {
        /// `None`: only that there is more is known.
        bytes: Option<u64>,
        read: u64,
    },
    NotLookedAt {
        names: Vec<String>,
    },
    ValueNotEvaluated {
        value: String,
        nodes: u64,
    },

    // What answered, and how.
    HttpStatus {
        status: u16,
    },
    LongerThanAnnounced,
    CutShort {
        failure: String,
    },
    LedInside {
        url: String,
        address: Option<String>,
    },
    LedOn {
        from: String,
        to: String,
        way: RedirectKind,
        /// Names of fields that are posted.
        fields: Option<String>,
        followed: bool,
    },
    LeadsHome {
        from: String,
        to: String,
    },
    PermanentRedirect {
        status: u16,
        from: String,
        to: String,
    },
    AnsweredBy {
        url: String,
    },
    /// What OONI's control server saw of the same page at the same time.
    ControlAnswered {
        status: u16,
    },
    ControlFailed {
        code: Code,
    },

    // What the answer says.
    KnownPage {
        spot: Spot,
        pattern: String,
        signature: String,
    },
    TokenExpires {
        parameter: String,
    },
    SaysNotFound {
        whereabouts: Whereabouts,
        text: String,
    },
    LeadsAsMadeUp {
        to: String,
        made_up: String,
    },
    TextAlike {
        url: String,
        page: ReferenceKind,
        percent: f64,
    },
    BrokenJson {
        line: u64,
        column: u64,
        around: String,
    },
    NoPermission {
        message: String,
    },
    NoData,
    NoBody,
    FilledByScript,
    ParagraphGone,
    /// The first visible words of a page, in the page's language.
    Says {
        words: String,
    },
    /// How much of the last healthy page is left, in percent.
    Left {
        length: f64,
        text: f64,
    },

    // What the probe expects.
    NotHeld {
        expectation: Expectation,
    },
    AllHold {
        expectations: u64,
    },
    FileRead,
    /// The link to the next level is still in its place and leads elsewhere.
    #[serde(rename = "way_barred")]
    LinkDiverted {
        label: String,
        state: DivertedLinkState,
        /// Where the link leads, or what it runs.
        target: Option<String>,
        earlier: String,
    },
    DatesGoOn {
        all: u64,
        on: u64,
        names: String,
    },

    // Values beyond their limits.
    ValueListEmpty {
        value: String,
    },
    ValueNotFound {
        value: String,
    },
    ValueNull {
        value: String,
    },
    ValueWords {
        value: String,
        text: String,
    },
    ValueUnreadable {
        value: String,
        kind: Readable,
        text: String,
    },
    ValueRows {
        value: String,
        rows: u64,
        least: f64,
    },
    ValueBelow {
        value: String,
        found: String,
        least: f64,
    },
    ValueAbove {
        value: String,
        found: String,
        most: f64,
    },
    ValueNullShare {
        value: String,
        percent: f64,
        allowed: f64,
    },
    ValueAhead {
        value: String,
        date: NaiveDate,
        days: i64,
    },
    ValueOld {
        value: String,
        date: NaiveDate,
        age: Age,
        allowed: u64,
    },
    ValueFell {
        value: String,
        found: String,
        percent: f64,
        median: f64,
        good_values: u64,
    },
    ValueFrozen {
        value: String,
        what: Held,
        since: NaiveDate,
        /// The age on the calendar, where there is one.
        age: Option<Age>,
    },
    ValueMisdated {
        value: String,
        what: Held,
        date: String,
        then: NaiveDate,
        now: NaiveDate,
    },
    ValueLevelled {
        value: String,
        rows: u64,
        only: String,
    },
    RowsLeadToOne {
        value: String,
        rows: u64,
        target: String,
    },
    RowsWithoutFile {
        value: String,
        rows: u64,
    },
    RowsLeadNowhere {
        value: String,
        rows: u64,
        percent: f64,
        earlier: f64,
    },
    RowsAllOther {
        value: String,
        rows: u64,
        answers: u64,
    },
    RowsInOtherScript {
        value: String,
        script: String,
    },
    CellsMasked {
        value: String,
        percent: f64,
    },
    CellsEmptied {
        value: String,
        cells: u64,
        percent: f64,
    },
    /// The share of the values that are figures.
    CellsWithoutFigures {
        value: String,
        percent: f64,
    },
    /// Ranks stand for figures.
    CellsAreRanks {
        value: String,
        cells: u64,
    },
    /// Columns of a table whose rows are there.
    ColumnsGone {
        value: String,
        gone: u64,
        all: u64,
    },
    /// The share of the longest paragraph that is left.
    ParagraphCut {
        percent: f64,
    },
    /// The kind of document that came, and that of the last healthy answer.
    OtherKindOfDocument {
        now: String,
        earlier: String,
    },
}

impl Fact {
    /// The words of an earlier version.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// An HTTP status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::HttpStatus { status }
    }

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
                | Self::RowsLeadToOne { .. }
                | Self::RowsWithoutFile { .. }
                | Self::RowsLeadNowhere { .. }
        )
    }

    /// The newest date of a value that is too old.
    #[must_use]
    pub fn newest_date(&self) -> Option<NaiveDate> {
        match self {
            Self::ValueOld { date, .. } => Some(*date),
            _ => None,
        }
    }

    /// The day that an unchanged value is of, under whatever date it is shown.
    #[must_use]
    pub fn unchanged_since(&self) -> Option<NaiveDate> {
        match self {
            Self::ValueFrozen { since, .. } => Some(*since),
            Self::ValueMisdated { then, .. } => Some(*then),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
