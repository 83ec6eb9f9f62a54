//! L7: an agent: a vantage elsewhere, measured for a hub (docs/agents.md). It makes the same pass
//! as everything else; what it stores goes into a spool, and from there to the hub, which judges,
//! keeps and mails.
//!
//! * [`mod@run`]: the agent: it measures what is due, and stops on a signal; `setup`: before that
//! * [`transport`]: the way to the hub: [`hub`] over HTTPS, [`fleet_link`] through a broker;
//!   [`contact`] and `sending`: who uses it, and when
//! * [`host_leases`]: agents of one vantage share its hosts
//! * [`workspace`]: the hub's workspace as files, with what is said here (`overrides`)
//! * [`beside`]: a look that changes nothing of a running agent
//! * [`pass_store`]: the store of its passes; `state` and `pages`: what it keeps next to the spool
//! * `tasks`: what the hub asks of it besides the schedule; `link_round`: checks of cited links
//! * [`steps`]: an agent that is told when to measure
//! * [`spool`]: records that the hub has not taken yet

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
