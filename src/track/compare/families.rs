//! Which codes belong together when vantages are compared: one family, one finding.

use crate::model::Code;

/// The site (or something that answers for it) refused a request that it understood. A challenge, a
/// rate limit and full seats are not refusals: they would have let another client, or a later one,
/// in.
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

/// The answer names the region, or the law.
pub(super) fn names_region(code: Code) -> bool {
    matches!(code, Code::SiteGeoBlock | Code::SiteLegalBlock)
}

/// The site declined our program; what readers get is unknown until a person has looked.
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

/// The site asks for a right to read.
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

/// Another page is in the place of the known one.
pub(super) fn is_replaced(code: Code) -> bool {
    code == Code::ContentReplaced
}

/// The page came without the content that it is read for.
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

/// The address leads nowhere, or to another place. Broken redirects, other 4xx and the notice of a
/// host with a lapsed filing are included: the address answers and no longer has the page.
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

/// Served, but differently.
pub(super) fn is_changed(code: Code) -> bool {
    matches!(
        code,
        Code::ContentChanged | Code::SiteEdition | Code::TlsIncompatible | Code::TlsIncompleteChain
    )
}
