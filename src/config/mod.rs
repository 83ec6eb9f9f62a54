//! L3: the workspace on disk: configuration, probe files, signatures; checked whole, explained with spans.
//!
//! * [`load()`] reads everything and gives a [`Workspace`], or every fault of every file at once
//! * [`load_for()`] asks for no more secrets than the work at hand takes ([`SecretNeeds`])
//! * [`Diagnostic`] is one thing wrong: where, the offending line, the fix
//! * [`import`] makes probe files of lists; [`single`] checks one file by itself
//! * [`init()`] writes the shipped files, never over existing ones
//!
//! Reading TOML goes by hand over the spanned tree (`table`, `read`), because serde stops at the first
//! wrong value and forgets where keys stood. `check` holds one file a section. What the values mean in
//! action is for `net`, `probe`, `engine` and `alert`.

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
