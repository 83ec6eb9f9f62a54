//! Limits for lists.

/// Bytes of a list; the largest known ones have a tenth of this.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// Rows of a list: ten times the largest known list, and the limit of one probe file.
pub const MAX_ROWS: usize = 20_000;
