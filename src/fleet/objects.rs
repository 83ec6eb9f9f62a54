//! What `fleet init` makes at the broker. Making it again changes nothing; what differs is brought
//! back to what is stated here, and nothing is ever removed.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::context::{Context, GetStreamErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};

use super::broker::Broker;
use super::error::FleetError;
use super::names::{HOSTS, HUB, RECORDS, TASKS, WORKSPACES, stream_of, token};
use crate::model::VantageId;

const MINUTE: Duration = Duration::from_secs(60);
/// Records are kept this long for a hub that is away.
const RECORDS_AGE: Duration = Duration::from_secs(30 * 24 * 3600);
/// A record that is sent again within this time is kept once.
const SAME_RECORD: Duration = Duration::from_secs(2 * 3600);
/// A task that nobody took is given again by the hub.
const TASK_AGE: Duration = Duration::from_secs(10 * 60);
/// A lease of an agent that is gone ends after this time.
pub const HOST_LEASE: Duration = Duration::from_secs(3 * 60);
/// A record, with its headers; `max_payload` is 8 MB.
const LONGEST_MESSAGE: i32 = 9 * 1024 * 1024;
/// The leases of all vantages: they are in the memory of the broker.
const MOST_LEASES: i64 = 64 * 1024 * 1024;
/// The name of an agent, with its headers.
const LONGEST_LEASE: i32 = 1024;
/// What was delivered and not acknowledged is delivered again after this time.
const ACK_WAIT: Duration = MINUTE;
/// So many records are delivered before the first of them is acknowledged.
const MOST_UNACKNOWLEDGED: i64 = 2_000;

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum ObjectState {
    Made,
    Changed,
    #[strum(serialize = "as it was")]
    Unchanged,
}

/// An object at the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetObject {
    pub name: String,
    pub about: String,
    pub state: ObjectState,
}

/// Makes every object of a hub with these vantages.
pub async fn make(broker: &Broker, vantages: &[VantageId]) -> Result<Vec<FleetObject>, FleetError> {
    let context = broker.context().await?;
    let mut made = Vec::new();
    for (name, about, config) in streams() {
        let state = make_stream(broker, &context, config).await?;
        made.push(FleetObject {
            name: name.to_owned(),
            about: about.to_owned(),
            state,
        });
    }
    let mut consumers = vec![(RECORDS, consumer(HUB, String::new()), "the hub".to_owned())];
    for vantage in vantages {
        let token = token(vantage);
        let own = consumer(&token, format!("aw.tasks.{token}.*"));
        consumers.push((TASKS, own, format!("the agents of {vantage}")));
    }
    for (stream, config, who) in consumers {
        let name = config.durable_name.clone().unwrap_or_default();
        let state = make_consumer(broker, &context, stream, config).await?;
        made.push(FleetObject {
            name: format!("{stream}/{name}"),
            about: format!("consumer of {who}"),
            state,
        });
    }
    Ok(made)
}

fn streams() -> [(&'static str, &'static str, Config); 4] {
    let leases = Config {
        max_age: HOST_LEASE,
        max_message_size: LONGEST_LEASE,
        max_bytes: MOST_LEASES,
        storage: StorageType::Memory,
        ..bucket(HOSTS)
    };
    [
        (
            WORKSPACES,
            "key-value bucket: the workspace of each vantage",
            bucket(WORKSPACES),
        ),
        (
            RECORDS,
            "stream: records on their way to the hub, 30 days",
            Config {
                name: RECORDS.to_owned(),
                subjects: vec!["aw.records.*".to_owned()],
                max_age: RECORDS_AGE,
                duplicate_window: SAME_RECORD,
                deny_delete: true,
                max_message_size: LONGEST_MESSAGE,
                // A purge would count as taken by the hub, and empty the spools.
                deny_purge: true,
                ..unlimited()
            },
        ),
        (
            TASKS,
            "work queue: rounds and link checks that are due, 10 minutes",
            Config {
                name: TASKS.to_owned(),
                subjects: vec!["aw.tasks.*.*".to_owned()],
                retention: RetentionPolicy::WorkQueue,
                max_age: TASK_AGE,
                duplicate_window: MINUTE,
                ..unlimited()
            },
        ),
        (
            HOSTS,
            "key-value bucket: which agent has a host's connection, 3 minutes",
            leases,
        ),
    ]
}

fn bucket(name: &str) -> Config {
    Config {
        name: stream_of(name),
        subjects: vec![format!("$KV.{name}.>")],
        max_messages_per_subject: 1,
        discard: DiscardPolicy::New,
        // A rollup of one vantage would remove the keys of all others.
        allow_rollup: false,
        deny_delete: true,
        deny_purge: true,
        allow_direct: true,
        duplicate_window: MINUTE,
        ..unlimited()
    }
}

fn unlimited() -> Config {
    Config {
        storage: StorageType::File,
        num_replicas: 1,
        max_messages: -1,
        max_messages_per_subject: -1,
        max_bytes: -1,
        max_message_size: -1,
        max_consumers: -1,
        ..Config::default()
    }
}

fn consumer(name: &str, filter: String) -> pull::Config {
    pull::Config {
        durable_name: Some(name.to_owned()),
        filter_subject: filter,
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        max_deliver: -1,
        max_ack_pending: MOST_UNACKNOWLEDGED,
        ..pull::Config::default()
    }
}

async fn make_stream(
    broker: &Broker,
    context: &Context,
    wanted: Config,
) -> Result<ObjectState, FleetError> {
    let known = match context.get_stream(&wanted.name).await {
        Ok(stream) => stream.cached_info().config.clone(),
        Err(error) if is_missing(&error) => {
            let made = context.create_stream(wanted).await;
            return match made {
                Ok(_) => Ok(ObjectState::Made),
                Err(error) => Err(broker.refusal(&error).await),
            };
        }
        Err(error) => return Err(broker.refusal(&error).await),
    };
    // Replicas, the place in a cluster and a limit of the whole are the administrator's.
    let wanted = Config {
        num_replicas: known.num_replicas,
        placement: known.placement.clone(),
        description: known.description.clone(),
        max_bytes: if known.max_bytes > 0 {
            known.max_bytes
        } else {
            wanted.max_bytes
        },
        ..wanted
    };
    if is_same(&known, &wanted) {
        return Ok(ObjectState::Unchanged);
    }
    match context.update_stream(wanted).await {
        Ok(_) => Ok(ObjectState::Changed),
        Err(error) => Err(broker.refusal(&error).await),
    }
}

/// Whether everything that is stated here is in force.
fn is_same(known: &Config, wanted: &Config) -> bool {
    let stated = |config: &Config| {
        (
            (config.subjects.clone(), config.retention, config.storage),
            (config.max_age, config.duplicate_window, config.discard),
            (config.max_messages, config.max_messages_per_subject),
            (config.max_bytes, config.max_message_size),
            config.max_consumers,
            (config.allow_rollup, config.allow_direct),
            (config.deny_delete, config.deny_purge),
        )
    };
    stated(known) == stated(wanted)
}

fn is_missing(error: &async_nats::jetstream::context::GetStreamError) -> bool {
    use async_nats::jetstream::ErrorCode;
    let code = ErrorCode::STREAM_NOT_FOUND;
    matches!(error.kind(), GetStreamErrorKind::JetStream(error) if error.error_code() == code)
}

async fn make_consumer(
    broker: &Broker,
    context: &Context,
    stream: &str,
    wanted: pull::Config,
) -> Result<ObjectState, FleetError> {
    let name = wanted.durable_name.clone().unwrap_or_default();
    let known = context.get_consumer_from_stream::<pull::Config, _, _>(name, stream);
    let known = known.await.ok();
    let stated = |config: &async_nats::jetstream::consumer::Config| {
        (
            (config.filter_subject.clone(), config.ack_policy),
            (config.ack_wait, config.max_ack_pending),
        )
    };
    let before = known
        .as_ref()
        .map(|known| stated(&known.cached_info().config));
    let own = (
        (wanted.filter_subject.clone(), wanted.ack_policy),
        (wanted.ack_wait, wanted.max_ack_pending),
    );
    if before.as_ref() == Some(&own) {
        return Ok(ObjectState::Unchanged);
    }
    match context.create_consumer_on_stream(wanted, stream).await {
        Ok(_) if before.is_some() => Ok(ObjectState::Changed),
        Ok(_) => Ok(ObjectState::Made),
        Err(error) => Err(broker.refusal(&error).await),
    }
}
