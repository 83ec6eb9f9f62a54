//! `export`: tables for reports.

use std::fs::File;
use std::io::{IsTerminal as _, Write};
use std::path::Path;

use crate::cli::args::{ExportArgs, ExportFormat, ExportKind};
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::exit::{CliError, Done};
use crate::cli::long_work::LongWork;
use crate::cli::messages::count;
use crate::config::Workspace;
use crate::disk::WholeFile;
use crate::engine::due::named;
use crate::report::{self, ExportOutcome, ExportRequest, ExportTable, TableFormat};
use crate::store::{Reader, RowFilter};

/// Writes the requested table.
pub fn run(context: &Context, args: &ExportArgs) -> Result<Done, CliError> {
    let format = match args.format {
        ExportFormat::Csv => TableFormat::Csv,
        ExportFormat::Xlsx => TableFormat::Xlsx,
        ExportFormat::Jsonl => TableFormat::Jsonl,
    };
    let ExportKind::Table(table) = args.what else {
        refuse_filters(args, false, false)?;
        return to(args.output.as_deref(), |out| {
            report::export_dictionary(format, out)
        });
    };
    if format == TableFormat::Xlsx && args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(CliError::Usage(
            "a workbook cannot be shown in a terminal; name a file, such as `-o table.xlsx`"
                .to_owned(),
        ));
    }
    if args.no_bodies && (table, format) != (ExportTable::Measurements, TableFormat::Jsonl) {
        return Err(CliError::Usage(
            "`--no-bodies` is for `export measurements --format jsonl`; nothing else has bodies"
                .to_owned(),
        ));
    }
    refuse_filters(args, has_source(table), has_period(table))?;
    let (workspace, store) = context.open_read_only()?;
    let filter = filter(&workspace, args)?;
    let reader = store.reader()?;
    let request = ExportRequest {
        table,
        format,
        filter,
        anonymise: args.anonymous,
        no_bodies: args.no_bodies,
        catalogue: &workspace.catalogue,
        calendars: &workspace.calendars,
        settings: &workspace.settings,
    };
    to(args.output.as_deref(), |out| {
        report::export(&reader, &request, out)
    })
}

/// Writes every table as CSV into `folder`, for the demo.
pub fn all_into(context: &Context, folder: &Path) -> Result<(), CliError> {
    let (workspace, store) = context.open_read_only()?;
    let reader = store.reader()?;
    std::fs::create_dir_all(folder)
        .map_err(CliError::io(format!("cannot make {}", folder.display())))?;
    for &table in ExportTable::ALL {
        let path = folder.join(format!("{}.csv", table.as_str()));
        one_into(&workspace, &reader, table, &path)?;
    }
    Ok(())
}

fn one_into(
    workspace: &Workspace,
    reader: &Reader,
    table: ExportTable,
    path: &Path,
) -> Result<(), CliError> {
    let request = ExportRequest {
        table,
        format: TableFormat::Csv,
        filter: RowFilter::default(),
        anonymise: false,
        no_bodies: false,
        catalogue: &workspace.catalogue,
        calendars: &workspace.calendars,
        settings: &workspace.settings,
    };
    to(Some(path), |out| report::export(reader, &request, out)).map(|_| ())
}

fn to(
    path: Option<&Path>,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<ExportOutcome, report::ExportError>,
) -> Result<Done, CliError> {
    let failed = |e: report::ExportError| CliError::Work(e.to_string());
    // Rows that run over the terminal show by themselves that work goes on.
    let is_shown = path.is_none() && std::io::stdout().is_terminal();
    let work = (!is_shown).then(|| LongWork::begin("writing the table"));
    let Some(path) = path else {
        write(&mut std::io::stdout()).map_err(failed)?;
        return Ok(Done::Ok);
    };
    let wrong = || CliError::io(format!("cannot write {}", path.display()));
    // A device or a pipe is written directly; a file is either complete or unchanged.
    let is_file = std::fs::metadata(path).map_or(true, |facts| facts.is_file());
    let written = if is_file {
        let mut file = WholeFile::create(path).map_err(wrong())?;
        let written = write(&mut file).map_err(failed)?;
        file.replace().map_err(wrong())?;
        written
    } else {
        write(&mut File::create(path).map_err(wrong())?).map_err(failed)?
    };
    drop(work);
    say!("{}: {}", path.display(), count(written.rows, "row"));
    Ok(Done::Ok)
}

/// Whether the rows of a table belong to a source.
fn has_source(table: ExportTable) -> bool {
    has_period(table) || matches!(table, ExportTable::Sources | ExportTable::Status)
}

/// Whether the rows of a table belong to a time; the other tables show what is now.
fn has_period(table: ExportTable) -> bool {
    matches!(
        table,
        ExportTable::Measurements
            | ExportTable::Incidents
            | ExportTable::IncidentPhases
            | ExportTable::Uptime
            | ExportTable::Freshness
    )
}

/// Refuses a filter that the table does not have, so that nobody takes all rows for selected ones.
fn refuse_filters(args: &ExportArgs, has_source: bool, has_period: bool) -> Result<(), CliError> {
    let given = [
        ("--source", &args.source, has_source),
        ("--since", &args.since, has_period),
        ("--until", &args.until, has_period),
    ];
    let Some((filter, ..)) = given.iter().find(|(_, value, has)| value.is_some() && !has) else {
        return Ok(());
    };
    let table = match args.what {
        ExportKind::Table(table) => table.as_str(),
        ExportKind::Dictionary => "dictionary",
    };
    let why = match *filter {
        "--source" => "its rows belong to no source",
        _ => "it shows what is known now",
    };
    Err(CliError::Usage(format!(
        "`{filter}` is not for `export {table}`: {why}; leave it out"
    )))
}

fn filter(workspace: &Workspace, args: &ExportArgs) -> Result<RowFilter, CliError> {
    if let Some(id) = &args.source {
        let known = workspace
            .catalogue
            .sources
            .keys()
            .map(crate::model::ids::SourceId::as_str);
        named("source", id, known)?;
    }
    let since = args.since.as_deref().map(dates::instant);
    let until = args.until.as_deref().map(dates::end);
    let (since, until) = (since.transpose()?, until.transpose()?);
    if since
        .zip(until)
        .is_some_and(|(since, until)| until <= since)
    {
        return Err(CliError::Usage(
            "--until lies before --since: there is nothing between them".to_owned(),
        ));
    }
    Ok(RowFilter {
        since,
        until,
        source: args.source.as_deref().map(Into::into),
        vantage: None,
    })
}
