//! Name resolution, seen answer by answer: each question and each reply is a record, a second reply to the same
//! question included. Resolver libraries hide what we are here to see, so the transports are our own, on
//! hickory-proto's messages.
//!
//! Own resolvers are asked for A and AAAA side by side; the system's is asked as programs ask it. A record whose
//! failure is a socket's (`connection_refused`, …) means that the resolver could not be used, not that the name
//! is bad.

mod answer;
mod https;
mod message;
mod resolver;
mod stream;
mod system;
mod udp;

pub(crate) use resolver::{LINGER, ResolverClient};
pub(crate) use system::lookup;
