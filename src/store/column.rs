//! Which column of uptime.csv a code is counted in. The same table stands in the data dictionary.

use crate::model::Code;

/// One column of the daily counts. `gaps` has no code: nothing was measured.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum UptimeColumn {
    /// Served as usual, or served with a harmless change.
    Ok,
    /// Not seen: the site declined programs for the moment, or our own manners or client did not let
    /// us look. Lowers coverage, never availability.
    Limited,
    /// Refused: a door was shut by the site, or by somebody in between who is known.
    Blocked,
    /// The page is gone or moved.
    Rot,
    /// Served, but the content stopped, shrank or emptied.
    Stale,
    /// It did not work and nothing says why.
    Failed,
    /// Our own end did not work. Outside of availability.
    VantageOffline,
}

impl UptimeColumn {
    /// Every column, in the order of uptime.csv.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The column's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Counted against the source's availability.
    #[must_use]
    pub fn is_down(self) -> bool {
        matches!(
            self,
            UptimeColumn::Blocked | UptimeColumn::Rot | UptimeColumn::Stale | UptimeColumn::Failed
        )
    }
}

/// The column of a code; every code has exactly one.
#[must_use]
pub fn column_of(code: Code) -> UptimeColumn {
    use Code as C;
    match code {
        // Served; a redesign or another edition is told as an event.
        C::Ok | C::ContentChanged | C::SiteEdition => UptimeColumn::Ok,
        // Declined for the moment, announced, not fetched, or not readable by our client.
        C::SiteMaintenance
        | C::SiteRateLimited
        | C::SiteChallenge
        | C::TlsIncompatible
        | C::TlsIncompleteChain
        // Nobody sees the level until somebody has looked.
        | C::ContentUnproven
        | C::SkippedRobots
        | C::SkippedBackOff
        | C::Insufficient => UptimeColumn::Limited,
        C::ContentWithdrawn
        | C::ContentReplaced
        | C::SiteLogin
        | C::SitePhone
        | C::SitePaywall
        | C::SiteNotEntitled
        | C::SiteSeats
        | C::SiteGeoBlock
        | C::SiteLegalBlock
        | C::SiteIpBan
        | C::SiteWafBlock
        | C::SiteIcp
        | C::HttpForbidden
        | C::HttpUnauthorized
        | C::HttpClientError
        | C::DnsForged => UptimeColumn::Blocked,
        C::ContentMoved
        | C::ContentSoft404
        | C::ContentRedirectedHome
        | C::ContentParked
        | C::HttpNotFound
        | C::HttpGone => UptimeColumn::Rot,
        C::ContentStale | C::ContentShrunk | C::ContentNulls | C::ContentEmpty => {
            UptimeColumn::Stale
        }
        C::HttpServerError
        | C::HttpNoReply
        | C::HttpReset
        | C::HttpTimeout
        | C::HttpMalformed
        | C::HttpRedirectLoop
        | C::HttpBadRedirect
        | C::TlsReset
        | C::TlsClosed
        | C::TlsTimeout
        | C::TlsAlert
        | C::TlsExpired
        | C::TlsWrongHost
        | C::TlsUntrusted
        | C::TlsInvalid
        | C::TcpRefused
        | C::TcpReset
        | C::TcpTimeout
        | C::TcpUnreachable
        | C::DnsNxdomain
        | C::DnsNoAnswer
        | C::DnsServfail
        | C::DnsRefused
        | C::DnsTimeout
        | C::DnsBogon => UptimeColumn::Failed,
        C::VantageOffline
        | C::VantageProxy
        | C::VantageCaptive
        | C::VantageIntercepted
        | C::VantageClock
        | C::VantageMoved => UptimeColumn::VantageOffline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layer;

    #[test]
    fn codes_that_say_nothing_of_the_source_never_count_against_it() {
        for &code in Code::ALL {
            let column = column_of(code);
            if code.severity().is_none() {
                assert!(!column.is_down(), "{code} counts as {}", column.as_str());
            }
            assert_eq!(
                column == UptimeColumn::VantageOffline,
                code.layer() == Layer::Vantage,
                "{code}"
            );
            if code.is_outage_like() {
                assert!(
                    column == UptimeColumn::Failed || code == Code::DnsForged,
                    "{code} counts as {}",
                    column.as_str()
                );
            }
        }
    }

    #[test]
    fn challenges_lower_coverage_not_availability() {
        for code in [
            Code::SiteChallenge,
            Code::SiteRateLimited,
            Code::SiteMaintenance,
            Code::ContentUnproven,
        ] {
            assert_eq!(column_of(code), UptimeColumn::Limited);
        }
        for &code in Code::ALL {
            if code.severity().is_some_and(|s| s >= 3) && code != Code::ContentUnproven {
                assert!(column_of(code).is_down(), "{code}");
            }
        }
    }
}
