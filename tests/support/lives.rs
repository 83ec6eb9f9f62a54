//! A workspace lived through pass by pass, as `engine::pass` lives through it, with the real judge, tracker and
//! store and with records instead of a network; and then derived again from what is stored.

use std::borrow::Cow;
use std::sync::Arc;

use accesswatch::config::Workspace;
use accesswatch::engine::again::{self, Scope};
use accesswatch::engine::controls::vantage_round;
use accesswatch::engine::judgement::Judgement;
use accesswatch::engine::references;
use accesswatch::judge::settle::{self, Next};
use accesswatch::judge::{Judge, sibling, track};
use accesswatch::model::book::Book;
use accesswatch::model::event::{Event, PassOutcome};
use accesswatch::model::page::History;
use accesswatch::model::round::{Attempt, Pass, Round, VantageRound};
use accesswatch::model::time::from_micros;
use accesswatch::model::{Incident, Measurement, ProbeKey, Time};
use accesswatch::store::{Filter, IncidentFilter, PassCommit, Place, SetAside, Store, UptimeRow};

use super::records::{self, At, PAGES, PROBES, Page, VANTAGES};
use super::watch::Watch;

/// One round: its probe and vantage, and what its attempts meet; the last page goes on for ever.
#[derive(Debug, Clone)]
pub struct Seen {
    pub probe: usize,
    pub vantage: usize,
    pub pages: Vec<usize>,
}

/// Whether the controls of a vantage answer before a pass, and when they are asked again.
pub type Works = (bool, bool);

pub struct Life {
    pub watch: Watch,
    pub workspace: Workspace,
    pub judge: Judge,
    pub store: Store,
    passes: u32,
}

/// All that is derived from measurements.
#[derive(Debug, PartialEq)]
pub struct Derived {
    pub book: Book,
    pub incidents: Vec<Incident>,
    pub events: Vec<Event>,
    /// The daily counts, those by state among them.
    pub uptime: Vec<UptimeRow>,
    /// Phases as the store's table has them.
    pub phases: Vec<String>,
}

impl Life {
    pub fn new() -> Self {
        let watch = records::workspace();
        let workspace = accesswatch::config::load(watch.path()).unwrap();
        let judge = Judge::new(&workspace.catalogue, &workspace.signatures);
        let store = Store::open(&watch.file("data/accesswatch.db")).unwrap();
        Self {
            watch,
            workspace,
            judge,
            store,
            passes: 0,
        }
    }

    /// One pass that begins at `at`: stored as it is made, then tracked and committed.
    pub async fn pass(&mut self, at: Time, seen: &[Seen], works: &[Works]) -> PassOutcome {
        self.passes += 1;
        let mut book = self.store.book().await.unwrap();
        let mut vantages = Vec::new();
        for (n, works) in works.iter().enumerate() {
            vantages.push(self.look(n, at, 0, works.0).await);
        }
        let mut rounds = Vec::new();
        let mut from = at + chrono::TimeDelta::seconds(30);
        for one in seen.iter().filter(|s| vantages[s.vantage].usable) {
            let key = (key(one), VANTAGES[one.vantage].into());
            if rounds
                .iter()
                .any(|r: &Round| (r.probe.clone(), r.vantage.clone()) == key)
            {
                continue;
            }
            rounds.push(self.round(one, from, &book).await);
            from += chrono::TimeDelta::seconds(2);
        }
        let ended = rounds
            .iter()
            .flat_map(|r| &r.attempts)
            .map(|a| a.started)
            .max();
        let end = ended.unwrap_or(from) + chrono::TimeDelta::seconds(7);
        let reconsidered = sibling::reconsider(&mut rounds, &self.workspace.catalogue, &book);
        for (n, checked) in vantages.iter_mut().enumerate() {
            let turning = rounds.iter().any(|r| {
                let status = book.statuses.get(&(r.probe.clone(), r.vantage.clone()));
                r.vantage == checked.vantage && settle::needs_controls_again(status, &r.attempts)
            });
            if turning {
                *checked = self.look(n, end, 3, works[n].1).await;
            }
        }
        let (rounds, lost): (Vec<Round>, Vec<Round>) = rounds
            .into_iter()
            .partition(|r| vantages.iter().all(|v| v.vantage != r.vantage || v.usable));
        let pass = Pass {
            at: end + chrono::TimeDelta::seconds(40),
            vantages,
            rounds,
            path_controls: Vec::new(),
        };
        let (catalogue, settings) = (&self.workspace.catalogue, &self.workspace.settings);
        let mut outcome = track::track(&mut book, &pass, catalogue, settings);
        accesswatch::alert::assign_threads(&mut outcome, &mut book, pass.at);
        let commit = PassCommit {
            pass,
            outcome: outcome.clone(),
            set_aside: lost.iter().filter_map(SetAside::of).collect(),
            reconsidered,
            ..PassCommit::default()
        };
        self.store.commit(Arc::new(commit)).await.unwrap();
        outcome
    }

    /// The controls of a vantage, three tries at most.
    async fn look(&self, vantage: usize, at: Time, first: u32, works: bool) -> VantageRound {
        let id = format!("c{}", self.passes);
        let vantage = &self.workspace.settings.vantages[vantage];
        let mut results = Vec::new();
        for attempt in first..first + if works { 1 } else { 3 } {
            let wait = i64::from(attempt - first) * 3_000_000;
            let made = records::controls(
                At {
                    vantage: vantage.id.as_str(),
                    round: &id,
                    attempt,
                    started_us: at.timestamp_micros() + wait,
                },
                works,
            );
            results = (vantage.controls.iter().zip(&made))
                .filter_map(|(control, m)| self.judge.control_passes(m, control))
                .collect();
            for measurement in made {
                self.keep(measurement).await;
            }
        }
        vantage_round(vantage.id.clone(), at, results)
    }

    async fn round(&self, seen: &Seen, from: Time, book: &Book) -> Round {
        let (vantage, page) = (VANTAGES[seen.vantage], |n: usize| {
            PAGES[*seen
                .pages
                .get(n)
                .unwrap_or_else(|| seen.pages.last().unwrap())]
        });
        let (probe, id) = (
            key(seen),
            format!("r{}-{}-{}", self.passes, seen.probe, seen.vantage),
        );
        let status = book.statuses.get(&(probe.clone(), vantage.into()));
        let (mut attempts, mut at): (Vec<Attempt>, Time) = (Vec::new(), from);
        let confirm = accesswatch::model::settings::Confirm {
            after: [20, 60, 180].map(std::time::Duration::from_secs).to_vec(),
            recover_after: [20, 60].map(std::time::Duration::from_secs).to_vec(),
            ..self.workspace.settings.confirm.clone()
        };
        while let Next::Again { after } = settle::next(status, &attempts, &confirm) {
            at += chrono::TimeDelta::from_std(after).unwrap();
            let number = u32::try_from(attempts.len()).unwrap();
            let place = At {
                vantage,
                round: &id,
                attempt: number,
                started_us: at.timestamp_micros(),
            };
            let page: Page = page(attempts.len());
            let measurement = records::attempt(PROBES[seen.probe], place, page);
            let attempt = self.keep(measurement).await;
            attempts.push(attempt);
        }
        Round {
            id: id.as_str().into(),
            probe,
            vantage: vantage.into(),
            attempts,
        }
    }

    /// Judges and stores one record, as it is made.
    async fn keep(&self, measurement: Measurement) -> Attempt {
        let place = Place::of(&measurement).unwrap();
        let catalogue = &self.workspace.catalogue;
        let probe = catalogue.probe(&place.probe).filter(|_| !place.control);
        let (nothing, measurement) = (History::new(), Cow::Owned(measurement));
        let mut judgement = Judgement::begin(&self.judge, probe, &nothing, measurement);
        if let Some(probe) = probe.filter(|_| judgement.wants_healthy_page()) {
            let known = references::healthy(&self.judge, &self.store, probe, &place.vantage);
            if let Some(known) = known.await.unwrap() {
                judgement.compare_with_healthy(known);
            }
        }
        let attempt = judgement.attempt(place.attempt);
        let source = catalogue.source(&place.probe.source);
        let record = judgement.into_record(place, source, true);
        self.store.add(vec![record]).await.unwrap();
        attempt
    }

    /// What stands in the store.
    pub fn stored(&self) -> Derived {
        let reader = self.store.reader().unwrap();
        Derived {
            book: reader.book().unwrap(),
            incidents: reader.incidents(&IncidentFilter::default()).unwrap(),
            events: reader.events(Time::MIN_UTC, Time::MAX_UTC).unwrap(),
            uptime: reader.uptime(&Filter::default()).unwrap(),
            phases: phases(&self.watch.file("data/accesswatch.db")),
        }
    }

    /// `rejudge --apply`; says what it said it changed.
    pub async fn rejudge(&self) -> Vec<String> {
        let scope = Scope::Since(Time::MIN_UTC);
        let reader = self.store.reader().unwrap();
        let found = again::again(&self.workspace, &self.judge, &reader, &scope).unwrap();
        drop(reader);
        let from = found.from.unwrap_or(from_micros(0));
        self.store
            .replace_derived(from, found.derived)
            .await
            .unwrap();
        found.changes
    }
}

fn phases(place: &std::path::Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(place).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT incident || ' ' || vantage || ' ' || n || ' ' || code || ' ' || from_us || ' '
                || coalesce(to_us, '') || ' ' || checks || ' ' || checks_bad
             FROM incident_phases ORDER BY incident, vantage, n",
        )
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn key(seen: &Seen) -> ProbeKey {
    let (source, probe) = PROBES[seen.probe];
    ProbeKey::new(source, probe)
}
