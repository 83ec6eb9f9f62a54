//! A link on its way to be checked.

use std::sync::Arc;

use url::Url;

use crate::model::citation::PartialDate;
use crate::model::link::LinkId;
use crate::model::link_status::NewestView;

use crate::links::identity::LinkTarget;
use crate::store::CitedPage;

/// A link that is to be checked.
#[derive(Debug, Clone)]
pub struct LinkJob {
    pub target: LinkTarget,
    /// A shorter reading of the link, which is tried when the long one is not there.
    pub alternative: Option<Url>,
    /// The parts of the page that are cited.
    pub fragments: Vec<String>,
    /// The operator names the link, so that it may lead into the local network.
    pub is_named: bool,
    /// What is known about the page as it was cited.
    pub cited: Arc<CitedPage>,
    /// What is known about a kept link; `None` for a link that is checked once.
    pub known: Option<KnownLink>,
    /// The page of a kept link becomes its reference, where it has none.
    pub is_kept: bool,
}

/// A link that is kept, with the newest observation of each vantage. What differs from it is
/// fetched again before it counts, and is kept as a record.
#[derive(Debug, Clone)]
pub struct KnownLink {
    pub id: LinkId,
    pub views: Vec<NewestView>,
    /// The check is made for a hub, which gets every record.
    pub is_elsewhere: bool,
    /// A copy of our own that is to be made; `None`: of no page.
    pub wanted_copy: Option<WantedCopy>,
}

/// A copy of our own that is to be made of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedCopy {
    /// The earliest day of citing.
    pub cited_on: Option<PartialDate>,
    /// Whether only a page that differs from the one seen before is copied.
    pub only_changed: bool,
}
