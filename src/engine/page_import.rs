//! Documents on the web: a page, or the pages that a sitemap or a feed lists. Each becomes a
//! document whose path is its address.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use chrono::{NaiveTime, TimeDelta};
use url::Url;

use crate::config::Workspace;
use crate::links::read::{self, ListedPage, Listing, ReadError};
use crate::model::Time;
use crate::model::clock::Clock;
use crate::store::Store;
use crate::text::clean;

use super::error::EngineError;
use super::link_import::{DocumentSource, ImportOptions, ImportReport, Importer};
use super::page_fetcher::{PageFetcher, PageImportError};
use super::pages_left::{PagesLeft, Waiting};

/// Pages of one import.
const MAX_PAGES: usize = 50_000;
/// Sitemaps of one import.
const MAX_SITEMAPS: usize = 2_000;
/// Indexes inside each other. The format knows one.
const MAX_DEPTH: u8 = 3;

/// Fetches addresses and imports what they hold, politely and in the order in which they are
/// listed. What cannot be read is named with the reason, and ends no citation.
pub async fn import_pages(
    workspace: &Workspace,
    store: &Store,
    addresses: &[String],
    options: &ImportOptions,
    clock: Arc<dyn Clock>,
) -> Result<ImportReport, EngineError> {
    let all = PagesLeft::all(addresses);
    let (report, _) = import_part(workspace, store, all, options, clock, None).await?;
    Ok(report)
}

/// The same for what is left of an import, until a time; returns what is left then.
pub(super) async fn import_part(
    workspace: &Workspace,
    store: &Store,
    left: PagesLeft,
    options: &ImportOptions,
    clock: Arc<dyn Clock>,
    until: Option<Time>,
) -> Result<(ImportReport, Option<PagesLeft>), EngineError> {
    let now = clock.now();
    let mut walk = Walk {
        queue: VecDeque::new(),
        seen: BTreeSet::new(),
        pages: left.pages,
        sitemaps: left.sitemaps,
        importer: Importer::new(workspace, store, options, now),
        is_plain: options.is_plain(),
    };
    match left.waiting() {
        Some(waiting) => waiting.into_iter().for_each(|page| walk.wait(page)),
        None => walk.begin(&left.named),
    }
    if let Some(fetcher) = PageFetcher::new(workspace, Arc::clone(&clock))? {
        let (back_offs, robots) = store.politeness().await?;
        fetcher.restore(back_offs, robots);
        while until.is_none_or(|until| clock.now() < until)
            && let Some(waiting) = walk.queue.pop_front()
        {
            walk.visit(waiting, &fetcher, store).await?;
        }
        let (back_offs, robots) = fetcher.politeness();
        store
            .save_politeness(back_offs, robots, clock.now())
            .await?;
    } else {
        for waiting in std::mem::take(&mut walk.queue) {
            walk.refuse(waiting.url.as_str(), &PageImportError::NoVantage);
        }
    }
    let counts = (walk.pages, walk.sitemaps);
    let left = (!walk.queue.is_empty()).then(|| left.with_waiting(counts, walk.queue));
    Ok((walk.importer.finish().await?, left))
}

/// The addresses of an import, on the way.
struct Walk<'a> {
    queue: VecDeque<Waiting>,
    seen: BTreeSet<String>,
    pages: usize,
    sitemaps: usize,
    importer: Importer<'a>,
    /// Nothing is stated of the documents, so that what did not change needs no import.
    is_plain: bool,
}

impl Walk<'_> {
    fn begin(&mut self, addresses: &[String]) {
        for address in addresses {
            match address_of(address) {
                Some(url) => {
                    let named = url.host_str().unwrap_or_default();
                    let named = Arc::from(named.to_ascii_lowercase());
                    let waiting = Waiting {
                        url,
                        date: None,
                        changed: None,
                        depth: 0,
                        is_sitemap: false,
                        named,
                    };
                    self.wait(waiting);
                }
                None => self.refuse(address, &PageImportError::Address),
            }
        }
    }

    fn wait(&mut self, waiting: Waiting) {
        if self.seen.insert(waiting.url.to_string()) {
            self.queue.push_back(waiting);
        }
    }

    fn refuse(&mut self, what: &str, why: &PageImportError) {
        self.importer
            .refuse(clean::line(what, 300), why.to_string());
    }

    async fn visit(
        &mut self,
        waiting: Waiting,
        fetcher: &PageFetcher<'_>,
        store: &Store,
    ) -> Result<(), EngineError> {
        if self.is_plain && is_unchanged(store, &waiting).await? {
            return Ok(());
        }
        match self.read(&waiting, fetcher).await {
            Ok(Some(source)) => self.importer.add(source).await?,
            Ok(None) => {}
            Err(why) => self.refuse(waiting.url.as_str(), &why),
        }
        Ok(())
    }

    async fn read(
        &mut self,
        waiting: &Waiting,
        fetcher: &PageFetcher<'_>,
    ) -> Result<Option<DocumentSource>, PageImportError> {
        let bytes = fetcher.fetch(&waiting.url, &waiting.named).await?;
        self.take_in(waiting, bytes).await
    }

    /// The document, or none when the bytes are a list, whose addresses are taken up.
    async fn take_in(
        &mut self,
        waiting: &Waiting,
        bytes: Vec<u8>,
    ) -> Result<Option<DocumentSource>, PageImportError> {
        let url = waiting.url.clone();
        let listing = read::listing(&bytes, url.path())?;
        if let Some(listing) = listing {
            self.take_up(waiting, listing)?;
            return Ok(None);
        }
        if waiting.is_sitemap {
            return Err(PageImportError::NoSitemap);
        }
        // Reading a file takes long enough to need a thread of its own; a reader that panics says
        // nothing about the others.
        let reading = tokio::task::spawn_blocking(move || {
            let raw = read::read_fetched(&bytes, &url);
            raw.map(|raw| (raw, bytes))
        });
        let read = reading.await.unwrap_or(Err(ReadError::Unknown));
        let (mut raw, bytes) = read?;
        raw.date = raw.date.or(waiting.date);
        Ok(Some(DocumentSource {
            raw,
            bytes,
            path: waiting.url.to_string(),
        }))
    }

    /// Adds what a list names.
    fn take_up(&mut self, waiting: &Waiting, listing: Listing) -> Result<(), PageImportError> {
        let depth = waiting.depth + 1;
        if depth > MAX_DEPTH {
            return Err(PageImportError::TooDeep(MAX_DEPTH));
        }
        let (listed, is_sitemap) = match listing {
            Listing::Sitemaps(listed) => (listed, true),
            Listing::Pages(listed) => (listed, false),
        };
        for ListedPage { url, date, changed } in listed {
            let Some(url) = address_of(&url) else {
                self.refuse(&url, &PageImportError::Address);
                continue;
            };
            let (count, most, what) = if is_sitemap {
                (&mut self.sitemaps, MAX_SITEMAPS, "2000 sitemaps")
            } else {
                (&mut self.pages, MAX_PAGES, "50000 pages")
            };
            if *count >= most {
                return Err(PageImportError::TooMany(what));
            }
            *count += 1;
            self.wait(Waiting {
                url,
                date,
                changed,
                depth,
                is_sitemap,
                named: Arc::clone(&waiting.named),
            });
        }
        Ok(())
    }
}

/// An address without its fragment and without credentials.
fn address_of(text: &str) -> Option<Url> {
    let mut url = Url::parse(text.trim()).ok()?;
    url.set_fragment(None);
    let is_open = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && is_open).then_some(url)
}

/// A page that was imported after the day on which its list says that it changed.
async fn is_unchanged(store: &Store, waiting: &Waiting) -> Result<bool, EngineError> {
    let Some(day) = waiting.changed.filter(|_| !waiting.is_sitemap) else {
        return Ok(false);
    };
    let imported = store.document_imported_at(waiting.url.to_string()).await?;
    let over = day
        .day_after()
        .map(|day| day.and_time(NaiveTime::MIN).and_utc());
    // Days are those of the site's own zone.
    let over = over.map(|over| over + TimeDelta::hours(14));
    Ok(imported
        .zip(over)
        .is_some_and(|(imported, over)| imported >= over))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_web_without_credentials() {
        for (text, want) in [
            ("https://a.example/x#y", Some("https://a.example/x")),
            ("ftp://a.example/", None),
            ("javascript:alert(1)", None),
            ("https://u:p@a.example/", None),
            ("/x", None),
        ] {
            assert_eq!(address_of(text).as_ref().map(Url::as_str), want, "{text}");
        }
    }
}
