//! Joins text from pieces and collapses its white space.

use super::entity;

/// Text under construction, with collapsed white space.
#[derive(Default)]
pub(super) struct CollapsedText {
    pub out: String,
    /// White space, or the border of a block, comes before the next piece.
    pub gap: bool,
}

impl CollapsedText {
    /// Adds text whose references are not decoded yet.
    pub(super) fn push(&mut self, raw: &str) {
        self.push_words(&entity::decode(raw, false));
    }

    pub(super) fn push_words(&mut self, text: &str) {
        for word in Words(text) {
            match word {
                Word::Gap => self.gap = true,
                Word::Text(text) => {
                    if self.gap && !self.out.is_empty() {
                        self.out.push(' ');
                    }
                    self.gap = false;
                    self.out.push_str(text);
                }
            }
        }
    }
}

enum Word<'a> {
    Gap,
    Text(&'a str),
}

/// Splits text into words and the gaps between them.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let first = self.0.chars().next()?;
        if first.is_whitespace() {
            self.0 = self.0.trim_start();
            return Some(Word::Gap);
        }
        let end = self.0.find(char::is_whitespace).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(Word::Text(word))
    }
}
