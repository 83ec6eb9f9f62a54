//! The English of verdicts and findings.

use crate::model::verdict::Code;
use crate::model::{Finding, Level};

use crate::i18n::verdict::{Table, Words};
use crate::model::rule::Saying;

/// English.
pub(in crate::i18n) const TABLE: Table = Table {
    limit: "This does not show {what}.",
    code,
    short: super::short::short,
    no_button: "full-text button not shown",
    finding,
    saying,
};

/// Codes, in the order of `docs/verdicts.md`.
#[rustfmt::skip] // a table, one row a line
fn code(key: Code) -> Words {
    let (says, not_shown) = match key {
        Code::Ok => ("Everything that the probe expects holds.", "that other pages of the source work, or that readers see the same page"),
        Code::ContentChanged => ("The page is served normally, but something that the probe looks for is gone.", "that anything was withdrawn: a redesign looks the same"),
        Code::ContentReplaced => ("Another page is served in place of the known one.", "whether readers in a browser get the same page"),
        Code::ContentUnproven => ("The page is served; what leads on to the next level cannot be seen any more.", "whether the site was redesigned or closed that level: from now on this program cannot see it"),
        Code::ContentMoved => ("The address leads for good to another host or record.", "that the content is gone"),
        Code::TlsIncompatible => ("The server and this program share no way to encrypt (old or national cryptography): a limit of ours.", "that browsers fail too"),
        Code::TlsIncompleteChain => ("The server leaves out an intermediate certificate: browsers often fill it in.", "that browsers fail too"),
        Code::SiteMaintenance => ("The site shows a notice of maintenance.", "when it ends"),
        Code::SiteRateLimited => ("The site says that requests come too often.", "that readers are affected"),
        Code::SiteChallenge => ("The site asks for a check meant for people, and declines programs.", "what a person in a browser gets"),
        Code::SiteEdition => ("Another edition of the site is served to this address.", "that anything is missing in it"),
        Code::ContentStale => ("The newest item is older than the probe allows.", "why: a holiday, a stopped series, a page that broke"),
        Code::ContentShrunk => ("A number fell by more than the probe allows.", "which items went"),
        Code::ContentNulls => ("Rows arrive, but their values are empty, frozen, or dated wrongly.", "whether other readers get the values"),
        Code::ContentEmpty => ("The answer is whole, with nothing in it.", "that the data was deleted"),
        Code::ContentSoft404 => ("The site says \"not found\", with a status that says all is well.", "whether the page moved"),
        Code::ContentRedirectedHome => ("The address of the record leads to the home page.", "whether the record is elsewhere"),
        Code::ContentParked => ("The domain shows a parking or sale page.", "who holds it now"),
        Code::HttpNotFound => ("The site answered 404, not found.", "whether the page moved"),
        Code::HttpGone => ("The site answered 410, gone.", "why it was removed"),
        Code::ContentWithdrawn => ("What leads on to the next level is not shown, while the rest of the page is.", "that it is unavailable everywhere, or to people"),
        Code::SiteLogin => ("A log-in is demanded.", "that an account would help"),
        Code::SitePhone => ("A mainland telephone number or a real name is demanded.", "that a number from elsewhere would be refused"),
        Code::SitePaywall => ("A subscription is demanded.", "that the licence ended"),
        Code::SiteNotEntitled => ("The site does not recognise our institution.", "whether the licence or the list of addresses is at fault"),
        Code::SiteSeats => ("All concurrent seats are taken.", "that more are needed"),
        Code::SiteGeoBlock => ("The site refuses, and names the region as the reason.", "what it does for other regions"),
        Code::SiteLegalBlock => ("The site answered 451, unavailable for legal reasons.", "which law"),
        Code::SiteIpBan => ("The site refuses, and names this address or automated behaviour as the reason.", "that other addresses are refused"),
        Code::SiteWafBlock => ("A firewall's refusal page came; it does not state its cause.", "whether a region, a program or this address is meant"),
        Code::SiteIcp => ("The hoster's page for a site without a valid ICP filing came.", "anything about readers abroad"),
        Code::HttpForbidden => ("The site answered 403, forbidden, without a page that we know.", "the cause"),
        Code::HttpUnauthorized => ("The site answered 401, unauthorised, without a page that we know.", "the cause"),
        Code::HttpClientError => ("The site refused the request with a 4xx status, without a page that we know.", "the cause"),
        Code::HttpServerError => ("The site answered with a server error (5xx), without a page that we know.", "an outage: some sites answer so to refuse"),
        Code::HttpNoReply => ("The connection was closed before any answer.", "who closed it"),
        Code::HttpReset => ("The connection was broken off before the answer was whole.", "who broke it off"),
        Code::HttpTimeout => ("No whole answer came in time.", "a refusal: slow links do this"),
        Code::HttpMalformed => ("What came is not proper HTTP.", "what was meant"),
        Code::HttpRedirectLoop => ("The redirects lead in a circle, or on and on.", "what lies behind them"),
        Code::HttpBadRedirect => ("A redirect leads to no usable address.", "where the page is"),
        Code::TlsReset => ("The connection was reset while encryption was set up.", "who reset it"),
        Code::TlsClosed => ("The connection was closed while encryption was set up.", "who closed it"),
        Code::TlsTimeout => ("Encryption was not set up in time.", "a refusal: slow links do this"),
        Code::TlsAlert => ("The other side broke off setting up encryption.", "why"),
        Code::TlsExpired => ("The certificate is not valid at this date.", "that the site is another's"),
        Code::TlsWrongHost => ("The certificate is for another name.", "whose server it is: a default host of a shared server looks the same"),
        Code::TlsUntrusted => ("The certificate is signed by nobody that this program trusts.", "whether the site or something on the way presented it"),
        Code::TlsInvalid => ("The certificate or the encrypted connection is not valid.", "whether the site or something on the way is at fault"),
        Code::TcpRefused => ("The connection was refused.", "who refused it"),
        Code::TcpReset => ("The connection was reset as it was opened.", "who reset it"),
        Code::TcpTimeout => ("No connection came about in time.", "a refusal: an outage and a filter look the same"),
        Code::TcpUnreachable => ("The network says that the server cannot be reached.", "where the way ends"),
        Code::DnsNxdomain => ("The name is said not to exist.", "that it does not exist elsewhere"),
        Code::DnsNoAnswer => ("The name has no address.", "that it has none elsewhere"),
        Code::DnsServfail => ("The resolver could not find out about the name.", "whether the resolver or the name's own servers are at fault"),
        Code::DnsRefused => ("The resolver refuses to answer for the name.", "what others answer"),
        Code::DnsTimeout => ("The resolver did not answer in time.", "whether the resolver or the way to it is at fault"),
        Code::DnsBogon => ("The name leads to an address that no public site can have.", "who answered so"),
        Code::DnsForged => ("The answer for the name is forged.", "who forged it"),
        Code::VantageOffline => ("This vantage has no network.", "anything about the source"),
        Code::VantageProxy => ("The proxy of this vantage failed.", "anything about the source"),
        Code::VantageCaptive => ("A log-in page of the local network stands before the Internet here.", "anything about the source"),
        Code::VantageIntercepted => ("The local network breaks open encrypted connections here.", "anything about the source"),
        Code::VantageClock => ("The clock of this computer is wrong.", "anything about the source"),
        Code::VantageMoved => ("This vantage now leaves through another country or network.", "anything about the source"),
        Code::SkippedRobots => ("Not fetched: the site's robots.txt asks programs not to.", "anything about the source"),
        Code::SkippedBackOff => ("Not fetched: the site asked for a pause.", "anything about the source"),
        Code::Insufficient => ("There is not enough to say anything.", "anything about the source"),
    };
    Words { says, not_shown }
}

/// Findings, in the order in which they are tried.
#[rustfmt::skip] // a table, one row a line
fn finding(key: Finding) -> Words {
    let (says, not_shown) = match key {
        Finding::Insufficient => ("Too little was seen to say anything.", "anything about the source"),
        Finding::Accessible => ("It is as it should be from every vantage.", "that readers elsewhere get the same"),
        Finding::NetworkInterference => ("Something on the way, before the site, interferes.", "who does"),
        Finding::GeoRestricted => ("It depends on the country from which it is read.", "why"),
        Finding::AddressRestricted => ("It depends on the kind of network from which it is read.", "that a country is meant"),
        Finding::ProgramRefused => ("It declines our program.", "what readers get: unknown until a person has looked"),
        Finding::AccessControl => ("It asks for a log-in, a subscription, or an institution that it knows.", "why it does not know ours"),
        Finding::Replaced => ("Another page is served in its place, in words that name no known cause.", "why, or whether readers in a browser get the same page"),
        Finding::Maintenance => ("It says that it is being maintained.", "when that ends"),
        Finding::Withdrawn => ("Part of what it offered is not shown.", "that it is unavailable everywhere, or to people"),
        Finding::Rot => ("The address no longer leads to what it did.", "whether it is elsewhere"),
        Finding::Outage => ("It fails everywhere, inside the mainland too.", "why"),
        Finding::Unreachable => ("It fails from every vantage.", "an outage: a closing to foreign addresses looks the same"),
        Finding::Changed => ("It looks different, and works.", "that anything was withdrawn"),
        Finding::Divided => ("Vantages differ, and the evidence does not say why.", "the cause"),
    };
    Words { says, not_shown }
}

fn saying(key: Saying, code_of_rule: Code) -> &'static str {
    match key {
        Saying::OfCode => code(code_of_rule).says,
        Saying::NotShown(level) => not_shown(level),
        Saying::NotWithin { .. } => "No whole answer came within {n} s.",
        Saying::FileUnreadable => {
            "The file that the library's own job writes is missing or cannot be read: our own end."
        }
        Saying::NotEvaluated => {
            "The selectors of this probe take too long on a page like this and were not evaluated: a fault of the probe, which says nothing of the site."
        }
        Saying::BodyNotKept => "The body of this record was not kept: it cannot be judged again.",
        Saying::NothingTried => "The record holds no attempt at all.",
        Saying::WeakSignature => {
            "The page looks like a refusal that we know only from hearsay; its cause is not stated."
        }
        Saying::OtherHost => "Another host than expected answered.",
        Saying::NoPermission => "The interface answered without data: no permission.",
        Saying::NullData => "The interface answered without data.",
        Saying::EmptyBody => "The answer has no content.",
        Saying::OverMax => "A number is above what the probe allows.",
        Saying::TokenExpired => {
            "The address holds a token that expires, and shows the site's check page in place of the record: most likely the link is out of date."
        }
        Saying::AsForNoItem => {
            "The page is the one that the site shows for an address which nobody made, with a status that says all is well."
        }
        Saying::JsonCut => {
            "The answer is longer than `max_body` and was cut, so its JSON cannot be read: a limit of ours; raise it."
        }
        Saying::BodyCut => {
            "The answer is longer than `max_body`, and what is looked for does not stand in the part that is read: a limit of ours; raise it."
        }
        Saying::ValueNotEvaluated => {
            "A value of this probe was not evaluated, as its path asks for more than is looked at: a fault of the probe."
        }
        Saying::JsonBroken => {
            "The interface answered with JSON that cannot be read; what it holds is not known."
        }
        Saying::NothingExpected => {
            "A page came, and nothing known is wrong with it; no probe's expectations were held against it."
        }
    }
}

fn not_shown(level: Level) -> &'static str {
    match level {
        Level::Home => "What leads to the home page is not shown.",
        Level::Search => "The search form is not shown.",
        Level::Abstract => "The abstract is not shown.",
        Level::Fulltext => "The full-text button is not shown.",
        Level::Data => "What leads to the data is not shown.",
        Level::Api => "What leads to the interface is not shown.",
    }
}
