//! `verify`: recomputes what the evidence of a workspace, or a file of it, states.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use chrono::NaiveDate;

use crate::cli::args::ObjectFormat;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::long_work::LongWork;
use crate::cli::out;
use crate::engine::day_chain;
use crate::evidence::chain;
use crate::evidence::verify::{self, Report};
use crate::text::clean;

/// The most bytes of a `chain.csv`; a century of days has 8 MB.
const MAX_CHAIN: u64 = 64 * 1024 * 1024;

/// The most characters that are shown of a file's text.
const SHOWN: usize = 300;

/// Checks a file and says what does not hold.
pub fn file(context: &Context, file: &Path, format: ObjectFormat) -> Result<Done, CliError> {
    let work = LongWork::begin("recomputing what the file states");
    let report = report(context, file)?;
    drop(work);
    print_report(&file.display().to_string(), &report, format)
}

/// Checks the workspace and says what does not hold.
pub fn workspace(context: &Context, format: ObjectFormat) -> Result<Done, CliError> {
    let (workspace, store) = context.open_read_only()?;
    let settings = &workspace.settings.store;
    let name = settings.path.file_name().unwrap_or_default();
    let folder = &settings.evidence;
    let work = LongWork::begin("recomputing the day chain");
    let report = day_chain::workspace(&store.reader()?, &name.to_string_lossy(), folder)
        .map_err(CliError::io(format!("cannot read {}", folder.display())))?;
    drop(work);
    print_report(&workspace.dir.display().to_string(), &report, format)
}

/// Prints the leaf hashes of a day, in the order of its tree.
pub fn leaves(context: &Context, day: NaiveDate, format: ObjectFormat) -> Result<Done, CliError> {
    let (_, store) = context.open_read_only()?;
    let leaves = day_chain::day_leaves(&store.reader()?, day)?;
    let leaves: Vec<String> = leaves.iter().map(chain::hex).collect();
    match format {
        ObjectFormat::Json => out::put(&(serde_json::json!(leaves).to_string() + "\n"))?,
        ObjectFormat::Table => {
            for leaf in leaves {
                out::put(&(leaf + "\n"))?;
            }
        }
    }
    Ok(Done::Ok)
}

fn print_report(what: &str, report: &Report, format: ObjectFormat) -> Result<Done, CliError> {
    match format {
        ObjectFormat::Json => out::put(&(serde_json::json!(report).to_string() + "\n"))?,
        ObjectFormat::Table => print(what, report)?,
    }
    Ok(if report.holds() {
        Done::Ok
    } else {
        Done::Regression
    })
}

/// The kind of a file is read off its first bytes, whatever its name is.
fn report(context: &Context, path: &Path) -> Result<Report, CliError> {
    let unreadable = || CliError::io(format!("cannot read {}", path.display()));
    let mut file = File::open(path).map_err(unreadable())?;
    let mut start = Vec::new();
    Read::by_ref(&mut file)
        .take(4)
        .read_to_end(&mut start)
        .map_err(unreadable())?;
    file.rewind().map_err(unreadable())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let of_file =
        |error: &dyn std::fmt::Display| CliError::Work(format!("{}: {error}", path.display()));
    match start.as_slice() {
        [b'P', b'K', ..] => verify::pack(BufReader::new(file)).map_err(|error| of_file(&error)),
        [0x1f, 0x8b, ..] => verify::warc(&name, BufReader::new(file)).map_err(unreadable()),
        b"day," => {
            let mut text = Vec::new();
            file.take(MAX_CHAIN + 1)
                .read_to_end(&mut text)
                .map_err(unreadable())?;
            if text.len() as u64 > MAX_CHAIN {
                return Err(of_file(&format!(
                    "the file has more than {MAX_CHAIN} bytes"
                )));
            }
            Ok(chain_report(&name, &String::from_utf8_lossy(&text)))
        }
        [b'{', ..] => {
            let (_, store) = context.open_read_only()?;
            day_chain::lines(&store.reader()?, &name, BufReader::new(file))
                .map_err(|error| of_file(&error))
        }
        _ => Err(of_file(
            &"the file is not a pack (.wacz), a WARC file (.warc.gz) or a day chain (chain.csv), and has no records (.jsonl)",
        )),
    }
}

fn chain_report(name: &str, text: &str) -> Report {
    let (days, faults) = chain::read_all(text);
    let mut report = Report {
        files: 1,
        days: days.len() as u64,
        ..Report::default()
    };
    for fault in faults {
        report.fault(name, "", fault);
    }
    report
}

fn print(what: &str, report: &Report) -> Result<(), CliError> {
    let counts = [
        (report.files, "file", "files"),
        (report.warc_records, "WARC record", "WARC records"),
        (report.records, "measurement record", "measurement records"),
        (report.days, "day of the chain", "days of the chain"),
        (report.time_stamps, "time stamp", "time stamps"),
    ];
    let checked: Vec<String> = counts
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    let checked = if checked.is_empty() {
        "nothing".to_owned()
    } else {
        checked.join(", ")
    };
    let outcome = match report.faults.len() {
        0 => "everything holds".to_owned(),
        1 => "1 thing does not hold:".to_owned(),
        many => format!("{many} things do not hold:"),
    };
    let mut text = format!("{what}: {checked} checked; {outcome}\n");
    for fault in &report.faults {
        let parts = [&fault.file, &fault.place, &fault.what];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| clean::line(part, SHOWN))
            .collect();
        text.push_str("  ");
        text.push_str(&parts.join(": "));
        text.push('\n');
    }
    if report.purged > 0 {
        let _ = writeln!(
            text,
            "  records that were removed by age, whose leaves are kept: {}",
            report.purged
        );
    }
    for gap in &report.gaps {
        let days = if gap.from == gap.to {
            gap.from.to_string()
        } else {
            format!("{} to {}", gap.from, gap.to)
        };
        let _ = writeln!(
            text,
            "  gap: the store has not all records of {days}; it is an older copy that was put back"
        );
    }
    out::put(&text)
}
