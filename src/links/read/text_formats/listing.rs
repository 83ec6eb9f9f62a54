//! What sitemaps and feeds list: the pages of a site, and further sitemaps.

use chrono::DateTime;

use super::xml_records::{self, RecordElement};
use crate::links::read::error::ReadError;
use crate::model::citation::PartialDate;

/// What a list of addresses holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listing {
    /// The sitemaps of an index.
    Sitemaps(Vec<ListedPage>),
    /// The pages of a sitemap, or of the entries of a feed.
    Pages(Vec<ListedPage>),
}

/// An address with what its list says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPage {
    pub url: String,
    /// When it was published or changed.
    pub date: Option<PartialDate>,
    /// When it changed, as far as the list says.
    pub changed: Option<PartialDate>,
}

/// Reads a sitemap or an index of sitemaps. One that is both counts as an index.
pub fn read_sitemap(text: &str) -> Result<Listing, ReadError> {
    let (mut sitemaps, mut pages) = (Vec::new(), Vec::new());
    let is_listed = |name: &str| matches!(name, "url" | "sitemap");
    xml_records::for_each("sitemap", text, is_listed, |element| {
        let Some(loc) = element.child("loc") else {
            return;
        };
        let date = date_in(&element, "lastmod");
        let page = ListedPage {
            url: loc.full_text().trim().to_owned(),
            date,
            changed: date,
        };
        if element.name == "sitemap" {
            sitemaps.push(page);
        } else {
            pages.push(page);
        }
    })?;
    Ok(if sitemaps.is_empty() {
        Listing::Pages(pages)
    } else {
        Listing::Sitemaps(sitemaps)
    })
}

/// Reads the pages of the entries of a feed: what an entry links to beside its own page is left to
/// the page.
pub fn read_feed(text: &str) -> Result<Listing, ReadError> {
    let mut pages = Vec::new();
    let is_entry = |name: &str| matches!(name, "item" | "entry");
    xml_records::for_each("feed", text, is_entry, |element| {
        let own = |link: &&RecordElement| {
            let rel = link.attribute("rel");
            rel.is_none_or(|rel| rel == "alternate")
        };
        let address = |link: &RecordElement| match link.attribute("href") {
            Some(href) => href.trim().to_owned(),
            None => link.text.trim().to_owned(),
        };
        let url = element.all("link").filter(own).map(address);
        let Some(url) = url.into_iter().find(|url| !url.is_empty()) else {
            return;
        };
        let dates = ["pubDate", "published", "date", "updated"];
        let date = dates.into_iter().find_map(|name| date_in(&element, name));
        // The other days are those of the publication.
        let changed = date_in(&element, "updated");
        pages.push(ListedPage { url, date, changed });
    })?;
    Ok(Listing::Pages(pages))
}

/// The day that a child of an entry states.
fn date_in(entry: &RecordElement, name: &str) -> Option<PartialDate> {
    date_of(&entry.child(name)?.full_text())
}

/// The day of `2023-05-08T03:11:22+08:00`, `2023-05` or `Mon, 08 May 2023 03:11:22 +0800`, as it is
/// written.
fn date_of(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    let day = text.get(..10).and_then(PartialDate::parse);
    let written = || {
        let at = DateTime::parse_from_rfc2822(text).ok()?;
        Some(PartialDate::Day(at.date_naive()))
    };
    day.or_else(|| PartialDate::parse(text)).or_else(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pages: &[ListedPage]) -> Vec<(String, String)> {
        let date = |page: &ListedPage| page.date.map(|d| d.to_string()).unwrap_or_default();
        pages.iter().map(|p| (p.url.clone(), date(p))).collect()
    }

    #[test]
    fn sitemaps_list_pages_or_sitemaps_with_their_days() {
        let sitemap = "<urlset xmlns:image='i'><url><loc> https://a.example/?x=1&amp;y=2 </loc>\
             <lastmod>2023-05-08T03:11:22+08:00</lastmod>\
             <image:image><image:loc>https://a.example/i.png</image:loc></image:image></url>\
             <url><loc>https://a.example/路</loc><lastmod>2023-05</lastmod></url><url/></urlset>";
        let Listing::Pages(pages) = read_sitemap(sitemap).unwrap() else {
            panic!("pages are listed");
        };
        assert_eq!(
            shown(&pages),
            [
                (
                    "https://a.example/?x=1&y=2".to_owned(),
                    "2023-05-08".to_owned()
                ),
                ("https://a.example/路".to_owned(), "2023-05".to_owned()),
            ]
        );
        let index =
            "<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc></sitemap></sitemapindex>";
        let Listing::Sitemaps(sitemaps) = read_sitemap(index).unwrap() else {
            panic!("sitemaps are listed");
        };
        assert_eq!(sitemaps.len(), 1);
    }

    #[test]
    fn feeds_list_the_pages_of_their_entries() {
        let rss = "<rss><channel><link>https://a.example/</link><item><link>https://a.example/1</link>\
             <pubDate>Mon, 08 May 2023 23:11:22 +0800</pubDate>\
             <description>&lt;a href=\"https://b.example/\"&gt;b&lt;/a&gt;</description></item>\
             <item><title>no page</title></item></channel></rss>";
        let atom = "<feed><link href='https://a.example/'/><entry><link rel='enclosure' href='https://a.example/f'/>\
             <link href='https://a.example/2'/><updated>2024-02-30</updated></entry></feed>";
        for (feed, want) in [
            (rss, ("https://a.example/1", "2023-05-08")),
            (atom, ("https://a.example/2", "")),
        ] {
            let Listing::Pages(pages) = read_feed(feed).unwrap() else {
                panic!("pages are listed");
            };
            assert_eq!(shown(&pages), [(want.0.to_owned(), want.1.to_owned())]);
        }
    }
    /// A feed says when an entry was published, and only Atom says when it changed.
    #[test]
    fn an_entry_that_was_published_may_have_changed_since() {
        let atom = "<feed><entry><link href='https://a.example/1'/><published>2023-05-08</published>\
             <updated>2024-06-09T01:00:00Z</updated></entry></feed>";
        let rss = "<rss><channel><item><link>https://a.example/1</link>\
             <pubDate>Mon, 08 May 2023 23:11:22 +0800</pubDate></item></channel></rss>";
        for (feed, changed) in [(atom, PartialDate::parse("2024-06-09")), (rss, None)] {
            let Listing::Pages(pages) = read_feed(feed).unwrap() else {
                panic!("pages are listed");
            };
            assert_eq!(pages[0].date, PartialDate::parse("2023-05-08"));
            assert_eq!(pages[0].changed, changed);
        }
    }
}
