//! A link on its way to be checked.

use url::Url;

use crate::links::identity::LinkTarget;

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
}
