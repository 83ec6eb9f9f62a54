//! `report`: a printable report of a period.

use std::io::Write as _;
use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::cli::args::ReportArgs;
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::exit::{CliError, Done};
use crate::config::Workspace;
use crate::disk;
use crate::engine::due::named;
use crate::report::printed::{self, ReportRequest, ReportScope};

/// Writes the report, and prints its SHA-256 to standard error.
pub fn run(context: &Context, args: &ReportArgs) -> Result<Done, CliError> {
    let (from, to) = (dates::day(&args.from)?, dates::day(&args.to)?);
    if from > to {
        return Err(CliError::Usage(
            "--from lies after --to; write the earlier day first".to_owned(),
        ));
    }
    if args.with_tables && args.output.is_none() {
        return Err(CliError::Usage(
            "--with-tables writes files next to the report; name it with -o FILE.html".to_owned(),
        ));
    }
    let (workspace, store) = context.open_read_only()?;
    let request = ReportRequest {
        from,
        to,
        language: args.lang.unwrap_or(workspace.settings.web.language),
        zone: workspace
            .settings
            .web
            .timezone
            .unwrap_or(chrono_tz::Tz::UTC),
        scope: scope(&workspace, args)?,
        catalogue: &workspace.catalogue,
        calendars: &workspace.calendars,
        settings: &workspace.settings,
    };
    let tables = args.output.as_deref().filter(|_| args.with_tables);
    let printed = printed::print(&store.reader()?, &request, tables)
        .map_err(|error| CliError::Work(error.to_string()))?;
    write(args.output.as_deref(), printed.html.as_bytes())?;
    for file in &printed.tables {
        say!("{}", file.display());
    }
    let sum = HEXLOWER.encode(&Sha256::digest(printed.html.as_bytes()));
    let name = args.output.as_deref().unwrap_or(Path::new("-"));
    say!("SHA-256 {sum}  {}", name.display());
    Ok(Done::Ok)
}

/// The sources that were asked for; a name that is not known is refused.
fn scope(workspace: &Workspace, args: &ReportArgs) -> Result<ReportScope, CliError> {
    let sources = &workspace.catalogue.sources;
    if let Some(id) = &args.source {
        named(
            "source",
            id,
            sources.keys().map(crate::model::SourceId::as_str),
        )?;
    }
    if let Some(group) = &args.group {
        named("group", group, sources.values().map(|s| s.group.as_str()))?;
    }
    Ok(ReportScope {
        group: args.group.clone(),
        source: args.source.as_deref().map(Into::into),
    })
}

/// Writes to a file, which is whole or unchanged, or to standard output.
fn write(path: Option<&Path>, bytes: &[u8]) -> Result<(), CliError> {
    let Some(path) = path else {
        let mut out = std::io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        return match written {
            // The reader closed the pipe.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(CliError::io("cannot write the report")),
        };
    };
    let wrong = || CliError::io(format!("cannot write {}", path.display()));
    disk::write_whole(path, bytes).map_err(wrong())
}
