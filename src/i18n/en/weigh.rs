//! The English of what matters to readers: states, how serious a loss is, what a catalogue may say of it, and what is
//! seen, in the present tense.

use crate::i18n::weight::{CatalogueNote, Weight};
use crate::model::Code;
use crate::model::expect::ExpectKey;
use crate::model::state::State;
use crate::model::timeline::TimelineKind;

/// What readers get.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Less => "gives less",
        State::Closed => "closed",
        State::Unknown => "cannot tell",
    }
}

/// How serious it is and for whom: the first line.
#[rustfmt::skip] // a table, one row a line
pub(super) fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Closed => "Serious for readers of {source} ({probe}): closed to {scope}.",
        Weight::Reach => "Serious if it lasts, for readers of {source} ({probe}): out of reach of {scope}.",
        Weight::Replaced => "Serious for readers of {source} ({probe}): another page stands in its place, for {scope}.",
        Weight::NextLevel => "Serious for readers of {source} ({probe}) who need the {level}: it is not offered to {scope}.",
        Weight::Unproven => "Serious, or only a new look: whether readers of {source} ({probe}) still get the {level} cannot be seen any more at {scope}, and nobody watches it until somebody has looked.",
        Weight::Figures => "Matters to those who work with {source} ({probe}): entries are old, missing or empty at {scope}.",
        Weight::Rot => "Matters to readers who follow links to {source} ({probe}): the address no longer leads there, for {scope}.",
        Weight::Maintenance => "Should pass by itself: {source} ({probe}) is under maintenance, as it says to {scope}.",
        Weight::Slight => "Slight for readers of {source} ({probe}): it looks different to {scope}, and can be used.",
        Weight::Declined => "Not known whether readers of {source} ({probe}) are affected: it declines our program at {scope}.",
        Weight::Unclear => "Not known whether readers of {source} ({probe}) are affected: too little can be seen at {scope}.",
    }
}

/// A note for readers; the day stands behind it.
#[rustfmt::skip] // a table, one row a line
pub(super) fn note(note: CatalogueNote) -> &'static str {
    match note {
        CatalogueNote::NextLevel => "{source}, {probe}: the {level} is not offered at present; the {here} is.",
        CatalogueNote::Unproven => "{source}, {probe}: we are looking into whether the {level} is still offered; the {here} is.",
        CatalogueNote::Stale => "{source}, {probe}: nothing new has been added for longer than usual.",
        CatalogueNote::Shrunk => "{source}, {probe}: far less is listed than usual at present.",
        CatalogueNote::Nulls => "{source}, {probe}: some of the values are empty or not current at present.",
        CatalogueNote::Empty => "{source}, {probe}: nothing is listed at present.",
        CatalogueNote::Replaced => "{source}, {probe}: another page is shown in its place at present.",
        CatalogueNote::Region => "{source}, {probe}: the provider at present refuses access by region.",
        CatalogueNote::Network => "{source}, {probe}: at present only some networks are let in.",
        CatalogueNote::Access => "{source}, {probe}: a log-in, a subscription or a recognised institution is asked for at present.",
        CatalogueNote::Refused => "{source}, {probe}: access is refused at present.",
        CatalogueNote::Maintenance => "{source}, {probe}: under maintenance, as the provider says.",
        CatalogueNote::Rot => "{source}, {probe}: the address no longer leads to the item; please search for its title.",
        CatalogueNote::Reach => "{source}, {probe}: cannot be reached at present.",
    }
}

/// A kind of event of the past.
pub(super) fn known(kind: TimelineKind) -> &'static str {
    match kind {
        TimelineKind::Announced => "announced by the provider",
        TimelineKind::Restriction => "closed, or harder to reach",
        TimelineKind::Restored => "back, in whole or in part",
        TimelineKind::Discontinued => "no longer published",
        TimelineKind::Move => "moved to another address",
        TimelineKind::Context => "happened around it",
        TimelineKind::Other => "another event",
    }
}

/// An expectation of a probe's file.
pub(super) fn expected(key: ExpectKey) -> &'static str {
    match key {
        ExpectKey::Select => "selector",
        ExpectKey::Level(_) => "leads on by",
        ExpectKey::Status => "status",
        ExpectKey::FinalHost => "host",
        ExpectKey::Title => "title",
        ExpectKey::TitleNot => "not in the title",
        ExpectKey::Contains => "text",
        ExpectKey::NotContains => "not in the text",
        ExpectKey::Type => "type",
        ExpectKey::MinBytes | ExpectKey::MaxBytes => "bytes",
        ExpectKey::Unknown => "",
    }
}

/// What is seen, without a full stop. `seen` says the same in the past, and what the page's level or limit adds.
pub(super) fn tells(code: Code, seen: &str) -> String {
    let own = present(code).filter(|_| seen == super::words::seen(code));
    own.map_or_else(|| in_present(seen), str::to_owned)
}

/// What says more than its code is of what "was", "came" and "answered".
fn in_present(seen: &str) -> String {
    [
        (" was not ", " is not "),
        (" came ", " comes "),
        (" answered ", " answers "),
    ]
    .iter()
    .fold(seen.to_owned(), |text, (past, now)| text.replace(past, now))
}

/// In the order of [`super::words::seen`]; none where the past names more than the code.
#[rustfmt::skip] // a table, one row a line
fn present(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::ContentWithdrawn | Code::ContentUnproven | Code::HttpTimeout => return None,
        Code::Ok => "everything expected is there",
        Code::ContentChanged => "the page is served, but something expected on it is missing",
        Code::ContentReplaced => "another page is served in place of the known one",
        Code::ContentMoved => "the page is at another address",
        Code::ContentStale => "the newest item is older than expected",
        Code::ContentShrunk => "far less is listed than usual",
        Code::ContentNulls => "rows arrive, but their values are empty, frozen or misdated",
        Code::ContentEmpty => "the page is served with nothing in it",
        Code::ContentSoft404 => "the page shown is the one for items that do not exist",
        Code::ContentRedirectedHome => "the address leads to the home page instead",
        Code::ContentParked => "the page of an unused or sold domain is served",
        Code::SiteMaintenance => "a maintenance notice is shown",
        Code::SiteRateLimited => "the site says that requests come too often",
        Code::SiteChallenge => "the site asks for a check that programs do not pass",
        Code::SiteEdition => "another edition of the site is served",
        Code::SiteLogin => "the site asks for a login",
        Code::SitePhone => "the site asks for a mainland phone number or a real name",
        Code::SitePaywall => "the site asks for a subscription or a payment",
        Code::SiteNotEntitled => "the site does not recognise our institution",
        Code::SiteSeats => "the site says that all concurrent seats are taken",
        Code::SiteGeoBlock => "the site refuses and names the region as the reason",
        Code::SiteLegalBlock => "the server refuses for legal reasons, without naming them",
        Code::SiteIpBan => "the site refuses and names our address or automated access as the reason",
        Code::SiteWafBlock => "a firewall page refuses the request and states no cause",
        Code::SiteIcp => "a page about a lapsed ICP filing is served",
        Code::VantageOffline => "its control pages do not answer",
        Code::VantageProxy => "its proxy fails",
        Code::VantageCaptive => "a captive portal answers in place of the control pages",
        Code::VantageIntercepted => "something on its way answers in place of the control pages",
        Code::VantageClock => "its clock is wrong",
        Code::VantageMoved => "its exit country or network is another one",
        Code::SkippedRobots => "it is not fetched, because the site asks programs to stay away",
        Code::SkippedBackOff => "it is not fetched, because the site asks to be left alone",
        Code::Insufficient => "there is not enough to say anything",
        Code::HttpNotFound => "the server says that the page is not found",
        Code::HttpGone => "the server says that the page is gone",
        Code::HttpForbidden => "the server refuses and states no cause",
        Code::HttpUnauthorized => "the server asks for a login",
        Code::HttpClientError => "the server refuses the request",
        Code::HttpServerError => "the server answers with an error of its own",
        Code::HttpNoReply => "the connection is closed without an answer",
        Code::HttpReset => "the connection is broken off before the answer is whole",
        Code::HttpMalformed => "the answer cannot be read",
        Code::HttpRedirectLoop => "the address leads in a circle",
        Code::HttpBadRedirect => "the address leads to an address that does not work",
        Code::TlsIncompatible => "the server's encryption is of a kind this program does not speak",
        Code::TlsIncompleteChain => "the server leaves out a part of its certificate chain",
        Code::TlsReset => "the connection is reset while encryption is set up",
        Code::TlsClosed => "the connection is closed while encryption is set up",
        Code::TlsTimeout => "encryption is not set up in time",
        Code::TlsAlert => "the server breaks off while encryption is set up",
        Code::TlsExpired => "the server's certificate has expired",
        Code::TlsWrongHost => "the server's certificate is for another name",
        Code::TlsUntrusted => "the server's certificate is from an unknown authority",
        Code::TlsInvalid => "the server's certificate does not verify",
        Code::TcpRefused => "the connection is refused",
        Code::TcpReset => "the connection is reset",
        Code::TcpTimeout => "the server does not answer",
        Code::TcpUnreachable => "there is no route to the server",
        Code::DnsNxdomain => "the site's name is said not to exist",
        Code::DnsNoAnswer => "the site's name has no address",
        Code::DnsServfail => "the name server fails",
        Code::DnsRefused => "the name server refuses the question",
        Code::DnsTimeout => "the name server does not answer",
        Code::DnsBogon => "the site's name leads to an address that is not on the internet",
        Code::DnsForged => "the answer for the site's name is forged",
    })
}
