//! A source: a watched provider, as its file under `probes/` states it.

use std::path::PathBuf;

use super::ids::SourceId;
use super::settings::Language;
use super::vantage::Vantage;

/// Who may normally read the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Access {
    Public,
    Login,
    Subscription,
}

impl Access {
    /// The value as configuration spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Which parts of a page may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StoreBody {
    /// The body, stored once per content.
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
    /// Who agreed, and when, that a licensed address may probe a subscription source.
    pub consent: Option<String>,
    /// The file it was read from, relative to the workspace.
    pub file: PathBuf,
}

impl Source {
    /// The name followed by the Chinese one, for mails and tables: `CNKI 中国知网`.
    #[must_use]
    pub fn full_name(&self) -> String {
        match &self.name_zh {
            Some(zh) if *zh != self.name => format!("{} {zh}", self.name),
            _ => self.name.clone(),
        }
    }

    /// The name in the reader's language, without another one.
    #[must_use]
    pub fn short_name(&self, language: Language) -> &str {
        let own = match language {
            Language::En => None,
            Language::Ko => self.name_ko.as_deref(),
            Language::Zh => self.name_zh.as_deref(),
        };
        own.unwrap_or(&self.name)
    }

    /// The name in the reader's language, then the Chinese one; for readers of Chinese, the Chinese
    /// one, then the plain one: `CNKI 中国知网`, `중국 즈왕(CNKI) 中国知网`, `中国知网 CNKI`. No name appears
    /// twice.
    #[must_use]
    pub fn name_in(&self, language: Language) -> String {
        let own = self.short_name(language);
        let other = match language {
            Language::Zh => Some(self.name.as_str()),
            Language::En | Language::Ko => self.name_zh.as_deref(),
        };
        match other.filter(|other| !own.contains(*other)) {
            Some(other) => format!("{own} {other}"),
            None => own.to_owned(),
        }
    }

    /// Whether this source may be probed from `vantage`: a licensed address may probe a
    /// subscription source only with consent (`consent`).
    #[must_use]
    pub fn may_be_probed_from(&self, vantage: &Vantage) -> bool {
        self.access != Access::Subscription || !vantage.licensed || self.consent.is_some()
    }
}
