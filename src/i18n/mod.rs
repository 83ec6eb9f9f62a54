//! L1: every sentence users read, by key; English first.
