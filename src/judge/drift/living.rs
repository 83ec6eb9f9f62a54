//! Pages that change by themselves: home pages, lists, results of searches, and pages that changed
//! as much before.

use url::Url;

use super::against_reference::{ALIKE, differing_figure, share_left};
use crate::judge::registrable_domain::is_home;
use crate::text::page_text::PageContent;

/// Parameters that hold the words of a search.
const SEARCHES: [&str; 10] = [
    "q",
    "kw",
    "wd",
    "keyword",
    "keywords",
    "search",
    "query",
    "searchword",
    "key",
    "word",
];
/// Names of programs and folders that list or search.
const LISTS: [&str; 8] = [
    "search", "so", "list", "lists", "latest", "archive", "category", "tag",
];

/// Whether a page is a home page, a list, or the results of a search, by its address or its text.
#[must_use]
pub fn is_living_page(url: &Url, page: &PageContent) -> bool {
    is_home(url) || page.is_list || is_search(url)
}

fn is_search(url: &Url) -> bool {
    let has_words = url
        .query_pairs()
        .any(|(name, value)| !value.is_empty() && SEARCHES.contains(&&*name.to_ascii_lowercase()));
    let last = url
        .path_segments()
        .and_then(|mut parts| parts.rfind(|part| !part.is_empty()))
        .unwrap_or_default();
    let name = last
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_program = LISTS.contains(&name.as_str());
    is_program || has_words && url.path_segments().is_some_and(|p| p.count() <= 2)
}

/// Whether a page changed between its first two healthy checks as much as a drift would: it is no
/// longer alike, or a figure of a table under the same heads is another one.
#[must_use]
pub fn changed_as_much(first: &PageContent, second: &PageContent) -> bool {
    if first.is_cut || second.is_cut || second.searched().is_empty() {
        return false;
    }
    share_left(first, second).is_some_and(|share| share < ALIKE)
        || differing_figure(first, second).is_some()
}
