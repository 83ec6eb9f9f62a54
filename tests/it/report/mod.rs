//! The tables that users get.

mod export;
