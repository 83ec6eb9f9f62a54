//! Copies of cited links: kept by this program, or by archives.

use url::Url;

use super::citation::PartialDate;
use super::link::LinkState;
use super::time::Time;
use super::vantage::Secret;

/// Where a copy comes from.
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
pub enum CopyKind {
    /// A WARC record of our own.
    Own,
    /// An archive had it.
    Found,
    /// An archive made it at our request.
    Saved,
    /// The document cites the copy itself.
    Cited,
}

/// Whether a copy shows what was cited.
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
pub enum CopyJudgement {
    Good,
    /// Good, and more than a year from the day of citing.
    Far,
    Bad,
}

/// Where copies are made.
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
pub enum SaveTarget {
    Own,
    Wayback,
    Perma,
}

/// When a copy of our own is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OwnCopies {
    Never,
    /// Of the first healthy page.
    #[default]
    First,
    /// Of the first healthy page and of each change.
    Changed,
}

/// Whether an address is an archive's that is never fetched, because it hides behind challenges.
#[must_use]
pub fn is_archive_today(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let name = host.strip_prefix("archive.").unwrap_or_default();
    ["today", "ph", "is", "li", "vn", "fo", "md"].contains(&name)
}

/// An archive that is asked for copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveSettings {
    pub name: String,
    /// The address of a link follows it (RFC 7089).
    pub timegate: Url,
}

/// `[links.copies]` and `[[links.archive]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySettings {
    pub own: OwnCopies,
    /// Where links are saved without being asked to.
    pub save: Vec<SaveTarget>,
    /// `access:secret` of an account of archive.org.
    pub wayback: Option<Secret>,
    pub perma: Option<Secret>,
    /// The folder of Perma that is billed; `None`: the personal quota.
    pub perma_folder: Option<String>,
    /// The addresses of the interfaces; `None` only where the built-in one cannot be read.
    pub wayback_api: Option<Url>,
    pub perma_api: Option<Url>,
    pub archives: Vec<ArchiveSettings>,
    /// The configuration names the archives: they are asked without a person asking.
    pub is_configured: bool,
}

impl Default for CopySettings {
    fn default() -> Self {
        let archive = |timegate| ArchiveSettings {
            name: "Wayback Machine".to_owned(),
            timegate,
        };
        let timegate = Url::parse("https://web.archive.org/web/").ok();
        Self {
            own: OwnCopies::default(),
            save: Vec::new(),
            wayback: None,
            perma: None,
            perma_folder: None,
            wayback_api: Url::parse("https://web.archive.org").ok(),
            perma_api: Url::parse("https://api.perma.cc").ok(),
            archives: timegate.map(archive).into_iter().collect(),
            is_configured: false,
        }
    }
}

/// A look-up of a link's copies that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeLookup {
    pub at: Time,
    /// When it is made again, because an archive did not answer.
    pub retry_at: Option<Time>,
}

/// A copy that is to be kept in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCopy {
    pub archive: String,
    /// The address of the memento; of an own copy, the id of its WARC record.
    pub url: String,
    /// When it was captured, as far as known.
    pub time: Option<Time>,
    /// `None` while it is not judged.
    pub judged: Option<CopyJudgement>,
    /// The verdict code of the capture.
    pub code: Option<String>,
    pub kind: CopyKind,
    pub job: Option<i64>,
    /// Of the captured page: one page under several links is not a copy of any.
    pub body_sha256: Option<String>,
}

/// A copy as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRow {
    pub link: i64,
    pub copy: NewCopy,
    pub found: Time,
    /// The copy that stands for the link.
    pub is_used: bool,
}

/// Which of a link's copies stands for it: a good one before a far one, one with a public address
/// before one of our own, then the nearest to the day of citing, then the earlier one; without a
/// day, the newest.
#[must_use]
pub fn choose(copies: &[NewCopy], cited_on: Option<PartialDate>) -> Option<usize> {
    let rank = |copy: &NewCopy| {
        let judged = copy.judged.filter(|judged| *judged != CopyJudgement::Bad)?;
        let seconds = copy.time.map_or(i64::MAX, |time| {
            let distance = cited_on.and_then(|day| day.distance(time));
            distance.map_or(-time.timestamp(), |distance| distance.num_seconds())
        });
        Some((copy.kind == CopyKind::Own, judged, seconds, copy.time))
    };
    let ranked = copies.iter().enumerate();
    let ranked = ranked.filter_map(|(at, copy)| Some((rank(copy)?, at)));
    ranked.min().map(|(_, at)| at)
}

/// A link whose copies are looked up or saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkToCopy {
    pub id: i64,
    pub url: String,
    pub host: String,
    pub state: LinkState,
    /// The earliest day of citing.
    pub cited_on: Option<PartialDate>,
    /// The passages that documents quote from it.
    pub passages: Vec<String>,
    /// As the documents write it: an archive's address may be among these.
    pub written: Vec<String>,
    /// The addresses of copies that were judged bad.
    pub bad: Vec<String>,
    /// There is a copy of our own.
    pub has_own: bool,
}

/// Which links' copies are looked up or listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopyFilter {
    pub document: Option<i64>,
    pub which: CopyLinks,
    /// Only links with a greater id.
    pub after: i64,
}

/// See [`CopyFilter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CopyLinks {
    #[default]
    All,
    /// Only links without a copy of an archive, and those whose look-up is not done.
    Needed,
    /// Only those whose look-up is due at this time.
    Due(Time),
}
