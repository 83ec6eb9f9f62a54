//! `purge`: raw measurements and bodies go, what was concluded stays.

use crate::cli::context::{Context, runtime};
use crate::cli::dates;
use crate::cli::exit::{CliError, Done};
use crate::cli::words::count;
use crate::engine::ground;
use crate::judge::Judge;
use crate::store::LockOn;

/// Removes what is older than `before`.
pub fn run(context: &Context, before: &str) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let typed = before;
    let before = dates::instant(typed, workspace.settings.schedule.timezone)?;
    let now = chrono::Utc::now();
    // Tomorrow is how one says "today's too"; a later day is a slip, and everything would go.
    if before > now + chrono::TimeDelta::days(1) {
        return Err(CliError::Usage(format!(
            "`--before {typed}` is still to come: every measurement would go; give a day up to tomorrow"
        )));
    }
    let _lock = Context::lock(&workspace, LockOn::Pass, "purge")?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    let removed = runtime()?.block_on(async {
        ground::raise(&workspace, &judge, &store, before.min(now)).await?;
        store.purge(before).await
    })?;
    say!(
        "{} and {} removed; roll-ups, incidents and notes stay",
        count(removed.measurements, "measurement"),
        if removed.bodies == 1 {
            "1 body".to_owned()
        } else {
            format!("{} bodies", removed.bodies)
        }
    );
    Ok(Done::Ok)
}
