//! One check of the links that documents cite: each from every vantage, at a polite rate per
//! registrable domain, without a store.
//!
//! * [`LinkChecker`] checks the vantages by their controls, then the links, domain by domain
//! * `visit`: one link from one vantage; `host`: what the links of one host say together
//! * [`LinkOutcome`]: what the vantages say of one link

mod checker;
mod host;
mod job;
mod outcome;
mod visit;

pub use checker::LinkChecker;
pub use job::LinkJob;
pub use outcome::{LinkOutcome, VantageCheck};
