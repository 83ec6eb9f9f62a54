//! Presentations: the text and links of slides, of their diagrams and of the speaker notes.

use super::archive::Archive;
use super::flow::{BlockCollector, TextFlow};
use super::package::{Package, Relations};
use super::xml::{Node, XmlReader};
use crate::links::read::block::RawDocument;
use crate::links::read::error::{Limits, ReadError};
use crate::model::citation::Place;

const FORMAT: &str = "PPTX";

pub fn read(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    read_within(bytes, Limits::DEFAULT)
}

pub fn read_within(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
    let mut archive = Archive::open(FORMAT, bytes, limits)?;
    let package = Package::read(&mut archive, "ppt/presentation.xml")?;
    let relations = Relations::read(&mut archive, &package.main)?;
    let order = slide_order(&archive.required(&package.main)?, limits)?;
    let mut collector = BlockCollector::new(limits);
    for (id, number) in order.iter().zip(1..) {
        let Some(slide) = relations.part(id) else {
            continue;
        };
        let slide_relations = Relations::read(&mut archive, slide)?;
        let place = Place::Slide(number);
        read_part(
            &mut archive,
            slide,
            &slide_relations,
            &place,
            &mut collector,
        )?;
        for (kind, place) in [
            ("diagramData", place),
            ("notesSlide", Place::SpeakerNotes(number)),
        ] {
            for part in slide_relations.parts_of_kind(kind) {
                let relations = Relations::read(&mut archive, part)?;
                read_part(&mut archive, part, &relations, &place, &mut collector)?;
            }
        }
    }
    Ok(collector.finish(package.title, package.date))
}

/// The relationship ids of the slides, in the order in which they are shown.
fn slide_order(xml: &str, limits: Limits) -> Result<Vec<String>, ReadError> {
    let mut reader = XmlReader::new(FORMAT, xml, limits);
    let mut order = Vec::new();
    while let Some(node) = reader.read()? {
        if let Node::Start(element) = node
            && element.name() == "sldId"
            && let Some(id) = element.prefixed("id")?
        {
            order.push(id);
        }
    }
    Ok(order)
}

/// Reads the paragraphs of one part.
fn read_part(
    archive: &mut Archive<'_>,
    part: &str,
    relations: &Relations,
    place: &Place,
    collector: &mut BlockCollector,
) -> Result<(), ReadError> {
    let Some(xml) = archive.text(part)? else {
        return Ok(());
    };
    let mut reader = XmlReader::new(FORMAT, &xml, archive.limits());
    let mut state = SlidePart::default();
    while let Some(node) = reader.read()? {
        let finished = match node {
            Node::Start(element) => match element.name() {
                "Fallback" | "endParaRPr" => {
                    reader.skip()?;
                    None
                }
                "hlinkClick" | "hlinkHover" | "hlinkMouseOver" => {
                    let id = element.prefixed("id")?.unwrap_or_default();
                    state.link(relations.external(&id).map(str::to_owned))
                }
                name => {
                    state.start(name);
                    None
                }
            },
            Node::End(name) => state.end(&name),
            Node::Text(text) => {
                state.text(&text);
                None
            }
        };
        if let Some(flow) = finished {
            collector.push(flow.finish(place.clone()))?;
        }
    }
    Ok(())
}

/// Where the reader is in a part. A link of a run is in its properties, before its text; a link
/// anywhere else is that of a shape.
#[derive(Default)]
struct SlidePart {
    flow: Option<TextFlow>,
    is_in_run: bool,
    is_in_properties: bool,
    is_in_text: bool,
    run_link: Option<String>,
}

impl SlidePart {
    fn start(&mut self, name: &str) {
        match name {
            "p" => self.flow = Some(TextFlow::default()),
            "r" | "fld" => self.is_in_run = true,
            "rPr" => self.is_in_properties = true,
            "t" => self.is_in_text = self.is_in_run,
            "br" => {
                if let Some(flow) = &mut self.flow {
                    flow.break_line();
                }
            }
            _ => {}
        }
    }

    /// A link. That of a shape is a stretch of its own, without text.
    fn link(&mut self, target: Option<String>) -> Option<TextFlow> {
        let target = target?;
        if self.is_in_properties {
            self.run_link = Some(target);
            return None;
        }
        let mut shape = TextFlow::default();
        shape.picture_link(target);
        Some(shape)
    }

    /// The end of an element; that of a paragraph hands on its text.
    fn end(&mut self, name: &str) -> Option<TextFlow> {
        match name {
            "p" => return self.flow.take(),
            "rPr" => self.is_in_properties = false,
            "t" => self.is_in_text = false,
            "r" | "fld" | "br" => {
                self.is_in_run = false;
                self.run_link = None;
            }
            _ => {}
        }
        None
    }

    fn text(&mut self, text: &str) {
        if let (true, Some(flow)) = (self.is_in_text, &mut self.flow) {
            let open = self.run_link.clone().map(|target| flow.open_link(target));
            flow.push(text);
            if let Some(open) = open {
                flow.close_link(open);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::block::Block;
    use crate::links::read::office::testing;

    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    fn relationship(id: &str, kind: &str, target: &str) -> String {
        let mode = if target.starts_with("http") {
            "TargetMode='External'"
        } else {
            ""
        };
        format!("<Relationship Id='{id}' Type='{KIND}/{kind}' Target='{target}' {mode}/>")
    }

    fn shown(block: &Block) -> String {
        let links: Vec<String> = block
            .links
            .iter()
            .map(|link| format!("[{}]({})", &block.text[link.range.clone()], link.target))
            .collect();
        format!("{}: {:?} {}", block.place, block.text, links.join(" "))
    }

    #[test]
    fn slides_are_read_in_their_order_with_links_and_notes() {
        let presentation = "<p:presentation><p:sldIdLst><p:sldId id='256' r:id='r2'/><p:sldId id='257' r:id='r1'/>\
             </p:sldIdLst></p:presentation>";
        let relations = [
            relationship("r1", "slide", "slides/slide1.xml"),
            relationship("r2", "slide", "slides/slide2.xml"),
        ]
        .concat();
        let slide = "<p:sld><p:sp><p:cNvPr id='2'><a:hlinkClick r:id='h2'/></p:cNvPr><p:txBody>\
            <a:p><a:r><a:t>see </a:t></a:r><a:r><a:rPr><a:hlinkClick r:id='h1'/></a:rPr>\
            <a:t>the rep</a:t></a:r><a:r><a:rPr b='1'><a:hlinkClick r:id='h1'/></a:rPr><a:t>ort</a:t>\
            </a:r><a:br><a:rPr><a:hlinkClick r:id='h1'/></a:rPr></a:br><a:fld><a:t>3</a:t></a:fld>\
            <a:endParaRPr><a:hlinkClick r:id='h2'/></a:endParaRPr></a:p></p:txBody></p:sp></p:sld>";
        let slide_relations = [
            relationship("h1", "hyperlink", "https://a.example/"),
            relationship("h2", "hyperlink", "https://shape.example/"),
            relationship("n", "notesSlide", "../notesSlides/notes1.xml"),
        ]
        .concat();
        let relationships = |inner: &str| format!("<Relationships>{inner}</Relationships>");
        let bytes = testing::archive(&[
            ("ppt/presentation.xml", presentation),
            (
                "ppt/_rels/presentation.xml.rels",
                &relationships(&relations),
            ),
            ("ppt/slides/slide1.xml", slide),
            (
                "ppt/slides/_rels/slide1.xml.rels",
                &relationships(&slide_relations),
            ),
            (
                "ppt/slides/slide2.xml",
                "<p:sld><a:p><a:r><a:t>first</a:t></a:r></a:p></p:sld>",
            ),
            (
                "ppt/notesSlides/notes1.xml",
                "<p:notes><a:p><a:r><a:t>said</a:t></a:r></a:p></p:notes>",
            ),
        ]);
        let document = read(&bytes).unwrap();
        let shown: Vec<String> = document.blocks.iter().map(shown).collect();
        assert_eq!(
            shown,
            [
                "slide 1: \"first\" ",
                "slide 2: \"\" [](https://shape.example/)",
                "slide 2: \"see the report\\n3\" [the report](https://a.example/)",
                "notes of slide 2: \"said\" "
            ]
        );
    }
}
