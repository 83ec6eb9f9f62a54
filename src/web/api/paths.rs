//! Addresses that other files name.

/// The folder of every address here.
pub const FOLDER: &str = "/api/";

/// Where agents send their records.
pub const MEASUREMENTS: &str = "/api/v1/measurements";
