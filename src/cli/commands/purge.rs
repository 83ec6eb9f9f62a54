//! `purge`: raw measurements and bodies go, what was concluded stays.

use crate::cli::context::{Context, runtime};
use crate::cli::dates;
use crate::cli::exit::{CliError, Done};
use crate::store::LockOn;

/// Removes what is older than `before`.
pub fn run(context: &Context, before: &str) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let before = dates::instant(before, workspace.settings.schedule.timezone)?;
    let _lock = Context::lock(&workspace, LockOn::Pass, "purge")?;
    let removed = runtime()?.block_on(store.purge(before))?;
    eprintln!(
        "{} measurements and {} bodies removed; roll-ups, incidents and notes stay",
        removed.measurements, removed.bodies
    );
    Ok(Done::Ok)
}
