//! The data that a page is made of, and the names on it.

use chrono_tz::Tz;

use crate::i18n::mail::{Texts, texts};
use crate::i18n::names;
use crate::i18n::pages::{PageText, country};
use crate::model::settings::Language;
use crate::model::{Catalogue, Probe, ProbeKey, Source, Time, Vantage, VantageId};
use crate::store::Reader;
use crate::text::clean;
use crate::track;
use crate::track::state::{self, PairState, StateInput};
use crate::web::readers::OpenStore;
use crate::web::role::Role;
use crate::web::site::{SiteConfig, WebSite};
use crate::web::snapshot::StoreSnapshot;
use crate::web::visit::Visit;

/// Longer names are cut.
const NAME: usize = 80;

/// One page in the making.
pub struct PageContext<'a> {
    pub config: &'a SiteConfig,
    pub visit: &'a Visit,
    pub reader: &'a Reader,
    pub snapshot: &'a StoreSnapshot,
    pub texts: &'static Texts,
    pub zone: Tz,
    /// The current time; in a demonstration it stands still.
    pub now: Time,
    pub known: StateInput<'a>,
    pub pairs: Vec<PairState<'a>>,
    /// Since when a pass has been due that was not made.
    pub overdue: Option<Time>,
}

impl<'a> PageContext<'a> {
    /// The context of pages over one generation of the store.
    pub fn new(
        site: &WebSite,
        config: &'a SiteConfig,
        visit: &'a Visit,
        open: &'a OpenStore,
    ) -> Self {
        let snapshot = open.snapshot.as_ref();
        let span = snapshot.demonstration;
        let now = span.map_or_else(|| site.clock.now(), |span| span.until);
        let known = StateInput {
            tracker: &snapshot.tracker,
            catalogue: &config.workspace.catalogue,
            settings: &config.workspace.settings,
            rounds: &snapshot.rounds,
            observations: &snapshot.observations,
            as_of: now,
        };
        let pairs = state::pairs(&known);
        Self {
            overdue: track::overdue_since(&known, &pairs),
            pairs,
            known,
            now,
            zone: site.zone(config),
            texts: texts(visit.language),
            snapshot,
            reader: &open.reader,
            visit,
            config,
        }
    }

    /// The language of the page.
    #[must_use]
    pub fn language(&self) -> Language {
        self.visit.language
    }

    /// A text without placeables.
    #[must_use]
    pub fn say(&self, text: PageText) -> &'static str {
        text.text(self.visit.language)
    }

    /// A text with its placeables filled.
    #[must_use]
    pub fn fill(&self, text: PageText, values: &[(&str, &str)]) -> String {
        text.fill(self.visit.language, values)
    }

    /// What is watched.
    #[must_use]
    pub fn catalogue(&self) -> &'a Catalogue {
        self.known.catalogue
    }

    /// The pairs of one source.
    #[must_use]
    pub fn pairs_of(&self, source: &Source) -> Vec<&PairState<'a>> {
        // The pairs are in the order of their keys, and a key begins with its source.
        let begin = self.pairs.partition_point(|p| p.probe.source < source.id);
        let own = self.pairs[begin..].iter();
        own.take_while(|p| p.probe.source == source.id).collect()
    }

    /// Names of vantages and people are left out.
    #[must_use]
    pub fn is_public_view(&self) -> bool {
        self.visit.role <= Role::Visitor
    }

    /// The name of a source as readers know it.
    #[must_use]
    pub fn source_name(&self, source: &Source) -> String {
        clean::line(source.short_name(self.visit.language), NAME)
    }

    /// Its other name with that name's language, where it has one.
    #[must_use]
    pub fn other_name(&self, source: &Source) -> Option<(&'static str, String)> {
        let own = source.short_name(self.visit.language);
        let (tag, other) = match self.visit.language {
            Language::Zh => ("en", Some(source.name.as_str())),
            Language::En | Language::Ko => ("zh-Hans", source.name_zh.as_deref()),
        };
        let other = other.filter(|other| !own.contains(*other))?;
        Some((tag, clean::line(other, NAME)))
    }

    /// The name of a probe.
    #[must_use]
    pub fn probe_name(&self, probe: &Probe) -> String {
        clean::line(names::of_probe(self.visit.language, probe), NAME)
    }

    /// The name of a probe by its key; the key where the probe is gone.
    #[must_use]
    pub fn probe_called(&self, key: &ProbeKey) -> String {
        match self.catalogue().probe(key) {
            Some(probe) => self.probe_name(probe),
            None => clean::line(key.probe.as_str(), NAME),
        }
    }

    fn vantage(&self, id: &VantageId) -> Option<&'a Vantage> {
        let vantages = &self.known.settings.vantages;
        vantages.iter().find(|v| v.id == *id)
    }

    /// The name of a vantage; a number where names are left out.
    #[must_use]
    pub fn vantage_name(&self, id: &VantageId) -> String {
        if self.is_public_view() {
            let order = &self.snapshot.vantage_order;
            let number = order.iter().position(|v| v == id).map(|at| at + 1);
            let word = self.say(PageText::HeadVantage);
            let place = self.place(id);
            return match number {
                Some(number) => format!("{word} {number}, {place}"),
                None => place,
            };
        }
        let name = self.vantage(id).map_or(id.as_str(), |v| v.name.as_str());
        clean::line(name, NAME)
    }

    /// The country of a vantage; its name where no country is stated.
    #[must_use]
    pub fn place(&self, id: &VantageId) -> String {
        match self.vantage(id) {
            Some(vantage) => clean::line(country(self.visit.language, &vantage.country), NAME),
            None if self.is_public_view() => self.say(PageText::HeadVantage).to_owned(),
            None => clean::line(id.as_str(), NAME),
        }
    }

    /// A list of names.
    #[must_use]
    pub fn list(&self, names: &[String]) -> String {
        names.join(self.texts.marks.list)
    }
}
