//! How long cited links last: by document, by host and by year of citing (links.md 8.2).

use std::collections::BTreeMap;

use chrono::Datelike as _;

use crate::model::citation::PartialDate;
use crate::model::link::LinkState;
use crate::store::{LinkLife, Reader, StoreError};
use crate::track::survival::{
    LeftOut, Lifetime, LinkLoss, SurvivalCurve, cumulative_incidence, lifetime_until_gone,
    lifetime_until_lost,
};

/// The years after which the figures are given.
pub const YEARS: [f64; 3] = [1.0, 3.0, 5.0];

/// By what links are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum SurvivalGroup {
    All,
    Document,
    Host,
    /// The year of citing.
    Year,
}

/// A share with its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub share: f64,
    pub band: Option<(f64, f64)>,
}

/// The figures of a group of links.
#[derive(Debug, Clone, PartialEq)]
pub struct SurvivalRow {
    pub by: SurvivalGroup,
    /// `D1`, a host, a year; empty for all links.
    pub group: String,
    pub links: u32,
    pub states: BTreeMap<LinkState, u32>,
    /// Links in the estimate.
    pub counted: usize,
    pub undated: u32,
    /// Links that were gone before their first check.
    pub already: u32,
    /// Links that no check saw.
    pub unseen: u32,
    /// The longest time that was observed, in years.
    pub observed: f64,
    /// The share that is not gone after each of [`YEARS`]; `None` where nothing was observed so
    /// long.
    pub not_gone: [Option<Share>; 3],
    /// After how many years half are gone, when that was reached.
    pub median: Option<f64>,
    /// The share that was lost first in this way, after each of [`YEARS`].
    pub gone: [Option<f64>; 3],
    pub drifted: [Option<f64>; 3],
}

/// The lifetimes of all links, and which of them each group has.
#[derive(Default)]
pub struct SurvivalFigures {
    until_gone: Vec<Result<Lifetime<LinkLoss>, LeftOut>>,
    until_lost: Vec<Option<Lifetime<LinkLoss>>>,
    states: Vec<LinkState>,
    groups: BTreeMap<(SurvivalGroup, GroupKey), Vec<u32>>,
}

/// What a group is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum GroupKey {
    Number(i64),
    Name(String),
}

impl SurvivalFigures {
    /// Reads the lifetimes of all links that documents cite.
    pub fn read(reader: &Reader) -> Result<Self, StoreError> {
        let mut figures = Self::default();
        reader.visit_link_lives(|life| {
            figures.add(&life);
            true
        })?;
        Ok(figures)
    }

    fn add(&mut self, life: &LinkLife) {
        use SurvivalGroup::{All, Document, Host, Year};
        let Ok(at) = u32::try_from(self.states.len()) else {
            return;
        };
        self.states.push(life.state);
        let until_gone = lifetime_until_gone(life.cited_on, &life.spells);
        self.until_gone.push(until_gone);
        let until_lost = lifetime_until_lost(life.cited_on, &life.spells);
        self.until_lost.push(until_lost.ok());
        let mut put = |by, key| self.groups.entry((by, key)).or_default().push(at);
        put(All, GroupKey::Number(0));
        for document in &life.documents {
            put(Document, GroupKey::Number(*document));
        }
        put(Host, GroupKey::Name(life.host.clone()));
        let day = life.cited_on.and_then(PartialDate::first_day);
        if let Some(day) = day {
            put(Year, GroupKey::Number(i64::from(day.year())));
        }
    }

    /// The figures of each group that `is_wanted` names, in a fixed order.
    pub fn rows(
        &self,
        is_wanted: impl Fn(SurvivalGroup) -> bool,
    ) -> impl Iterator<Item = SurvivalRow> {
        let wanted = self
            .groups
            .iter()
            .filter(move |((by, _), _)| is_wanted(*by));
        wanted.map(|((by, key), members)| self.row(*by, key, members))
    }

    fn row(&self, by: SurvivalGroup, key: &GroupKey, members: &[u32]) -> SurvivalRow {
        let all = || members.iter().map(|at| *at as usize);
        let mut states = BTreeMap::new();
        let (mut undated, mut already, mut unseen) = (0, 0, 0);
        let mut lives = Vec::new();
        for at in all() {
            *states.entry(self.states[at]).or_default() += 1;
            match self.until_gone[at] {
                Ok(life) => lives.push(life),
                Err(LeftOut::Undated) => undated += 1,
                Err(LeftOut::Already) => already += 1,
                Err(LeftOut::Unseen) => unseen += 1,
            }
        }
        let curve = SurvivalCurve::estimate(&lives);
        let lost: Vec<_> = all().filter_map(|at| self.until_lost[at]).collect();
        let incidence = |loss: LinkLoss| {
            let curve = cumulative_incidence(&lost, &loss);
            YEARS.map(|year| curve.at(year).filter(|_| !lost.is_empty()))
        };
        SurvivalRow {
            by,
            group: match (by, key) {
                (SurvivalGroup::All, _) => String::new(),
                (SurvivalGroup::Document, GroupKey::Number(id)) => format!("D{id}"),
                (_, GroupKey::Number(number)) => number.to_string(),
                (_, GroupKey::Name(name)) => name.clone(),
            },
            links: u32::try_from(members.len()).unwrap_or(u32::MAX),
            states,
            counted: curve.count,
            undated,
            already,
            unseen,
            observed: curve.observed_until,
            not_gone: YEARS.map(|year| {
                let (share, band) = curve.at(year)?;
                Some(Share { share, band })
            }),
            median: curve.median(),
            gone: incidence(LinkLoss::Gone),
            drifted: incidence(LinkLoss::Drifted),
        }
    }
}
