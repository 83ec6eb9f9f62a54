//! The vantages of a report: where they are, how much they saw, and when they were down.

use std::collections::BTreeSet;

use super::data::ReportData;
use crate::model::VantageId;

/// One vantage.
pub struct ReportVantage {
    pub name: String,
    pub place: String,
    pub network: String,
    pub coverage: String,
    pub outages: Vec<String>,
}

impl ReportData<'_> {
    /// The vantages that were due to see something, and those that are configured.
    pub fn vantages(&self) -> Vec<ReportVantage> {
        let configured = &self.request.settings.vantages;
        let seen = self.figures.by_vantage.keys();
        let ids: BTreeSet<&VantageId> = configured.iter().map(|v| &v.id).chain(seen).collect();
        let views = ids.into_iter().map(|id| {
            let network = configured.iter().find(|v| v.id == *id);
            let network = network.and_then(|v| v.network);
            let sums = self.figures.by_vantage.get(id);
            ReportVantage {
                name: self.words.vantage(id),
                place: self.words.place(id),
                network: network
                    .map_or("", |n| self.words.texts.network(n))
                    .to_owned(),
                coverage: self
                    .words
                    .percent(sums.and_then(super::figures::CheckSums::coverage)),
                outages: self.outages(id),
            }
        });
        views.collect()
    }

    fn outages(&self, id: &VantageId) -> Vec<String> {
        let own = self.states.own_end.iter();
        let own = own.filter(|i| i.vantages.contains_key(id));
        own.map(|incident| {
            let what = self.words.texts.own_end(incident);
            let from = self.words.moment(incident.first_bad);
            let to = incident.ended.map(|at| self.words.moment(at));
            self.span(what, &from, to.as_deref())
        })
        .collect()
    }

    /// `what, from to` or `what, since`.
    pub fn span(&self, what: &str, from: &str, to: Option<&str>) -> String {
        use crate::i18n::report::ReportText as R;
        match to {
            Some(to) => {
                let values = [("seen", what), ("from", from), ("to", to)];
                self.words.fill(R::PhaseSpan, &values)
            }
            None => self
                .words
                .fill(R::PhaseSince, &[("seen", what), ("from", from)]),
        }
    }
}
