//! XML that is a list of records: each record becomes a small tree, one at a time.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::links::read::error::{Limits, ReadError};

/// Elements of one record.
const MAX_ELEMENTS: u64 = 20_000;

/// An element of a record. Names are local names: producers choose other prefixes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::links) struct RecordElement {
    pub(in crate::links) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(in crate::links) children: Vec<RecordElement>,
    /// The text directly in it.
    pub(in crate::links) text: String,
    /// The bytes between its tags; empty after the tag of an element without content.
    pub(in crate::links) content: Range<usize>,
}

impl RecordElement {
    /// The first child of this name.
    pub(in crate::links) fn child(&self, name: &str) -> Option<&RecordElement> {
        self.children.iter().find(|c| c.name == name)
    }

    pub(in crate::links) fn all<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = &'a RecordElement> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The first element at the end of a path of names.
    pub(in crate::links) fn at(&self, path: &[&str]) -> Option<&RecordElement> {
        path.iter()
            .try_fold(self, |element, name| element.child(name))
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Its text and that of all elements in it.
    pub(in crate::links) fn full_text(&self) -> String {
        let mut text = self.text.clone();
        for child in &self.children {
            text.push_str(&child.full_text());
        }
        text
    }
}

/// Calls `each` with every outermost element that `is_record` names. Entities that the document
/// declares itself are not read.
pub(super) fn for_each(
    format: &'static str,
    xml: &str,
    is_record: impl Fn(&str) -> bool,
    mut each: impl FnMut(RecordElement),
) -> Result<(), ReadError> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().allow_dangling_amp = true;
    let mut tree = OpenRecord::default();
    loop {
        let before = position(&reader);
        let event = reader
            .read_event()
            .map_err(|why| ReadError::damaged(format, why))?;
        match event {
            Event::Start(start) => tree.start(&start, position(&reader), &is_record)?,
            Event::End(_) => {
                if let Some(record) = tree.end(before) {
                    each(record);
                }
            }
            Event::Text(text) => add(&mut tree.open, &text.xml10_content())?,
            Event::CData(text) => add(&mut tree.open, &text.xml10_content())?,
            Event::GeneralRef(reference) => {
                if let Ok(Some(c)) = reference.resolve_char_ref() {
                    add(&mut tree.open, c.encode_utf8(&mut [0; 4]))?;
                } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(&reference)
                {
                    add(&mut tree.open, text)?;
                }
            }
            Event::Eof if tree.depth > 0 => {
                return Err(ReadError::damaged(format, "it is cut off"));
            }
            Event::Eof => return Ok(()),
            Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// The elements of the record that is being read, outermost first.
#[derive(Default)]
struct OpenRecord {
    open: Vec<RecordElement>,
    depth: u64,
    /// Elements of this record so far.
    count: usize,
}

impl OpenRecord {
    fn start(
        &mut self,
        start: &BytesStart<'_>,
        behind: usize,
        is_record: impl Fn(&str) -> bool,
    ) -> Result<(), ReadError> {
        self.depth += 1;
        let depth = Limits::DEFAULT.depth;
        Limits::bound("the nesting of its elements", self.depth, depth)?;
        if self.open.is_empty() && !is_record(start.local_name().into_inner()) {
            return Ok(());
        }
        self.count += 1;
        Limits::bound("one of its entries", self.count as u64, MAX_ELEMENTS)?;
        self.open.push(element(start, behind)?);
        Ok(())
    }

    /// The record, when its last element ends.
    fn end(&mut self, before: usize) -> Option<RecordElement> {
        self.depth = self.depth.saturating_sub(1);
        let mut closed = self.open.pop()?;
        closed.content.end = before.max(closed.content.start);
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(closed);
            return None;
        }
        self.count = 0;
        Some(closed)
    }
}

fn add(open: &mut [RecordElement], text: &str) -> Result<(), ReadError> {
    if let Some(element) = open.last_mut() {
        let bytes = (element.text.len() + text.len()) as u64;
        Limits::bound("a field", bytes, Limits::DEFAULT.value_bytes * 16)?;
        element.text.push_str(text);
    }
    Ok(())
}

fn element(start: &BytesStart<'_>, behind: usize) -> Result<RecordElement, ReadError> {
    let mut element = RecordElement {
        name: start.local_name().into_inner().to_owned(),
        content: behind..behind,
        ..RecordElement::default()
    };
    for attribute in start.attributes().with_checks(false).flatten().take(32) {
        let bytes = attribute.value.len() as u64;
        Limits::bound("an attribute", bytes, Limits::DEFAULT.value_bytes)?;
        let value = match attribute.normalized_value(XmlVersion::default()) {
            Ok(value) => value.into_owned(),
            Err(_) => attribute.value.clone().into_owned(),
        };
        let name = attribute.key.local_name().into_inner().to_owned();
        element.attributes.push((name, value));
    }
    Ok(element)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(xml: &str) -> Result<Vec<RecordElement>, ReadError> {
        let mut found = Vec::new();
        for_each(
            "XML",
            xml,
            |name| name == "r",
            |element| found.push(element),
        )?;
        Ok(found)
    }

    #[test]
    fn records_are_read_one_by_one() {
        let xml =
            "<x:all><x:r id='1'>a&amp;b<y>c</y>&#x4e2d;</x:r><z/><r><![CDATA[<d>]]></r></x:all>";
        let found = records(xml).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text, "a&b中");
        assert_eq!(found[0].full_text(), "a&b中c");
        assert_eq!(found[0].attribute("id"), Some("1"));
        assert_eq!(found[1].text, "<d>");
    }

    #[test]
    fn hostile_xml_is_refused_and_own_entities_are_not_read() {
        let bomb = "<!DOCTYPE a [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]><r>&b;y</r>";
        assert_eq!(records(bomb).unwrap()[0].text, "y");
        let deep = format!("{}{}", "<r>".repeat(400), "</r>".repeat(400));
        assert!(matches!(records(&deep), Err(ReadError::TooLarge { .. })));
        let attribute = format!("<r a='{}'/>", "x".repeat(100_000));
        assert!(matches!(
            records(&attribute),
            Err(ReadError::TooLarge { .. })
        ));
        let wide = format!("<r>{}</r>", "<a/>".repeat(30_000));
        assert!(matches!(records(&wide), Err(ReadError::TooLarge { .. })));
        assert!(matches!(records("<r><a>"), Err(ReadError::Damaged { .. })));
        assert!(matches!(records("<r></x>"), Err(ReadError::Damaged { .. })));
    }
}
