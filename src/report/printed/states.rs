//! The states at the beginning and at the end of a period. Where the records end within the period,
//! the end is the present.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::figures::ReportFigures;
use super::period::ReportPeriod;
use super::request::{ReportError, ReportRequest, ReportScope};
use crate::model::incident::HumanCheck;
use crate::model::state::State;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, Level, ProbeKey, Source, SourceId, Time, VantageId};
use crate::store::{IncidentFilter, NewestRounds, Reader, RowFilter, SeriesBeginning};
use crate::track::past::PastRecords;
use crate::track::state::{self, PairState, SourceState, StateInput};

/// States, and the incidents of the period.
pub struct ReportStates<'a> {
    request: &'a ReportRequest<'a>,
    at: Time,
    /// The tracker at the end, and at the beginning.
    pub tracker: TrackerState,
    tracker_at_start: TrackerState,
    rounds: NewestRounds,
    observations: Vec<(ProbeKey, HumanCheck)>,
    /// What is stored of the end; `None` where the end is the present.
    past: Option<PastRecords>,
    start: PastRecords,
    /// The incidents that the report lists, by number.
    pub incidents: Vec<Incident>,
    /// Outages of our own end.
    pub own_end: Vec<Incident>,
    /// How many incidents of sources began in the period before.
    pub began_before: usize,
}

/// A source at both ends of the period.
pub struct SourceChange<'a> {
    pub source: &'a Source,
    pub start: SourceState,
    pub end: SourceState,
}

/// The pages of one level in one group, by state: at the end and at the beginning.
pub type LevelCounts = BTreeMap<(String, Level), [[usize; 4]; 2]>;

impl<'a> ReportStates<'a> {
    /// Reads what is needed; fills the figures on the way.
    pub fn read(
        reader: &Reader,
        request: &'a ReportRequest<'a>,
        period: &ReportPeriod,
        figures: &mut ReportFigures,
        beginnings: &[SeriesBeginning],
    ) -> Result<Self, ReportError> {
        read_figures(reader, request, period, figures)?;
        let all = reader.incidents(&IncidentFilter {
            since: Some(period.start),
            until: Some(period.end),
            ..IncidentFilter::default()
        })?;
        let began_before = began_before(reader, request, period)?;
        let at = period.now.unwrap_or_default();
        let start = PastRecords {
            at: period.start,
            days: figures.day_at_start.clone(),
            once_open: once_open(&reader.beginnings(period.before().1)?),
            rounds: reader.newest_rounds_before(period.start)?,
            incidents: all.clone(),
        };
        let past = PastRecords {
            at: at - TimeDelta::microseconds(1),
            days: figures.day_at_end.clone(),
            once_open: once_open(beginnings),
            rounds: reader.newest_rounds_before(period.end)?,
            incidents: all.clone(),
        };
        let is_present = period.is_cut();
        let tracker = if is_present {
            reader.tracker_state()?
        } else {
            past.tracker()
        };
        Ok(Self {
            request,
            at,
            tracker,
            tracker_at_start: start.tracker(),
            rounds: reader.newest_rounds()?,
            observations: reader.observations(at)?,
            past: (!is_present).then_some(past),
            start,
            began_before,
            incidents: all
                .iter()
                .filter(|i| is_listed(i, request))
                .cloned()
                .collect(),
            own_end: all.iter().filter(|i| is_of_own_end(i)).cloned().collect(),
        })
    }

    /// The input of states at the end.
    #[must_use]
    pub fn known(&self) -> StateInput<'_> {
        StateInput {
            tracker: &self.tracker,
            catalogue: self.request.catalogue,
            settings: self.request.settings,
            rounds: &self.rounds,
            observations: &self.observations,
            as_of: self.at,
        }
    }

    /// The pairs at the end.
    #[must_use]
    pub fn pairs(&self) -> Vec<PairState<'_>> {
        let pairs = match &self.past {
            Some(past) => past.pairs(&self.tracker, self.request.catalogue),
            None => state::pairs(&self.known()),
        };
        self.covered(pairs)
    }

    fn pairs_at_start(&self) -> Vec<PairState<'_>> {
        let catalogue = self.request.catalogue;
        self.covered(self.start.pairs(&self.tracker_at_start, catalogue))
    }

    fn covered<'p>(&self, mut pairs: Vec<PairState<'p>>) -> Vec<PairState<'p>> {
        pairs.retain(|p| self.covers(&p.probe.source));
        pairs
    }

    fn covers(&self, id: &SourceId) -> bool {
        self.request.scope.covers_id(id, self.request.catalogue)
    }

    /// The sources of the scope, in the order of the catalogue.
    pub fn sources(&self) -> impl Iterator<Item = &'a Source> + '_ {
        let all = self.request.catalogue.sources.values();
        all.filter(|source| self.request.scope.covers(source))
    }

    /// Each source at both ends.
    #[must_use]
    pub fn changes(&self) -> Vec<SourceChange<'a>> {
        let (start, end) = (self.pairs_at_start(), self.pairs());
        let known = self.known();
        let state_of = |source: &Source, pairs: &[PairState<'_>]| {
            let own: Vec<&PairState<'_>> = pairs
                .iter()
                .filter(|p| p.probe.source == source.id)
                .collect();
            let mut state = state::source(&known, source, &own);
            // What was not watched then has no state, whatever is watched now.
            state.state = state.state.filter(|_| !own.is_empty());
            state
        };
        let all = self.sources().map(|source| SourceChange {
            source,
            start: state_of(source, &start),
            end: state_of(source, &end),
        });
        all.collect()
    }

    /// The pages by group, level and state.
    #[must_use]
    pub fn by_level(&self) -> LevelCounts {
        let mut counts = LevelCounts::new();
        for (at, pairs) in [self.pairs(), self.pairs_at_start()].iter().enumerate() {
            let mut pages: BTreeMap<ProbeKey, Vec<&PairState<'_>>> = BTreeMap::new();
            for pair in pairs {
                pages.entry(pair.probe.key()).or_default().push(pair);
            }
            for own in pages.values() {
                let probe = own[0].probe;
                let Some(source) = self.request.catalogue.source(&probe.source) else {
                    continue;
                };
                let key = (source.group.clone(), probe.level);
                counts.entry(key).or_default()[at][state_of_page(own) as usize] += 1;
            }
        }
        counts
    }
}

/// The state of one page over its vantages, as that of a source over its pairs.
fn state_of_page(pairs: &[&PairState<'_>]) -> State {
    let known: BTreeSet<State> = pairs
        .iter()
        .filter(|p| p.is_known())
        .map(|p| p.state)
        .collect();
    match (known.len(), known.first()) {
        (0, _) => State::Unknown,
        (1, Some(state)) => *state,
        _ => State::Less,
    }
}

fn once_open(beginnings: &[SeriesBeginning]) -> BTreeSet<(ProbeKey, VantageId)> {
    let open = beginnings.iter().filter(|b| b.was_open);
    open.map(|b| (b.probe.clone(), b.vantage.clone())).collect()
}

/// Incidents without a source are listed where all sources are.
fn is_listed(incident: &Incident, request: &ReportRequest<'_>) -> bool {
    let is_in_scope = match &incident.source {
        Some(id) => request.scope.covers_id(id, request.catalogue),
        None => request.scope == ReportScope::default(),
    };
    is_in_scope && incident.folded_into.is_none()
}

fn is_of_own_end(incident: &Incident) -> bool {
    incident.source.is_none() && incident.folded_into.is_none()
}

fn began_before(
    reader: &Reader,
    request: &ReportRequest<'_>,
    period: &ReportPeriod,
) -> Result<usize, ReportError> {
    let first = super::request::midnight(period.before().0);
    let found = reader.incidents(&IncidentFilter {
        since: Some(first),
        until: Some(period.start),
        ..IncidentFilter::default()
    })?;
    let own = found.iter().filter(|i| {
        let source = i.source.as_ref();
        let covered = source.is_some_and(|id| request.scope.covers_id(id, request.catalogue));
        covered && i.folded_into.is_none() && i.first_bad >= first
    });
    Ok(own.count())
}

fn read_figures(
    reader: &Reader,
    request: &ReportRequest<'_>,
    period: &ReportPeriod,
    figures: &mut ReportFigures,
) -> Result<(), ReportError> {
    let filter = RowFilter {
        since: Some(super::request::midnight(figures.first_day())),
        until: Some(period.end),
        source: request.scope.source.clone(),
        vantage: None,
    };
    reader.visit_uptime(&filter, |row| {
        if request
            .scope
            .covers_id(&row.probe.source, request.catalogue)
        {
            figures.add(&row);
        }
        true
    })?;
    Ok(())
}
