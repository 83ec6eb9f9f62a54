//! Copies of links in archives: what archives say about them, which one is looked at first, and
//! whether a capture shows what was cited. Nothing here fetches.
//!
//! * `link_format`: `Link` headers and `TimeMaps` (RFC 8288, RFC 6690)
//! * `cdx`: the index of the Wayback Machine
//! * `memento`: addresses and times of captures (RFC 7089)
//! * `candidates`: the order in which captures are looked at
//! * `capture`: one capture, judged as the page that it shows

mod candidates;
mod capture;
pub mod cdx;
pub mod link_format;
pub mod memento;

pub use candidates::{Candidate, Candidates, is_far};
pub use capture::{CaptureContext, JudgedCapture, judge_capture, judge_page};
