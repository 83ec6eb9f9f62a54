//! `completions`: for the user's shell.

use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::exit::{CliError, Done};
use crate::cli::out;

/// Prints the completions of `shell`.
pub fn run(shell: clap_complete::Shell) -> Result<Done, CliError> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "accesswatch", &mut text);
    out::put(&String::from_utf8_lossy(&text))?;
    Ok(Done::Ok)
}
