//! `/reports`: makes the report of a period, and lists the addresses of feeds.

use std::collections::BTreeSet;

use askama::Template;
use chrono::Days;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use crate::i18n::pages::PageText as P;
use crate::text::clean;
use crate::web::visit::path_part;

/// The period that is proposed ends today and has so many days.
const PROPOSED_DAYS: u64 = 90;

/// The tables of a report.
const TABLES: [&str; 6] = [
    "sources",
    "status",
    "vantages",
    "incidents",
    "uptime",
    "freshness",
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
        let href = format!("/api/v1/{name}.csv?since={from}&until={to}");
        (href, format!("{name}.csv"))
    });
    let page = ReportsPage {
        frame: Frame::of(context, context.say(P::NavReports), Section::Reports),
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
        let base = base.map_or_else(String::new, |url| {
            url.as_str().trim_end_matches('/').to_owned()
        });
        let first = self.catalogue().sources.keys().next();
        let badge = first.map(|id| {
            let place = format!("{base}/badge/{}.svg", path_part(id.as_str()));
            (self.say(P::FeedsBadge), place)
        });
        let feeds = [
            (self.say(P::FeedsEvents), format!("{base}/feed.atom")),
            (self.say(P::FeedsCalendar), format!("{base}/calendar.ics")),
        ];
        feeds.into_iter().chain(badge).collect()
    }
}
