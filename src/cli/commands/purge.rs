//! `purge`: deletes raw measurements and bodies and keeps the conclusions, or deletes everything
//! that a wrong clock dated.

use crate::cli::context::{Context, runtime};
use crate::cli::dates;
use crate::cli::exit::{CliError, Done};
use crate::cli::long_work::LongWork;
use crate::cli::messages::{self, count};
use crate::config::Workspace;
use crate::engine::evidence;
use crate::engine::rejudge::{catch_up, checkpoint};
use crate::judge::Judge;
use crate::store::{LockScope, Store};

/// Deletes what is older than `before`, or what is dated after `after`.
pub fn run(context: &Context, before: Option<&str>, after: Option<&str>) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let _lock = Context::lock(&workspace, LockScope::Pass, "purge")?;
    let _state = Context::lock(&workspace, LockScope::TrackerState, "purge")?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    if let Some(after) = after {
        remove_after(&workspace, &judge, &store, after)?;
    }
    if let Some(before) = before {
        remove_before(&workspace, &judge, &store, before)?;
    }
    Ok(Done::Ok)
}

fn remove_before(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    typed: &str,
) -> Result<(), CliError> {
    let before = dates::instant(typed)?;
    let now = chrono::Utc::now();
    // Tomorrow means "including today". A later day must be a mistake, and would delete everything.
    if before > now + chrono::TimeDelta::days(1) {
        return Err(CliError::Usage(format!(
            "`--before {typed}` is still to come: every measurement would go; give a day up to tomorrow"
        )));
    }
    let folder = &workspace.settings.store.evidence;
    let work = LongWork::begin("removing measurements");
    let (removed, files) = runtime()?.block_on(async {
        let notes = catch_up::catch_up(workspace, judge, store, now).await?;
        messages::evidence(&notes.unwrap_or_default());
        checkpoint::advance(workspace, judge, store, before.min(now)).await?;
        let removed = store.purge(before).await?;
        let files = evidence::remove_before(store, folder, before).await?;
        Ok::<_, CliError>((removed, files))
    })?;
    drop(work);
    say!(
        "{}, {} and {} removed; roll-ups, incidents and notes stay",
        count(removed.measurements, "measurement"),
        if removed.bodies == 1 {
            "1 body".to_owned()
        } else {
            format!("{} bodies", removed.bodies)
        },
        count(removed.mails, "mail") + " that were sent or given up"
    );
    if files > 0 {
        say!(
            "{} of evidence removed; what incidents rest on stays",
            count(files as u64, "file")
        );
    }
    Ok(())
}

fn remove_after(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    typed: &str,
) -> Result<(), CliError> {
    let after = dates::end(typed)?;
    let work = LongWork::begin("removing measurements");
    let removed = runtime()?.block_on(async {
        catch_up::remove_from(workspace, judge, store, after, chrono::Utc::now()).await
    })?;
    drop(work);
    messages::evidence(&removed.evidence_notes);
    say!(
        "{} dated after {typed} removed, with everything derived from them; {} removed because their rounds were made after all. \
         Statuses, incidents and roll-ups are derived again from the rest; no mail was composed",
        count(removed.measurements, "measurement"),
        count(removed.gaps, "gap")
    );
    Ok(())
}
