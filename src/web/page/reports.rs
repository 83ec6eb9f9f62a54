//! `/reports`: makes the report of a period, and lists the addresses of feeds.

use std::collections::BTreeSet;

use askama::Template;
use chrono::Days;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use crate::i18n::pages::PageText as P;
use crate::text::clean;
use crate::web::feed_address::FeedAddress;

/// The period that is proposed ends today and has so many days.
const PROPOSED_DAYS: u64 = 90;

/// The tables of a report.
const TABLES: [&str; 8] = [
    "sources",
    "status",
    "vantages",
    "incidents",
    "uptime",
    "freshness",
    "links",
    "documents",
];

#[derive(Template)]
#[template(path = "pages/reports.html")]
struct ReportsPage {
    frame: Frame,
    from: String,
    to: String,
    lang: &'static str,
    groups: Vec<(String, String)>,
    sources: Vec<(String, String)>,
    tables: Vec<(String, String)>,
    feeds: Vec<(&'static str, String)>,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let to = context.now.date_naive();
    let from = to
        .checked_sub_days(Days::new(PROPOSED_DAYS - 1))
        .unwrap_or(to);
    let catalogue = &context.catalogue().sources;
    let groups: BTreeSet<&str> = catalogue.values().map(|s| s.group.as_str()).collect();
    let sources = catalogue
        .values()
        .map(|source| (source.id.to_string(), context.source_name(source)));
    let tables = TABLES.iter().map(|name| {
        // Only tables over time have days.
        let days = match *name {
            "incidents" | "uptime" | "freshness" => format!("?since={from}&until={to}"),
            _ => String::new(),
        };
        (format!("/api/v1/{name}.csv{days}"), format!("{name}.csv"))
    });
    let page = ReportsPage {
        frame: Frame::in_context(context, context.say(P::NavReports), Section::Reports),
        from: from.to_string(),
        to: to.to_string(),
        lang: context.language().as_str(),
        groups: groups
            .into_iter()
            .map(|group| (group.to_owned(), clean::line(group, 40)))
            .collect(),
        feeds: context.feeds(),
        sources: sources.collect(),
        tables: tables.collect(),
    };
    Ok(PageAnswer::Page(page.render()?))
}

impl PageContext<'_> {
    /// The addresses for feed readers, calendars and other sites.
    fn feeds(&self) -> Vec<(&'static str, String)> {
        let base = self.config.web().base_url.as_ref();
        let needs_key = self.visit.session.is_some() || base.is_some();
        let key = self.config.sessions.feed_key();
        let key = key.filter(|_| needs_key && !self.config.web().public);
        let href = |address: FeedAddress<'_>| address.to_href(base, key.as_deref());
        let first = self.catalogue().sources.keys().next();
        let badge = first.map(|id| {
            let place = href(FeedAddress::Badge(id.as_str()));
            (self.say(P::FeedsBadge), place)
        });
        let feeds = [
            (self.say(P::FeedsEvents), href(FeedAddress::Feed)),
            (self.say(P::FeedsCalendar), href(FeedAddress::Calendar)),
        ];
        feeds.into_iter().chain(badge).collect()
    }
}
