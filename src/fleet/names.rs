//! The names of what is kept at the broker, and the subjects of messages.

use sha2::{Digest as _, Sha256};

use crate::model::VantageId;

/// The bucket with the workspaces of agents; the key is the vantage.
pub const WORKSPACES: &str = "aw-workspace";
/// The bucket with the leases of hosts.
pub const HOSTS: &str = "aw-hosts";
/// The stream of records.
pub const RECORDS: &str = "AW_RECORDS";
/// The stream of tasks, a work queue.
pub const TASKS: &str = "AW_TASKS";
/// The consumer with which the hub reads records.
pub const HUB: &str = "hub";
/// Tasks are spread over so many subjects of a vantage.
pub const PARTITIONS: u8 = 64;
/// The header with the version of a workspace.
pub const VERSION_HEADER: &str = "accesswatch-version";

/// A vantage as a token of a subject: no id contains `=`.
#[must_use]
pub fn token(vantage: &VantageId) -> String {
    vantage.as_str().replace('.', "=")
}

/// The stream that holds a bucket.
#[must_use]
pub fn stream_of(bucket: &str) -> String {
    format!("KV_{bucket}")
}

/// The subject of a key in a bucket.
#[must_use]
pub fn key(bucket: &str, key: &str) -> String {
    format!("$KV.{bucket}.{key}")
}

/// The subject of a vantage's workspace.
#[must_use]
pub fn workspace(vantage: &VantageId) -> String {
    key(WORKSPACES, &token(vantage))
}

/// The subject of a vantage's records.
#[must_use]
pub fn records(vantage: &VantageId) -> String {
    format!("aw.records.{}", token(vantage))
}

/// The subject of a vantage's reports.
#[must_use]
pub fn hello(vantage: &VantageId) -> String {
    format!("aw.hello.{}", token(vantage))
}

/// The subject of a vantage's tasks in a partition.
#[must_use]
pub fn tasks(vantage: &VantageId, partition: u8) -> String {
    format!("aw.tasks.{}.{partition}", token(vantage))
}

/// The inbox of a vantage's user; nobody else may listen there.
#[must_use]
pub fn inbox(vantage: &VantageId) -> String {
    format!("_INBOX_{}", token(vantage))
}

/// The request for the newest value of a key.
#[must_use]
pub fn direct_get(bucket: &str, subject: &str) -> String {
    format!("$JS.API.DIRECT.GET.{}.{subject}", stream_of(bucket))
}

/// The vantage that a subject names in its third place. Only its user may publish there; but the
/// broker also puts there what it answers to any user who names the subject for the answer. A copy
/// of a kept message among such answers is known by its headers
/// ([`is_copy`](super::messages::is_copy)), and no other one has the form of a record.
#[must_use]
pub fn vantage_of(subject: &str) -> Option<VantageId> {
    let token = subject
        .split('.')
        .nth(2)
        .filter(|token| !token.is_empty())?;
    Some(token.replace('=', ".").into())
}

/// The partition of a registrable domain.
#[must_use]
pub fn partition(domain: &str) -> u8 {
    Sha256::digest(domain.as_bytes())[0] % PARTITIONS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_dots_is_one_token_and_comes_back() {
        let id: VantageId = "kr.seoul.a".into();
        let subject = records(&id);
        assert_eq!(subject.split('.').count(), 3, "{subject}");
        assert_eq!(vantage_of(&subject), Some(id));
        assert_eq!(vantage_of("aw.records."), None);
    }

    #[test]
    fn domains_spread_over_the_partitions() {
        let all: std::collections::BTreeSet<u8> = (0..2000)
            .map(|n| partition(&format!("d{n}.example")))
            .collect();
        assert_eq!(all.len(), usize::from(PARTITIONS));
        assert_eq!(partition("example.org"), partition("example.org"));
    }
}
