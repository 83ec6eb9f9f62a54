//! Electronic books: their chapters in reading order, each a page of XHTML.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::block::RawDocument;
use super::office::archive::Archive;
use super::office::flow::BlockCollector;
use super::office::package::iso_date;
use super::office::xml::{Node, XmlReader};
use super::text_formats::html;
use crate::links::read::error::{Limits, ReadError};
use crate::model::citation::{PartialDate, Place};

const FORMAT: &str = "EPUB";

pub fn read(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    read_within(bytes, Limits::DEFAULT)
}

pub fn read_within(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
    let mut archive = Archive::open(FORMAT, bytes, limits)?;
    let path = package_path(&archive.required("META-INF/container.xml")?, limits)?;
    let package = Package::read(&archive.required(&path)?, limits)?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let encrypted = archive.text("META-INF/encryption.xml")?.unwrap_or_default();
    let mut collector = BlockCollector::new(limits);
    for id in &package.spine {
        let Some(name) = package.manifest.get(id) else {
            continue;
        };
        // Books may encrypt their fonts; a book whose chapters are encrypted cannot be read.
        if encrypted.contains(&format!("{name}\"")) || encrypted.contains(&format!("{name}'")) {
            return Err(ReadError::Encrypted);
        }
        let part = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let Some(text) = archive.text(&part)? else {
            continue;
        };
        for mut block in html::read(&text).blocks {
            block.place = Place::Part(name.clone());
            block.links.retain(|link| leads_out(&link.target));
            collector.push(Some(block))?;
        }
    }
    Ok(collector.finish(package.title, package.date))
}

/// Whether a link leads out of the book.
fn leads_out(target: &str) -> bool {
    let target = target.trim();
    let begin = target.split(['/', '?', '#']).next().unwrap_or_default();
    begin.contains(':') || target.starts_with("//") || target.starts_with("www.")
}

/// The path of the package document.
fn package_path(xml: &str, limits: Limits) -> Result<String, ReadError> {
    let mut reader = XmlReader::new(FORMAT, xml, limits);
    while let Some(node) = reader.read()? {
        if let Node::Start(element) = node
            && element.name() == "rootfile"
            && let Some(path) = element.attribute("full-path")?
        {
            return Ok(path);
        }
    }
    Err(ReadError::damaged(
        FORMAT,
        "it does not say where its package is",
    ))
}

#[derive(Default)]
struct Package {
    title: Option<String>,
    date: Option<PartialDate>,
    /// The paths of pages, by id, from the folder of the package.
    manifest: HashMap<String, String>,
    spine: Vec<String>,
}

impl Package {
    fn read(xml: &str, limits: Limits) -> Result<Self, ReadError> {
        let mut package = Self::default();
        let mut reader = XmlReader::new(FORMAT, xml, limits);
        while let Some(node) = reader.read()? {
            let Node::Start(element) = node else { continue };
            match element.name() {
                "title" if package.title.is_none() => {
                    let text = reader.text()?;
                    package.title = Some(text.trim().to_owned()).filter(|t| !t.is_empty());
                }
                "date" if package.date.is_none() => package.date = iso_date(&reader.text()?),
                "item" => {
                    if let (Some(id), Some(href)) =
                        (element.attribute("id")?, element.attribute("href")?)
                    {
                        let path = percent_decode_str(&href).decode_utf8_lossy();
                        package.manifest.insert(id, path.into_owned());
                    }
                }
                "itemref" => package.spine.extend(element.attribute("idref")?),
                _ => {}
            }
        }
        Ok(package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::office::testing;

    const CONTAINER: &str = "<container><rootfiles><rootfile full-path='OPS/book.opf'/>\
        </rootfiles></container>";
    const PACKAGE: &str = "<package><metadata><dc:title>一本书</dc:title>\
        <dc:date>2023-05</dc:date></metadata><manifest><item id='b' href='b%201.xhtml'/>\
        <item id='a' href='a.xhtml'/><item id='css' href='x.css'/></manifest>\
        <spine><itemref idref='a'/><itemref idref='b'/></spine></package>";

    #[test]
    fn chapters_are_read_in_their_order_and_inner_links_are_left_out() {
        let bytes = testing::archive(&[
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", CONTAINER),
            ("OPS/book.opf", PACKAGE),
            ("OPS/b 1.xhtml", "<html><body><p>second</p></body></html>"),
            (
                "OPS/a.xhtml",
                "<html><body><p>see <a href='https://a.example/x'>this</a> and \
                 <a href='b%201.xhtml#n'>that</a></p></body></html>",
            ),
        ]);
        let document = read(&bytes).unwrap();
        assert_eq!(document.title.as_deref(), Some("一本书"));
        assert_eq!(document.date.unwrap().to_string(), "2023-05");
        let targets: Vec<&str> = document
            .blocks
            .iter()
            .flat_map(|block| block.links.iter().map(|link| link.target.as_str()))
            .collect();
        assert_eq!(targets, ["https://a.example/x"]);
        let places: Vec<String> = document
            .blocks
            .iter()
            .map(|block| block.place.to_string())
            .collect();
        assert_eq!(places.first().map(String::as_str), Some("a.xhtml"));
        assert_eq!(places.last().map(String::as_str), Some("b 1.xhtml"));
    }

    #[test]
    fn a_book_with_encrypted_chapters_cannot_be_read() {
        let encryption = "<encryption><CipherReference URI=\"OPS/a.xhtml\"/></encryption>";
        let bytes = testing::archive(&[
            ("META-INF/container.xml", CONTAINER),
            ("META-INF/encryption.xml", encryption),
            ("OPS/book.opf", PACKAGE),
        ]);
        assert_eq!(read(&bytes), Err(ReadError::Encrypted));
    }
}
