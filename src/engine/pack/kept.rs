//! What every pack holds: the WARC records of exchanges, the measurements with their proofs, and
//! how all of it was made.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Seek, SeekFrom, Write};
use std::path::Path;

use super::error::EvidencePackError;
use crate::config::Workspace;
use crate::evidence::chain;
use crate::evidence::pack::{Pack, Page};
use crate::evidence::proof::InclusionProof;
use crate::evidence::warc::WarcReader;
use crate::i18n::verdict;
use crate::model::MeasurementUid;
use crate::model::day_chain::Hash;
use crate::model::mail::QueuedMail;
use crate::model::settings::Language;
use crate::store::{
    DayLeaves, EntryContent, EvidenceExchange, EvidenceRecord, Reader, main_record,
};

/// The most mails that are searched.
const MAX_MAILS: u32 = 100_000;

/// The evidence of a workspace.
#[derive(Clone, Copy)]
pub(super) struct KeptEvidence<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) reader: &'a Reader,
}

impl KeptEvidence<'_> {
    /// The gzip members of the exchanges, with the records that revisits refer to.
    pub(super) fn members(
        self,
        exchanges: &[EvidenceExchange],
    ) -> Result<Vec<Vec<u8>>, EvidencePackError> {
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
    pub(super) fn add_records<W: Write + Seek>(
        self,
        pack: &mut Pack<W>,
        uids: &[MeasurementUid],
    ) -> Result<(), EvidencePackError> {
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

    /// The mails that `is_about` names, as they were sent, oldest first.
    pub(super) fn add_mails<W: Write + Seek>(
        self,
        pack: &mut Pack<W>,
        is_about: impl Fn(&QueuedMail) -> bool,
    ) -> Result<(), EvidencePackError> {
        let mut mails = self.reader.sent(MAX_MAILS)?;
        mails.retain(|mail| mail.sent.is_some() && is_about(mail));
        mails.sort_by_key(|mail| (mail.sent, mail.id));
        for (number, mail) in (1..).zip(&mails) {
            pack.file(&format!("mail-{number}.eml"), &mail.eml)?;
        }
        Ok(())
    }

    /// How what is in a pack was measured, and how it is checked.
    pub(super) fn add_method<W: Write + Seek>(
        pack: &mut Pack<W>,
        language: Language,
    ) -> Result<(), EvidencePackError> {
        let page = match language {
            Language::En => include_str!("../../../templates/pack/method.en.html"),
            Language::Ko => include_str!("../../../templates/pack/method.ko.html"),
            Language::Zh => include_str!("../../../templates/pack/method.zh.html"),
        };
        Ok(pack.file("method.html", page.as_bytes())?)
    }
}

/// An exchange as a page that a reader is led to; `None` when it shows none.
pub(super) fn page(exchange: &EvidenceExchange, language: Language) -> Option<Page> {
    let main = main_record(&exchange.records)?;
    let is_page = matches!(main.kind.as_str(), "response" | "revisit");
    is_page.then(|| Page {
        url: main.url.clone(),
        title: format!(
            "{}, {}: {}",
            exchange.subject(),
            exchange.vantage,
            verdict::short(language, exchange.code)
        ),
        at: main.at,
    })
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

fn member(root: &Path, record: &EvidenceRecord) -> Result<Vec<u8>, EvidencePackError> {
    let path = root.join(&record.file);
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(record.offset))?;
        let mut bytes = Vec::new();
        file.take(record.length).read_to_end(&mut bytes)?;
        // The pack must hold what was written, so the stored place is checked.
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
    read().map_err(|source| EvidencePackError::Evidence {
        path: path.clone(),
        source,
    })
}
