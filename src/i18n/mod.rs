//! L1: every sentence users read, by key; English first.
//!
//! [`verdict`] words codes and findings: what was seen, and what that does not show.

mod en_verdict;
pub mod verdict;
