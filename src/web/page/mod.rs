//! The pages: each is a function over one generation of the store, and a template.

mod answer;
mod context;
mod daily;
mod frame;
mod incident;
mod incidents;
mod item;
mod ladder_view;
mod matrix;
mod method;
mod notice;
mod source;
mod sources;
mod state_view;
mod strip_view;
mod times;
mod today;

pub use answer::{PageAnswer, answer, tag_of};
pub use context::PageContext;
pub use notice::{PageNotice, notice, sign_in_page};

pub(in crate::web) use incident::page as incident;
pub(in crate::web) use incidents::page as incidents;
pub(in crate::web) use matrix::{page as matrix, vantages};
pub(in crate::web) use method::page as method;
pub(in crate::web) use source::page as source;
pub(in crate::web) use sources::page as sources;
pub(in crate::web) use today::page as today;
