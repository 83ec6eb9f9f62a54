//! One check of the links that documents cite: each from every vantage, at a polite rate per
//! registrable domain, without a store.
//!
//! * [`LinkChecker`] checks the vantages by their controls, then the links, domain by domain
//! * `visit`: one link from one vantage; `answer`: what the answer says; `host`: error pages, found
//!   by comparing the links of one host
//! * `siblings`: what hosts show at made-up addresses
//! * `cited`: whether a page that is served still holds what was cited
//! * `own_copy`: whether the page is saved as a copy of our own
//! * `discriminate`: who stands in the way of a link; `discriminated`: which hosts were asked about
//! * `other_name`: another address of the link that its answer shows
//! * `settle`: an answer that differs from what is known is asked for again
//! * [`LinkOutcome`]: what the vantages say about one link

mod answer;
mod checker;
mod cited;
mod discriminate;
mod discriminated;
mod host;
mod job;
mod other_name;
mod outcome;
mod own_copy;
mod settle;
mod siblings;
mod visit;

pub(in crate::engine) use answer::answered;
pub use checker::{LinkChecker, checks_links, is_checked_here, records_for_hub};
pub use cited::{ComparedPage, page_findings};
pub use discriminated::DiscriminatedHost;
pub use job::{KnownLink, LinkJob, WantedCopy};
pub use outcome::{LinkOutcome, VantageCheck};
pub use siblings::SiblingPage;
