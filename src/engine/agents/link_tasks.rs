//! The cited links that an agent checks: which it gets, and the records that come back. The process
//! that checks links takes these in (`engine::link_watch`).

use crate::config::Workspace;
use crate::engine::error::EngineError;
use crate::engine::link_check::checks_links;
use crate::engine::link_watch::choose::Choice;
use crate::links::identity;
use crate::links::rules::LinkRules;
use crate::model::link::LinkId;
use crate::model::link_status::WatchedLink;
use crate::model::link_task::LinkTask;
use crate::model::settings::LinkSettings;
use crate::model::{Measurement, Time, Vantage, VantageId};
use crate::store::{Reader, Store, StoreError};

/// The links that an agent gets: those that have waited longest, a few of each domain, within the
/// checks of a day.
pub fn choose(
    reader: &Reader,
    settings: &LinkSettings,
    vantage: &Vantage,
    now: Time,
    most: usize,
) -> Result<Vec<LinkId>, StoreError> {
    if !checks_links(vantage, &settings.vantages) {
        return Ok(Vec::new());
    }
    let made = reader.link_checks_of(&vantage.id, now)?;
    let left = usize::try_from(settings.daily.saturating_sub(made)).unwrap_or(usize::MAX);
    let most = most.min(left);
    let mut choice = Choice::default();
    if most > 0 {
        reader.visit_free_links(&vantage.id, now, &mut |id, host| choice.add(id, host, most))?;
    }
    Ok(choice.ids)
}

/// The tasks for links; one without an address that can be fetched is left out.
#[must_use]
pub fn tasks(links: &[WatchedLink], settings: &LinkSettings, vantage: &VantageId) -> Vec<LinkTask> {
    let resolve = |url: &str| {
        let target = identity::resolve(url, LinkRules::shipped(), &settings.proxy_suffix);
        target.ok().filter(|target| !target.is_unfetchable)
    };
    let task = |link: &WatchedLink| {
        let alternative = link.alternative.as_deref().and_then(resolve);
        Some(LinkTask {
            link: link.id,
            url: resolve(&link.url)?.url.into(),
            alternative: alternative.map(|target| target.url.into()),
            seen: link.status.view(vantage).map(|view| view.observation),
        })
    };
    links.iter().filter_map(task).collect()
}

/// Takes in the records of checks of links.
pub(in crate::engine) struct LinkIntake<'a> {
    store: &'a Store,
    vantage: &'a VantageId,
    /// The vantage may check links.
    is_open: bool,
    pub(in crate::engine) new: u64,
    pub(in crate::engine) known: u64,
}

impl<'a> LinkIntake<'a> {
    /// For the records of one vantage.
    pub(in crate::engine) fn new(
        workspace: &Workspace,
        store: &'a Store,
        vantage: &'a VantageId,
    ) -> Self {
        let settings = &workspace.settings;
        let mut vantages = settings.vantages.iter().filter(|v| v.id == *vantage);
        Self {
            store,
            vantage,
            is_open: vantages.any(|v| checks_links(v, &settings.links.vantages)),
            new: 0,
            known: 0,
        }
    }

    /// Keeps a record, or says why it is refused.
    pub(in crate::engine) async fn add(
        &mut self,
        measurement: Measurement,
    ) -> Result<Option<&'static str>, EngineError> {
        let (Some(extra), Some(link)) = (measurement.extra(), measurement.link()) else {
            return Ok(Some("the record is of no link"));
        };
        if extra.vantage != *self.vantage {
            return Ok(Some("the record is of another vantage than the token"));
        }
        if !self.is_open {
            return Ok(Some("the vantage does not check links"));
        }
        let Some(uid) = measurement.measurement_uid.clone() else {
            return Ok(Some("the record has no `measurement_uid`"));
        };
        match self.store.add_link_result(uid, link, measurement).await? {
            Some(true) => self.new += 1,
            Some(false) => self.known += 1,
            None => return Ok(Some("the record is of no link here")),
        }
        Ok(None)
    }
}
