//! `init`: writes a starter workspace.

use std::path::Path;

use crate::cli::exit::{CliError, Done};
use crate::config;

/// The most kept files that are listed; more are counted.
const LISTED: usize = 5;

/// Writes the shipped files that do not exist yet.
pub fn run(dir: &Path) -> Result<Done, CliError> {
    let report = config::init(dir).map_err(|e| CliError::Work(e.to_string()))?;
    if report.kept.len() > LISTED {
        say!(
            "{} files were there and are kept as they are",
            report.kept.len()
        );
    } else {
        for path in &report.kept {
            say!("kept as it is: {}", path.display());
        }
    }
    say!(
        "{} files written to {}",
        report.written.len(),
        dir.display()
    );
    say!("Next: put your library's address as `contact` into config/accesswatch.toml, then");
    say!("  accesswatch --dir {} check", dir.display());
    say!("  accesswatch --dir {} run", dir.display());
    Ok(Done::Ok)
}
