//! The hub's side of vantages elsewhere (docs/agents.md): what an agent is sent, what becomes of
//! its records, and what its silence means.
//!
//! * [`files`]: the files of a workspace, as far as one vantage needs them
//! * [`workspace`]: the whole workspace of an agent, and its version
//! * [`listening`]: since when agents could be heard of
//! * [`passes`]: the passes that an agent made, tracked and mailed like those made here
//! * [`link_tasks`]: the cited links that an agent checks, and the records of these checks
//! * [`tasks`]: what an agent is asked for besides its schedule
//! * [`hello`]: its report
//! * [`fleet`]: the hub at a broker: all of this without HTTPS
//! * [`silence`]: agents that were not heard of, and clocks that differ

pub mod files;
pub mod fleet;
pub mod hello;
pub mod link_tasks;
pub mod listening;
pub mod passes;
pub mod silence;
pub mod tasks;
pub mod workspace;
