//! What a page that is served says of what was cited.

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

/// A page that holds less of its reference, in per cent, is kept, so that the difference can be
/// shown.
const SAME: u8 = 90;

/// A page, and what the comparison with what was cited shows.
#[derive(Debug, Clone)]
pub struct ComparedPage {
    pub text: PageContent,
    pub comparison: PageComparison,
}

/// Compares the page that a measurement got with what is known of the citations of a link; `None`
/// without an answer.
pub(super) async fn compared(
    job: &LinkJob,
    url: &Url,
    measurement: &Measurement,
) -> Option<ComparedPage> {
    let mut text = page_text(measurement)?;
    if text.searched().is_empty() && !text.is_cut {
        text = file_text(url, measurement).await.unwrap_or_default();
    }
    let reference = job.cited.reference.as_ref();
    let cited = CitedContent {
        passages: &job.cited.passages,
        reference: reference.map(|reference| &reference.text),
        is_living: reference.is_some_and(|reference| reference.is_living == Some(true)),
    };
    let comparison = compare(&text, url, &cited);
    Some(ComparedPage { text, comparison })
}

/// What a served page adds to what is known of a link, at the time of the check.
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
    if reference.is_living.is_none() && reference.source == ReferenceSource::First {
        let is_living = changed_as_much(&reference.text, &page.text);
        findings.push(PageFinding::Living(is_living));
    }
    let is_shown = comparison.drift.is_some()
        || comparison.is_living
        || comparison.percent.is_some_and(|percent| percent < SAME);
    if is_shown {
        findings.push(PageFinding::Differs(Box::new(page.text.clone())));
    } else if known.differs {
        findings.push(PageFinding::Same);
    }
    findings
}

/// The text of a PDF or an office file, which its readers bound. Reading one takes long enough to
/// need a thread of its own.
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
        let text = PageContent::of_html(html);
        let reference = known.reference.as_ref();
        let cited = CitedContent {
            passages: &known.passages,
            reference: reference.map(|r| &r.text),
            is_living: reference.is_some_and(|r| r.is_living == Some(true)),
        };
        let url: Url = "https://a.example/x/1.html".parse().unwrap();
        let comparison = compare(&text, &url, &cited);
        ComparedPage { text, comparison }
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
        known.differs = true;
        let back = page_findings(&known, &seen(&known, PAGE), at(4));
        assert_eq!(back, [PageFinding::Same]);
        known.differs = false;
        assert_eq!(page_findings(&known, &seen(&known, PAGE), at(4)), []);
    }
}
