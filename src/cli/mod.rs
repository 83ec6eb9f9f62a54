//! L7: arguments, output, exit status.
//!
//! Each command is a file of [`commands`]; [`out`] prints its output, and [`exit`] sets its status.
//! Records go to standard output, everything else to standard error.

/// Prints a line for people on standard error. A closed standard error does not end the work.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::cli::out::say(format_args!($($text)*))
    };
}

pub mod access;
pub mod args;
mod calendars;
pub mod clock;
pub mod commands;
mod context;
pub mod dates;
pub mod edit;
pub mod exchange_words;
mod exit;
pub mod explain;
pub mod files;
pub mod incident_json;
pub mod incident_report;
mod log;
mod long;
mod long_work;
mod main;
pub mod matrix;
pub mod messages;
pub mod out;
pub mod progress;
mod shown_bar;
pub mod silent;
mod source_args;
pub mod status_line;
pub mod status_notes;
pub mod suppression;
pub mod table;
pub mod workspace_warnings;

pub use main::main;
