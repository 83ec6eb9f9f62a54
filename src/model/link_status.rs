//! What is known about a cited link over time.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::{MeasurementUid, VantageId};
use super::link::{LinkId, LinkObservation, LinkRemark, LinkState};
use super::time::Time;
use super::verdict::Code;

/// A link over all its checks. A default value is a link before its first check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkStatus {
    pub state: LinkState,
    /// Since when it has this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Time>,
    /// The code that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_checked: Option<Time>,
    /// The newest check that observed anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_checked: Option<Time>,
    /// The newest check that was served from any vantage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_ok: Option<Time>,
    /// The first check of the first run of checks that confirmed `gone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_gone: Option<Time>,
    /// The new address of a moved link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// The title of the page as last served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub remarks: BTreeSet<LinkRemark>,
    /// The newest observation of each vantage, by its id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<NewestView>,
    /// A state that is seen and not confirmed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspected: Option<LinkState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rot: Option<RotRun>,
    /// Which networks saw rot lately; one that only vantages elsewhere belong to comes later than
    /// the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rot_seen: Vec<RotSighting>,
    /// Since when the page has not been alike to its reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlike_since: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<RedirectRun>,
    /// What a person saw, while it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonView>,
    /// Checks since it was confirmed as gone.
    pub gone_checks: u32,
    /// When the next check is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
}

impl Default for LinkStatus {
    fn default() -> Self {
        Self {
            state: LinkState::Unknown,
            since: None,
            code: None,
            first_checked: None,
            last_checked: None,
            last_ok: None,
            first_gone: None,
            moved_to: None,
            title: None,
            remarks: BTreeSet::new(),
            views: Vec::new(),
            rot_seen: Vec::new(),
            suspected: None,
            rot: None,
            unlike_since: None,
            redirect: None,
            person: None,
            gone_checks: 0,
            due: None,
        }
    }
}

impl LinkStatus {
    /// The newest observation of a vantage.
    #[must_use]
    pub fn view(&self, vantage: &VantageId) -> Option<&NewestView> {
        self.views.iter().find(|view| view.vantage == *vantage)
    }
}

/// The newest observation of a link from one vantage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewestView {
    pub vantage: VantageId,
    pub at: Time,
    pub code: Code,
    pub observation: LinkObservation,
    /// Since when all observations of this vantage have been `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_since: Option<Time>,
    /// Another vantage found the page again since, so that it no longer counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_superseded: bool,
    /// The newest check from this vantage that was kept as a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<MeasurementUid>,
}

/// Checks that saw rot, without one between them that found the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotRun {
    pub first: Time,
    pub last: Time,
    pub checks: u32,
    /// The first and the last check in which vantages of two networks saw rot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_networks: Option<(Time, Time)>,
    /// Two networks saw an answer that needs no second check: a 410, a notice of deletion, a parked
    /// page.
    #[serde(default)]
    pub is_certain: bool,
}

/// A network whose vantage saw rot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotSighting {
    pub network: String,
    pub at: Time,
    /// The answer needs no second check.
    #[serde(default)]
    pub is_final: bool,
}

/// Checks that all ended at another address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectRun {
    pub to: String,
    pub since: Time,
    /// The newest redirect was a 301 or a 308.
    pub is_permanent: bool,
    /// The page there has the title that the link's page had before, and its address the same
    /// content number.
    #[serde(default)]
    pub is_same_content: bool,
}

/// What a person saw in a browser.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum PersonSaw {
    Ok,
    Gone,
    Drifted,
    Refused,
}

impl PersonSaw {
    /// The state that it gives a link.
    #[must_use]
    pub fn state(self) -> LinkState {
        match self {
            Self::Ok => LinkState::Alive,
            Self::Gone => LinkState::Gone,
            Self::Drifted => LinkState::Drifted,
            Self::Refused => LinkState::Blocked,
        }
    }
}

/// A check by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    pub saw: PersonSaw,
    pub on: Time,
}

/// A change in the life of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkEvent {
    pub at: Time,
    pub kind: LinkEventKind,
    pub from: LinkState,
    pub to: LinkState,
    /// The code that decided.
    pub code: Option<Code>,
    /// The new address of a moved link.
    pub moved_to: Option<String>,
}

/// A link whose checks are made, with what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedLink {
    pub id: LinkId,
    /// The address to fetch, as cited newest.
    pub url: String,
    pub identity: String,
    /// Another reading of the address.
    pub alternative: Option<String>,
    pub host: String,
    /// The parts of the page that are cited.
    pub fragments: Vec<String>,
    /// A document that cites it is watched.
    pub is_watched: bool,
    pub status: LinkStatus,
}

/// The outcome of a check of a link, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLink {
    pub id: LinkId,
    pub host: String,
    pub status: LinkStatus,
    /// The facts of the check: what each vantage observed.
    pub facts: Vec<CheckFact>,
    pub event: Option<LinkEvent>,
}

/// One check of a link from one vantage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckFact {
    pub vantage: VantageId,
    pub at: Time,
    pub code: Code,
}

/// Many links of a host turned worse in one pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostEvent {
    pub host: String,
    pub at: Time,
    /// The links that turned worse, and all that were checked.
    pub worse: usize,
    pub checked: usize,
}

/// An event as it is listed: of a link, or of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLinkEvent {
    pub at: Time,
    pub kind: LinkEventKind,
    pub link: Option<LinkId>,
    pub host: String,
    pub from: Option<LinkState>,
    pub to: Option<LinkState>,
    pub code: Option<Code>,
    pub moved_to: Option<String>,
    pub worse: Option<u32>,
    pub checked: Option<u32>,
    /// Who stated it.
    pub by: Option<String>,
}

/// What kind of change it is.
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
#[strum(serialize_all = "snake_case")]
pub enum LinkEventKind {
    /// The state changed.
    Changed,
    /// It was gone or blocked when it was first checked: no day of the change is known.
    Already,
    /// A link that was gone is served again.
    Back,
    /// A person stated what a browser shows.
    Observed,
    /// A person accepted the page as it is now as the reference.
    Accepted,
    /// Many links of the host turned worse in one pass, this one among them. They are checked
    /// again before they count.
    HostEvent,
}
