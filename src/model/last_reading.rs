//! The newest reading of a page, for a later answer that is the same byte for byte.

/// What was read of the last page of a probe from one vantage, and everything that this depended
/// on. `judge` makes both and reads both; the store only keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastReading {
    /// A hash of the answer, the probe, the signatures, the placeholders and the program.
    pub key: [u8; 32],
    pub reading: Vec<u8>,
}
