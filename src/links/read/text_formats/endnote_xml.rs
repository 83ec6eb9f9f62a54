//! `EndNote`'s XML export.

use super::record::BibliographyRecord;
use super::xml_records::{self, RecordElement};
use crate::links::read::block::RawDocument;
use crate::links::read::dates;
use crate::links::read::error::ReadError;

/// Reads a bibliography.
pub fn read(text: &str) -> Result<RawDocument, ReadError> {
    let mut document = RawDocument::default();
    let mut number = 0;
    xml_records::for_each(
        "EndNote XML",
        text,
        |name| name == "record",
        |element| {
            number += 1;
            document.blocks.extend(record(&element).into_block(number));
        },
    )?;
    Ok(document)
}

fn record(element: &RecordElement) -> BibliographyRecord {
    let mut record = BibliographyRecord::default();
    let text = |path: &[&str]| {
        element
            .at(path)
            .map(RecordElement::full_text)
            .unwrap_or_default()
    };
    record.set_key(&text(&["label"]));
    record.set_key(&text(&["rec-number"]));
    record.set_title(&text(&["titles", "title"]));
    for group in element
        .child("urls")
        .into_iter()
        .flat_map(|urls| &urls.children)
    {
        if group.name == "pdf-urls" {
            // Names of attached files.
            continue;
        }
        for url in &group.children {
            record.add_url(&url.full_text());
        }
    }
    record.add_doi(&text(&["electronic-resource-num"]));
    for name in ["notes", "research-notes", "abstract"] {
        record.add_text(&text(&[name]));
    }
    record.set_accessed(dates::of_field(&text(&["access-date"])));
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_give_their_links_and_days() {
        let xml = r#"<?xml version="1.0" encoding="UTF-8"?><xml><records><record>
            <rec-number>12</rec-number><titles><title><style face="normal">A </style><style face="italic">title</style></title></titles>
            <urls><related-urls><url><style face="normal">https://a.example/x?a=1&amp;b=2</style></url></related-urls>
            <pdf-urls><url>internal-pdf://a.pdf</url></pdf-urls></urls>
            <electronic-resource-num><style>10.1000/x</style></electronic-resource-num>
            <access-date><style>8 May 2023</style></access-date><notes>see https://b.example/y.</notes></record></records></xml>"#;
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
                "entry 12: https://a.example/x?a=1&b=2 2023-05-08",
                "entry 12: doi:10.1000/x 2023-05-08",
                "entry 12: https://b.example/y 2023-05-08",
            ]
        );
        assert_eq!(document.blocks[0].title.as_deref(), Some("A title"));
    }
}
