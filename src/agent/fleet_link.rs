//! The way to the hub through a broker: the workspace is a key that is watched, tasks come from a
//! work queue, records go into a stream, and a report is a request that the hub answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::jetstream::context::Context;
use async_nats::jetstream::message::PublishMessage;
use async_nats::{Client, HeaderMap, Message, Request, RequestErrorKind, StatusCode};
use bytes::Bytes;
use futures_util::StreamExt as _;
use url::Url;

use super::host_leases::FleetLeases;
use super::spool::Batch;
use super::transport::{Answer, Delivery, HubError, HubTransport, Progress, Receipt};
use crate::fleet::broker::{Broker, BrokerOptions, connections};
use crate::fleet::consumer::{self, RecordsPosition};
use crate::fleet::messages::{FleetTask, HelloReply, is_copy, is_published_at, unpack};
use crate::fleet::names::{self, HUB, RECORDS, TASKS, VERSION_HEADER, WORKSPACES};
use crate::fleet::{FleetError, UserCreds};
use crate::model::VantageId;
use crate::model::agent::{
    AGENT_FORMAT, AgentHello, AgentTasks, AgentWorkspace, FORMAT_HEADER, HelloAnswer,
    LONGEST_WORKSPACE, PASS_CONTINUES, PASS_ENDED, PASS_HEADER, TASK_LEASE,
};
use crate::model::clock::Clock;
use crate::net::pace::HostLeases;
use crate::text::clean;

/// How long a change of the workspace, or a task, is waited for.
const WAIT: Duration = Duration::from_secs(50);
/// So many tasks are taken at once: other agents of the vantage get their part.
const TASKS_AT_ONCE: usize = 64;
/// So many records are published before the first answer is awaited.
const AT_ONCE: usize = 100;
/// A task that waited long in the queue still has this much of its lease.
const SHORTEST_LEASE: u64 = 60;
/// Another user of the broker had it put something in the place of the hub's.
const COPIED: &str = "it was not published by the hub, but copied at the broker";

/// The broker where an agent meets its hub.
#[derive(Debug)]
pub struct FleetLink {
    broker: Arc<Broker>,
    leases: Arc<FleetLeases>,
    vantage: VantageId,
    clock: Arc<dyn Clock>,
    /// The hub reads another format: no record is sent.
    other_format: Mutex<Option<String>>,
    has_warned: AtomicBool,
}

impl FleetLink {
    /// A link of the user of a vantage; `name` is the agent's among the agents of the vantage.
    pub fn new(
        address: Url,
        creds: UserCreds,
        roots: Option<Vec<u8>>,
        vantage: VantageId,
        name: String,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, FleetError> {
        let broker = Broker::new(BrokerOptions {
            address,
            creds,
            roots,
            name: format!("accesswatch agent {vantage}"),
            inbox: Some(names::inbox(&vantage)),
        })?;
        let broker = Arc::new(broker);
        Ok(Self {
            leases: FleetLeases::new(Arc::clone(&broker), vantage.clone(), name),
            broker,
            vantage,
            clock,
            other_format: Mutex::default(),
            has_warned: AtomicBool::new(false),
        })
    }

    fn format_fault(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.other_format
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn report(&self, hello: &AgentHello) -> Result<HelloAnswer, HubError> {
        let client = self.broker.client().await?;
        self.warn_of_open_way();
        let body = serde_json::to_vec(hello).map_err(|e| HubError::Client(e.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(FORMAT_HEADER, AGENT_FORMAT.to_string());
        let request = Request::new().payload(body.into()).headers(headers);
        let answer = client.send_request(names::hello(&self.vantage), request);
        let answer = match answer.await {
            Ok(answer) => answer,
            Err(error) if error.kind() == RequestErrorKind::NoResponders => {
                let host = self.broker.host().to_owned();
                return Err(FleetError::NoHub { host }.into());
            }
            Err(error) => return Err(self.broker.request_fault(&error, "hub").await.into()),
        };
        let reply = serde_json::from_slice(&answer.payload);
        match reply.map_err(|error| HubError::Unreadable(error.to_string()))? {
            HelloReply::Heard { clock, refused } => {
                *self.format_fault() = None;
                for why in refused {
                    tracing::error!("the hub refused a record: {}", clean::line(&why, 300));
                }
                Ok(HelloAnswer { clock })
            }
            HelloReply::OtherFormat(why) => {
                let why = clean::line(&why, 400);
                *self.format_fault() = Some(why.clone());
                Err(HubError::OtherFormat(why))
            }
            HelloReply::Refused(detail) => Err(HubError::Refused {
                status: 403,
                detail: clean::line(&detail, 400),
            }),
        }
    }

    /// Records without TLS can be read on their way. It is said once.
    fn warn_of_open_way(&self) {
        let is_open = self.broker.is_open_way();
        if is_open && !self.has_warned.swap(true, Ordering::Relaxed) {
            let host = self.broker.host();
            tracing::warn!("nats:// sends records to {host} unencrypted; tls:// encrypts them");
        }
    }

    async fn newest_workspace(
        &self,
        known: Option<&str>,
    ) -> Result<Option<(String, AgentWorkspace)>, HubError> {
        let client = self.broker.client().await?;
        let subject = names::workspace(&self.vantage);
        // Listening comes first: what is put meanwhile is not missed.
        let listening = client.subscribe(subject.clone()).await;
        let mut changes = listening.map_err(|error| self.broker.failed(&error))?;
        let place = names::direct_get(WORKSPACES, &subject);
        let answer = client.send_request(place, Request::new().payload(Bytes::new()));
        let answer = match answer.await {
            Ok(answer) => answer,
            Err(error) => {
                // A bucket that is not there does not answer at all; a consumer says so.
                if error.kind() == RequestErrorKind::TimedOut {
                    self.newest_progress().await?;
                }
                let bucket = format!("bucket {WORKSPACES}");
                return Err(self.broker.request_fault(&error, &bucket).await.into());
            }
        };
        if answer.status == Some(StatusCode::NOT_FOUND) {
            if known.is_none() {
                let why = "it has sent no workspace for this vantage yet";
                return Err(HubError::Busy(why.to_owned()));
            }
        } else if known.is_none() || version(&answer).as_deref() != known {
            let place = names::stream_of(WORKSPACES);
            if !is_published_at(answer.headers.as_ref(), &place, &subject) {
                return Err(HubError::Unreadable(COPIED.to_owned()));
            }
            return read_workspace(&answer).map(Some);
        }
        match tokio::time::timeout(WAIT, changes.next()).await {
            Ok(Some(change)) if is_copy(change.headers.as_ref()) => {
                Err(HubError::Unreadable(COPIED.to_owned()))
            }
            Ok(Some(change)) if version(&change).as_deref() != known => {
                read_workspace(&change).map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn leased_tasks(&self) -> Result<AgentTasks, HubError> {
        let context = self.broker.context().await?;
        let token = names::token(&self.vantage);
        let messages =
            consumer::next(&self.broker, &context, (&token, TASKS), TASKS_AT_ONCE, WAIT).await?;
        let mut tasks = AgentTasks {
            lease_seconds: TASK_LEASE.num_seconds().unsigned_abs(),
            ..AgentTasks::default()
        };
        let now = self.clock.now();
        for message in messages {
            // A task whose results do not come is given again by the hub.
            if let Err(error) = message.ack().await {
                let fault = self.broker.said(&error);
                tracing::warn!("a task is done, and may be given again: {fault}");
            }
            if let Ok(info) = message.info() {
                let published = info.published.unix_timestamp();
                let age = now
                    .timestamp()
                    .saturating_sub(published)
                    .max(0)
                    .unsigned_abs();
                let left = tasks.lease_seconds.saturating_sub(age).max(SHORTEST_LEASE);
                tasks.lease_seconds = tasks.lease_seconds.min(left);
            }
            if is_copy(message.headers.as_ref()) {
                tracing::warn!("a task is left: {COPIED}");
                continue;
            }
            match serde_json::from_slice(&message.payload) {
                Ok(FleetTask::Round(probe)) => tasks.rounds.push(probe),
                Ok(FleetTask::Link(link)) => tasks.links.push(link),
                Err(error) => tracing::warn!("a task of the hub cannot be read: {error}"),
            }
        }
        Ok(tasks)
    }

    async fn publish(&self, batch: &Batch) -> Result<Delivery, HubError> {
        if let Some(why) = self.format_fault().clone() {
            return Err(HubError::OtherFormat(why));
        }
        let client = self.broker.client().await?;
        let context = async_nats::jetstream::new(client.clone());
        let carrier = self.position(&client, &context).await?.carrier;
        let message = |part: &str| {
            PublishMessage::build()
                .header(FORMAT_HEADER, AGENT_FORMAT.to_string())
                .header(PASS_HEADER, part)
        };
        let mut begin = 0;
        let mut packed = Vec::new();
        for (end, uid) in &batch.members {
            let body = Bytes::copy_from_slice(&batch.body[begin..*end]);
            let one = message(PASS_CONTINUES).payload(body);
            packed.push(if uid.is_empty() {
                one
            } else {
                one.message_id(uid)
            });
            begin = *end;
        }
        if !batch.continues {
            packed.push(message(PASS_ENDED));
        }
        let mut sequence = 0;
        while !packed.is_empty() {
            let rest = packed.split_off(packed.len().min(AT_ONCE));
            sequence = self.put(&context, packed).await?.max(sequence);
            packed = rest;
        }
        Ok(Delivery::OnTheWay(Receipt { carrier, sequence }))
    }

    /// Publishes messages; returns the newest place in the stream once all of them are kept.
    async fn put(
        &self,
        context: &Context,
        messages: Vec<PublishMessage>,
    ) -> Result<u64, FleetError> {
        let subject = names::records(&self.vantage);
        let mut answers = Vec::with_capacity(messages.len());
        for message in messages {
            match context.send_publish(subject.clone(), message).await {
                Ok(answer) => answers.push(answer),
                Err(error) => return Err(self.broker.publish_fault(&error, RECORDS).await),
            }
        }
        let mut newest = 0;
        for answer in answers {
            match answer.await {
                Ok(kept) => newest = newest.max(kept.sequence),
                Err(error) => return Err(self.broker.publish_fault(&error, RECORDS).await),
            }
        }
        Ok(newest)
    }

    /// How far the hub has acknowledged, and what carries the records: the consumer of the hub, as
    /// long as the connection lasts. A broker that was away may have lost something.
    async fn position(&self, client: &Client, context: &Context) -> Result<Progress, FleetError> {
        let before = connections(client);
        let RecordsPosition { made, acknowledged } =
            consumer::position(&self.broker, context, (HUB, RECORDS)).await?;
        let after = connections(client);
        Ok(Progress {
            carrier: format!("{made} {before} {after}"),
            sequence: acknowledged,
        })
    }

    async fn newest_progress(&self) -> Result<Progress, HubError> {
        let client = self.broker.client().await?;
        let context = async_nats::jetstream::new(client.clone());
        Ok(self.position(&client, &context).await?)
    }
}

impl HubTransport for FleetLink {
    fn workspace<'a>(
        &'a self,
        known: Option<&'a str>,
    ) -> Answer<'a, Option<(String, AgentWorkspace)>> {
        Box::pin(self.newest_workspace(known))
    }

    fn tasks(&self) -> Answer<'_, AgentTasks> {
        Box::pin(self.leased_tasks())
    }

    fn hello<'a>(&'a self, hello: &'a AgentHello) -> Answer<'a, HelloAnswer> {
        Box::pin(self.report(hello))
    }

    fn send<'a>(&'a self, batch: &'a Batch) -> Answer<'a, Delivery> {
        Box::pin(self.publish(batch))
    }

    fn has_turn(&self) -> Answer<'_, bool> {
        Box::pin(async { Ok(self.leases.take_turn().await?) })
    }

    fn host_leases(&self) -> Option<Arc<dyn HostLeases>> {
        Some(Arc::new(Arc::clone(&self.leases)))
    }

    fn progress(&self) -> Answer<'_, Progress> {
        Box::pin(self.newest_progress())
    }
}

/// The version of the workspace in a message.
fn version(message: &Message) -> Option<String> {
    let stated = message.headers.as_ref()?.get(VERSION_HEADER)?;
    Some(clean::line(stated.as_str(), 64))
}

fn read_workspace(message: &Message) -> Result<(String, AgentWorkspace), HubError> {
    let unreadable = |error: &dyn std::fmt::Display| HubError::Unreadable(error.to_string());
    let plain = unpack(&message.payload, LONGEST_WORKSPACE).map_err(|error| unreadable(&error))?;
    let workspace = serde_json::from_slice(&plain).map_err(|error| unreadable(&error))?;
    Ok((version(message).unwrap_or_default(), workspace))
}
