//! `check`: everything that can be known without network.

use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::config::Workspace;
use crate::net::Networks;
use crate::net::asn::OLD_DAYS;

/// Validates and counts.
pub fn run(context: &Context) -> Result<Done, CliError> {
    let workspace = context.workspace()?;
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
    look_at_networks(&workspace);
    Ok(Done::Ok)
}

/// Nothing needs the database, so what is wrong with it is said and no fault.
fn look_at_networks(workspace: &Workspace) {
    let Some(path) = &workspace.settings.asn.database else {
        return;
    };
    match Networks::open(path) {
        Ok(networks) => {
            let age = networks.age_days(chrono::Utc::now());
            if age > OLD_DAYS {
                say!(
                    "warning: {}: {age} days old; networks change hands: download a newer one",
                    path.display()
                );
            }
        }
        Err(error) => say!("warning: {error}; {}", error.mend()),
    }
}
