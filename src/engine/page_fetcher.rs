//! Pages that are imported as documents are fetched politely, from a vantage on this computer.

use std::collections::HashMap;
use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use flate2::read::MultiGzDecoder;
use url::Url;

use crate::config::Workspace;
use crate::judge::Judge;
use crate::judge::registrable_domain::registrable;
use crate::links::read::{Limits, ReadError};
use crate::model::clock::Clock;
use crate::model::link::LinkObservation;
use crate::model::measurement::{INSIDE, Measurement, Request};
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::reference::ReferenceKind;
use crate::model::vantage::Via;
use crate::model::{Code, Time, Vantage};
use crate::probe::Prober;
use crate::track::links::observation;

use super::error::EngineError;

/// Bytes of a page or a sitemap that are read: what the format allows a sitemap.
const MAX_BYTES: u64 = 52_428_800;

/// Why an address is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PageImportError {
    #[error("this is no address of a page")]
    Address,
    #[error("the site asks programs not to look (robots.txt)")]
    Robots,
    #[error("the site asked to be left alone; it is asked again later")]
    BackOff,
    #[error("it leads into the local network")]
    Inside,
    #[error("it is not served: {0}")]
    NotServed(Code),
    #[error("it is longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("more than {0}; the rest is left out")]
    TooMany(&'static str),
    #[error("sitemaps lie deeper inside each other than {0} levels")]
    TooDeep(u8),
    #[error("a sitemap is expected here")]
    NoSitemap,
    #[error("no vantage of this computer can fetch it")]
    NoVantage,
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Fetches pages as a reader of this computer gets them.
pub(super) struct PageFetcher<'a> {
    workspace: &'a Workspace,
    prober: Prober,
    judge: Judge,
    vantage: Vantage,
    clock: Arc<dyn Clock>,
    /// When each domain may be asked again.
    next: Mutex<HashMap<String, Time>>,
}

impl<'a> PageFetcher<'a> {
    /// `None` when no vantage is on this computer.
    pub(super) fn new(
        workspace: &'a Workspace,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Self>, EngineError> {
        let mut settings = workspace.settings.clone();
        settings.politeness.robots &= settings.links.robots;
        settings.politeness.max_body = MAX_BYTES;
        let mut here = settings.vantages.iter().filter(|v| v.via != Via::Agent);
        let direct = here.clone().find(|v| v.via == Via::Direct);
        let Some(vantage) = direct.or_else(|| here.next()).cloned() else {
            return Ok(None);
        };
        Ok(Some(Self {
            prober: Prober::new(&settings, &workspace.dir, Arc::clone(&clock))?,
            judge: Judge::new(&workspace.catalogue, &workspace.signatures),
            workspace,
            vantage,
            clock,
            next: Mutex::default(),
        }))
    }

    /// Takes up what politeness remembers.
    pub(super) fn restore(&self, back_offs: Vec<BackOff>, robots: Vec<RobotsCopy>) {
        self.prober.restore(back_offs, robots);
    }

    /// What politeness is to remember.
    pub(super) fn politeness(&self) -> (Vec<BackOff>, Vec<RobotsCopy>) {
        self.prober.politeness()
    }

    /// The bytes that an address serves, unpacked. `named` is the host that the operator named.
    pub(super) async fn fetch(&self, url: &Url, named: &str) -> Result<Vec<u8>, PageImportError> {
        let domain = registrable(url.host_str().unwrap_or_default()).to_ascii_lowercase();
        self.pause(&domain).await;
        let public_only = !(is_named(url, named) || self.workspace.settings.links.private);
        let vantage = &self.vantage;
        let answer = self.prober.fetch_link(url, vantage, public_only).await;
        self.body(url, answer)
    }

    fn body(&self, url: &Url, answer: Measurement) -> Result<Vec<u8>, PageImportError> {
        let (_, code) = self.judge.link_page(ReferenceKind::Healthy, &answer);
        if code.demands_back_off() {
            let host = url.host_str().unwrap_or_default();
            let now = self.clock.now();
            self.prober
                .back_off(&self.vantage.id, host, code, now, false);
        }
        match code {
            Code::SkippedRobots => return Err(PageImportError::Robots),
            Code::SkippedBackOff => return Err(PageImportError::BackOff),
            _ => {}
        }
        let is_inside = |last: &Request| {
            let mut tags = last.tags.iter();
            tags.any(|tag| tag == INSIDE)
        };
        if answer.last_request().is_some_and(is_inside) {
            return Err(PageImportError::Inside);
        }
        let status = answer.http_status();
        let is_served = observation(code, status, false) == Some(LinkObservation::Served);
        let last = answer.test_keys.requests.into_iter().next();
        let Some(last) = last.filter(|_| is_served && status == Some(200)) else {
            return Err(PageImportError::NotServed(code));
        };
        if last.response.body_is_truncated {
            return Err(PageImportError::TooLong);
        }
        Ok(unpacked(Vec::from(last.response.body.0))?)
    }

    async fn pause(&self, domain: &str) {
        let interval = self.workspace.settings.links.per_domain_interval;
        let gap = TimeDelta::from_std(interval).unwrap_or_default();
        let now = self.clock.now();
        let begin = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.retain(|_, until| *until > now);
            let begin = next.get(domain).map_or(now, |until| *until);
            next.insert(domain.to_owned(), begin + gap);
            begin
        };
        if let Ok(wait) = (begin - now).to_std() {
            self.clock.sleep(wait).await;
        }
    }
}

/// Who names an address speaks for its host, and for no other that is listed there.
fn is_named(url: &Url, named: &str) -> bool {
    let host = url.host_str().unwrap_or_default();
    host.eq_ignore_ascii_case(named)
}

/// A sitemap is often a gzip file.
fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    let limit = Limits::DEFAULT.file_bytes;
    MultiGzDecoder::new(bytes.as_slice())
        .take(limit + 1)
        .read_to_end(&mut out)
        .map_err(|why| ReadError::damaged("gzip", why))?;
    Limits::bound("what is packed in it", out.len() as u64, limit)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn who_names_a_host_does_not_speak_for_others_of_its_domain() {
        for (url, want) in [
            ("https://www.a.example/x", true),
            ("https://WWW.A.example:8443/", true),
            ("https://intranet.a.example/", false),
            ("https://a.example/", false),
        ] {
            assert_eq!(
                is_named(&Url::parse(url).unwrap(), "www.a.example"),
                want,
                "{url}"
            );
        }
    }

    #[test]
    fn what_is_packed_is_bounded() {
        let packed = |bytes: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let mut two = packed(b"<urlset>");
        two.extend(packed(b"</urlset>"));
        assert_eq!(unpacked(two.clone()).unwrap(), b"<urlset></urlset>");
        assert_eq!(unpacked(b"plain".to_vec()).unwrap(), b"plain");
        let cut = &two[..two.len() - 4];
        assert!(matches!(
            unpacked(cut.to_vec()),
            Err(ReadError::Damaged { .. })
        ));
        let bomb = packed(&vec![b' '; 65 * 1024 * 1024]);
        assert!(matches!(unpacked(bomb), Err(ReadError::TooLarge { .. })));
    }
}
