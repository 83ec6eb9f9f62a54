//! What reports quote of a page is read back from the files of evidence: whoever opens a file sees
//! the words that the mail has.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::engine::error::EngineError;
use crate::engine::ports::PassStore;
use crate::engine::setup::Engine;
use crate::evidence::warc::{Entry, WarcReader};
use crate::judge::KeptPage;
use crate::model::event::PassOutcome;
use crate::model::measurement::{HeaderText, Request};
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, VantageId};
use crate::net::http::undo_codings;
use crate::store::{EvidenceExchange, EvidenceRecord, NewEvidence, Reader, StoreError};

/// Words of an incident that stand in an exchange.
struct Quote {
    incident: i64,
    vantage: VantageId,
    exchange: EvidenceExchange,
    charset: Option<String>,
    words: String,
}

impl<M, S: PassStore> Engine<M, S> {
    /// Gives the incidents of a pass the words that stand in the exchanges just written. Returns
    /// what could not be read back; then the words of the verdict stay.
    pub(super) async fn quote_evidence(
        &self,
        outcome: &mut PassOutcome,
        tracker: &mut TrackerState,
        written: &NewEvidence,
    ) -> Result<Vec<String>, EngineError> {
        let quotes = self.quotes(outcome, written);
        let Some(store) = self.store.evidence_store().filter(|_| !quotes.is_empty()) else {
            return Ok(Vec::new());
        };
        let folder = self.workspace.settings.store.evidence.clone();
        let records = written.exchanges.iter().flat_map(|e| e.records.clone());
        let fresh: HashMap<String, EvidenceRecord> =
            records.map(|record| (record.id.clone(), record)).collect();
        let limit = self.workspace.settings.politeness.max_body;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let read = move |reader: &Reader| {
            let source = Source {
                reader,
                folder: &folder,
                limit,
                fresh,
            };
            let read = |quote| source.read(quote);
            quotes.into_iter().map(read).collect::<Result<Vec<_>, _>>()
        };
        let mut notes = Vec::new();
        for (quote, found) in store.with_reader(read).await? {
            match found {
                Ok(words) if words == quote.words => {}
                Ok(words) => {
                    let changed = outcome
                        .incidents
                        .iter_mut()
                        .find(|i| i.id == quote.incident);
                    let known = tracker.incidents.get_mut(&quote.incident);
                    for incident in changed.into_iter().chain(known) {
                        put(incident, &quote, &words);
                    }
                }
                Err(note) => notes.push(note),
            }
        }
        Ok(notes)
    }

    fn quotes(&self, outcome: &PassOutcome, written: &NewEvidence) -> Vec<Quote> {
        let mut quotes = Vec::new();
        for incident in &outcome.incidents {
            for (vantage, part) in &incident.vantages {
                let decided = written.exchanges.iter().find(|exchange| {
                    exchange.vantage == *vantage
                        && exchange.code == part.observed.code
                        && incident.probe.as_ref() == Some(&exchange.probe)
                        && incident.evidence.contains(&exchange.uid)
                });
                if let (Some(exchange), Some(words)) = (decided, &part.observed.words) {
                    let probe = self.workspace.catalogue.probe(&exchange.probe);
                    quotes.push(Quote {
                        incident: incident.id,
                        vantage: vantage.clone(),
                        exchange: exchange.clone(),
                        charset: probe.and_then(|probe| probe.charset.clone()),
                        words: words.clone(),
                    });
                }
            }
        }
        quotes
    }
}

fn put(incident: &mut Incident, quote: &Quote, words: &str) {
    let Some(part) = incident.vantages.get_mut(&quote.vantage) else {
        return;
    };
    let is_own = |known: &&mut Option<String>| known.as_deref() == Some(quote.words.as_str());
    let phases = part.phases.iter_mut().map(|phase| &mut phase.words);
    for known in phases.chain([&mut part.observed.words]).filter(is_own) {
        *known = Some(words.to_owned());
    }
}

/// Where exchanges are read from.
struct Source<'a> {
    reader: &'a Reader,
    folder: &'a Path,
    limit: usize,
    /// The records of this pass, which the store does not have yet.
    fresh: HashMap<String, EvidenceRecord>,
}

/// The words of a quote as the files have them, or why they could not be read.
type ReadQuote = (Quote, Result<String, String>);

impl Source<'_> {
    fn read(&self, quote: Quote) -> Result<ReadQuote, StoreError> {
        let mut answers = Vec::new();
        let records = quote.exchange.records.iter().rev();
        for record in records.filter(|r| matches!(r.kind.as_str(), "response" | "revisit")) {
            match self.answer(record)? {
                Ok(answer) => answers.push(answer),
                Err(note) => return Ok((quote, Err(note))),
            }
        }
        let charset = quote.charset.as_deref();
        let pages = answers.iter().map(|answer| KeptPage::read(answer, charset));
        let pages: Vec<KeptPage<'_>> = pages.collect();
        let stays = pages.iter().any(|page| page.holds(&quote.words));
        // A page that may not be kept has no words to be quoted instead.
        let last = pages.first().map(KeptPage::first_words);
        let words = match last.filter(|words| !stays && !words.is_empty()) {
            Some(words) => words,
            None => quote.words.clone(),
        };
        Ok((quote, Ok(words)))
    }

    /// The answer in a record, with the payload of the record that it refers to.
    fn answer(&self, record: &EvidenceRecord) -> Result<Result<Request, String>, StoreError> {
        let held = match &record.refers_to {
            Some(id) => match self.fresh.get(id) {
                Some(held) => Some(held.clone()),
                None => self.reader.evidence_record(id)?,
            },
            None => None,
        };
        let entry = match self.entry(record) {
            Ok(entry) => entry,
            Err(note) => return Ok(Err(note)),
        };
        let payload = match held.map(|held| self.entry(&held)).transpose() {
            Ok(held) => held.as_ref().unwrap_or(&entry).payload().to_vec(),
            Err(note) => return Ok(Err(note)),
        };
        Ok(Ok(self.request(&entry, payload, &record.url)))
    }

    fn entry(&self, record: &EvidenceRecord) -> Result<Entry, String> {
        let path: PathBuf = self.folder.join(&record.file);
        let place = format!("{} at byte {}", path.display(), record.offset);
        let entries = WarcReader::open_at(&path, record.offset);
        let entry = entries.map_err(|error| format!("{place}: {error}"))?.next();
        match entry {
            Some(Ok(entry)) if entry.id() == record.id && entry.broken_digest().is_none() => {
                Ok(entry)
            }
            Some(Err(error)) => Err(format!("{place}: {error}")),
            Some(Ok(_)) | None => Err(format!("{place}: the record that was written is not there")),
        }
    }

    fn request(&self, entry: &Entry, payload: Vec<u8>, url: &str) -> Request {
        let head = &entry.block[..entry.block.len() - entry.payload().len()];
        let head = String::from_utf8_lossy(head).into_owned();
        let mut request = Request::default();
        url.clone_into(&mut request.request.url);
        let headers = head.lines().skip(1).filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            let text = |text: &str| HeaderText(text.trim().to_owned());
            Some((text(name), text(value)))
        });
        request.response.headers_list = headers.collect();
        let codings = request.response.header("content-encoding");
        let body = undo_codings(Bytes::from(payload), codings, self.limit);
        request.response.body.0 = body;
        request
    }
}
