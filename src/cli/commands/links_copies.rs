//! `links copies`: the copies of links, found in archives or saved.

use std::sync::Arc;

use chrono::TimeDelta;

use super::links_status::number;
use crate::cli::args::LinksCopiesArgs;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::long_work::LongWork;
use crate::cli::messages::count;
use crate::cli::out::{JsonKind, OutputTable};
use crate::config::{SecretNeeds, Workspace};
use crate::engine::copies::{self, CopyError, CopyFinder, OwnSaver, SaveReport, Saver, look_up};
use crate::engine::{Engine, SystemClock};
use crate::model::clock::Clock;
use crate::model::copy::{CopyFilter, CopyLinks, CopyRow, SaveTarget};
use crate::model::save_job::SaveCounts;
use crate::model::time::iso;
use crate::store::{LockScope, Store};
use crate::text::clean;

/// How long a command waits for what archives are working on.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// The columns of copies.csv.
const COLUMNS: [(&str, JsonKind); 10] = [
    ("link_id", JsonKind::Text),
    ("archive", JsonKind::Text),
    ("url", JsonKind::Text),
    ("time", JsonKind::Text),
    ("judged", JsonKind::Text),
    ("code", JsonKind::Text),
    ("found_utc", JsonKind::Text),
    ("kind", JsonKind::Text),
    ("job", JsonKind::Number),
    ("used", JsonKind::YesNo),
];

pub(super) fn list_copies(context: &Context, args: &LinksCopiesArgs) -> Result<Done, CliError> {
    let document = args.document.as_deref().map(|id| number(id, 'D'));
    let document = document.transpose()?;
    let targets = targets(&args.save)?;
    let mut done = Done::Ok;
    if args.find {
        done = find(context, document)?;
    }
    if !targets.is_empty() && save(context, document, &targets)? == Done::Partly {
        done = Done::Partly;
    }
    let (_, store) = context.open_read_only()?;
    list(&store, document, args)?;
    Ok(done)
}

/// What `run` does for copies: look-ups that are due, and saves.
pub(super) async fn keep_up(engine: &Engine) -> Result<(), CliError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let report = copies::keep_up(&engine.workspace, &engine.store, clock).await?;
    let Some(report) = report else { return Ok(()) };
    if report.lookups.links > 0 {
        say!(
            "copies: {} looked up, {} with a good one",
            count(report.lookups.links, "link"),
            report.lookups.good
        );
    }
    if report.saves.counts.saved > 0 {
        say!("copies: {} saved", count(report.saves.counts.saved, "link"));
    }
    for note in &report.saves.notes {
        say!("{note}");
    }
    Ok(())
}

fn find(context: &Context, document: Option<i64>) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let _lock = Context::lock_now(&workspace, LockScope::Copies, "links copies")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let runtime = runtime()?;
    let finder = runtime.block_on(CopyFinder::for_store(&workspace, &store, clock))?;
    let filter = CopyFilter {
        document,
        which: CopyLinks::Needed,
        ..CopyFilter::default()
    };
    let work = LongWork::begin("looking for copies in archives");
    let report = runtime.block_on(look_up(
        &finder,
        &store,
        &workspace,
        filter,
        u64::MAX,
        |_| {},
    ))?;
    drop(work);
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

fn targets(words: &[String]) -> Result<Vec<SaveTarget>, CliError> {
    let target = |word: &String| {
        word.parse().map_err(|_| {
            CliError::Usage(format!(
                "`{}` is no place to save to; write own, wayback or perma",
                clean::line(word, 60)
            ))
        })
    };
    words.iter().map(target).collect()
}

fn save(
    context: &Context,
    document: Option<i64>,
    targets: &[SaveTarget],
) -> Result<Done, CliError> {
    let needs = SecretNeeds::none().and_vantages(None).and_copies();
    let (workspace, store) = context.open_for(&needs)?;
    let _lock = Context::lock_now(&workspace, LockScope::Copies, "links copies")?;
    let mut done = Done::Ok;
    for target in targets {
        let report = save_to(&workspace, &store, *target, document)?;
        for note in &report.notes {
            say!("{note}");
        }
        let SaveCounts {
            saved,
            failed,
            open,
        } = report.counts;
        say!("{target}: {saved} saved, {failed} failed, {open} not done yet");
        if failed + open > 0 {
            done = Done::Partly;
        }
    }
    Ok(done)
}

fn save_to(
    workspace: &Workspace,
    store: &Store,
    target: SaveTarget,
    document: Option<i64>,
) -> Result<SaveReport, CliError> {
    let work = |error: CopyError| CliError::Work(error.to_string());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    runtime()?.block_on(async {
        if target == SaveTarget::Own {
            let saver = OwnSaver::new(workspace, store, clock).map_err(work)?;
            return Ok(saver.run(document).await?);
        }
        let finder = CopyFinder::for_store(workspace, store, Arc::clone(&clock)).await?;
        let settings = &workspace.settings.links.copies;
        let now = clock.now();
        let saver = Saver::new(target, settings, &finder, store, clock).map_err(work)?;
        let saver = saver.ok_or_else(|| {
            CliError::Usage(format!(
                "saving to {target} needs a key: set `{target} = \"env:NAME\"` in [links.copies], and the \
                 variable"
            ))
        })?;
        store.add_save_jobs(target, document, now).await?;
        let report = saver.run(PATIENCE).await?;
        finder.keep_rests(store).await?;
        Ok(report)
    })
}

fn list(store: &Store, document: Option<i64>, args: &LinksCopiesArgs) -> Result<(), CliError> {
    let mut table = OutputTable::typed(&COLUMNS);
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
