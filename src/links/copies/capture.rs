//! One capture: what the archive holds is judged as if the page itself had answered, and compared
//! with what is known about the link. Error pages, walls and challenges that an archive took for
//! the page are not copies.

use url::Url;

use super::candidates::is_far;
use crate::judge::drift::{CitedContent, compare, page_text};
use crate::judge::{Judge, similarity};
use crate::model::citation::PartialDate;
use crate::model::copy::CopyJudgement;
use crate::model::measurement::{HeaderText, Measurement};
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::{Code, Time};
use crate::text::page_text::PageContent;
use crate::track::capture::capture_fault;

/// The prefix of the headers that an archive received with the page.
const RECEIVED: &str = "x-archive-orig-";

/// A page with fewer runs of characters in its text proves nothing.
const SHORT: u32 = 120;

/// What is known about a link when its captures are judged.
#[derive(Debug, Clone, Copy)]
pub struct CaptureContext<'a> {
    pub link: &'a Url,
    pub cited_on: Option<PartialDate>,
    /// The passages that are quoted from the page.
    pub passages: &'a [String],
    /// The page as it was cited, where it is known.
    pub reference: Option<&'a PageContent>,
    /// Pages that stand at the address now that the page is gone.
    pub rot: &'a [Reference],
}

/// A capture with its judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedCapture {
    pub judged: CopyJudgement,
    pub code: Code,
    pub body_sha256: Option<String>,
    /// What the page says; empty for what is not text.
    pub text: PageContent,
}

/// Judges the answer that an archive gives for the capture that was made at `time`.
#[must_use]
pub fn judge_capture(
    judge: &Judge,
    answer: Measurement,
    time: Option<Time>,
    context: &CaptureContext<'_>,
) -> JudgedCapture {
    judge_page(judge, &as_received(answer, context.link), time, context)
}

/// Judges a page that was received at `time` as a copy of itself.
#[must_use]
pub fn judge_page(
    judge: &Judge,
    page: &Measurement,
    time: Option<Time>,
    context: &CaptureContext<'_>,
) -> JudgedCapture {
    let reading = judge.read(page, None);
    let (sketch, code) = judge.reference(ReferenceKind::Healthy, page);
    let is_rot = |rot: &Reference| similarity::says_the_same(&sketch, rot).is_some();
    let cited = CitedContent {
        passages: context.passages,
        reference: context.reference,
        is_living: false,
    };
    let text = page_text(page).unwrap_or_default();
    let comparison = compare(&text, context.link, &cited);
    let is_known_page = !reading.hits.is_empty();
    let fault = capture_fault(code, page.http_status(), is_known_page, &comparison);
    let is_page = fault.is_none()
        && matches!(code, Code::Ok | Code::SiteEdition)
        && !context.rot.iter().any(is_rot);
    // A page of a few words may be a check in front of the page, whatever it is called.
    let is_proven = comparison.has_passages == Some(true) || !is_short(page, &sketch);
    let judged = if !is_page || !is_proven {
        CopyJudgement::Bad
    } else if time.is_some_and(|time| is_far(time, context.cited_on)) {
        CopyJudgement::Far
    } else {
        CopyJudgement::Good
    };
    JudgedCapture {
        judged,
        code: if is_page && !is_proven {
            Code::ContentUnproven
        } else {
            code
        },
        body_sha256: page.extra().and_then(|extra| extra.body_sha256.clone()),
        text,
    }
}

/// The answer as the page itself would have given it: at its own address, with its own headers.
fn as_received(mut answer: Measurement, link: &Url) -> Measurement {
    link.as_str().clone_into(&mut answer.input);
    answer.test_keys.requests.truncate(1);
    let Some(last) = answer.test_keys.requests.first_mut() else {
        return answer;
    };
    link.as_str().clone_into(&mut last.request.url);
    let headers = std::mem::take(&mut last.response.headers_list);
    let mut received: Vec<(HeaderText, HeaderText)> = Vec::new();
    let mut content_type = None;
    for (name, value) in headers {
        let lower = name.0.to_ascii_lowercase();
        if let Some(own) = lower.strip_prefix(RECEIVED) {
            received.push((HeaderText(own.to_owned()), value));
        } else if lower == "content-type" {
            content_type = Some((name, value));
        }
    }
    let states_type = received.iter().any(|(name, _)| name.0 == "content-type");
    received.extend(content_type.filter(|_| !states_type));
    last.response.headers_list = received;
    answer
}

/// Whether the text of a page is too short to prove that it is the page. A file is what it is.
fn is_short(page: &Measurement, sketch: &Reference) -> bool {
    content_type(page).contains("html") && sketch.sketch.shingles < SHORT
}

fn content_type(page: &Measurement) -> String {
    let last = page.last_request();
    let stated = last.and_then(|last| last.response.header("content-type"));
    stated.unwrap_or("text/html").to_ascii_lowercase()
}
