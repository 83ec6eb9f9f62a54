//! Where the text of a block is in its part, for who adds to it.

use std::ops::Range;

use crate::links::read::office::flow::{OpenLink, TextFlow};

pub use crate::links::read::office::managed::Manager;

/// Where a block stands, and what of it other programs write again.
#[derive(Debug, Clone, Default)]
pub struct BlockPlace {
    /// The number of its part among the parts of the document.
    pub part: usize,
    /// Behind the last run of its last paragraph with text.
    pub insert_at: Option<usize>,
    /// The properties of its last run outside of links: `<w:rPr>` to `</w:rPr>`.
    pub properties: Option<Range<usize>>,
    /// The text and the addresses that a reference manager writes again.
    pub managed: String,
    pub manager: Option<Manager>,
}

impl BlockPlace {
    /// Text that is shown; a manager writes it anew.
    pub fn push_managed(&mut self, manager: Option<Manager>, text: &str) {
        if manager.is_some() {
            self.manager = manager;
            self.managed.push_str(text);
        }
    }

    /// An address that is not shown.
    pub fn add_managed(&mut self, manager: Option<Manager>, address: &str) {
        if manager.is_some() {
            self.push_managed(manager, "\n");
            self.push_managed(manager, address);
            self.push_managed(manager, "\n");
        }
    }
}

/// The run that is being read, and whether its paragraph has text.
#[derive(Debug, Default)]
pub struct RunTracker {
    is_in_run: bool,
    begin: Option<usize>,
    properties: Option<Range<usize>>,
    has_text: bool,
}

impl RunTracker {
    pub fn start(&mut self, name: &str, at: usize) {
        match name {
            "r" => {
                self.is_in_run = true;
                self.properties = None;
            }
            "rPr" if self.is_in_run && self.properties.is_none() => self.begin = Some(at),
            _ => {}
        }
    }

    pub fn end(&mut self, name: &str, at: usize) {
        match name {
            "r" => self.is_in_run = false,
            "rPr" => self.properties = self.begin.take().map(|begin| begin..at),
            _ => {}
        }
    }

    /// Text is shown; whether it is a run's.
    pub fn text(&mut self) -> bool {
        self.has_text |= self.is_in_run;
        self.is_in_run
    }

    pub fn properties(&self) -> Option<Range<usize>> {
        self.properties.clone()
    }

    /// A paragraph ends; whether it has text.
    pub fn end_paragraph(&mut self) -> bool {
        std::mem::take(&mut self.has_text)
    }
}

/// Closes a link that is open in the paragraph of a slot.
pub fn close_if_in(link: &mut Option<(usize, OpenLink)>, slot: usize, flow: &mut TextFlow) {
    if let Some((of, open)) = *link
        && of == slot
    {
        flow.close_link(open);
        *link = None;
    }
}
