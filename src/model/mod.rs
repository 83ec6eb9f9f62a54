//! L0: plain data. No I/O, no clock, nothing that can fail on hostile text.
//!
//! Every other module speaks in these types; the store keeps them, `judge` makes them, `alert`,
//! `report` and `cli` show them. What a word means is fixed in `docs/verdicts.md`.

pub mod book;
pub mod catalogue;
pub mod clock;
pub mod discriminator;
pub mod event;
mod extra;
pub mod failure;
pub mod finding;
pub mod ground;
pub mod ids;
pub mod incident;
pub mod lasted;
pub mod mail;
pub mod manners;
pub mod measurement;
pub mod note;
pub mod ooni;
pub mod page;
pub mod phase;
pub mod probe;
pub mod reference;
pub mod round;
pub mod settings;
pub mod signature;
pub mod source;
pub mod state;
pub mod status;
pub mod time;
pub mod timeline;
pub mod vantage;
pub mod verdict;
pub mod wire;

pub use catalogue::Catalogue;
pub use failure::Failure;
pub use finding::Finding;
pub use ids::{MeasurementUid, ProbeId, ProbeKey, RoundId, SourceId, VantageId};
pub use incident::{Incident, IncidentKind};
pub use measurement::Measurement;
pub use probe::{Level, Probe};
pub use settings::Settings;
pub use source::Source;
pub use status::Status;
pub use time::Time;
pub use vantage::Vantage;
pub use verdict::{Code, Layer, Locus, Verdict};
