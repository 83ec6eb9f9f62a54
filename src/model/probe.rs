//! A probe: one endpoint of a source, how it is fetched and what a healthy answer holds.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ids::{ProbeId, ProbeKey, SourceId, VantageId};
use super::settings::Language;
use super::verdict::Code;

/// What a probe stands for on the ladder of access; `data` and `api` stand beside it.
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
    /// `file:`, relative to the workspace: written by the library's own licensed job.
    File(PathBuf),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Url(url) => f.write_str(url.as_str()),
            Target::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

/// Two methods are enough: nothing that changes a site is ever sent.
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

/// One endpoint and what a healthy answer holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    pub source: SourceId,
    pub id: ProbeId,
    pub name: String,
    /// As readers of Chinese and Korean know it.
    pub name_zh: Option<String>,
    pub name_ko: Option<String>,
    pub level: Level,
    pub target: Target,
    pub method: Method,
    /// Sent beside the program's own; names in lower case are as good as any.
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    /// Follow redirects.
    pub follow: bool,
    /// Fetched first, with a cookie jar of the probe's own.
    pub before: Vec<url::Url>,
    /// A checked five-field cron expression; none: the default of `[schedule]`.
    pub schedule: Option<String>,
    pub enabled: bool,
    /// While this probe has an open incident, ours opens none.
    pub depends_on: Option<ProbeKey>,
    /// A redesign there in the same round turns our `content.withdrawn` into `content.changed`.
    pub sibling: Option<ProbeKey>,
    /// The verdict that is normal here; none: the best confirmed so far.
    pub baseline: Option<Code>,
    pub timeout: Option<Duration>,
    /// Markers are not confirmed: no mail at once until it was `ok` once.
    pub provisional: bool,
    /// Only from these; none: from all.
    pub vantages: Option<Vec<VantageId>>,
    /// Overrides what the page says of itself.
    pub charset: Option<String>,
    pub expect: Expect,
    pub values: Vec<ValueSpec>,
}

impl Probe {
    /// The probe's full name.
    #[must_use]
    pub fn key(&self) -> ProbeKey {
        ProbeKey {
            source: self.source.clone(),
            probe: self.id.clone(),
        }
    }

    /// The name for readers of a language; the plain one where there is no other.
    #[must_use]
    pub fn name_in(&self, language: Language) -> &str {
        let own = match language {
            Language::En => None,
            Language::Ko => self.name_ko.as_deref(),
            Language::Zh => self.name_zh.as_deref(),
        };
        own.unwrap_or(&self.name)
    }

    /// The level that its page leads on to.
    #[must_use]
    pub fn next_level(&self) -> Option<Level> {
        self.expect.level.keys().next().copied()
    }

    /// Whether this probe is made from `vantage`.
    #[must_use]
    pub fn runs_from(&self, vantage: &VantageId) -> bool {
        self.vantages
            .as_ref()
            .is_none_or(|list| list.contains(vantage))
    }

    /// The host that is fetched; none for a file.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match &self.target {
            Target::Url(url) => url.host_str(),
            Target::File(_) => None,
        }
    }
}

/// `[probe.expect]`: all must hold for `ok`. Empty lists expect nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expect {
    /// Empty: 200.
    pub status: Vec<u16>,
    /// Globs; one must match the host that answered.
    pub final_host: Vec<String>,
    /// One of these is in the title.
    pub title: Vec<String>,
    /// None of these is in the title.
    pub title_not: Vec<String>,
    /// All of these are in the text (decoded, NFKC).
    pub contains: Vec<String>,
    /// None of these is.
    pub not_contains: Vec<String>,
    /// CSS; at least one match each.
    pub select: Vec<String>,
    /// The media type, without parameters.
    pub content_type: Option<String>,
    pub min_bytes: Option<u64>,
    pub max_bytes: Option<u64>,
    /// What proves the next level up: one match of any selector suffices.
    pub level: BTreeMap<Level, Vec<String>>,
}

/// How a value is taken from the answer.
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

/// What a value is.
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
    /// Applied to what `from` gives; its first group, or the whole match.
    pub regex: Option<String>,
    pub kind: ValueKind,
    /// strftime, for dates.
    pub format: Option<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// A share, 0 to 1, of the median of the last 30 good values.
    pub max_drop: Option<f64>,
    /// For dates: how old the newest may be.
    pub max_age: Option<Duration>,
    /// Counts only the open days of this calendar in `max_age` and `must_change`.
    pub calendar: Option<String>,
    /// The value must differ from what it was this long ago.
    pub must_change: Option<Duration>,
    /// The date beside it (by name) with which it must change: an old value under a new date is misdated.
    pub changes_with: Option<String>,
}

impl ValueSpec {
    /// Whether judging the value needs what it was before: by a limit of its own, or because it may be that of a column.
    #[must_use]
    pub fn looks_back(&self) -> bool {
        let limited =
            self.max_drop.is_some() || self.must_change.is_some() || self.changes_with.is_some();
        limited || self.kind != ValueKind::Hash && !matches!(self.from, ValueFrom::Header(_))
    }
}
