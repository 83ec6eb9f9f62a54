//! A source: a provider that is watched, as its file under `probes/` states it.

use std::path::PathBuf;

use super::ids::SourceId;
use super::settings::Language;
use super::vantage::Vantage;

/// Who may normally read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    Login,
    Subscription,
}

impl Access {
    /// The value as configuration spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Access::Public => "public",
            Access::Login => "login",
            Access::Subscription => "subscription",
        }
    }
}

/// What of a page may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StoreBody {
    /// The body, once by content.
    #[default]
    Always,
    /// Hash, matched markers and 2 KB redacted: courts, registries, licensed sources.
    Never,
}

/// `[source]` of a probe file.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub id: SourceId,
    pub name: String,
    pub name_zh: Option<String>,
    pub name_ko: Option<String>,
    /// The folder it is listed under: `academic`, `market`, …
    pub group: String,
    pub homepage: Option<String>,
    pub access: Access,
    pub note: Option<String>,
    pub licence_until: Option<String>,
    pub vendor_contact: Option<String>,
    pub catalogue_ids: Vec<String>,
    pub alternatives: Vec<String>,
    pub catalogue_note: Option<String>,
    pub store_body: StoreBody,
    /// Who agreed, and when, that a subscription source is probed from a licensed address.
    pub consent: Option<String>,
    /// The file it was read from, relative to the workspace.
    pub file: PathBuf,
}

impl Source {
    /// The name with the Chinese one behind it, as mails and tables show it: `CNKI 中国知网`.
    #[must_use]
    pub fn full_name(&self) -> String {
        match &self.name_zh {
            Some(zh) if *zh != self.name => format!("{} {zh}", self.name),
            _ => self.name.clone(),
        }
    }

    /// The name as readers of a language know it, with the Chinese one behind it:
    /// `중국 즈왕(CNKI) 中国知网`. The own name is not said twice.
    #[must_use]
    pub fn name_in(&self, language: Language) -> String {
        let Some(ko) = self.name_ko.as_ref().filter(|_| language == Language::Ko) else {
            return self.full_name();
        };
        let own = Some(&self.name).filter(|name| !ko.contains(*name));
        let zh = self
            .name_zh
            .as_ref()
            .filter(|zh| *zh != ko && **zh != self.name);
        let names = [own, Some(ko), zh].into_iter().flatten();
        names.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether this source may be probed from `vantage`: a licensed address probes a subscription source
    /// only when someone agreed to that (`consent`).
    #[must_use]
    pub fn may_be_probed_from(&self, vantage: &Vantage) -> bool {
        self.access != Access::Subscription || !vantage.licensed || self.consent.is_some()
    }
}
