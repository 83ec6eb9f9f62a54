//! Names: every question and every reply is a record, on each transport.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use accesswatch::model::Failure;
use accesswatch::model::measurement::DnsQuery;
use accesswatch::model::vantage::Resolver;
use accesswatch::net::{FetchLog, HopTarget, Route};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::RecordType;
use url::Url;

use crate::support::dns::{self, Script};
use crate::support::tcp::{Server, refusing, unanswered};
use crate::support::vantage::{asking, direct, leaving_from, patient, route, within};

/// A page that any client finds at its address.
pub struct Page(Server);

impl Page {
    pub async fn new() -> Self {
        Self(Server::replying(b"").await)
    }

    /// Resolves and connects; returns the log and the result.
    pub async fn visit(&self, route: &Route) -> (FetchLog, Result<Option<IpAddr>, Failure>) {
        let url = format!("http://www.example.org:{}/", self.0.addr.port());
        let mut log = FetchLog::new();
        let result = route
            .connect(&Url::parse(&url).unwrap(), &mut log, within(20_000))
            .await;
        (log, result.map(|connection| connection.ip))
    }
}

/// A visit from a vantage with this resolver.
pub async fn visit(route: &Route) -> (FetchLog, Result<Option<IpAddr>, Failure>) {
    Page::new().await.visit(route).await
}

pub fn find<'a>(log: &'a FetchLog, kind: &str) -> &'a DnsQuery {
    let mut of_kind = log.queries.iter().filter(|q| q.query_type == kind);
    let found = of_kind.next().unwrap();
    assert!(of_kind.next().is_none(), "one record for {kind}");
    found
}

pub fn failure(query: &DnsQuery) -> Option<&str> {
    query.failure.as_ref().map(Failure::as_str)
}

pub fn home(question: &Message) -> Message {
    dns::v4(question, [127, 0, 0, 1])
}

pub fn refused_by_code(rcode: ResponseCode) -> Script {
    dns::always(move |question| dns::code(question, rcode))
}

/// A visit with a resolver over UDP that plays `script`.
pub async fn over_udp(script: Script) -> (FetchLog, Result<Option<IpAddr>, Failure>) {
    let server = dns::udp(script).await;
    visit(&route(&asking(Resolver::Udp(server.addr)))).await
}

#[tokio::test]
async fn udp_answers_both_questions() {
    let server = dns::udp(dns::always(|q| {
        dns::alias(q, "cdn.example.net", [127, 0, 0, 1])
    }))
    .await;
    let (log, result) = visit(&route(&asking(Resolver::Udp(server.addr)))).await;
    assert_eq!(result.unwrap(), Some([127, 0, 0, 1].into()));
    let a = find(&log, "A");
    assert_eq!(
        (a.engine.as_str(), a.hostname.as_str()),
        ("udp", "www.example.org")
    );
    assert_eq!(a.resolver_address, server.addr.to_string());
    assert_eq!(a.answers[0].answer_type, "CNAME");
    assert_eq!(a.answers[0].hostname.as_deref(), Some("cdn.example.net"));
    assert_eq!(a.answers[0].ttl, Some(300));
    assert_eq!(a.answers[1].ipv4.as_deref(), Some("127.0.0.1"));
    let lingered = log.dns_ms.unwrap() / 1000.0 - (a.t - a.t0);
    assert!(lingered > 0.09, "the reply's time is not the linger's");
    let aaaa = find(&log, "AAAA");
    assert_eq!(failure(aaaa), Some(Failure::DNS_NO_ANSWER));
    assert_eq!(aaaa.answers.len(), 1, "the alias is kept");
    assert_ne!(a.transaction_id, aaaa.transaction_id);
}

#[tokio::test]
async fn codes_are_told_apart() {
    for (rcode, expected) in [
        (ResponseCode::NXDomain, Failure::DNS_NXDOMAIN),
        (ResponseCode::NoError, Failure::DNS_NO_ANSWER),
        (ResponseCode::ServFail, Failure::DNS_SERVFAIL),
        (ResponseCode::Refused, Failure::DNS_REFUSED),
        (ResponseCode::NotImp, Failure::DNS_MALFORMED),
    ] {
        let (log, result) = over_udp(refused_by_code(rcode)).await;
        assert!(result.unwrap_err().equals(expected), "{expected}");
        assert_eq!(failure(find(&log, "A")), Some(expected));
        assert!(log.tcp_connect.is_empty());
    }
}

#[tokio::test]
async fn silence_is_asked_again_and_then_a_time_out() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let (log, result) = over_udp(dns::script(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Vec::new()
    }))
    .await;
    assert!(result.unwrap_err().equals(Failure::TIMEOUT));
    assert_eq!(asked.load(Ordering::SeqCst), 4, "two types, twice each");
    assert!(find(&log, "A").t > 0.75);
}

#[tokio::test]
async fn a_lost_packet_does_no_harm() {
    let asked = Arc::new(AtomicUsize::new(0));
    let (log, result) = over_udp(dns::script(move |question| {
        if asked.fetch_add(1, Ordering::SeqCst) < 2 {
            return Vec::new();
        }
        // Both copies of the question are answered: the answers agree, so there is no second
        // record.
        vec![dns::bytes(&home(question)); 2]
    }))
    .await;
    assert!(result.is_ok());
    assert_eq!(failure(find(&log, "A")), None);
}

#[tokio::test]
async fn noise_is_not_silence() {
    let garbage: Script = dns::script(|_| vec![b"garbage".to_vec()]);
    let wrong_id = dns::always(|question| {
        let mut reply = home(question);
        reply.metadata.id = reply.metadata.id.wrapping_add(1);
        reply
    });
    for script in [garbage, wrong_id] {
        let (log, result) = over_udp(script).await;
        assert!(result.unwrap_err().equals(Failure::DNS_MALFORMED));
        assert_eq!(find(&log, "A").tags, ["ignored:2"]);
    }
}

#[tokio::test]
async fn a_flood_is_bounded() {
    let (log, result) = over_udp(dns::script(|_| vec![b"x".to_vec(); 100])).await;
    assert!(result.unwrap_err().equals(Failure::DNS_MALFORMED));
    assert_eq!(find(&log, "A").tags, ["ignored:64"]);
}

#[tokio::test]
async fn an_answer_among_noise_is_found() {
    let (log, result) = over_udp(dns::script(|question| {
        let mut wrong = home(question);
        wrong.metadata.id ^= 1;
        vec![dns::bytes(&wrong), dns::bytes(&home(question))]
    }))
    .await;
    assert!(result.is_ok());
    assert_eq!(find(&log, "A").tags, ["ignored:1"]);
}

#[tokio::test]
async fn two_answers_that_contradict_each_other_are_both_kept() {
    let (log, result) = over_udp(dns::script(|question| {
        let forged = dns::v4(question, [127, 0, 0, 1]);
        let truth = dns::v4(question, [127, 0, 0, 9]);
        vec![dns::bytes(&forged), dns::bytes(&truth)]
    }))
    .await;
    let replies: Vec<&DnsQuery> = log.queries.iter().filter(|q| q.query_type == "A").collect();
    assert_eq!(replies.len(), 2);
    assert_eq!(replies[0].answers[0].ipv4.as_deref(), Some("127.0.0.1"));
    assert!(replies[0].tags.is_empty());
    assert_eq!(replies[1].answers[0].ipv4.as_deref(), Some("127.0.0.9"));
    assert_eq!(replies[1].tags, ["duplicate"]);
    assert!(replies[1].t >= replies[0].t);
    // The first answer is the one that every program would have used.
    assert_eq!(result.unwrap(), Some([127, 0, 0, 1].into()));
    assert_eq!(log.tcp_connect.len(), 1);
}

#[tokio::test]
async fn a_truncated_reply_is_asked_again_over_tcp() {
    let cut = dns::always(|question| {
        let mut reply = question.clone().into_response();
        reply.metadata.truncation = true;
        reply
    });
    let (udp, _tcp) = dns::udp_and_tcp(cut, dns::always(home)).await;
    let (log, result) = visit(&route(&asking(Resolver::Udp(udp.addr)))).await;
    assert!(result.is_ok());
    let replies: Vec<&DnsQuery> = log.queries.iter().filter(|q| q.query_type == "A").collect();
    assert_eq!(replies[0].tags, ["truncated"]);
    assert_eq!(replies[1].engine, "tcp");
    assert_eq!(replies[1].answers[0].ipv4.as_deref(), Some("127.0.0.1"));
}

#[tokio::test]
async fn a_resolver_that_is_not_there() {
    // There is a TCP port without a UDP one, which the system reports by ICMP.
    let closed = refusing();
    for resolver in [Resolver::Udp(closed.addr), Resolver::Tcp(closed.addr)] {
        let (log, result) = visit(&route(&asking(resolver))).await;
        assert!(result.unwrap_err().equals(Failure::REFUSED));
        assert_eq!(failure(find(&log, "A")), Some(Failure::REFUSED));
        assert!(
            log.tcp_connect.is_empty(),
            "the resolver's connect is not the source's"
        );
    }
    let silent = unanswered();
    let (_, result) = visit(&route(&asking(Resolver::Tcp(silent.addr)))).await;
    assert!(result.unwrap_err().equals(Failure::TIMEOUT));
}

#[tokio::test]
async fn the_resolver_is_asked_from_the_source_address() {
    let server = dns::udp(dns::always(home)).await;
    let vantage = accesswatch::model::Vantage {
        resolver: Resolver::Udp(server.addr),
        ..leaving_from([127, 0, 0, 3].into())
    };
    let (_, result) = visit(&route(&vantage)).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn the_systems_resolver_is_asked_as_programs_ask_it() {
    let page = Page::new().await;
    let url = format!("http://localhost:{}/", page.0.addr.port());
    let mut log = FetchLog::new();
    let result = route(&direct())
        .connect(&Url::parse(&url).unwrap(), &mut log, within(20_000))
        .await;
    assert!(result.is_ok());
    let query = find(&log, "ANY");
    assert_eq!(
        (query.engine.as_str(), failure(query)),
        ("getaddrinfo", None)
    );
    assert!(
        query
            .answers
            .iter()
            .any(|a| a.ipv4.as_deref() == Some("127.0.0.1"))
    );
    assert!(query.answers.iter().all(|a| a.ttl.is_none()));
}

#[tokio::test]
async fn the_deadline_ends_a_lookup_and_keeps_its_record() {
    let server = dns::udp(dns::script(|_| Vec::new())).await;
    let mut log = FetchLog::new();
    let begun = std::time::Instant::now();
    let result = patient(&asking(Resolver::Udp(server.addr)))
        .connect(
            &Url::parse("http://www.example.org/").unwrap(),
            &mut log,
            within(60),
        )
        .await;
    assert!(result.err().unwrap().equals(Failure::TIMEOUT));
    assert!(begun.elapsed() < Duration::from_secs(8));
    assert_eq!(log.queries.len(), 2);
}

#[tokio::test]
async fn asked_types_are_a_and_aaaa() {
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let (_, _) = over_udp(dns::script(move |question| {
        seen.lock().unwrap().push(question.queries[0].query_type());
        assert!(question.metadata.recursion_desired);
        vec![dns::bytes(&home(question))]
    }))
    .await;
    let mut types = asked.lock().unwrap().clone();
    types.sort();
    assert_eq!(types, [RecordType::A, RecordType::AAAA]);
}

#[tokio::test]
async fn a_public_site_leads_to_no_name_of_our_own_network() {
    for address in [[127, 0, 0, 1], [169, 254, 169, 254], [10, 0, 0, 1]] {
        let server = dns::udp(dns::always(move |question| dns::v4(question, address))).await;
        let page = Page::new().await;
        let url = format!("http://www.example.org:{}/", page.0.addr.port());
        let url = Url::parse(&url).unwrap();
        let mut log = FetchLog::new();
        let leg = HopTarget {
            public_only: true,
            ..HopTarget::to(&url)
        };
        let route = route(&asking(Resolver::Udp(server.addr)));
        let result = route.open_hop(leg, &mut log, within(20_000)).await;
        let failure = result.err().unwrap();
        assert!(failure.equals(Failure::HTTP_BAD_REDIRECT), "{failure}");
        assert!(log.tcp_connect.is_empty(), "nothing is connected to");
        assert!(
            !log.queries.is_empty(),
            "what the name leads to is on record"
        );
    }
}
