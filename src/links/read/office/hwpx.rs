//! Hangul documents (OWPML, KS X 6101): body, tables, text boxes, notes, headers and footers.
//!
//! Text that is recorded as deleted, memos and hidden comments are not read.

use super::archive::Archive;
use super::flow::{BlockCollector, OpenLink, TextFlow};
use super::package::iso_date;
use super::xml::{Node, XmlElement, XmlReader};
use crate::links::read::block::{Block, RawDocument};
use crate::links::read::error::{Limits, ReadError};
use crate::model::citation::{PartialDate, Place};

const FORMAT: &str = "HWPX";

pub fn read(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    read_within(bytes, Limits::DEFAULT)
}

pub fn read_within(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
    let mut archive = Archive::open(FORMAT, bytes, limits)?;
    archive.refuse_encrypted()?;
    let (title, date) = match archive.text("Contents/content.hpf")? {
        Some(xml) => metadata(&xml, limits)?,
        None => (None, None),
    };
    let mut sections: Vec<(u32, String)> = archive
        .names_under("contents/section")
        .into_iter()
        .filter_map(|name| {
            let number = name
                .strip_prefix("contents/section")?
                .strip_suffix(".xml")?
                .parse()
                .ok()?;
            Some((number, name))
        })
        .collect();
    sections.sort_unstable();
    if sections.is_empty() {
        return Err(ReadError::damaged(FORMAT, "the archive has no section"));
    }
    let mut story = Story::default();
    for (_, name) in sections {
        let xml = archive.required(&name)?;
        story.read(&xml, limits)?;
    }
    let mut collector = BlockCollector::new(limits);
    story.finish(&mut collector)?;
    Ok(collector.finish(title, date))
}

/// The title and the day of creation that the package states.
fn metadata(xml: &str, limits: Limits) -> Result<(Option<String>, Option<PartialDate>), ReadError> {
    let mut reader = XmlReader::new(FORMAT, xml, limits);
    let (mut title, mut date) = (None, None);
    while let Some(node) = reader.read()? {
        let Node::Start(element) = node else { continue };
        match element.name() {
            "title" => {
                let text = reader.text()?;
                title = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            }
            "meta" if element.attribute("name")?.as_deref() == Some("CreatedDate") => {
                date = iso_date(&reader.text()?);
            }
            _ => {}
        }
    }
    Ok((title, date))
}

/// A stretch of text that is open.
struct Open {
    slot: usize,
    flow: TextFlow,
    /// Of a note, whose paragraphs are one stretch.
    note: Option<Place>,
}

/// A field between its begin and its end mark.
struct Field {
    id: String,
    link: Option<(usize, OpenLink)>,
}

/// The begin mark of a field while its parameters are read.
#[derive(Default)]
struct FieldStart {
    id: String,
    is_hyperlink: bool,
    path: Option<String>,
    command: Option<String>,
}

#[derive(Default)]
struct Story {
    slots: Vec<Option<Block>>,
    open: Vec<Open>,
    fields: Vec<Field>,
    starting: Option<FieldStart>,
    /// Headers and footers are open inside each other's paragraphs.
    margins: Vec<Place>,
    is_in_text: bool,
    is_deleted: bool,
    footnotes: u32,
    endnotes: u32,
}

impl Story {
    fn read(&mut self, xml: &str, limits: Limits) -> Result<(), ReadError> {
        let mut reader = XmlReader::new(FORMAT, xml, limits);
        while let Some(node) = reader.read()? {
            Limits::bound(
                "the number of its paragraphs",
                self.slots.len() as u64,
                limits.blocks,
            )?;
            match node {
                Node::Start(element) => match element.name() {
                    "shapeComment" | "script" | "hiddenComment" | "default" | "secPr" => {
                        reader.skip()?;
                    }
                    "subList" if self.starting.is_some() => reader.skip()?,
                    "stringParam" => {
                        let name = element.attribute("name")?;
                        let value = reader.text()?;
                        self.parameter(name.as_deref(), value);
                    }
                    _ => self.start(&element)?,
                },
                Node::End(name) => self.end(&name),
                Node::Text(text) => {
                    if self.is_in_text {
                        self.push(&text);
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, collector: &mut BlockCollector) -> Result<(), ReadError> {
        while !self.open.is_empty() {
            self.close_flow();
        }
        let mut paragraphs = 0;
        for mut block in self.slots.into_iter().flatten() {
            if let Place::Paragraph(number) = &mut block.place {
                paragraphs += 1;
                *number = paragraphs;
            }
            collector.push(Some(block))?;
        }
        Ok(())
    }

    fn start(&mut self, element: &XmlElement<'_>) -> Result<(), ReadError> {
        match element.name() {
            "p" => self.open_paragraph(),
            "t" => self.is_in_text = true,
            "tab" => self.push("\t"),
            "nbSpace" | "fwSpace" => self.push(" "),
            "hyphen" => self.push("-"),
            "lineBreak" => {
                if let Some(open) = self.open.last_mut() {
                    open.flow.break_line();
                }
            }
            "deleteBegin" => self.is_deleted = true,
            "deleteEnd" => self.is_deleted = false,
            "footNote" | "endNote" => self.open_note(element)?,
            "header" => self.margins.push(Place::Header),
            "footer" => self.margins.push(Place::Footer),
            "fieldBegin" => {
                self.starting = Some(FieldStart {
                    id: element.attribute("id")?.unwrap_or_default(),
                    is_hyperlink: element.attribute("type")?.as_deref() == Some("HYPERLINK"),
                    ..FieldStart::default()
                });
            }
            "fieldEnd" => {
                let id = element.attribute("beginIDRef")?.unwrap_or_default();
                self.end_field(&id);
            }
            "pic" | "rect" | "ellipse" | "container" | "ole" => {
                let target = element.attribute("href")?.filter(|href| !href.is_empty());
                if let (Some(target), Some(open)) = (target, self.open.last_mut()) {
                    open.flow.picture_link(address(&target));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" if self.open.last().is_some_and(|open| open.note.is_none()) => self.close_flow(),
            "t" => self.is_in_text = false,
            "footNote" | "endNote" => self.close_flow(),
            "header" | "footer" => {
                self.margins.pop();
            }
            "fieldBegin" => self.begin_field(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if self.is_deleted {
            return;
        }
        if let Some(open) = self.open.last_mut() {
            open.flow.push(text);
        }
    }

    fn open_flow(&mut self, note: Option<Place>) {
        self.slots.push(None);
        self.open.push(Open {
            slot: self.slots.len() - 1,
            flow: TextFlow::default(),
            note,
        });
    }

    fn open_paragraph(&mut self) {
        match self.open.last_mut() {
            Some(open) if open.note.is_some() => open.flow.next_paragraph(),
            _ => self.open_flow(None),
        }
    }

    fn close_flow(&mut self) {
        let Some(mut open) = self.open.pop() else {
            return;
        };
        for field in &mut self.fields {
            if let Some((slot, link)) = field.link
                && slot == open.slot
            {
                open.flow.close_link(link);
                field.link = None;
            }
        }
        let place = open
            .note
            .or_else(|| self.margins.last().cloned())
            .unwrap_or(Place::Paragraph(0));
        self.slots[open.slot] = open.flow.finish(place);
    }

    fn open_note(&mut self, element: &XmlElement<'_>) -> Result<(), ReadError> {
        let is_endnote = element.name() == "endNote";
        let last = if is_endnote {
            &mut self.endnotes
        } else {
            &mut self.footnotes
        };
        let number = element.attribute("number")?.and_then(|n| n.parse().ok());
        *last = number.filter(|&n| n > 0).unwrap_or(*last + 1);
        let place = if is_endnote {
            Place::Endnote(*last)
        } else {
            Place::Footnote(*last)
        };
        self.open_flow(Some(place));
        Ok(())
    }

    fn parameter(&mut self, name: Option<&str>, value: String) {
        if let Some(start) = &mut self.starting {
            match name {
                Some("Path") => start.path = Some(value),
                Some("Command") => start.command = Some(value),
                _ => {}
            }
        }
    }

    /// The parameters of a field are known, and its text begins.
    fn begin_field(&mut self) {
        let Some(start) = self.starting.take() else {
            return;
        };
        let target = if start.is_hyperlink {
            let path = start.path.filter(|path| !path.trim().is_empty());
            path.map(|path| address(&path))
                .or_else(|| start.command.as_deref().map(command_address))
                .filter(|target| !target.is_empty() && !target.starts_with(['#', '?']))
        } else {
            None
        };
        let link = target.and_then(|target| {
            let open = self.open.last_mut()?;
            Some((open.slot, open.flow.open_link(target)))
        });
        self.fields.push(Field { id: start.id, link });
    }

    fn end_field(&mut self, id: &str) {
        let Some(at) = self.fields.iter().rposition(|field| field.id == id) else {
            return;
        };
        if let Some((slot, link)) = self.fields.remove(at).link
            && let Some(open) = self.open.iter_mut().find(|open| open.slot == slot)
        {
            open.flow.close_link(link);
        }
    }
}

/// The address of a `Command` parameter such as `https\://a.example/;1;0;0;`, where a backslash
/// makes the next character literal.
fn command_address(command: &str) -> String {
    let mut text = String::new();
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            ';' => break,
            c => text.push(c),
        }
    }
    address(&text)
}

/// The program puts `http://` before addresses that already have a scheme.
fn address(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix("http://").filter(|inner| {
        ["http://", "https://", "http:/", "https:/"]
            .iter()
            .any(|scheme| inner.starts_with(scheme))
    });
    inner.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::office::testing;

    fn document(body: &str) -> RawDocument {
        let section = format!("<hs:sec>{body}</hs:sec>");
        let package = "<opf:package><opf:metadata><opf:title>통계</opf:title>\
            <opf:meta name='creator' content='text'>k</opf:meta>\
            <opf:meta name='CreatedDate' content='text'>2023-05-08T01:02:03Z</opf:meta>\
            </opf:metadata></opf:package>";
        read(&testing::archive(&[
            ("mimetype", "application/hwp+zip"),
            ("Contents/content.hpf", package),
            ("Contents/section0.xml", &section),
            (
                "Contents/section10.xml",
                "<hs:sec><hp:p><hp:run><hp:t>last</hp:t></hp:run></hp:p></hs:sec>",
            ),
            (
                "Contents/section2.xml",
                "<hs:sec><hp:p><hp:run><hp:t>second</hp:t></hp:run></hp:p></hs:sec>",
            ),
        ]))
        .unwrap()
    }

    fn field(id: u32, parameters: &str) -> String {
        format!(
            "<hp:ctrl><hp:fieldBegin id='{id}' type='HYPERLINK'><hp:parameters>{parameters}\
             </hp:parameters></hp:fieldBegin></hp:ctrl>"
        )
    }

    #[test]
    fn fields_notes_and_sections_are_read() {
        let body = format!(
            "<hp:p><hp:run><hp:secPr/><hp:t>see </hp:t>{}<hp:t>the re</hp:t></hp:run><hp:run>\
             <hp:t>port</hp:t><hp:ctrl><hp:fieldEnd beginIDRef='7'/></hp:ctrl><hp:ctrl>\
             <hp:footNote number='3'><hp:subList><hp:p><hp:run><hp:t>one</hp:t></hp:run></hp:p>\
             <hp:p><hp:run>{}<hp:t>two</hp:t><hp:ctrl><hp:fieldEnd beginIDRef='8'/></hp:ctrl>\
             </hp:run></hp:p></hp:subList></hp:footNote></hp:ctrl><hp:t> now\
             <hp:deleteBegin/>gone<hp:deleteEnd/><hp:nbSpace/>x<hp:hyphen/>y</hp:t></hp:run></hp:p>\
             <hp:p/><hp:p><hp:run><hp:ctrl><hp:header><hp:subList><hp:p><hp:run><hp:t>top</hp:t>\
             </hp:run></hp:p></hp:subList></hp:header></hp:ctrl><hp:tbl><hp:tr><hp:tc><hp:subList>\
             <hp:p><hp:run><hp:t>cell</hp:t></hp:run></hp:p></hp:subList></hp:tc></hp:tr></hp:tbl>\
             </hp:run></hp:p>",
            field(
                7,
                "<hp:stringParam name='Path'>http://https://a.example/x</hp:stringParam>"
            ),
            field(
                8,
                "<hp:stringParam name='Command'>https\\://b.example/?a\\;b;1;0;0;</hp:stringParam>"
            )
        );
        let document = document(&body);
        let shown: Vec<String> = document
            .blocks
            .iter()
            .map(|block| {
                let links: Vec<String> = block
                    .links
                    .iter()
                    .map(|link| format!("[{}]({})", &block.text[link.range.clone()], link.target))
                    .collect();
                format!("{}: {:?} {}", block.place, block.text, links.join(" "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "paragraph 1: \"see the report now x-y\" [the report](https://a.example/x)",
                "footnote 3: \"one\\ntwo\" [two](https://b.example/?a;b)",
                "header: \"top\" ",
                "paragraph 2: \"cell\" ",
                "paragraph 3: \"second\" ",
                "paragraph 4: \"last\" "
            ]
        );
        assert_eq!(document.title.as_deref(), Some("통계"));
        assert_eq!(document.date.unwrap().to_string(), "2023-05-08");
    }

    #[test]
    fn memos_and_inner_links_are_left_out() {
        let body = format!(
            "<hp:p><hp:run><hp:ctrl><hp:fieldBegin id='1' type='MEMO'><hp:subList><hp:p><hp:run>\
             <hp:t>memo</hp:t></hp:run></hp:p></hp:subList></hp:fieldBegin></hp:ctrl>\
             <hp:t>text</hp:t>{}<hp:t>inner</hp:t></hp:run></hp:p>",
            field(2, "<hp:stringParam name='Path'>?bookmark</hp:stringParam>")
        );
        let document = document(&body);
        assert_eq!(document.blocks[0].text, "textinner");
        assert_eq!(document.blocks[0].links, []);
    }
}
