//! `links copies`: the copies of links, found in archives or saved.

use std::sync::Arc;

use super::links_status::number;
use crate::cli::args::LinksCopiesArgs;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::count;
use crate::cli::out::{self, OutputTable};
use crate::engine::SystemClock;
use crate::engine::copies::{CopyFinder, LookupReport, look_up};
use crate::model::copy::{CopyFilter, CopyRow};
use crate::model::time::iso;
use crate::store::{LockScope, Store};

/// The columns of copies.csv.
const COLUMNS: [&str; 10] = [
    "link_id",
    "archive",
    "url",
    "time",
    "judged",
    "code",
    "found_utc",
    "kind",
    "job",
    "used",
];

pub(super) fn copies(context: &Context, args: &LinksCopiesArgs) -> Result<Done, CliError> {
    let document = args.document.as_deref().map(|id| number(id, 'D'));
    let document = document.transpose()?;
    let mut done = Done::Ok;
    if args.find {
        done = find(context, document)?;
    }
    let (_, store) = context.open_read_only()?;
    list(&store, document, args)?;
    Ok(done)
}

fn find(context: &Context, document: Option<i64>) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let _lock = Context::lock_now(&workspace, LockScope::Copies, "links copies")?;
    let finder = CopyFinder::new(&workspace, Arc::new(SystemClock))
        .map_err(|error| CliError::Work(error.to_string()))?;
    let filter = CopyFilter {
        document,
        ..CopyFilter::default()
    };
    let progress = |report: &LookupReport| {
        if out::on_terminal() && report.links.is_multiple_of(10) {
            say!("{} looked up", count(report.links, "link"));
        }
    };
    let report = runtime()?.block_on(look_up(&finder, &store, &workspace, filter, progress))?;
    let none = report.links - report.good - report.far;
    say!(
        "{} looked up: {} with a good copy, {} with one that is far from the day of citing, {none} \
         without",
        count(report.links, "link"),
        report.good,
        report.far,
    );
    if report.put_off > 0 {
        say!(
            "{}: an archive did not answer or asked for quiet; `run` and the daemon look again, and so \
             does this command",
            count(report.put_off, "link")
        );
        return Ok(Done::Partly);
    }
    Ok(Done::Ok)
}

fn list(store: &Store, document: Option<i64>, args: &LinksCopiesArgs) -> Result<(), CliError> {
    let mut table = OutputTable::new(&COLUMNS);
    for row in runtime()?.block_on(store.copies(document))? {
        table.push(cells(row));
    }
    table.print(
        args.format,
        "no copies yet: `accesswatch links copies --find` looks for them",
    )?;
    Ok(())
}

fn cells(row: CopyRow) -> Vec<String> {
    let CopyRow { copy, .. } = row;
    vec![
        format!("L{}", row.link),
        copy.archive,
        copy.url,
        copy.time.map(iso).unwrap_or_default(),
        copy.judged.map(|j| j.to_string()).unwrap_or_default(),
        copy.code.unwrap_or_default(),
        iso(row.found),
        copy.kind.to_string(),
        copy.job.map(|id| id.to_string()).unwrap_or_default(),
        if row.is_used { "yes" } else { "no" }.to_owned(),
    ]
}
