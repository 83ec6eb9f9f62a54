//! L0: plain data. It does no I/O, reads no clock, and does not fail on hostile text.
//!
//! All other modules use these types: `judge` makes them, the store keeps them, and `alert`,
//! `report` and `cli` show them. `docs/verdicts.md` defines the terms.

pub mod catalogue;
pub mod citation;
pub mod clock;
pub mod copy;
pub mod day_chain;
pub mod demonstration;
pub mod discriminator;
pub mod document;
pub mod drift;
pub mod event;
pub mod expect;
mod extra;
pub mod fact;
mod fact_parts;
pub mod failure;
pub mod finding;
pub mod finding_basis;
pub mod human_check;
pub mod ids;
pub mod incident;
pub mod link;
pub mod link_news;
pub mod link_status;
pub mod mail;
pub mod measurement;
pub mod note;
pub mod observation;
pub mod ooni;
pub mod page;
pub mod phase;
pub mod politeness;
pub mod probe;
pub mod reference;
pub mod round;
pub mod rounded_duration;
pub mod rule;
pub mod settings;
pub mod signature;
pub mod source;
pub mod state;
pub mod status;
pub mod time;
pub mod timeline;
pub mod tracker_state;
pub mod vantage;
pub mod verdict;
pub mod wire;

pub use catalogue::Catalogue;
pub use fact::Fact;
pub use failure::Failure;
pub use finding::Finding;
pub use ids::{MeasurementUid, PassId, ProbeId, ProbeKey, RoundId, SourceId, VantageId};
pub use incident::{Incident, IncidentKind};
pub use measurement::Measurement;
pub use observation::{Evidence, Observation, Verdict};
pub use probe::{Level, Probe};
pub use rule::RuleId;
pub use settings::Settings;
pub use source::Source;
pub use status::Status;
pub use time::Time;
pub use vantage::Vantage;
pub use verdict::{Code, Layer, Locus};
