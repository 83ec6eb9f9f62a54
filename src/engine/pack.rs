//! The pack of an incident: one file to hand on, with what is kept of it and what is needed to check it
//! (evidence.md section 3).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::alert::MailContext;
use crate::alert::compose::{self, Preview};
use crate::alert::headers::BadAddress;
use crate::config::Workspace;
use crate::evidence::chain;
use crate::evidence::pack::{Pack, PackDescription, PackError, Page};
use crate::evidence::proof::InclusionProof;
use crate::evidence::warc::WarcReader;
use crate::i18n::verdict;
use crate::model::day_chain::Hash;
use crate::model::settings::Language;
use crate::model::{Incident, MeasurementUid, Time};
use crate::store::{
    DayLeaves, EntryContent, EvidenceExchange, EvidenceFilter, EvidenceRecord, Reader, StoreError,
    main_record,
};

/// Mails of one incident that a pack holds.
const MAX_MAILS: u32 = 100_000;

/// A pack could not be made.
#[derive(Debug, Error)]
pub enum IncidentPackError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error("{0}")]
    Mail(#[from] BadAddress),
    #[error("{path}: cannot be read ({source}); put the file back from a backup")]
    Evidence { path: PathBuf, source: io::Error },
    #[error("the proofs cannot be written ({0})")]
    Json(#[from] serde_json::Error),
}

/// What is packed, from what.
#[derive(Clone, Copy)]
pub struct IncidentPack<'a> {
    pub workspace: &'a Workspace,
    pub reader: &'a Reader,
    pub incident: &'a Incident,
    /// `None`: that of the first reader.
    pub language: Option<Language>,
    pub now: Time,
}

impl IncidentPack<'_> {
    /// Writes the pack to `output`.
    pub fn write<W: Write + Seek>(&self, output: W) -> Result<W, IncidentPackError> {
        let preview = self.preview()?;
        let uids = self.uids()?;
        let filter = EvidenceFilter {
            uids: Some(uids.iter().cloned().collect()),
            ..EvidenceFilter::default()
        };
        let exchanges = self.reader.evidence(&filter)?;
        let language = self.language.unwrap_or_default();
        let about = PackDescription {
            title: preview.subject.clone(),
            description: verdict::short(language, self.incident.to).to_owned(),
            created: self.now,
            pages: self.pages(&exchanges, language),
        };
        let mut pack = Pack::new(output, &about, &self.members(&exchanges)?)?;
        self.add_records(&mut pack, &uids)?;
        pack.file("incident.html", preview.html.as_bytes())?;
        pack.file("method.html", method(language).as_bytes())?;
        self.add_mails(&mut pack)?;
        Ok(pack.finish(&about)?)
    }

    fn preview(&self) -> Result<Preview, IncidentPackError> {
        let reader = self.reader;
        let tracker = reader.tracker_state()?;
        let context = MailContext {
            tracker: &tracker,
            outcome: None,
            catalogue: &self.workspace.catalogue,
            settings: &self.workspace.settings,
            notes: &reader.notes()?,
            hashes: &reader.body_hashes(&self.incident.evidence)?,
            records: &reader.evidence_ids(&self.incident.evidence)?,
            now: self.now,
        };
        Ok(compose::preview_in(self.incident, &context, self.language)?)
    }

    /// What the incident rests on, with the last healthy measurements before it.
    fn uids(&self) -> Result<Vec<MeasurementUid>, IncidentPackError> {
        let own = &self.incident.evidence;
        let changes = self.reader.status_changes(own)?;
        let healthy = changes.into_iter().filter_map(|change| change.healthy);
        let mut seen = BTreeSet::new();
        let mut uids: Vec<MeasurementUid> = healthy.chain(own.iter().cloned()).collect();
        uids.retain(|uid| seen.insert(uid.clone()));
        Ok(uids)
    }

    /// The pages that a reader is led to: first what decided, then what was there before.
    fn pages(&self, exchanges: &[EvidenceExchange], language: Language) -> Vec<Page> {
        let is_own = |exchange: &&EvidenceExchange| self.incident.evidence.contains(&exchange.uid);
        let (own, healthy): (Vec<_>, Vec<_>) = exchanges.iter().partition(is_own);
        let page = |exchange: &EvidenceExchange| {
            let main = main_record(&exchange.records)?;
            let is_page = matches!(main.kind.as_str(), "response" | "revisit");
            is_page.then(|| Page {
                url: main.url.clone(),
                title: format!(
                    "{}, {}: {}",
                    exchange.probe,
                    exchange.vantage,
                    verdict::short(language, exchange.code)
                ),
                at: main.at,
            })
        };
        own.into_iter().chain(healthy).filter_map(page).collect()
    }

    /// The gzip members of the exchanges, with the records that revisits refer to.
    fn members(&self, exchanges: &[EvidenceExchange]) -> Result<Vec<Vec<u8>>, IncidentPackError> {
        let root = &self.workspace.settings.store.evidence;
        let mut members = Vec::new();
        let mut seen = BTreeSet::new();
        for record in exchanges.iter().flat_map(|exchange| &exchange.records) {
            if let Some(id) = &record.refers_to
                && let Some(held) = self.reader.evidence_record(id)?
                && seen.insert(held.id.clone())
            {
                members.push(member(root, &held)?);
            }
            if seen.insert(record.id.clone()) {
                members.push(member(root, record)?);
            }
        }
        Ok(members)
    }

    /// The records and controls as lines, their proofs, and the day chain with its time stamps.
    fn add_records<W: Write + Seek>(
        &self,
        pack: &mut Pack<W>,
        uids: &[MeasurementUid],
    ) -> Result<(), IncidentPackError> {
        let mut wanted = uids.to_vec();
        for uid in uids {
            wanted.extend(self.reader.controls_of(uid)?);
        }
        let mut seen = BTreeSet::new();
        wanted.retain(|uid| seen.insert(uid.clone()));
        let days = self.reader.closed_days()?;
        let mut leaves: BTreeMap<chrono::NaiveDate, DayLeaves> = BTreeMap::new();
        let (mut lines, mut proofs) = (Vec::new(), Vec::new());
        for uid in wanted {
            let Some(entry) = self.reader.entry(&uid)? else {
                continue;
            };
            let (EntryContent::Line(line), Some(leaf)) = (entry.content, entry.leaf) else {
                continue;
            };
            let closed = entry
                .day
                .filter(|day| days.iter().any(|c| c.day.day == *day));
            let proof = match closed {
                None => InclusionProof::new(uid.as_str(), None, &[leaf], 0),
                Some(day) => {
                    let leaves = match leaves.entry(day) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(new) => new.insert(self.reader.day_leaves(day)?),
                    };
                    proof(&uid, day, leaves)
                }
            };
            if let Some(proof) = proof {
                lines.extend_from_slice(&line);
                lines.push(b'\n');
                proofs.push(proof);
            }
        }
        pack.file("records.jsonl", &lines)?;
        pack.file("proof.json", &serde_json::to_vec_pretty(&proofs)?)?;
        let rows = days.iter().map(|closed| closed.day.line() + "\n");
        let table = format!("{}\n{}", chain::HEAD.join(","), rows.collect::<String>());
        pack.file("chain.csv", table.as_bytes())?;
        let folder = self.workspace.settings.store.evidence.join("tsr");
        for closed in &days {
            let name = format!("{}.tsr", closed.day.day);
            if let Ok(stamp) = std::fs::read(folder.join(&name)) {
                pack.file(&name, &stamp)?;
            }
        }
        Ok(())
    }

    /// The mails as they were sent, oldest first.
    fn add_mails<W: Write + Seek>(&self, pack: &mut Pack<W>) -> Result<(), IncidentPackError> {
        let mut mails = self.reader.sent(MAX_MAILS)?;
        mails.retain(|mail| mail.sent.is_some() && mail.incidents.contains(&self.incident.id));
        mails.sort_by_key(|mail| (mail.sent, mail.id));
        for (number, mail) in (1..).zip(&mails) {
            pack.file(&format!("mail-{number}.eml"), &mail.eml)?;
        }
        Ok(())
    }
}

fn proof(
    uid: &MeasurementUid,
    day: chrono::NaiveDate,
    leaves: &DayLeaves,
) -> Option<InclusionProof> {
    let index = leaves.records.iter().position(|(known, _)| known == uid)?;
    let all: Vec<Hash> = leaves.all();
    InclusionProof::new(uid.as_str(), Some(day), &all, index)
}

fn member(root: &Path, record: &EvidenceRecord) -> Result<Vec<u8>, IncidentPackError> {
    let path = root.join(&record.file);
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(record.offset))?;
        let mut bytes = Vec::new();
        file.take(record.length).read_to_end(&mut bytes)?;
        // What is handed on is what was written: the place is not trusted.
        match WarcReader::new(bytes.as_slice()).next() {
            Some(Ok(entry)) if entry.id() == record.id && entry.broken_digest().is_none() => {
                Ok(bytes)
            }
            _ => {
                let what = format!(
                    "record {} does not stand at byte {}",
                    record.id, record.offset
                );
                Err(io::Error::new(io::ErrorKind::InvalidData, what))
            }
        }
    };
    read().map_err(|source| IncidentPackError::Evidence {
        path: path.clone(),
        source,
    })
}

/// How what is in a pack was measured, and how it is checked.
fn method(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../../templates/pack/method.en.html"),
        Language::Ko => include_str!("../../templates/pack/method.ko.html"),
        Language::Zh => include_str!("../../templates/pack/method.zh.html"),
    }
}
