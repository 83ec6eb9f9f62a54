//! What `run` and the daemon do for copies: the look-ups that are due, and the links that are to be
//! saved. Only archives that the configuration names are asked.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::finder::CopyFinder;
use super::lookups::{LookupReport, look_up};
use super::save::{SaveReport, Saver};
use crate::config::{self, SecretNeeds, Workspace};
use crate::engine::error::EngineError;
use crate::model::clock::Clock;
use crate::model::copy::{CopyFilter, CopyLinks, SaveTarget};
use crate::store::{Lock, LockError, LockScope, Store};

/// Links that are looked up at once: an hour's work at the rate of one archive.
const MOST_LINKS: u64 = 500;
/// How long `run` waits for what archives are working on.
const PATIENCE: TimeDelta = TimeDelta::minutes(2);
/// How often the daemon looks for something to do.
const EVERY: Duration = Duration::from_secs(600);

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpkeepReport {
    pub lookups: LookupReport,
    pub saves: SaveReport,
}

/// Does what is due; `None` when nothing is, or another process does it.
pub async fn keep_up(
    workspace: &Workspace,
    store: &Store,
    clock: Arc<dyn Clock>,
) -> Result<Option<UpkeepReport>, EngineError> {
    let now = clock.now();
    let settings = &workspace.settings.links.copies;
    let due = CopyFilter {
        which: CopyLinks::Due(now),
        ..CopyFilter::default()
    };
    let looks_up = settings.is_configured && !store.links_to_copy(due, 1).await?.is_empty();
    if !looks_up && settings.save.is_empty() {
        return Ok(None);
    }
    let _lock = match Lock::acquire(LockScope::Copies, store.path(), "copies", now) {
        Ok(lock) => lock,
        Err(LockError::Held { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let finder = CopyFinder::for_store(workspace, store, Arc::clone(&clock)).await?;
    let mut report = UpkeepReport::default();
    if looks_up {
        report.lookups = look_up(&finder, store, workspace, due, MOST_LINKS, |_| {}).await?;
    }
    for target in &settings.save {
        let saver = Saver::new(*target, settings, &finder, store, Arc::clone(&clock))?;
        let Some(saver) = saver else {
            report.saves.note(missing_key(*target));
            continue;
        };
        store.add_save_jobs(*target, None, clock.now()).await?;
        report.saves.add(saver.run(PATIENCE).await?);
        finder.keep_rests(store).await?;
    }
    Ok(Some(report))
}

/// Why nothing is saved in an archive that `save` names.
fn missing_key(target: SaveTarget) -> String {
    format!(
        "nothing is saved to {target}: the variable or the file that `{target}` in [links.copies] names \
         holds no key"
    )
}

/// Calls [`keep_up`] again and again, each time with the current configuration, and never returns.
/// Faults are logged.
pub async fn keep_up_always(dir: PathBuf, store: Store, clock: Arc<dyn Clock>) {
    loop {
        clock.sleep(EVERY).await;
        // A configuration with faults is reported by the daemon itself.
        let needs = SecretNeeds::none().and_vantages(None);
        let Ok(workspace) = config::load_for(&dir, &needs) else {
            continue;
        };
        match keep_up(&workspace, &store, Arc::clone(&clock)).await {
            Ok(None) => {}
            Ok(Some(report)) => {
                let LookupReport { links, good, .. } = report.lookups;
                let saved = report.saves.counts.saved;
                tracing::info!(
                    links,
                    good,
                    saved,
                    "copies of cited links were looked up and saved"
                );
                for note in &report.saves.notes {
                    tracing::warn!("{note}");
                }
            }
            Err(error) => tracing::warn!("copies of cited links: {error}"),
        }
    }
}
