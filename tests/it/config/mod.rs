//! The workspace on disk.

mod all_faults;
mod bounds;
mod calendars;
mod faults;
mod random;
mod reading;
mod shipped;
mod shipped_sources;
mod signatures;
mod timeline;
