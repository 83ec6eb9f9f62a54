//! What truly happens to sources: events of every finding, and the vantages that see each.
//!
//! A source has an event every other month. Each event lasts at least 13 hours, so that at least
//! one round of every vantage falls into it (rounds are up to 12 hours apart): three visits a day
//! cannot see what comes and goes between two rounds. Events of one source are at least ten days
//! apart.

use accesswatch::model::{Code, Finding};

use super::dice::Dice;

pub const HOUR: i64 = 3600;
pub const DAY: i64 = 24 * HOUR;

/// The codes that the three vantages get, in their order: two campuses (US, KR) and a data centre
/// (DE).
type SeenCodes = [Code; 3];

/// A kind of event.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub finding: Finding,
    pub seen: SeenCodes,
    /// Whether discriminators prove that it happens before the site.
    pub before_the_site: bool,
    /// Whether a person in the mainland checks after the mail, and sees it fail too.
    pub looked_at: bool,
    /// The shortest and the longest duration, in hours.
    pub hours: (i64, i64),
}

const fn kind(finding: Finding, seen: SeenCodes) -> Kind {
    Kind {
        finding,
        seen,
        before_the_site: false,
        looked_at: false,
        hours: (24, 24 * 20),
    }
}

const fn all(finding: Finding, code: Code) -> Kind {
    kind(finding, [code; 3])
}

const fn short(kind: Kind) -> Kind {
    Kind {
        hours: (13, 72),
        ..kind
    }
}

const fn looked_at(code: Code) -> Kind {
    Kind {
        looked_at: true,
        ..short(all(Finding::Outage, code))
    }
}

const fn cut(seen: SeenCodes) -> Kind {
    Kind {
        before_the_site: true,
        ..kind(Finding::NetworkInterference, seen)
    }
}

/// Every kind of every finding that an event can have.
pub const KINDS: &[&[Kind]] = &[
    &[
        kind(
            Finding::NetworkInterference,
            [Code::DnsForged, Code::Ok, Code::Ok],
        ),
        all(Finding::NetworkInterference, Code::DnsForged),
        cut([Code::TlsReset, Code::Ok, Code::Ok]),
        cut([Code::TcpTimeout; 3]),
        cut([Code::HttpReset, Code::Ok, Code::HttpReset]),
    ],
    &[
        all(Finding::GeoRestricted, Code::SiteGeoBlock),
        kind(
            Finding::GeoRestricted,
            [Code::SiteGeoBlock, Code::Ok, Code::Ok],
        ),
        all(Finding::GeoRestricted, Code::SiteLegalBlock),
        kind(
            Finding::GeoRestricted,
            [Code::HttpForbidden, Code::Ok, Code::Ok],
        ),
        kind(
            Finding::GeoRestricted,
            [Code::Ok, Code::SiteWafBlock, Code::Ok],
        ),
    ],
    &[
        kind(
            Finding::AddressRestricted,
            [Code::Ok, Code::Ok, Code::HttpForbidden],
        ),
        kind(
            Finding::AddressRestricted,
            [Code::Ok, Code::Ok, Code::SiteWafBlock],
        ),
        kind(
            Finding::AddressRestricted,
            [Code::Ok, Code::Ok, Code::SiteIpBan],
        ),
        kind(
            Finding::AddressRestricted,
            [Code::Ok, Code::Ok, Code::SiteNotEntitled],
        ),
    ],
    &[
        all(Finding::ProgramRefused, Code::SiteChallenge),
        kind(
            Finding::ProgramRefused,
            [Code::SiteChallenge, Code::Ok, Code::SiteChallenge],
        ),
        all(Finding::ProgramRefused, Code::SiteWafBlock),
        all(Finding::ProgramRefused, Code::HttpNoReply),
        all(Finding::ProgramRefused, Code::HttpForbidden),
    ],
    &[
        all(Finding::AccessControl, Code::SiteLogin),
        all(Finding::AccessControl, Code::SitePhone),
        all(Finding::AccessControl, Code::SitePaywall),
        all(Finding::AccessControl, Code::SiteNotEntitled),
        all(Finding::AccessControl, Code::HttpUnauthorized),
    ],
    // In words that nobody listed: from everywhere, from one vantage, from all but one.
    &[
        all(Finding::Replaced, Code::ContentReplaced),
        kind(
            Finding::Replaced,
            [Code::ContentReplaced, Code::Ok, Code::Ok],
        ),
        kind(
            Finding::Replaced,
            [Code::ContentReplaced, Code::ContentReplaced, Code::Ok],
        ),
    ],
    &[short(all(Finding::Maintenance, Code::SiteMaintenance))],
    &[
        all(Finding::Withdrawn, Code::ContentWithdrawn),
        // All full-text buttons of the source at once.
        all(Finding::Withdrawn, Code::ContentUnproven),
        all(Finding::Withdrawn, Code::ContentEmpty),
        all(Finding::Withdrawn, Code::ContentNulls),
        all(Finding::Withdrawn, Code::ContentShrunk),
        all(Finding::Withdrawn, Code::ContentStale),
    ],
    &[
        all(Finding::Rot, Code::HttpNotFound),
        all(Finding::Rot, Code::HttpGone),
        all(Finding::Rot, Code::ContentSoft404),
        all(Finding::Rot, Code::ContentRedirectedHome),
        all(Finding::Rot, Code::ContentParked),
    ],
    &[
        looked_at(Code::TcpTimeout),
        looked_at(Code::HttpServerError),
        looked_at(Code::DnsServfail),
    ],
    &[
        short(all(Finding::Unreachable, Code::TcpTimeout)),
        short(all(Finding::Unreachable, Code::HttpServerError)),
        all(Finding::Unreachable, Code::TcpRefused),
        all(Finding::Unreachable, Code::TlsExpired),
        all(Finding::Unreachable, Code::DnsNxdomain),
    ],
    &[all(Finding::Changed, Code::SiteEdition)],
    &[
        kind(Finding::Divided, [Code::TcpTimeout, Code::Ok, Code::Ok]),
        kind(Finding::Divided, [Code::Ok, Code::TlsReset, Code::Ok]),
        kind(
            Finding::Divided,
            [Code::ContentEmpty, Code::TcpTimeout, Code::Ok],
        ),
    ],
];

/// Something that truly happened, from one second to another.
#[derive(Debug)]
pub struct Event {
    pub source: usize,
    pub kind: &'static Kind,
    pub from: i64,
    pub to: i64,
}

/// The events of a source, in order.
#[must_use]
pub fn events(seed: u64, source: usize, seconds: i64) -> Vec<Event> {
    let mut dice = Dice::new(seed, &[1, source as u64]);
    let mut found = Vec::new();
    let mut quiet_until = DAY;
    loop {
        let from = quiet_until + dice.wait(50.0 * 86_400.0);
        let kinds = dice.pick(KINDS);
        let kind = dice.pick(kinds);
        let (shortest, longest) = kind.hours;
        let to = from + dice.between(shortest * HOUR, longest * HOUR);
        if to + DAY > seconds {
            return found;
        }
        found.push(Event {
            source,
            kind,
            from,
            to,
        });
        quiet_until = to + 10 * DAY;
    }
}
