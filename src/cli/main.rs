//! The process: parses the arguments, runs the command, reports how it ended.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;

use super::args::{Cli, Colour};
use super::commands;
use super::exit::CliError;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match cli.color {
        Colour::Auto => {}
        Colour::Always => anstream::ColorChoice::Always.write_global(),
        Colour::Never => anstream::ColorChoice::Never.write_global(),
    }
    match commands::run(cli) {
        Ok(done) => done.into(),
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&error);
            ExitCode::from(error.status())
        }
    }
}

fn print_error(error: &CliError) {
    if let CliError::Config(faults) = error {
        let colour = anstream::AutoStream::choice(&std::io::stderr())
            != anstream::ColorChoice::Never
            && std::io::stderr().is_terminal();
        say!("{}", faults.render(colour).trim_end());
        return;
    }
    say!("accesswatch: {error}");
}
