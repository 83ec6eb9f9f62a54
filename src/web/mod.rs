//! L7: the pages, the API and the feeds, and how they are served.
//!
//! [`Server`] listens; [`WebSite`] is what all requests share. A request passes `gate` (the name in
//! `Host`, the role), and `routes` leads it to a page. A page is a function over one generation of
//! the store and a template of `templates/pages/`; it is made on a thread that reads the store
//! (`readers`), never on one that serves connections. [`crate::track`] says what states
//! mean, and [`crate::i18n`] has every sentence.

mod accept;
mod acts;
mod admission;
mod api;
mod assets;
mod error;
mod feed_address;
mod feeds;
mod form;
mod gate;
mod health;
mod host;
mod language;
mod limits;
mod metrics;
mod page;
mod readers;
mod report;
mod respond;
mod role;
mod routes;
mod server;
mod session;
mod sign_in;
mod site;
mod snapshot;
mod throttle;
mod timed_io;
mod visit;

pub use error::WebError;
pub use feed_address::FeedAddress;
pub use limits::WebLimits;
pub use server::Server;
pub use site::WebSite;
