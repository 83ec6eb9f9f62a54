//! `verify`: recomputes what an evidence file states.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use crate::cli::args::VerifyFormat;
use crate::cli::exit::{CliError, Done};
use crate::cli::out;
use crate::evidence::chain;
use crate::evidence::verify::{self, Report};
use crate::text::clean;

/// The most bytes of a `chain.csv`; a century of days has 8 MB.
const MAX_CHAIN: u64 = 64 * 1024 * 1024;

/// The most characters that are shown of a file's text.
const SHOWN: usize = 300;

/// Checks `file` and prints what does not hold.
pub fn run(file: &Path, format: VerifyFormat) -> Result<Done, CliError> {
    let report = report(file)?;
    match format {
        VerifyFormat::Json => out::put(&(serde_json::json!(report).to_string() + "\n"))?,
        VerifyFormat::Table => print(file, &report)?,
    }
    Ok(if report.holds() {
        Done::Ok
    } else {
        Done::Regression
    })
}

/// The first bytes of a file decide its kind, whatever its name is.
fn report(path: &Path) -> Result<Report, CliError> {
    let unreadable = || CliError::io(format!("cannot read {}", path.display()));
    let mut file = File::open(path).map_err(unreadable())?;
    let mut start = Vec::new();
    Read::by_ref(&mut file)
        .take(4)
        .read_to_end(&mut start)
        .map_err(unreadable())?;
    file.rewind().map_err(unreadable())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match start.as_slice() {
        [b'P', b'K', ..] => verify::pack(BufReader::new(file))
            .map_err(|error| CliError::Work(format!("{}: {error}", path.display()))),
        [0x1f, 0x8b, ..] => verify::warc(&name, BufReader::new(file)).map_err(unreadable()),
        b"day," => {
            let mut text = String::new();
            file.take(MAX_CHAIN + 1)
                .read_to_string(&mut text)
                .map_err(unreadable())?;
            if text.len() as u64 > MAX_CHAIN {
                let what = format!(
                    "{}: the file has more than {MAX_CHAIN} bytes",
                    path.display()
                );
                return Err(CliError::Work(what));
            }
            Ok(chain_report(&name, &text))
        }
        _ => Err(CliError::Work(format!(
            "{}: the file is no pack (.wacz), no WARC file (.warc.gz) and no day chain (chain.csv)",
            path.display()
        ))),
    }
}

fn chain_report(name: &str, text: &str) -> Report {
    let (days, fault) = chain::read(text);
    let mut report = Report {
        files: 1,
        days: days.len() as u64,
        ..Report::default()
    };
    if let Some(fault) = fault {
        report.fault(name, "", fault);
    }
    report
}

fn print(file: &Path, report: &Report) -> Result<(), CliError> {
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
    let outcome = match report.faults.len() {
        0 => "everything holds".to_owned(),
        1 => "1 thing does not hold:".to_owned(),
        many => format!("{many} things do not hold:"),
    };
    let mut text = format!(
        "{}: {} checked; {outcome}\n",
        file.display(),
        checked.join(", ")
    );
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
    out::put(&text)
}
