//! `check`: every check that needs no network. A missing secret is only a warning, because secrets
//! may be set only where the daemon runs.

use crate::cli::calendars;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::count;
use crate::cli::silent;
use crate::config::{SecretNeeds, SignatureFile, Workspace};
use crate::net::Networks;
use crate::net::asn::OLD_DAYS;

/// Validates the workspace and counts its parts.
pub fn run(context: &Context) -> Result<Done, CliError> {
    let workspace = context.workspace_for(&SecretNeeds::announced())?;
    for (fault, help) in calendars::ending(&workspace, chrono::Utc::now().date_naive()) {
        say!("warning: {fault}\n  = help: {help}");
    }
    for finding in silent::all(&workspace) {
        say!("warning: {}\n  = help: {}", finding.fault, finding.help);
    }
    if silent::is_country_as_shipped(&workspace) {
        say!(
            "reminder: the vantage `here` is still as it was shipped: set its `country` to where this computer is"
        );
    }
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
    look_at_networks(&workspace);
    for file in workspace.signature_files.iter().filter(|f| f.imported) {
        say!("{}", imported(file));
    }
    Ok(Done::Ok)
}

/// The database of networks is optional, so an error in it is a warning and not a fault.
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
        Err(error) => say!("warning: {error}; {}", error.help()),
    }
}

/// The result of importing a list of signatures:
/// `FILE: 1700 rows taken, 3 left out (2 no pattern, first in line 9)`.
fn imported(file: &SignatureFile) -> String {
    let mut line = format!(
        "{}: {} {} taken",
        crate::text::clean::line(&file.path.to_string_lossy(), 200),
        file.taken,
        if file.taken == 1 { "row" } else { "rows" }
    );
    let left: usize = file.left_out.values().map(|rows| rows.count).sum();
    if left > 0 {
        let reasons: Vec<String> = file
            .left_out
            .iter()
            .map(|(reason, rows)| format!("{} {reason}, first in line {}", rows.count, rows.first))
            .collect();
        line = format!("{line}, {left} left out ({})", reasons.join("; "));
    }
    line
}
