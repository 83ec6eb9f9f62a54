//! Sitemaps, RSS and Atom.

use super::csl_json::add_html;
use super::record::BibliographyRecord;
use super::xml_records::{self, RecordElement};
use crate::links::read::block::RawDocument;
use crate::links::read::error::ReadError;

/// Reads a sitemap or an index of sitemaps.
pub fn read_sitemap(text: &str) -> Result<RawDocument, ReadError> {
    collect("sitemap", text, &["url", "sitemap"], |element| {
        let mut record = BibliographyRecord::default();
        for loc in element.all("loc") {
            record.add_url(&loc.full_text());
        }
        record
    })
}

/// Reads the entries of a feed.
pub fn read_feed(text: &str) -> Result<RawDocument, ReadError> {
    collect("feed", text, &["item", "entry"], |element| {
        let mut record = BibliographyRecord::default();
        record.set_title(
            &element
                .child("title")
                .map(RecordElement::full_text)
                .unwrap_or_default(),
        );
        for link in element.all("link") {
            let of_entry = link
                .attribute("rel")
                .is_none_or(|rel| rel == "alternate" || rel == "related");
            if of_entry {
                record.add_url(link.attribute("href").unwrap_or(link.text.as_str()));
            }
        }
        for name in ["description", "encoded", "content", "summary"] {
            let text = element.child(name).map(RecordElement::full_text);
            add_html(&mut record, &text.unwrap_or_default());
        }
        record
    })
}

fn collect(
    format: &'static str,
    text: &str,
    names: &[&str],
    record: impl Fn(&RecordElement) -> BibliographyRecord,
) -> Result<RawDocument, ReadError> {
    let mut document = RawDocument::default();
    let mut number = 0;
    xml_records::for_each(
        format,
        text,
        |name| names.contains(&name),
        |element| {
            number += 1;
            document.blocks.extend(record(&element).into_block(number));
        },
    )?;
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(document: &RawDocument) -> Vec<String> {
        let citations = crate::links::read::citing::citations(document);
        citations
            .iter()
            .map(|c| format!("{}: {}", c.place, c.url))
            .collect()
    }

    #[test]
    fn sitemaps_and_feeds_give_their_links() {
        let sitemap = "<urlset><url><loc> https://a.example/?x=1&amp;y=2 </loc><lastmod>2023-01-01</lastmod></url><url><loc>https://a.example/路</loc></url></urlset>";
        assert_eq!(
            cited(&read_sitemap(sitemap).unwrap()),
            [
                "entry 1: https://a.example/?x=1&y=2",
                "entry 2: https://a.example/路"
            ]
        );
        let rss = "<rss><channel><link>https://a.example/</link><item><title>T</title><link>https://a.example/1</link><description>&lt;a href=\"https://b.example/\"&gt;b&lt;/a&gt;</description></item></channel></rss>";
        assert_eq!(
            cited(&read_feed(rss).unwrap()),
            [
                "entry 1: https://a.example/1",
                "entry 1: https://b.example/"
            ]
        );
        let atom = "<feed><entry><title>T</title><link rel=\"self\" href=\"https://a.example/self\"/><link href=\"https://a.example/2\"/></entry></feed>";
        assert_eq!(
            cited(&read_feed(atom).unwrap()),
            ["entry 1: https://a.example/2"]
        );
    }
}
