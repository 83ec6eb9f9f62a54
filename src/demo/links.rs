//! The links of the demo's report: imported, checked through the story, and compared with it.

use crate::config::Workspace;
use crate::engine::Engine;
use crate::engine::link_import::{self, ImportOptions};
use crate::engine::link_watch::LinkWatcher;
use crate::model::Time;
use crate::model::document::LinkFilter;
use crate::model::link::{LinkId, LinkState};
use crate::store::Store;

use super::cited::{CITED, CitedScene};
use super::error::DemoError;

/// Where the report stands in the workspace.
pub const REPORT: &str = "documents/reading-list.md";

/// A cited page and the states that were reported of its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkComparison {
    pub says: &'static str,
    /// The states one after the other, with when each began.
    pub states: Vec<(Time, LinkState)>,
    /// The states are those of the scene.
    pub agrees: bool,
}

/// Imports the report as a watched document.
pub(super) async fn import(
    workspace: &Workspace,
    store: &Store,
    now: Time,
) -> Result<(), DemoError> {
    let options = ImportOptions {
        is_watched: true,
        ..ImportOptions::default()
    };
    let files = vec![workspace.dir.join(REPORT)];
    link_import::import(workspace, store, files, &options, now).await?;
    Ok(())
}

/// Makes what checks the links.
pub(super) async fn watcher(engine: &Engine) -> Result<LinkWatcher, DemoError> {
    Ok(LinkWatcher::for_engine(engine, None).await?)
}

/// Checks the links that are due.
pub(super) async fn check(watcher: &mut LinkWatcher) -> Result<(), DemoError> {
    while let Some(batch) = watcher.check_due().await? {
        if batch.checked == 0 {
            break;
        }
    }
    Ok(())
}

/// One row per cited page.
pub(super) async fn compare(store: &Store) -> Result<Vec<LinkComparison>, DemoError> {
    let links = store.links(LinkFilter::default()).await?;
    let mut rows = Vec::new();
    for scene in &CITED {
        let found = links.iter().find(|link| is_of(scene, &link.url));
        let mut states = Vec::new();
        if let Some(link) = found {
            let (_, events) = store.link_history(LinkId(link.id)).await?;
            let changes = events.iter().rev();
            states.extend(changes.filter_map(|event| Some((event.at, event.to?))));
        }
        let seen = states.iter().map(|(_, state)| state);
        rows.push(LinkComparison {
            says: scene.says,
            agrees: seen.eq(scene.expect) && links.len() == CITED.len(),
            states,
        });
    }
    Ok(rows)
}

fn is_of(scene: &CitedScene, url: &str) -> bool {
    let path = url::Url::parse(url).map(|url| url.path().to_owned());
    path.is_ok_and(|path| path == scene.path.unwrap_or("/"))
}
