//! Whether the page that is served is saved as a copy of our own (links.md 6).

use url::Url;

use super::cited::ComparedPage;
use super::job::LinkJob;
use super::outcome::VantageCheck;
use crate::engine::copies::cited_page;
use crate::judge::Judge;
use crate::judge::drift::{CitedContent, compare};
use crate::links::copies::{CaptureContext, JudgedCapture, judge_page};
use crate::model::Measurement;
use crate::model::copy::CopyJudgement;
use crate::model::link::LinkObservation;
use crate::store::CitedPage;

/// The page of a check as a copy of the link; `None` where none is wanted, or the page shows
/// nothing that could be one.
pub(super) fn own_copy(
    judge: &Judge,
    job: &LinkJob,
    url: &Url,
    check: &VantageCheck,
    page: &Measurement,
) -> Option<JudgedCapture> {
    let wanted = job.known.as_ref()?.wanted_copy?;
    if check.observation != Some(LinkObservation::Served) {
        return None;
    }
    let has_changed = || {
        let compared = check.compared.as_deref();
        compared.is_some_and(|compared| has_changed(&job.cited, url, compared))
    };
    if wanted.only_changed && !has_changed() {
        return None;
    }
    // A changed page is copied as it is; otherwise the page must be the one that was cited.
    let reference = if wanted.only_changed {
        None
    } else {
        cited_page(&job.cited, wanted.cited_on)
    };
    let context = CaptureContext {
        link: url,
        cited_on: wanted.cited_on,
        passages: &job.cited.passages,
        reference: reference.as_deref(),
        rot: &[],
    };
    let judged = judge_page(judge, page, Some(check.at), &context);
    (judged.judged != CopyJudgement::Bad).then_some(judged)
}

/// Whether a page differs from the one that was seen before it.
fn has_changed(known: &CitedPage, url: &Url, page: &ComparedPage) -> bool {
    let reference = known.reference.as_ref().map(|reference| &reference.text);
    let before = CitedContent {
        passages: &[],
        reference: known.other.as_ref().or(reference),
        is_living: false,
    };
    compare(&page.text, url, &before).is_other()
}
