//! How serious an incident is for readers, and what a catalogue may say about it. Both follow only
//! from what was seen.

use crate::model::rule::Saying;
use crate::model::state::{Doubt, State, of_check};
use crate::model::{Code, Finding, Incident};

/// The first line of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Readers are refused.
    Closed,
    /// Nothing is reachable, and the cause is unknown.
    Reach,
    Replaced,
    /// The next level is not offered.
    NextLevel,
    /// The next level can no longer be observed.
    Unproven,
    /// The content can no longer be observed.
    Unseen,
    /// The text of a record is gone, or another one.
    Text,
    /// Figures and lists that are old, short or empty.
    Figures,
    /// An address that leads to another place.
    Rot,
    Maintenance,
    Slight,
    /// The site declined our program.
    Declined,
    /// Too little was seen.
    Unclear,
}

impl Weight {
    /// Every weight, for tests of the tables.
    pub const ALL: &'static [Weight] = &[
        Weight::Closed,
        Weight::Reach,
        Weight::Replaced,
        Weight::NextLevel,
        Weight::Unproven,
        Weight::Unseen,
        Weight::Text,
        Weight::Figures,
        Weight::Rot,
        Weight::Maintenance,
        Weight::Slight,
        Weight::Declined,
        Weight::Unclear,
    ];

    /// The name in the file of texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Weight::Closed => "closed",
            Weight::Reach => "reach",
            Weight::Replaced => "replaced",
            Weight::NextLevel => "next-level",
            Weight::Unproven => "unproven",
            Weight::Unseen => "unseen",
            Weight::Text => "text",
            Weight::Figures => "figures",
            Weight::Rot => "rot",
            Weight::Maintenance => "maintenance",
            Weight::Slight => "slight",
            Weight::Declined => "declined",
            Weight::Unclear => "unclear",
        }
    }

    /// The weight of what an incident's vantages see now.
    #[must_use]
    pub fn of_incident(incident: &Incident) -> Self {
        let (code, finding) = (incident.to, incident.finding);
        match incident.saying_of(code) {
            Saying::LinkDiverted(_) => return Weight::NextLevel,
            Saying::OtherText | Saying::NoText => return Weight::Text,
            Saying::OtherRows => return Weight::Figures,
            Saying::FilledByScript => return Weight::Unseen,
            _ => {}
        }
        match code {
            Code::ContentReplaced => Weight::Replaced,
            Code::ContentWithdrawn => Weight::NextLevel,
            Code::ContentUnproven => Weight::Unproven,
            Code::ContentStale | Code::ContentShrunk | Code::ContentNulls | Code::ContentEmpty => {
                Weight::Figures
            }
            Code::ContentSoft404
            | Code::ContentRedirectedHome
            | Code::ContentParked
            | Code::HttpNotFound
            | Code::HttpGone => Weight::Rot,
            Code::SiteMaintenance => Weight::Maintenance,
            Code::Ok | Code::ContentChanged | Code::ContentMoved | Code::SiteEdition => {
                Weight::Slight
            }
            code if state(code, finding) == State::Unknown => match finding {
                Finding::ProgramRefused => Weight::Declined,
                _ => Weight::Unclear,
            },
            code if code.is_outage_like() => Weight::Reach,
            _ => Weight::Closed,
        }
    }
}

/// The state for an incident's code and finding.
#[must_use]
pub fn state(code: Code, finding: Finding) -> State {
    let declined = matches!(finding, Finding::ProgramRefused | Finding::Insufficient);
    let doubt = Doubt {
        finding: declined,
        provisional: false,
    };
    of_check(code, doubt)
}

/// What readers get: during an incident by what is seen now, afterwards by the codes when its
/// vantages left.
#[must_use]
pub fn state_of(incident: &Incident) -> State {
    if incident.is_open() {
        let saying = incident.saying_of(incident.to);
        state(incident.to, incident.finding).seen_as(saying)
    } else {
        state(incident.ended_as(), Finding::Accessible)
    }
}

/// What a note to readers in the catalogue may say; each text is true of its loss and says no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogueNote {
    NextLevel,
    Unproven,
    Unseen,
    Text,
    Rows,
    Files,
    Stale,
    Shrunk,
    Nulls,
    Empty,
    Replaced,
    Region,
    Network,
    Access,
    Refused,
    Maintenance,
    Rot,
    Reach,
}

impl CatalogueNote {
    /// Every note, for tests of the tables.
    pub const ALL: &'static [CatalogueNote] = &[
        CatalogueNote::NextLevel,
        CatalogueNote::Unproven,
        CatalogueNote::Unseen,
        CatalogueNote::Text,
        CatalogueNote::Rows,
        CatalogueNote::Files,
        CatalogueNote::Stale,
        CatalogueNote::Shrunk,
        CatalogueNote::Nulls,
        CatalogueNote::Empty,
        CatalogueNote::Replaced,
        CatalogueNote::Region,
        CatalogueNote::Network,
        CatalogueNote::Access,
        CatalogueNote::Refused,
        CatalogueNote::Maintenance,
        CatalogueNote::Rot,
        CatalogueNote::Reach,
    ];

    /// The name in the file of texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CatalogueNote::NextLevel => "next-level",
            CatalogueNote::Unproven => "unproven",
            CatalogueNote::Unseen => "unseen",
            CatalogueNote::Text => "text",
            CatalogueNote::Rows => "rows",
            CatalogueNote::Files => "files",
            CatalogueNote::Stale => "stale",
            CatalogueNote::Shrunk => "shrunk",
            CatalogueNote::Nulls => "nulls",
            CatalogueNote::Empty => "empty",
            CatalogueNote::Replaced => "replaced",
            CatalogueNote::Region => "region",
            CatalogueNote::Network => "network",
            CatalogueNote::Access => "access",
            CatalogueNote::Refused => "refused",
            CatalogueNote::Maintenance => "maintenance",
            CatalogueNote::Rot => "rot",
            CatalogueNote::Reach => "reach",
        }
    }

    /// The note for an incident; `None` when readers may get what our program does not, when
    /// nothing is lost, or for a brief failure (`lasts`: it continued for a day).
    #[must_use]
    pub fn of_incident(incident: &Incident, lasts: bool) -> Option<Self> {
        match incident.saying_of(incident.to) {
            Saying::LinkDiverted(_) => return Some(Self::NextLevel),
            Saying::OtherText | Saying::NoText => return Some(Self::Text),
            Saying::OtherRows | Saying::OlderEdition => return Some(Self::Rows),
            Saying::FewerColumns | Saying::FewerLinks | Saying::SmallerFile => {
                return Some(Self::Files);
            }
            Saying::FilledByScript => return Some(Self::Unseen),
            _ => {}
        }
        let by_code = match incident.to {
            Code::ContentWithdrawn => Some(Self::NextLevel),
            Code::ContentUnproven => Some(Self::Unproven),
            Code::ContentStale => Some(Self::Stale),
            Code::ContentShrunk => Some(Self::Shrunk),
            Code::ContentNulls => Some(Self::Nulls),
            Code::ContentEmpty => Some(Self::Empty),
            Code::ContentReplaced => Some(Self::Replaced),
            Code::SiteMaintenance => Some(Self::Maintenance),
            // The page names a law, not a region.
            Code::SiteLegalBlock => Some(Self::Refused),
            Code::SiteEdition | Code::ContentChanged | Code::ContentMoved | Code::Ok => {
                return None;
            }
            _ => None,
        };
        if by_code.is_some() {
            return by_code;
        }
        match incident.finding {
            Finding::GeoRestricted => Some(Self::Region),
            Finding::AddressRestricted => Some(Self::Network),
            Finding::AccessControl => Some(Self::Access),
            Finding::Maintenance => Some(Self::Maintenance),
            Finding::Rot => Some(Self::Rot),
            Finding::Outage | Finding::Unreachable | Finding::NetworkInterference => {
                lasts.then_some(Self::Reach)
            }
            Finding::Replaced | Finding::Withdrawn | Finding::Divided => {
                (state(incident.to, incident.finding) == State::Closed
                    && !incident.to.is_outage_like())
                .then_some(Self::Refused)
            }
            Finding::Insufficient
            | Finding::ProgramRefused
            | Finding::Changed
            | Finding::Accessible => None,
        }
    }
}
