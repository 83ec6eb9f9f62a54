//! Records from the stream: taken in like those over HTTPS, in the order in which each agent sent
//! them, and acknowledged after the commit. What is delivered twice counts once, by its uid.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_nats::jetstream::{AckKind, Message};

use super::held::{self, HeldRecord};
use super::reports::format_of;
use super::{FleetHub, FleetHubError};
use crate::engine::agents::hello::format_fault;
use crate::engine::intake::{IntakeError, IntakeReport, PassPart, take_in};
use crate::fleet::consumer;
use crate::fleet::messages::{is_copy, unpack};
use crate::fleet::names::{HUB, RECORDS, vantage_of};
use crate::model::VantageId;
use crate::model::agent::{LONGEST_RECORD, PASS_ENDED, PASS_HEADER};

/// So many messages are taken at once.
const AT_ONCE: usize = 500;
/// How long the next message is waited for.
const WAIT: Duration = Duration::from_secs(20);
/// While a pass is made, the records wait, and are tried again after this long.
const BUSY: Duration = Duration::from_secs(1);
/// More bytes are taken in parts.
const MOST_PLAIN: usize = 16 * 1024 * 1024;

/// Records of one vantage, in order.
#[derive(Debug, Default)]
struct RecordGroup {
    /// JSON lines.
    plain: Vec<u8>,
    /// A pass ends with the last of them.
    ends: bool,
}

impl RecordGroup {
    fn push(&mut self, line: &[u8]) {
        self.plain.extend(line);
        if self.plain.last().is_some_and(|last| *last != b'\n') {
            self.plain.push(b'\n');
        }
    }
}

impl FleetHub {
    /// Takes records in until the connection ends.
    pub(super) async fn take_records(self: &Arc<Self>) -> Result<(), FleetHubError> {
        self.take_held().await?;
        loop {
            let context = self.broker.context().await?;
            let name = (HUB, RECORDS);
            let messages = consumer::next(&self.broker, &context, name, AT_ONCE, WAIT).await?;
            let mut by_vantage: BTreeMap<VantageId, Vec<&Message>> = BTreeMap::new();
            for message in &messages {
                if let Some(vantage) = vantage_of(&message.subject) {
                    by_vantage.entry(vantage).or_default().push(message);
                }
            }
            for (vantage, own) in by_vantage {
                self.take_own(&vantage, &own, &messages).await?;
            }
            for message in &messages {
                let acknowledged = message.ack().await;
                acknowledged.map_err(|error| self.broker.said(&error))?;
            }
        }
    }

    /// Takes in the records of a vantage: up to the last end of a pass, and after it. One group is
    /// unpacked at a time. A message that cannot be used is refused, and one that this hub does not
    /// take now is held.
    async fn take_own(
        self: &Arc<Self>,
        vantage: &VantageId,
        own: &[&Message],
        held: &[Message],
    ) -> Result<(), FleetHubError> {
        let is_now = |message: &&Message| {
            let headers = message.headers.as_ref();
            is_copy(headers) || self.fits(vantage, format_of(headers))
        };
        let (own, later): (Vec<&Message>, Vec<&Message>) = own.iter().copied().partition(is_now);
        self.hold(vantage, &later)?;
        let last_end = own.iter().rposition(|message| is_end(message));
        let mut group = RecordGroup::default();
        for (number, message) in own.iter().enumerate() {
            match record_of(message) {
                Ok(bytes) => group.push(&bytes),
                Err(why) => self.note_refused(vantage, &why),
            }
            group.ends = last_end == Some(number);
            if group.ends || group.plain.len() > MOST_PLAIN {
                let whole = std::mem::take(&mut group);
                self.take_group(vantage, whole, held).await?;
            }
        }
        if !group.plain.is_empty() {
            self.take_group(vantage, group, held).await?;
        }
        Ok(())
    }

    /// Whether this hub takes records of a vantage, in this format.
    fn fits(&self, vantage: &VantageId, format: Option<&str>) -> bool {
        self.vantage(vantage).is_some() && format_fault(format).is_none()
    }

    fn hold(&self, vantage: &VantageId, messages: &[&Message]) -> Result<(), FleetHubError> {
        let Some(first) = messages.first() else {
            return Ok(());
        };
        let fault = format_fault(format_of(first.headers.as_ref()));
        let why = fault.filter(|_| self.vantage(vantage).is_some());
        let why = why.unwrap_or_else(|| {
            format!("the configuration has no [[vantage]] `{vantage}` with `via = \"agent\"`")
        });
        let path = held::path(self.store.path());
        let held: Vec<HeldRecord> = messages
            .iter()
            .map(|message| {
                let format = format_of(message.headers.as_ref());
                HeldRecord::new(vantage.clone(), format, is_end(message), &message.payload)
            })
            .collect();
        let records = held.len();
        if held::append(&path, &held)? {
            let path = path.display();
            tracing::error!(
                records,
                "{why}: its records are held in {path} until they fit"
            );
        } else {
            let path = path.display();
            tracing::error!(
                records,
                "{why}, and {path} is full: its records are left out"
            );
        }
        Ok(())
    }

    /// Takes in what was held and fits now, once.
    async fn take_held(self: &Arc<Self>) -> Result<(), FleetHubError> {
        if self.has_taken_held.load(Ordering::Relaxed) {
            return Ok(());
        }
        let path = held::path(self.store.path());
        let fits = |held: &HeldRecord| self.fits(&held.vantage, held.format.as_deref());
        let mut ended: BTreeSet<VantageId> = BTreeSet::new();
        let mut next: Option<(VantageId, RecordGroup)> = None;
        for held in held::read(&path)? {
            let held = held?;
            if !fits(&held) {
                continue;
            }
            let is_full = |(vantage, group): &mut (VantageId, RecordGroup)| {
                *vantage != held.vantage || group.plain.len() > MOST_PLAIN
            };
            if let Some((vantage, group)) = next.take_if(is_full) {
                self.take_group(&vantage, group, &[]).await?;
            }
            let (_, group) =
                next.get_or_insert_with(|| (held.vantage.clone(), RecordGroup::default()));
            match plain(&held.payload()) {
                Ok(bytes) => group.push(&bytes),
                Err(why) => self.note_refused(&held.vantage, &why),
            }
            if held.ends {
                ended.insert(held.vantage);
            }
        }
        if let Some((vantage, group)) = next {
            self.take_group(&vantage, group, &[]).await?;
        }
        for vantage in ended {
            let group = RecordGroup {
                plain: Vec::new(),
                ends: true,
            };
            self.take_group(&vantage, group, &[]).await?;
        }
        held::retain(&path, |held| !fits(held))?;
        self.has_taken_held.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Takes a group in. While a pass is made, it waits, and the broker is told that it goes on.
    async fn take_group(
        self: &Arc<Self>,
        vantage: &VantageId,
        group: RecordGroup,
        held: &[Message],
    ) -> Result<(), FleetHubError> {
        let group = Arc::new(group);
        loop {
            match self.store_group(vantage, &group).await {
                Ok(report) => {
                    for refused in &report.refused {
                        self.note_refused(vantage, &refused.why);
                    }
                    tracing::info!(
                        vantage = vantage.as_str(),
                        taken = report.taken,
                        known = report.known,
                        "records of an agent"
                    );
                    return Ok(());
                }
                Err(IntakeError::Busy) => {
                    for message in held {
                        let goes_on = message.ack_with(AckKind::Progress).await;
                        goes_on.map_err(|error| self.broker.said(&error))?;
                    }
                    tokio::time::sleep(BUSY).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn store_group(
        self: &Arc<Self>,
        vantage: &VantageId,
        group: &Arc<RecordGroup>,
    ) -> Result<IntakeReport, IntakeError> {
        let (hub, vantage, group) = (Arc::clone(self), vantage.clone(), Arc::clone(group));
        let runtime = tokio::runtime::Handle::current();
        // Judging and the lock of the store block.
        let work = tokio::task::spawn_blocking(move || {
            let part = if group.ends {
                PassPart::Ended
            } else {
                PassPart::Continues
            };
            let lines = BufReader::new(group.plain.as_slice());
            let (workspace, store) = (&hub.workspace, &hub.store);
            runtime.block_on(take_in(workspace, store, &hub.clock, &vantage, part, lines))
        });
        work.await
            .unwrap_or_else(|error| Err(IntakeError::Unreadable(std::io::Error::other(error))))
    }
}

fn is_end(message: &Message) -> bool {
    let headers = message.headers.as_ref();
    let part = headers.and_then(|headers| headers.get(PASS_HEADER));
    !is_copy(headers) && part.is_some_and(|part| part.as_str() == PASS_ENDED)
}

/// The record of a message, as a line.
fn record_of(message: &Message) -> Result<Vec<u8>, String> {
    if is_copy(message.headers.as_ref()) {
        return Err("it was not published by the agent, but copied from the broker".to_owned());
    }
    plain(&message.payload)
}

/// The record of a payload, as a line; empty for one that only ends a pass.
fn plain(payload: &[u8]) -> Result<Vec<u8>, String> {
    if payload.is_empty() {
        return Ok(Vec::new());
    }
    // The line feed counts too.
    unpack(payload, LONGEST_RECORD + 1)
        .map_err(|error| format!("the record cannot be unpacked: {error}"))
}
