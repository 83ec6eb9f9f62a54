//! The state of a check for pages, tables and mails: open, less, closed, unknown.

use serde::{Deserialize, Serialize};

use super::ids::{ProbeKey, RoundId, VantageId};
use super::rule::Saying;
use super::time::Time;
use super::verdict::{Code, Layer};

/// What readers get, as far as a check shows it. No state is called "up" or "down".
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Open,
    Less,
    Closed,
    Unknown,
}

impl State {
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why the code of a check does not show what readers get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Doubt {
    /// The finding of the probe after the pass, computed as if every baseline were `ok`, was
    /// `program_refused` or `insufficient`.
    pub finding: bool,
    /// The probe's markers are not confirmed, and the probe was never `ok` from that vantage.
    pub provisional: bool,
}

/// A round whose code is in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubtedRound {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    pub round: RoundId,
    /// When its first attempt began.
    pub at: Time,
    pub doubt: Doubt,
}

/// The state of a check by its code; the first matching row decides.
///
/// | state     | code |
/// | ---       | ---  |
/// | `open`    | `ok` |
/// | `unknown` | `content.*` of a provisional probe that was never `ok` there |
/// | `open`    | `content.changed`, `content.moved` |
/// | `less`    | `content.withdrawn`, `.unproven`, `.stale`, `.shrunk`, `.nulls` |
/// | `less`    | `site.edition`, `site.maintenance` |
/// | `unknown` | challenge, rate limit, our client's limits, skipped, insufficient, our own end |
/// | `unknown` | any other while the finding is `program_refused` or `insufficient` |
/// | `closed`  | any other |
#[must_use]
pub fn of_check(code: Code, doubt: Doubt) -> State {
    match code {
        Code::Ok => State::Open,
        _ if doubt.provisional && code.layer() == Layer::Content => State::Unknown,
        Code::ContentChanged | Code::ContentMoved => State::Open,
        Code::ContentWithdrawn
        | Code::ContentUnproven
        | Code::ContentStale
        | Code::ContentShrunk
        | Code::ContentNulls
        | Code::SiteEdition
        | Code::SiteMaintenance => State::Less,
        Code::SiteChallenge
        | Code::SiteRateLimited
        | Code::TlsIncompatible
        | Code::TlsIncompleteChain => State::Unknown,
        _ if !code.is_about_source() || doubt.finding => State::Unknown,
        _ => State::Closed,
    }
}

impl State {
    /// The state by what is seen: a page that is there is not closed.
    #[must_use]
    pub fn seen_as(self, saying: Saying) -> Self {
        match self {
            State::Closed if saying.leaves_the_page() => State::Less,
            state => state,
        }
    }
}

/// Whether a doubt could change the state of a check with this code.
#[must_use]
pub fn may_be_doubted(code: Code) -> bool {
    let finding = Doubt {
        finding: true,
        provisional: true,
    };
    of_check(code, finding) != of_check(code, Doubt::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_the_state_of_its_row() {
        let finding = Doubt {
            finding: true,
            provisional: false,
        };
        let provisional = Doubt {
            finding: false,
            provisional: true,
        };
        for &code in Code::ALL {
            let plain = of_check(code, Doubt::default());
            let row = match code.as_str() {
                "ok" | "content.changed" | "content.moved" => State::Open,
                "content.withdrawn" | "content.unproven" | "content.stale" | "content.shrunk"
                | "content.nulls" | "site.edition" | "site.maintenance" => State::Less,
                "site.challenge"
                | "site.rate_limited"
                | "tls.incompatible"
                | "tls.incomplete_chain"
                | "insufficient" => State::Unknown,
                text if text.starts_with("skipped.") || text.starts_with("vantage.") => {
                    State::Unknown
                }
                _ => State::Closed,
            };
            assert_eq!(plain, row, "{code}");
            let doubted = of_check(code, finding);
            if plain == State::Closed {
                assert_eq!(doubted, State::Unknown, "{code}");
            } else {
                assert_eq!(doubted, plain, "{code}");
            }
            let never_ok = of_check(code, provisional);
            if code.as_str().starts_with("content.") {
                assert_eq!(never_ok, State::Unknown, "{code}");
            } else {
                assert_eq!(never_ok, plain, "{code}");
            }
        }
    }
}
