//! `baseline`: what is normal here.

use crate::cli::args::{BaselineCommand, OutputFormat};
use crate::cli::context::Context;
use crate::cli::edit::edit;
use crate::cli::exit::{CliError, Done};
use crate::cli::out::OutputTable;
use crate::config::Workspace;
use crate::engine::due::named;
use crate::model::{Code, ProbeKey, VantageId};
use crate::track;

/// Shows or accepts baselines.
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

fn show(
    context: &Context,
    probe: Option<&str>,
    format: Option<OutputFormat>,
) -> Result<Done, CliError> {
    let (workspace, store) = context.open_read_only()?;
    let wanted = probe.map(key).transpose()?;
    if let Some(probe) = probe {
        is_known(&workspace, probe)?;
    }
    let tracker = store.reader()?.tracker_state()?;
    let mut records = OutputTable::new(&["probe", "vantage", "baseline", "set_by", "status"]);
    for status in tracker.statuses.values() {
        if wanted.as_ref().is_some_and(|w| *w != status.probe) {
            continue;
        }
        records.push(vec![
            status.probe.to_string(),
            status.vantage.to_string(),
            status
                .baseline
                .map_or_else(|| "none yet".to_owned(), |c| c.to_string()),
            if status.baseline_fixed {
                "probe file"
            } else {
                "confirmed or accepted"
            }
            .to_owned(),
            status.observed.code.to_string(),
        ]);
    }
    records.print(
        format,
        "nothing has been observed yet; `accesswatch run` observes",
    )?;
    Ok(Done::Ok)
}

fn is_known(workspace: &Workspace, probe: &str) -> Result<(), CliError> {
    let probes = workspace.catalogue.probes.keys();
    let known: Vec<String> = probes.map(ToString::to_string).collect();
    Ok(named("probe", probe, known.iter().map(String::as_str))?)
}

fn accept(context: &Context, probe: &str, vantage: Option<&str>) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let key = key(probe)?;
    is_known(&workspace, probe)?;
    let vantage = vantage.map(VantageId::from);
    let mut normal: Vec<(VantageId, Code)> = Vec::new();
    let outcome = edit(&workspace, &store, |tracker, now| {
        let of = tracker.statuses_of(&key);
        let of = of.filter(|s| vantage.as_ref().is_none_or(|v| s.vantage == *v));
        let is_normal = of.filter(|s| s.baseline == Some(s.observed.code));
        normal = is_normal
            .map(|s| (s.vantage.clone(), s.observed.code))
            .collect();
        track::accept(
            tracker,
            &key,
            vantage.as_ref(),
            now,
            &workspace.catalogue,
            &workspace.settings,
        )
    })?;
    for status in outcome.statuses.iter().filter(|s| s.probe == key) {
        if let Some(code) = status.baseline {
            say!(
                "{key} from {}: {code} is normal from now on",
                status.vantage
            );
        }
    }
    let changed = |v: &VantageId| {
        let mut of = outcome.statuses.iter();
        of.any(|s| s.probe == key && s.vantage == *v)
    };
    for (vantage, code) in normal.iter().filter(|(v, _)| !changed(v)) {
        say!("{key} from {vantage}: {code} is normal already; nothing was changed");
    }
    Ok(Done::Ok)
}
