//! Pages that need no store: sign-in, and what says that something is not there or was not taken.

use std::sync::atomic::Ordering;

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};

use super::frame::{Frame, Section};
use crate::i18n::pages::PageText;
use crate::i18n::pages::PageText as P;
use crate::web::respond;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// What a page says instead of what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageNotice {
    NotFound,
    Unreadable,
    /// A form was not taken.
    Refused,
    /// What was to be changed has ended.
    Over,
    /// The days or the sources of a report are not as they should be.
    NoPeriod,
    /// One report is made at a time.
    Busy,
}

#[derive(Template)]
#[template(path = "pages/notice.html")]
struct NoticePage {
    frame: Frame,
    text: &'static str,
    leads_on: bool,
}

/// The page.
#[must_use]
pub fn notice(site: &WebSite, visit: &Visit, kind: PageNotice) -> Response<Body> {
    let (title, text, status) = match kind {
        PageNotice::NotFound => (P::NotFound, P::NotFoundNote, StatusCode::NOT_FOUND),
        PageNotice::Unreadable => (
            P::Unreadable,
            P::UnreadableNote,
            StatusCode::SERVICE_UNAVAILABLE,
        ),
        PageNotice::Refused => (P::Refused, P::RefusedForm, StatusCode::FORBIDDEN),
        PageNotice::Over => (P::Refused, P::RefusedOver, StatusCode::CONFLICT),
        PageNotice::NoPeriod => (P::Refused, P::ReportsRefused, StatusCode::BAD_REQUEST),
        PageNotice::Busy => (P::Refused, P::ReportsBusy, StatusCode::SERVICE_UNAVAILABLE),
    };
    let can_sign_in = site.config().sessions.has_tokens();
    let title = title.text(visit.language);
    let page = NoticePage {
        frame: frame(site, visit, title, can_sign_in),
        text: text.text(visit.language),
        leads_on: kind == PageNotice::NotFound,
    };
    rendered(status, &page)
}

#[derive(Template)]
#[template(path = "pages/sign-in.html")]
struct SignInPage {
    frame: Frame,
    next: String,
    fault: Option<String>,
    can_sign_in: bool,
}

/// The form that takes a token; `fault` says what was wrong with the last one.
#[must_use]
pub fn sign_in_page(
    site: &WebSite,
    visit: &Visit,
    next: &str,
    (status, fault): (StatusCode, Option<String>),
) -> Response<Body> {
    let can_sign_in = site.config().sessions.has_tokens();
    let title = PageText::SignIn.text(visit.language);
    let page = SignInPage {
        frame: frame(site, visit, title, false),
        next: next.to_owned(),
        fault,
        can_sign_in,
    };
    rendered(status, &page)
}

/// The frame of a page that no store is read for.
fn frame(site: &WebSite, visit: &Visit, title: &str, can_sign_in: bool) -> Frame {
    let mut frame = Frame::new(visit, title, Section::Elsewhere, can_sign_in);
    frame.show_documents(site.has_documents.load(Ordering::Relaxed));
    frame
}

fn rendered(status: StatusCode, page: &impl Template) -> Response<Body> {
    match page.render() {
        Ok(text) => respond::html(status, text),
        // A template of ours writes into memory alone.
        Err(error) => respond::plain(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
    }
}
