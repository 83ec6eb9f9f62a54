//! A pass: everything due is measured, then all results are written in one commit.
//!
//! * [`order`]: the order of the steps, and what is not due
//! * [`vantages`]: the controls of vantages before, after and during the rounds
//! * [`rounds`], [`round`]: what is measured; [`references`]: what it is compared with
//! * [`conclude`]: judgement over time, mails, the commit; `quotes`: what mails quote of a page
//!
//! Measurements are stored as they are made; statuses, incidents, mails and roll-ups are written
//! once, in one transaction, at the end. A pass that is interrupted loses nothing that was
//! reported, and its rounds stay due.

pub mod conclude;
pub mod order;
mod quotes;
pub mod references;
mod report;
pub mod round;
pub mod rounds;
pub(super) mod under_way;
pub mod vantages;

pub use report::{PassOptions, PassReport};
