//! The pages of an import that wait: listed, and not fetched yet. A long import is made in parts.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::citation::PartialDate;

/// An address that waits to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) url: Url,
    /// The day that a list states.
    pub(super) date: Option<PartialDate>,
    /// The day on which it changed, as its list states.
    pub(super) changed: Option<PartialDate>,
    /// How many lists lead to it.
    pub(super) depth: u8,
    /// An index names it as a sitemap.
    pub(super) is_sitemap: bool,
    /// The host that the operator named.
    pub(super) named: Arc<str>,
}

/// What is left of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PagesLeft {
    /// The addresses that the operator named.
    pub(super) named: Vec<String>,
    /// The pages and the sitemaps that lists named so far.
    pub(super) pages: usize,
    pub(super) sitemaps: usize,
    /// What waits; `None` before the first part.
    waiting: Option<Vec<StoredPage>>,
}

/// An address that waits, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredPage {
    url: String,
    date: Option<String>,
    changed: Option<String>,
    depth: u8,
    is_sitemap: bool,
    named: String,
}

impl PagesLeft {
    /// All of an import that did not begin.
    pub(super) fn all(named: &[String]) -> Self {
        Self {
            named: named.to_vec(),
            pages: 0,
            sitemaps: 0,
            waiting: None,
        }
    }

    /// The same import with what waits now, and how many pages and sitemaps were named.
    pub(super) fn with_waiting(
        self,
        (pages, sitemaps): (usize, usize),
        waiting: impl IntoIterator<Item = Waiting>,
    ) -> Self {
        Self {
            named: self.named,
            pages,
            sitemaps,
            waiting: Some(waiting.into_iter().map(StoredPage::from).collect()),
        }
    }

    /// What waits; `None` before the first part.
    pub(super) fn waiting(&self) -> Option<Vec<Waiting>> {
        let stored = self.waiting.as_ref()?.iter();
        Some(stored.filter_map(StoredPage::waiting).collect())
    }

    /// How many addresses wait.
    pub(super) fn count(&self) -> usize {
        self.waiting.as_ref().map_or(self.named.len(), Vec::len)
    }
}

impl From<Waiting> for StoredPage {
    fn from(waiting: Waiting) -> Self {
        Self {
            url: waiting.url.into(),
            date: waiting.date.map(|date| date.to_string()),
            changed: waiting.changed.map(|date| date.to_string()),
            depth: waiting.depth,
            is_sitemap: waiting.is_sitemap,
            named: waiting.named.to_string(),
        }
    }
}

impl StoredPage {
    fn waiting(&self) -> Option<Waiting> {
        let date = |text: &Option<String>| text.as_deref().and_then(PartialDate::parse);
        Some(Waiting {
            url: Url::parse(&self.url).ok()?,
            date: date(&self.date),
            changed: date(&self.changed),
            depth: self.depth,
            is_sitemap: self.is_sitemap,
            named: Arc::from(self.named.as_str()),
        })
    }
}
