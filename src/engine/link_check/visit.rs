//! One link from one vantage: fetched, judged, and what it says observed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use url::Url;

use super::cited;
use super::job::LinkJob;
use super::outcome::VantageCheck;
use super::own_copy::own_copy;
use super::siblings::Siblings;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::judge::{Hit, Judge};
use crate::links::identity::same_place;
use crate::model::clock::Clock;
use crate::model::link::{LinkObservation, LinkRemark};
use crate::model::measurement::INSIDE;
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::settings::LinkSettings;
use crate::model::source::StoreBody;
use crate::model::{Code, Measurement, Time, Vantage, VantageId};
use crate::probe::Prober;
use crate::store::CitedPage;
use crate::text::token::{Token, Tokens};
use crate::text::{charset, entity};
use crate::track::link_status::Redirect;
use crate::track::links::{observation, remark};

/// A domain while its links are visited.
#[derive(Debug)]
pub(super) struct DomainVisit {
    /// Hosts that asked to be left alone, with the code by which they did.
    closed: HashMap<String, Code>,
    /// The vantage and the registrable domain.
    place: (VantageId, String),
    /// Links are fetched a second time, and their records are kept.
    pub(super) is_settling: bool,
}

impl DomainVisit {
    pub(super) fn new(vantage: &VantageId, domain: String) -> Self {
        Self {
            closed: HashMap::new(),
            place: (vantage.clone(), domain),
            is_settling: false,
        }
    }

    /// Whether the host of a link asked to be left alone.
    pub(super) fn has_closed(&self, job: &LinkJob) -> bool {
        let host = job.target.url.host_str().unwrap_or_default();
        self.closed.contains_key(host)
    }
}

/// Fetches links and judges the answers.
pub(super) struct LinkVisitor {
    pub(super) prober: Prober,
    pub(super) judge: Judge,
    pub(super) links: LinkSettings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) siblings: Siblings,
    /// When each domain may be asked again: batches follow each other at once.
    next: Mutex<HashMap<(VantageId, String), Time>>,
    pub(super) unstored: UnstoredHosts,
}

impl LinkVisitor {
    pub(super) fn new(
        prober: Prober,
        judge: Judge,
        links: LinkSettings,
        clock: Arc<dyn Clock>,
        unstored: UnstoredHosts,
    ) -> Self {
        Self {
            prober,
            judge,
            links,
            clock,
            siblings: Siblings::default(),
            next: Mutex::default(),
            unstored,
        }
    }

    /// Checks a link, and the shorter reading of it when the long one is not there.
    pub(super) async fn visit(
        &self,
        job: &LinkJob,
        vantage: &Vantage,
        domain: &mut DomainVisit,
    ) -> VantageCheck {
        if job.target.is_unfetchable {
            return VantageCheck::new(vantage.id.clone(), self.clock.now()).unfetched(None);
        }
        let check = self.visit_url(job, &job.target.url, vantage, domain).await;
        let Some(alternative) = &job.alternative else {
            return check;
        };
        if check.observation != Some(LinkObservation::Rot) {
            return check;
        }
        let mut other = self.visit_url(job, alternative, vantage, domain).await;
        if other.observation == Some(LinkObservation::Served) {
            other.instead = Some(alternative.clone());
            return other;
        }
        check
    }

    async fn visit_url(
        &self,
        job: &LinkJob,
        url: &Url,
        vantage: &Vantage,
        domain: &mut DomainVisit,
    ) -> VantageCheck {
        let host = url.host_str().unwrap_or_default().to_owned();
        let at = self.clock.now();
        if let Some(code) = domain.closed.get(&host) {
            let mut check = VantageCheck::new(vantage.id.clone(), at);
            // A challenge is the host's: its links share it.
            check.code = Some(*code);
            check.observation = observation(*code, None, true);
            return check.unfetched(Some(LinkRemark::BackOff));
        }
        let public_only = !(job.is_named || self.links.private);
        self.pause(domain).await;
        let measurement = self.prober.fetch_link(url, vantage, public_only).await;
        let is_settling = domain.is_settling;
        let check = self
            .judged(job, url, vantage, measurement, at, is_settling)
            .await;
        if let Some(code) = check.code.filter(|code| code.demands_back_off()) {
            let now = self.clock.now();
            self.prober.back_off(&vantage.id, &host, code, now, false);
            domain.closed.insert(host, code);
        }
        check
    }

    /// What the answer to a fetch of `url` says of a link.
    pub(super) async fn judged(
        &self,
        job: &LinkJob,
        url: &Url,
        vantage: &Vantage,
        measurement: Measurement,
        at: Time,
        is_settling: bool,
    ) -> VantageCheck {
        let mut check = VantageCheck::new(vantage.id.clone(), at);
        let leads_inside = is_inside(&measurement);
        if leads_inside && measurement.test_keys.requests.len() <= 1 {
            return check.unfetched(Some(LinkRemark::Private));
        }
        let (page, code) = self.judge.link_page(ReferenceKind::Healthy, &measurement);
        let hits = self.named(&page, code, &measurement);
        let is_known_page = page.sketch.is_empty() && !hits.is_empty();
        check.is_notice = code == Code::ContentSoft404 && !hits.is_empty();
        check.removed_by = hits.iter().find_map(|hit| hit.removed_by);
        check.network = network(&measurement, vantage);
        check.code = Some(code);
        check.observation = observation(code, measurement.http_status(), is_known_page);
        check.remarks.extend(remark(code));
        if leads_inside {
            check.remarks.insert(LinkRemark::Private);
        }
        if check.observation == Some(LinkObservation::Served) {
            remark_on_page(&mut check, job, url, &measurement);
            if job.known.is_some() || *job.cited != CitedPage::default() {
                let page = cited::compared(job, url, &measurement).await;
                check.compared = page.map(Box::new);
            }
            check.redirect = redirect(url, &measurement);
        }
        check.title.clone_from(&page.title);
        check.body_sha256 = measurement.extra().and_then(|x| x.body_sha256.clone());
        check.page = Some(page);
        if self.unstored.of_page(&measurement) == StoreBody::Always {
            check.own_copy = own_copy(&self.judge, job, url, &check, &measurement).map(Box::new);
        }
        if let Some(known) = &job.known {
            self.keep(known, &mut check, measurement, is_settling);
        }
        check
    }

    /// The signatures that name the page of a check, where they can: a page with a text to compare
    /// that is no notice has none.
    fn named(&self, page: &Reference, code: Code, measurement: &Measurement) -> Vec<Hit> {
        if !page.sketch.is_empty() && code != Code::ContentSoft404 {
            return Vec::new();
        }
        self.judge.read(measurement, None).hits
    }

    /// The pause between two fetches of a domain.
    pub(super) async fn pause(&self, domain: &DomainVisit) {
        let interval = self.links.per_domain_interval;
        let Ok(gap) = TimeDelta::from_std(interval) else {
            return;
        };
        if gap.is_zero() {
            return;
        }
        let now = self.clock.now();
        let begin = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.retain(|_, until| *until > now);
            let begin = next.get(&domain.place).map_or(now, |until| *until);
            next.insert(domain.place.clone(), begin + gap);
            begin
        };
        if let Ok(wait) = (begin - now).to_std() {
            self.clock.sleep(wait).await;
        }
    }
}

/// The network of a vantage as its record has it, else the country that the operator states.
fn network(measurement: &Measurement, vantage: &Vantage) -> String {
    if measurement.probe_asn == "AS0" || measurement.probe_asn.is_empty() {
        let kind = vantage.network.map(|kind| format!("{kind:?}"));
        format!("{} {}", vantage.country, kind.unwrap_or_default())
    } else {
        measurement.probe_asn.clone()
    }
}

/// The other page to which a link leads, and whether every step there was permanent.
fn redirect(from: &Url, measurement: &Measurement) -> Option<Redirect> {
    let requests = &measurement.test_keys.requests;
    let last = requests.first()?;
    let to = Url::parse(&last.request.url).ok()?;
    if same_place(from, &to) {
        return None;
    }
    let is_permanent = |code: u16| matches!(code, 301 | 308);
    Some(Redirect {
        to: to.into(),
        is_permanent: requests
            .iter()
            .skip(1)
            .all(|r| is_permanent(r.response.code)),
    })
}

/// Whether the last hop leads into the local network, and was not made.
fn is_inside(measurement: &Measurement) -> bool {
    let last = measurement.last_request();
    last.is_some_and(|r| r.tags.iter().any(|tag| tag == INSIDE))
}

fn remark_on_page(check: &mut VantageCheck, job: &LinkJob, url: &Url, measurement: &Measurement) {
    let Some(last) = measurement.last_request() else {
        return;
    };
    if Url::parse(&last.request.url).is_ok_and(|to| !same_place(url, &to)) {
        check.remarks.insert(LinkRemark::Redirects);
    }
    let kind = last.response.header("content-type").unwrap_or_default();
    let is_html = kind.to_ascii_lowercase().contains("html");
    if is_html && !job.fragments.is_empty() && !last.response.body_is_truncated {
        let (html, _) = charset::decode(&last.response.body.0, Some(kind), None);
        if !has_all(&html, &job.fragments) {
            check.remarks.insert(LinkRemark::FragmentMissing);
        }
    }
}

/// Whether elements with all these ids or names are in a page. `top` is always there.
fn has_all(html: &str, fragments: &[String]) -> bool {
    let mut missing: Vec<&str> = fragments
        .iter()
        .map(String::as_str)
        .filter(|f| !f.eq_ignore_ascii_case("top"))
        .collect();
    for token in Tokens::new(html) {
        if missing.is_empty() {
            break;
        }
        let Token::Start(tag) = token else { continue };
        for name in ["id", "name"] {
            if let Some(value) = tag.attribute(name) {
                let value = entity::decode(value, true);
                missing.retain(|fragment| *fragment != value);
            }
        }
    }
    missing.is_empty()
}

#[cfg(test)]
mod tests {
    use super::has_all;

    #[test]
    fn a_part_of_a_page_is_an_element_with_its_id_or_name() {
        let html = "<h2 id=\"a\">x</h2><a name='b&amp;c'></a><!-- id=\"d\" -->";
        for (fragments, want) in [
            (vec!["a"], true),
            (vec!["a", "b&c"], true),
            (vec!["top"], true),
            (vec!["d"], false),
            (vec!["A"], false),
        ] {
            let fragments: Vec<String> = fragments.into_iter().map(str::to_owned).collect();
            assert_eq!(has_all(html, &fragments), want, "{fragments:?}");
        }
    }
}
