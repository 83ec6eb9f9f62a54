//! Opening a store: for writing or read-only, its schema, its lock, its copies, the free space on
//! its disk.

pub(in crate::store) mod backup;
pub(in crate::store) mod connect;
pub(in crate::store) mod generation;
pub(in crate::store) mod last_pass;
pub(in crate::store) mod lock;
pub(in crate::store) mod meta;
pub(in crate::store) mod migrate;
pub(in crate::store) mod migration_progress;
pub(in crate::store) mod read_only;
pub mod space;
pub(in crate::store) mod stamp;
pub(in crate::store) mod stats;
