//! The category of each code in uptime.csv, where every category is a column. The data dictionary
//! has the same table.

use crate::model::Code;

/// One category of the daily counts. `gaps` has no code: nothing was measured.
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
pub enum UptimeCategory {
    /// Served as usual, or served with a harmless change.
    Ok,
    /// Not observed: the site declined programs for the moment, or our politeness or our client
    /// prevented the check. Lowers coverage, never availability.
    Limited,
    /// Refused by the site, or by a known party in between.
    Blocked,
    /// The page is gone or moved.
    Rot,
    /// Served, but the content stopped, shrank or is empty.
    Stale,
    /// It failed for an unknown reason.
    Failed,
    /// Our own end failed. Not part of availability.
    VantageOffline,
}

impl UptimeCategory {
    /// Every category, in the order of uptime.csv.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name of its column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether the category counts against the source's availability.
    #[must_use]
    pub fn is_down(self) -> bool {
        matches!(
            self,
            UptimeCategory::Blocked
                | UptimeCategory::Rot
                | UptimeCategory::Stale
                | UptimeCategory::Failed
        )
    }
}

/// The category of a code; every code has exactly one.
#[must_use]
pub fn uptime_category(code: Code) -> UptimeCategory {
    use Code as C;
    match code {
        // Served; a redesign or another edition is reported as an event.
        C::Ok | C::ContentChanged | C::SiteEdition => UptimeCategory::Ok,
        // Declined for the moment, announced, not fetched, or not readable by our client.
        C::SiteMaintenance
        | C::SiteRateLimited
        | C::SiteChallenge
        | C::TlsIncompatible
        | C::TlsIncompleteChain
        // The level is unknown until somebody has looked.
        | C::ContentUnproven
        | C::SkippedRobots
        | C::SkippedBackOff
        | C::Insufficient => UptimeCategory::Limited,
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
        | C::DnsForged => UptimeCategory::Blocked,
        C::ContentMoved
        | C::ContentSoft404
        | C::ContentRedirectedHome
        | C::ContentParked
        | C::HttpNotFound
        | C::HttpGone => UptimeCategory::Rot,
        C::ContentStale | C::ContentShrunk | C::ContentNulls | C::ContentEmpty => {
            UptimeCategory::Stale
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
        | C::DnsBogon => UptimeCategory::Failed,
        C::VantageOffline
        | C::VantageProxy
        | C::VantageCaptive
        | C::VantageIntercepted
        | C::VantageClock
        | C::VantageMoved => UptimeCategory::VantageOffline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layer;

    #[test]
    fn codes_that_say_nothing_of_the_source_never_count_against_it() {
        for &code in Code::ALL {
            let category = uptime_category(code);
            if code.severity().is_none() {
                assert!(
                    !category.is_down(),
                    "{code} counts as {}",
                    category.as_str()
                );
            }
            assert_eq!(
                category == UptimeCategory::VantageOffline,
                code.layer() == Layer::Vantage,
                "{code}"
            );
            if code.is_outage_like() {
                assert!(
                    category == UptimeCategory::Failed || code == Code::DnsForged,
                    "{code} counts as {}",
                    category.as_str()
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
            assert_eq!(uptime_category(code), UptimeCategory::Limited);
        }
        for &code in Code::ALL {
            if code.severity().is_some_and(|s| s >= 3) && code != Code::ContentUnproven {
                assert!(uptime_category(code).is_down(), "{code}");
            }
        }
    }
}
