//! The report that an agent makes every minute, whatever carries it.

use crate::model::agent::{AGENT_FORMAT, AgentHello, KnownAgent};
use crate::model::{Time, VantageId};
use crate::text::clean;

/// What the hub knows of an agent after its report.
#[must_use]
pub fn heard(vantage: VantageId, hello: &AgentHello, now: Time) -> KnownAgent {
    KnownAgent {
        offset_seconds: (hello.clock - now).num_seconds(),
        version: clean::line(&hello.version, 40),
        spool: hello.spool,
        last_round: hello.last_round,
        ..KnownAgent::new(vantage, now)
    }
}

/// Why a program that states this format is refused: it names the version to install. `None`: the
/// formats are the same, or none is stated.
#[must_use]
pub fn format_fault(stated: Option<&str>) -> Option<String> {
    let stated = stated?;
    let version = env!("CARGO_PKG_VERSION");
    match stated.parse::<u32>() {
        Ok(AGENT_FORMAT) => None,
        Ok(older) if older < AGENT_FORMAT => Some(format!(
            "The agent writes format {older}, and this hub reads format {AGENT_FORMAT}: install \
             accesswatch {version} at the agent."
        )),
        Ok(newer) => Some(format!(
            "The agent writes format {newer}, and this hub reads format {AGENT_FORMAT}: install \
             accesswatch {version} at the agent, or a newer version at the hub."
        )),
        Err(_) => Some("The format of the agent is not a number.".to_owned()),
    }
}
