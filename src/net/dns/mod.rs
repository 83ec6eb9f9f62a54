//! Name resolution, seen answer by answer: each question and each reply is a record, a second reply to the same
//! question included. Resolver libraries hide what we are here to see, so the transports are our own, on
//! hickory-proto's messages.
//!
//! Own resolvers are asked for A and AAAA side by side; the system's is asked as programs ask it.

mod resolver;
mod system;

pub(crate) use resolver::Resolver;
