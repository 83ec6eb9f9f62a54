//! HTTP over one connection, and the chain of redirects over several.
//!
//! [`exchange()`] makes one request and never fails: data from before an error are kept with the
//! error. [`Fetcher`] follows redirects, each hop on a separate connection. Everything from a
//! server is limited:
//!
//! * 32 interim answers with 64 KiB in total; more is `http_malformed_response`,
//! * a head of up to 256 KiB and 512 lines is read, and 64 KiB and 100 lines are kept; more is
//!   `http_malformed_response`,
//! * a body ends at `max_body` (a redirect's at 64 KiB), both as sent and decoded,
//! * the whole fetch ends at its deadline, however slow the server is,
//! * ten redirects, including those of pages, and fifty cookies.
//!
//! [`RecordRedactor`] removes what must not be recorded, before anything is hashed.

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
