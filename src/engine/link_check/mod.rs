//! One check of the links that documents cite: each from every vantage, at a polite rate per
//! registrable domain, without a store.
//!
//! * [`LinkChecker`] checks the vantages by their controls, then the links, domain by domain
//! * `visit`: one link from one vantage; `host`: what the links of one host say together
//! * `siblings`: what hosts show at made-up addresses
//! * `cited`: whether a page that is served still holds what was cited
//! * `own_copy`: whether the page is saved as a copy of our own
//! * `settle`: an answer that differs from what is known is asked for again
//! * [`LinkOutcome`]: what the vantages say of one link

mod checker;
mod cited;
mod host;
mod job;
mod outcome;
mod own_copy;
mod settle;
mod siblings;
mod visit;

pub use checker::{LinkChecker, checks_links, records_for_hub};
pub use cited::{ComparedPage, page_findings};
pub use job::{KnownLink, LinkJob, WantedCopy};
pub use outcome::{LinkOutcome, VantageCheck};
pub use siblings::SiblingPage;
