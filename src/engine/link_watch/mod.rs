//! Links over time: what is due is checked in batches, and what the checks change is stored.
//!
//! * `choose`: which links a batch takes
//! * [`LinkWatcher`]: makes a batch: controls, checks, the tracker, the store
//! * `elsewhere`: checks that agents make, and what they found; `joined`: to which check it belongs
//! * `own_copies`: copies of our own that checks make
//! * `siblings`: what hosts show at made-up addresses
//! * `outcome`: what a check says to the tracker, and what is stored of it
//! * `proof`: the exchanges that prove the change of a link

pub(super) mod choose;
mod elsewhere;
mod joined;
mod outcome;
mod own_copies;
mod proof;
mod siblings;
mod watcher;

pub use watcher::{LinkBatch, LinkChange, LinkWatcher};
