//! The content of a letter on cited links.

use super::link::{LinkId, LinkState};
use super::link_status::{HostEvent, LinkEventKind};
use super::time::Time;
use super::verdict::Code;

/// What happened to links in a period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkNews {
    /// Links whose state changed, as they are now.
    pub changes: Vec<ChangedLink>,
    pub hosts: Vec<HostEvent>,
    /// Links that a person should open, because their hosts decline programs.
    pub by_hand: Vec<ChangedLink>,
    /// Links whose hosts decline programs.
    pub declining: u64,
    /// Links that robots.txt asks programs not to fetch.
    pub robots: u64,
}

/// A link with the places that cite it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLink {
    pub id: LinkId,
    pub url: String,
    pub state: LinkState,
    pub kind: LinkEventKind,
    pub code: Option<Code>,
    /// Since when the link has this state.
    pub since: Option<Time>,
    pub moved_to: Option<String>,
    /// The address of the chosen copy, and when it was captured.
    pub copy: Option<(String, Option<Time>)>,
    pub citations: Vec<NewsCitation>,
}

/// A place that cites a link, and its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsCitation {
    pub document: i64,
    pub path: String,
    pub document_title: Option<String>,
    pub group: Option<String>,
    pub is_watched: bool,
    pub place: String,
    /// The title of the cited work.
    pub title: Option<String>,
}
