//! L7: an agent measures from a vantage elsewhere for a hub (docs/agents.md). The agent makes the
//! same pass as every other command. Its records go into a spool, and from the spool to the hub,
//! which judges and stores them and sends the mails.
//!
//! * [`mod@run`]: measures what is due, and stops on a signal; `setup`: what comes before that
//! * [`transport`]: the way to the hub: [`hub`] over HTTPS, [`fleet_link`] through a broker
//! * [`contact`] and `sending`: the tasks that use the transport
//! * [`host_leases`]: agents of one vantage share its hosts
//! * [`workspace`]: the hub's workspace as files, changed by the agent's own settings (`overrides`)
//! * [`beside`]: `agent check`, which changes nothing of an agent that is running
//! * [`pass_store`]: the store of the agent's passes; `state` and `pages`: its other files
//! * `tasks`: what the hub requests in addition to the schedule; `link_round`: checks of cited
//!   links
//! * [`steps`]: an agent that measures when its caller says so
//! * [`spool`]: records that the hub has not received yet

pub mod beside;
pub mod contact;
mod error;
pub mod fleet_link;
pub mod host_leases;
pub mod hub;
mod link_round;
mod overrides;
mod pages;
mod pass_store;
pub mod run;
mod sending;
mod setup;
pub mod spool;
mod state;
pub mod steps;
mod tasks;
pub mod transport;
pub mod workspace;

pub use error::AgentError;
pub use overrides::Overrides;
pub use pass_store::AgentStore;
pub use run::run;
pub use setup::{AgentAccess, AgentOptions, prepare};
