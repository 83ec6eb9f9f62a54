//! TLS by rustls with ring, in a fixed form, because the `ClientHello` is part of the measurement
//! (257 bytes, one segment; no session resumption, so that every handshake is complete).
//!
//! The chain is kept as presented, even when it does not verify. `x_detail` of a record has details
//! beyond the failure string; `tls/detail.rs` lists the texts.

mod config;
mod detail;
mod handshake;
mod recorder;

pub use config::{Tls, client_label};
pub(crate) use handshake::{Peer, handshake};
