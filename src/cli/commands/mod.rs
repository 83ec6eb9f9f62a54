//! The commands, one file each.

mod agent;
mod backup;
mod baseline;
mod check;
mod completions;
mod daemon;
mod demo;
mod demo_agent;
mod doctor;
mod doctor_computer;
mod doctor_findings;
mod document_file;
mod evidence;
mod export;
mod fleet;
mod incidents;
mod incidents_look;
mod ingest;
mod init;
mod judge;
mod links;
mod links_copies;
mod links_diff;
mod links_documents;
mod links_edit;
mod links_import;
mod links_kept;
mod links_notes;
mod links_repair;
mod links_repair_rows;
mod links_rows;
mod links_status;
mod links_workspace;
mod mail;
mod man;
mod note;
mod probe;
mod purge;
mod rejudge;
mod report;
mod run;
mod serve;
mod source;
mod source_import;
mod source_new;
mod status;
mod verify;

use super::args::{Cli, Command};
use super::context::Context;
use super::exit::{CliError, Done};

/// Runs the command.
pub fn run(cli: Cli) -> Result<Done, CliError> {
    let context = Context::new(cli.dir.as_deref());
    match cli.command {
        Command::Init { place } => init::run(&place.unwrap_or(context.dir)),
        Command::Check => check::run(&context),
        Command::Run(args) => run::run(&context, &args),
        Command::Agent(args) => agent::run(&context, &args),
        Command::Fleet { command } => fleet::run(&context, command),
        Command::Daemon { listen } => daemon::run(&context, listen),
        Command::Serve { listen } => serve::run(&context, listen),
        Command::Probe { url, vantage, json } => {
            probe::run(&context, &url, vantage.as_deref(), json)
        }
        Command::Status {
            source,
            format,
            exit_code,
        } => status::run(&context, source.as_deref(), format, exit_code),
        Command::Incidents(args) => incidents::run(&context, args),
        Command::Baseline { command } => baseline::run(&context, command),
        Command::Note { command } => note::run(&context, command),
        Command::Source { command } => source::run(&context, command),
        Command::Evidence { command } => evidence::run(&context, command),
        Command::Links { command } => links::run(&context, &command),
        Command::Export(args) => export::run(&context, &args),
        Command::Report(args) => report::run(&context, &args),
        Command::Judge { file, strict, lang } => judge::run(&context, &file, strict, lang),
        Command::Ingest { file } => ingest::run(&context, &file),
        Command::Rejudge {
            since,
            apply,
            format,
        } => rejudge::run(&context, since.as_deref(), apply, format),
        Command::Mail { command } => mail::run(&context, &command),
        Command::Doctor {
            offline,
            begin_anew,
        } => doctor::run(&context, offline, begin_anew),
        Command::Verify {
            file,
            leaves,
            format,
        } => {
            let format = format.unwrap_or_default();
            match (file, leaves) {
                (Some(file), _) => verify::file(&context, &file, format),
                (None, Some(day)) => verify::leaves(&context, day, format),
                (None, None) => verify::workspace(&context, format),
            }
        }
        Command::Backup { file } => backup::run(&context, &file),
        Command::Purge { before, after } => {
            purge::run(&context, before.as_deref(), after.as_deref())
        }
        Command::Demo { place } => demo::run(place.as_deref().or(cli.dir.as_deref())),
        Command::Completions { shell } => completions::run(shell),
        Command::Man { output } => man::run(output.as_deref()),
    }
}
