//! Addresses as answers in a record.

use std::net::IpAddr;

use crate::model::measurement::DnsAnswer;

/// How many answers of one reply are kept; a hostile resolver may send thousands.
pub(super) const MAX_ANSWERS: usize = 64;

/// An address as an answer, without a TTL, which the system does not report.
pub(super) fn address_answer(ip: IpAddr) -> DnsAnswer {
    match ip {
        IpAddr::V4(ip) => DnsAnswer {
            answer_type: "A".to_owned(),
            ipv4: Some(ip.to_string()),
            ..DnsAnswer::default()
        },
        IpAddr::V6(ip) => DnsAnswer {
            answer_type: "AAAA".to_owned(),
            ipv6: Some(ip.to_string()),
            ..DnsAnswer::default()
        },
    }
}
