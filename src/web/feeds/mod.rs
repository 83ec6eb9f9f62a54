//! What other programs subscribe to: the feed of incidents, the calendar of planned events, and the
//! badge of a source. Where reading takes a token, a key in the address opens these three.

mod answer;
mod atom;
mod badge;
mod calendar;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use url::Url;

use super::site::WebSite;
use super::visit::path_part;

/// The feed.
pub const FEED: &str = "/feed.atom";
/// The calendar.
pub const CALENDAR: &str = "/calendar.ics";
/// The folder of badges.
pub const BADGES: &str = "/badge/";

/// Every address.
pub fn routes() -> Router<Arc<WebSite>> {
    Router::new()
        .route(FEED, get(atom::show))
        .route(CALENDAR, get(calendar::show))
        .route("/badge/{file}", get(badge::show))
}

/// Whether a key in the address may open this path.
#[must_use]
pub fn is_feed(path: &str) -> bool {
    path == FEED || path == CALENDAR || path.starts_with(BADGES)
}

/// An address that people hand to another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedAddress<'a> {
    Feed,
    /// The feed of one group.
    FeedOfGroup(&'a str),
    /// The feed of one source.
    FeedOfSource(&'a str),
    Calendar,
    /// The badge of a source.
    Badge(&'a str),
}

impl FeedAddress<'_> {
    /// The address for readers at `base_url`, with the key of [`Sessions`] where reading takes a
    /// token.
    ///
    /// [`Sessions`]: super::session::Sessions::feed_key
    #[must_use]
    pub fn to_href(self, base_url: Option<&Url>, key: Option<&str>) -> String {
        let (path, filter) = match self {
            Self::Feed => (FEED.to_owned(), None),
            Self::FeedOfGroup(group) => (FEED.to_owned(), Some(("group", group))),
            Self::FeedOfSource(source) => (FEED.to_owned(), Some(("source", source))),
            Self::Calendar => (CALENDAR.to_owned(), None),
            Self::Badge(source) => (format!("{BADGES}{}.svg", path_part(source)), None),
        };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(filter);
        query.extend_pairs(key.map(|key| ("key", key)));
        let query = query.finish();
        let origin = base_url.map_or_else(String::new, |url| url.origin().ascii_serialization());
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{origin}{path}{mark}{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_carry_their_filter_and_the_key() {
        let base = Url::parse("https://access.example/").ok();
        for (address, key, href) in [
            (FeedAddress::Feed, None, "/feed.atom"),
            (
                FeedAddress::FeedOfGroup("a b"),
                None,
                "/feed.atom?group=a+b",
            ),
            (
                FeedAddress::FeedOfSource("知网"),
                Some("k"),
                "/feed.atom?source=%E7%9F%A5%E7%BD%91&key=k",
            ),
            (FeedAddress::Calendar, Some("k"), "/calendar.ics?key=k"),
            (FeedAddress::Badge("a/b"), None, "/badge/a%2Fb.svg"),
        ] {
            assert_eq!(address.to_href(None, key), href);
            let there = address.to_href(base.as_ref(), key);
            assert_eq!(there, format!("https://access.example{href}"));
        }
    }
}
