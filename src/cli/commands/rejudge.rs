//! `rejudge`: judges the stored measurements again by the present rules.

use crate::cli::args::OutputFormat;
use crate::cli::context::{Context, runtime};
use crate::cli::dates;
use crate::cli::exit::{CliError, Done};
use crate::cli::long_work::LongWork;
use crate::cli::messages::{self, count};
use crate::cli::out::OutputTable;
use crate::engine::day_chain;
use crate::engine::rejudge::{self, RejudgeScope, catch_up};
use crate::judge::Judge;
use crate::model::Time;
use crate::store::LockScope;
use crate::text::clean;

/// Shows what would change; with `apply` writes it.
pub fn run(
    context: &Context,
    since: Option<&str>,
    apply: bool,
    format: Option<OutputFormat>,
) -> Result<Done, CliError> {
    let (workspace, store) = if apply {
        context.open()?
    } else {
        context.open_read_only()?
    };
    let since = since
        .map(dates::instant)
        .transpose()?
        .unwrap_or(Time::MIN_UTC);
    let now = chrono::Utc::now();
    let lock = |scope| Context::lock(&workspace, scope, "rejudge");
    let _locks = if apply {
        Some((lock(LockScope::Pass)?, lock(LockScope::TrackerState)?))
    } else {
        None
    };
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    if apply {
        let notes = runtime()?.block_on(catch_up::catch_up(&workspace, &judge, &store, now))?;
        messages::evidence(&notes.unwrap_or_default());
    }
    let reader = store.reader()?;
    let scope = RejudgeScope::Since(since);
    let work = LongWork::begin("judging the stored measurements again");
    let plan = rejudge::plan(&workspace, &judge, &reader, &scope, None)?;
    drop((reader, work));
    print(&plan.changes, format)?;
    say!(
        "{} judged again; {} kept the verdict, because the page is no longer there",
        count(plan.judged, "measurement"),
        plan.skipped
    );
    if !apply {
        if !plan.changes.is_empty() {
            say!("nothing was written; `accesswatch rejudge --apply` writes it");
        }
        return Ok(Done::Ok);
    }
    if plan.from.is_none() {
        return Ok(Done::Ok); // nothing was ever measured
    }
    let notes = runtime()?.block_on(rejudge::write(&workspace, &store, plan, now))?;
    messages::evidence(&notes);
    let folder = &workspace.settings.store.evidence;
    if let Err(error) = runtime()?.block_on(day_chain::write_files(&store, folder)) {
        say!("the day chain: {error}");
    }
    say!("written; no mail was composed");
    Ok(Done::Ok)
}

/// A line per change for people, a record per change for programs.
fn print(changes: &[String], format: Option<OutputFormat>) -> Result<(), CliError> {
    let mut records = OutputTable::new(&["change"]);
    let mut text = String::new();
    for change in changes {
        let change = clean::line(change, 400);
        text.push_str(&change);
        text.push('\n');
        records.push(vec![change]);
    }
    records.print_or(format, "nothing changes", || text)
}
