//! L2: pure judgement: a measurement becomes a verdict, verdicts become findings, statuses, incidents.
//!
//! * one measurement: [`Judge`] reads the answer ([`expect`], [`value`], signatures) and decides by the ordered
//!   table of [`rules()`]; [`control`] judges controls, [`elsewhere`] reads OONI's,
//!   [`strict`] holds a record against its format; [`mod@line`] is what `judge FILE` prints
//! * over attempts, vantages and time: [`settle`], [`compare`], [`track`], [`state`]; [`hourly`] for foreign records

mod article;
mod barred;
pub mod beside;
mod bogon;
mod case;
mod close_look;
pub mod compare;
mod content;
pub mod control;
mod dns;
pub mod elsewhere;
pub mod expect;
mod healthy;
pub mod hourly;
mod judging;
mod known_text;
mod led_on;
pub mod likeness;
pub mod line;
mod moved;
mod named;
pub mod naming;
pub mod networks;
mod onward;
mod page;
mod plan;
mod poison;
mod reading;
mod replaced;
mod rules;
pub mod settle;
pub mod sibling;
mod signature;
mod site;
mod soft;
pub mod state;
pub mod stranger;
pub mod strict;
mod tls;
mod token;
pub mod track;
pub mod value;
mod wire;

pub use judging::Judge;
pub use page::Kind;
pub use reading::Reading;
pub use rules::{RuleFacts, compares, rules, saying_of};
pub use signature::Hit;
