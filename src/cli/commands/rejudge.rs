//! `rejudge`: the same measurements by today's rules.

use crate::cli::args::Format;
use crate::cli::context::{Context, runtime};
use crate::cli::dates;
use crate::cli::exit::{CliError, Done};
use crate::cli::out::Records;
use crate::cli::words::count;
use crate::engine::rejudge::{self, Scope, catch_up};
use crate::judge::Judge;
use crate::model::Time;
use crate::store::LockOn;
use crate::text::clean;

/// Shows what would change; with `apply` writes it.
pub fn run(
    context: &Context,
    since: Option<&str>,
    apply: bool,
    format: Option<Format>,
) -> Result<Done, CliError> {
    let (workspace, store) = if apply {
        context.open()?
    } else {
        context.look()?
    };
    let since = since
        .map(|d| dates::instant(d, workspace.settings.schedule.timezone))
        .transpose()?
        .unwrap_or(Time::MIN_UTC);
    let _locks = if apply {
        let pass = Context::lock(&workspace, LockOn::Pass, "rejudge")?;
        Some((pass, Context::lock(&workspace, LockOn::Book, "rejudge")?))
    } else {
        None
    };
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    if apply {
        runtime()?.block_on(catch_up::catch_up(&workspace, &judge, &store))?;
    }
    let reader = store.reader()?;
    let plan = rejudge::plan(&workspace, &judge, &reader, &Scope::Since(since), None)?;
    drop(reader);
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
    let Some(from) = plan.from else {
        return Ok(Done::Ok); // nothing was ever measured
    };
    runtime()?.block_on(store.replace_derived(from, plan.derived))?;
    say!("written; no mail was composed");
    Ok(Done::Ok)
}

/// A line each for people, a record each for programs.
fn print(changes: &[String], format: Option<Format>) -> Result<(), CliError> {
    let mut records = Records::new(&["change"]);
    let mut text = String::new();
    for change in changes {
        let change = clean::line(change, 400);
        text.push_str(&change);
        text.push('\n');
        records.push(vec![change]);
    }
    records.print_or(format, "nothing changes", || text)
}
