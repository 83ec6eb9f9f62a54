//! Copies of our own: the page as it is served now, as a record of a check of the link whose
//! exchange is in a file of evidence. It is on disk before anything refers to it.

use std::sync::{Arc, Mutex};

use url::Url;

use super::step::SaveReport;
use crate::config::Workspace;
use crate::engine::copies::error::CopyError;
use crate::engine::copies::own_page::{PageToSave, written_copies};
use crate::engine::copies::reference::cited_page;
use crate::engine::error::EngineError;
use crate::engine::evidence::{self, WantedEvidence};
use crate::engine::link_record::link_record;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::evidence::EvidenceFiles;
use crate::evidence::warc::Series;
use crate::judge::Judge;
use crate::links::copies::{CaptureContext, JudgedCapture, judge_page};
use crate::model::clock::Clock;
use crate::model::copy::{CopyFilter, CopyJudgement, LinkToCopy};
use crate::model::link::{LinkId, LinkState};
use crate::model::source::StoreBody;
use crate::model::vantage::Via;
use crate::model::{Time, Vantage};
use crate::probe::Prober;
use crate::store::{Lock, LockScope, NewMeasurement, Store};

/// How many links are read from the store at once.
const BATCH: u32 = 200;

/// How long a batch of checks is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(600);

/// Saves links in WARC files.
pub struct OwnSaver<'a> {
    prober: Prober,
    judge: Judge,
    vantage: Vantage,
    files: Arc<Mutex<EvidenceFiles>>,
    store: &'a Store,
    clock: Arc<dyn Clock>,
    is_private: bool,
    unstored: UnstoredHosts,
    pause: std::time::Duration,
}

impl<'a> OwnSaver<'a> {
    /// Prepares the vantage. Sends and writes nothing.
    pub fn new(
        workspace: &Workspace,
        store: &'a Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CopyError> {
        let mut settings = workspace.settings.clone();
        settings.politeness.robots &= settings.links.robots;
        let vantage = settings.vantages.iter().find(|v| v.via != Via::Agent);
        let vantage = vantage.ok_or(CopyError::NoVantage)?.clone();
        let files = EvidenceFiles::new(&settings.store.evidence, Series::Copies);
        Ok(Self {
            prober: Prober::new(&settings, &workspace.dir, Arc::clone(&clock))?,
            judge: Judge::new(&workspace.catalogue, &workspace.signatures),
            vantage,
            files: Arc::new(Mutex::new(files)),
            store,
            clock,
            is_private: settings.links.private,
            unstored: UnstoredHosts::new(workspace),
            pause: settings.links.per_domain_interval,
        })
    }

    /// Saves the links of a document, or of all documents, that have no copy of our own.
    pub async fn run(&self, document: Option<i64>) -> Result<SaveReport, EngineError> {
        let mut report = SaveReport::default();
        let mut filter = CopyFilter {
            document,
            ..CopyFilter::default()
        };
        loop {
            let links = self.store.links_to_copy(filter, BATCH).await?;
            let Some(last) = links.last() else {
                return Ok(report);
            };
            filter.after = last.id;
            for link in links {
                let is_lost = matches!(link.state, LinkState::Gone | LinkState::Blocked);
                if !link.has_own && !is_lost {
                    self.save(&link, &mut report).await?;
                }
            }
        }
    }

    async fn save(&self, link: &LinkToCopy, report: &mut SaveReport) -> Result<(), EngineError> {
        let Ok(url) = Url::parse(&link.url) else {
            return Ok(());
        };
        if self.unstored.policy(&link.url) == StoreBody::Never {
            return Ok(()); // The licence of its source allows no copy.
        }
        let mut page = self
            .prober
            .fetch_link(&url, &self.vantage, !self.is_private)
            .await;
        if !self.pause.is_zero() {
            self.clock.sleep(self.pause).await;
        }
        if self.unstored.of_page(&page) == StoreBody::Never {
            return Ok(()); // It leads to a source whose licence allows no copy.
        }
        let now = self.clock.now();
        let known = self.store.cited_pages(vec![link.id]).await?;
        let known = known.get(&link.id);
        let reference = known.and_then(|known| cited_page(known, link.cited_on));
        let context = CaptureContext {
            link: &url,
            cited_on: link.cited_on,
            passages: &link.passages,
            reference: reference.as_deref(),
            rot: &[],
        };
        let judged = judge_page(&self.judge, &page, Some(now), &context);
        if judged.judged == CopyJudgement::Bad {
            report.counts.failed += 1;
            return Ok(());
        }
        page.set_link(LinkId(link.id));
        let record = link_record(&self.judge, &self.unstored, page, now);
        let is_saved = match record {
            Some(record) => self.write(link, record, judged, now, report).await?,
            None => false,
        };
        report.counts.saved += u64::from(is_saved);
        report.counts.failed += u64::from(!is_saved);
        Ok(())
    }

    /// Keeps the record, writes its exchange, and keeps the copy when that is on disk.
    async fn write(
        &self,
        link: &LinkToCopy,
        record: NewMeasurement,
        judged: JudgedCapture,
        now: Time,
        report: &mut SaveReport,
    ) -> Result<bool, EngineError> {
        let Some(uid) = record.measurement.measurement_uid.clone() else {
            return Ok(false);
        };
        self.store.add(vec![record]).await?;
        let wanted = WantedEvidence {
            cited: vec![uid.clone()],
            ..WantedEvidence::default()
        };
        let vantages = vec![self.vantage.clone()];
        // Checks of links write copies too, and a file has one writer at a time.
        let path = self.store.path();
        let _lock = Lock::wait(PATIENCE, LockScope::Links, path, "links copies", now).await?;
        let written = evidence::write(self.store, &self.files, vantages, wanted, now).await?;
        written.notes.into_iter().for_each(|note| report.note(note));
        let page = PageToSave {
            link: link.id,
            cited_on: link.cited_on,
            record: uid,
            judged,
        };
        let Some(own) = written_copies(vec![page], &written.new).pop() else {
            self.store.add_evidence(written.new).await?;
            return Ok(false);
        };
        self.store
            .add_own_copy(own.link, own.cited_on, own.copy, written.new, now)
            .await?;
        evidence::committed(&self.files);
        Ok(true)
    }
}
