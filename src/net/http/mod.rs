//! HTTP over one connection, and the chain of redirects over several.
//!
//! [`exchange()`] makes one request and never fails: what came before a fault is kept beside the fault. [`Fetcher`]
//! follows redirects, each hop over a connection of its own. Everything a server sends is bounded:
//!
//! * 32 interim answers of 64 KiB in all; more is `http_malformed_response`,
//! * a head of up to 256 KiB and 512 lines is read, of which 64 KiB and 100 lines are kept; more is
//!   `http_malformed_response`,
//! * a body ends at `max_body` (a redirect's at 64 KiB), as sent and again after its codings are undone,
//! * the whole fetch ends at its deadline, however slowly bytes come,
//! * ten redirects, those of pages counted, fifty cookies.
//!
//! What must not be recorded is taken out by [`RecordRedactor`], before anything is hashed.

mod body;
mod client_redirect;
mod coding;
mod cookies;
mod dechunk;
mod decode;
mod drive;
mod exchange;
mod fetcher;
mod head;
mod recording;
mod redact;
mod redirect;
mod request;

pub use cookies::Jar;
pub(in crate::net) use dechunk::MalformedChunk;
pub use decode::undo_codings;
pub use exchange::{Exchange, ExchangeLimits, exchange};
pub use fetcher::{Admission, AllowAll, FetchPolicy, Fetched, Fetcher};
pub use redact::{REDACTED, RecordRedactor, url as redacted_url};
pub use redirect::MAX_HOPS;
pub use request::FetchRequest;
