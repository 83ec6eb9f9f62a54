//! Values that are taken from an answer and kept as a series: [`plan`] compiles, [`extract`] reads,
//! [`check`] compares them with limits and history.

pub mod calendar;
mod cells;
mod change;
pub(super) mod check;
pub mod column;
pub(super) mod context;
pub mod date;
pub(super) mod extract;
mod figure_cells;
mod file_sizes;
pub(super) mod frame;
mod level;
pub mod number;
mod past_answers;
pub(super) mod plan;
mod row_links;
mod series;
mod shared_words;
mod standing;
mod still;
mod text_length;
mod turned;
mod turnover;
mod unfilled;

pub use extract::{ExtractedValue, Extraction};

/// A share in whole percent, for facts.
pub(super) fn percent(share: f64) -> f64 {
    (share * 100.0).round_ties_even()
}
