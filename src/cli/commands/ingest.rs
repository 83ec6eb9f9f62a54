//! `ingest`: imports records that were made elsewhere.

use std::path::Path;

use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::long_work::LongWork;
use crate::cli::messages::{self, count};
use crate::engine::SystemClock;
use crate::engine::ingest::Ingestor;
use crate::engine::jsonl::{self, ParseMode, RecordLine};
use crate::judge::Judge;
use crate::store::LockScope;
use crate::text::clean;

/// Imports every record of `file`; other lines are reported and counted.
pub fn run(context: &Context, file: &Path) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let _pass = Context::lock(&workspace, LockScope::Pass, "ingest")?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    let lines = jsonl::open(file, ParseMode::Lenient, chrono::Utc::now())
        .map_err(CliError::io(format!("cannot read {}", file.display())))?;
    let mut bad = 0_u64;
    let work = LongWork::begin("taking records");
    let done = runtime()?.block_on(async {
        let mut intake = Ingestor::new(&workspace, &judge, &store, &SystemClock);
        for line in lines {
            match line.map_err(CliError::io("reading the records"))? {
                RecordLine::Record { measurement, .. } => intake.ingest(*measurement).await?,
                RecordLine::Bad { number, why } => {
                    bad += 1;
                    say!("{}:{number}: {}", file.display(), clean::line(&why, 300));
                }
            }
        }
        let _state = Context::lock(&workspace, LockScope::TrackerState, "ingest")?;
        Ok::<_, CliError>(intake.finish().await?)
    })?;
    drop(work);
    messages::evidence(&done.evidence_notes);
    say!(
        "{} taken, {} known already, {} of no probe here",
        count(done.new, "record"),
        done.known,
        done.foreign
    );
    if bad > 0 {
        say!(
            "{} no measurement record; the others were taken",
            if bad == 1 {
                "1 line is".to_owned()
            } else {
                format!("{bad} lines are")
            }
        );
        return Ok(Done::Partly);
    }
    Ok(Done::Ok)
}
