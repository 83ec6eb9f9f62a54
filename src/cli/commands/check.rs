//! `check`: everything that can be known without network.

use crate::cli::calendars;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};

/// Validates and counts.
pub fn run(context: &Context) -> Result<Done, CliError> {
    let workspace = context.workspace()?;
    for (fault, mend) in calendars::ending(&workspace, chrono::Utc::now().date_naive()) {
        say!("warning: {fault}\n  = help: {mend}");
    }
    let catalogue = &workspace.catalogue;
    let off = catalogue.probes.len() - catalogue.enabled().count();
    say!(
        "{}: {} sources, {} probes ({off} switched off), {} vantages, {} signatures: no fault",
        workspace.dir.display(),
        catalogue.sources.len(),
        catalogue.probes.len(),
        workspace.settings.vantages.len(),
        workspace.signatures.len(),
    );
    Ok(Done::Ok)
}
