//! Plain text: a paragraph is a block.

use crate::links::read::block::{Block, RawDocument};
use crate::model::citation::Place;

/// Reads a text.
pub fn read(text: &str) -> RawDocument {
    let mut document = RawDocument::default();
    let (mut paragraph, mut began) = (String::new(), 1_u32);
    let mut number = 0_u32;
    for line in text.lines() {
        number = number.saturating_add(1);
        if line.trim().is_empty() {
            end(&mut document, &mut paragraph, began);
            continue;
        }
        if paragraph.is_empty() {
            began = number;
        } else {
            paragraph.push('\n');
        }
        paragraph.push_str(line.trim_end());
    }
    end(&mut document, &mut paragraph, began);
    document
}

fn end(document: &mut RawDocument, paragraph: &mut String, began: u32) {
    if !paragraph.is_empty() {
        document.blocks.push(Block {
            place: Place::Line(began),
            text: std::mem::take(paragraph),
            links: Vec::new(),
            title: None,
            accessed: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_link_has_its_own_line() {
        let text =
            "see https://a.example/1\r\nand https://a.example/2\r\n\r\n\r\nhttps://a.example/3";
        let document = read(text);
        let lines: Vec<String> = crate::links::read::citing::citations(&document)
            .iter()
            .map(|c| format!("{}: {}", c.place, c.url))
            .collect();
        assert_eq!(
            lines,
            [
                "line 1: https://a.example/1",
                "line 2: https://a.example/2",
                "line 5: https://a.example/3"
            ]
        );
    }
}
