//! L2: pure judgement: a measurement becomes a verdict, verdicts become findings, statuses, incidents.

mod case;
mod content;
pub mod control;
mod dns;
pub mod expect;
mod judging;
pub mod line;
mod page;
mod plan;
mod reading;
mod rules;
mod signature;
mod site;
mod soft;
mod tls;
pub mod value;
mod wire;

pub use judging::Judge;
pub use page::Kind;
pub use reading::Reading;
pub use rules::{RuleFacts, rules};
pub use signature::Hit;
