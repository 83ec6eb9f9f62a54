//! Links over time: what is due is checked in batches, and what the checks change is stored.
//!
//! * `choose`: which links a batch takes
//! * [`LinkWatcher`]: makes a batch: controls, checks, the tracker, the store; `batch`: what it did
//! * `closed_hosts`: hosts with sources that are restricted by country
//! * `ingested`: records from elsewhere move states too
//! * `elsewhere`: checks that agents make, and what they found; `joined`: to which check it belongs
//! * `own_copies`: copies of our own that checks make
//! * `siblings`: what hosts show at made-up addresses
//! * `silences`: discriminators, and the silence of a host after them
//! * `outcome`: what a check reports to the tracker, and what is stored
//! * `proof`: the exchanges that prove the change of a link

mod batch;
pub(super) mod choose;
mod closed_hosts;
mod elsewhere;
mod ingested;
mod joined;
mod outcome;
mod own_copies;
mod proof;
mod siblings;
mod silences;
mod watcher;

pub use batch::{LinkBatch, LinkChange};
pub(in crate::engine) use ingested::{UsableRounds, apply_link_records, identity_of, pass_of};
pub use watcher::LinkWatcher;
