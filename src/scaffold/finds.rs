//! What was found on a page for its probe file.

use super::found::ProposedValue;

/// What stands in a file beyond the address; each is tried in turn until the page itself is `ok` by it.
#[derive(Debug, Clone, Default)]
pub(super) struct PageFindings {
    /// The name of the site, by the page's title.
    pub site: Option<String>,
    pub title: Option<String>,
    pub select: Vec<String>,
    pub media: Option<String>,
    pub min_bytes: Option<u64>,
    /// A charset to be stated, and why.
    pub charset: Option<(String, String)>,
    /// The name of the record or the list, as its text has it.
    pub contains: Option<String>,
    /// The buttons that lead to the full text.
    pub full_text: Vec<String>,
    /// The page is one text under a name of its own.
    pub is_article: bool,
    /// It is the fields of a record under a name of its own.
    pub is_record: bool,
    /// A script is to fill the page, and none ran.
    pub is_shell: bool,
    pub values: Vec<ProposedValue>,
}
