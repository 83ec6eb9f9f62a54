//! The pages: each is a function over one generation of the store, and a template.

mod answer;
mod catalogue;
mod comparison;
mod configured;
mod context;
mod daily;
mod frame;
mod health;
mod incident;
mod incidents;
mod item;
mod ladder_view;
mod latency;
mod line_chart;
mod matrix;
mod method;
mod newest_records;
mod notice;
mod phases;
mod planned;
mod probe;
mod reports;
mod source;
mod sources;
mod state_view;
mod strip_view;
mod times;
mod today;
mod value_chart;
mod vantage;

pub use answer::{PageAnswer, answer, tag_of};
pub use context::PageContext;
pub use notice::{PageNotice, notice, sign_in_page};

pub(in crate::web) use health::page as health;
pub(in crate::web) use incident::page as incident;
pub(in crate::web) use incidents::page as incidents;
pub(in crate::web) use matrix::{page as matrix, vantages};
pub(in crate::web) use method::page as method;
pub(in crate::web) use probe::page as probe;
pub(in crate::web) use reports::page as reports;
pub(in crate::web) use source::page as source;
pub(in crate::web) use sources::page as sources;
pub(in crate::web) use today::page as today;
pub(in crate::web) use vantage::page as vantage;
