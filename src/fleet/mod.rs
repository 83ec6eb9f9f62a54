//! L5: the broker of a fleet, NATS with streams (docs/agents.md): what agents and their hub share
//! when they meet there instead of over HTTPS.
//!
//! * [`broker`]: the connection, with the faults that people can fix; [`creds`]: who connects
//! * [`names`]: streams, buckets and subjects
//! * [`consumer`]: reading from a stream
//! * [`messages`]: what is said besides records and workspaces
//! * [`objects`]: what `fleet init` makes
//! * [`permissions`]: the users of the broker, as nats-server reads them

pub mod broker;
pub mod consumer;
pub mod creds;
mod error;
pub mod messages;
pub mod names;
pub mod objects;
pub mod permissions;

pub use broker::{Broker, BrokerOptions};
pub use creds::UserCreds;
pub use error::FleetError;
