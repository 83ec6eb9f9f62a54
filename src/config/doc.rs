//! One file while it is checked: its text, and the faults found so far.

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::explain::{Diagnostic, Severity, clean};
use super::redact;

/// What is wrong with a value, without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub message: String,
    pub help: String,
}

/// A [`Problem`] from its two sentences.
pub(super) fn problem(message: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem {
        message: message.into(),
        help: help.into(),
    }
}

/// A file and its faults.
pub(super) struct DiagnosedFile {
    /// Relative to the workspace.
    path: PathBuf,
    pub(super) text: String,
    /// The byte positions of its line ends: a table with thousands of rows needs many places.
    newlines: Vec<usize>,
    found: RefCell<Found>,
    masks: OnceCell<redact::RedactionMask>,
}

/// Further faults of one kind are counted and not kept, because nobody reads them.
const MOST: usize = 100;

/// A larger file is not read: nobody wrote it by hand.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The limit for a table of signatures from others.
const LARGEST_TABLE: u64 = 64 * 1024 * 1024;

/// The faults of a file so far.
#[derive(Default)]
struct Found {
    kept: Vec<Diagnostic>,
    /// How many were not kept: errors and warnings.
    more: [usize; 2],
    /// Places and messages that were reported: records of a family share their faults.
    met: HashSet<u64>,
}

impl Found {
    /// Whether a fault with this kind, place and message is new and should be kept.
    fn admits(&mut self, severity: Severity, at: usize, message: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        (severity == Severity::Error, at, message).hash(&mut hasher);
        if !self.met.insert(hasher.finish()) {
            return false;
        }
        let kept = self.kept.iter().filter(|f| f.severity == severity).count();
        if kept < MOST {
            return true;
        }
        self.more[usize::from(severity == Severity::Warning)] += 1;
        false
    }
}

impl DiagnosedFile {
    pub(super) fn new(path: PathBuf, text: String) -> Self {
        Self {
            path,
            newlines: text.match_indices('\n').map(|(at, _)| at).collect(),
            text,
            found: RefCell::default(),
            masks: OnceCell::new(),
        }
    }

    /// Reads a file of the workspace; an unreadable file is empty and has that fault.
    pub(super) fn read(dir: &Path, path: PathBuf) -> Self {
        let whole = dir.join(&path);
        if let Some(doc) = too_large(&whole, &path) {
            return doc;
        }
        let (text, fault) = match std::fs::read(whole) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let help = "`accesswatch init` writes a workspace; `--dir` names another folder";
                (
                    String::new(),
                    Some((0, "there is no such file".to_owned(), help)),
                )
            }
            Err(e) => {
                let help = "let accesswatch's user read it";
                (
                    String::new(),
                    Some((0, format!("cannot be read: {e}"), help)),
                )
            }
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => (text, None),
                Err(e) => {
                    let upto = e.utf8_error().valid_up_to();
                    let text = String::from_utf8_lossy(e.as_bytes()).into_owned();
                    let message = "this is not UTF-8".to_owned();
                    (text, Some((upto, message, "save the file as UTF-8")))
                }
            },
        };
        let doc = Self::new(path, text);
        if let Some((at, message, help)) = fault {
            doc.fault(at..at, problem(message, help));
            return Self {
                text: String::new(),
                newlines: Vec::new(),
                ..doc
            };
        }
        doc
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn fault(&self, span: Range<usize>, wrong: Problem) {
        self.push(Severity::Error, span, wrong, false);
    }

    /// A fault whose marked part is a secret and must not be shown.
    pub(super) fn secret_fault(&self, span: Range<usize>, wrong: Problem) {
        self.push(Severity::Error, span, wrong, true);
    }

    pub(super) fn warn(&self, span: Range<usize>, wrong: Problem) {
        self.push(Severity::Warning, span, wrong, false);
    }

    pub(super) fn has_errors(&self) -> bool {
        let found = self.found.borrow();
        found.kept.iter().any(|f| f.severity == Severity::Error)
    }

    /// The faults in the order of the file; each place is reported once with one message.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let Found {
            kept: mut found,
            more,
            ..
        } = self.found.into_inner();
        found.sort_by_key(|f| (f.line, f.col));
        let mut once: Vec<Diagnostic> = Vec::new();
        for fault in found {
            // Records of a family share its faults, including several at one place.
            let here = |f: &&Diagnostic| (f.line, f.col) == (fault.line, fault.col);
            if !once.iter().rev().take_while(here).any(|f| *f == fault) {
                once.push(fault);
            }
        }
        let kinds = [(Severity::Error, "faults"), (Severity::Warning, "warnings")];
        for ((severity, word), more) in kinds.into_iter().zip(more) {
            if more > 0 {
                once.push(Diagnostic {
                    severity,
                    path: self.path.clone(),
                    line: once.last().map_or(1, |f| f.line),
                    col: 1,
                    source: String::new(),
                    mark: 0..0,
                    message: format!("and {} more {word} in this file", grouped(more)),
                    help: String::new(),
                    more,
                });
            }
        }
        once
    }

    /// The number of the line at `at`, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_of(at).0
    }

    /// The text of that line.
    pub(super) fn line_text(&self, at: usize) -> &str {
        let (_, from, to) = self.line_of(at);
        self.text.get(from..to).unwrap_or_default()
    }

    /// `path:line`, for a fault in another place that refers to this one.
    pub(super) fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path.display(), self.line_of(at).0)
    }

    fn push(&self, severity: Severity, span: Range<usize>, wrong: Problem, blank: bool) {
        let Problem { message, help } = wrong;
        let start = floor(&self.text, span.start);
        if !self.found.borrow_mut().admits(severity, start, &message) {
            return;
        }
        let (line, from, to) = self.line_of(start);
        let masks = self
            .masks
            .get_or_init(|| redact::RedactionMask::from_text(&self.text));
        let whole = &redact::passwords(&self.text[from..to]);
        let end = floor(&self.text, span.end).clamp(start, to.max(start));
        let marked = start - from..end - from;
        let (source, mark) = if blank {
            blanked(whole, marked.clone())
        } else {
            match masks.line(line).filter(|at| whole.is_char_boundary(*at)) {
                Some(at) if marked.end <= at => clip(&format!("{}…", &whole[..at]), marked.clone()),
                Some(at) => blanked(whole, at..whole.len()),
                None => clip(whole, marked.clone()),
            }
        };
        let before = whole.get(..marked.start).unwrap_or_default();
        self.found.borrow_mut().kept.push(Diagnostic {
            severity,
            path: self.path.clone(),
            line,
            col: before.chars().count() + 1,
            source,
            mark,
            message: masks.sentence(&message),
            help: masks.hidden(&help),
            more: 0,
        });
    }

    /// The number (from 1) and the byte range of the line at `at`, without its line end.
    fn line_of(&self, at: usize) -> (usize, usize, usize) {
        let at = at.min(self.text.len());
        let bytes = self.text.as_bytes();
        let before = self.newlines.partition_point(|newline| *newline < at);
        let from = before.checked_sub(1).map_or(0, |n| self.newlines[n] + 1);
        let to = self.newlines.get(before).copied().unwrap_or(bytes.len());
        let cr = to > from && bytes[to - 1] == b'\r' && to > at;
        (before + 1, from, if cr { to - 1 } else { to })
    }
}

/// The file with its fault, when it is too large to read.
fn too_large(whole: &Path, path: &Path) -> Option<DiagnosedFile> {
    let bytes = std::fs::metadata(whole).ok()?.len();
    let is_toml = path.extension().is_some_and(|e| e == "toml");
    let largest = if is_toml { LARGEST } else { LARGEST_TABLE };
    if bytes <= largest {
        return None;
    }
    let doc = DiagnosedFile::new(path.to_owned(), String::new());
    let message = format!(
        "this file has {} MiB, more than the {} MiB that are read",
        bytes.div_ceil(1 << 20),
        largest >> 20
    );
    doc.fault(0..0, problem(message, "split it into several files"));
    Some(doc)
}

/// `299,900`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// `line` with `hide` replaced by an ellipsis.
fn blanked(line: &str, hide: Range<usize>) -> (String, Range<usize>) {
    let head = clean(&line[..hide.start]);
    let mark = head.len()..head.len() + "…".len();
    (format!("{head}…"), mark)
}

/// The marked part with its context: lines of imported tables can be very long.
fn clip(line: &str, mark: Range<usize>) -> (String, Range<usize>) {
    const AROUND: usize = 60;
    const MARK: usize = 120;
    let from = floor(line, mark.start.saturating_sub(AROUND));
    let end = floor(line, mark.end.min(mark.start + MARK)).max(mark.start);
    let to = floor(line, end + AROUND);
    let from = if line.len() <= 2 * MARK { 0 } else { from };
    let to = if line.len() <= 2 * MARK {
        line.len()
    } else {
        to
    };
    let head = clean(&line[from..mark.start]).replace('\t', " ");
    let marked = clean(&line[mark.start..end]);
    let tail = clean(&line[end..to]);
    let span = head.len()..head.len() + marked.len();
    (format!("{head}{marked}{tail}"), span)
}
