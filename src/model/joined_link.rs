//! Two links that a check found to be one.

use super::copy::NewCopy;
use super::link::LinkId;
use super::time::Time;

/// A link and another address of the same resource: its host without or with `www.`, to which it
/// redirects, or the original of which it is an archive's copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedLink {
    pub link: LinkId,
    /// When the check showed it.
    pub at: Time,
    /// The other address, as links are known by.
    pub identity: String,
    pub url: String,
    pub host: String,
    /// The link as cited is this copy of the other one.
    pub copy: Option<NewCopy>,
}
