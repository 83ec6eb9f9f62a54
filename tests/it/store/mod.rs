//! The store: what is kept, and that it is kept.

mod analysis;
mod derived;
mod facts;
mod faults;
mod figures;
mod migrated;
mod record_bases;
mod schema;
mod upkeep;
mod whole;
