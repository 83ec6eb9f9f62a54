//! The captures of a link, in the order in which they are looked at: nearest to the day of citing
//! first, the earlier one of two that are equally near; without a day, the newest first.

use std::collections::HashSet;

use chrono::TimeDelta;
use url::Url;

use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::copy::{CopyJudgement, CopyKind, NewCopy};

/// A capture that may be a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The name of the archive.
    pub archive: String,
    pub url: Url,
    pub time: Time,
    pub kind: CopyKind,
}

impl Candidate {
    /// The copy as it is kept before its content is known.
    #[must_use]
    pub fn copy(&self, judged: Option<CopyJudgement>) -> NewCopy {
        NewCopy {
            archive: self.archive.clone(),
            url: self.url.to_string(),
            time: Some(self.time),
            judged,
            code: None,
            kind: self.kind,
            job: None,
            body_sha256: None,
        }
    }
}

/// Whether a capture is more than a year from the day of citing.
#[must_use]
pub fn is_far(time: Time, cited_on: Option<PartialDate>) -> bool {
    let distance = cited_on.and_then(|day| day.distance(time));
    distance.is_some_and(|distance| distance > TimeDelta::days(366))
}

/// The captures that are left to be looked at.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    cited_on: Option<PartialDate>,
    /// The nearest one last.
    waiting: Vec<Candidate>,
    known: HashSet<String>,
}

impl Candidates {
    #[must_use]
    pub fn new(cited_on: Option<PartialDate>) -> Self {
        Self {
            cited_on,
            ..Self::default()
        }
    }

    /// Captures that are not looked at again.
    pub fn leave_out(&mut self, urls: impl IntoIterator<Item = String>) {
        self.known.extend(urls);
    }

    /// Adds captures; those that were added before are left out.
    pub fn add(&mut self, more: impl IntoIterator<Item = Candidate>) {
        for candidate in more {
            if self.known.insert(candidate.url.to_string()) {
                self.waiting.push(candidate);
            }
        }
        let distance = |time| self.cited_on.and_then(|day| day.distance(time));
        // Stable: the archive that was asked first wins between equal ones.
        self.waiting.reverse();
        self.waiting.sort_by(|a, b| {
            let order = match (distance(a.time), distance(b.time)) {
                (Some(one), Some(other)) => one.cmp(&other).then(a.time.cmp(&b.time)),
                _ => b.time.cmp(&a.time),
            };
            order.reverse()
        });
    }

    /// Leaves only captures of one kind to be looked at.
    pub fn retain_kind(&mut self, kind: CopyKind) {
        self.waiting.retain(|candidate| candidate.kind == kind);
    }

    /// The next one to look at.
    pub fn next_one(&mut self) -> Option<Candidate> {
        self.waiting.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::copies::memento::stamp_time;

    fn order(cited_on: Option<&str>, stamps: &[&str]) -> Vec<String> {
        let mut candidates = Candidates::new(cited_on.map(|d| PartialDate::parse(d).unwrap()));
        let candidate = |stamp: &&str| Candidate {
            archive: "a".to_owned(),
            url: Url::parse(&format!("https://a.example/{stamp}")).unwrap(),
            time: stamp_time(stamp).unwrap(),
            kind: CopyKind::Found,
        };
        candidates.add(stamps.iter().map(candidate));
        candidates.add(stamps.iter().map(candidate));
        std::iter::from_fn(|| candidates.next_one())
            .map(|c| c.url.path()[1..].to_owned())
            .collect()
    }

    #[test]
    fn the_nearest_is_first_and_the_earlier_of_two() {
        let stamps = ["20230101", "20230601", "20230509", "20230507"];
        let nearest = ["20230507", "20230509", "20230601", "20230101"];
        // The whole day is the day of citing: from its end to the ninth there is no time.
        let want = ["20230509", "20230507", "20230601", "20230101"];
        assert_eq!(order(Some("2023-05-08"), &stamps), want);
        assert_eq!(
            order(Some("2023-05"), &stamps),
            ["20230507", "20230509", "20230601", "20230101"]
        );
        assert_eq!(order(Some("2023-05"), &stamps), nearest);
        let even = ["20230510", "20230507"];
        assert_eq!(order(Some("2023-05-08"), &even), ["20230507", "20230510"]);
        assert_eq!(
            order(None, &stamps),
            ["20230601", "20230509", "20230507", "20230101"]
        );
    }

    #[test]
    fn far_is_more_than_a_year() {
        for (stamp, cited, want) in [
            ("20230508", Some("2023-05-08"), false),
            ("20240508", Some("2023-05-08"), false),
            ("20240601", Some("2023-05-08"), true),
            ("20220401", Some("2023-05-08"), true),
            ("20241231", Some("2023"), false),
            ("19990101", None, false),
        ] {
            let cited = cited.map(|d| PartialDate::parse(d).unwrap());
            assert_eq!(is_far(stamp_time(stamp).unwrap(), cited), want, "{stamp}");
        }
    }
}
