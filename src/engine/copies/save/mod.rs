//! Saving links: in archives, by jobs that survive a restart, and in WARC files of our own.
//!
//! A job is on disk as `sent` before the archive is asked, and as `accepted` when its answer is
//! known. A job that is found as `sent` is from a program that ended: the archive is then asked
//! in a way that saves nothing twice.
//!
//! * `own`: the page in a WARC file of our own
//! * `wayback`: Save Page Now of the Wayback Machine; `perma`: Perma
//! * `worker`: takes each job one step further; `step`: what an archive answers to one
//! * `saved_page`: judges what an archive saved

mod own;
mod perma;
mod saved_page;
mod step;
mod wayback;
mod worker;

pub use own::OwnSaver;
pub use step::SaveReport;
pub use worker::Saver;
