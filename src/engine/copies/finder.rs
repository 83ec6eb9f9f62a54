//! What copies are looked up with, and how one capture is fetched and judged.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::archives::{Archives, Resting, retry_after};
use crate::config::Workspace;
use crate::engine::copies::error::CopyError;
use crate::engine::error::EngineError;
use crate::judge::Judge;
use crate::judge::drift::LinkReference;
use crate::links::copies::link_format::http_date;
use crate::links::copies::{Candidate, CaptureContext, judge_capture, memento};
use crate::links::wrappers::CitedCopy;
use crate::model::citation::PartialDate;
use crate::model::clock::Clock;
use crate::model::copy::{CopyJudgement, CopySettings, NewCopy, choose};
use crate::model::reference::Reference;
use crate::model::vantage::Via;
use crate::model::{Measurement, Time, Vantage};
use crate::net::inside::is_inside_host;
use crate::net::service_client;
use crate::probe::Prober;
use crate::store::Store;
use crate::text::page_text::PageContent;

/// Redirects from an inexact time to the exact one.
const MAX_REDIRECTS: usize = 3;
/// The time limit of one request to an archive.
const LIMIT: Duration = Duration::from_secs(30);
/// The hosts of the Wayback Machine's captures.
const WAYBACK_HOSTS: [&str; 2] = ["web.archive.org", "wayback.archive.org"];

/// A link whose copies are looked up.
#[derive(Debug, Clone)]
pub struct CopyQuestion {
    pub url: Url,
    pub cited_on: Option<PartialDate>,
    pub passages: Vec<String>,
    /// The page as it was cited, where it is known.
    pub reference: Option<Arc<PageContent>>,
    /// Copies that documents cite.
    pub cited: Vec<CitedCopy>,
    /// Pages that are at the address now that the page is gone.
    pub rot: Vec<Reference>,
    /// Copies that were judged bad before.
    pub bad: Vec<String>,
}

impl CopyQuestion {
    /// For a link of which only the address is known.
    #[must_use]
    pub fn of_link(url: Url) -> Self {
        Self {
            url,
            cited_on: None,
            passages: Vec::new(),
            reference: None,
            cited: Vec::new(),
            rot: Vec::new(),
            bad: Vec::new(),
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct CopyAnswer {
    /// All captures that were fetched, and the cited ones that may not be fetched.
    pub copies: Vec<NewCopy>,
    /// The page as it was cited, as the best of the copies shows it.
    pub reference: Option<LinkReference>,
    /// An archive is left alone: when the look-up is tried again.
    pub retry_at: Option<Time>,
}

/// A capture that was fetched.
pub(super) struct JudgedCopy {
    pub(super) copy: NewCopy,
    /// What the captured page says.
    pub(super) text: PageContent,
}

impl CopyAnswer {
    /// The copy that stands for the link.
    #[must_use]
    pub fn chosen(&self, cited_on: Option<PartialDate>) -> Option<&NewCopy> {
        choose(&self.copies, cited_on).map(|at| &self.copies[at])
    }

    pub(super) fn is_late(&mut self, resting: Resting) {
        let until = self
            .retry_at
            .map_or(resting.until, |at| at.min(resting.until));
        self.retry_at = Some(until);
    }
}

/// Looks up copies.
pub struct CopyFinder {
    pub(super) archives: Archives,
    prober: Prober,
    judge: Judge,
    vantage: Vantage,
    settings: CopySettings,
    /// Links of the local network are links like any other.
    is_private: bool,
    pub(super) clock: Arc<dyn Clock>,
}

impl CopyFinder {
    pub fn new(workspace: &Workspace, clock: Arc<dyn Clock>) -> Result<Self, CopyError> {
        let mut settings = workspace.settings.clone();
        // Archives give their captures to programs; their limits are kept instead.
        settings.politeness.robots = false;
        let vantages = settings.vantages.iter();
        let vantage = vantages.clone().find(|v| v.via != Via::Agent);
        let vantage = vantage.ok_or(CopyError::NoVantage)?.clone();
        settings.vantages = vec![vantage.clone()];
        let prober = Prober::new(&settings, &workspace.dir, Arc::clone(&clock))?;
        let client = service_client(LIMIT).map_err(|error| CopyError::Client(error.to_string()))?;
        let is_private = settings.links.private;
        let copies = settings.links.copies;
        Ok(Self {
            is_private,
            archives: Archives::new(&copies, client, Arc::clone(&clock)),
            prober,
            judge: Judge::new(&workspace.catalogue, &workspace.signatures),
            vantage,
            settings: copies,
            clock,
        })
    }

    /// A finder that also leaves those archives alone that another process with this store left
    /// alone.
    pub async fn for_store(
        workspace: &Workspace,
        store: &Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EngineError> {
        let finder = Self::new(workspace, clock)?;
        for (name, until) in store.archive_rests().await? {
            if let Some(at) = finder.archives.named(&name) {
                finder.archives.rest(at, Some(until)).await;
            }
        }
        Ok(finder)
    }

    /// Keeps which archives are left alone, for other processes.
    pub async fn keep_rests(&self, store: &Store) -> Result<(), EngineError> {
        let rests = self.archives.all_rests().await;
        Ok(store.save_archive_rests(rests, self.clock.now()).await?)
    }

    /// Whether archives may learn of an address: those of the local network stay here.
    pub(super) fn may_ask(&self, link: &Url) -> bool {
        self.is_private || link.host().is_some_and(|host| !is_inside_host(&host))
    }

    /// Fetches a capture and judges it.
    pub(super) async fn look(
        &self,
        candidate: &Candidate,
        question: &CopyQuestion,
    ) -> Result<JudgedCopy, Resting> {
        let mut copy = candidate.copy(Some(CopyJudgement::Bad));
        Ok(match self.capture(candidate).await? {
            Some((page, time)) => {
                copy.time = time.or(copy.time);
                self.judged(copy, page, question)
            }
            None => JudgedCopy {
                copy,
                text: PageContent::default(),
            },
        })
    }

    /// The copy with the judgement of what the archive holds.
    pub(super) fn judged(
        &self,
        mut copy: NewCopy,
        page: Measurement,
        question: &CopyQuestion,
    ) -> JudgedCopy {
        let context = CaptureContext {
            link: &question.url,
            cited_on: question.cited_on,
            passages: &question.passages,
            reference: question.reference.as_deref(),
            rot: &question.rot,
        };
        let judged = judge_capture(&self.judge, page, copy.time, &context);
        copy.judged = Some(judged.judged);
        copy.code = Some(judged.code.to_string());
        copy.body_sha256 = judged.body_sha256;
        JudgedCopy {
            copy,
            text: judged.text,
        }
    }

    /// The answer to a capture's address, with the time that the archive states; `None` when the
    /// archive does not have it.
    async fn capture(
        &self,
        candidate: &Candidate,
    ) -> Result<Option<(Measurement, Option<Time>)>, Resting> {
        let framed = self.at_api(&candidate.url);
        let raw = memento::raw(&framed);
        let mut forms = vec![raw];
        if forms[0] != framed {
            forms.push(framed);
        }
        let mut found = None;
        for form in forms {
            found = self.playback(candidate, form).await?;
            // A raw capture may have a body that cannot be decoded.
            let is_whole = |m: &Measurement| m.last_request().is_some_and(|r| r.failure.is_none());
            if found.as_ref().is_some_and(|(page, _)| is_whole(page)) {
                break;
            }
        }
        Ok(found)
    }

    async fn playback(
        &self,
        candidate: &Candidate,
        mut url: Url,
    ) -> Result<Option<(Measurement, Option<Time>)>, Resting> {
        for _ in 0..=MAX_REDIRECTS {
            let public_only = !self.is_named(&url);
            let fetched = self
                .prober
                .fetch_capture(&url, &self.vantage, public_only)
                .await;
            let last = fetched.last_request();
            let header = |name| last.and_then(|r| r.response.header(name));
            let status = fetched.http_status();
            let stated = header("memento-datetime").and_then(http_date);
            if stated.is_some() {
                return Ok(Some((fetched, stated)));
            }
            match status {
                Some(300..=399) => {
                    let next = header("location").and_then(|to| memento::offered(&url, to));
                    match next.filter(|next| memento::is_same_host(next, &url)) {
                        Some(next) => url = next,
                        None => return Ok(None),
                    }
                }
                // A page without the time of its capture is the archive's own.
                Some(200..=299 | 400 | 403 | 404 | 410 | 451) => return Ok(None),
                status => {
                    tracing::info!("archive {}: status {status:?}", candidate.archive);
                    let quiet = header("retry-after");
                    let quiet = quiet.and_then(|text| retry_after(text, self.clock.now()));
                    return Err(match self.archives.named(&candidate.archive) {
                        Some(at) => self.archives.rest(at, quiet).await,
                        None => self.archives.later(quiet),
                    });
                }
            }
        }
        Ok(None)
    }

    /// Whether the operator names the host of an address as an archive's.
    fn is_named(&self, url: &Url) -> bool {
        let archives = self.settings.archives.iter().map(|a| &a.timegate);
        let named = archives.chain(&self.settings.wayback_api);
        named.map(Url::origin).any(|own| own == url.origin())
    }

    /// A capture of the Wayback Machine, at the installation that is configured.
    fn at_api(&self, url: &Url) -> Url {
        let is_wayback = url
            .host_str()
            .is_some_and(|host| WAYBACK_HOSTS.contains(&host));
        let Some(api) = self.settings.wayback_api.as_ref().filter(|_| is_wayback) else {
            return url.clone();
        };
        let rest = &url[url::Position::BeforePath..];
        let base = &api[..url::Position::BeforePath];
        Url::parse(&format!("{base}{rest}")).unwrap_or_else(|_| url.clone())
    }
}
