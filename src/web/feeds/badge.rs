//! `/badge/{source}.svg`: the state of a source, for pages elsewhere.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};

use super::answer::{FeedError, FeedText, answer, line};
use crate::model::SourceId;
use crate::track::state;
use crate::web::page::PageContext;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "feeds/badge.svg")]
struct Badge {
    width: usize,
    language: &'static str,
    label: String,
    /// `open`, `less`, `closed`, `unknown`, `own-end`, or none of them.
    shape: &'static str,
    text: String,
}

impl Badge {
    fn new(language: &'static str, shape: &'static str, label: String, text: String) -> Self {
        // Letters of the system's typeface at this size: wide ones are squares.
        let wide = |c: char| if c >= '\u{1100}' { 12 } else { 7 };
        let width = 30 + text.chars().map(wide).sum::<usize>();
        Self {
            width,
            language,
            label,
            shape,
            text,
        }
    }
}

/// `GET /badge/{source}.svg`.
pub async fn show(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    Path(file): Path<String>,
) -> Response<Body> {
    let id = file.strip_suffix(".svg").map(str::to_owned);
    let kind = ("image/svg+xml", "badge".to_owned());
    answer(&site, &visit, kind, move |context| {
        badge(context, id.as_deref())
    })
    .await
}

fn badge(context: &PageContext<'_>, id: Option<&str>) -> Result<FeedText, FeedError> {
    let language = context.texts.tag;
    let source = id.and_then(|id| context.catalogue().source(&SourceId(id.to_owned())));
    let Some(source) = source else {
        let unknown = Badge::new(language, "none", "404".to_owned(), "404".to_owned());
        return Ok(FeedText {
            status: StatusCode::NOT_FOUND,
            text: unknown.render()?,
        });
    };
    let pairs = context.pairs_of(source);
    let view = context.source_view(&state::source(&context.known, source, &pairs));
    let checked = pairs.iter().filter_map(|pair| pair.last_checked).max();
    let day = checked.map(|at| at.with_timezone(&context.zone).date_naive().to_string());
    let text = match day {
        Some(day) => format!("{}, {day}", view.word),
        None => view.word,
    };
    let name = context.source_name(source);
    let label = line(&format!("{name}: {text}"), 200);
    let badge = Badge::new(language, view.class, label, line(&text, 80));
    Ok(FeedText::found(badge.render()?))
}
