//! L3: tracking: from verdicts to statuses, incidents and notices, over attempts, vantages and time
//! (`docs/verdicts.md`, Settling and confirming, Incidents and events). It is one pure state
//! machine: the input is the tracker state and a pass, the output is the new state and what
//! changed.
//!
//! * `settle`: the attempts of a round; `hourly`: foreign records; `sibling`: redesign or
//!   withdrawal
//! * `compare`: the vantages of a probe; `state`: what readers get of a source
//! * `pass`: the steps of one pass; `replay`: many passes
//! * `transition`: the table of status transitions; `rounds`: one round applied to one status
//! * `baseline`, `flap`, `interval`: what a status is compared with
//! * `vantages`, `correlate`: our own end, and a vantage's network
//! * `incident_membership`: the table of who opens, joins and leaves an incident
//! * `incidents`, `comparison_input`: the vantages of an incident, and its finding
//! * `alert_policy`: the tables of who is mailed and when
//! * `muting`, `notices`, `no_data`, `flapping_notice`: what requests a mail
//! * `doubts`: rounds whose code does not show what readers get
//! * `edit`: what people change; `operator_actions`: the same, read back from what is stored
//! * `reconcile`: incidents derived again have the numbers and the mail state of those they were
//! * `links`: what verdicts say about the links that documents cite; `link_status`: their states
//!   over time; `capture`: whether a capture in an archive shows what was cited
//! * `past`: the states at a time in the past
//! * `daily`: the figures of a day; `uptime_category`: the table of what a code counts as
//! * `survival`: how long links last, over all links
//! * `state_transaction`: the tracker's state while it changes
//!
//! `alert` words the mails, and `store` stores the state.

mod alert_policy;
mod baseline;
pub mod capture;
pub mod compare;
mod comparison_input;
mod correlate;
pub mod daily;
mod doubts;
mod edit;
#[cfg(test)]
pub(crate) mod fixtures;
mod flap;
mod flapping_notice;
pub mod hourly;
mod incident_membership;
mod incidents;
mod interval;
pub mod ladder;
mod late;
pub mod link_status;
pub mod links;
mod muting;
mod no_data;
mod notices;
mod operator_actions;
mod overdue;
mod pass;
pub mod past;
mod reconcile;
mod replay;
mod rounds;
pub mod settle;
pub mod sibling;
pub mod state;
mod state_transaction;
pub mod strip;
pub mod survival;
pub mod today;
mod transition;
mod uptime_category;
mod vantages;

pub use alert_policy::{AlertCase, AlertDecision, AlertReason, decide, held_until};
pub use baseline::may_be_baseline;
pub use doubts::plain_finding;
pub use edit::{
    EditError, accept, acknowledge, end_silence, look_again, observe, observe_probe, silence,
    withdraw_acknowledgement,
};
pub use flap::{changes, flaps, percent as flap_percent};
pub use flapping_notice::worst;
pub use interval::{interval, late_from, next_due, overdue_from};
pub use muting::{expected_end, muted};
pub use no_data::{is_without_data, unobserved_since};
pub use operator_actions::{OperatorAction, operator_actions};
pub use overdue::{overdue_passes, overdue_since};
pub use pass::track;
pub use reconcile::reconcile;
pub use replay::{Replayed, replay};
pub use transition::{
    BaselineComparison, RoundOutcome, StatusTransition, against_baseline, status_against_baseline,
    transition,
};
pub use uptime_category::{UptimeCategory, uptime_category};
