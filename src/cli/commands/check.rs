//! `check`: everything that can be known without network. Secrets may be set where the daemon runs alone:
//! one that is not there is a warning.

use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::words::count;
use crate::config::Needs;

/// Validates and counts.
pub fn run(context: &Context) -> Result<Done, CliError> {
    let workspace = context.workspace_for(&Needs::told())?;
    let catalogue = &workspace.catalogue;
    let off = catalogue.probes.len() - catalogue.enabled().count();
    say!(
        "{}: {}, {} ({off} switched off), {}, {}: no fault",
        workspace.dir.display(),
        count(catalogue.sources.len() as u64, "source"),
        count(catalogue.probes.len() as u64, "probe"),
        count(workspace.settings.vantages.len() as u64, "vantage"),
        count(workspace.signatures.len() as u64, "signature"),
    );
    Ok(Done::Ok)
}
