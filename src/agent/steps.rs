//! An agent that is told when to measure: it makes what is due, and sends it before it answers. For
//! a hub whose time is not that of the computer.

use std::sync::Arc;

use super::error::AgentError;
use super::overrides::Overrides;
use super::run::Agent;
use super::setup::{AgentOptions, connect};
use crate::model::clock::Clock;

/// A clock that seems to differ is compared again so often: on a busy computer an answer comes
/// late.
const COMPARISONS: usize = 20;

/// The agent between two steps.
pub struct AgentSteps {
    agent: Agent,
    clock: Arc<dyn Clock>,
}

impl AgentSteps {
    /// Opens the folder of the agent.
    pub fn new(options: AgentOptions, clock: Arc<dyn Clock>) -> Result<Self, AgentError> {
        let overrides = Overrides::read(&options.dir)?;
        let contact = connect(options.clone(), &overrides, Arc::clone(&clock))?;
        let agent = Agent::new(options, overrides, Arc::new(contact));
        Ok(Self { agent, clock })
    }

    /// Reports, takes up the newest workspace, makes what is due, and sends it; returns the rounds.
    pub async fn step(&mut self) -> Result<usize, AgentError> {
        let contact = Arc::clone(&self.agent.contact);
        for _ in 0..COMPARISONS {
            contact.hello().await?;
            if contact.standstill(self.clock.now()).is_none() {
                break;
            }
        }
        if let Some((_, sent)) = contact.hub.workspace(None).await? {
            self.agent.take_up(&sent);
        }
        let before = self.agent.rounds;
        let _ = self.agent.pass().await;
        while contact.send_next().await? {}
        Ok(self.agent.rounds - before)
    }
}
