//! What a finding rests on: one row per vantage or person, kept with the incident as it was when
//! the finding was made.

use serde::{Deserialize, Serialize};

use super::discriminator::Statement;
use super::human_check::{BrowserResult, HumanCheck};
use super::ids::VantageId;
use super::time::Time;
use super::verdict::{Code, Locus};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ground", rename_all = "snake_case")]
pub enum FindingBasis {
    /// The newest settled verdict of a usable vantage, and the result of its discriminators.
    Vantage {
        vantage: VantageId,
        /// ISO 3166; empty when the operator did not state it.
        country: String,
        /// The network class; empty when the operator did not state it.
        network: String,
        code: Code,
        locus: Locus,
        /// At its baseline or better.
        served: bool,
        #[serde(default)]
        said: Vec<Statement>,
    },
    /// What a person saw.
    Person {
        at: Time,
        browser: BrowserResult,
        network: String,
    },
}

impl From<&HumanCheck> for FindingBasis {
    fn from(check: &HumanCheck) -> Self {
        FindingBasis::Person {
            at: check.at,
            browser: check.browser,
            network: check.network.clone(),
        }
    }
}
