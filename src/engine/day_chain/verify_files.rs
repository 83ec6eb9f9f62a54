//! The files of the folder of evidence, compared with the days of the store: `chain.csv`,
//! `changes.tsv`, time stamps and WARC files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::evidence::chain::{self, Day};
use crate::evidence::time_stamp::{self, MAX_ANSWER};
use crate::evidence::verify::{self, Report};
use crate::store::{EvidenceFilter, Reader};

use super::close::{change_line, read_change};
use super::files::{self, CHAIN, CHANGES, STAMPS};

/// How deep folders below the folder of evidence are searched: YYYY/MM.
const DEEP: usize = 3;

/// Checks every file. `closed` are the days of the store.
pub(super) fn all(
    reader: &Reader,
    closed: &[Day],
    folder: &Path,
    report: &mut Report,
) -> io::Result<()> {
    let days = chain_file(closed, folder, report)?;
    changes_file(reader, closed, folder, report)?;
    // The days that the store lacks come after its own.
    let newest = closed.last().map(|day| day.day);
    let lacking = days.into_iter().filter(|day| Some(day.day) > newest);
    let known: Vec<Day> = closed.iter().cloned().chain(lacking).collect();
    stamps(&known, folder, report)?;
    let mut referred = referred(reader, report);
    let mut warcs = Vec::new();
    warc_files(folder, DEEP, &mut warcs)?;
    warcs.sort();
    for path in warcs {
        let name = name_of(&path, folder);
        let expected = referred.remove(&name).unwrap_or_default();
        let checked = File::open(&path)
            .and_then(|file| verify::warc_with(&name, BufReader::new(file), expected));
        match checked {
            Ok(of_file) => report.add(of_file),
            Err(error) => report.fault(&name, "", format!("the file cannot be read ({error})")),
        }
    }
    for (name, records) in referred {
        let what = format!(
            "the file is missing, with {} records that the store refers to",
            records.len()
        );
        report.fault(&name, "", what);
    }
    Ok(())
}

/// The records that the store refers to, by file and offset.
fn referred(reader: &Reader, report: &mut Report) -> BTreeMap<String, BTreeSet<(u64, String)>> {
    let mut files: BTreeMap<String, BTreeSet<(u64, String)>> = BTreeMap::new();
    match reader.evidence(&EvidenceFilter::default()) {
        Ok(exchanges) => {
            for record in exchanges.into_iter().flat_map(|exchange| exchange.records) {
                let of_file = files.entry(record.file).or_default();
                of_file.insert((record.offset, record.id));
            }
        }
        Err(error) => report.fault("", "", error),
    }
    files
}

fn name_of(path: &Path, folder: &Path) -> String {
    let name = path.strip_prefix(folder).unwrap_or(path);
    name.to_string_lossy().replace('\\', "/")
}

/// The days of `chain.csv`.
fn chain_file(closed: &[Day], folder: &Path, report: &mut Report) -> io::Result<Vec<Day>> {
    let path = folder.join(CHAIN);
    if !path.exists() {
        if let Some(first) = closed.first() {
            report.fault(CHAIN, first.day, "the file is missing");
            report.days += closed.len() as u64;
        }
        return Ok(Vec::new());
    }
    report.files += 1;
    let content = files::read(&path)?;
    let (days, faults) = chain::read_all(&String::from_utf8_lossy(&content));
    report.days += days.len() as u64;
    for fault in faults {
        report.fault(CHAIN, "", fault);
    }
    let mut known: BTreeMap<NaiveDate, &Day> = closed.iter().map(|day| (day.day, day)).collect();
    let newest = closed.last().map(|day| day.day);
    for day in &days {
        match known.remove(&day.day) {
            Some(own) if own == day => {}
            Some(_) => {
                report.fault(CHAIN, day.day, "the line is not the one that the store has");
            }
            // The store is an older copy, and its next pass takes the day over.
            None if Some(day.day) > newest => report.lost(day.day),
            None => report.fault(CHAIN, day.day, "the store did not close this day"),
        }
    }
    // A process that was killed may have left the newest days for the next one to write.
    let last = days.last().map(|day| day.day);
    for day in known.keys().filter(|day| Some(**day) < last) {
        report.fault(
            CHAIN,
            day,
            "the line of the day is missing or cannot be read",
        );
    }
    Ok(days)
}

/// Each closed day has in `changes.tsv` the changes that its tree has.
fn changes_file(
    reader: &Reader,
    closed: &[Day],
    folder: &Path,
    report: &mut Report,
) -> io::Result<()> {
    let path = folder.join(CHANGES);
    let known = match reader.verdict_changes() {
        Ok(known) => known,
        Err(error) => {
            report.fault(CHANGES, "", error);
            return Ok(());
        }
    };
    if !path.exists() {
        if let Some((day, _)) = known.first() {
            report.fault(CHANGES, day, "the file is missing");
        }
        return Ok(());
    }
    report.files += 1;
    let content = files::read(&path)?;
    let lost: BTreeSet<NaiveDate> = report.gaps.iter().flat_map(days_of).collect();
    let mut expected: HashMap<String, usize> = HashMap::new();
    for change in &known {
        *expected.entry(change_line(change)).or_default() += 1;
    }
    let newest = closed.last().map(|day| day.day);
    let text = String::from_utf8_lossy(&content);
    for (number, line) in (1..).zip(text.split_terminator('\n')) {
        if let Some(count) = expected.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            continue;
        }
        let place = format!("line {number}");
        match read_change(line) {
            None => report.fault(CHANGES, place, "the line cannot be read"),
            // The store is an older copy, and lacks what came later.
            Some((day, _)) if lost.contains(&day) || Some(day) > newest => {}
            Some((day, _)) => {
                let what = format!("the change is not one that was entered on {day}");
                report.fault(CHANGES, place, what);
            }
        }
    }
    let missing = expected.into_iter().filter(|(_, count)| *count > 0);
    let missing = missing.map(|(line, _)| line).collect();
    missing_changes(missing, newest, report);
    Ok(())
}

/// Names the changes that the file lacks. Changes of open days may be missing: the next process
/// writes what a killed process left out.
fn missing_changes(mut missing: Vec<String>, newest: Option<NaiveDate>, report: &mut Report) {
    missing.sort();
    for line in missing {
        let change = read_change(&line).filter(|(day, _)| Some(*day) <= newest);
        if let Some((day, entry)) = change {
            let uid = entry.split('\t').next().unwrap_or_default();
            let place = format!("{day}, record {uid}");
            report.fault(CHANGES, place, "the change is missing");
        }
    }
}

fn days_of(gap: &verify::Gap) -> impl Iterator<Item = NaiveDate> + use<> {
    let to = gap.to;
    gap.from.iter_days().take_while(move |day| *day <= to)
}

/// Each time stamp is one of the value of its day.
fn stamps(days: &[Day], folder: &Path, report: &mut Report) -> io::Result<()> {
    let mut names = Vec::new();
    match fs::read_dir(folder.join(STAMPS)) {
        Ok(entries) => {
            for entry in entries {
                names.push(entry?.path());
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    names.retain(|path| path.extension().is_some_and(|end| end == "tsr"));
    names.sort();
    for path in names {
        let name = name_of(&path, folder);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        report.time_stamps += 1;
        let day = days.iter().find(|day| day.day.to_string() == stem);
        let Some(day) = day else {
            let what = "the chain does not have the day of the time stamp";
            report.fault(&name, &stem, what);
            continue;
        };
        let content = files::read(&path)?;
        if content.len() > MAX_ANSWER {
            report.fault(&name, &stem, "the time stamp is too large");
        } else if let Err(error) = time_stamp::check(&content, &day.chain) {
            report.fault(&name, &stem, error);
        }
    }
    Ok(())
}

fn warc_files(folder: &Path, deep: usize, all: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, entry.path());
        if kind.is_dir() && deep > 0 {
            warc_files(&path, deep - 1, all)?;
        } else if kind.is_file() && path.to_string_lossy().ends_with(".warc.gz") {
            all.push(path);
        }
    }
    Ok(())
}
