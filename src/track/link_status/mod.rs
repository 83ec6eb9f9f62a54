//! The state of a cited link over time (`docs/links.md`, What the states mean).
//!
//! * `check`: the input, one check of a link from all its vantages
//! * `advance`: one check applied to one status; `decide`: the table of states
//! * `rot`: what confirms `gone`; `redirects`: what makes a link `moved`
//! * `elsewhere`: checks that were made elsewhere, in any order
//! * `schedule`: when the next check is due
//! * `host`: what the links of a host mean together; `person`: what people saw

mod advance;
mod check;
mod decide;
mod elsewhere;
#[cfg(test)]
mod elsewhere_tests;
mod host;
#[cfg(test)]
mod host_tests;
mod person;
mod redirects;
mod rot;
mod schedule;
#[cfg(test)]
mod simulation_tests;
#[cfg(test)]
mod tests;

pub use advance::advance;
pub use check::{LinkCheck, LinkSighting, ONE_CHECK, Redirect};
pub use elsewhere::{NextCheck, advance_foreign};
pub use host::{LinkInPass, advance_pass, share_decline};
pub use person::{accept, observe};
pub use schedule::{LinkPolicy, next_due};
