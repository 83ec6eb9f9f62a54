//! Reading from a stream with a durable consumer.

use std::time::Duration;

use async_nats::jetstream::consumer::{Consumer, pull};
use async_nats::jetstream::context::Context;
use async_nats::jetstream::stream::{ConsumerError, ConsumerErrorKind};
use async_nats::jetstream::{ErrorCode, Message};
use futures_util::StreamExt as _;
use tokio::time::timeout;

use super::broker::Broker;
use super::error::FleetError;

/// A message that is there comes within this time: the request for it may be lost with a
/// connection.
const LIMIT: Duration = Duration::from_secs(10);

/// So many bytes are asked for at once; a longer message comes alone.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The name of a consumer and its stream.
pub type ConsumerName<'a> = (&'a str, &'a str);

/// How far a consumer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordsPosition {
    /// When the consumer was made: another time means another stream.
    pub made: String,
    /// Everything up to here is acknowledged.
    pub acknowledged: u64,
}

/// How far a consumer is.
pub async fn position(
    broker: &Broker,
    context: &Context,
    name: ConsumerName<'_>,
) -> Result<RecordsPosition, FleetError> {
    let consumer = find(broker, context, name).await?;
    let info = consumer.cached_info();
    Ok(RecordsPosition {
        made: info.created.unix_timestamp_nanos().to_string(),
        acknowledged: info.ack_floor.stream_sequence,
    })
}

/// How many messages wait at a consumer, or were not acknowledged.
pub async fn waiting(
    broker: &Broker,
    context: &Context,
    name: ConsumerName<'_>,
) -> Result<usize, FleetError> {
    let consumer = find(broker, context, name).await?;
    let info = consumer.cached_info();
    Ok(usize::try_from(info.num_pending).unwrap_or(usize::MAX) + info.num_ack_pending)
}

/// The next messages, at most `most`: those that are there, or else the first one that comes within
/// `wait`.
pub async fn next(
    broker: &Broker,
    context: &Context,
    name: ConsumerName<'_>,
    most: usize,
    wait: Duration,
) -> Result<Vec<Message>, FleetError> {
    let consumer = find(broker, context, name).await?;
    let there = fetch(broker, &consumer, most).await?;
    if !there.is_empty() {
        return Ok(there);
    }
    let asked = consumer.batch().max_messages(1).expires(wait).messages();
    let mut coming = asked.await.map_err(|error| broker.failed(&error))?;
    let mut messages = Vec::new();
    while let Some(message) = coming.next().await {
        messages.push(message.map_err(|error| broker.said(&error))?);
    }
    if !messages.is_empty() {
        messages.extend(fetch(broker, &consumer, most - messages.len()).await?);
    }
    Ok(messages)
}

/// The messages that are there. What comes before a fault or the end of the time counts; the rest
/// is delivered again.
async fn fetch(
    broker: &Broker,
    consumer: &Consumer<pull::Config>,
    most: usize,
) -> Result<Vec<Message>, FleetError> {
    let asked = consumer.fetch().max_messages(most).max_bytes(MOST_BYTES);
    let asked = asked.messages();
    let mut there = asked.await.map_err(|error| broker.failed(&error))?;
    let mut messages = Vec::new();
    while let Ok(Some(message)) = timeout(LIMIT, there.next()).await {
        match message {
            Ok(message) => messages.push(message),
            Err(_) if !messages.is_empty() => break,
            Err(error) if error.to_string().contains("MaxBytes") => break,
            Err(error) => return Err(broker.said(&error)),
        }
    }
    Ok(messages)
}

async fn find(
    broker: &Broker,
    context: &Context,
    (name, stream): ConsumerName<'_>,
) -> Result<Consumer<pull::Config>, FleetError> {
    match context.get_consumer_from_stream(name, stream).await {
        Ok(consumer) => Ok(consumer),
        Err(error) if is_missing(&error) => Err(FleetError::Missing {
            host: broker.host().to_owned(),
            object: format!("consumer {stream}/{name}"),
        }),
        Err(error) => Err(broker.refusal(&error).await),
    }
}

fn is_missing(error: &ConsumerError) -> bool {
    let absent = [ErrorCode::CONSUMER_NOT_FOUND, ErrorCode::STREAM_NOT_FOUND];
    matches!(error.kind(), ConsumerErrorKind::JetStream(error) if absent.contains(&error.error_code()))
}
