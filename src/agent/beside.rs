//! A look at what an agent would measure. Beside a running agent it happens in a folder of its own,
//! so that nothing of the agent's changes.

use std::path::PathBuf;
use std::sync::Arc;

use super::contact::Contact;
use super::error::AgentError;
use super::overrides::Overrides;
use super::setup::{AgentOptions, SPOOL, connect};
use super::spool;
use super::state::STATE;
use crate::model::clock::Clock;
use crate::store::LockError;

/// The folder of a look beside a running agent.
const BESIDE: &str = "check";

/// What a look needs. Its own folder, if any, goes with it.
pub struct Look {
    pub contact: Contact,
    pub options: AgentOptions,
    _own_folder: Option<OwnFolder>,
}

/// A folder that is removed when the look ends, also when it fails.
struct OwnFolder(PathBuf);

impl Look {
    /// Opens the folder of the agent, or one of its own while an agent runs there.
    pub fn open(
        options: AgentOptions,
        overrides: &Overrides,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, AgentError> {
        match connect(options.clone(), overrides, Arc::clone(clock)) {
            Ok(contact) => Ok(Self {
                contact,
                options,
                _own_folder: None,
            }),
            Err(AgentError::Lock(LockError::Held { .. } | LockError::Daemon { .. })) => {
                Self::beside(options, overrides, clock)
            }
            Err(error) => Err(error),
        }
    }

    fn beside(
        options: AgentOptions,
        overrides: &Overrides,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, AgentError> {
        let dir = options.dir.join(BESIDE);
        std::fs::create_dir_all(&dir).map_err(AgentError::of_file(&dir))?;
        let own_folder = OwnFolder(dir.clone());
        // The hub is told of the rounds and the spool of the agent that runs.
        let _ = std::fs::copy(options.dir.join(STATE), dir.join(STATE));
        let held = spool::held_in(&options.dir.join(SPOOL)).unwrap_or_default();
        let options = AgentOptions { dir, ..options };
        let mut contact = connect(options.clone(), overrides, Arc::clone(clock))?;
        contact.beside = held;
        Ok(Self {
            contact,
            options,
            _own_folder: Some(own_folder),
        })
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        // What is left of it only takes room.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
