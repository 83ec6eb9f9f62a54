//! The pack of a cited link.

use std::io::{Seek, Write};

use chrono::TimeDelta;

use super::error::EvidencePackError;
use super::kept::{self, KeptEvidence};
use crate::config::Workspace;
use crate::evidence::pack::{Pack, PackDescription, Page};
use crate::model::document::{CitationRow, LinkRow};
use crate::model::link::LinkId;
use crate::model::link_status::StoredLinkEvent;
use crate::model::settings::Language;
use crate::model::{Measurement, MeasurementUid, Time};
use crate::report::{LinkAnswer, LinkPage};
use crate::store::{EvidenceExchange, EvidenceFilter, Reader, main_record};

/// Checks within this time belong to one visit, from several vantages or of one that is settled.
const SAME_VISIT: TimeDelta = TimeDelta::hours(1);

/// What is packed, from what.
#[derive(Clone, Copy)]
pub struct LinkPack<'a> {
    pub workspace: &'a Workspace,
    pub reader: &'a Reader,
    pub link: &'a LinkRow,
    pub citations: &'a [CitationRow],
    /// Newest first.
    pub events: &'a [StoredLinkEvent],
    /// `None`: that of the first reader.
    pub language: Option<Language>,
    pub now: Time,
}

impl LinkPack<'_> {
    /// Writes the pack to `output`.
    pub fn write<W: Write + Seek>(&self, output: W) -> Result<W, EvidencePackError> {
        let id = LinkId(self.link.id);
        let filter = EvidenceFilter {
            link: Some(id),
            ..EvidenceFilter::default()
        };
        let exchanges = self.reader.evidence(&filter)?;
        if exchanges.is_empty() {
            return Err(EvidencePackError::NothingKept(id));
        }
        let mut answers = Vec::with_capacity(exchanges.len());
        for exchange in &exchanges {
            answers.extend(self.answer(exchange)?);
        }
        let mut page = LinkPage {
            link: self.link,
            citations: self.citations,
            events: self.events,
            answers: &answers,
            last_well: None,
            language: self.language(),
        };
        if let (Some(healthy), Some(decided)) = (page.healthy(), page.decided()) {
            let (after, before) = (healthy.at + SAME_VISIT, decided.at - SAME_VISIT);
            page.last_well = self.reader.last_well_check(id, after, before)?;
        }
        let about = PackDescription {
            title: page.title(),
            description: page.state(),
            created: self.now,
            pages: self.pages(&exchanges, &page),
        };
        let kept = KeptEvidence {
            workspace: self.workspace,
            reader: self.reader,
        };
        let uids: Vec<MeasurementUid> = exchanges.iter().map(|e| e.uid.clone()).collect();
        let mut pack = Pack::new(output, &about, &kept.members(&exchanges)?)?;
        kept.add_records(&mut pack, &uids)?;
        pack.file("link.html", page.render()?.as_bytes())?;
        KeptEvidence::add_method(&mut pack, self.language())?;
        kept.add_mails(&mut pack, |mail| mail.links.contains(&id))?;
        Ok(pack.finish(&about)?)
    }

    fn language(&self) -> Language {
        let readers = &self.workspace.settings.alerts.to;
        let of_first = || readers.first().map(|reader| reader.language);
        self.language.or_else(of_first).unwrap_or_default()
    }

    /// An exchange as the page of the link shows it.
    fn answer(&self, exchange: &EvidenceExchange) -> Result<Option<LinkAnswer>, EvidencePackError> {
        let Some(main) = main_record(&exchange.records) else {
            return Ok(None);
        };
        let record = self.reader.exchange(&exchange.uid)?;
        let measurement = record.as_ref().map(|record| &record.measurement);
        let extra = measurement.and_then(|measurement| measurement.extra());
        let vantages = &self.workspace.settings.vantages;
        let vantage = vantages.iter().find(|v| v.id == exchange.vantage);
        let name = vantage.map(|vantage| vantage.name.clone());
        Ok(Some(LinkAnswer {
            uid: exchange.uid.clone(),
            record: main.id.clone(),
            at: exchange.at,
            vantage: name.unwrap_or_else(|| exchange.vantage.to_string()),
            code: exchange.code,
            status: measurement.and_then(Measurement::http_status),
            body_sha256: extra.and_then(|extra| extra.body_sha256.clone()),
        }))
    }

    /// The pages that a reader is led to: what decided, what was there before, then the others.
    fn pages(&self, exchanges: &[EvidenceExchange], page: &LinkPage<'_>) -> Vec<Page> {
        let sides = [page.decided(), page.healthy()];
        let rank = |exchange: &EvidenceExchange| {
            let is_side = |side: Option<&LinkAnswer>| side.is_some_and(|a| a.uid == exchange.uid);
            let place = sides.iter().position(|side| is_side(*side));
            place.unwrap_or(sides.len())
        };
        let mut ordered: Vec<&EvidenceExchange> = exchanges.iter().collect();
        ordered.sort_by_key(|exchange| rank(exchange));
        let language = self.language();
        let pages = ordered.into_iter();
        pages
            .filter_map(|exchange| kept::page(exchange, language))
            .collect()
    }
}
