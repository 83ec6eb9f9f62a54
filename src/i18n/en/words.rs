//! The English of mails: what codes, findings and levels are called.
//!
//! Neutral: what was seen, never why. A sentence names a reason only where the page states it.

use crate::i18n::mail::Question;
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Finding, Level};

/// The end of a sentence: "… on 3 of 3 checks".
#[rustfmt::skip] // a table, one row a line
pub(super) fn seen(code: Code) -> &'static str {
    match code {
        Code::Ok => "everything expected was there",
        Code::ContentChanged => "the page was served, but something expected on it was missing",
        Code::ContentReplaced => "another page was served in place of the known one",
        Code::ContentUnproven => "the way to the next level could not be seen any more",
        Code::ContentMoved => "the page has moved to another address",
        Code::ContentStale => "the newest item was older than expected",
        Code::ContentShrunk => "far less was listed than usual",
        Code::ContentNulls => "rows arrived, but their values were empty, frozen or misdated",
        Code::ContentEmpty => "the page was served with nothing in it",
        Code::ContentSoft404 => "the page was the one shown for items that do not exist",
        Code::ContentRedirectedHome => "the address led to the home page instead",
        Code::ContentParked => "the page of an unused or sold domain was served",
        Code::ContentWithdrawn => "the full-text button was not shown",
        Code::SiteMaintenance => "a maintenance notice was shown",
        Code::SiteRateLimited => "the site said that requests came too often",
        Code::SiteChallenge => "the site asked for a check that programs do not pass",
        Code::SiteEdition => "another edition of the site was served",
        Code::SiteLogin => "the site asked for a login",
        Code::SitePhone => "the site asked for a mainland phone number or a real name",
        Code::SitePaywall => "the site asked for a subscription or a payment",
        Code::SiteNotEntitled => "the site did not recognise our institution",
        Code::SiteSeats => "the site said that all concurrent seats were taken",
        Code::SiteGeoBlock => "the site refused and named the region as the reason",
        Code::SiteLegalBlock => "the server refused for legal reasons, without naming them",
        Code::SiteIpBan => "the site refused and named our address or automated access as the reason",
        Code::SiteWafBlock => "a firewall page refused the request and stated no cause",
        Code::SiteIcp => "a page about a lapsed ICP filing was served",
        Code::VantageOffline => "its controls did not answer",
        Code::VantageProxy => "its proxy failed",
        Code::VantageCaptive => "a captive portal answered in place of the control pages",
        Code::VantageIntercepted => "something on its way answered in place of the control pages",
        Code::VantageClock => "its clock is wrong",
        Code::VantageMoved => "its exit country or network changed",
        Code::SkippedRobots => "it was not fetched, because the site asks programs to stay away",
        Code::SkippedBackOff => "it was not fetched, because the site asked to be left alone",
        Code::Insufficient => "there is not enough to say anything",
        Code::HttpNotFound => "the server said that the page was not found",
        Code::HttpGone => "the server said that the page was gone",
        Code::HttpForbidden => "the server refused and stated no cause",
        Code::HttpUnauthorized => "the server asked for a login",
        Code::HttpClientError => "the server refused the request",
        Code::HttpServerError => "the server answered with an error of its own",
        Code::HttpNoReply => "the connection was closed without an answer",
        Code::HttpReset => "the connection was broken off before the answer was whole",
        Code::HttpMalformed => "the answer could not be read",
        Code::HttpRedirectLoop => "the address led in a circle",
        Code::HttpBadRedirect => "the address led to an address that does not work",
        Code::TlsIncompatible => "the server's encryption is of a kind this program does not speak",
        Code::TlsIncompleteChain => "the server left out a part of its certificate chain",
        Code::TlsReset => "the connection was reset while encryption was set up",
        Code::TlsClosed => "the connection was closed while encryption was set up",
        Code::TlsAlert => "the server broke off while encryption was set up",
        Code::TlsExpired => "the server's certificate has expired",
        Code::TlsWrongHost => "the server's certificate is for another name",
        Code::TlsUntrusted => "the server's certificate is from an unknown authority",
        Code::TlsInvalid => "the server's certificate did not verify",
        Code::TcpRefused => "the connection was refused",
        Code::TcpReset => "the connection was reset",
        Code::TcpUnreachable => "there was no route to the server",
        Code::DnsNxdomain => "the site's name was said not to exist",
        Code::DnsNoAnswer => "the site's name had no address",
        Code::DnsServfail => "the name server failed",
        Code::DnsRefused => "the name server refused the question",
        Code::DnsTimeout => "the name server did not answer",
        Code::DnsBogon => "the site's name led to an address that is not on the internet",
        Code::DnsForged => "the answer for the site's name was forged",
        Code::TcpTimeout => "the server did not answer",
        Code::TlsTimeout => "encryption was not set up in time",
        Code::HttpTimeout => "no whole answer came in time",
    }
}

/// What the vantages mean together.
pub(super) fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Insufficient => "one place alone cannot tell what this means",
        Finding::Accessible => "as expected from every place",
        Finding::NetworkInterference => "it happens on the network, before the site",
        Finding::GeoRestricted => "served or refused by region",
        Finding::AddressRestricted => "served or refused by kind of network",
        Finding::ProgramRefused => "the site declined our program; readers may fare better",
        Finding::AccessControl => {
            "a login, a subscription or a recognised institution is asked for"
        }
        Finding::Replaced => "another page is served in place of the known one",
        Finding::Maintenance => "announced maintenance",
        Finding::Withdrawn => "the site answers, and part of its content is not there",
        Finding::Rot => "the site answers, and this address no longer leads to the item",
        Finding::Outage => "out of service everywhere, inside the mainland too",
        Finding::Unreachable => "out of reach from every place",
        Finding::Changed => "the page changed",
        Finding::Divided => "the places differ, and the evidence does not say why",
    }
}

/// What a finding leaves open.
pub(super) fn not_shown(finding: Finding) -> &'static str {
    match finding {
        Finding::Insufficient => {
            "Whether it is the site, the way to it or our own end. A second place in another network would tell more."
        }
        Finding::Accessible => "What readers with another login or in another place see.",
        Finding::NetworkInterference => "Who does it, where on the way, and for what reason.",
        Finding::GeoRestricted => {
            "Why, whether every reader of the region is meant, and whether it is meant to last."
        }
        Finding::AddressRestricted => {
            "Whether the kind of network is the reason, or this one address."
        }
        Finding::ProgramRefused => {
            "What readers get in a browser. That is unknown until a person has looked."
        }
        Finding::AccessControl => "Whether the licence, the address or the site's rules changed.",
        Finding::Replaced => "Whether readers get the same page, and why it is served.",
        Finding::Maintenance => "When it ends, unless the notice says so.",
        Finding::Withdrawn => {
            "Why, whether it is meant to last, and what readers with another login see."
        }
        Finding::Rot => {
            "Whether the item was removed or only moved; a search by its title may find it."
        }
        Finding::Outage => "Why the service is out.",
        Finding::Unreachable => "This cannot tell an outage from a closing to foreign addresses.",
        Finding::Changed => {
            "Whether readers lost anything: a redesign looks the same to a program."
        }
        Finding::Divided => "Why the places differ.",
    }
}

/// What a person should look at.
#[rustfmt::skip] // a table, one row a line
pub(super) fn look(question: Question) -> &'static str {
    match question {
        Question::AsBefore => "Does it work as it did before?",
        Question::FullText => "Is there a button for the full text (PDF, CAJ)? Please do not download more than one item.",
        Question::Rows => "Are there rows, do they hold values, and what is the date of the newest?",
        Question::Item => "Is the item there? If not, does the site's own search find its title?",
        Question::Check => "After the check the site may ask for, does the page appear and work?",
        Question::Entitled => "From the library's own network: is the institution named, and what does the page ask for?",
        Question::Wording => "What does the page say, word for word? From the library and from another network, such as a mobile phone's?",
        Question::Usual => "Can readers still do what they did: search, read the abstract, open the text?",
        Question::Answers => "Does it answer at all? From the library and from another network, such as a mobile phone's?",
        Question::Works => "Does it work as readers need it?",
    }
}

/// A level by its name in prose.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Home => "home page",
        Level::Search => "search",
        Level::Abstract => "abstract",
        Level::Fulltext => "full text",
        Level::Data => "data",
        Level::Api => "programming interface",
    }
}

/// A kind of network by its name.
pub(super) fn network(network: NetworkClass) -> &'static str {
    match network {
        NetworkClass::Campus => "campus",
        NetworkClass::Office => "office",
        NetworkClass::Residential => "residential",
        NetworkClass::Datacentre => "datacentre",
        NetworkClass::Vpn => "vpn",
    }
}
