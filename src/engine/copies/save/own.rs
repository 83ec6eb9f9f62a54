//! Copies of our own: the page as it is served now, in a WARC file. It is on disk before anything
//! refers to it.

use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::step::SaveReport;
use crate::config::Workspace;
use crate::engine::copies::finder::CopyError;
use crate::engine::error::EngineError;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::evidence::EvidenceFiles;
use crate::evidence::exchange::{self, Kept};
use crate::evidence::warc::{Record, RecordKind, Series};
use crate::judge::Judge;
use crate::links::copies::{CaptureContext, JudgedCapture, judge_page};
use crate::model::clock::Clock;
use crate::model::copy::{CopyFilter, CopyJudgement, CopyKind, LinkToCopy, NewCopy};
use crate::model::link::{LinkId, LinkState};
use crate::model::source::StoreBody;
use crate::model::vantage::Via;
use crate::model::{Measurement, ProbeKey, Time, Vantage};
use crate::probe::Prober;
use crate::store::{EvidenceExchange, EvidenceRecord, NewEvidence, Store};

/// Links that are read from the store at once.
const BATCH: u32 = 200;
/// As tables name our own copies.
const ARCHIVE: &str = "accesswatch";

/// Saves links in WARC files.
pub struct OwnSaver<'a> {
    prober: Prober,
    judge: Judge,
    vantage: Vantage,
    files: EvidenceFiles,
    store: &'a Store,
    clock: Arc<dyn Clock>,
    is_private: bool,
    unstored: UnstoredHosts,
    pause: std::time::Duration,
}

impl<'a> OwnSaver<'a> {
    /// Takes up what an earlier process left at the end of its file.
    pub async fn new(
        workspace: &Workspace,
        store: &'a Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CopyError> {
        let mut settings = workspace.settings.clone();
        settings.politeness.robots &= settings.links.robots;
        let vantage = settings.vantages.iter().find(|v| v.via != Via::Agent);
        let vantage = vantage.ok_or(CopyError::NoVantage)?.clone();
        let folder: &Path = &settings.store.evidence;
        let mut files = EvidenceFiles::new(folder, Series::Copies);
        let known = store
            .with_reader(crate::store::Reader::evidence_files)
            .await;
        let known = known.map_err(|error| CopyError::Files(error.to_string()))?;
        files
            .recover(&known)
            .map_err(|error| CopyError::Files(error.to_string()))?;
        Ok(Self {
            prober: Prober::new(&settings, &workspace.dir, Arc::clone(&clock))?,
            judge: Judge::new(&workspace.catalogue, &workspace.signatures),
            vantage,
            files,
            store,
            clock,
            is_private: settings.links.private,
            unstored: UnstoredHosts::new(workspace),
            pause: settings.links.per_domain_interval,
        })
    }

    /// Saves the links of a document, or of all documents, that have no copy of our own.
    pub async fn run(&mut self, document: Option<i64>) -> Result<SaveReport, EngineError> {
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

    async fn save(
        &mut self,
        link: &LinkToCopy,
        report: &mut SaveReport,
    ) -> Result<(), EngineError> {
        let Ok(url) = Url::parse(&link.url) else {
            return Ok(());
        };
        if self.unstored.policy(&link.url) == StoreBody::Never {
            return Ok(()); // The licence of its source allows no copy.
        }
        let page = self
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
        let context = CaptureContext {
            link: &url,
            cited_on: link.cited_on,
            passages: &link.passages,
            reference: None,
            rot: &[],
        };
        let judged = judge_page(&self.judge, &page, Some(now), &context);
        if judged.judged == CopyJudgement::Bad {
            report.counts.failed += 1;
            return Ok(());
        }
        match self.write(&page, &judged, link.id, now) {
            Ok((exchange, copy)) => {
                let evidence = NewEvidence {
                    exchanges: vec![exchange],
                    ..NewEvidence::default()
                };
                self.store
                    .add_own_copy(link.id, link.cited_on, copy, evidence, now)
                    .await?;
                self.files.committed();
                report.counts.saved += 1;
            }
            Err(why) => {
                report.counts.failed += 1;
                report.note(why);
            }
        }
        Ok(())
    }

    /// Writes the exchange, and returns when it is on disk.
    fn write(
        &mut self,
        page: &Measurement,
        judged: &JudgedCapture,
        link: i64,
        now: Time,
    ) -> Result<(EvidenceExchange, NewCopy), String> {
        let uid = page.measurement_uid.clone().ok_or("the record has no id")?;
        let kept = Kept {
            measurement: page,
            observed: None,
            without_body: None,
            vantage: Some(&self.vantage),
        };
        let mut exchange = EvidenceExchange {
            uid,
            link: Some(LinkId(link)),
            probe: ProbeKey::new("", ""),
            vantage: self.vantage.id.clone(),
            at: page.started(),
            code: judged.code,
            records: Vec::new(),
        };
        let mut hop = 0;
        for record in exchange::records(&kept, |_| None) {
            let place = self.files.append(&record, now);
            let place = place.map_err(|error| error.to_string())?;
            exchange.records.push(EvidenceRecord {
                id: record.id().to_string(),
                hop,
                kind: record.kind().as_str().to_owned(),
                url: target(&record),
                at: record.date(),
                payload: record.field("WARC-Payload-Digest").map(str::to_owned),
                refers_to: None,
                file: place.file,
                offset: place.offset,
                length: place.length,
            });
            hop += u32::from(record.kind() == RecordKind::Request);
        }
        self.files.sync().map_err(|error| error.to_string())?;
        let main = crate::store::main_record(&exchange.records);
        let main = main.ok_or("the exchange has no record")?;
        let copy = own_copy_of(main, page.started(), judged);
        Ok((exchange, copy))
    }
}

/// A page whose exchange is on disk, as a copy: `record` holds the answer.
pub(in crate::engine) fn own_copy_of(
    record: &EvidenceRecord,
    at: Time,
    judged: &JudgedCapture,
) -> NewCopy {
    NewCopy {
        archive: ARCHIVE.to_owned(),
        url: record.id.clone(),
        time: Some(at),
        judged: Some(judged.judged),
        code: Some(judged.code.to_string()),
        kind: CopyKind::Own,
        job: None,
        body_sha256: judged.body_sha256.clone(),
    }
}

fn target(record: &Record) -> String {
    let url = record.field("WARC-Target-URI").unwrap_or_default();
    let url = url.strip_prefix(exchange::METADATA_OF).unwrap_or(url);
    url.to_owned()
}
