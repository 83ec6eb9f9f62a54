//! Runs the discriminators of a failed fetch in the order of `docs/verdicts.md`: the reference
//! resolver; the watched name and then a neutral one at a control's address; a neutral name and
//! then the watched one at the site's address.
//!
//! Each address gets the pair once, and is then on cooldown for 240 seconds
//! ([`SILENCE`](crate::net::pace::SILENCE)). Nothing here waits for a cooldown: a step that is not
//! possible now is recorded as not asked. `judge` interprets the answers.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::time::Instant;
use url::{Host, Url};

use super::prober::Prober;
use super::record::{self, RecordLabel, rounded};
use super::shared_politeness::SharedPoliteness;
use crate::judge::discriminator::{SuspectHost, is_public};
use crate::model::discriminator::{
    Discriminator, DiscriminatorStep, NEUTRAL_NAME, NotAsked, PlainAnswer,
};
use crate::model::measurement::DnsQuery;
use crate::model::probe::Target;
use crate::model::vantage::{Control, Resolver};
use crate::model::{Code, Measurement, Probe, RoundId, Time, Vantage};
use crate::net::discriminator::{DiscriminatorClient, DiscriminatorReply};
use crate::net::http::{RecordRedactor, redacted_url};
use crate::net::inside::is_inside;
use crate::net::robots;

/// The limit of one request.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many controls are looked up for one suspicion.
const MAX_CONTROLS: usize = 4;

/// The discriminators of one suspicion.
pub(super) struct DiscriminatorQuestions<'a> {
    pub(super) prober: &'a Prober,
    /// The probe of the request; `None` when an address was requested directly.
    pub(super) probe: Option<&'a Probe>,
    /// The requested address.
    pub(super) input: &'a str,
    /// Gives the code of an answer to the request.
    pub(super) judged: &'a (dyn Fn(&mut Measurement) -> Code + Sync),
    pub(super) politeness: &'a SharedPoliteness,
    pub(super) client: DiscriminatorClient<'a>,
    pub(super) vantage: &'a Vantage,
    /// The addresses as which sites see the vantage, beyond those that it states.
    pub(super) exit: Vec<IpAddr>,
    pub(super) suspect: &'a SuspectHost,
    pub(super) reference: &'a Resolver,
    /// Hosts inside the mainland, which cannot serve as controls outside it.
    pub(super) mainland: &'a [String],
}

/// The address of a usable control, and how it was found.
struct Place {
    host: String,
    address: SocketAddr,
    queries: Vec<DnsQuery>,
}

impl DiscriminatorQuestions<'_> {
    /// Takes all steps, in order.
    pub(super) async fn ask_all(&self) -> Vec<Discriminator> {
        let (reference, given) = self.ask_reference().await;
        let site = self.suspect.place(&given);
        let mut all = vec![reference];
        all.extend(self.ask_at_reference(&given).await);
        all.extend(self.ask_control(&given).await);
        all.extend(self.ask_site(site).await);
        all
    }

    async fn ask_reference(&self) -> (Discriminator, Vec<IpAddr>) {
        let name = &self.suspect.host;
        let mut step = self.step(DiscriminatorStep::Reference, name);
        if self.suspect.is_local && is_public_resolver(self.reference) {
            step.not_asked = Some(NotAsked::LocalName);
            return (step, Vec::new());
        }
        step.address = match self.reference {
            Resolver::Https(url) => redacted_url(url.as_str()),
            other => other.to_string(),
        };
        let asked = self
            .client
            .reference(self.reference, name, self.deadline())
            .await;
        if let Ok(asked) = asked {
            let step = self.fill(step, asked);
            let given = step.queries.iter().flat_map(DnsQuery::addresses).collect();
            return (step, given);
        }
        step.not_asked = Some(NotAsked::NoReference);
        (step, Vec::new())
    }

    /// The request itself, at the address that the reference resolver gives and the vantage's does
    /// not.
    async fn ask_at_reference(&self, given: &[IpAddr]) -> Option<Discriminator> {
        let ip = self.suspect.at_reference(given)?;
        // The owner of a name may point it at our own network; only a resolver on this computer is
        // trusted to do so.
        if is_inside(ip) && !is_own_resolver(self.reference) {
            return None;
        }
        let host = self.suspect.host.as_str();
        let address = SocketAddr::new(ip, self.suspect.port);
        let mut step = self.step(DiscriminatorStep::AtReference, host);
        if self.in_back_off() {
            step.not_asked = Some(NotAsked::BackOff);
            return Some(step);
        }
        let left = self
            .politeness
            .pace
            .silence()
            .remaining(&self.vantage.id, host);
        if left.is_some() {
            step.not_asked = Some(NotAsked::Silence);
            return Some(step);
        }
        // The address in the record may lack its tokens.
        let url = match self.probe.map(|p| &p.target) {
            Some(Target::Url(url)) => url.clone(),
            _ => Url::parse(self.input).ok()?,
        };
        let mut job = match self.probe {
            Some(probe) => self.prober.job(probe, url.clone()),
            None => self.prober.plain(&url),
        };
        job.at = Some((host, ip));
        let label = RecordLabel {
            source: "reference".into(),
            probe: host.into(),
            round: RoundId(String::new()),
            attempt: 0,
            control: false,
            input: self.input.to_owned(),
        };
        let mut made = self.prober.fetch(job, label, self.vantage).await;
        if made.extra().is_some_and(|x| x.skipped.is_some()) {
            step.not_asked = Some(NotAsked::Robots);
            return Some(step);
        }
        let code = (self.judged)(&mut made);
        if code.demands_back_off() {
            let now = self.now();
            self.prober
                .back_off(&self.vantage.id, host, code, now, false);
        }
        step.code = Some(code);
        step.address = address.to_string();
        Some(at_reference(step, made))
    }

    async fn ask_control(&self, given: &[IpAddr]) -> Vec<Discriminator> {
        let mut watched = self.step(DiscriminatorStep::ControlWatched, &self.suspect.host);
        let place = match self.control(given).await {
            Ok(place) => place,
            Err(why) => {
                watched.not_asked = Some(why);
                return vec![watched];
            }
        };
        let names = [
            (
                DiscriminatorStep::ControlWatched,
                self.suspect.host.as_str(),
            ),
            (DiscriminatorStep::ControlNeutral, NEUTRAL_NAME),
        ];
        let mut asked = self.ask_pair(names, &place.host, place.address).await;
        if let Some(first) = asked.first_mut() {
            first.queries = place.queries;
        }
        asked
    }

    async fn ask_site(&self, site: Option<SocketAddr>) -> Vec<Discriminator> {
        let host = &self.suspect.host;
        let silence = self.politeness.pace.silence();
        let why = match site {
            None => Some(NotAsked::NoAddress),
            Some(_) if self.in_back_off() => Some(NotAsked::BackOff),
            Some(_) if self.robots_forbid() => Some(NotAsked::Robots),
            Some(at) if !silence.reserve(&self.vantage.id, host, at) => Some(NotAsked::Silence),
            Some(_) => None,
        };
        match (site, why) {
            (Some(at), None) => {
                let names = [
                    (DiscriminatorStep::SiteNeutral, NEUTRAL_NAME),
                    (DiscriminatorStep::SiteWatched, host),
                ];
                self.ask_pair(names, host, at).await
            }
            (_, why) => {
                let mut step = self.step(DiscriminatorStep::SiteWatched, host);
                step.not_asked = why;
                vec![step]
            }
        }
    }

    /// Sends two names to one reserved address, one after the other; the cooldown counts from the
    /// end.
    async fn ask_pair(
        &self,
        names: [(DiscriminatorStep, &str); 2],
        host: &str,
        address: SocketAddr,
    ) -> Vec<Discriminator> {
        let mut asked = Vec::with_capacity(names.len());
        let pace = &self.politeness.pace;
        for (step, name) in names {
            let turn = pace.admit(&self.vantage.id, host).await;
            let mut step = self.step(step, name);
            step.address = address.to_string();
            host.clone_into(&mut step.host);
            let came = if self.suspect.secure {
                self.client.hello(address, name, self.deadline()).await
            } else {
                let agent = &self.politeness.user_agent;
                self.client.get(address, name, agent, self.deadline()).await
            };
            drop(turn);
            asked.push(self.fill(step, came));
        }
        pace.silence().begin(&self.vantage.id, host, address);
        asked
    }

    fn fill(&self, step: Discriminator, asked: DiscriminatorReply) -> Discriminator {
        let mut redactor = RecordRedactor::default();
        redactor.addresses(self.vantage.bind);
        redactor.exit_addresses(self.vantage.exit.iter().chain(&self.exit).copied());
        filled(step, asked, redactor)
    }

    /// The first control outside the mainland that uses the same protocol at an address other than
    /// the site's, and is not on cooldown.
    async fn control(&self, given: &[IpAddr]) -> Result<Place, NotAsked> {
        let mut why = NotAsked::NoControl;
        let fit = |c: &&Control| self.is_fit(&c.url);
        for control in self.vantage.controls.iter().filter(fit).take(MAX_CONTROLS) {
            let Some((host, port)) = authority(&control.url) else {
                continue;
            };
            let found = self.look_up(&control.url, &host).await;
            if self.suspect.shares_edge(&found.queries) {
                continue;
            }
            let mut addresses = found.addresses;
            addresses.sort_by_key(IpAddr::is_ipv6);
            for address in addresses.into_iter().map(|ip| SocketAddr::new(ip, port)) {
                if self.is_site(address, given) {
                    continue;
                }
                let silence = self.politeness.pace.silence();
                if silence.reserve(&self.vantage.id, &host, address) {
                    return Ok(Place {
                        host,
                        address,
                        queries: found.queries,
                    });
                }
                why = NotAsked::Silence;
            }
        }
        Err(why)
    }

    async fn look_up(&self, url: &Url, host: &str) -> DiscriminatorReply {
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::from(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::from(ip)),
            _ => None,
        };
        match ip {
            Some(ip) => DiscriminatorReply {
                addresses: vec![ip],
                ..DiscriminatorReply::default()
            },
            None => self.client.look_up(host, self.deadline()).await,
        }
    }

    fn is_fit(&self, url: &Url) -> bool {
        let scheme = if self.suspect.secure { "https" } else { "http" };
        let host = url.host_str().unwrap_or_default();
        url.scheme() == scheme
            && !host.eq_ignore_ascii_case(&self.suspect.host)
            && host.rsplit('.').next() != Some("cn")
            && !self.mainland.iter().any(|m| m.eq_ignore_ascii_case(host))
    }

    fn is_site(&self, address: SocketAddr, given: &[IpAddr]) -> bool {
        let own = self.suspect;
        let known = own.given.iter().chain(&own.raced).chain(&own.used);
        address.port() == own.port && known.chain(given).any(|ip| *ip == address.ip())
    }

    fn in_back_off(&self) -> bool {
        let (back_offs, now) = (&self.politeness.back_offs, self.now());
        back_offs
            .active(&self.vantage.id, &self.suspect.host, now)
            .is_some()
    }

    /// Only for `GET /`: a handshake fetches nothing.
    fn robots_forbid(&self) -> bool {
        if self.suspect.secure || !self.politeness.politeness.robots {
            return false;
        }
        let (host, port) = (&self.suspect.host, self.suspect.port);
        Url::parse(&format!("http://{host}:{port}/")).is_ok_and(|url| {
            self.politeness
                .robots
                .standing(&self.vantage.id, &robots::origin(&url), self.now())
                .is_some_and(|standing| !standing.rules.allow("/"))
        })
    }

    fn step(&self, step: DiscriminatorStep, name: &str) -> Discriminator {
        Discriminator::new(step, name, self.now().timestamp_micros())
    }

    fn now(&self) -> Time {
        self.politeness.clock.now()
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.politeness.politeness.timeout.min(PATIENCE)
    }
}

/// A resolver on this computer.
fn is_own_resolver(resolver: &Resolver) -> bool {
    match resolver {
        Resolver::Udp(at) | Resolver::Tcp(at) => at.ip().is_loopback(),
        _ => false,
    }
}

/// The result of the request itself: the steps of its last hop, and the hash of the page.
fn at_reference(mut step: Discriminator, made: Measurement) -> Discriminator {
    let extra = made.test_keys.x_accesswatch;
    let (sha, bytes, total) = extra.map_or((None, 0, 0.0), |x| {
        (x.body_sha256, x.body_bytes, x.phases.total)
    });
    step.ms = total;
    step.tcp_connect = made.test_keys.tcp_connect.into_iter().next_back();
    step.tls_handshake = made.test_keys.tls_handshakes.into_iter().next_back();
    if let Some(handshake) = &mut step.tls_handshake {
        handshake.peer_certificates.truncate(1);
    }
    if let Some(last) = made.test_keys.requests.into_iter().next() {
        step.failure = last.failure;
        step.answer = sha.map(|body_sha256| PlainAnswer {
            status: last.response.code,
            location: last.response.header("location").map(redacted_url),
            body_sha256,
            body_bytes: bytes,
        });
    }
    step
}

fn authority(url: &Url) -> Option<(String, u16)> {
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    Some((host, url.port_or_known_default()?))
}

/// Whether a resolver is public; a resolver that is given by a host name counts as public.
fn is_public_resolver(resolver: &Resolver) -> bool {
    match resolver {
        Resolver::System => false,
        Resolver::Udp(at) | Resolver::Tcp(at) => is_public(at.ip()),
        Resolver::Tls { host, .. } => is_public_host(host),
        Resolver::Https(url) => url.host_str().is_none_or(is_public_host),
    }
}

fn is_public_host(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host != "localhost" && host.parse().map_or(true, is_public)
}

/// Moves a reply into a step's record: redacted, with the hash of the page, and the first
/// certificate of a chain.
fn filled(
    mut step: Discriminator,
    asked: DiscriminatorReply,
    mut redactor: RecordRedactor,
) -> Discriminator {
    step.ms = rounded(asked.ms, 1e3);
    step.queries = asked.queries;
    step.failure = asked.failure;
    step.tcp_connect = asked.tcp_connect;
    step.tls_handshake = asked.tls_handshake;
    for query in &mut step.queries {
        record::to_micros(&mut query.t0, &mut query.t);
    }
    if let Some(connect) = &mut step.tcp_connect {
        record::to_micros(&mut connect.t0, &mut connect.t);
    }
    if let Some(handshake) = &mut step.tls_handshake {
        handshake.peer_certificates.truncate(1);
        record::to_micros(&mut handshake.t0, &mut handshake.t);
    }
    if let Some(made) = asked.exchange.filter(|e| e.request.response.code > 0) {
        redactor.addresses(made.local);
        let mut requests = [made.request];
        redactor.clean(&mut requests);
        let response = &requests[0].response;
        step.answer = Some(PlainAnswer {
            status: response.code,
            location: response.header("location").map(redacted_url),
            body_sha256: record::sha256(&response.body.0),
            body_bytes: made.body_bytes,
        });
    }
    redactor.clean_names(&mut step.queries, step.tls_handshake.as_mut_slice());
    step
}

#[cfg(test)]
#[path = "discriminator_tests.rs"]
mod tests;
