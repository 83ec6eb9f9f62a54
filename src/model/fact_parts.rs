//! Parameters of facts that are no texts or numbers.

use serde::{Deserialize, Serialize};

/// Where a signature's pattern was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// A marker of the source.
    Source,
    /// A sentence in the visible text.
    Text,
    Title,
    Heading,
    Header,
    Cookie,
    Url,
    /// Where an answer of the chain leads.
    Redirect,
}

/// How a page says that something was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// The text is the whole title, or a whole part of it.
    WholeTitle,
    WholePart,
    /// The text stands in the title, in a part of it, in a heading, on the page.
    Title,
    Part,
    Heading,
    Page,
}

/// By what means a page leads on to another by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectKind {
    /// The header `Refresh`.
    Header,
    /// `<meta http-equiv=refresh>`.
    Meta,
    Script,
    /// A form that submits itself.
    Form,
    /// A frame that fills the page.
    Frame,
}

/// What became of a way to the next level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BarredWay {
    /// It cannot be used.
    Shut,
    Leads,
    Runs,
    Nowhere,
}

/// What was to be read from a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readable {
    Date,
    Number,
}

/// What stayed the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    Content,
    Value,
}

/// An age in days, and which days were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Age {
    /// Negative when the date is still to come.
    pub days: i64,
    #[serde(flatten)]
    pub counted: DayCount,
}

/// Which days were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "counted", rename_all = "snake_case")]
pub enum DayCount {
    Days,
    /// Monday to Friday: the calendar is not at hand.
    Weekdays,
    /// The open days of a calendar.
    Calendar {
        calendar: String,
        /// Weekdays that are closed, and how many of them by estimate.
        closed: i64,
        estimated: i64,
        /// Weekdays that the calendar does not cover; all of them were counted.
        uncovered: i64,
    },
}
