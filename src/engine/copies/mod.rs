//! Copies of cited links: looked up in archives, judged, and chosen (links.md 6).
//!
//! * `archives`: what archives are asked, at which rate, and when they are left alone
//! * [`CopyFinder`] looks up one link and judges what archives hold; `search`: in which order
//! * `reference`: copies that show the page as it was cited
//! * `lookups`: the links of the store whose copies are due
//! * `own_page`: pages in the files of evidence as copies of our own
//! * `upkeep`: what `run` and the daemon do
//! * `save`: copies that archives make at our request, and our own

mod archives;
mod error;
mod finder;
mod lookups;
mod own_page;
mod reference;
mod save;
mod search;
mod upkeep;

pub use error::CopyError;
pub use finder::{CopyAnswer, CopyFinder, CopyQuestion};
pub use lookups::{LookupReport, look_up};
pub(in crate::engine) use own_page::{PageToSave, written_copies};
pub(in crate::engine) use reference::cited_page;
pub use save::{OwnSaver, SaveReport, Saver};
pub use upkeep::{UpkeepReport, keep_up, keep_up_always};
