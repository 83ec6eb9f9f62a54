//! Text that reference managers write again: what is changed there is lost at their next refresh.

use super::xml::XmlElement;

/// A reference manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    Zotero,
    EndNote,
    Other,
}

impl Manager {
    /// The manager of a field of Word, by its instruction.
    pub fn of_instruction(instruction: &str) -> Option<Self> {
        let mut words = instruction.split_whitespace();
        let is_addin = words.next()?.eq_ignore_ascii_case("ADDIN");
        let name = words.next().filter(|_| is_addin)?;
        let name = name.to_ascii_uppercase();
        if name.starts_with("ZOTERO") {
            Some(Self::Zotero)
        } else if name.starts_with("EN.") {
            Some(Self::EndNote)
        } else if name.starts_with("CSL_") || name.starts_with("MENDELEY") {
            Some(Self::Other)
        } else {
            None
        }
    }

    /// The manager of a mark, a bookmark or a section of `OpenDocument`, by its name.
    pub fn of_mark(name: &str) -> Option<Self> {
        let name = name.trim_start();
        if name.starts_with("ZOTERO_") {
            Some(Self::Zotero)
        } else if name.starts_with("CSL_CITATION") || name.starts_with("Mendeley") {
            Some(Self::Other)
        } else {
            None
        }
    }
}

/// The marks, bookmarks and sections of managers that are open in an `OpenDocument` text.
#[derive(Debug, Default)]
pub struct ManagedMarks {
    marks: Vec<Manager>,
    sections: Vec<Option<Manager>>,
}

impl ManagedMarks {
    pub fn start(&mut self, element: &XmlElement<'_>) {
        match element.name() {
            "reference-mark-start" | "bookmark-start" => self.marks.extend(of_element(element)),
            "reference-mark-end" | "bookmark-end" if of_element(element).is_some() => {
                self.marks.pop();
            }
            "section" => self.sections.push(of_element(element)),
            _ => {}
        }
    }

    pub fn end(&mut self, name: &str) {
        if name == "section" {
            self.sections.pop();
        }
    }

    /// The manager that writes the text anew that is read now.
    pub fn manager(&self) -> Option<Manager> {
        let of_section = || self.sections.iter().copied().find_map(|m| m);
        self.marks.last().copied().or_else(of_section)
    }
}

fn of_element(element: &XmlElement<'_>) -> Option<Manager> {
    match element.attribute("name") {
        Ok(name) => Manager::of_mark(&name?),
        // Only managers keep whole records in a name, and Zotero alone does so here.
        Err(_) => Some(Manager::Zotero),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn managers_are_known_by_their_fields() {
        for (instruction, want) in [
            (" ADDIN ZOTERO_ITEM CSL_CITATION {}", Some(Manager::Zotero)),
            ("ADDIN ZOTERO_BIBL {}", Some(Manager::Zotero)),
            ("ADDIN EN.CITE <EndNote/>", Some(Manager::EndNote)),
            ("ADDIN EN.REFLIST", Some(Manager::EndNote)),
            ("ADDIN CSL_CITATION {}", Some(Manager::Other)),
            ("ADDIN Mendeley Bibliography", Some(Manager::Other)),
            ("HYPERLINK \"https://a.example/ADDIN\"", None),
            ("ADDIN", None),
            ("", None),
        ] {
            assert_eq!(Manager::of_instruction(instruction), want, "{instruction}");
        }
        assert_eq!(
            Manager::of_mark("ZOTERO_BIBL {} RND1"),
            Some(Manager::Zotero)
        );
        assert_eq!(Manager::of_mark("chapter"), None);
    }
}
