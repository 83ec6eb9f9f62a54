//! The settings with which links are checked that no store knows.

use crate::cli::context::{Context, local_vantage};
use crate::cli::exit::CliError;
use crate::config::{self, SecretNeeds, Workspace};

/// The workspace, where there is one; else the shipped settings.
pub(super) fn link_workspace(
    context: &Context,
    vantage: Option<&str>,
) -> Result<Workspace, CliError> {
    if !context.dir.join("config/accesswatch.toml").exists() {
        return Ok(config::shipped()?);
    }
    let workspace = context.workspace()?;
    if vantage.is_some() {
        local_vantage(&workspace, vantage)?;
    }
    let needs = SecretNeeds::none().and_vantages(vantage);
    Ok(config::load_for(&context.dir, &needs)?)
}
