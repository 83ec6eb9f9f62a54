//! A source that is not open, in plain words: what is lost, what still works, since when.

use std::collections::{BTreeMap, BTreeSet};

use super::context::PageContext;
use super::state_view::StateView;
use super::strip_view::StripView;
use super::times::TimedSentence;
use crate::i18n::mail::ReaderQuestion;
use crate::i18n::pages::PageText;
use crate::model::probe::Target;
use crate::model::state::State;
use crate::model::{Incident, Probe, ProbeKey, Source, VantageId};
use crate::store::StoreError;
use crate::text::clean;
use crate::track::state::{PairState, SourceState, UnknownReason};
use crate::web::role::Role;
use crate::web::visit::path_part;

/// The number of days in the strip next to an item.
const DAYS: u16 = 30;

/// An ongoing incident and who acknowledged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemReport {
    pub href: String,
    pub text: String,
    pub looked_after: String,
}

/// A page of a source that our program cannot see, and that a person may open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPage {
    pub probe: String,
    pub url: Option<String>,
    pub look: String,
    /// Where an answer is sent.
    pub action: String,
    pub command: String,
}

/// What a person is asked about the pages of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskView {
    pub pages: Vec<AskedPage>,
    /// The word of the form, and the name that was typed last; for who may write.
    pub form: Option<(String, String)>,
}

/// One source in a list.
pub struct ItemView {
    pub state: StateView,
    pub href: String,
    pub name: String,
    pub other_name: Option<(&'static str, String)>,
    pub lines: Vec<String>,
    pub lasting: Option<TimedSentence>,
    pub usual: bool,
    pub instead: Option<String>,
    pub partly: Option<String>,
    pub reports: Vec<ItemReport>,
    pub ask: Option<AskView>,
    pub lanes: Vec<(String, StripView)>,
    pub first_day: String,
}

impl ItemView {
    /// Whether anything stands in the small print.
    #[must_use]
    pub fn has_small_print(&self) -> bool {
        self.lasting.is_some() || self.usual || self.partly.is_some() || !self.reports.is_empty()
    }
}

/// One probe seen from several vantages.
type ByProbe<'p, 'a> = BTreeMap<ProbeKey, Vec<&'p PairState<'a>>>;

impl PageContext<'_> {
    /// The whole item.
    pub fn item(&self, source: &Source, state: &SourceState) -> Result<ItemView, StoreError> {
        let pairs = self.pairs_of(source);
        let days = self.source_days(&source.id, DAYS)?;
        let lanes = days.by_vantage().into_iter().map(|(vantage, row)| {
            let name = self.vantage_name(&vantage);
            let strip = self.strip_of(&source.id, &name, days.first, &row.days);
            (name, strip)
        });
        let alternatives: Vec<String> = source
            .alternatives
            .iter()
            .map(|text| clean::line(text, 200))
            .collect();
        Ok(ItemView {
            state: self.remarked(self.source_view(state), &pairs),
            href: format!("/sources/{}", path_part(source.id.as_str())),
            name: self.source_name(source),
            other_name: self.other_name(source),
            lines: self.lines(&pairs),
            lasting: self.lasting(state.since),
            usual: state.usual,
            instead: (!alternatives.is_empty()).then(|| {
                let what = self.list(&alternatives);
                self.fill(PageText::Instead, &[("what", &what)])
            }),
            partly: self.partly_known(state),
            reports: self.reports(source),
            ask: self.ask(&pairs),
            lanes: lanes.collect(),
            first_day: self.day(days.first),
        })
    }

    /// How many probes are known, when not all are.
    pub fn partly_known(&self, state: &SourceState) -> Option<String> {
        let is_part = state.probes_known > 0 && state.probes_known < state.probes;
        is_part.then(|| {
            let (known, all) = (state.probes_known.to_string(), state.probes.to_string());
            let values = [("known", known.as_str()), ("all", all.as_str())];
            self.fill(PageText::PartlyKnown, &values)
        })
    }

    /// What is lost, what is not known and what still works, a sentence each.
    pub fn lines(&self, pairs: &[&PairState<'_>]) -> Vec<String> {
        let mut by_probe: ByProbe<'_, '_> = BTreeMap::new();
        for pair in pairs {
            by_probe.entry(pair.probe.key()).or_default().push(pair);
        }
        let mut lines = Vec::new();
        let mut open = Vec::new();
        for own in by_probe.values() {
            let known: Vec<&PairState<'_>> = own.iter().copied().filter(|p| p.is_known()).collect();
            let all_open = !known.is_empty() && known.iter().all(|p| p.state == State::Open);
            if all_open {
                open.push(self.probe_name(own[0].probe));
                continue;
            }
            lines.extend(self.lost(&known));
            // When something is known, only the table shows the unknown rest.
            if known.is_empty() {
                lines.extend(self.unknown(own));
            }
        }
        if !open.is_empty() && !lines.is_empty() {
            let probes = self.list(&open);
            lines.push(self.fill(PageText::WorksStill, &[("probes", &probes)]));
        }
        lines
    }

    /// What is seen of one probe, by vantage where the vantages differ.
    fn lost(&self, known: &[&PairState<'_>]) -> Vec<String> {
        let mut seen: Vec<(String, Vec<&VantageId>)> = Vec::new();
        let mut open: Vec<&VantageId> = Vec::new();
        for pair in known {
            if pair.state == State::Open {
                open.push(&pair.vantage);
                continue;
            }
            let Some(text) = self.seen(pair) else {
                continue;
            };
            match seen.iter_mut().find(|(other, _)| *other == text) {
                Some((_, places)) => places.push(&pair.vantage),
                None => seen.push((text, vec![&pair.vantage])),
            }
        }
        let everywhere = seen.len() == 1 && open.is_empty();
        let Some(probe) = known.first().map(|p| self.probe_name(p.probe)) else {
            return Vec::new();
        };
        let mut lines: Vec<String> = seen
            .iter()
            .map(|(text, places)| {
                let places = self.places(places);
                let values = [("probe", &*probe), ("seen", &**text), ("places", &*places)];
                let template = if everywhere {
                    PageText::Lost
                } else {
                    PageText::LostFrom
                };
                self.fill(template, &values)
            })
            .collect();
        if !open.is_empty() && !lines.is_empty() {
            let places = self.places(&open);
            let values = [("probe", probe.as_str()), ("places", places.as_str())];
            lines.push(self.fill(PageText::OpenFrom, &values));
        }
        lines
    }

    /// Why nothing is known of one probe, each reason once.
    fn unknown(&self, pairs: &[&PairState<'_>]) -> Vec<String> {
        let reasons: Vec<String> = pairs.iter().filter_map(|pair| self.reason(pair)).collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let probe = self.probe_name(pairs[0].probe);
        let fresh = reasons.iter().filter(|reason| seen.insert(reason));
        fresh
            .map(|reason| {
                let values = [("probe", probe.as_str()), ("seen", reason.as_str())];
                self.fill(PageText::Lost, &values)
            })
            .collect()
    }

    /// What is seen of a pair, in the present, or who knows.
    pub fn seen(&self, pair: &PairState<'_>) -> Option<String> {
        if pair.reason.is_some() {
            return self.reason(pair);
        }
        let observed = &pair.status?.observed;
        let limit = pair
            .probe
            .timeout
            .unwrap_or(self.known.settings.politeness.timeout);
        let next = pair.probe.next_level();
        let said = (observed.code, observed.saying);
        Some(self.texts.seen_as_now(said, next, Some(limit)))
    }

    fn places(&self, vantages: &[&VantageId]) -> String {
        let mut places: Vec<String> = Vec::new();
        for vantage in vantages {
            let place = self.place(vantage);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        self.list(&places)
    }

    /// The ongoing incidents of a source.
    pub fn ongoing<'i>(&'i self, source: &'i Source) -> impl Iterator<Item = &'i Incident> {
        let incidents = self.known.tracker.incidents.values();
        incidents.filter(|i| {
            i.is_open() && i.folded_into.is_none() && i.source.as_ref() == Some(&source.id)
        })
    }

    fn reports(&self, source: &Source) -> Vec<ItemReport> {
        let reports = self.ongoing(source).map(|incident| ItemReport {
            href: format!("/incidents/{}", incident.id),
            text: self.fill(PageText::ReportLink, &[("id", &incident.id.to_string())]),
            looked_after: self.looked_after(incident),
        });
        reports.collect()
    }

    /// Who looks after an incident; nothing for visitors.
    pub fn looked_after(&self, incident: &Incident) -> String {
        if self.is_public_view() {
            return String::new();
        }
        match &incident.acknowledged_by {
            Some(by) => {
                let by = clean::line(by, 80);
                self.fill(PageText::LookedAfter, &[("by", &by)])
            }
            None => self.say(PageText::NobodyLooks).to_owned(),
        }
    }

    /// What a person may answer: one question about every page that our program cannot see.
    fn ask(&self, pairs: &[&PairState<'_>]) -> Option<AskView> {
        let mut asked: BTreeSet<ProbeKey> = BTreeSet::new();
        let may_replace = |pair: &&&PairState<'_>| {
            pair.state == State::Unknown && pair.reason != Some(UnknownReason::OwnEnd)
        };
        let pages: Vec<AskedPage> = pairs
            .iter()
            .filter(may_replace)
            .filter(|pair| asked.insert(pair.probe.key()))
            .map(|pair| self.asked_page(pair.probe, pair))
            .collect();
        (!pages.is_empty()).then(|| AskView {
            pages,
            form: self.ask_form(),
        })
    }

    fn asked_page(&self, probe: &Probe, pair: &PairState<'_>) -> AskedPage {
        let question = pair.status.map_or(ReaderQuestion::Works, |status| {
            ReaderQuestion::about_seen(status.observed.code, status.observed.saying)
        });
        let url = match &probe.target {
            Target::Url(url) => Some(url.to_string()),
            Target::File(_) => None,
        };
        let key = probe.key();
        let (source, id) = (
            path_part(key.source.as_str()),
            path_part(key.probe.as_str()),
        );
        AskedPage {
            probe: self.probe_name(probe),
            url: url.filter(|_| !self.is_public_view()),
            look: self.texts.look(question).to_owned(),
            action: format!("/sources/{source}/{id}/observe"),
            command: format!("accesswatch incidents observe {key} --browser ok --network '…'"),
        }
    }

    fn ask_form(&self) -> Option<(String, String)> {
        let csrf = self.visit.csrf.clone()?;
        let by = clean::line(self.visit.name.as_deref().unwrap_or_default(), 80);
        (self.visit.role == Role::Writer).then_some((csrf, by))
    }
}
