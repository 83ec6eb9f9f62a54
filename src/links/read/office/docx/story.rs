//! One story of a Word document, in Word's own term: the body, the notes, a header.

use super::field::{hyperlink, hyperlink_begins, with_fragment};
use super::numbering::{NoteKind, NoteNumbers, NoteSettings};
use super::place::{BlockPlace, Manager, RunTracker, close_if_in};
use crate::links::read::block::Block;
use crate::links::read::error::{Limits, ReadError};
use crate::links::read::office::flow::{BlockCollector, OpenLink, TextFlow};
use crate::links::read::office::package::Relations;
use crate::links::read::office::xml::{Node, XmlElement, XmlReader};
use crate::model::citation::Place;

pub enum StoryKind<'a> {
    /// The body counts its notes.
    Body(&'a mut NoteNumbers),
    Notes(NoteKind, &'a NoteNumbers),
    /// A header or a footer.
    Margin(Place),
}

/// A field between its begin and its end mark.
struct Field {
    instruction: String,
    state: FieldState,
    /// The program that writes the result anew.
    manager: Option<Manager>,
}

enum FieldState {
    Instruction,
    /// The result is shown; the link is open in the paragraph of this slot.
    Result(Option<(usize, OpenLink)>),
}

/// What text is at the moment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Capture {
    Nothing,
    Text,
    Instruction,
}

pub struct WordStory<'a> {
    kind: StoryKind<'a>,
    relations: &'a Relations,
    limits: Limits,
    /// Paragraphs and notes in the order in which they begin, and where they stand.
    slots: Vec<Option<Block>>,
    places: Vec<BlockPlace>,
    runs: RunTracker,
    /// Paragraphs that are open: a text box stands within the paragraph it hangs on.
    open: Vec<(usize, TextFlow)>,
    fields: Vec<Field>,
    /// What `w:hyperlink` and `w:fldSimple` elements opened.
    marks: Vec<Option<(usize, OpenLink)>>,
    /// The programs that write the results of `w:fldSimple` anew.
    simple_fields: Vec<Option<Manager>>,
    capture: Capture,
    note: Option<Place>,
    section: NoteSettings,
    section_notes: Option<NoteKind>,
    is_section_over: bool,
}

impl<'a> WordStory<'a> {
    pub fn new(relations: &'a Relations, kind: StoryKind<'a>, limits: Limits) -> Self {
        Self {
            kind,
            relations,
            limits,
            slots: Vec::new(),
            places: Vec::new(),
            runs: RunTracker::default(),
            open: Vec::new(),
            fields: Vec::new(),
            marks: Vec::new(),
            simple_fields: Vec::new(),
            capture: Capture::Nothing,
            note: None,
            section: NoteSettings::default(),
            section_notes: None,
            is_section_over: false,
        }
    }

    pub fn read(&mut self, xml: &str) -> Result<(), ReadError> {
        let mut reader = XmlReader::new("DOCX", xml, self.limits);
        while let Some(node) = reader.read()? {
            Limits::bound(
                "the number of its paragraphs",
                self.slots.len() as u64,
                self.limits.blocks,
            )?;
            match node {
                Node::Start(element) => {
                    self.runs.start(element.name(), reader.range().start);
                    if !self.start(&element)? {
                        reader.skip()?;
                        self.runs.end(element.name(), reader.range().end);
                    }
                }
                Node::End(name) => {
                    self.runs.end(&name, reader.range().end);
                    self.end(&name, reader.range().start);
                }
                Node::Text(text) => self.text(&text)?,
            }
        }
        Ok(())
    }

    /// Hands on the blocks. Paragraphs of the body are numbered here, empty ones are not counted.
    pub fn finish(
        mut self,
        collector: &mut BlockCollector,
        places: &mut Vec<BlockPlace>,
    ) -> Result<(), ReadError> {
        while !self.open.is_empty() {
            self.close_flow();
        }
        let slots = self.slots.into_iter().zip(self.places);
        let mut blocks: Vec<(Block, BlockPlace)> = slots
            .filter_map(|(block, place)| Some((block?, place)))
            .collect();
        if matches!(self.kind, StoryKind::Body(_)) {
            for ((block, _), number) in blocks.iter_mut().zip(1..) {
                block.place = Place::Paragraph(number);
            }
        } else {
            blocks.sort_by(|(a, _), (b, _)| a.place.cmp(&b.place));
        }
        for (block, place) in blocks {
            collector.push(Some(block))?;
            places.push(place);
        }
        Ok(())
    }

    /// An element begins. Returns false when nothing within it is read.
    fn start(&mut self, element: &XmlElement<'_>) -> Result<bool, ReadError> {
        match element.name() {
            "del" | "moveFrom" | "Fallback" | "delText" | "delInstrText" | "tabs" | "sdtPr"
            | "tblPr" | "framePr" | "pPrChange" | "rPrChange" | "sectPrChange" => return Ok(false),
            "p" => self.open_paragraph(),
            "footnote" | "endnote" => return self.open_note(element),
            "footnoteReference" => self.refer(NoteKind::Footnote, element)?,
            "endnoteReference" => self.refer(NoteKind::Endnote, element)?,
            "t" => self.capture = Capture::Text,
            "instrText" => self.capture = Capture::Instruction,
            "tab" | "ptab" => self.push("\t")?,
            "noBreakHyphen" => self.push("-")?,
            "br" | "cr" => self.break_line()?,
            "fldChar" => self.field_mark(element)?,
            "fldSimple" => {
                let instruction = element.attribute("instr")?.unwrap_or_default();
                let mark = self.open_link(hyperlink(&instruction));
                self.marks.push(mark);
                self.simple_fields
                    .push(Manager::of_instruction(&instruction));
            }
            "hyperlink" => {
                let mark = self.open_link(self.hyperlink_target(element)?);
                self.marks.push(mark);
            }
            "hlinkClick" | "hlinkHover" => {
                let id = element.prefixed("id")?.unwrap_or_default();
                self.picture_link(self.relations.external(&id).map(str::to_owned));
            }
            "shape" | "rect" | "roundrect" | "oval" | "group" | "line" | "polyline" | "image" => {
                self.picture_link(element.attribute("href")?);
            }
            "footnotePr" => self.section_notes = Some(NoteKind::Footnote),
            "endnotePr" => self.section_notes = Some(NoteKind::Endnote),
            property @ ("numStart" | "numRestart") => {
                if let (Some(kind), Some(value)) = (self.section_notes, element.attribute("val")?) {
                    self.section.of_kind(kind).set(property, &value);
                }
            }
            _ => {}
        }
        Ok(true)
    }

    fn end(&mut self, name: &str, at: usize) {
        match name {
            "p" => {
                self.note_end(at);
                self.close_paragraph();
                // The properties of a section precede the text of its last paragraph.
                if self.is_section_over && self.open.is_empty() {
                    self.end_section();
                }
            }
            "footnote" | "endnote" => {
                while !self.open.is_empty() {
                    self.close_flow();
                }
                self.note = None;
            }
            "t" | "instrText" => self.capture = Capture::Nothing,
            "fldSimple" | "hyperlink" => {
                if name == "fldSimple" {
                    self.simple_fields.pop();
                }
                let mark = self.marks.pop().flatten();
                self.close_link(mark);
            }
            "footnotePr" | "endnotePr" => self.section_notes = None,
            "sectPr" => {
                self.is_section_over = true;
                if self.open.is_empty() {
                    self.end_section();
                }
            }
            _ => {}
        }
    }

    fn end_section(&mut self) {
        self.is_section_over = false;
        let section = std::mem::take(&mut self.section);
        if let StoryKind::Body(numbers) = &mut self.kind {
            numbers.end_section(section);
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        match self.capture {
            Capture::Nothing => Ok(()),
            Capture::Text => self.push(text),
            Capture::Instruction => self.push_instruction(text),
        }
    }

    fn open_paragraph(&mut self) {
        if self.note.is_some() {
            // All paragraphs of a note are one stretch of text.
            if let Some((_, flow)) = self.open.last_mut() {
                flow.next_paragraph();
                return;
            }
        }
        self.slots.push(None);
        self.places.push(BlockPlace::default());
        self.open.push((self.slots.len() - 1, TextFlow::default()));
    }

    /// A paragraph ends at a byte: text may be added there, unless it would be a field's.
    fn note_end(&mut self, at: usize) {
        let has_text = self.runs.end_paragraph();
        if let Some((slot, _)) = self.open.last()
            && has_text
            && self.fields.is_empty()
            && self.simple_fields.is_empty()
        {
            self.places[*slot].insert_at = Some(at);
        }
    }

    /// The program that writes the text anew that is read now.
    fn manager(&self) -> Option<Manager> {
        let is_result = |field: &&Field| matches!(field.state, FieldState::Result(_));
        let mut fields = self.fields.iter().filter(is_result);
        let of_field = fields.find_map(|field| field.manager);
        of_field.or_else(|| self.simple_fields.iter().copied().find_map(|m| m))
    }

    fn close_paragraph(&mut self) {
        if self.note.is_none() {
            self.close_flow();
        }
    }

    fn close_flow(&mut self) {
        let Some((slot, mut flow)) = self.open.pop() else {
            return;
        };
        // A link that goes on in the next paragraph ends here.
        for field in &mut self.fields {
            if let FieldState::Result(link) = &mut field.state {
                close_if_in(link, slot, &mut flow);
            }
        }
        for link in &mut self.marks {
            close_if_in(link, slot, &mut flow);
        }
        let place = match &self.kind {
            StoryKind::Body(_) => Place::Paragraph(1),
            StoryKind::Notes(..) => self.note.clone().unwrap_or(Place::Footer),
            StoryKind::Margin(place) => place.clone(),
        };
        self.slots[slot] = flow.finish(place);
    }

    /// A note begins. Separators, and notes that no text refers to, are not read.
    fn open_note(&mut self, element: &XmlElement<'_>) -> Result<bool, ReadError> {
        let StoryKind::Notes(kind, numbers) = &self.kind else {
            return Ok(false);
        };
        let id = element.attribute("id")?.unwrap_or_default();
        let Some(number) = numbers.number(*kind, &id) else {
            return Ok(false);
        };
        self.note = Some(match kind {
            NoteKind::Footnote => Place::Footnote(number),
            NoteKind::Endnote => Place::Endnote(number),
        });
        Ok(true)
    }

    fn refer(&mut self, kind: NoteKind, element: &XmlElement<'_>) -> Result<(), ReadError> {
        if let StoryKind::Body(numbers) = &mut self.kind {
            let has_own_mark = matches!(
                element.attribute("customMarkFollows")?.as_deref(),
                Some("1" | "true" | "on")
            );
            numbers.refer(
                kind,
                element.attribute("id")?.unwrap_or_default(),
                has_own_mark,
            );
        }
        Ok(())
    }

    fn field_mark(&mut self, element: &XmlElement<'_>) -> Result<(), ReadError> {
        match element.attribute("fldCharType")?.as_deref() {
            Some("begin") => {
                self.fields.push(Field {
                    instruction: String::new(),
                    state: FieldState::Instruction,
                    manager: None,
                });
                let open = self.fields.len() as u64;
                Limits::bound("the nesting of its fields", open, self.limits.depth)?;
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    let target = hyperlink(&field.instruction);
                    field.manager = Manager::of_instruction(&field.instruction);
                    field.state = FieldState::Result(None);
                    let link = self.open_link(target);
                    if let Some(field) = self.fields.last_mut() {
                        field.state = FieldState::Result(link);
                    }
                }
            }
            Some("end") => match self.fields.pop() {
                Some(Field {
                    state: FieldState::Result(link),
                    ..
                }) => self.close_link(link),
                Some(field) => self.picture_link(hyperlink(&field.instruction)),
                None => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn hyperlink_target(&self, element: &XmlElement<'_>) -> Result<Option<String>, ReadError> {
        let id = element.prefixed("id")?.unwrap_or_default();
        let anchor = element.attribute("anchor")?;
        let place = match anchor {
            Some(anchor) => Some(anchor),
            None => element.attribute("docLocation")?,
        };
        let address = self.relations.external(&id);
        Ok(address.map(|address| with_fragment(address, place.as_deref())))
    }

    fn open_link(&mut self, target: Option<String>) -> Option<(usize, OpenLink)> {
        let target = target?;
        // The result of a field within an instruction is not shown.
        if self.is_in_instruction() {
            return None;
        }
        let manager = self.manager();
        let (slot, flow) = self.open.last_mut()?;
        self.places[*slot].add_managed(manager, &target);
        Some((*slot, flow.open_link(target)))
    }

    fn close_link(&mut self, link: Option<(usize, OpenLink)>) {
        if let Some((slot, link)) = link
            && let Some((_, flow)) = self.open.iter_mut().find(|(open, _)| *open == slot)
        {
            flow.close_link(link);
        }
    }

    fn picture_link(&mut self, target: Option<String>) {
        if let (Some(target), Some((_, flow))) = (target, self.open.last_mut()) {
            flow.picture_link(target);
        }
    }

    fn is_in_instruction(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| matches!(field.state, FieldState::Instruction))
    }

    /// Text that is shown, or that is the result of a field within another's instruction.
    fn push(&mut self, text: &str) -> Result<(), ReadError> {
        if self.is_in_instruction() {
            return self.push_instruction(text);
        }
        let manager = self.manager();
        let is_link = self.marks.iter().any(Option::is_some) || !self.fields.is_empty();
        if let Some((slot, flow)) = self.open.last_mut() {
            flow.push(text);
            self.places[*slot].push_managed(manager, text);
            if self.runs.text() && !is_link {
                self.places[*slot].properties = self.runs.properties();
            }
        }
        Ok(())
    }

    fn break_line(&mut self) -> Result<(), ReadError> {
        if self.is_in_instruction() {
            return self.push_instruction(" ");
        }
        if let Some((_, flow)) = self.open.last_mut() {
            flow.break_line();
        }
        Ok(())
    }

    fn push_instruction(&mut self, text: &str) -> Result<(), ReadError> {
        let mut fields = self.fields.iter_mut().rev();
        let in_instruction = fields.find(|field| matches!(field.state, FieldState::Instruction));
        let most = usize::try_from(self.limits.value_bytes).unwrap_or(usize::MAX);
        match in_instruction {
            Some(field) if field.instruction.len() + text.len() <= most => {
                field.instruction.push_str(text);
                Ok(())
            }
            Some(field) if hyperlink_begins(&field.instruction) => Err(ReadError::TooLarge {
                what: "the instruction of a field",
                limit: self.limits.value_bytes,
            }),
            // Reference managers keep whole records in instructions; they are not links.
            _ => Ok(()),
        }
    }
}
