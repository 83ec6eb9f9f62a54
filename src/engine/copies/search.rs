//! The search for a copy of one link: the archives are asked, then captures are fetched, the
//! nearest to the day of citing first, until one shows what was cited.

use std::collections::HashSet;

use url::Url;

use super::archives::GateAnswer;
use super::finder::{CopyAnswer, CopyFinder, CopyQuestion, JudgedCopy};
use super::reference::reference;
use crate::links::copies::{Candidate, Candidates, memento};
use crate::model::copy::{CopyJudgement, CopyKind};

/// The most captures that are fetched for a link in one pass.
const MAX_LOOKS: usize = 8;

impl CopyFinder {
    /// Looks up the copies of a link. Archives are not asked for one of the local network.
    pub async fn find(&self, question: &CopyQuestion) -> CopyAnswer {
        if !self.may_ask(&question.url) {
            return CopyAnswer::default();
        }
        CopySearch::new(self, question).run().await
    }
}

/// A search that is under way.
struct CopySearch<'a> {
    finder: &'a CopyFinder,
    question: &'a CopyQuestion,
    candidates: Candidates,
    /// The `TimeMap` of each archive, where the archive named one.
    timemaps: Vec<Option<Url>>,
    /// Archives that were asked for all their captures.
    listed: HashSet<usize>,
    answer: CopyAnswer,
}

impl<'a> CopySearch<'a> {
    fn new(finder: &'a CopyFinder, question: &'a CopyQuestion) -> Self {
        let mut candidates = Candidates::new(question.cited_on);
        candidates.leave_out(question.bad.iter().cloned());
        Self {
            finder,
            question,
            candidates,
            timemaps: Vec::new(),
            listed: HashSet::new(),
            answer: CopyAnswer::default(),
        }
    }

    async fn run(mut self) -> CopyAnswer {
        self.add_cited();
        self.ask_gates().await;
        let (mut looks, mut is_found) = (0, false);
        while looks < MAX_LOOKS {
            let Some(candidate) = self.candidates.next_one() else {
                if is_found || !self.list_all().await {
                    break;
                }
                continue;
            };
            let at = self.finder.archives.named(&candidate.archive);
            if let Some(at) = at
                && let Some(resting) = self.finder.archives.rests(at).await
            {
                self.answer.is_late(resting);
                continue;
            }
            looks += 1;
            if self.look(&candidate).await {
                // Copies that documents cite are judged too: one of them may be the reference.
                is_found = true;
                self.candidates.retain_kind(CopyKind::Cited);
            }
            if let Some(at) = at.filter(|_| !is_found) {
                self.list(at).await;
            }
        }
        self.answer
    }

    /// Fetches a capture. Returns whether it is a copy.
    async fn look(&mut self, candidate: &Candidate) -> bool {
        match self.finder.look(candidate, self.question).await {
            Ok(JudgedCopy { copy, text }) => {
                let is_copy = copy.judged.is_some_and(|j| j != CopyJudgement::Bad);
                let new = reference(&copy, text, self.question.cited_on);
                let known = self.answer.reference.as_ref();
                if let Some(new) = new.filter(|new| new.replaces(known)) {
                    self.answer.reference = Some(new);
                }
                self.answer.copies.push(copy);
                is_copy
            }
            Err(resting) => {
                self.answer.is_late(resting);
                false
            }
        }
    }

    /// Copies that documents cite: candidates like any other, except those of an archive that is
    /// never fetched.
    fn add_cited(&mut self) {
        for cited in &self.question.cited {
            let time = memento::stamp_time(&cited.time);
            match (memento::offered(&cited.url, cited.url.as_str()), time) {
                (Some(url), Some(time)) => self.candidates.add([Candidate {
                    archive: cited.archive.to_owned(),
                    url,
                    time,
                    kind: CopyKind::Cited,
                }]),
                _ => self.answer.copies.push(memento::unjudged(cited)),
            }
        }
    }

    /// Asks each archive for its capture nearest to the day of citing.
    async fn ask_gates(&mut self) {
        let (archives, question) = (&self.finder.archives, self.question);
        for at in 0..archives.len() {
            let gate = archives.nearest(at, &question.url, question.cited_on).await;
            let gate = gate.unwrap_or_else(|resting| {
                self.answer.is_late(resting);
                GateAnswer::default()
            });
            self.candidates.add(gate.candidates);
            self.timemaps.push(gate.timemap);
        }
    }

    /// Lists every archive that was not listed yet. Returns whether there was one.
    async fn list_all(&mut self) -> bool {
        let before = self.listed.len();
        for at in 0..self.finder.archives.len() {
            self.list(at).await;
        }
        self.listed.len() > before
    }

    async fn list(&mut self, at: usize) {
        if !self.listed.insert(at) {
            return;
        }
        let (question, timemap) = (self.question, self.timemaps[at].as_ref());
        let archives = &self.finder.archives;
        let listing = archives.listing(at, &question.url, question.cited_on, timemap);
        match listing.await {
            Ok(more) => self.candidates.add(more),
            Err(resting) => self.answer.is_late(resting),
        }
    }
}
