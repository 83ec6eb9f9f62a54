//! L3: the workspace on disk: configuration, probe files, signatures. All of it is checked; faults
//! are reported with their place.
//!
//! * [`load()`] reads everything and returns a [`Workspace`], or every fault of every file at once
//! * [`load_for()`] reads only the secrets that the current command needs ([`SecretNeeds`])
//! * [`Diagnostic`] is one fault: its place, the line, the fix
//! * [`import`] makes probe files from lists; [`single`] checks one file alone
//! * [`init()`] writes the shipped files, never over existing ones
//!
//! TOML is read by hand over the spanned tree (`table`, `read`), because serde stops at the first
//! wrong value and forgets the places of keys. `check` has one file per section. `net`, `probe`,
//! `engine` and `alert` use the values.

mod calendars;
mod check;
mod doc;
mod explain;
pub mod import;
mod init;
mod load;
mod needs;
mod not_read;
mod placeholders;
mod read;
mod redact;
mod secrets;
mod shipped;
mod signatures;
pub mod single;
mod switch;
mod table;
mod timeline;
mod units;

pub use explain::{Diagnostic, Diagnostics, Severity};
pub use init::{InitError, InitReport, init};
pub use load::{EndingCalendar, Workspace, load, load_for, load_with, workspace_dir};
pub use needs::SecretNeeds;
pub use not_read::not_read;
pub use secrets::Environment;
pub use shipped::shipped;
pub use signatures::{SignatureFile, SkipReason, SkippedRows};
pub use switch::{SwitchError, Switched, switch};
pub use units::{duration, size};
