//! Links over time: what is due is checked in batches, and what the checks change is stored.
//!
//! * `choose`: which links a batch takes
//! * [`LinkWatcher`]: makes a batch: controls, checks, the tracker, the store
//! * `own_copies`: copies of our own that checks make
//! * `siblings`: what hosts show at made-up addresses
//! * `outcome`: what a check says to the tracker, and what is stored of it
//! * `proof`: the exchanges that prove the change of a link

mod choose;
mod outcome;
mod own_copies;
mod proof;
mod siblings;
mod watcher;

pub use watcher::{LinkBatch, LinkChange, LinkWatcher};
