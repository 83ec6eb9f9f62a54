//! Zotero RDF.

use super::csl_json::add_html;
use super::record::BibliographyRecord;
use super::xml_records::{self, RecordElement};
use crate::links::read::block::{Block, RawDocument};
use crate::links::read::dates;
use crate::links::read::error::ReadError;

/// Elements below the root that are not entries.
const NO_ENTRY: [&str; 2] = ["Collection", "RDF"];

/// Reads a bibliography.
pub fn read(text: &str) -> Result<RawDocument, ReadError> {
    let mut document = RawDocument::default();
    for_each(text, |_, block| document.blocks.extend(block))?;
    Ok(document)
}

/// Calls `each` with every entry and its block.
pub(in crate::links) fn for_each(
    text: &str,
    mut each: impl FnMut(&RecordElement, Option<Block>),
) -> Result<(), ReadError> {
    let mut number = 0;
    xml_records::for_each(
        "Zotero RDF",
        text,
        |name| !NO_ENTRY.contains(&name),
        |element| {
            number += 1;
            each(&element, record(&element).into_block(number));
        },
    )
}

fn record(element: &RecordElement) -> BibliographyRecord {
    let mut record = BibliographyRecord::default();
    let text = |name: &str| {
        element
            .child(name)
            .map(RecordElement::full_text)
            .unwrap_or_default()
    };
    record.set_key(&text("citationKey"));
    record.set_key(element.attribute("about").unwrap_or_default());
    record.set_title(&text("title"));
    for identifier in element.all("identifier") {
        match identifier.at(&["URI", "value"]) {
            Some(url) => record.add_url(&url.full_text()),
            None => add_identifier(&mut record, &identifier.full_text()),
        }
    }
    // The journal that an article is part of carries the DOI of the article.
    for identifier in element
        .all("isPartOf")
        .flat_map(|part| &part.children)
        .flat_map(|part| part.all("identifier"))
    {
        add_identifier(&mut record, &identifier.full_text());
    }
    for name in ["description", "abstract"] {
        record.add_text(&text(name));
    }
    if element.name == "Memo" {
        add_html(&mut record, &text("value"));
    }
    record.set_accessed(dates::of_field(&text("dateSubmitted")));
    record
}

/// `DOI 10.1000/x`, or an address.
fn add_identifier(record: &mut BibliographyRecord, text: &str) {
    let text = text.trim();
    match text.split_once(' ') {
        Some(("DOI", doi)) => record.add_doi(doi),
        _ if text.contains("://") => record.add_url(text),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_give_their_links_and_days() {
        let xml = r##"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#">
        <bib:Article rdf:about="#item_1"><dcterms:isPartOf><bib:Journal><dc:title>J</dc:title><dc:identifier>DOI 10.1000/x</dc:identifier><dc:identifier>ISSN 1234</dc:identifier></bib:Journal></dcterms:isPartOf>
        <dc:title>A title</dc:title><dc:identifier><dcterms:URI><rdf:value>https://a.example/x?a=1&amp;b</rdf:value></dcterms:URI></dc:identifier>
        <dcterms:dateSubmitted>2023-05-08 03:11:22</dcterms:dateSubmitted><dc:description>Extra: https://b.example/</dc:description></bib:Article>
        <bib:Memo rdf:about="#item_2"><rdf:value>&lt;p&gt;&lt;a href="https://c.example/"&gt;c&lt;/a&gt;&lt;/p&gt;</rdf:value></bib:Memo>
        <z:Collection rdf:about="#collection_1"><dc:title>X</dc:title></z:Collection></rdf:RDF>"##;
        let document = read(xml).unwrap();
        let found: Vec<String> = crate::links::read::citing::citations(&document)
            .iter()
            .map(|c| {
                format!(
                    "{}: {} {}",
                    c.place,
                    c.url,
                    c.cited_on.map_or("-".into(), |d| d.0.to_string())
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "entry #item_1: https://a.example/x?a=1&b 2023-05-08",
                "entry #item_1: doi:10.1000/x 2023-05-08",
                "entry #item_1: https://b.example/ 2023-05-08",
                "entry #item_2: https://c.example/ -",
            ]
        );
        assert_eq!(document.blocks[0].title.as_deref(), Some("A title"));
    }
}
