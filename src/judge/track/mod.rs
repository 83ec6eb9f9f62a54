//! Tracking: settled rounds move statuses, statuses open and end incidents, incidents make people be
//! told (`docs/verdicts.md`, Settling and confirming, Incidents and events). One pure state machine: the
//! book in, a pass in, the book moved and what changed out.
//!
//! * `pass`: the way of one pass; `replay`: of many
//! * `transition`: the table of steps; `rounds`: one round against one status
//! * `baseline`, `flap`, `interval`: what a status is held against
//! * `vantages`, `correlate`: our own end, and a vantage's network
//! * `membership`: the table of who opens, joins and leaves an incident; `incidents`, `views`: who is in, what it is
//!   found to be
//! * `mailing`: the tables of who is told and when; `outlook`, `notices`, `blind`, `unsteady`: what makes them ask
//! * `doubts`: rounds whose code does not tell what readers get
//! * `edit`: what people change; `deeds`: the same, read back from what is stored
//! * `reconcile`: incidents derived again keep the numbers and the mail state of those they were
//! * `daily`: the figures of a day; `uptime_category`: the table of what a code counts as
//! * `ledger`: the book while it moves
//!
//! Settling the attempts of a round is [`super::settle`]'s, comparing vantages [`super::compare`]'s,
//! wording `alert`'s, keeping the store's.

mod baseline;
mod blind;
mod correlate;
pub mod daily;
mod deeds;
mod doubts;
mod edit;
#[cfg(test)]
pub(crate) mod fixtures;
mod flap;
mod incidents;
mod interval;
mod ledger;
mod mailing;
mod membership;
mod notices;
mod outlook;
mod pass;
mod reconcile;
mod replay;
mod rounds;
mod transition;
mod unsteady;
mod uptime_category;
mod vantages;
mod views;

pub use baseline::may_be_baseline;
pub use blind::{is_blind, unobserved_since};
pub use deeds::{Deed, deeds};
pub use doubts::plain_finding;
pub use edit::{EditError, accept, acknowledge, observe, observe_probe, silence};
pub use flap::{changes, flaps, percent as flap_percent};
pub use interval::{interval, late_from};
pub use mailing::{Case, Decision, Why, decide, held_until};
pub use outlook::{muted, outlook};
pub use pass::track;
pub use reconcile::reconcile;
pub use replay::{Replayed, replay};
pub use transition::{Now, Standing, Step, standing, standing_of, step};
pub use unsteady::worst;
pub use uptime_category::{UptimeCategory, uptime_category};
