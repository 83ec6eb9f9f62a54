//! The attribute of a tag, and where it stands.

use std::ops::Range;

use super::draft::xml_escaped;
use super::source_text::TextEdit;
use crate::text::token::{Tag, Token, Tokens};

/// A start tag with one attribute of it.
pub(super) struct TagAttribute<'a> {
    pub(super) tag: Tag<'a>,
    /// The value with its quotes.
    pub(super) range: Range<usize>,
    /// The value as written.
    pub(super) value: &'a str,
}

impl<'a> TagAttribute<'a> {
    /// The attribute of the tag that stands at a range of the text.
    pub(super) fn find(text: &'a str, tag: &Range<usize>, name: &str) -> Option<Self> {
        let written = text.get(tag.clone())?;
        let Some(Token::Start(start)) = Tokens::new(written).next() else {
            return None;
        };
        let value = start.attribute(name)?;
        // The value is a part of what is written.
        let begin = (value.as_ptr() as usize).checked_sub(written.as_ptr() as usize)?;
        let (mut begin, mut end) = (begin, begin + value.len());
        let before = written.get(..begin)?.chars().next_back();
        let is_quote = |c: &char| matches!(c, '"' | '\'') && written[end..].starts_with(*c);
        if before.as_ref().is_some_and(is_quote) {
            begin -= 1;
            end += 1;
        }
        Some(Self {
            tag: start,
            range: tag.start + begin..tag.start + end,
            value,
        })
    }

    /// Another value.
    pub(super) fn edit(&self, value: &str) -> TextEdit {
        TextEdit {
            range: self.range.clone(),
            text: format!("\"{}\"", xml_escaped(value)),
        }
    }
}
