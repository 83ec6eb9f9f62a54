//! Copies as references: a copy that a document cites, or the memento nearest to the day of citing,
//! shows the page as it was cited. Later checks are compared with it (links.md 5.1).

use std::sync::Arc;

use chrono::TimeDelta;

use crate::judge::drift::{LinkReference, ReferenceSource};
use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::copy::{CopyJudgement, CopyKind, NewCopy};
use crate::store::CitedPage;
use crate::text::page_text::PageContent;

/// A memento shows the page as it was cited when it is not further than this from the day of
/// citing.
const NEAR: TimeDelta = TimeDelta::days(30);

/// The reference that a judged copy is; `None` when the copy cannot serve as one.
pub(super) fn reference(
    copy: &NewCopy,
    text: PageContent,
    cited_on: Option<PartialDate>,
) -> Option<LinkReference> {
    let time = copy.time?;
    copy.judged.filter(|judged| *judged != CopyJudgement::Bad)?;
    let source = match copy.kind {
        CopyKind::Cited => ReferenceSource::Cited,
        CopyKind::Found | CopyKind::Saved if is_near(time, cited_on) => ReferenceSource::Memento,
        CopyKind::Found | CopyKind::Saved | CopyKind::Own => return None,
    };
    let reference = LinkReference::new(source, time, Some(copy.url.clone()), text);
    reference.replaces(None).then_some(reference)
}

fn is_near(time: Time, cited_on: Option<PartialDate>) -> bool {
    let distance = cited_on.and_then(|day| day.distance(time));
    distance.is_some_and(|distance| distance <= NEAR)
}

/// The page that copies of a link are compared with; `None` where the kept reference does not show
/// the page as it was cited: the page changes by itself, or its first check was long after the day
/// of citing.
pub(in crate::engine) fn cited_page(
    known: &CitedPage,
    cited_on: Option<PartialDate>,
) -> Option<Arc<PageContent>> {
    let reference = known.reference.as_ref()?;
    let is_late = reference.source == ReferenceSource::First
        && cited_on.is_some()
        && !is_near(reference.at, cited_on);
    let is_sound = !is_late && reference.is_living != Some(true);
    is_sound.then(|| Arc::new(reference.text.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(kind: CopyKind, day: &str, judged: CopyJudgement) -> NewCopy {
        NewCopy {
            archive: "Wayback Machine".to_owned(),
            url: "https://web.archive.org/web/20230508000000/https://a.example/".to_owned(),
            time: Some(format!("{day}T00:00:00Z").parse().unwrap()),
            judged: Some(judged),
            code: None,
            kind,
            job: None,
            body_sha256: None,
        }
    }

    #[test]
    fn a_cited_copy_and_a_near_memento_are_references() {
        use CopyJudgement::{Bad, Far, Good};
        use CopyKind::{Cited, Found, Own, Saved};
        let cited_on = PartialDate::parse("2023-05-08");
        for (kind, day, judged, cited_on, want) in [
            (
                Cited,
                "2025-01-01",
                Far,
                cited_on,
                Some(ReferenceSource::Cited),
            ),
            (
                Cited,
                "2023-05-08",
                Good,
                None,
                Some(ReferenceSource::Cited),
            ),
            (Cited, "2023-05-08", Bad, cited_on, None),
            (
                Found,
                "2023-06-08",
                Good,
                cited_on,
                Some(ReferenceSource::Memento),
            ),
            (
                Found,
                "2023-04-08",
                Good,
                cited_on,
                Some(ReferenceSource::Memento),
            ),
            (Found, "2023-06-10", Good, cited_on, None),
            (Found, "2023-05-08", Good, None, None),
            (
                Saved,
                "2023-05-09",
                Good,
                cited_on,
                Some(ReferenceSource::Memento),
            ),
            (Own, "2023-05-08", Good, cited_on, None),
        ] {
            let text = PageContent::of_plain("some words of a page");
            let found = reference(&copy(kind, day, judged), text, cited_on);
            assert_eq!(found.map(|r| r.source), want, "{kind} {day} {judged}");
        }
        let empty = PageContent::default();
        assert_eq!(
            reference(&copy(Cited, "2023-05-08", Good), empty, None),
            None
        );
    }

    #[test]
    fn copies_are_compared_with_the_page_as_it_was_cited_only() {
        use ReferenceSource::{Accepted, First, Memento};
        let at = |day: &str| format!("{day}T00:00:00Z").parse().unwrap();
        let text = PageContent::of_plain("some words of a page");
        let known = |source, day, is_living| CitedPage {
            reference: Some(LinkReference {
                is_living,
                ..LinkReference::new(source, at(day), None, text.clone())
            }),
            ..CitedPage::default()
        };
        let cited_on = PartialDate::parse("2023-05-08");
        for (source, day, is_living, cited_on, want) in [
            (First, "2023-05-20", None, cited_on, true),
            (First, "2026-05-20", None, cited_on, false),
            (First, "2026-05-20", None, None, true),
            (Memento, "2023-05-20", None, cited_on, true),
            (Memento, "2023-05-20", Some(true), cited_on, false),
            (Accepted, "2026-05-20", Some(false), cited_on, true),
        ] {
            let page = cited_page(&known(source, day, is_living), cited_on);
            assert_eq!(page.is_some(), want, "{source} {day}");
        }
        assert_eq!(cited_page(&CitedPage::default(), None), None);
    }
}
