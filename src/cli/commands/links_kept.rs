//! `links check` of kept links, and the due links of a `run`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::links_status::filter;
use crate::cli::args::LinksCheckArgs;
use crate::cli::context::{Context, local_vantage, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::{self, count};
use crate::cli::out::{JsonKind, OutputTable};
use crate::config::SecretNeeds;
use crate::engine::link_watch::{LinkBatch, LinkWatcher};
use crate::engine::{Engine, EngineError, SystemClock};
use crate::model::VantageId;
use crate::model::document::LinkFilter;
use crate::model::link::{LinkId, LinkState};
use crate::store::{LockError, Store};
use crate::text::clean;

/// Links of one batch.
const BATCH: usize = 256;

/// Checks kept links: those that are due, all, or those that a filter names.
pub(super) fn check_kept(context: &Context, args: &LinksCheckArgs) -> Result<Done, CliError> {
    let chosen = filter(
        args.document.as_deref(),
        args.state.as_deref(),
        args.host.as_deref(),
    )?;
    let vantage = args.vantage.as_deref();
    let needs = SecretNeeds::none().and_vantages(vantage);
    let (workspace, store) = context.open_for_passes(&needs, false)?;
    if vantage.is_some() {
        local_vantage(&workspace, vantage)?;
    }
    let is_due = !args.all && chosen == LinkFilter::default();
    runtime()?.block_on(async {
        let clock = Arc::new(SystemClock);
        let mut watcher = LinkWatcher::new(&workspace, vantage, store.clone(), clock).await?;
        let mut report = KeptReport::default();
        if is_due {
            while let Some(batch) = watcher.check_due().await? {
                if !report.add(batch) {
                    break;
                }
            }
        } else {
            let ids = named(&store, chosen).await?;
            for some in ids.chunks(BATCH) {
                let links = store.watched_links(some.to_vec()).await?;
                if !report.add(watcher.check(links).await?) {
                    break;
                }
            }
        }
        report.print(args)
    })
}

/// The links that a filter names, without those that are ignored or that nobody cites.
async fn named(store: &Store, chosen: LinkFilter) -> Result<Vec<LinkId>, CliError> {
    let all = store.links(chosen).await?;
    let watched = all.iter().filter(|l| !l.is_ignored && l.citations > 0);
    Ok(watched.map(|link| LinkId(link.id)).collect())
}

/// Checks all links that are due, batch by batch; returns whether some could not be checked.
pub(super) async fn check_all_due(
    engine: &Engine,
    vantage: Option<&str>,
) -> Result<bool, CliError> {
    let now = engine.clock.now();
    let next = engine.store.next_link_due().await?;
    let is_due = next.is_some_and(|due| due <= now);
    if !is_due && !engine.store.has_link_results().await? {
        return Ok(false);
    }
    let mut watcher = LinkWatcher::for_engine(engine, vantage).await?;
    let mut report = KeptReport::default();
    loop {
        match watcher.check_due().await {
            Ok(Some(batch)) => {
                if !report.add(batch) {
                    break;
                }
            }
            Ok(None) => break,
            Err(EngineError::Lock(LockError::Held { holder })) => {
                say!("links: another accesswatch checks them now{holder}");
                break;
            }
            Err(error) => return Err(error.into()),
        }
    }
    report.say();
    Ok(!report.unusable.is_empty())
}

/// What all batches did.
#[derive(Default)]
struct KeptReport {
    checked: usize,
    put_off: usize,
    queued: usize,
    host_events: usize,
    changes: Vec<crate::engine::link_watch::LinkChange>,
    unusable: BTreeMap<VantageId, String>,
}

impl KeptReport {
    /// Takes in a batch; returns whether the next one makes sense.
    fn add(&mut self, batch: LinkBatch) -> bool {
        let has_checked = batch.checked > 0;
        let goes_on = has_checked || batch.put_off > 0 || batch.queued > 0;
        self.checked += batch.checked;
        self.put_off += batch.put_off;
        self.queued += batch.queued;
        self.host_events += batch.host_events;
        self.changes.extend(batch.changes);
        self.unusable.extend(batch.unusable);
        messages::evidence(&batch.evidence_notes);
        if has_checked && self.checked > BATCH {
            say!("{} checked so far", count(self.checked as u64, "link"));
        }
        goes_on
    }

    fn say(&self) {
        for (vantage, why) in &self.unusable {
            say!("vantage {vantage}: {why}");
        }
        let changes = count(self.changes.len() as u64, "change");
        say!("{} checked, {changes}", count(self.checked as u64, "link"));
        if self.put_off > 0 {
            let waiting = count(self.put_off as u64, "link");
            say!(
                "{waiting} not checked: the hosts were just asked, and are left alone for minutes"
            );
        }
        if self.queued > 0 {
            say!("{} left to agents", count(self.queued as u64, "link"));
        }
        if self.host_events > 0 {
            say!(
                "{} failed as a whole: their links are checked again tomorrow before they count",
                count(self.host_events as u64, "host")
            );
        }
    }

    fn print(&self, args: &LinksCheckArgs) -> Result<Done, CliError> {
        let columns = ["link_id", "url", "from", "to", "kind", "code", "moved_to"];
        let mut table = OutputTable::typed(&columns.map(|name| (name, JsonKind::Text)));
        for change in &self.changes {
            let event = &change.event;
            table.push(vec![
                change.id.to_string(),
                clean::line(&change.url, 2000),
                event.from.to_string(),
                event.to.to_string(),
                event.kind.to_string(),
                event.code.map(|code| code.to_string()).unwrap_or_default(),
                event.moved_to.clone().unwrap_or_default(),
            ]);
        }
        table.print(args.format, "no link changed")?;
        self.say();
        let is_bad = |state| matches!(state, LinkState::Gone | LinkState::Blocked);
        Ok(if !self.unusable.is_empty() || self.put_off > 0 {
            Done::Partly
        } else if args.exit_code && self.changes.iter().any(|c| is_bad(c.event.to)) {
            Done::Regression
        } else {
            Done::Ok
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A batch whose links all wait is no reason to leave the links of other hosts unchecked.
    #[test]
    fn the_next_batch_follows_one_whose_links_wait() {
        let mut report = KeptReport::default();
        let put_off = LinkBatch {
            put_off: 3,
            ..LinkBatch::default()
        };
        let queued = LinkBatch {
            queued: 2,
            ..LinkBatch::default()
        };
        assert!(report.add(put_off));
        assert!(report.add(queued));
        assert!(!report.add(LinkBatch::default()));
        assert_eq!((report.put_off, report.queued), (3, 2));
    }
}
