//! `probes/calendars/*.csv`: working and trading days, one file per calendar; the file name is its
//! name.
//!
//! Columns: `from`, `to` (empty: one day), `day`, `name`, `status`, `source`. `day` is `covers`
//! (the days that the rows are written for, once), `off`, `work`, or `open-with`, where `name` is
//! another calendar that must be open too. A calendar that the workspace does not have is taken
//! from the shipped files: a workspace from an older release has no such folder.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use super::doc::{DiagnosedFile, Problem, problem};
use super::explain::Diagnostic;
use super::{init, read};
use crate::config::table::{SpannedValue, nearest};
use crate::schedule::calendar::{Calendar, Calendars, DayException};

/// The folder of the files.
pub(super) const FOLDER: &str = "probes/calendars";

const COLUMNS: [&str; 6] = ["from", "to", "day", "name", "status", "source"];
/// How many days one row may cover: a typing error in a year would close a century.
const LONGEST: usize = 40;

/// One file, before its `open-with` calendars are resolved.
struct CalendarDraft {
    doc: DiagnosedFile,
    covers: Option<RangeInclusive<NaiveDate>>,
    exceptions: BTreeMap<NaiveDate, DayException>,
    open_with: Vec<SpannedValue<String>>,
}

/// The contents of the calendar files.
pub(super) struct LoadedCalendars {
    pub calendars: Calendars,
    /// The names of all calendars, including invalid ones: a reference to an invalid calendar is
    /// not an error itself.
    pub names: Vec<String>,
    pub faults: Vec<Diagnostic>,
}

/// The calendars of these files and the shipped ones, and the problems found.
pub(super) fn load(dir: &Path, paths: Vec<PathBuf>) -> LoadedCalendars {
    let mut drafts = BTreeMap::new();
    let own: Vec<String> = paths.iter().map(|path| name_of(path)).collect();
    for (path, text) in init::shipped(FOLDER) {
        // A file of the workspace replaces the shipped one of its name.
        if own.contains(&name_of(&path)) {
            continue;
        }
        drafts.insert(name_of(&path), read_file(DiagnosedFile::new(path, text)));
    }
    for path in paths {
        drafts.insert(name_of(&path), read_file(DiagnosedFile::read(dir, path)));
    }
    let mut calendars = Calendars::default();
    let names: Vec<String> = drafts.keys().cloned().collect();
    for name in &names {
        resolve(name, &drafts, &mut calendars, &mut Vec::new());
    }
    let faults = drafts.into_values().flat_map(|d| d.doc.finish()).collect();
    LoadedCalendars {
        calendars,
        names,
        faults,
    }
}

fn name_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// Builds the calendar `name` after all its `open-with` calendars.
fn resolve(
    name: &str,
    drafts: &BTreeMap<String, CalendarDraft>,
    calendars: &mut Calendars,
    under_way: &mut Vec<String>,
) -> Option<Arc<Calendar>> {
    if let Some(made) = calendars.get(name) {
        return Some(Arc::clone(made));
    }
    let draft = drafts.get(name)?;
    under_way.push(name.to_owned());
    let mut open_with = Vec::new();
    for other in &draft.open_with {
        if under_way.contains(&other.value) {
            let what = problem("calendars open with one another in a circle", "take it out");
            draft.doc.fault(other.span.clone(), what);
        } else if let Some(made) = resolve(&other.value, drafts, calendars, under_way) {
            open_with.push(made);
        } else if !drafts.contains_key(&other.value) {
            let message = format!("there is no calendar {}", read::quote(&other.value));
            let help = match nearest(&other.value, drafts.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a file of this folder, without `.csv`".to_owned(),
            };
            draft.doc.fault(other.span.clone(), problem(message, help));
        }
    }
    under_way.pop();
    Some(calendars.insert(Calendar {
        name: name.to_owned(),
        covers: draft.covers.clone()?,
        exceptions: draft.exceptions.clone(),
        open_with,
    }))
}

fn read_file(doc: DiagnosedFile) -> CalendarDraft {
    let mut draft = CalendarDraft {
        doc,
        covers: None,
        exceptions: BTreeMap::new(),
        open_with: Vec::new(),
    };
    if draft.doc.has_errors() {
        return draft;
    }
    let text = draft.doc.text.clone();
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = csv::ReaderBuilder::new().from_reader(&text.as_bytes()[start..]);
    let sound = reader
        .headers()
        .is_ok_and(|h| h.iter().map(str::trim).eq(COLUMNS));
    if !sound {
        let help = format!("the first line is `{}`", COLUMNS.join(","));
        draft.doc.fault(0..0, problem("not a calendar", help));
        return draft;
    }
    let mut record = csv::StringRecord::new();
    loop {
        let at = start + usize::try_from(reader.position().byte()).unwrap_or_default();
        let rest = text.get(at..).unwrap_or_default();
        let at = at + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let end = at + text.get(at..).and_then(|t| t.find('\n')).unwrap_or(0);
                if let Err(what) = draft.take(&record, at..end) {
                    draft.doc.fault(at..end, what);
                }
            }
            Err(e) => {
                let help = "write it as RFC 4180 has it, six fields a line";
                draft
                    .doc
                    .fault(at..at, problem(format!("not CSV: {e}"), help));
            }
        }
    }
    if draft.covers.is_none() && !draft.doc.has_errors() {
        let help = "add a row `2026-01-01,2026-12-31,covers,…`: the first and the last day that the rows are for";
        draft
            .doc
            .fault(0..0, problem("it does not say what it covers", help));
    }
    draft
}

impl CalendarDraft {
    fn take(&mut self, row: &csv::StringRecord, span: Range<usize>) -> Result<(), Problem> {
        let field = |n: usize| row.get(n).unwrap_or_default().trim();
        let estimated = match field(4) {
            "announced" | "" => false,
            "estimated" => true,
            other => {
                let message = format!("{} is not a status", read::quote(other));
                return Err(problem(message, "write announced or estimated"));
            }
        };
        match field(2) {
            "open-with" => {
                let value = field(3).to_owned();
                self.open_with.push(SpannedValue { value, span });
                Ok(())
            }
            "covers" => {
                let days = days(field(0), field(1))?;
                if self.covers.replace(days).is_some() {
                    let help = "keep one row";
                    return Err(problem("what it covers is there twice", help));
                }
                Ok(())
            }
            "work" if estimated => Err(problem(
                "a day that is only estimated to be worked makes dates look older than they may be",
                "leave it out until it is announced",
            )),
            day @ ("off" | "work") => {
                let open = day == "work";
                let days = days(field(0), field(1))?;
                for (n, date) in days.start().iter_days().enumerate() {
                    if date > *days.end() {
                        break;
                    }
                    if n >= LONGEST {
                        let message = format!("more than {LONGEST} days in one row");
                        return Err(problem(message, "look at the years"));
                    }
                    self.exceptions
                        .insert(date, DayException { open, estimated });
                }
                Ok(())
            }
            other => {
                let message = format!("{} is not a kind of day", read::quote(other));
                Err(problem(message, "write covers, off, work or open-with"))
            }
        }
    }
}

fn days(from: &str, to: &str) -> Result<RangeInclusive<NaiveDate>, Problem> {
    let date = |text: &str| {
        let message = format!("{} is not a date", read::quote(text));
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map_err(|_| problem(message, "write it as 2026-10-01"))
    };
    let from = date(from)?;
    let to = if to.is_empty() { from } else { date(to)? };
    if to < from {
        return Err(problem("`to` lies before `from`", "swap them"));
    }
    Ok(from..=to)
}
