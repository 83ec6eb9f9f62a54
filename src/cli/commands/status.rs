//! `status`: where each source stands from each vantage, worst first, in words.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::out::Records;
use crate::cli::words;
use crate::config::Workspace;
use crate::engine::due::{self, named};
use crate::i18n::verdict;
use crate::judge::track::{interval, unobserved_since};
use crate::model::book::Book;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{Probe, ProbeKey, Status, Time, VantageId};

/// Prints the matrix.
pub fn run(
    context: &Context,
    source: Option<&str>,
    format: Option<Format>,
    exit_code: bool,
) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    if let Some(id) = source {
        let known = workspace
            .catalogue
            .sources
            .keys()
            .map(crate::model::ids::SourceId::as_str);
        named("source", id, known)?;
    }
    let reader = store.reader()?;
    let book = reader.book()?;
    let now = chrono::Utc::now();
    let mut lines: Vec<Line> = watched(&workspace, &book)
        .into_iter()
        .filter(|(key, _)| source.is_none_or(|s| key.source.as_str() == s))
        .filter_map(|(key, vantage)| Line::new(&workspace, &book, &key, &vantage, now))
        .collect();
    lines.sort_by(|a, b| b.rank.cmp(&a.rank).then_with(|| a.key.cmp(&b.key)));
    let mut records = Records::new(&[
        "source",
        "probe",
        "vantage",
        "state",
        "code",
        "since",
        "last_verified",
        "last_checked",
        "note",
    ]);
    for line in lines {
        records.push(line.cells);
    }
    records.print(format, "nothing is watched: no probe is switched on")?;
    for vantage in book.vantages.values().filter(|v| !v.usable) {
        say!(
            "vantage {} does not work since {}: {}; nothing is concluded from there",
            vantage.vantage,
            iso(vantage.since),
            vantage.text
        );
    }
    words::remind(&workspace, reader.unsent_mails()?);
    let regression = book.incidents.values().any(|i| {
        i.is_open() && source.is_none_or(|s| i.source.as_ref().is_some_and(|x| x.as_str() == s))
    });
    Ok(if exit_code && regression {
        Done::Regression
    } else {
        Done::Ok
    })
}

/// What is watched from here, and what records from elsewhere told of.
fn watched(workspace: &Workspace, book: &Book) -> BTreeSet<(ProbeKey, VantageId)> {
    let here = due::pairs(workspace).map(|(probe, vantage)| (probe.key(), vantage.id.clone()));
    let is_on = |key: &ProbeKey| workspace.catalogue.probe(key).is_some_and(|p| p.enabled);
    let elsewhere = book.statuses.keys().filter(|(probe, _)| is_on(probe));
    here.chain(elsewhere.cloned()).collect()
}

struct Line {
    /// Worst first: open incidents by severity, then what is not observed, then what is well.
    rank: u8,
    key: (String, String),
    cells: Vec<String>,
}

impl Line {
    fn new(
        workspace: &Workspace,
        book: &Book,
        key: &ProbeKey,
        vantage: &VantageId,
        now: Time,
    ) -> Option<Self> {
        let probe = workspace.catalogue.probe(key)?;
        let status = book.statuses.get(&(key.clone(), vantage.clone()));
        let name = workspace.catalogue.source(&probe.source).map_or_else(
            || probe.source.to_string(),
            crate::model::source::Source::full_name,
        );
        let cells = vec![
            name,
            key.to_string(),
            vantage.to_string(),
            status.map_or("not observed yet", says).to_owned(),
            status.map(|s| s.code.to_string()).unwrap_or_default(),
            status.map(|s| iso(s.since)).unwrap_or_default(),
            status
                .and_then(|s| s.last_verified)
                .map(iso)
                .unwrap_or_default(),
            status.map(|s| iso(s.last_checked)).unwrap_or_default(),
            status
                .map(|s| remark(s, book, late(workspace, probe, s, now)))
                .unwrap_or_default(),
        ];
        Some(Self {
            rank: status.map_or(1, rank),
            key: (key.to_string(), vantage.to_string()),
            cells,
        })
    }
}

fn rank(status: &Status) -> u8 {
    let worse = status.baseline.is_none_or(|b| b != status.code);
    match status.code.severity() {
        Some(0) => 0,
        Some(severity) if worse => 10 + severity,
        Some(severity) => 2 + severity,
        None => 1,
    }
}

fn says(status: &Status) -> &'static str {
    verdict::code(Language::En, status.code).says
}

/// For how long nothing was seen: hidden, skipped, or no round for longer than the schedule's interval.
fn late(workspace: &Workspace, probe: &Probe, status: &Status, now: Time) -> Option<TimeDelta> {
    let since = unobserved_since(status);
    let interval = interval(Some(probe), &workspace.settings, now);
    let late = now - since > TimeDelta::from_std(interval * 2).ok()?;
    (late || status.blind_since.is_some()).then_some(now - since)
}

/// What the reader should know beside the state.
fn remark(status: &Status, book: &Book, unobserved: Option<TimeDelta>) -> String {
    let mut remarks = Vec::new();
    if let Some(incident) = book.open_incident_of(&status.probe) {
        remarks.push(format!("incident #{}", incident.id));
    }
    if let Some(code) = status.suspected {
        remarks.push(format!("{code} suspected, not confirmed"));
    }
    if status.already_restricted {
        remarks.push("already so when first seen".to_owned());
    }
    if status.baseline == Some(status.code) && status.code.severity() != Some(0) {
        remarks.push("normal here".to_owned());
    }
    if status.flapping {
        remarks.push("goes back and forth".to_owned());
    }
    if let Some(span) = unobserved {
        remarks.push(match span.num_days() {
            0 => format!("not observed for {} hours", span.num_hours()),
            days => format!("not observed for {days} days"),
        });
    }
    remarks.join("; ")
}
