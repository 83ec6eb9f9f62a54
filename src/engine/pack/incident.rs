//! The pack of an incident.

use std::collections::BTreeSet;
use std::io::{Seek, Write};

use super::error::EvidencePackError;
use super::kept::{KeptEvidence, page};
use crate::alert::MailContext;
use crate::alert::compose::{self, Preview};
use crate::config::Workspace;
use crate::evidence::pack::{Pack, PackDescription, Page};
use crate::i18n::verdict;
use crate::model::mail::QueuedMail;
use crate::model::settings::Language;
use crate::model::{Incident, MeasurementUid, Time};
use crate::store::{EvidenceExchange, EvidenceFilter, Reader};

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
    pub fn write<W: Write + Seek>(&self, output: W) -> Result<W, EvidencePackError> {
        let preview = self.preview()?;
        let uids = self.uids()?;
        let filter = EvidenceFilter {
            uids: Some(uids.iter().cloned().collect()),
            ..EvidenceFilter::default()
        };
        let reader = self.reader;
        let exchanges = reader.evidence(&filter)?;
        let language = self.language.unwrap_or_default();
        let about = PackDescription {
            title: preview.subject.clone(),
            description: verdict::short(language, self.incident.to).to_owned(),
            created: self.now,
            pages: self.pages(&exchanges, language),
        };
        let kept = KeptEvidence {
            workspace: self.workspace,
            reader,
        };
        let mut pack = Pack::new(output, &about, &kept.members(&exchanges)?)?;
        kept.add_records(&mut pack, &uids)?;
        pack.file("incident.html", preview.html.as_bytes())?;
        KeptEvidence::add_method(&mut pack, language)?;
        let is_about = |mail: &QueuedMail| mail.incidents.contains(&self.incident.id);
        kept.add_mails(&mut pack, is_about)?;
        Ok(pack.finish(&about)?)
    }

    fn preview(&self) -> Result<Preview, EvidencePackError> {
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
    fn uids(&self) -> Result<Vec<MeasurementUid>, EvidencePackError> {
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
        let pages = own.into_iter().chain(healthy);
        pages
            .filter_map(|exchange| page(exchange, language))
            .collect()
    }
}
