//! L2: pure judgement: one measurement becomes a verdict.
//!
//! [`Judge`] reads the answer ([`expect`], [`value`], signatures) and decides by the ordered table
//! of [`rules()`]. [`control`] judges controls, [`ooni_control`] reads OONI's, [`strict`] checks a
//! record against its format, [`mod@verdict_json`] is the output of `judge FILE`, and [`drift`]
//! compares a page with what was cited of it. `track` decides what several verdicts mean together.

mod article;
mod bogon;
mod client_redirected;
mod content;
pub mod control;
pub mod discriminator;
mod dns;
pub mod drift;
mod ends;
mod exact;
pub mod expect;
mod expiring_token;
mod forged_address;
mod healthy;
mod injected_addresses;
mod judging;
mod known_text;
mod last_hop;
mod level_link;
mod link_labels;
mod locked_file;
mod lost_rows;
mod missing;
mod missing_columns;
mod moved;
mod named_cause;
pub mod naming;
pub mod networks;
pub mod ooni_control;
mod own_end;
mod page;
mod page_diagnosis;
mod page_series;
mod paragraph_length;
mod plan;
mod quote;
mod reading;
mod reading_key;
pub mod registrable_domain;
mod replaced;
mod rule_input;
mod rule_match;
mod rules;
mod saying;
mod shown;
mod signature;
pub mod similarity;
mod soft404;
pub mod soft404_reference;
pub mod strict;
mod tls;
mod transport_failure;
mod unanswered_hop;
pub mod value;
mod vanished;
pub mod verdict_json;
mod withdrawn;

pub use judging::Judge;
pub use page::BodyKind;
pub use quote::KeptPage;
pub use reading::Reading;
pub use rules::{RuleFacts, compares, rules, saying_of};
pub use signature::Hit;
