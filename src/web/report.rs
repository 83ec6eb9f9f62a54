//! `/reports/report.html`: the report of a period as a file, made by a thread of its own and kept
//! nowhere.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, StatusCode, header};
use chrono::NaiveDate;

use super::gate::set_retry;
use super::page::{PageNotice, notice};
use super::respond;
use super::site::{SiteConfig, WebSite};
use super::visit::Visit;
use crate::model::settings::Language;
use crate::report::printed::{self, ReportError, ReportRequest, ReportScope};
use crate::store::Store;

/// When to try again while another report is made.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// What was asked for.
struct AskedReport {
    from: NaiveDate,
    to: NaiveDate,
    scope: ReportScope,
}

impl AskedReport {
    /// Reads the query; `None` when the days, the source or the group are not valid.
    fn read(visit: &Visit, config: &SiteConfig) -> Option<Self> {
        let value = |name| visit.query_value(name).filter(|v| !v.is_empty());
        let day = |name| value(name)?.parse::<NaiveDate>().ok();
        let (from, to) = (day("from")?, day("to")?);
        let scope = ReportScope {
            group: value("group").map(str::to_owned),
            source: value("source").map(Into::into),
        };
        let sources = &config.workspace.catalogue.sources;
        let has_source = scope
            .source
            .as_ref()
            .is_none_or(|id| sources.contains_key(id));
        let mut groups = sources.values().map(|source| &source.group);
        let has_group = scope
            .group
            .as_ref()
            .is_none_or(|group| groups.any(|g| g == group));
        (from <= to && has_source && has_group).then_some(Self { from, to, scope })
    }
}

/// Makes the report.
pub async fn download(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
) -> Response<Body> {
    let config = site.config();
    let Some(asked) = AskedReport::read(&visit, &config) else {
        return notice(&site, &visit, PageNotice::NoPeriod);
    };
    let Ok(permit) = Arc::clone(&site.reports).try_acquire_owned() else {
        let mut response = notice(&site, &visit, PageNotice::Busy);
        set_retry(&mut response, TRY_AGAIN);
        return response;
    };
    let name = format!("accesswatch-{}-{}.html", asked.from, asked.to);
    let language = visit.language;
    let made = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        make(&config, language, &asked)
    });
    match made.await {
        Ok(Ok(html)) => attached(html, &name),
        Ok(Err(error)) => {
            tracing::error!("a report was not made: {error}");
            notice(&site, &visit, PageNotice::Unreadable)
        }
        Err(error) => {
            tracing::error!("a report was not made: {error}");
            notice(&site, &visit, PageNotice::Unreadable)
        }
    }
}

fn make(
    config: &SiteConfig,
    language: Language,
    asked: &AskedReport,
) -> Result<String, ReportError> {
    let workspace = &config.workspace;
    let request = ReportRequest {
        from: asked.from,
        to: asked.to,
        language,
        zone: config.web().timezone.unwrap_or(chrono_tz::Tz::UTC),
        scope: asked.scope.clone(),
        catalogue: &workspace.catalogue,
        calendars: &workspace.calendars,
        settings: &workspace.settings,
    };
    let reader = Store::open_read_only(&workspace.settings.store.path)?.reader()?;
    Ok(printed::print(&reader, &request, None)?.html)
}

fn attached(html: String, name: &str) -> Response<Body> {
    let mut response = respond::html(StatusCode::OK, html);
    let place = format!("attachment; filename=\"{name}\"");
    if let Ok(value) = HeaderValue::from_str(&place) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
