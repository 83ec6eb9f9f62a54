//! Lists from others (OONI, Censored Planet), used unchanged: unusable rows are left out and
//! counted, because the user cannot fix them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use regex_syntax::ast::ErrorKind;

use crate::config::doc::{DiagnosedFile, problem};
use crate::config::read;
use crate::model::signature::{Location, PatternType, SignatureRow};
use crate::model::{Code, Locus};

/// A longer pattern is a page, not a sign of one.
const MAX_PATTERN: usize = 64 * 1024;
/// All known lists together have under 5,000 rows.
const MAX_ROWS: usize = 50_000;

/// The result of reading one file of signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFile {
    /// Relative to the workspace.
    pub path: PathBuf,
    /// A list from others: at most `site.waf_block`, locus unknown.
    pub imported: bool,
    /// Rows taken.
    pub taken: usize,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<SkipReason, SkippedRows>,
}

/// Why a row of an imported list is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// Too few or too many columns, or JSON of another form.
    NotARow,
    NoName,
    NoPattern,
    UnknownPlace,
    UnknownKind,
    /// Look-around and back-references, which an engine with guaranteed linear time cannot have.
    LookAround,
    NotARegex,
    TooLarge,
    /// A DNS answer that is not an address.
    NotAnAddress,
    /// A duplicate of name, place and pattern.
    Again,
    /// Beyond 50,000 rows.
    TooMany,
}

impl fmt::Display for SkipReason {
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
            Self::NotAnAddress => "DNS answer that is not an address",
            Self::Again => "there already",
            Self::TooMany => "too many rows",
        })
    }
}

/// The rows that were left out for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkippedRows {
    pub count: usize,
    /// The line of the first one, from 1.
    pub first: usize,
}

/// Counts the rows of a list.
pub(super) struct ImportTally<'d> {
    doc: &'d DiagnosedFile,
    pub file: SignatureFile,
}

impl<'d> ImportTally<'d> {
    pub(super) fn new(doc: &'d DiagnosedFile, imported: bool) -> Self {
        let file = SignatureFile {
            path: doc.path().to_owned(),
            imported,
            taken: 0,
            left_out: BTreeMap::new(),
        };
        Self { doc, file }
    }

    /// Takes the imported row at `at`, or counts the reason why not.
    pub(super) fn import(
        &mut self,
        rows: &mut Vec<SignatureRow>,
        row: Result<SignatureRow, SkipReason>,
        at: usize,
    ) {
        let row = row.and_then(|row| match rows.len() {
            MAX_ROWS.. => Err(SkipReason::TooMany),
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

    pub(super) fn leave_out(&mut self, reason: SkipReason, at: usize) {
        let first = self.doc.line(at);
        let left = SkippedRows { count: 0, first };
        self.file.left_out.entry(reason).or_insert(left).count += 1;
    }

    /// The counts. A file without a readable row is not a list: a fault.
    pub(super) fn finish(self) -> SignatureFile {
        if self.file.taken == 0 && self.file.left_out.contains_key(&SkipReason::NotARow) {
            let message = "this is not a list of signatures: no row can be read";
            let help = "move the file elsewhere; docs/verdicts.md says which lists can be read";
            self.doc.fault(0..0, problem(message, help));
        }
        self.file
    }
}

/// The fields of an imported row, as written.
pub(super) struct ImportedFields<'f> {
    pub name: &'f str,
    pub scope: &'f str,
    pub location: Option<Location>,
    pub kind: Option<PatternType>,
    pub pattern: &'f str,
    pub source: &'f str,
    pub notes: &'f str,
}

impl ImportedFields<'_> {
    /// The resulting row: at most `site.waf_block`, with locus unknown.
    pub(super) fn row(self) -> Result<SignatureRow, SkipReason> {
        if self.name.is_empty() {
            return Err(SkipReason::NoName);
        }
        if self.pattern.trim().is_empty() {
            return Err(SkipReason::NoPattern);
        }
        let location = self.location.ok_or(SkipReason::UnknownPlace)?;
        let kind = self.kind.ok_or(SkipReason::UnknownKind)?;
        if self.pattern.len() > MAX_PATTERN {
            return Err(SkipReason::TooLarge);
        }
        let is_address = || self.pattern.trim().parse::<std::net::IpAddr>().is_ok();
        if location == Location::Dns && !(kind == PatternType::Full && is_address()) {
            return Err(SkipReason::NotAnAddress);
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
            removed_by: None,
            source: self.source.to_owned(),
            notes: self.notes.to_owned(),
        })
    }
}

fn compiles(pattern: &str) -> Result<(), SkipReason> {
    if read::pattern(pattern).is_ok() {
        return Ok(());
    }
    Err(match regex_syntax::parse(pattern) {
        Ok(_) => SkipReason::TooLarge,
        Err(regex_syntax::Error::Parse(e))
            if matches!(
                e.kind(),
                ErrorKind::UnsupportedLookAround | ErrorKind::UnsupportedBackreference
            ) =>
        {
            SkipReason::LookAround
        }
        Err(_) => SkipReason::NotARegex,
    })
}
