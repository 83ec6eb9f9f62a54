//! Parameters of facts that are neither texts nor numbers.

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
    /// The target of a redirect in the chain.
    Redirect,
}

/// How a page says that something was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// The text is the whole title, or a whole part of the title.
    WholeTitle,
    WholePart,
    /// The text is part of the title, of a part of the title, of a heading, or of the page.
    Title,
    Part,
    Heading,
    Page,
}

/// How a page redirects by itself.
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

/// What happened to a link to the next level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivertedLinkState {
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

/// An age in days, and the kind of days that it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Age {
    /// Negative when the date is in the future.
    pub days: i64,
    #[serde(flatten)]
    pub counted: DayCount,
}

/// The kind of days that an age counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "counted", rename_all = "snake_case")]
pub enum DayCount {
    Days,
    /// Monday to Friday, because the calendar is not available.
    Weekdays,
    /// The open days of a calendar.
    Calendar {
        calendar: String,
        /// Weekdays that are closed; the second number is how many of them are estimated.
        closed: i64,
        estimated: i64,
        /// Weekdays outside the calendar, all of which were counted.
        uncovered: i64,
    },
}
