//! How often a host is asked, and when it is left alone.
//!
//! [`Pace`] admits fetches: so many at once in all, so many at once per (vantage, host), and a gap from the end of
//! one to the start of the next. [`AddressCooldown`] keeps an address free after a name was sent to it on purpose.
//! [`BackOffs`] remembers hosts that asked to be left alone. Jitter belongs to the schedule.

mod back_off;
mod gate;
mod silence;

pub use back_off::BackOffs;
pub use gate::{Pace, Permit};
pub use silence::{AddressCooldown, SILENCE};
