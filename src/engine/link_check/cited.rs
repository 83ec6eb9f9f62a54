//! What a page that is served says about what was cited.

use url::Url;

use super::job::LinkJob;
use crate::judge::drift::{
    CitedContent, LinkReference, ReferenceSource, changed_as_much, compare, page_text,
};
use crate::links::read;
use crate::model::drift::PageComparison;
use crate::model::{Measurement, Time};
use crate::store::{CitedPage, PageFinding};
use crate::text::page_text::PageContent;

/// A page, and what the comparison with what was cited shows.
#[derive(Debug, Clone)]
pub struct ComparedPage {
    pub text: PageContent,
    pub comparison: PageComparison,
}

/// Compares the page that a measurement got with what is known about the citations of a link;
/// `None` without an answer.
pub(super) async fn compared(
    job: &LinkJob,
    url: &Url,
    measurement: &Measurement,
) -> Option<ComparedPage> {
    let mut text = page_text(measurement)?;
    if text.searched().is_empty() && !text.is_cut {
        text = file_text(url, measurement).await.unwrap_or_default();
    }
    Some(ComparedPage::new(&job.cited, url, text))
}

impl ComparedPage {
    fn new(known: &CitedPage, url: &Url, text: PageContent) -> Self {
        let reference = known.reference.as_ref();
        let living = reference.and_then(|reference| living(known, reference, &text));
        let is_unsure = reference.is_some_and(|r| living.is_none() && is_copy(r));
        let cited = CitedContent {
            passages: &known.passages,
            reference: reference.map(|reference| &reference.text),
            is_living: living == Some(true) || is_unsure,
        };
        let comparison = compare(&text, url, &cited);
        Self { text, comparison }
    }
}

/// Whether a page changes by itself; `None` where that is not known yet. The second sound page
/// decides, so that what it shows is not held against the link before.
fn living(known: &CitedPage, reference: &LinkReference, now: &PageContent) -> Option<bool> {
    let first = match reference.source {
        ReferenceSource::First => Some(&reference.text),
        // The first page that was served is kept until the second one is there.
        ReferenceSource::Memento | ReferenceSource::Cited => known.other.as_ref(),
        ReferenceSource::Accepted => None,
    };
    let is_living = || first.map(|first| changed_as_much(first, now));
    reference.is_living.or_else(is_living)
}

/// Whether a reference is a copy: the page may have changed many times since.
fn is_copy(reference: &LinkReference) -> bool {
    use ReferenceSource::{Cited, Memento};
    matches!(reference.source, Memento | Cited)
}

/// What a served page adds to what is known about a link, at the time of the check.
#[must_use]
pub fn page_findings(known: &CitedPage, page: &ComparedPage, at: Time) -> Vec<PageFinding> {
    let mut findings = Vec::new();
    let Some(reference) = &known.reference else {
        let first = LinkReference::new(ReferenceSource::First, at, None, page.text.clone());
        if first.replaces(None) {
            findings.push(PageFinding::Reference(Box::new(first)));
        }
        return findings;
    };
    let comparison = &page.comparison;
    if comparison.is_alike.is_none() {
        return findings;
    }
    let living = living(known, reference, &page.text);
    if let Some(is_living) = living.filter(|_| reference.is_living.is_none()) {
        findings.push(PageFinding::Living(is_living));
    }
    if living.is_none() && is_copy(reference) {
        findings.push(PageFinding::Differs(Box::new(page.text.clone())));
        return findings;
    }
    // Another page is kept, so that the difference can be shown.
    if comparison.is_other() {
        findings.push(PageFinding::Differs(Box::new(page.text.clone())));
    } else if known.other.is_some() {
        findings.push(PageFinding::Same);
    }
    findings
}

/// The text of a PDF or an office file, within the limits of its reader. Reading such a file takes
/// long enough to need a thread of its own.
async fn file_text(url: &Url, measurement: &Measurement) -> Option<PageContent> {
    let body = measurement.last_request()?.response.body.0.clone();
    let name = url.path().rsplit('/').next().unwrap_or_default().to_owned();
    let text = tokio::task::spawn_blocking(move || {
        let document = read::read(&body, &name).ok()?;
        let mut text = String::new();
        for block in &document.blocks {
            text.push_str(&block.text);
            text.push('\n');
        }
        Some(PageContent::of_plain(&text))
    });
    // A reader that panics says nothing about the file.
    text.await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> Time {
        format!("2026-11-{day:02}T00:00:00Z").parse().unwrap()
    }

    fn seen(known: &CitedPage, html: &str) -> ComparedPage {
        let url: Url = "https://a.example/x/1.html".parse().unwrap();
        ComparedPage::new(known, &url, PageContent::of_html(html))
    }

    const PAGE: &str = "<p>全国用水总量为5906.5亿立方米，其中生活用水占15.4%，工业用水占16.4%，农业用水占62.2%。</p>";
    const OTHER: &str = "<p>本单位拟公开招聘工作人员三名，报名时间和条件如下，请符合条件的人员按时报名参加考试。</p>";

    #[test]
    fn the_first_sound_page_is_the_reference_and_the_second_shows_whether_it_is_living() {
        let mut known = CitedPage::default();
        let empty = page_findings(&known, &seen(&known, "<img src=x>"), at(1));
        assert_eq!(empty, []);
        let first = page_findings(&known, &seen(&known, PAGE), at(2));
        let [PageFinding::Reference(reference)] = first.as_slice() else {
            panic!("{first:?}");
        };
        assert_eq!(
            (reference.source, reference.at),
            (ReferenceSource::First, at(2))
        );
        known.reference = Some((**reference).clone());
        let same = page_findings(&known, &seen(&known, PAGE), at(3));
        assert_eq!(same, [PageFinding::Living(false)]);
        let other = page_findings(&known, &seen(&known, OTHER), at(3));
        assert!(matches!(
            other.as_slice(),
            [PageFinding::Living(true), PageFinding::Differs(_)]
        ));
        if let Some(reference) = &mut known.reference {
            reference.is_living = Some(false);
        }
        known.other = Some(PageContent::of_html(OTHER));
        let back = page_findings(&known, &seen(&known, PAGE), at(4));
        assert_eq!(back, [PageFinding::Same]);
        known.other = None;
        assert_eq!(page_findings(&known, &seen(&known, PAGE), at(4)), []);
    }

    /// A page that is unlike a copy is held against the link only when it does not change by
    /// itself.
    #[test]
    fn a_page_with_a_copy_as_its_reference_needs_two_checks() {
        const THIRD: &str = "<p>图书馆暑假期间调整开放时间，请各位读者留意公告，还书箱照常使用，自习室周末关闭，咨询台照常服务。</p>";
        let text = PageContent::of_html(PAGE);
        let memento = LinkReference::new(ReferenceSource::Memento, at(1), None, text);
        let mut known = CitedPage {
            reference: Some(memento),
            ..CitedPage::default()
        };
        let first = seen(&known, OTHER);
        assert_eq!(
            first.comparison.drift, None,
            "whether it is living is not known"
        );
        assert_eq!(first.comparison.counted_alike(), None);
        let findings = page_findings(&known, &first, at(2));
        let [PageFinding::Differs(kept)] = findings.as_slice() else {
            panic!("{findings:?}");
        };
        known.other = Some((**kept).clone());
        let still = seen(&known, OTHER);
        assert_eq!(still.comparison.counted_alike(), Some(false));
        assert_eq!(
            page_findings(&known, &still, at(3))[0],
            PageFinding::Living(false)
        );
        let changed = seen(&known, THIRD);
        assert_eq!(changed.comparison.counted_alike(), None);
        assert_eq!(
            page_findings(&known, &changed, at(3))[0],
            PageFinding::Living(true)
        );
        // A page that is as it was cited: nothing is left of the first one.
        known.other = Some(PageContent::of_html(PAGE));
        let same = seen(&known, PAGE);
        let findings = page_findings(&known, &same, at(3));
        assert_eq!(findings, [PageFinding::Living(false), PageFinding::Same]);
        // A missing passage counts at once.
        known.other = None;
        known.passages = vec!["其中生活用水占15.4%".to_owned()];
        assert!(seen(&known, OTHER).comparison.is_cited_missing());
    }
}
