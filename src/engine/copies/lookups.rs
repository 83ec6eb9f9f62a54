//! The links of the store whose copies are looked up: one after the other, each kept as soon as it
//! is judged.

use url::Url;

use super::finder::{CopyFinder, CopyQuestion};
use super::reference::cited_page;
use crate::config::Workspace;
use crate::engine::error::EngineError;
use crate::links::identity;
use crate::links::rules::LinkRules;
use crate::model::copy::{CopyFilter, CopyJudgement, LinkToCopy, MadeLookup};
use crate::store::{PageFinding, Store};

/// How many links are read from the store at once.
const BATCH: u32 = 200;

/// What look-ups found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LookupReport {
    pub links: u64,
    /// Links with a good copy.
    pub good: u64,
    /// Links whose only copy is far from the day of citing.
    pub far: u64,
    /// Links whose look-up is made again, because an archive did not answer.
    pub put_off: u64,
}

/// Looks up the copies of the links that `filter` names, at most `most`; `progress` is called after
/// each link.
pub async fn look_up(
    finder: &CopyFinder,
    store: &Store,
    workspace: &Workspace,
    filter: CopyFilter,
    most: u64,
    mut progress: impl FnMut(&LookupReport),
) -> Result<LookupReport, EngineError> {
    let mut report = LookupReport::default();
    let mut filter = filter;
    loop {
        let links = store.links_to_copy(filter, BATCH).await?;
        let Some(last) = links.last() else {
            return Ok(report);
        };
        filter.after = last.id;
        for link in links {
            if report.links >= most {
                return Ok(report);
            }
            look_up_one(finder, store, workspace, &link, &mut report).await?;
            progress(&report);
        }
    }
}

async fn look_up_one(
    finder: &CopyFinder,
    store: &Store,
    workspace: &Workspace,
    link: &LinkToCopy,
    report: &mut LookupReport,
) -> Result<(), EngineError> {
    report.links += 1;
    let proxies = &workspace.settings.links.proxy_suffix;
    let Some(mut question) = question(link, proxies) else {
        return Ok(());
    };
    let known = store.cited_pages(vec![link.id]).await?;
    let known = known.get(&link.id);
    question.reference = known.and_then(|known| cited_page(known, link.cited_on));
    let answer = finder.find(&question).await;
    match answer.chosen(link.cited_on).and_then(|copy| copy.judged) {
        Some(CopyJudgement::Good) => report.good += 1,
        Some(_) => report.far += 1,
        None => {}
    }
    report.put_off += u64::from(answer.retry_at.is_some());
    let now = finder.clock.now();
    let lookup = MadeLookup {
        at: now,
        retry_at: answer.retry_at,
    };
    store
        .put_copies(link.id, link.cited_on, answer.copies, Some(lookup), now)
        .await?;
    if let Some(reference) = answer.reference {
        let found = PageFinding::Reference(Box::new(reference));
        store
            .keep_page_findings(vec![(link.id, found)], now)
            .await?;
    }
    if answer.retry_at.is_some() {
        finder.keep_rests(store).await?;
    }
    Ok(())
}

/// What is asked of archives for a link of the store.
fn question(link: &LinkToCopy, proxy_suffix: &[String]) -> Option<CopyQuestion> {
    let url = Url::parse(&link.url).ok()?;
    let written = link.written.iter();
    let cited = written.filter_map(|url| {
        identity::resolve(url, LinkRules::shipped(), proxy_suffix)
            .ok()?
            .copy
    });
    Some(CopyQuestion {
        cited_on: link.cited_on,
        passages: link.passages.clone(),
        cited: cited.collect(),
        bad: link.bad.clone(),
        ..CopyQuestion::of_link(url)
    })
}
