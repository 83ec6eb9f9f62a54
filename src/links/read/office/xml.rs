//! XML from elsewhere: bounded in depth and in the size of values, and without entities of its own.
//!
//! Elements and attributes are named by their local names: producers choose other prefixes.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::links::read::error::{Limits, ReadError};

/// What comes next in a part. An element without content is a start and an end.
#[derive(Debug)]
pub enum Node<'a> {
    Start(XmlElement<'a>),
    /// The end of an element, by its local name.
    End(String),
    Text(Cow<'a, str>),
}

#[derive(Debug)]
pub struct XmlElement<'a> {
    start: BytesStart<'a>,
    value_bytes: u64,
}

impl XmlElement<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// The value of the attribute of this local name.
    pub fn attribute(&self, name: &str) -> Result<Option<String>, ReadError> {
        self.find(|local, _| local == name)
    }

    /// The value of the attribute of this local name that has a prefix, such as `r:id`.
    pub fn prefixed(&self, name: &str) -> Result<Option<String>, ReadError> {
        self.find(|local, prefixed| prefixed && local == name)
    }

    fn find(&self, is_it: impl Fn(&str, bool) -> bool) -> Result<Option<String>, ReadError> {
        let mut attributes = self.start.attributes();
        let found = attributes.with_checks(false).flatten().find(|attribute| {
            let key = attribute.key;
            is_it(key.local_name().into_inner(), key.prefix().is_some())
        });
        let Some(attribute) = found else {
            return Ok(None);
        };
        Limits::bound(
            "an attribute",
            attribute.value.len() as u64,
            self.value_bytes,
        )?;
        let value = attribute.normalized_value(XmlVersion::default());
        Ok(Some(match value {
            Ok(value) => value.into_owned(),
            Err(_) => attribute.value.into_owned(),
        }))
    }
}

pub struct XmlReader<'a> {
    format: &'static str,
    reader: Reader<&'a [u8]>,
    limits: Limits,
    depth: u64,
    /// Where what was read last begins.
    begin: usize,
}

impl<'a> XmlReader<'a> {
    pub fn new(format: &'static str, xml: &'a str, limits: Limits) -> Self {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().allow_dangling_amp = true;
        Self {
            format,
            reader,
            limits,
            depth: 0,
            begin: 0,
        }
    }

    /// The bytes of the part that were read last: a tag, or text.
    pub fn range(&self) -> Range<usize> {
        self.begin..self.position()
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The next start, end or text; `None` at the end of the part.
    pub fn read(&mut self) -> Result<Option<Node<'a>>, ReadError> {
        loop {
            self.begin = self.position();
            let event = self
                .reader
                .read_event()
                .map_err(|why| ReadError::damaged(self.format, why))?;
            return Ok(Some(match event {
                Event::Start(start) => {
                    self.depth += 1;
                    Limits::bound("the nesting of its elements", self.depth, self.limits.depth)?;
                    Node::Start(XmlElement {
                        start,
                        value_bytes: self.limits.value_bytes,
                    })
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    Node::End(end.local_name().into_inner().to_owned())
                }
                Event::Text(text) => Node::Text(text.xml10_content()),
                Event::CData(text) => Node::Text(text.xml10_content()),
                Event::GeneralRef(reference) => match resolve(&reference) {
                    Some(text) => Node::Text(text),
                    None => continue,
                },
                Event::Eof if self.depth > 0 => {
                    return Err(ReadError::damaged(self.format, "a part is cut off"));
                }
                Event::Eof => return Ok(None),
                Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => continue,
            }));
        }
    }

    /// Passes over the rest of the element that was just started.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside && self.read()?.is_some() {}
        Ok(())
    }

    /// The text of the element that was just started, without that of elements inside it.
    pub fn text(&mut self) -> Result<String, ReadError> {
        let outside = self.depth.saturating_sub(1);
        let mut text = String::new();
        while self.depth > outside {
            match self.read()? {
                Some(Node::Text(more)) if self.depth == outside + 1 => text.push_str(&more),
                Some(_) => {}
                None => break,
            }
        }
        Limits::bound("a value", text.len() as u64, self.limits.value_bytes)?;
        Ok(text)
    }
}

/// The five entities of XML and character references. What a document declares itself is not read.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Option<Cow<'static, str>> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(Cow::Owned(c.to_string()));
    }
    quick_xml::escape::resolve_predefined_entity(reference).map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(xml: &str) -> XmlReader<'_> {
        XmlReader::new("DOCX", xml, Limits::DEFAULT)
    }

    fn all_text(xml: &str) -> Result<String, ReadError> {
        let mut reader = reader(xml);
        let mut all = String::new();
        while let Some(node) = reader.read()? {
            if let Node::Text(text) = node {
                all.push_str(&text);
            }
        }
        Ok(all)
    }

    #[test]
    fn references_are_resolved_and_foreign_entities_are_dropped() {
        let xml = "<!DOCTYPE a [<!ENTITY lol 'lol'><!ENTITY l2 '&lol;&lol;&lol;'>]>\
                   <a>x&amp;y&#x4e2d;&l2;<![CDATA[<z>]]></a>";
        assert_eq!(all_text(xml).unwrap(), "x&y中<z>");
    }

    #[test]
    fn deep_nesting_is_refused() {
        let xml = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
        let error = all_text(&xml).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_huge_attribute_is_refused_when_it_is_asked_for() {
        let xml = format!("<a href='{}' id='1'/>", "x".repeat(100_000));
        let mut reader = reader(&xml);
        let Some(Node::Start(element)) = reader.read().unwrap() else {
            panic!("no element");
        };
        assert_eq!(element.attribute("id").unwrap().as_deref(), Some("1"));
        assert!(element.attribute("href").is_err());
    }

    #[test]
    fn attributes_are_found_by_local_name_and_prefix() {
        let mut reader = reader("<w:x w:id='1' r:id='rId7' t='a &amp; b'/>");
        let Some(Node::Start(element)) = reader.read().unwrap() else {
            panic!("no element");
        };
        assert_eq!(element.name(), "x");
        assert_eq!(element.attribute("t").unwrap().as_deref(), Some("a & b"));
        assert_eq!(element.prefixed("t").unwrap(), None);
    }

    #[test]
    fn skip_passes_over_an_element_and_no_more() {
        let mut reader = reader("<a><b><c>1</c></b><d>2</d></a>");
        reader.read().unwrap();
        reader.read().unwrap();
        reader.skip().unwrap();
        let Some(Node::Start(element)) = reader.read().unwrap() else {
            panic!("no element");
        };
        assert_eq!(element.name(), "d");
        assert_eq!(reader.text().unwrap(), "2");
    }

    #[test]
    fn a_part_that_is_cut_off_is_damaged() {
        for xml in ["<a><b>x</b>", "<a><b", "<a><b></a>", "<a x='"] {
            assert!(
                matches!(all_text(xml), Err(ReadError::Damaged { .. })),
                "{xml}"
            );
        }
    }
}
