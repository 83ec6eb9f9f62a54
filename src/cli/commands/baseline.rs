//! `baseline`: what is normal here.

use crate::cli::args::{BaselineCommand, Format};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::out::Records;
use crate::judge::baseline;
use crate::model::{ProbeKey, VantageId};

/// Shows or accepts.
pub fn run(context: &Context, command: BaselineCommand) -> Result<Done, CliError> {
    match command {
        BaselineCommand::Show { probe, format } => show(context, probe.as_deref(), format),
        BaselineCommand::Accept { probe, vantage } => accept(context, &probe, vantage.as_deref()),
    }
}

fn key(text: &str) -> Result<ProbeKey, CliError> {
    text.parse::<ProbeKey>()
        .map_err(|e| CliError::Usage(e.to_string()))
}

fn show(context: &Context, probe: Option<&str>, format: Option<Format>) -> Result<Done, CliError> {
    let (_, store) = context.open()?;
    let wanted = probe.map(key).transpose()?;
    let book = runtime()?.block_on(store.book())?;
    let mut records = Records::new(&["probe", "vantage", "baseline", "set_by", "status"]);
    for status in book.statuses.values() {
        if wanted.as_ref().is_some_and(|w| *w != status.probe) {
            continue;
        }
        records.push(vec![
            status.probe.to_string(),
            status.vantage.to_string(),
            status
                .baseline
                .map_or_else(|| "none yet".to_owned(), |c| c.to_string()),
            if status.baseline_fixed { "hand" } else { "best confirmed" }.to_owned(),
            status.code.to_string(),
        ]);
    }
    records.print(format, "nothing has been observed yet; `accesswatch run` observes")?;
    Ok(Done::Ok)
}

fn accept(context: &Context, probe: &str, vantage: Option<&str>) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let key = key(probe)?;
    let _lock = Context::lock(&workspace, "baseline accept")?;
    let runtime = runtime()?;
    let mut book = runtime.block_on(store.book())?;
    let vantages: Vec<VantageId> = book
        .statuses
        .keys()
        .filter(|(p, v)| *p == key && vantage.is_none_or(|x| x == v.as_str()))
        .map(|(_, v)| v.clone())
        .collect();
    if vantages.is_empty() {
        return Err(CliError::Usage(format!(
            "{key} has no status{} yet; `accesswatch status` lists what has",
            vantage.map(|v| format!(" from {v}")).unwrap_or_default()
        )));
    }
    let now = chrono::Utc::now();
    for vantage in vantages {
        let outcome = baseline::accept(&mut book, &key, &vantage, now)
            .map_err(|e| CliError::Work(e.to_string()))?;
        for status in &outcome.statuses {
            eprintln!("{key} from {vantage}: {} is normal from now on", status.code);
        }
        runtime.block_on(store.commit_edit(outcome))?;
    }
    Ok(Done::Ok)
}
