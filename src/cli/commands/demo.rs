//! `demo`: the whole program without a network.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::commands::demo_agent::DemoAgent;
use crate::cli::commands::{evidence, export};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::{self, count};
use crate::cli::out;
use crate::cli::progress::ProgressView;
use crate::demo::compare::ComparisonRow;
use crate::demo::{self, DemoError, DemoReport};
use crate::i18n::verdict;
use crate::model::Level;
use crate::model::settings::Language;
use crate::model::time::BEIJING;

/// Plays the story and prints what was reported.
pub fn run(dir: Option<&Path>) -> Result<Done, CliError> {
    let dir = dir.map_or_else(|| PathBuf::from("accesswatch-demo"), Path::to_owned);
    let started = std::time::Instant::now();
    say!(
        "Twelve days of seven stand-in sites on this computer, watched from three libraries, one by an agent of its own, into {}/ ...",
        dir.display()
    );
    let watch = Arc::new(ProgressView::new(None)?);
    let observer: Arc<ProgressView> = Arc::clone(&watch);
    let mut agent = DemoAgent::default();
    let played = runtime()?.block_on(demo::play(&dir, observer, &mut agent));
    watch.finish()?;
    let report = played.map_err(demo_error)?;
    out::put(&story(&report))?;
    say!(
        "{}, {}, {} in {:.0} s\n\nTables:",
        messages::passes(report.passes as u64),
        count(report.rounds as u64, "round"),
        count(report.mails as u64, "mail"),
        started.elapsed().as_secs_f64()
    );
    export::all_into(&Context { dir: dir.clone() }, &dir.join("tables"))?;
    let pack = pack_gravest(&dir, &report)?;
    out::put(&look_at(&dir, &report, pack.as_deref()))?;
    if report.agrees() {
        return Ok(Done::Ok);
    }
    for row in report.rows.iter().filter(|row| !row.agrees) {
        say!("DIFFERS: {}\n  {}", row.says, row.detail);
    }
    for link in report.links.iter().filter(|link| !link.agrees) {
        say!("DIFFERS: {}", link.says);
    }
    Ok(Done::Partly)
}

fn demo_error(error: DemoError) -> CliError {
    match error {
        DemoError::Config(faults) => CliError::Config(faults),
        DemoError::NotEmpty(_) => CliError::Usage(error.to_string()),
        other => CliError::Work(other.to_string()),
    }
}

/// What happened on each day, and how it was reported.
fn story(report: &DemoReport) -> String {
    let mut text = "\nWhat happened, and what accesswatch made of it:\n\n".to_owned();
    for row in &report.rows {
        let day = row.began.map_or_else(String::new, |at| {
            at.with_timezone(&BEIJING).format("%e %b").to_string()
        });
        let _ = writeln!(text, "{day:>6}  {}", row.says);
        let _ = writeln!(text, "        {}", reported(row));
    }
    text += "\nAnd to the pages that a report cites (documents/reading-list.md):\n\n";
    for link in &report.links {
        let states = link.states.iter().map(|(at, state)| {
            let day = at.with_timezone(&BEIJING).format("%-d %b");
            format!("{state} ({day})")
        });
        let states: Vec<String> = states.collect();
        let _ = writeln!(text, "        {}", link.says);
        let _ = writeln!(text, "        -> {}", states.join(", "));
    }
    if report.agrees() {
        text += "\nAll of it was reported, and nothing else.\n";
    }
    text
}

fn reported(row: &ComparisonRow) -> String {
    let Some(incident) = &row.incident else {
        return "not reported".to_owned();
    };
    // Every way to a next level in the story leads to a full text.
    let what = verdict::short_of(Language::En, incident.to, Some(Level::Fulltext));
    let state = match incident.ended {
        Some(_) => "over",
        None => "still open",
    };
    let how = if row.is_mailed() {
        "mailed once confirmed"
    } else {
        "in the daily digest"
    };
    format!("-> #{} \"{what}\", {how}, {state}", incident.id)
}

/// Makes the pack of the gravest incident.
fn pack_gravest(dir: &Path, report: &DemoReport) -> Result<Option<PathBuf>, CliError> {
    let incidents = report.rows.iter().filter_map(|row| row.incident.as_ref());
    // Of equally grave ones the first.
    let gravest = incidents.min_by_key(|i| (Reverse(i.to.severity()), i.id));
    let Some(incident) = gravest else {
        return Ok(None);
    };
    let context = Context {
        dir: dir.to_owned(),
    };
    let (workspace, store) = context.open_read_only()?;
    let path = dir.join(format!("report-{}.wacz", incident.id));
    evidence::write(&workspace, &store.reader()?, incident, &path, None)?;
    Ok(Some(path))
}

/// The one mail to begin with, and the commands to go on with.
fn look_at(dir: &Path, report: &DemoReport, pack: Option<&Path>) -> String {
    let shown = dir.display();
    let mut text = String::new();
    if let Some(mail) = first_mail(dir, report) {
        let _ = write!(text, "\nOpen this mail first:\n  {}\n", mail.display());
    }
    let _ = write!(
        text,
        "\nThen look at the states, and at one incident in full:\n  accesswatch --dir {shown} status\n  accesswatch --dir {shown} incidents\n  accesswatch --dir {shown} links status\n"
    );
    let first = report.rows.iter().find_map(|row| row.incident.as_ref());
    if let Some(incident) = first {
        let id = incident.id;
        let _ = writeln!(text, "  accesswatch --dir {shown} incidents show {id}");
    }
    let _ = write!(
        text,
        "\nThe same as pages, at http://127.0.0.1:8080/ until you stop it:\n  accesswatch --dir {shown} serve\n"
    );
    if let Some(pack) = pack {
        let pack = pack.display();
        let _ = write!(
            text,
            "\nThe evidence of the gravest incident is one file to hand on. Open it at https://replayweb.page,\nand check it:\n  accesswatch verify {pack}\n"
        );
    }
    let _ = write!(
        text,
        "\nYour own watch begins with `accesswatch init watch`.\n"
    );
    text
}

/// The mail that opened the first incident of the story.
fn first_mail(dir: &Path, report: &DemoReport) -> Option<PathBuf> {
    let incident = report.rows.iter().find_map(|row| row.incident.as_ref())?;
    let part = format!("-incident-{}.", incident.id);
    let files = std::fs::read_dir(dir.join("data/outbox")).ok()?;
    let mails = files.flatten().map(|file| file.path());
    mails
        .filter(|path| path.to_string_lossy().contains(&part))
        .min()
}
