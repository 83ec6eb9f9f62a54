//! What other programs subscribe to: the feed of incidents, the calendar of planned events, and the
//! badge of a source. Where reading takes a token, a key in the address opens these three.

mod answer;
mod atom;
mod badge;
mod calendar;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::feed_address::{CALENDAR, FEED};
use super::site::WebSite;

/// Every address.
pub fn routes() -> Router<Arc<WebSite>> {
    Router::new()
        .route(FEED, get(atom::show))
        .route(CALENDAR, get(calendar::show))
        .route("/badge/{file}", get(badge::show))
}
