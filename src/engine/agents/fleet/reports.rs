//! Reports of agents: kept like those over HTTPS, and answered with the clock of the hub and with
//! what was refused since the last one.

use async_nats::{HeaderMap, Message};
use futures_util::StreamExt as _;
use tokio::time::Instant;

use super::{FleetHub, FleetHubError, lock};
use crate::engine::agents::hello::{format_fault, heard};
use crate::fleet::messages::HelloReply;
use crate::fleet::names::{self, vantage_of};
use crate::model::VantageId;
use crate::model::agent::{AgentHello, FORMAT_HEADER};
use crate::store::StoreError;
use crate::text::clean;

const SUBJECTS: &str = "aw.hello.*";
/// A longer report is not read.
const LONGEST: usize = 64 * 1024;
/// So many refused records are named in an answer.
const MOST_REFUSED: usize = 20;

impl FleetHub {
    /// Answers reports until the connection ends.
    pub(super) async fn answer_reports(&self) -> Result<(), FleetHubError> {
        let client = self.broker.client().await?;
        let listening = client.subscribe(SUBJECTS).await;
        let mut reports = listening.map_err(|error| self.broker.failed(&error))?;
        while let Some(report) = reports.next().await {
            let Some(inbox) = report.reply.clone() else {
                continue;
            };
            let Some(vantage) = vantage_of(&report.subject) else {
                continue;
            };
            if !is_inbox_of(&vantage, &inbox) {
                let who = vantage.as_str();
                tracing::warn!(
                    vantage = who,
                    "a report asks for its answer elsewhere; it is left"
                );
                continue;
            }
            let reply = self.reply_to(&vantage, &report).await?;
            let body = serde_json::to_vec(&reply);
            let body = body.map_err(|error| FleetHubError::Unwritten(error.to_string()))?;
            let sent = client.publish(inbox, body.into()).await;
            if let Err(error) = sent {
                if let HelloReply::Heard { refused, .. } = reply {
                    self.keep_refused(&vantage, refused);
                }
                return Err(self.broker.failed(&error).into());
            }
        }
        Ok(())
    }

    async fn reply_to(
        &self,
        vantage: &VantageId,
        report: &Message,
    ) -> Result<HelloReply, StoreError> {
        if self.vantage(vantage).is_none() {
            return Ok(HelloReply::Refused(format!(
                "The hub has no [[vantage]] `{vantage}` with `via = \"agent\"`."
            )));
        }
        if let Some(fault) = format_fault(format_of(report.headers.as_ref())) {
            return Ok(HelloReply::OtherFormat(fault));
        }
        let is_short = report.payload.len() <= LONGEST;
        let hello: Option<AgentHello> = is_short
            .then(|| serde_json::from_slice(&report.payload).ok())
            .flatten();
        let Some(hello) = hello else {
            let why = "The report cannot be read.";
            return Ok(HelloReply::Refused(why.to_owned()));
        };
        let now = self.clock.now();
        self.store
            .put_agent(heard(vantage.clone(), &hello, now))
            .await?;
        let refused = self.hear(vantage);
        Ok(HelloReply::Heard {
            clock: now,
            refused,
        })
    }

    /// Notes that an agent is there; returns what it should know.
    fn hear(&self, vantage: &VantageId) -> Vec<String> {
        lock(&self.heard).insert(vantage.clone(), Instant::now());
        lock(&self.refused).remove(vantage).unwrap_or_default()
    }

    /// Keeps why a record was refused until an agent of the vantage reports.
    pub(super) fn note_refused(&self, vantage: &VantageId, why: &str) {
        let why = clean::line(why, 300);
        tracing::warn!(vantage = vantage.as_str(), "a record is refused: {why}");
        self.keep_refused(vantage, vec![why]);
    }

    fn keep_refused(&self, vantage: &VantageId, whys: Vec<String>) {
        // A subject may name any vantage.
        if whys.is_empty() || self.vantage(vantage).is_none() {
            return;
        }
        let mut all = lock(&self.refused);
        let known = all.entry(vantage.clone()).or_default();
        let free = MOST_REFUSED.saturating_sub(known.len());
        known.extend(whys.into_iter().take(free));
    }
}

/// The format that a message states.
pub(super) fn format_of(headers: Option<&HeaderMap>) -> Option<&str> {
    Some(headers?.get(FORMAT_HEADER)?.as_str())
}

/// Whether an answer stays with the vantage. The broker does not check where an answer is asked
/// for, and the hub may publish anywhere.
fn is_inbox_of(vantage: &VantageId, reply: &str) -> bool {
    let rest = reply.strip_prefix(&names::inbox(vantage));
    rest.is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_goes_to_the_inbox_of_its_vantage_only() {
        let seoul: VantageId = "seoul".into();
        assert!(is_inbox_of(&seoul, "_INBOX_seoul.a.1"));
        for elsewhere in [
            "_INBOX_seoul2.a.1",
            "_INBOX_seoul",
            "_INBOX.a.1",
            "$JS.API.STREAM.PURGE.AW_RECORDS",
            "$KV.aw-workspace.osaka",
            "aw.records.osaka",
        ] {
            assert!(!is_inbox_of(&seoul, elsewhere), "{elsewhere}");
        }
    }
}
