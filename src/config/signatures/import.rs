//! Lists of others (OONI's, Censored Planet's), taken as they are: what cannot be used is left out and counted,
//! because nobody here can mend it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use regex_syntax::ast::ErrorKind;

use crate::config::doc::{Doc, wrong};
use crate::config::read;
use crate::model::signature::{Location, PatternType, SignatureRow};
use crate::model::{Code, Locus};

/// A pattern of more bytes is no sign of a page, but a page.
const MAX_PATTERN: usize = 64 * 1024;
/// All known lists together have under 5,000 rows.
const MAX_ROWS: usize = 50_000;

/// What was taken from one file of signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFile {
    /// Relative to the workspace.
    pub path: PathBuf,
    /// A list of someone else's: at most `site.waf_block`, locus unknown.
    pub imported: bool,
    /// Rows taken.
    pub taken: usize,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<LeftOut, LeftRows>,
}

/// Why a row of an imported list is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Too few or too many columns, or no such JSON.
    NotARow,
    NoName,
    NoPattern,
    UnknownPlace,
    UnknownKind,
    /// Look-around and back-references: an engine that never takes long cannot have them.
    LookAround,
    NotARegex,
    TooLarge,
    /// A DNS answer that is no address.
    NotAnAddress,
    /// The same name, place and pattern again.
    Again,
    /// Beyond 50,000 rows.
    TooMany,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotARow => "no readable row",
            Self::NoName => "no name",
            Self::NoPattern => "no pattern",
            Self::UnknownPlace => "unknown place to look in",
            Self::UnknownKind => "unknown kind of pattern",
            Self::LookAround => "look-around or back-reference",
            Self::NotARegex => "no regular expression",
            Self::TooLarge => "pattern too large",
            Self::NotAnAddress => "DNS answer that is no address",
            Self::Again => "there already",
            Self::TooMany => "too many rows",
        })
    }
}

/// The rows left out for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftRows {
    pub count: usize,
    /// The line of the first, from 1.
    pub first: usize,
}

/// Counts what a list gives.
pub(super) struct Tally<'d> {
    doc: &'d Doc,
    pub file: SignatureFile,
}

impl<'d> Tally<'d> {
    pub(super) fn new(doc: &'d Doc, imported: bool) -> Self {
        let file = SignatureFile {
            path: doc.path().to_owned(),
            imported,
            taken: 0,
            left_out: BTreeMap::new(),
        };
        Self { doc, file }
    }

    /// Takes an imported row that stands at `at`, or counts why not.
    pub(super) fn import(
        &mut self,
        rows: &mut Vec<SignatureRow>,
        row: Result<SignatureRow, LeftOut>,
        at: usize,
    ) {
        let row = row.and_then(|row| match rows.len() {
            MAX_ROWS.. => Err(LeftOut::TooMany),
            _ => Ok(row),
        });
        match row {
            Ok(row) => {
                self.file.taken += 1;
                rows.push(row);
            }
            Err(reason) => self.leave_out(reason, at),
        }
    }

    pub(super) fn leave_out(&mut self, reason: LeftOut, at: usize) {
        let first = self.doc.line(at);
        let left = LeftRows { count: 0, first };
        self.file.left_out.entry(reason).or_insert(left).count += 1;
    }

    /// The counts. A file of which no row can be read is no list at all: a fault.
    pub(super) fn finish(self) -> SignatureFile {
        if self.file.taken == 0 && self.file.left_out.contains_key(&LeftOut::NotARow) {
            let message = "this is no list of signatures: not one row can be read";
            let mend = "move the file elsewhere; docs/verdicts.md tells which lists can be read";
            self.doc.fault(0..0, wrong(message, mend));
        }
        self.file
    }
}

/// The fields of an imported row, as they are written.
pub(super) struct Foreign<'f> {
    pub name: &'f str,
    pub scope: &'f str,
    pub location: Option<Location>,
    pub kind: Option<PatternType>,
    pub pattern: &'f str,
    pub source: &'f str,
    pub notes: &'f str,
}

impl Foreign<'_> {
    /// The row that it gives: at most `site.waf_block`, with locus unknown.
    pub(super) fn row(self) -> Result<SignatureRow, LeftOut> {
        if self.name.is_empty() {
            return Err(LeftOut::NoName);
        }
        if self.pattern.trim().is_empty() {
            return Err(LeftOut::NoPattern);
        }
        let location = self.location.ok_or(LeftOut::UnknownPlace)?;
        let kind = self.kind.ok_or(LeftOut::UnknownKind)?;
        if self.pattern.len() > MAX_PATTERN {
            return Err(LeftOut::TooLarge);
        }
        let is_address = || self.pattern.trim().parse::<std::net::IpAddr>().is_ok();
        if location == Location::Dns && !(kind == PatternType::Full && is_address()) {
            return Err(LeftOut::NotAnAddress);
        }
        if kind == PatternType::Regexp {
            compiles(self.pattern)?;
        }
        Ok(SignatureRow {
            name: self.name.to_owned(),
            scope: self.scope.to_owned(),
            code: match location {
                Location::Dns => Code::DnsForged,
                _ => Code::SiteWafBlock,
            },
            location,
            pattern_type: kind,
            pattern: self.pattern.to_owned(),
            locus: Locus::Unknown,
            status: Vec::new(),
            max_bytes: None,
            unless: None,
            confirmed: false,
            source: self.source.to_owned(),
            notes: self.notes.to_owned(),
        })
    }
}

fn compiles(pattern: &str) -> Result<(), LeftOut> {
    if read::pattern(pattern).is_ok() {
        return Ok(());
    }
    Err(match regex_syntax::parse(pattern) {
        Ok(_) => LeftOut::TooLarge,
        Err(regex_syntax::Error::Parse(e))
            if matches!(
                e.kind(),
                ErrorKind::UnsupportedLookAround | ErrorKind::UnsupportedBackreference
            ) =>
        {
            LeftOut::LookAround
        }
        Err(_) => LeftOut::NotARegex,
    })
}
