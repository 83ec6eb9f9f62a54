//! The links in the rows of a list: rows stay, and what they led to is gone.
//!
//! Every figure is compared with the least and the most of the earlier good answers, so a list that
//! never led to files, or whose rows always share a link, is left alone.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::frame::FrameRequirement;
use super::past_answers::{PastAnswers, PastRange};
use super::percent;
use super::shared_words::SharedWords;
use super::turnover::{self, RowDigests};
use crate::judge::{exact, level_link};
use crate::model::page::{RowSeries, Value};
use crate::model::{Code, Fact};
use crate::text::clean;
use crate::text::links::Link;
use crate::text::row_links::{ListRow, MAX_LINKS};

/// Fewer rows are not a list.
const MIN_ROWS: usize = 5;
/// At this share of the rows or more, all of them have something.
const MOST: f64 = 0.8;
/// At this share of the rows or less, next to none has it.
const NEXT_TO_NONE: f64 = 0.2;
/// Rows that all led on lead on no more below this share.
const MANY: f64 = 0.6;
/// With at least this share of distinct targets, each row leads elsewhere.
const DIFFERING: f64 = 0.5;
/// The endings of documents and of pictures.
const DOCUMENTS: &str = "pdf caj kdh nh xls xlsx csv doc docx wps et ods odt ppt pptx zip rar 7z gz epub djvu txt \
    json xml dta sav rdf";
const PICTURES: &str = "jpg jpeg png gif bmp webp svg tif tiff";
/// The figures of a list that are kept.
const KEPT: [RowSeries; 8] = [
    RowSeries::Leading,
    RowSeries::Files,
    RowSeries::Documents,
    RowSeries::Pictures,
    RowSeries::PerRow,
    RowSeries::Differing,
    RowSeries::OneTarget,
    RowSeries::OnePath,
];
/// How many characters of a target are shown.
const MAX_SHOWN: usize = 120;

/// Where the rows of a list lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowLinks {
    rows: usize,
    #[serde(with = "exact::float")]
    leading: f64,
    #[serde(with = "exact::float")]
    files: f64,
    #[serde(with = "exact::float")]
    documents: f64,
    #[serde(with = "exact::float")]
    pictures: f64,
    #[serde(with = "exact::float")]
    downloads: f64,
    #[serde(with = "exact::float")]
    per_row: f64,
    differing: usize,
    one_path: usize,
    /// A target on a path that all rows share.
    form: Option<String>,
    /// The targets that all rows share.
    shared: Vec<String>,
    said: RowDigests,
    shared_words: SharedWords,
}

impl RowLinks {
    /// The figures of a list, one item per row.
    pub(super) fn of_rows(list: &[ListRow]) -> Option<Self> {
        if list.len() < MIN_ROWS {
            return None;
        }
        let rows: &[&[Link]] = &list.iter().map(|row| &*row.links).collect::<Vec<_>>();
        let of = |is_it: &dyn Fn(&[Link]) -> bool| {
            share(rows.iter().filter(|row| is_it(row)).count(), rows.len())
        };
        let mut found = Self {
            rows: rows.len(),
            leading: of(&|row| !row.is_empty()),
            files: of(&offers_file),
            documents: of(&|row| row.iter().any(|link| ends_with(&link.href, DOCUMENTS))),
            pictures: of(&|row| row.iter().any(|link| ends_with(&link.href, PICTURES))),
            downloads: of(&|row| row.iter().any(offers_download)),
            per_row: share(rows.iter().map(|row| row.len()).sum(), rows.len()),
            differing: 0,
            one_path: 0,
            form: None,
            shared: Vec::new(),
            said: RowDigests::of_rows(list),
            shared_words: SharedWords::of_rows(list),
        };
        for place in 0..MAX_LINKS {
            found.add_place(rows, place);
        }
        Some(found)
    }

    /// Adds the links that stand at one place in the rows: the first of each row, or the second.
    fn add_place(&mut self, rows: &[&[Link]], place: usize) {
        let links = rows.iter().filter_map(|row| row.get(place));
        let targets: Vec<&str> = links.map(|link| link.href.as_str()).collect();
        if share(targets.len(), rows.len()) < MOST {
            return;
        }
        let distinct: HashSet<&str> = targets.iter().copied().collect();
        let paths: HashSet<&str> = targets.iter().map(|target| path(target)).collect();
        if paths.len() == 1 {
            self.one_path += 1;
            let first = || targets.first().map(|target| (*target).to_owned());
            self.form = self.form.take().or_else(first);
        }
        match distinct.len() {
            1 => self.shared.extend(targets.first().map(|t| (*t).to_owned())),
            n => self.differing += usize::from(share(n, targets.len()) >= DIFFERING),
        }
    }

    /// The figures that are kept with the value.
    pub(in crate::judge) fn series(&self, name: &str) -> Vec<(String, Value)> {
        let figure = |series: RowSeries| {
            let rounded = (self.figure(series) * 1000.0).round() / 1000.0;
            (series.series(name), Value::Number(rounded))
        };
        let said = self.said.text().map(Value::Text);
        let said = said.map(|text| (RowSeries::Rows.series(name), text));
        let words = [self.shared_words.series(name)];
        KEPT.map(figure)
            .into_iter()
            .chain(said)
            .chain(words)
            .collect()
    }

    #[allow(clippy::cast_precision_loss)] // at most MAX_LINKS
    fn figure(&self, series: RowSeries) -> f64 {
        match series {
            RowSeries::Leading => self.leading,
            RowSeries::Files => self.files,
            RowSeries::Documents => self.documents,
            RowSeries::Pictures => self.pictures,
            RowSeries::PerRow => self.per_row,
            RowSeries::Differing => self.differing as f64,
            RowSeries::OneTarget => self.shared.len() as f64,
            RowSeries::OnePath => self.one_path as f64,
            RowSeries::Masked
            | RowSeries::Filled
            | RowSeries::Script
            | RowSeries::Figures
            | RowSeries::Decimals
            | RowSeries::Ranks
            | RowSeries::Rows
            | RowSeries::Standing
            | RowSeries::Hidden
            | RowSeries::SharedWords
            | RowSeries::FileSize
            | RowSeries::TextLength
            | RowSeries::Alike => 0.0,
        }
    }
}

/// The earlier good answers, and which of them make a range.
#[derive(Clone, Copy)]
struct Known<'a> {
    answers: &'a PastAnswers<'a>,
    range: fn(&PastAnswers<'a>, &str) -> Option<PastRange>,
}

fn past(name: &str, series: RowSeries, known: Known<'_>) -> Option<PastRange> {
    (known.range)(known.answers, &series.series(name))
}

/// What the rows no longer lead to, if they did in every earlier good answer.
pub(super) fn fault(
    name: &str,
    now: &RowLinks,
    answers: &PastAnswers<'_>,
) -> Option<(Code, Fact, FrameRequirement)> {
    let ranges = [PastAnswers::range, PastAnswers::first_range];
    let lost = ranges.into_iter().find_map(|range| {
        let known = Known { answers, range };
        one_target(name, now, known)
            .or_else(|| no_file(name, now, known))
            .or_else(|| pictures_instead(name, now, known))
            .or_else(|| no_links(name, now, known))
            .or_else(|| words_instead(name, now, known))
    });
    let (code, fact) = lost.or_else(|| turnover::all_other(name, &now.said, answers))?;
    Some((code, fact, FrameRequirement::Part))
}

/// A link that led elsewhere in each row leads to one address in all of them.
fn one_target(name: &str, now: &RowLinks, known: Known<'_>) -> Option<(Code, Fact)> {
    let differing = past(name, RowSeries::Differing, known)?;
    let shared = past(name, RowSeries::OneTarget, known)?;
    let lost = now.figure(RowSeries::Differing) < differing.least;
    let gained = now.figure(RowSeries::OneTarget) > shared.most;
    let target = now.shared.first().filter(|_| lost && gained)?;
    let code = level_link::demanded_by(target).unwrap_or(Code::ContentWithdrawn);
    let fact = Fact::RowsLeadToOne {
        value: name.to_owned(),
        rows: now.rows as u64,
        target: clean::line(target, MAX_SHOWN),
    };
    Some((code, fact))
}

/// Rows that offered a file offer none: their links to it are gone, or lead to one form.
fn no_file(name: &str, now: &RowLinks, known: Known<'_>) -> Option<(Code, Fact)> {
    let files = past(name, RowSeries::Files, known)?;
    let per_row = past(name, RowSeries::PerRow, known)?;
    let one_path = past(name, RowSeries::OnePath, known)?;
    let removed = now.per_row <= per_row.least - MOST;
    // The address of a record may have a name of a file, such as `view`; its ending has not.
    let documents = past(name, RowSeries::Documents, known);
    let no_document = documents.is_some_and(|known| known.least >= MOST)
        && now.documents <= NEXT_TO_NONE
        && now.downloads <= NEXT_TO_NONE
        && removed;
    let lost = files.least >= MOST && now.files <= NEXT_TO_NONE || no_document;
    let form = now.figure(RowSeries::OnePath) > one_path.most;
    (lost && (removed || form)).then(|| {
        let fact = Fact::RowsWithoutFile {
            value: name.to_owned(),
            rows: now.rows as u64,
        };
        let demanded = now.form.as_deref().filter(|_| form);
        let code = demanded.and_then(level_link::demanded_by);
        (code.unwrap_or(Code::ContentWithdrawn), fact)
    })
}

/// Rows that led to a document lead to a picture, that of a sample page or of a notice.
fn pictures_instead(name: &str, now: &RowLinks, known: Known<'_>) -> Option<(Code, Fact)> {
    let documents = past(name, RowSeries::Documents, known)?;
    let pictures = past(name, RowSeries::Pictures, known)?;
    let lost = documents.least >= MOST && now.documents <= NEXT_TO_NONE;
    let instead = pictures.most <= NEXT_TO_NONE && now.pictures >= MOST;
    (lost && instead).then(|| {
        let fact = Fact::RowsWithoutFile {
            value: name.to_owned(),
            rows: now.rows as u64,
        };
        (Code::ContentWithdrawn, fact)
    })
}

/// Rows that all led on are plain text now.
fn no_links(name: &str, now: &RowLinks, known: Known<'_>) -> Option<(Code, Fact)> {
    let leading = past(name, RowSeries::Leading, known)?;
    (leading.least > MOST && now.leading < MANY).then(|| {
        let fact = Fact::RowsLeadNowhere {
            value: name.to_owned(),
            rows: now.rows as u64,
            percent: percent(now.leading),
            earlier: percent(leading.least),
        };
        let none = now.leading <= NEXT_TO_NONE && now.files <= now.leading;
        let code = if none {
            Code::ContentWithdrawn
        } else {
            Code::ContentShrunk
        };
        (code, fact)
    })
}

/// A link of each row is gone, and all rows say the same words, which none had before.
fn words_instead(name: &str, now: &RowLinks, known: Known<'_>) -> Option<(Code, Fact)> {
    let per_row = past(name, RowSeries::PerRow, known)?;
    let differing = past(name, RowSeries::Differing, known)?;
    let removed = now.per_row <= per_row.least - MOST;
    let lost = now.figure(RowSeries::Differing) < differing.least;
    let words = now.shared_words.new_words(name, known.answers);
    let words = words.filter(|_| removed && lost)?;
    let fact = Fact::RowsSayInstead {
        value: name.to_owned(),
        rows: now.rows as u64,
        words: clean::line(words, MAX_SHOWN),
    };
    Some((Code::ContentWithdrawn, fact))
}

/// Whether a row has a link to a file, by its address or its label.
fn offers_file(row: &[Link]) -> bool {
    row.iter()
        .any(|link| leads_to_file(&link.href) || level_link::says_file(&link.text))
}

/// Whether a link offers a download, by the words of its address or its label.
fn offers_download(link: &Link) -> bool {
    level_link::names_download(&link.href) || level_link::says_file(&link.text)
}

fn leads_to_file(target: &str) -> bool {
    level_link::names_file(target) || ends_with(target, DOCUMENTS)
}

/// Whether the path of an address has one of these endings.
fn ends_with(target: &str, endings: &str) -> bool {
    let file = path(target).rsplit('/').next().unwrap_or_default();
    let ending = file.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| endings.split(' ').any(|e| ending.eq_ignore_ascii_case(e)))
}

fn path(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

#[allow(clippy::cast_precision_loss)] // counts of rows stay far below 2^53
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests;
