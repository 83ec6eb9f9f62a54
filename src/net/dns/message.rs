//! One question and the meaning of its replies, for every transport.

use std::net::IpAddr;

use hickory_proto::op::{Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, RecordType};

use crate::model::Failure;
use crate::model::measurement::{DnsAnswer, DnsQuery};
use crate::net::failure;
use crate::net::log::Stopwatch;

use super::answer::{MAX_ANSWERS, address_answer};

/// Bytes of a DNS header (RFC 1035 section 4.1.1).
const HEADER: usize = 12;
/// The TC bit, in the header's third byte.
const TRUNCATED: u8 = 0x02;
/// The QR bit, in the same byte.
const RESPONSE: u8 = 0x80;

/// A question about one name.
pub(super) struct Question {
    host: String,
    query: Query,
    id: u16,
    /// As sent: without EDNS, like the C library's stub resolver.
    pub(super) wire: Vec<u8>,
}

/// A reply that answers the question.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DnsReply {
    pub(super) answers: Vec<DnsAnswer>,
    /// Addresses of the requested type.
    pub(super) addresses: Vec<IpAddr>,
    pub(super) failure: Option<Failure>,
    /// Truncated by the server: to be sent again over TCP.
    pub(super) truncated: bool,
}

/// The records of one question, and the meaning of its first reply.
pub(super) struct LookupOutcome {
    pub(super) records: Vec<DnsQuery>,
    pub(super) outcome: Result<Vec<IpAddr>, Failure>,
}

impl Question {
    /// A question with an unpredictable id; `None` when `host` is not a domain name.
    pub(super) fn new(host: &str, kind: RecordType) -> Option<Self> {
        let mut name = Name::from_ascii(host).ok()?;
        name.set_fqdn(true);
        let query = Query::query(name, kind);
        let mut message = Message::query();
        message.metadata.recursion_desired = true;
        message.add_query(query.clone());
        Some(Self {
            host: host.to_owned(),
            query,
            id: message.metadata.id,
            wire: message.to_vec().ok()?,
        })
    }

    /// The same with id 0, which lets HTTP caches work (RFC 8484 section 4.1).
    pub(super) fn without_id(mut self) -> Self {
        self.id = 0;
        self.wire[..2].fill(0);
        self
    }

    /// A record of this question, not yet answered.
    pub(super) fn record(&self, engine: &str, resolver: &str, t0: f64) -> DnsQuery {
        DnsQuery {
            hostname: self.host.clone(),
            query_type: self.query.query_type().to_string(),
            engine: engine.to_owned(),
            resolver_address: resolver.to_owned(),
            t0,
            ..DnsQuery::default()
        }
    }

    /// Reads a reply; `None` when it does not answer this question: another id, another name, not
    /// DNS.
    pub(super) fn read(&self, bytes: &[u8]) -> Option<DnsReply> {
        let Ok(message) = Message::from_vec(bytes) else {
            return self.read_cut(bytes);
        };
        let code = message.metadata.response_code;
        let asked = match message.queries.as_slice() {
            [query] => {
                query.name() == self.query.name() && query.query_type() == self.query.query_type()
            }
            // Some servers refuse without repeating the question.
            [] => code != ResponseCode::NoError,
            _ => false,
        };
        if message.metadata.message_type != MessageType::Response
            || message.metadata.id != self.id
            || !asked
        {
            return None;
        }
        let addresses: Vec<IpAddr> = message
            .answers
            .iter()
            .filter(|record| record.record_type() == self.query.query_type())
            .filter_map(|record| record.data.ip_addr())
            .take(MAX_ANSWERS)
            .collect();
        Some(DnsReply {
            answers: message
                .answers
                .iter()
                .take(MAX_ANSWERS)
                .map(|record| answer(&record.data, record.ttl))
                .collect(),
            failure: failure::from_response_code(code)
                .or_else(|| addresses.is_empty().then(|| Failure::DNS_NO_ANSWER.into())),
            addresses,
            truncated: message.metadata.truncation,
        })
    }

    /// A truncated reply may end within a record, and then does not parse.
    fn read_cut(&self, bytes: &[u8]) -> Option<DnsReply> {
        let ours = bytes.len() >= HEADER && bytes[..2] == self.id.to_be_bytes();
        (ours && bytes[2] & RESPONSE != 0 && bytes[2] & TRUNCATED != 0).then(|| DnsReply {
            answers: Vec::new(),
            addresses: Vec::new(),
            failure: Some(Failure::DNS_MALFORMED.into()),
            truncated: true,
        })
    }
}

impl LookupOutcome {
    /// One question with one reply, or without a reply.
    pub(super) fn once(
        mut record: DnsQuery,
        result: Result<DnsReply, Failure>,
        clock: Stopwatch,
    ) -> Self {
        let outcome = match result {
            Ok(reply) => note(&mut record, reply, clock),
            Err(failure) => {
                record.failure = Some(failure.clone());
                record.t = clock.elapsed();
                Err(failure)
            }
        };
        Self {
            records: vec![record],
            outcome,
        }
    }
}

/// Moves a reply into its record, and returns its meaning.
pub(super) fn note(
    record: &mut DnsQuery,
    reply: DnsReply,
    clock: Stopwatch,
) -> Result<Vec<IpAddr>, Failure> {
    record.answers = reply.answers;
    record.failure.clone_from(&reply.failure);
    record.t = clock.elapsed();
    reply.failure.map_or(Ok(reply.addresses), Err)
}

fn answer(data: &RData, ttl: u32) -> DnsAnswer {
    let mut answer = match data.ip_addr() {
        Some(ip) => address_answer(ip),
        None => DnsAnswer {
            answer_type: data.record_type().to_string(),
            hostname: match data {
                RData::CNAME(name) => Some(name.to_string().trim_end_matches('.').to_owned()),
                _ => None,
            },
            ..DnsAnswer::default()
        },
    };
    answer.ttl = Some(ttl);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_proto::rr::Record;
    use hickory_proto::rr::rdata::{A, CNAME};

    fn reply_to(question: &Question, change: impl FnOnce(&mut Message)) -> Vec<u8> {
        let mut message = Message::from_vec(&question.wire).unwrap().into_response();
        change(&mut message);
        message.to_vec().unwrap()
    }

    fn question() -> Question {
        Question::new("www.example.org", RecordType::A).unwrap()
    }

    #[test]
    fn the_chain_of_names_is_kept() {
        let question = question();
        let bytes = reply_to(&question, |message| {
            let from = question.query.name().clone();
            let to = Name::from_ascii("cdn.example.net.").unwrap();
            message.add_answer(Record::from_rdata(
                from,
                60,
                RData::CNAME(CNAME(to.clone())),
            ));
            message.add_answer(Record::from_rdata(to, 5, RData::A(A::new(192, 0, 2, 1))));
        });
        let reply = question.read(&bytes).unwrap();
        assert_eq!(reply.failure, None);
        assert_eq!(reply.addresses, ["192.0.2.1".parse::<IpAddr>().unwrap()]);
        assert_eq!(
            reply.answers[0].hostname.as_deref(),
            Some("cdn.example.net")
        );
        assert_eq!(reply.answers[1].ttl, Some(5));
    }

    #[test]
    fn foreign_messages_are_no_reply() {
        let question = question();
        let other = Question::new("www.example.com", RecordType::A).unwrap();
        assert_eq!(
            question.read(&question.wire),
            None,
            "a question is not a reply"
        );
        assert_eq!(question.read(&reply_to(&other, |_| ())), None);
        let wrong_id = reply_to(&question, |m| m.metadata.id = m.metadata.id.wrapping_add(1));
        assert_eq!(question.read(&wrong_id), None);
        assert_eq!(question.read(b"garbage"), None);
    }

    #[test]
    fn codes_become_failures() {
        let question = question();
        for (code, failure) in [
            (ResponseCode::NoError, Failure::DNS_NO_ANSWER),
            (ResponseCode::NXDomain, Failure::DNS_NXDOMAIN),
            (ResponseCode::ServFail, Failure::DNS_SERVFAIL),
            (ResponseCode::Refused, Failure::DNS_REFUSED),
            (ResponseCode::FormErr, Failure::DNS_MALFORMED),
        ] {
            let bytes = reply_to(&question, |m| m.metadata.response_code = code);
            assert_eq!(question.read(&bytes).unwrap().failure, Some(failure.into()));
        }
    }

    #[test]
    fn a_cut_reply_asks_for_tcp() {
        let question = question();
        let mut bytes = reply_to(&question, |m| m.metadata.truncation = true);
        assert!(question.read(&bytes).unwrap().truncated);
        bytes.truncate(HEADER + 3);
        assert!(question.read(&bytes).unwrap().truncated);
    }

    #[test]
    fn a_host_that_is_no_name_is_not_asked() {
        assert!(Question::new(&"a".repeat(64), RecordType::A).is_none());
    }

    proptest::proptest! {
        #[test]
        fn hostile_bytes_do_no_harm(bytes in proptest::collection::vec(0_u8.., 0..300)) {
            question().read(&bytes);
        }
    }
}
