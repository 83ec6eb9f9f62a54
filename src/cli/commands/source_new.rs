//! `source new`: visits a page once and proposes a probe file.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::cli::commands::probe::parse;
use crate::cli::context::{Context, local_vantage, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::source_args::NewArgs;
use crate::cli::{explain, out};
use crate::config::single;
use crate::engine::SystemClock;
use crate::judge::Judge;
use crate::model::page::History;
use crate::model::{Catalogue, Code};
use crate::probe::Prober;
use crate::scaffold::{SourceHeader, propose, source_id};

/// Fetches once, with all rules of politeness, and proposes.
pub fn run(context: &Context, args: &NewArgs) -> Result<Done, CliError> {
    let url = parse(&args.url)?;
    if let Some(id) = args.id.as_deref().filter(|id| !single::is_id(id)) {
        let id = crate::text::clean::line(id, 80);
        return Err(CliError::Usage(format!("`{id}` is not an id")));
    }
    if let Some(file) = args.out.as_deref().filter(|file| file.exists()) {
        return Err(there(file));
    }
    let (workspace, id) = context.workspace_from(args.vantage.as_deref())?;
    let vantage = local_vantage(&workspace, Some(id.as_str()))?;
    let prober = Prober::new(&workspace.settings, &workspace.dir, Arc::new(SystemClock))
        .map_err(|e| CliError::Work(e.to_string()))?;
    let judge = Judge::new(&Catalogue::default(), &workspace.signatures)
        .with_calendars(&workspace.calendars);
    let m = runtime()?.block_on(prober.fetch_url(&url, vantage));
    let taken = |id: &str| workspace.catalogue.source(&id.into()).is_some();
    let id = args.id.clone().unwrap_or_else(|| source_id(&url, taken));
    let frame = SourceHeader {
        id: &id,
        url: &url,
        vantage: vantage.id.as_str(),
        today: chrono::Local::now().date_naive(),
    };
    let Some(proposal) = propose(&judge, &m, &frame) else {
        let reading = judge.read(&m, None);
        let verdict = judge.decide(&reading, &m, None, &History::new(), m.started());
        let steps = explain::steps(&m, &reading.facts, &verdict, vantage);
        say!("{}", steps.trim_end());
        return Err(CliError::Work(
            "nothing was seen that could be watched, so nothing is proposed".to_owned(),
        ));
    };
    match &args.out {
        Some(file) => write(file, &proposal.text)?,
        None => out::put(&proposal.text)?,
    }
    if proposal.seen != Code::Ok {
        say!(
            "{}: behind this nothing was seen, and nothing is proposed but the address",
            proposal.seen
        );
    }
    Ok(Done::Ok)
}

/// Never overwrites an existing file.
fn write(file: &Path, text: &str) -> Result<(), CliError> {
    let what = || crate::text::clean::line(&file.to_string_lossy(), 200);
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(CliError::io(what()))?;
    }
    let new = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file);
    let mut new = match new {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => return Err(there(file)),
        other => other.map_err(CliError::io(what()))?,
    };
    new.write_all(text.as_bytes())
        .map_err(CliError::io(what()))?;
    say!("{} is written; edit it, then `accesswatch check`", what());
    Ok(())
}

fn there(file: &Path) -> CliError {
    let shown = crate::text::clean::line(&file.to_string_lossy(), 200);
    CliError::Usage(format!(
        "{shown} already exists, and is never overwritten; name another file"
    ))
}
