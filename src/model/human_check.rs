//! What a person saw in a browser.

use serde::{Deserialize, Serialize};

use super::time::Time;

/// What a person saw in a browser (`incidents observe`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HumanCheck {
    pub at: Time,
    pub browser: BrowserResult,
    pub network: String,
    /// What they read there, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saw: Option<String>,
    /// The person's name or role, in their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl HumanCheck {
    /// The check in one line, such as `refused: home, Berlin; Ana; “本站暂停服务”`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}: {}", self.browser.as_str(), self.circumstances())
    }

    /// The place, the person, and what they read.
    #[must_use]
    pub fn circumstances(&self) -> String {
        let saw = self.saw.as_ref().map(|saw| format!("“{saw}”"));
        let parts = [Some(self.network.clone()), self.by.clone(), saw];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join("; ")
    }
}

/// The three answers a person can give.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "snake_case")]
pub enum BrowserResult {
    Ok,
    Refused,
    Partial,
}

impl BrowserResult {
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word of `incidents observe` and of records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
