//! Error pages that are found by comparing the pages of one host: what the host serves at any
//! address, or at several, is an error page.

use std::collections::{BTreeMap, HashMap};

use url::Url;

use super::job::LinkJob;
use super::outcome::VantageCheck;
use super::siblings::SiblingPage;
use super::visit::{DomainVisit, LinkVisitor};
use crate::judge::registrable_domain::is_home;
use crate::judge::{similarity, soft404_reference};
use crate::model::Vantage;
use crate::model::link::LinkObservation;
use crate::model::reference::{Reference, ReferenceKind};

/// The number of links of a host that make an equal body an error page.
const SAME_BODY: usize = 3;

impl LinkVisitor {
    /// Finds error pages that come with a status of success.
    pub(super) async fn compare(
        &self,
        jobs: &[LinkJob],
        checks: &mut [(usize, VantageCheck)],
        vantage: &Vantage,
        domain: &mut DomainVisit,
    ) {
        let mut hosts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (job, check)) in checks.iter().enumerate() {
            let url = asked(&jobs[*job], check);
            if is_comparable(check, url) {
                let host = url.host_str().unwrap_or_default().to_owned();
                hosts.entry(host).or_default().push(at);
            }
        }
        for of_host in hosts.into_values() {
            let left = same_bodies(of_host, checks);
            let Some(first) = left.first() else { continue };
            let job = &jobs[checks[*first].0];
            let url = asked(job, &checks[*first].1).clone();
            let Some(nothing) = self.sibling(job, &url, vantage, domain).await else {
                continue;
            };
            for at in left {
                let check = &mut checks[at].1;
                let page = check.page.as_ref();
                if page.is_some_and(|page| similarity::says_the_same(page, &nothing).is_some()) {
                    check.set_soft_404(Some(nothing.clone()));
                }
            }
        }
    }

    /// What the host shows at a made-up address; asked for at most once a day.
    async fn sibling(
        &self,
        job: &LinkJob,
        url: &Url,
        vantage: &Vantage,
        domain: &mut DomainVisit,
    ) -> Option<Reference> {
        let now = self.clock.now();
        let origin = url.origin().ascii_serialization();
        if let Some(page) = self.siblings.valid(&vantage.id, &origin, now) {
            return Some(page);
        }
        let seed = u64::try_from(now.timestamp_micros()).unwrap_or(1);
        let made_up = soft404_reference::made_up_url(url, seed)?;
        let public_only = !(job.is_named || self.links.private);
        self.pause(domain).await;
        let measurement = self.prober.fetch_link(&made_up, vantage, public_only).await;
        let (page, _) = self.judge.link_page(ReferenceKind::MadeUp, &measurement);
        let sibling = SiblingPage {
            vantage: vantage.id.clone(),
            origin,
            page: page.clone(),
        };
        self.siblings.add(sibling, true);
        Some(page)
    }
}

/// The address that was fetched.
fn asked<'a>(job: &'a LinkJob, check: &'a VantageCheck) -> &'a Url {
    check.instead.as_ref().unwrap_or(&job.target.url)
}

/// A page with a text of its own, and not the home page: at a host's root any page is right.
fn is_comparable(check: &VantageCheck, url: &Url) -> bool {
    let has_text = check
        .page
        .as_ref()
        .is_some_and(|p| p.status == 200 && !p.sketch.is_empty());
    check.observation == Some(LinkObservation::Served) && has_text && !is_home(url)
}

/// Marks the pages that several addresses serve with the same bytes; returns the others.
fn same_bodies(of_host: Vec<usize>, checks: &mut [(usize, VantageCheck)]) -> Vec<usize> {
    let mut bodies: HashMap<String, Vec<usize>> = HashMap::new();
    let mut left = Vec::new();
    for at in of_host {
        match checks[at].1.body_sha256.clone() {
            Some(body) => bodies.entry(body).or_default().push(at),
            None => left.push(at),
        }
    }
    for same in bodies.into_values() {
        if same.len() >= SAME_BODY {
            for at in &same {
                let other = same.iter().find(|other| *other != at);
                let page = other.and_then(|other| checks[*other].1.page.clone());
                checks[*at].1.set_soft_404(page);
            }
        } else {
            left.extend(same);
        }
    }
    left.sort_unstable();
    left
}
