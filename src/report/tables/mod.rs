//! The exported tables: for each its columns, and a row as cells.

pub mod citations;
pub mod copies;
pub mod dictionary;
pub mod documents;
pub mod freshness;
pub mod incidents;
pub mod links;
pub mod measurements;
pub mod phases;
pub mod sources;
pub mod status;
pub mod survival;
pub mod uptime;
pub mod vantages;
