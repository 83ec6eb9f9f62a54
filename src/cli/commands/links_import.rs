//! `links import`: keeps the links of documents in the store.

use std::sync::Arc;

use serde_json::json;

use crate::cli::args::{LinksImportArgs, OutputFormat};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::long_work::LongWork;
use crate::cli::messages::count;
use crate::cli::out;
use crate::engine::SystemClock;
use crate::engine::link_import::{
    self, ImportOptions, ImportReport, UnreadableDocument, is_address,
};
use crate::engine::page_import::import_pages;
use crate::model::citation::PartialDate;
use crate::model::document::ImportCounts;
use crate::store::Store;
use crate::text::clean;

/// New documents that are compared with the others, to propose `--same-as`.
const COMPARED: usize = 200;

pub(super) fn import(context: &Context, args: &LinksImportArgs) -> Result<Done, CliError> {
    let date = args.date.as_deref().map(date).transpose()?;
    let (workspace, store) = context.open()?;
    let (pages, places): (Vec<String>, Vec<String>) =
        args.what.iter().cloned().partition(|what| is_address(what));
    let (files, missing) = link_import::files(&places);
    if args.title.is_some() && files.len() + pages.len() > 1 {
        let error = "--title is of one document; name one file or page";
        return Err(CliError::Usage(error.to_owned()));
    }
    let options = ImportOptions {
        title: args.title.clone(),
        group: args.group.clone(),
        date,
        is_watched: args.watched,
        is_trial: args.dry_run,
    };
    let work = LongWork::begin("reading documents");
    let report = runtime()?.block_on(async {
        let now = chrono::Utc::now();
        let mut report = link_import::import(&workspace, &store, files, &options, now).await?;
        if !pages.is_empty() {
            let clock = Arc::new(SystemClock);
            report.extend(import_pages(&workspace, &store, &pages, &options, clock).await?);
        }
        propose(&store, &report).await?;
        Ok::<_, CliError>(report)
    })?;
    drop(work);
    for moved in &report.moved {
        say!(
            "D{}: {} is now {}",
            moved.id,
            clean::line(&moved.from, 300),
            clean::line(&moved.to, 300)
        );
    }
    let mut unreadable = missing;
    unreadable.extend(report.unreadable);
    print(report.counts, &unreadable, args)?;
    Ok(if unreadable.is_empty() {
        Done::Ok
    } else {
        Done::Partly
    })
}

/// Says which documents cite nearly the same links, so that they may be one text.
async fn propose(store: &Store, report: &ImportReport) -> Result<(), CliError> {
    if report.counts.new == 0 {
        return Ok(());
    }
    for path in report.paths.iter().take(COMPARED) {
        let Some((id, others)) = store.similar_documents(path.clone()).await? else {
            continue;
        };
        for (other, path) in others.iter().filter(|(other, _)| *other < id) {
            say!(
                "D{id} cites nearly the same links as D{other} ({}); if they are one text, run \
                 `accesswatch links document D{id} --same-as D{other}`",
                clean::line(path, 300)
            );
        }
    }
    Ok(())
}

/// 2023, 2023-05 or 2023-05-08.
fn date(text: &str) -> Result<PartialDate, CliError> {
    PartialDate::parse(text).ok_or_else(|| {
        let shown = clean::line(text, 40);
        CliError::Usage(format!(
            "`{shown}` is no date; write 2023, 2023-05 or 2023-05-08"
        ))
    })
}

fn print(
    counts: ImportCounts,
    unreadable: &[UnreadableDocument],
    args: &LinksImportArgs,
) -> Result<(), CliError> {
    for failed in unreadable {
        say!("{}: {}", failed.file, failed.reason);
    }
    if args
        .format
        .is_some_and(|format| format != OutputFormat::Table)
    {
        let failed: Vec<_> = unreadable
            .iter()
            .map(|u| json!({"file": u.file, "reason": u.reason}))
            .collect();
        let object = json!({
            "documents": counts.documents,
            "citations": counts.citations,
            "links": counts.links,
            "new": counts.new,
            "ended": counts.ended,
            "unreadable": failed,
        });
        return out::put(&format!("{object:#}\n"));
    }
    say!(
        "{}{}, {} of {}: {} new, {} ended",
        if args.dry_run { "would import " } else { "" },
        count(counts.documents, "document"),
        count(counts.citations, "citation"),
        count(counts.links, "link"),
        counts.new,
        counts.ended
    );
    Ok(())
}
