//! Compares vantages: what their newest settled verdicts of one probe mean together
//! (`docs/verdicts.md`, Findings). The comparison makes the finding and never changes a code.
//!
//! * `scene`: the input of the comparison, and small questions about it
//! * `families`: which codes belong together
//! * `rules`: the ordered table; the first match decides

mod families;
mod rules;
mod scene;
#[cfg(test)]
mod tests;

pub use crate::model::discriminator::Proof;
pub use families::{is_program_refusal, is_refusal};
pub use rules::{RULES, Rule, decide, finding};
pub use scene::{ComparisonInput, VantageView, saw_from_mainland};
