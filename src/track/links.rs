//! What verdicts say about the links that documents cite: observations, and states over vantages.

use crate::model::Code;
use crate::model::link::{LinkObservation, LinkRemark, LinkState};
use crate::model::verdict::Layer;

/// Statuses by which hosts decline programs.
const DECLINING: [u16; 4] = [405, 412, 418, 521];

/// What a verdict says about a link; `None` where it says nothing. `is_known_page`: a signature
/// names the page that came.
#[must_use]
pub fn observation(
    code: Code,
    status: Option<u16>,
    is_known_page: bool,
) -> Option<LinkObservation> {
    use LinkObservation::{Declined, Failed, Lost, Refused, Rot, Served};
    let declines = status.is_some_and(|s| DECLINING.contains(&s)) && !is_known_page;
    Some(match code {
        Code::HttpNotFound
        | Code::HttpGone
        | Code::ContentSoft404
        | Code::ContentRedirectedHome
        | Code::ContentParked
        | Code::DnsNxdomain => Rot,
        Code::SiteGeoBlock
        | Code::SiteLegalBlock
        | Code::SiteLogin
        | Code::SitePhone
        | Code::SitePaywall
        | Code::SiteNotEntitled
        | Code::SiteSeats
        | Code::HttpUnauthorized => Refused,
        Code::SiteChallenge
        | Code::SiteRateLimited
        | Code::SiteIpBan
        | Code::SiteWafBlock
        | Code::HttpForbidden
        | Code::HttpNoReply => Declined,
        Code::HttpClientError | Code::HttpServerError if declines => Declined,
        Code::ContentWithdrawn | Code::ContentEmpty | Code::ContentReplaced => Lost,
        Code::Ok | Code::SiteEdition | Code::TlsIncompatible | Code::TlsIncompleteChain => Served,
        Code::SiteMaintenance | Code::SiteIcp => Failed,
        _ => match code.layer() {
            Layer::Content => Served,
            Layer::Http | Layer::Tls | Layer::Tcp | Layer::Dns => Failed,
            Layer::Ok | Layer::Site | Layer::Vantage | Layer::Skipped | Layer::Insufficient => {
                return None;
            }
        },
    })
}

/// What is remarked of a link that is served in spite of its code.
#[must_use]
pub fn remark(code: Code) -> Option<LinkRemark> {
    match code {
        Code::SiteEdition => Some(LinkRemark::Edition),
        Code::TlsIncompatible | Code::TlsIncompleteChain => Some(LinkRemark::Tls),
        Code::ContentUnproven => Some(LinkRemark::Script),
        Code::SkippedRobots => Some(LinkRemark::Robots),
        Code::SkippedBackOff => Some(LinkRemark::BackOff),
        Code::Ok => None,
        code if observation(code, None, false) == Some(LinkObservation::Served) => {
            Some(LinkRemark::Changed)
        }
        _ => None,
    }
}

/// What one vantage says about a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkView {
    pub code: Code,
    pub observation: LinkObservation,
}

/// The state of a link by one check from each vantage, without confirmation over time; whether two
/// vantages agree on it; and the code that decided.
#[must_use]
pub fn state_now(views: &[LinkView]) -> (LinkState, bool, Option<Code>) {
    use LinkObservation::{Declined, Failed, Lost, Refused, Rot, Served};
    let of = |o: LinkObservation| views.iter().filter(move |v| v.observation == o);
    let served = of(Served).count();
    let cut_off = |v: &&LinkView| match v.observation {
        Rot | Failed => true,
        Declined => !matches!(v.code, Code::SiteChallenge | Code::SiteRateLimited),
        Refused | Lost | Served => false,
    };
    let decide = |state, deciding: Vec<&LinkView>| {
        let code = deciding.first().map(|v| v.code);
        (state, deciding.len() > 1, code)
    };
    if views.is_empty() {
        return (LinkState::Unknown, false, None);
    }
    if of(Rot).count() == views.len() {
        return decide(LinkState::Gone, of(Rot).collect());
    }
    if of(Refused).count() > 0 {
        return decide(LinkState::Blocked, of(Refused).collect());
    }
    if served > 0 && views.iter().any(|v| cut_off(&v)) {
        // One vantage that is served and one that is not are two that agree: the page is there.
        let deciding: Vec<&LinkView> = views.iter().filter(cut_off).collect();
        let code = deciding.first().map(|v| v.code);
        return (LinkState::Blocked, deciding.len() > 1, code);
    }
    if served == 0 && of(Declined).count() > 0 {
        return decide(LinkState::Declines, of(Declined).collect());
    }
    if served == 0 && of(Failed).count() > 0 {
        return decide(LinkState::Unreachable, of(Failed).collect());
    }
    if of(Lost).count() > 0 {
        return decide(LinkState::Drifted, of(Lost).collect());
    }
    decide(LinkState::Alive, of(Served).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use LinkObservation::{Declined, Failed, Lost, Refused, Rot, Served};

    #[test]
    fn every_code_says_something_of_a_link_or_nothing_of_any_source() {
        for code in Code::ALL {
            let says = observation(*code, None, false).is_some();
            assert_eq!(says, code.severity().is_some(), "{code}");
        }
    }

    #[test]
    fn codes_are_observed_as_the_table_has_them() {
        for (code, status, known, want) in [
            (Code::HttpNotFound, Some(404), false, Rot),
            (Code::DnsNxdomain, None, false, Rot),
            (Code::SiteGeoBlock, Some(403), true, Refused),
            (Code::HttpUnauthorized, Some(401), false, Refused),
            (Code::SiteChallenge, Some(200), true, Declined),
            (Code::HttpForbidden, Some(403), false, Declined),
            (Code::HttpClientError, Some(412), false, Declined),
            (Code::HttpServerError, Some(521), false, Declined),
            (Code::HttpServerError, Some(521), true, Failed),
            (Code::HttpClientError, Some(400), false, Failed),
            (Code::HttpServerError, Some(500), false, Failed),
            (Code::HttpNoReply, None, false, Declined),
            (Code::ContentEmpty, Some(200), false, Lost),
            (Code::ContentMoved, Some(200), false, Served),
            (Code::ContentStale, Some(200), false, Served),
            (Code::Ok, Some(200), false, Served),
            (Code::TlsExpired, None, false, Failed),
            (Code::TlsIncompatible, None, false, Served),
            (Code::SiteMaintenance, Some(503), true, Failed),
        ] {
            assert_eq!(observation(code, status, known), Some(want), "{code}");
        }
        assert_eq!(observation(Code::VantageOffline, None, false), None);
        assert_eq!(observation(Code::SkippedRobots, None, false), None);
        assert_eq!(observation(Code::Insufficient, None, false), None);
    }

    fn state(views: &[(LinkObservation, Code)]) -> (LinkState, bool) {
        let views: Vec<LinkView> = views
            .iter()
            .map(|(observation, code)| LinkView {
                code: *code,
                observation: *observation,
            })
            .collect();
        let (state, confirmed, _) = state_now(&views);
        (state, confirmed)
    }

    #[test]
    fn states_follow_the_first_row_that_fits() {
        let rot = (Rot, Code::HttpNotFound);
        let served = (Served, Code::Ok);
        let challenge = (Declined, Code::SiteChallenge);
        let forbidden = (Declined, Code::HttpForbidden);
        let geo = (Refused, Code::SiteGeoBlock);
        let failed = (Failed, Code::TcpTimeout);
        let lost = (Lost, Code::ContentEmpty);
        for (views, want) in [
            (vec![], (LinkState::Unknown, false)),
            (vec![rot], (LinkState::Gone, false)),
            (vec![rot, rot], (LinkState::Gone, true)),
            (vec![served, rot], (LinkState::Blocked, false)),
            (vec![served, rot, rot], (LinkState::Blocked, true)),
            (vec![served, failed], (LinkState::Blocked, false)),
            (vec![served, forbidden], (LinkState::Blocked, false)),
            (vec![served, challenge], (LinkState::Alive, false)),
            (vec![geo, rot], (LinkState::Blocked, false)),
            (vec![challenge], (LinkState::Declines, false)),
            (vec![challenge, rot], (LinkState::Declines, false)),
            (vec![failed, rot], (LinkState::Unreachable, false)),
            (vec![failed, failed], (LinkState::Unreachable, true)),
            (vec![lost, served], (LinkState::Drifted, false)),
            (vec![served, served], (LinkState::Alive, true)),
        ] {
            assert_eq!(state(&views), want, "{views:?}");
        }
    }
}
