//! `demo`: the whole thing with no network.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::progress::Watch;
use crate::cli::words::{self, count};
use crate::cli::{commands::export, out};
use crate::demo::{self, DemoError, DemoReport};

/// Plays the story and shows what was seen.
pub fn run(dir: Option<&Path>) -> Result<Done, CliError> {
    let dir = dir.map_or_else(|| PathBuf::from("accesswatch-demo"), Path::to_owned);
    let started = std::time::Instant::now();
    say!(
        "playing twelve days on loopback, into {} ...",
        dir.display()
    );
    let watch = Arc::new(Watch::new(None)?);
    let observer: Arc<Watch> = Arc::clone(&watch);
    let played = runtime()?.block_on(demo::play(&dir, observer));
    watch.finish()?;
    let report = played.map_err(tell)?;
    let tables = export::all_into(&Context { dir: dir.clone() }, &dir.join("tables"))?;
    out::put(&table(&report))?;
    say!(
        "{}, {}, {} in {:.0} s",
        words::passes(report.passes as u64),
        count(report.rounds as u64, "round"),
        count(report.mails as u64, "mail"),
        started.elapsed().as_secs_f64()
    );
    say!("Look at:");
    say!(
        "  {}/data/outbox/      the mails (open one in a mail program)",
        dir.display()
    );
    for table in tables {
        say!("  {}", table.display());
    }
    say!("  accesswatch --dir {} status", dir.display());
    say!("  accesswatch --dir {} incidents", dir.display());
    if report.agrees() {
        return Ok(Done::Ok);
    }
    say!("what was seen differs from what was played");
    Ok(Done::Regression)
}

fn tell(error: DemoError) -> CliError {
    match error {
        DemoError::Config(faults) => CliError::Config(faults),
        DemoError::NotEmpty(_) => CliError::Usage(error.to_string()),
        other => CliError::Work(other.to_string()),
    }
}

fn table(report: &DemoReport) -> String {
    let mut text = String::new();
    for row in &report.rows {
        let mark = if row.agrees { "as played" } else { "DIFFERS" };
        let _ = writeln!(
            text,
            "{mark:<10} {}\n           expected {}\n           seen     {}",
            row.played, row.expected, row.seen
        );
    }
    text
}
