//! Pages of a chain that redirected by themselves, as a record keeps them: what they say, and where
//! they lead.

use url::Url;

use super::page::{BodyKind, DecodedPage};
use super::rule_match::evidence;
use crate::model::Evidence;
use crate::model::measurement::{CLIENT_REDIRECT, Request};
use crate::model::{Fact, Measurement};
use crate::text::client_redirect::{self, ClientRedirect};
use crate::text::{alerts, clean};

/// How many characters of such a page's text are read.
const MAX_TEXT: usize = 600;
/// How many characters of an address are shown.
const MAX_SHOWN: usize = 120;
/// How many pages of one chain are read.
const MAX_PAGES: usize = 10;

/// What such pages say, and where the last answer leads if its redirect was not followed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ClientRedirected {
    /// Titles, visible texts, message boxes, and names of posted fields.
    pub texts: Vec<String>,
    pub facts: Vec<Evidence>,
    /// Where the last answer leads; this redirect was not followed.
    pub pending: Option<Url>,
}

/// Reads the chain's pages; `last` is the final page.
pub(super) fn read(m: &Measurement, last: &DecodedPage<'_>) -> ClientRedirected {
    let mut led = ClientRedirected::default();
    // Requests that a probe makes before its own (tagged `before`) come earlier.
    let has = |request: &Request, tag: &str| request.tags.iter().any(|t| t == tag);
    let chain = m.test_keys.requests.iter().enumerate();
    let own = chain.take_while(|(_, request)| !has(request, "before"));
    let hops: Vec<(usize, &Request)> = own
        .filter(|(at, request)| *at > 0 && has(request, CLIENT_REDIRECT))
        .take(MAX_PAGES)
        .collect();
    // Oldest first, in the order in which they were seen.
    for (at, request) in hops.into_iter().rev() {
        let page = DecodedPage::read(request, None, false);
        led.says(&page);
        if let Some(found) = where_to(request, &page) {
            led.leads(at, request, &found, true);
        }
    }
    if let Some(request) = m.last_request()
        && let Some(found) = where_to(request, last)
    {
        led.says(last);
        led.leads(0, request, &found, false);
        led.pending = Some(found.target);
    }
    led
}

fn where_to(request: &Request, page: &DecodedPage<'_>) -> Option<ClientRedirect> {
    let response = &request.response;
    let refresh = response.header("refresh");
    let served = (200..300).contains(&response.code);
    if !served || !(page.kind == BodyKind::Html || refresh.is_some()) {
        return None;
    }
    let base = Url::parse(&request.request.url).ok()?;
    client_redirect::find(page.source(), refresh, &base)
}

impl ClientRedirected {
    fn says(&mut self, page: &DecodedPage<'_>) {
        self.texts.extend(page.seen.title.clone());
        let text: String = page.text().chars().take(MAX_TEXT).collect();
        self.texts.extend(Some(text).filter(|t| !t.is_empty()));
        self.texts.extend(alerts::alerts(page.source()));
    }

    fn leads(&mut self, at: usize, request: &Request, found: &ClientRedirect, followed: bool) {
        let posted = found.posted.as_ref().map(|fields| fields.join(", "));
        let fact = Fact::LedOn {
            from: clean::line(&request.request.url, MAX_SHOWN),
            to: clean::line(found.target.as_str(), MAX_SHOWN),
            way: found.way,
            fields: posted.as_ref().map(|names| clean::line(names, MAX_SHOWN)),
            followed,
        };
        self.texts.extend(posted);
        self.facts
            .push(evidence(fact, &format!("requests[{at}].response.body")));
    }
}
