//! A probe: one endpoint of a source, how it is fetched, and what a healthy answer contains.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ids::{ProbeId, ProbeKey, SourceId, VantageId};
use super::settings::Language;
use super::verdict::Code;

/// The level of access that a probe checks; `data` and `api` are outside the ladder.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "snake_case")]
pub enum Level {
    Home,
    Search,
    Abstract,
    Fulltext,
    Data,
    Api,
}

impl Level {
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The level as files and tables spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Level::ALL
            .iter()
            .copied()
            .find(|l| l.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not a level"))
    }
}

/// Where the answer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `http://` or `https://`.
    Url(url::Url),
    /// `file:`, relative to the workspace; the library's own licensed job writes it.
    File(PathBuf),
}

impl Target {
    /// The host of an address; `None` for a file.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Url(url) => url.host_str(),
            Self::File(_) => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Url(url) => f.write_str(url.as_str()),
            Target::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

/// Only two methods: no request that could change a site is ever sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Method {
    #[default]
    Get,
    Post,
}

impl Method {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// One endpoint and what a healthy answer contains.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    pub source: SourceId,
    pub id: ProbeId,
    pub name: String,
    /// The name for readers of Chinese and Korean.
    pub name_zh: Option<String>,
    pub name_ko: Option<String>,
    pub level: Level,
    pub target: Target,
    pub method: Method,
    /// Sent in addition to the program's own; the case of names does not matter.
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    /// Follow redirects.
    pub follow: bool,
    /// Fetched first, with a cookie jar for this probe alone.
    pub before: Vec<url::Url>,
    /// A checked five-field cron expression; `None`: the default of `[schedule]`.
    pub schedule: Option<String>,
    pub enabled: bool,
    /// While this probe has an open incident, the probe opens no incident.
    pub depends_on: Option<ProbeKey>,
    /// When the sibling loses its full-text marker in the same round, this probe's
    /// `content.withdrawn` becomes `content.unproven`.
    pub sibling: Option<ProbeKey>,
    /// The verdict that is normal here; `None`: the best confirmed so far.
    pub baseline: Option<Code>,
    pub timeout: Option<Duration>,
    /// Markers are not confirmed: no immediate mail until the probe was `ok` once.
    pub provisional: bool,
    /// The vantages it runs from; `None`: all.
    pub vantages: Option<Vec<VantageId>>,
    /// Overrides the charset that the page declares.
    pub charset: Option<String>,
    pub expect: Expect,
    pub values: Vec<ValueSpec>,
}

impl Probe {
    /// Whether judging its page needs the good answers before it: for its values, for the text of a
    /// record, or for a file.
    #[must_use]
    pub fn looks_back(&self) -> bool {
        let is_record = matches!(self.level, Level::Abstract | Level::Fulltext);
        let is_file = self.expect.content_type.as_ref();
        let is_file = is_file.is_some_and(|media| !media.contains("html"));
        is_record || is_file || self.values.iter().any(ValueSpec::looks_back)
    }

    /// The probe's full name.
    #[must_use]
    pub fn key(&self) -> ProbeKey {
        ProbeKey {
            source: self.source.clone(),
            probe: self.id.clone(),
        }
    }

    /// The name for readers of a language; the plain name where there is no other.
    #[must_use]
    pub fn name_in(&self, language: Language) -> &str {
        let own = match language {
            Language::En => None,
            Language::Ko => self.name_ko.as_deref(),
            Language::Zh => self.name_zh.as_deref(),
        };
        own.unwrap_or(&self.name)
    }

    /// The level that its page links to. Of a page of data that is the data itself: its files.
    #[must_use]
    pub fn next_level(&self) -> Option<Level> {
        let next = self.expect.level.keys().next().copied();
        next.map(|level| self.level_of_links(level))
    }

    /// The level that links of its page lead to, where nothing else is known of them.
    #[must_use]
    pub fn level_of_links(&self, level: Level) -> Level {
        match self.level {
            Level::Data | Level::Api => Level::Data,
            _ => level,
        }
    }

    /// Whether this probe runs from `vantage`.
    #[must_use]
    pub fn runs_from(&self, vantage: &VantageId) -> bool {
        self.vantages
            .as_ref()
            .is_none_or(|list| list.contains(vantage))
    }

    /// The host that is fetched; `None` for a file.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match &self.target {
            Target::Url(url) => url.host_str(),
            Target::File(_) => None,
        }
    }
}

/// `[probe.expect]`: `ok` requires all of them. An empty list expects nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expect {
    /// Accepted statuses; empty: 200.
    pub status: Vec<u16>,
    /// Globs; one must match the final host.
    pub final_host: Vec<String>,
    /// The title contains one of these.
    pub title: Vec<String>,
    /// The title contains none of these.
    pub title_not: Vec<String>,
    /// The text (decoded, NFKC) contains all of these.
    pub contains: Vec<String>,
    /// The text contains none of these.
    pub not_contains: Vec<String>,
    /// CSS selectors, each with at least one match.
    pub select: Vec<String>,
    /// The media type, without parameters.
    pub content_type: Option<String>,
    pub min_bytes: Option<u64>,
    pub max_bytes: Option<u64>,
    /// What proves the next level: one match of any selector is enough.
    pub level: BTreeMap<Level, Vec<String>>,
}

/// Where a value is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueFrom {
    /// The whole decoded text (with `regex`).
    Text,
    /// The text of elements that match a CSS selector.
    Select(String),
    /// RFC 6901.
    JsonPointer(String),
    /// RFC 9535.
    JsonPath(String),
    /// A response header.
    Header(String),
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    Number,
    Date,
    Text,
    /// The number of matches.
    Count,
    /// The share of matches that are null or empty, 0 to 1.
    NullShare,
    /// A hash of all matches, for `must_change`.
    Hash,
}

/// `[probe.value.NAME]`: a number or date kept as a series.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueSpec {
    pub name: String,
    pub from: ValueFrom,
    /// Applied to the text from `from`; gives the first group, or else the whole match.
    pub regex: Option<String>,
    pub kind: ValueKind,
    /// strftime, for dates.
    pub format: Option<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// The largest allowed drop, as a share (0 to 1) of the median of the last 30 good values.
    pub max_drop: Option<f64>,
    /// For dates: the maximum age of the newest one.
    pub max_age: Option<Duration>,
    /// Makes `max_age` and `must_change` count only the open days of this calendar.
    pub calendar: Option<String>,
    /// The value must have changed within this time.
    pub must_change: Option<Duration>,
    /// The name of the date that must change together with the value: an old value under a new date
    /// is misdated.
    pub changes_with: Option<String>,
}

impl ValueSpec {
    /// Whether judging the value needs its history: it has such a limit, or it may be the value of
    /// a column.
    #[must_use]
    pub fn looks_back(&self) -> bool {
        let limited =
            self.max_drop.is_some() || self.must_change.is_some() || self.changes_with.is_some();
        limited || self.kind != ValueKind::Hash && !matches!(self.from, ValueFrom::Header(_))
    }
}
