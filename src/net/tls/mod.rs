//! TLS as rustls with ring speaks it: fixed, because the `ClientHello` is part of what is measured (257 bytes,
//! one segment; no session resumption, so that every handshake is a whole one).
//!
//! The chain is kept as presented also when it does not verify. `x_detail` of a record says in words what the
//! failure string cannot; the words are listed in `tls/detail.rs`.

mod config;
mod detail;
mod handshake;
mod recorder;

pub use config::{Tls, client_label};
pub(crate) use handshake::{Peer, handshake};
