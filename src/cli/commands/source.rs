//! `source`: lists, shows, switches and tries the sources of the catalogue.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use super::{source_import, source_new};
use crate::cli::args::OutputFormat;
use crate::cli::context::{Context, local_vantage, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::explain;
use crate::cli::out::{self, OutputTable};
use crate::cli::source_args::SourceCommand;
use crate::config::{self, Workspace};
use crate::engine::SystemClock;
use crate::engine::due::named;
use crate::engine::judgement::Judgement;
use crate::judge::Judge;
use crate::model::page::History;
use crate::model::{Probe, ProbeId, RoundId, Source, SourceId, Vantage};
use crate::probe::Prober;
use crate::text::clean;

/// Runs the verb.
pub fn run(context: &Context, command: SourceCommand) -> Result<Done, CliError> {
    match command {
        SourceCommand::List { group, format } => {
            list(&context.workspace()?, group.as_deref(), format)?;
        }
        SourceCommand::Show { source } => {
            let workspace = context.workspace()?;
            out::put(&shown(&workspace, pick(&workspace, &source)?.0))?;
        }
        SourceCommand::Enable { what } => switch(&context.workspace()?, &what, true)?,
        SourceCommand::Disable { what } => switch(&context.workspace()?, &what, false)?,
        SourceCommand::Test { what, vantage } => {
            let (workspace, id) = context.workspace_from(vantage.as_deref())?;
            let vantage = local_vantage(&workspace, Some(id.as_str()))?;
            test(&workspace, &what, vantage)?;
        }
        SourceCommand::New(args) => return source_new::run(context, &args),
        SourceCommand::Import(args) => return source_import::run(context, &args),
    }
    Ok(Done::Ok)
}

/// The source, and the probe if there is one: `cnki`, `cnki/thesis`.
fn pick<'a>(
    workspace: &'a Workspace,
    what: &str,
) -> Result<(&'a Source, Option<&'a Probe>), CliError> {
    let (id, probe) = match what.split_once('/') {
        Some((id, probe)) => (id, Some(probe)),
        None => (what, None),
    };
    let catalogue = &workspace.catalogue;
    named("source", id, catalogue.sources.keys().map(SourceId::as_str))?;
    let unknown = || CliError::Usage(format!("no source `{}`", clean::line(id, 100)));
    let source = catalogue.source(&id.into()).ok_or_else(unknown)?;
    let Some(probe) = probe else {
        return Ok((source, None));
    };
    let probes: Vec<&str> = catalogue
        .probes_of(&source.id)
        .map(|p| p.id.as_str())
        .collect();
    named("probe", probe, probes.iter().copied())?;
    let probe = catalogue
        .probes_of(&source.id)
        .find(|p| p.id.as_str() == probe);
    Ok((source, probe))
}

fn list(
    workspace: &Workspace,
    group: Option<&str>,
    format: Option<OutputFormat>,
) -> Result<(), CliError> {
    let catalogue = &workspace.catalogue;
    if let Some(group) = group {
        named(
            "group",
            group,
            catalogue.sources.values().map(|s| s.group.as_str()),
        )?;
    }
    let columns = [
        "source", "name", "name_zh", "name_ko", "group", "access", "on", "probes",
    ];
    let mut records = OutputTable::new(&columns);
    let mut sources: Vec<&Source> = catalogue.sources.values().collect();
    sources.retain(|s| group.is_none_or(|group| s.group == group));
    sources.sort_by(|a, b| (&a.group, &a.id).cmp(&(&b.group, &b.id)));
    for source in sources {
        let on = catalogue
            .probes_of(&source.id)
            .filter(|p| p.enabled)
            .count();
        records.push(vec![
            source.id.to_string(),
            source.name.clone(),
            source.name_zh.clone().unwrap_or_default(),
            source.name_ko.clone().unwrap_or_default(),
            source.group.clone(),
            source.access.as_str().to_owned(),
            on.to_string(),
            catalogue.probes_of(&source.id).count().to_string(),
        ]);
    }
    records.print(
        format,
        "no source is there; `accesswatch init` writes the shipped ones",
    )
}

/// A source in words.
fn shown(workspace: &Workspace, source: &Source) -> String {
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{label:<14}{}", clean::line(value, 2000));
        }
    };
    line("source", source.id.as_str());
    line("name", &source.full_name());
    line("Korean name", source.name_ko.as_deref().unwrap_or_default());
    line("group", &source.group);
    line("access", source.access.as_str());
    line("home page", source.homepage.as_deref().unwrap_or_default());
    line("file", &source.file.display().to_string());
    line("note", source.note.as_deref().unwrap_or_default());
    line("instead", &source.alternatives.join("; "));
    let today = chrono::Utc::now().date_naive();
    for event in workspace.catalogue.known_of(&source.id, today) {
        line("known", &event.line());
    }
    for probe in workspace.catalogue.probes_of(&source.id) {
        line("probe", &of_probe(probe));
    }
    text
}

fn of_probe(probe: &Probe) -> String {
    let mut text = format!("{}, {}: {}", probe.key(), probe.level.as_str(), probe.name);
    if !probe.enabled {
        text += "; off";
    }
    if probe.provisional {
        text += "; provisional: its markers are not confirmed";
    }
    if let Some(code) = probe.baseline {
        let _ = write!(text, "; {code} is normal");
    }
    let _ = write!(text, "; {}", probe.target);
    text
}

fn switch(workspace: &Workspace, what: &str, on: bool) -> Result<(), CliError> {
    let (source, probe) = pick(workspace, what)?;
    let probe: Option<&ProbeId> = probe.map(|p| &p.id);
    let switched = config::switch(&workspace.dir, source, probe, on)
        .map_err(|e| CliError::Work(e.to_string()))?;
    let state = if on { "on" } else { "off" };
    for id in &switched.changed {
        say!("{}/{id} is {state}", source.id);
    }
    for (id, why) in &switched.kept_off {
        let why = clean::line(why.trim_start_matches('#').trim(), 300);
        let because = if why.is_empty() {
            String::new()
        } else {
            format!(" ({why})")
        };
        say!(
            "{0}/{id} stays off, as its file has it{because}; `accesswatch source enable {0}/{id}` switches it on",
            source.id
        );
    }
    if switched.changed.is_empty() && switched.kept_off.is_empty() {
        say!("nothing to do: it is {state} already");
    } else if !switched.changed.is_empty() {
        say!("a daemon reads it after SIGHUP; `run` reads it the next time");
    }
    Ok(())
}

fn test(workspace: &Workspace, what: &str, vantage: &Vantage) -> Result<(), CliError> {
    let (source, probe) = pick(workspace, what)?;
    let prober = Prober::new(&workspace.settings, &workspace.dir, Arc::new(SystemClock))
        .map_err(|e| CliError::Work(e.to_string()))?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    let runtime = runtime()?;
    let all = workspace.catalogue.probes_of(&source.id);
    for probe in all.filter(|p| probe.is_none_or(|one| one.id == p.id)) {
        let report = runtime.block_on(one(&prober, &judge, probe, vantage));
        out::put(&format!("{} ({})\n{report}\n", probe.name, probe.key()))?;
    }
    Ok(())
}

/// One attempt, explained. Values are read, but not compared with earlier ones.
async fn one(prober: &Prober, judge: &Judge, probe: &Probe, vantage: &Vantage) -> String {
    let round = RoundId(uuid::Uuid::now_v7().simple().to_string());
    let measurement = Cow::Owned(prober.measure(probe, vantage, &round, 0).await);
    let nothing = History::new();
    let judgement = Judgement::begin(judge, Some(probe), &nothing, measurement);
    let (measurement, facts, verdict) = judgement.into_parts();
    explain::steps(&measurement, &facts, &verdict, vantage)
}
