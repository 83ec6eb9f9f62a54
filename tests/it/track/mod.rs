//! Tracking: statuses, incidents, who is mailed.

mod contract;
mod edit;
mod flapping;
mod mailing;
mod network;
mod phases;
mod random;
mod replay;
mod rules;
mod simulation;
mod states;
