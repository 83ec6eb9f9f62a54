//! Name resolution, recorded answer by answer: each question and each reply is a record, including
//! a second reply to the same question. Resolver libraries hide what is measured here, so the
//! transports are our own, using hickory-proto's messages.
//!
//! Configured resolvers get the A and AAAA questions in parallel; the system's resolver is used as
//! programs use it. A socket failure in a record (`connection_refused`, …) means that the resolver
//! could not be used, not that the name is bad.

mod answer;
mod https;
mod message;
mod resolver;
mod stream;
mod system;
mod udp;

pub(crate) use resolver::{LINGER, ResolverClient};
pub(crate) use system::lookup;
