//! How often a host is contacted, and when it is not contacted at all.
//!
//! [`Pace`] admits fetches: it limits the total number, the number per (vantage, host), and the gap
//! from the end of one to the start of the next. [`AddressCooldown`] keeps requests away from an
//! address after a discriminator sent a name to it. [`BackOffs`] keeps the hosts that asked for a
//! back-off. Jitter belongs to the schedule.

mod back_off;
mod gate;
mod lease;
mod silence;

pub use back_off::BackOffs;
pub use gate::{Pace, Permit};
pub use lease::{HostLease, HostLeases, LeaseAnswer};
pub use silence::{AddressCooldown, SILENCE};
