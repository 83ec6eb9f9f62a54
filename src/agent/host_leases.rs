//! Leases of hosts at the broker: over all agents of a vantage, one connects to a host. A lease of
//! an agent that is gone ends by itself. The same bucket says which of the agents makes the passes
//! of the schedule.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::PublishMessage;
use async_nats::{Request, StatusCode};
use bytes::Bytes;
use tokio::time::Instant;

use crate::fleet::messages::is_published_at;
use crate::fleet::names::{self, HOSTS};
use crate::fleet::{Broker, FleetError};
use crate::model::VantageId;
use crate::net::pace::{HostLease, HostLeases, LeaseAnswer};

/// A lease that another agent holds is tried again after this long.
const POLL: Duration = Duration::from_millis(300);
/// After a fault of the broker, no lease is asked for this long.
const REST: Duration = Duration::from_secs(30);
/// The key of who makes the passes; no host has this name.
const PASSES: &str = "_passes";
/// What a key-value bucket has in place of a value that was deleted.
const OPERATION: &str = "KV-Operation";
const DELETED: &str = "DEL";

/// The leases of the agents of a vantage.
#[derive(Debug)]
pub struct FleetLeases {
    broker: Arc<Broker>,
    vantage: VantageId,
    /// The name of this agent; it lasts over restarts.
    own: String,
    /// What this process holds: an older lease of the agent is from before its restart.
    held: Mutex<BTreeSet<String>>,
    /// No lease is asked for before this.
    rests_until: Mutex<Option<Instant>>,
}

/// What a key holds.
enum Holder {
    Nobody(u64),
    Own(u64),
    Other,
}

impl FleetLeases {
    /// The leases of the agent with this name.
    #[must_use]
    pub fn new(broker: Arc<Broker>, vantage: VantageId, own: String) -> Arc<Self> {
        Arc::new(Self {
            broker,
            vantage,
            own,
            held: Mutex::default(),
            rests_until: Mutex::default(),
        })
    }

    /// Takes or renews the turn to make passes; returns whether it is this process's.
    pub async fn take_turn(&self) -> Result<bool, FleetError> {
        Ok(self.claim(PASSES).await?.is_some())
    }

    fn subject(&self, key: &str) -> String {
        names::key(HOSTS, &format!("{}.{key}", names::token(&self.vantage)))
    }

    /// Puts the own name at a key, unless another one is there; returns the place of the entry.
    async fn claim(&self, key: &str) -> Result<Option<u64>, FleetError> {
        let expected = match self.holder(key).await? {
            Holder::Other => return Ok(None),
            Holder::Nobody(sequence) | Holder::Own(sequence) => sequence,
        };
        let message = PublishMessage::build()
            .payload(Bytes::copy_from_slice(self.own.as_bytes()))
            .expected_last_subject_sequence(expected);
        self.put(key, message).await
    }

    /// `None`: another process was faster.
    async fn put(&self, key: &str, message: PublishMessage) -> Result<Option<u64>, FleetError> {
        let context = self.broker.context().await?;
        let put = match context.send_publish(self.subject(key), message).await {
            Ok(answer) => answer.await,
            Err(error) => Err(error),
        };
        match put {
            Ok(kept) => Ok(Some(kept.sequence)),
            Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => Ok(None),
            Err(error) => {
                let bucket = format!("bucket {HOSTS}");
                Err(self.broker.publish_fault(&error, &bucket).await)
            }
        }
    }

    async fn holder(&self, key: &str) -> Result<Holder, FleetError> {
        let client = self.broker.client().await?;
        let place = names::direct_get(HOSTS, &self.subject(key));
        let answer = client.send_request(place, Request::new().payload(Bytes::new()));
        let answer = match answer.await {
            Ok(answer) => answer,
            Err(error) => {
                let bucket = format!("bucket {HOSTS}");
                return Err(self.broker.request_fault(&error, &bucket).await);
            }
        };
        if answer.status == Some(StatusCode::NOT_FOUND) {
            return Ok(Holder::Nobody(0));
        }
        let headers = answer.headers.as_ref();
        // The broker appends what it states itself.
        let header = |name: &str| {
            headers.and_then(|headers| Some(headers.get_last(name)?.as_str().to_owned()))
        };
        let sequence = header("Nats-Sequence").and_then(|text| text.parse().ok());
        let sequence = sequence.unwrap_or_default();
        let place = names::stream_of(HOSTS);
        // What the user of another vantage had copied here holds nothing.
        let is_copied = !is_published_at(headers, &place, &self.subject(key));
        Ok(
            if is_copied || header(OPERATION).as_deref() == Some(DELETED) {
                Holder::Nobody(sequence)
            } else if answer.payload == self.own.as_bytes() {
                Holder::Own(sequence)
            } else {
                Holder::Other
            },
        )
    }

    async fn give_back(&self, key: &str, sequence: u64) -> Result<(), FleetError> {
        let message = PublishMessage::build()
            .header(OPERATION, DELETED)
            .expected_last_subject_sequence(sequence);
        self.put(key, message).await.map(|_| ())
    }

    fn held(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rests(&self) -> bool {
        let rests = self.rests_until.lock();
        let until = *rests.unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn rest(&self) {
        let mut rests = self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *rests = Some(Instant::now() + REST);
    }
}

/// The lease of one host.
#[derive(Debug)]
struct FleetLease {
    leases: Arc<FleetLeases>,
    key: String,
    sequence: u64,
}

impl HostLease for FleetLease {
    fn end(self: Box<Self>, gap: Duration) {
        // Outside of a runtime nothing is connected to any more.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            tokio::time::sleep(gap).await;
            // A lease that cannot be given back ends by itself.
            let _ = self.leases.give_back(&self.key, self.sequence).await;
            self.leases.held().remove(&self.key);
        });
    }
}

impl HostLeases for Arc<FleetLeases> {
    fn lease<'a>(&'a self, host: &'a str) -> LeaseAnswer<'a> {
        Box::pin(async move {
            let key = key_of(host);
            loop {
                if self.rests() {
                    return None;
                }
                // A second connection of this process waits for the first one.
                if self.held().insert(key.clone()) {
                    let claimed = self.claim(&key).await;
                    if let Ok(Some(sequence)) = claimed {
                        let leases = Arc::clone(self);
                        return Some(Box::new(FleetLease {
                            leases,
                            key,
                            sequence,
                        }) as Box<dyn HostLease>);
                    }
                    self.held().remove(&key);
                    if claimed.is_err() {
                        self.rest();
                        continue;
                    }
                }
                tokio::time::sleep(POLL).await;
            }
        })
    }
}

/// A host as a key: what no key may hold is written in hexadecimal.
fn key_of(host: &str) -> String {
    let mut key = String::new();
    let host = host.trim_matches('.').to_ascii_lowercase();
    for byte in host.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => key.push(char::from(byte)),
            b'.' if !key.ends_with('.') => key.push('.'),
            // Writing to a String cannot fail.
            other => {
                let _ = write!(key, "={other:02x}");
            }
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn hosts_are_keys_and_none_is_the_turn_of_passes() {
        assert_eq!(key_of("WWW.example.org."), "www.example.org");
        assert_eq!(key_of("[::1]"), "=5b=3a=3a1=5d");
        assert_eq!(key_of("_passes"), "=5fpasses");
        assert_eq!(key_of("a..b"), "a.=2eb");
    }
}
