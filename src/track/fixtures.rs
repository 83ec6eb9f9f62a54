//! Constructors of statuses, attempts and settings for the tests of this folder.

use std::time::Duration;

use crate::model::round::Attempt;
use crate::model::settings::Confirm;
use crate::model::{Code, Locus, Observation, ProbeKey, Status, Time};

pub(crate) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

pub(crate) fn start() -> Time {
    time("2026-03-02T01:20:00Z")
}

/// The shipped `[confirm]`.
pub(crate) fn confirm() -> Confirm {
    let seconds = |list: &[u64]| list.iter().copied().map(Duration::from_secs).collect();
    Confirm {
        after: seconds(&[20, 60, 180]),
        recover_after: seconds(&[20, 60]),
        hold: Duration::from_secs(90 * 60),
        night: Some((22 * 60, 8 * 60)),
    }
}

/// A status that turned to `code` from a baseline of `ok`, or is `ok`.
pub(crate) fn status_of(code: Code) -> Status {
    let probe = ProbeKey::new("cnki", "home");
    let mut status = Status::new(probe, "here".into(), code, Locus::Unknown, start());
    status.baseline = Some(Code::Ok);
    status.first_bad = (code != Code::Ok).then(start);
    status
}

pub(crate) fn attempts(codes: &[Code]) -> Vec<Attempt> {
    (0u32..)
        .zip(codes)
        .map(|(n, &code)| Attempt {
            uid: format!("m{n}").into(),
            attempt: n,
            started: start() + chrono::TimeDelta::seconds(i64::from(n) * 60),
            observed: Observation::new(code, Locus::Unknown),
            ooni_control: None,
            attribution: None,
        })
        .collect()
}
