//! The baseline: the verdict that is normal for a (probe, vantage).
//!
//! It is the one declared in the probe file, or else the best status confirmed so far. It rises by
//! itself, and falls only when a person accepts a worse code (`edit::accept`).

use crate::model::{Code, Status};

/// Whether a code may ever be normal. Codes that look like an outage, and codes that say nothing
/// about the source, never are.
#[must_use]
pub fn may_be_baseline(code: Code) -> bool {
    code.is_about_source() && !code.is_outage_like()
}

/// Applies the declaration of the probe file. When a declaration is removed, its value stays as an
/// ordinary baseline.
pub(super) fn declare(status: &mut Status, declared: Option<Code>) {
    status.baseline_fixed = declared.is_some();
    if declared.is_some() {
        status.baseline = declared;
    }
}

/// Raises the baseline to a confirmed code that is better, or sets it to the first code that
/// qualifies.
pub(super) fn raise_to(status: &mut Status, confirmed: Code) {
    if status.baseline_fixed || !may_be_baseline(confirmed) {
        return;
    }
    let better = status
        .baseline
        .is_none_or(|old| confirmed.severity() < old.severity());
    if better {
        status.baseline = Some(confirmed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::fixtures::status_of;

    #[test]
    fn transport_5xx_and_our_own_end_never_become_normal() {
        for code in [
            Code::TcpTimeout,
            Code::HttpServerError,
            Code::DnsForged,
            Code::VantageOffline,
            Code::SkippedRobots,
            Code::Insufficient,
        ] {
            assert!(!may_be_baseline(code), "{code}");
            let mut status = status_of(code);
            status.baseline = None;
            raise_to(&mut status, code);
            assert_eq!(status.baseline, None);
        }
        assert!(may_be_baseline(Code::SiteGeoBlock));
    }

    #[test]
    fn it_rises_and_never_falls_by_itself() {
        let mut status = status_of(Code::SiteGeoBlock);
        status.baseline = None;
        for (confirmed, baseline) in [
            (Code::TcpTimeout, None),
            (Code::SiteGeoBlock, Some(Code::SiteGeoBlock)),
            (Code::SiteLogin, Some(Code::SiteLogin)),
            (Code::SiteGeoBlock, Some(Code::SiteLogin)),
            (Code::Ok, Some(Code::Ok)),
            (Code::SiteLogin, Some(Code::Ok)),
        ] {
            raise_to(&mut status, confirmed);
            assert_eq!(status.baseline, baseline);
        }
    }

    #[test]
    fn a_declared_one_stays() {
        let mut status = status_of(Code::SiteChallenge);
        declare(&mut status, Some(Code::SiteChallenge));
        raise_to(&mut status, Code::Ok);
        assert_eq!(status.baseline, Some(Code::SiteChallenge));
        declare(&mut status, None);
        raise_to(&mut status, Code::Ok);
        assert_eq!(status.baseline, Some(Code::Ok));
    }
}
