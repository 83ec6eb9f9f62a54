//! What the discriminators of a measurement say, row by row, and what they prove.

use std::net::{IpAddr, SocketAddr};

use super::outcome::{NameOutcome, same_page};
use super::suspect_host::{SuspectHost, fails_certificate};
use crate::judge::bogon::is_bogon;
use crate::judge::dns::{self, addresses};
use crate::judge::injected_addresses::InjectedAddresses;
use crate::judge::last_hop::LastHop;
use crate::judge::networks;
use crate::model::Evidence;
use crate::model::discriminator::{
    Attribution, Discriminator, DiscriminatorStep, Proof, Statement,
};
use crate::model::measurement::DnsQuery;
use crate::model::{Code, Fact, Failure, Measurement, Observation};
use crate::text::clean;

/// The only rule whose code comes from discriminators.
pub(in crate::judge) const FORGED: &str = "dns.forged.certificate";

/// How many addresses a row names.
const MAX_NAMED: usize = 4;

/// The result of the discriminators of a judged measurement; `None` when it has no discriminators.
#[must_use]
pub fn attribution(m: &Measurement, observed: &Observation) -> Option<Attribution> {
    if steps(m).is_empty() {
        return None;
    }
    let hop = LastHop::from_measurement(m);
    let by_certificate = observed.rule.as_ref().is_some_and(|rule| *rule == FORGED);
    let plain = by_certificate
        .then(|| hop.failure(m))
        .flatten()
        .map(|stop| stop.code);
    Some(Attribution {
        observed_code: plain.unwrap_or(observed.code),
        proof: proven_cause(m, &hop),
        statements: statements(m, &hop),
    })
}

/// The rows as evidence of a verdict.
pub(in crate::judge) fn statement_rows(m: &Measurement, hop: &LastHop<'_>) -> Vec<Evidence> {
    if steps(m).is_empty() {
        return Vec::new();
    }
    let row = |said: Statement| Evidence {
        fact: Fact::Discriminator { said },
        place: "x_accesswatch.discriminators".to_owned(),
    };
    statements(m, hop).into_iter().map(row).collect()
}

/// What is proven. When a name fails at the site's own address and another passes there, nothing is
/// proven, because edges of content networks do the same.
pub(in crate::judge) fn proven_cause(m: &Measurement, hop: &LastHop<'_>) -> Option<Proof> {
    let rows = statements(m, hop);
    let any = |holds: fn(&Statement) -> bool| rows.iter().any(holds);
    if any(|s| {
        matches!(
            s,
            Statement::ReferenceForged { .. } | Statement::ReferenceVerifies { .. }
        )
    }) {
        return Some(Proof::ForgedDns);
    }
    if any(|s| {
        matches!(
            s,
            Statement::ResolverDenies { .. } | Statement::ResolverMisleads { .. }
        )
    }) {
        return Some(Proof::ByTheResolver);
    }
    any(|s| {
        matches!(
            s,
            Statement::ControlFailsAlike { .. } | Statement::ControlAnswersAlike { .. }
        )
    })
    .then_some(Proof::BeforeTheSite)
}

/// An answer whose server fails certificate validation while the reference's passes.
pub(in crate::judge) fn forged(m: &Measurement, hop: &LastHop<'_>) -> Option<Vec<Evidence>> {
    verifies(m, hop)?;
    Some(statement_rows(m, hop))
}

fn steps(m: &Measurement) -> &[Discriminator] {
    m.extra().map_or(&[], |x| &x.discriminators)
}

fn step(m: &Measurement, wanted: DiscriminatorStep) -> Option<&Discriminator> {
    steps(m).iter().find(|d| d.step == wanted)
}

fn statements(m: &Measurement, hop: &LastHop<'_>) -> Vec<Statement> {
    let mut rows = Vec::new();
    rows.extend(of_reference(m));
    rows.extend(of_resolver(m, hop));
    rows.extend(of_certificates(m, hop));
    rows.extend(of_control(m, hop));
    rows.extend(of_site(m));
    rows.extend(not_asked(m));
    rows
}

fn list<'a>(all: impl IntoIterator<Item = &'a IpAddr>) -> String {
    let mut named: Vec<String> = Vec::new();
    for ip in all.into_iter().map(ToString::to_string) {
        if named.len() < MAX_NAMED && !named.contains(&ip) {
            named.push(ip);
        }
    }
    named.join(", ")
}

fn numbered(queries: &[DnsQuery]) -> Vec<(usize, &DnsQuery)> {
    queries.iter().enumerate().collect()
}

/// Whether a resolver answered that a name has no address; any other failure is not an answer.
fn says_none(failure: &Failure) -> bool {
    failure.equals(Failure::DNS_NXDOMAIN) || failure.equals(Failure::DNS_NO_ANSWER)
}

/// Whether the reference resolver agrees, and whether its own answers are sound.
fn of_reference(m: &Measurement) -> Vec<Statement> {
    let asked = step(m, DiscriminatorStep::Reference).filter(|d| d.not_asked.is_none());
    let (Some(asked), Some(suspect)) = (asked, SuspectHost::from_measurement(m)) else {
        return Vec::new();
    };
    let resolver = clean::line(&asked.address, 100);
    let there: Vec<IpAddr> = asked.queries.iter().flat_map(addresses).collect();
    let mut rows = vec![match &asked.failure {
        Some(failure) if there.is_empty() && says_none(failure) => Statement::ReferenceFails {
            resolver: resolver.clone(),
            failure: failure.clone(),
        },
        Some(failure) if there.is_empty() => Statement::ReferenceSilent {
            resolver: resolver.clone(),
            failure: failure.clone(),
        },
        _ if there.iter().any(|ip| suspect.given.contains(ip)) => Statement::ReferenceAgrees {
            resolver: resolver.clone(),
        },
        _ => Statement::ReferenceDiffers {
            resolver: resolver.clone(),
            here: list(&suspect.given),
            there: list(&there),
        },
    }];
    if dns::forged_among(&numbered(&asked.queries), &InjectedAddresses::long_known()).is_some() {
        let answers = list(&there);
        rows.push(Statement::ReferenceForged { resolver, answers });
    }
    rows
}

/// The result of the probe's own request at the address from the reference resolver.
fn of_resolver(m: &Measurement, hop: &LastHop<'_>) -> Option<Statement> {
    let there = step(m, DiscriminatorStep::AtReference).filter(|d| d.not_asked.is_none())?;
    let reference = step(m, DiscriminatorStep::Reference)?;
    let suspect = SuspectHost::from_measurement(m)?;
    let place: SocketAddr = there.address.parse().ok()?;
    let given: Vec<IpAddr> = reference.queries.iter().flat_map(addresses).collect();
    if !given.contains(&place.ip()) || suspect.given.contains(&place.ip()) {
        return None;
    }
    let address = place.ip().to_string();
    if there.code != Some(Code::Ok) {
        return Some(Statement::NoBetterThere { there: address });
    }
    let own = own_resolver(hop);
    let resolver = clean::line(&reference.address, 100);
    if suspect.given.is_empty() {
        // A resolver that is down or silent does not deny the name.
        let denies = |q: &DnsQuery| {
            q.failure
                .as_ref()
                .is_none_or(|f| says_none(f) || refuses(f))
        };
        // The absence of an IPv6 address does not deny the name.
        let mut of_v4 = hop.queries.iter().filter(|(_, q)| q.query_type != "AAAA");
        let is_denial = of_v4.any(|(_, q)| denies(q));
        return is_denial.then_some(Statement::ResolverDenies {
            own,
            resolver,
            there: address,
        });
    }
    // A server with the site's certificate is the site, and one network has many nodes.
    let is_site = hop.is_verified() || (hop.handshake.is_some_and(|(_, h)| h.failure.is_none()));
    let meets = |(_, q): &(usize, &DnsQuery)| {
        let mut theirs = reference.queries.iter();
        theirs.any(|other| networks::meet(q, other) == Some(true))
    };
    // Nodes of one network differ, and any of them may be down. Only an answer that is not the
    // site's own, at the address that was given, shows that the resolver leads elsewhere.
    let answered = hop.request.map_or(0, |r| r.response.code);
    let page = (100..500).contains(&answered);
    let false_certificate = hop.handshake.is_some_and(|(_, h)| {
        let failure = h.failure.as_ref();
        failure.is_some_and(|f| f.as_str().starts_with("ssl_"))
    });
    let nowhere = suspect.given.iter().all(|ip| is_bogon(*ip));
    let shown = page || false_certificate || nowhere;
    let one_network = hop.queries.iter().any(meets) || suspect.shares_edge(&reference.queries);
    let elsewhere = !is_site && shown && !one_network;
    elsewhere.then(|| Statement::ResolverMisleads {
        own,
        here: list(&suspect.given),
        resolver,
        there: address,
    })
}

fn refuses(failure: &Failure) -> bool {
    failure.equals(Failure::DNS_REFUSED)
}

/// The vantage's resolver, as the record names it.
fn own_resolver(hop: &LastHop<'_>) -> String {
    let named = hop.queries.iter().map(|(_, q)| q.resolver_address.as_str());
    let own = named.into_iter().find(|own| !own.is_empty());
    own.map_or_else(|| "system".to_owned(), |own| clean::line(own, 100))
}

/// The site's certificate at an address that the vantage's resolver did not give.
fn of_certificates(m: &Measurement, hop: &LastHop<'_>) -> Option<Statement> {
    if let Some(said) = verifies(m, hop) {
        return Some(said);
    }
    let (_, there) = verified_elsewhere(m)?;
    Some(Statement::SiteAnswersElsewhere {
        there: there.to_string(),
    })
}

fn verifies(m: &Measurement, hop: &LastHop<'_>) -> Option<Statement> {
    let (suspect, there) = verified_elsewhere(m)?;
    let here = suspect.used.filter(|ip| suspect.given.contains(ip))?;
    fails_certificate(hop).then(|| Statement::ReferenceVerifies {
        here: here.to_string(),
        there: there.to_string(),
    })
}

/// The address at which the watched name has a valid certificate, when others give that address and
/// the vantage's resolver does not.
fn verified_elsewhere(m: &Measurement) -> Option<(SuspectHost, IpAddr)> {
    let asked = step(m, DiscriminatorStep::SiteWatched)?;
    let suspect = SuspectHost::from_measurement(m)?;
    let handshake = asked.tls_handshake.as_ref()?;
    let holds = handshake.failure.is_none()
        && !handshake.no_tls_verify
        && handshake.server_name.eq_ignore_ascii_case(&suspect.host);
    let place: SocketAddr = asked.address.parse().ok()?;
    let reference: Vec<IpAddr> = step(m, DiscriminatorStep::Reference)
        .map(|d| d.queries.iter().flat_map(addresses).collect())
        .unwrap_or_default();
    let other = suspect.elsewhere(&reference).contains(&place.ip());
    (holds && other).then(|| (suspect, place.ip()))
}

fn of_control(m: &Measurement, hop: &LastHop<'_>) -> Option<Statement> {
    let watched = step(m, DiscriminatorStep::ControlWatched).filter(|d| d.not_asked.is_none())?;
    let neutral = step(m, DiscriminatorStep::ControlNeutral)?;
    let control = clean::line(&format!("{} ({})", watched.host, watched.address), 150);
    let same_place = watched.address == neutral.address && watched.name != neutral.name;
    let real = NameOutcome::real(m, hop);
    let (watched, neutral) = (
        NameOutcome::from_step(watched),
        NameOutcome::from_step(neutral),
    );
    Some(match (&real, &watched, &neutral) {
        (NameOutcome::Failed(a), NameOutcome::Failed(b), passed)
            if a == b && same_place && passed.passed() =>
        {
            Statement::ControlFailsAlike {
                control,
                failure: b.clone(),
            }
        }
        (NameOutcome::Answered(a), NameOutcome::Answered(b), NameOutcome::Answered(c))
            if same_place && same_page(a, b) && !same_page(b, c) =>
        {
            Statement::ControlAnswersAlike {
                control,
                status: b.status,
            }
        }
        (_, passed, _) if passed.passed() => Statement::ControlPasses { control },
        _ => Statement::ControlUnclear { control },
    })
}

fn of_site(m: &Measurement) -> Option<Statement> {
    let watched = step(m, DiscriminatorStep::SiteWatched).filter(|d| d.not_asked.is_none())?;
    let neutral = step(m, DiscriminatorStep::SiteNeutral)?;
    let address = clean::line(&watched.address, 60);
    let (real, other) = (
        NameOutcome::from_step(watched),
        NameOutcome::from_step(neutral),
    );
    Some(match (real.failure(), other.passed()) {
        (Some(failure), true) => Statement::SiteNameFails {
            address,
            failure: failure.clone(),
        },
        (None, true) if real.passed() => Statement::SitePasses { address },
        _ => Statement::SiteUnclear { address },
    })
}

/// One row per place that was not asked.
fn not_asked(m: &Measurement) -> impl Iterator<Item = Statement> {
    steps(m)
        .iter()
        .filter(|d| {
            !matches!(
                d.step,
                DiscriminatorStep::ControlNeutral | DiscriminatorStep::SiteNeutral
            )
        })
        .filter_map(|d| {
            Some(Statement::NotAsked {
                step: d.step,
                why: d.not_asked?,
            })
        })
}
