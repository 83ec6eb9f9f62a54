//! The engine over real servers, with a clock that the test sets.

mod catch_up;
mod clock;
mod controls_left_alone;
mod crash;
mod daemon;
mod discriminator;
mod due;
mod families;
mod hidden_columns;
mod hold;
mod ingest;
mod ingest_orders;
mod long_answers;
mod losses;
mod lost_rows;
mod other_words;
mod path_controls;
mod redesign;
mod rejudge_property;
mod robots_copies;
mod silent_loss;
mod slow_losses;
mod soft404;
mod standing_texts;
mod unchanged_pages;
mod vantage_loss;
