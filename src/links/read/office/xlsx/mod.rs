//! Workbooks: the text of cells, their hyperlinks, and `HYPERLINK()`, on all sheets.

mod formula;
mod sheet;

use super::archive::Archive;
use super::flow::BlockCollector;
use super::package::{Package, Relations};
use super::xml::{Node, XmlReader};
use crate::links::read::block::RawDocument;
use crate::links::read::error::{Limits, ReadError};

use sheet::{FORMAT, Sheet, Workbook};

/// Most texts that the cells of a workbook share.
const SHARED_TEXTS: u64 = 1_000_000;

pub fn read(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    read_within(bytes, Limits::DEFAULT)
}

pub fn read_within(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
    let mut archive = Archive::open(FORMAT, bytes, limits)?;
    let package = Package::read(&mut archive, "xl/workbook.xml")?;
    let relations = Relations::read(&mut archive, &package.main)?;
    let index = Index::read(&archive.required(&package.main)?, limits)?;
    let shared = match relations.parts_of_kind("sharedStrings").next() {
        Some(part) => archive.text(part)?,
        None => None,
    };
    let shared = match shared {
        Some(xml) => shared_texts(&xml, limits)?,
        None => Vec::new(),
    };
    let workbook = Workbook {
        shared,
        counts_from_1904: index.counts_from_1904,
        limits,
    };
    let mut collector = BlockCollector::new(limits);
    let has_several = index.sheets.len() > 1;
    for (name, id) in index.sheets {
        let Some(part) = relations.part(&id) else {
            continue;
        };
        let Some(xml) = archive.text(part)? else {
            continue;
        };
        let relations = Relations::read(&mut archive, part)?;
        let name = has_several.then_some(name);
        let sheet = Sheet::new(&workbook, &relations, name);
        for block in sheet.read(&xml)? {
            collector.push(Some(block))?;
        }
    }
    Ok(collector.finish(package.title, package.date))
}

/// The sheets of a workbook by name and relationship, in their order.
struct Index {
    sheets: Vec<(String, String)>,
    counts_from_1904: bool,
}

impl Index {
    fn read(xml: &str, limits: Limits) -> Result<Self, ReadError> {
        let mut reader = XmlReader::new(FORMAT, xml, limits);
        let mut index = Self {
            sheets: Vec::new(),
            counts_from_1904: false,
        };
        while let Some(node) = reader.read()? {
            let Node::Start(element) = node else { continue };
            match element.name() {
                "sheet" => {
                    if let (Some(name), Some(id)) =
                        (element.attribute("name")?, element.prefixed("id")?)
                    {
                        index.sheets.push((name, id));
                    }
                }
                "workbookPr" => {
                    let value = element.attribute("date1904")?;
                    index.counts_from_1904 = matches!(value.as_deref(), Some("1" | "true"));
                }
                _ => {}
            }
        }
        Ok(index)
    }
}

/// The texts that cells refer to by number. How Japanese names are read aloud is left out.
fn shared_texts(xml: &str, limits: Limits) -> Result<Vec<Box<str>>, ReadError> {
    let mut reader = XmlReader::new(FORMAT, xml, limits);
    let mut texts = Vec::new();
    let (mut text, mut is_in_text) = (String::new(), false);
    while let Some(node) = reader.read()? {
        match node {
            Node::Start(element) => match element.name() {
                "rPh" => reader.skip()?,
                "t" => is_in_text = true,
                _ => {}
            },
            Node::End(name) => match name.as_str() {
                "t" => is_in_text = false,
                "si" => {
                    texts.push(std::mem::take(&mut text).into_boxed_str());
                    Limits::bound("the number of its texts", texts.len() as u64, SHARED_TEXTS)?;
                }
                _ => {}
            },
            Node::Text(more) if is_in_text => text.push_str(&more),
            Node::Text(_) => {}
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests;
