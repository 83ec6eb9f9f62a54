//! A known page, as a row of `probes/signatures/*.csv` (`docs/verdicts.md`, Signatures).

use super::verdict::{Code, Locus};

/// Where a pattern is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Location {
    /// The decoded body.
    Body,
    /// The page's title.
    Title,
    /// Any header line, `name: value`.
    Header,
    /// One header's value.
    HeaderNamed(String),
    /// A cookie's name.
    Cookie,
    /// The final URL.
    Url,
    /// DNS answers (OONI's own files).
    Dns,
}

/// How a pattern is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PatternType {
    Full,
    Prefix,
    Contains,
    Regexp,
}

/// Who removed a page, as a notice of deletion says.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "lowercase")]
pub enum RemovedBy {
    /// Whoever published it.
    Author,
    /// The platform, by its own rules.
    Platform,
    /// A state authority, or the platform by a law that the notice names.
    Authority,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRow {
    /// The id, such as `cn.jsl.521`.
    pub name: String,
    pub scope: String,
    pub location: Location,
    pub pattern_type: PatternType,
    pub pattern: String,
    pub code: Code,
    /// `site`, or `unknown` for imported or unconfirmed rows.
    pub locus: Locus,
    /// The match requires one of these statuses; empty: any.
    pub status: Vec<u16>,
    /// A longer page does not match.
    pub max_bytes: Option<u64>,
    /// A regular expression that rules the match out.
    pub unless: Option<String>,
    /// `confirmed = no` gives at most `site.waf_block` with locus unknown, unless the page states
    /// the cause explicitly.
    pub confirmed: bool,
    /// Who the notice says removed the page.
    pub removed_by: Option<RemovedBy>,
    /// The origin of this knowledge.
    pub source: String,
    pub notes: String,
}
