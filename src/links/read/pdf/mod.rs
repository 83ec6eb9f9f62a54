//! PDF: the links that annotations mark, and the text of each page.
//!
//! `hayro` interprets the pages: it knows the predefined `CMaps` of Chinese, Japanese and Korean
//! fonts, repairs damaged files, and opens files that are encrypted with an empty password. It was
//! made for files from anywhere, but it bounds neither memory nor time; [`bounds`] does.

mod annotations;
mod bounds;
mod glyphs;
mod lines;
mod paragraphs;

use std::thread;

use chrono::NaiveDate;
use hayro_interpret::InterpreterCache;
use hayro_interpret::hayro_syntax::object::DateTime;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};

use super::office::flow::BlockCollector;
use crate::links::read::block::RawDocument;
use crate::links::read::error::{Limits, ReadError};
use crate::model::citation::{PartialDate, Place};

use annotations::text_string;
use bounds::{ContentBudget, Deadline};

const FORMAT: &str = "PDF";

/// The stack of the thread that reads a file: objects in each other take room on it.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Fewer characters than these on all pages are the stamp on a scan, and no text.
const FEWEST_CHARACTERS: usize = 3;

pub fn read(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    read_within(bytes, Limits::DEFAULT)
}

/// Reads a file in a thread of its own, so that a fault of the library ends that thread alone.
pub fn read_within(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
    Limits::bound("the file", bytes.len() as u64, limits.file_bytes)?;
    bounds::check_streams(bytes, limits.unpacked_bytes)?;
    thread::scope(|scope| {
        let reading = thread::Builder::new()
            .name("pdf".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || read_pages(bytes, limits))
            .map_err(|why| ReadError::damaged(FORMAT, why))?;
        match reading.join() {
            Ok(document) => document,
            Err(fault) if fault.is::<bounds::TimeIsUp>() => Err(ReadError::TooLarge {
                what: "the number of seconds that its pages take",
                limit: bounds::SECONDS,
            }),
            Err(_) => Err(ReadError::damaged(
                FORMAT,
                "its pages cannot be interpreted",
            )),
        }
    })
}

fn read_pages(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ReadError::Encrypted,
        LoadPdfError::Invalid => ReadError::damaged(FORMAT, "it has no pages"),
    })?;
    if pdf.pages().is_empty() {
        return Err(ReadError::damaged(FORMAT, "it has no pages"));
    }
    let deadline = Deadline::start();
    let mut budget = ContentBudget::new(limits.unpacked_bytes);
    let cache = InterpreterCache::new();
    let base = annotations::base_address(&pdf);
    let mut collector = BlockCollector::new(limits);
    let mut seen = CharacterCounts::default();
    for (page, number) in pdf.pages().iter().zip(1..) {
        budget.charge(page)?;
        read_page(
            page,
            number,
            &cache,
            base.as_deref(),
            deadline,
            &mut seen,
            &mut collector,
        )?;
    }
    let metadata = pdf.metadata();
    let title = metadata.title.as_deref().map(text_string);
    let title = title.filter(|title| !title.trim().is_empty());
    let date = metadata.creation_date.as_ref().and_then(day);
    let document = collector.finish(title, date);
    let has_links = document.blocks.iter().any(|block| !block.links.is_empty());
    if !has_links && seen.characters < FEWEST_CHARACTERS {
        return Err(if is_cut(bytes) {
            ReadError::damaged(FORMAT, "the file is cut off")
        } else {
            ReadError::Scanned
        });
    }
    if !has_links && seen.unknown * 2 > seen.characters {
        let reason = "its fonts do not say which characters they show";
        return Err(ReadError::damaged(FORMAT, reason));
    }
    Ok(document)
}

/// Whether the end of a file is missing. What is left of such a file may be empty pages.
fn is_cut(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    memchr::memmem::find(tail, b"%%EOF").is_none()
}

/// How many characters the pages show, and how many of these are not known.
#[derive(Debug, Default)]
struct CharacterCounts {
    characters: usize,
    unknown: usize,
}

fn read_page<'a>(
    page: &Page<'a>,
    number: u32,
    cache: &InterpreterCache<'a>,
    base: Option<&str>,
    deadline: Deadline,
    seen: &mut CharacterCounts,
    collector: &mut BlockCollector,
) -> Result<(), ReadError> {
    let glyphs = glyphs::of_page(page, cache, deadline)?;
    let shown = glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty());
    seen.characters += shown.count();
    seen.unknown += glyphs
        .iter()
        .filter(|glyph| glyph.text == "\u{fffd}")
        .count();
    let marked = annotations::links(page, base)?;
    let lines = lines::assemble(glyphs);
    let place = Place::Page(number);
    for block in paragraphs::blocks(&lines, marked, &place) {
        collector.push(Some(block))?;
    }
    Ok(())
}

fn day(date: &DateTime) -> Option<PartialDate> {
    let (year, month) = (i32::from(date.year), u32::from(date.month));
    NaiveDate::from_ymd_opt(year, month, u32::from(date.day)).map(PartialDate::Day)
}

#[cfg(test)]
mod tests;
