//! The vantage of the story that an agent measures: a process of its own, with a spool, that sends
//! its records to the hub over HTTP. Who composes hub and agent implements the port.

use std::fmt::Write as _;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clock::FastClock;
use super::error::DemoError;
use super::story::{StoryVantage, VANTAGES};
use crate::config::Workspace;

/// The folder of the agent, in the demonstration's.
pub const FOLDER: &str = "agent";
/// Its token, as a file of the hub and of the agent.
pub const TOKEN: &str = "token";

/// The vantage that the agent measures.
pub const AGENT: StoryVantage = VANTAGES[2];

/// The agent and its hub.
pub trait Elsewhere {
    /// Starts both for a workspace. The hub's clock is that of the story.
    fn begin(
        &mut self,
        workspace: &Workspace,
        clock: Arc<FastClock>,
    ) -> impl Future<Output = Result<(), DemoError>>;

    /// Has the agent make what is due, and waits until the hub has taken it; returns the rounds.
    fn pass(&mut self) -> impl Future<Output = Result<usize, DemoError>>;
}

/// The files of the agent: its token, and what is said of its place.
#[must_use]
pub fn files(token: &str) -> [(PathBuf, String); 2] {
    let [a, b, c, d] = AGENT.address;
    let mut place = "# What is said where the agent runs.\n".to_owned();
    let _ = writeln!(place, "bind = \"{a}.{b}.{c}.{d}\"");
    let _ = writeln!(place, "ca = \"../config/demo-authority.pem\"");
    [
        (Path::new(FOLDER).join("agent.toml"), place),
        (Path::new(FOLDER).join(TOKEN), token.to_owned()),
    ]
}
