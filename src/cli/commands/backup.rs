//! `backup`: a consistent copy of a database in use.

use std::path::Path;

use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::store::Store;

/// Copies the database to `file`.
pub fn run(context: &Context, file: &Path) -> Result<Done, CliError> {
    let workspace = context.workspace()?;
    let store = Store::open_for_backup(&workspace.settings.store.path)?;
    runtime()?.block_on(store.backup(file))?;
    say!("{} written", file.display());
    Ok(Done::Ok)
}
