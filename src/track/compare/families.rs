//! Which codes belong together when vantages are compared: one family, one finding.

use crate::model::Code;

/// The site (or something that answers for it) refused a request it understood. A challenge, a rate
/// limit and full seats are no refusal: they would have let another client, or a later one, in.
#[must_use]
pub fn is_refusal(code: Code) -> bool {
    matches!(
        code,
        Code::SiteGeoBlock
            | Code::SiteLegalBlock
            | Code::SiteIpBan
            | Code::SiteWafBlock
            | Code::SiteLogin
            | Code::SitePhone
            | Code::SitePaywall
            | Code::SiteNotEntitled
            | Code::HttpForbidden
            | Code::HttpUnauthorized
            | Code::HttpClientError
    )
}

/// The region is named, or the law.
pub(super) fn names_region(code: Code) -> bool {
    matches!(code, Code::SiteGeoBlock | Code::SiteLegalBlock)
}

/// It declined our program; what readers get is unknown until a person has looked.
#[must_use]
pub fn is_program_refusal(code: Code, http_status: Option<u16>) -> bool {
    match code {
        Code::SiteChallenge
        | Code::SiteIpBan
        | Code::SiteWafBlock
        | Code::SiteRateLimited
        | Code::HttpNoReply
        | Code::HttpForbidden => true,
        Code::HttpClientError => matches!(http_status, Some(405 | 412 | 418)),
        Code::HttpServerError => http_status == Some(521),
        _ => false,
    }
}

/// A right to read is asked for.
pub(super) fn is_access_control(code: Code) -> bool {
    matches!(
        code,
        Code::SiteLogin
            | Code::SitePhone
            | Code::SitePaywall
            | Code::SiteNotEntitled
            | Code::SiteSeats
            | Code::HttpUnauthorized
    )
}

/// Another page stands where the known one was.
pub(super) fn is_replaced(code: Code) -> bool {
    code == Code::ContentReplaced
}

/// The page came, what it is read for did not.
pub(super) fn is_withdrawn(code: Code) -> bool {
    matches!(
        code,
        Code::ContentWithdrawn
            | Code::ContentUnproven
            | Code::ContentEmpty
            | Code::ContentNulls
            | Code::ContentShrunk
            | Code::ContentStale
    )
}

/// The address leads nowhere, or elsewhere. Broken redirects, other 4xx and the notice of a host whose
/// filing lapsed belong here too: the address answers and no longer holds the page.
pub(super) fn is_rot(code: Code) -> bool {
    matches!(
        code,
        Code::HttpNotFound
            | Code::HttpGone
            | Code::ContentSoft404
            | Code::ContentRedirectedHome
            | Code::ContentParked
            | Code::ContentMoved
            | Code::HttpRedirectLoop
            | Code::HttpBadRedirect
            | Code::HttpClientError
            | Code::SiteIcp
    )
}

/// Served, but not as before.
pub(super) fn is_changed(code: Code) -> bool {
    matches!(
        code,
        Code::ContentChanged | Code::SiteEdition | Code::TlsIncompatible | Code::TlsIncompleteChain
    )
}
