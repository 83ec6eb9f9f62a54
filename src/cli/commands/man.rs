//! `man`: the manual pages, from the same texts as `--help`.

use std::path::Path;

use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::exit::{CliError, Done};
use crate::cli::out;

/// Prints the main page, or writes all pages into `output`.
pub fn run(output: Option<&Path>) -> Result<Done, CliError> {
    let command = Cli::command();
    let Some(dir) = output else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .render(&mut page)
            .map_err(CliError::io("writing the manual page"))?;
        out::put(&String::from_utf8_lossy(&page))?;
        return Ok(Done::Ok);
    };
    std::fs::create_dir_all(dir).map_err(CliError::io(format!("cannot make {}", dir.display())))?;
    clap_mangen::generate_to(command, dir)
        .map_err(CliError::io(format!("cannot write to {}", dir.display())))?;
    Ok(Done::Ok)
}
