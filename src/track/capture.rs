//! Whether a capture in an archive shows what was cited.

use super::links::observation;
use crate::model::Code;
use crate::model::drift::PageComparison;
use crate::model::link::LinkObservation;

/// Why a capture is not a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptureFault {
    /// It was not served with 200.
    Status(Option<u16>),
    /// It shows an error page, a wall or a challenge.
    Page(Code),
    /// A quoted passage is not in it, or a figure in the passage is another one.
    Passage,
    /// It is not alike to the reference.
    Unlike,
}

/// Judges a capture by its verdict, its status, and its comparison with what was cited; `None` when
/// it may serve as a copy. `is_known_page`: a signature names the page.
#[must_use]
pub fn capture_fault(
    code: Code,
    status: Option<u16>,
    is_known_page: bool,
    comparison: &PageComparison,
) -> Option<CaptureFault> {
    let is_served = observation(code, status, is_known_page) == Some(LinkObservation::Served);
    if !is_served || is_known_page {
        return Some(CaptureFault::Page(code));
    }
    if status != Some(200) {
        return Some(CaptureFault::Status(status));
    }
    if comparison.has_passages == Some(false) {
        return Some(CaptureFault::Passage);
    }
    (comparison.is_alike == Some(false)).then_some(CaptureFault::Unlike)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cited_page_is_a_copy() {
        let alike = PageComparison {
            is_alike: Some(true),
            has_passages: Some(true),
            ..PageComparison::default()
        };
        let lost = PageComparison {
            has_passages: Some(false),
            ..alike.clone()
        };
        let unlike = PageComparison {
            is_alike: Some(false),
            has_passages: None,
            ..alike.clone()
        };
        let unknown = PageComparison::default();
        for (code, status, known, comparison, want) in [
            (Code::Ok, Some(200), false, &alike, None),
            (Code::Ok, Some(200), false, &unknown, None),
            (
                Code::Ok,
                Some(206),
                false,
                &alike,
                Some(CaptureFault::Status(Some(206))),
            ),
            (
                Code::Ok,
                Some(200),
                true,
                &alike,
                Some(CaptureFault::Page(Code::Ok)),
            ),
            (
                Code::ContentSoft404,
                Some(200),
                false,
                &alike,
                Some(CaptureFault::Page(Code::ContentSoft404)),
            ),
            (
                Code::SiteChallenge,
                Some(200),
                true,
                &alike,
                Some(CaptureFault::Page(Code::SiteChallenge)),
            ),
            (
                Code::Ok,
                Some(200),
                false,
                &lost,
                Some(CaptureFault::Passage),
            ),
            (
                Code::Ok,
                Some(200),
                false,
                &unlike,
                Some(CaptureFault::Unlike),
            ),
        ] {
            assert_eq!(
                capture_fault(code, status, known, comparison),
                want,
                "{code} {status:?}"
            );
        }
    }
}
