//! Copies of cited links: looked up in archives, judged, and chosen (links.md 6).
//!
//! * `archives`: what archives are asked, at which rate, and when they are left alone
//! * [`CopyFinder`] looks up one link and judges what archives hold
//! * `lookups`: the links of the store whose copies are due

mod archives;
mod finder;
mod lookups;

pub use finder::{CopyAnswer, CopyError, CopyFinder, CopyQuestion};
pub use lookups::{LookupReport, look_up};
