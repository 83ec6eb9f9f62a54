//! Finds what must not be recorded, all of it in one pass over a text.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::addresses;

/// What stands where something was taken out.
pub const REDACTED: &str = "[redacted]";

/// What a place that is taken out is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Address,
    Cookie,
    Token,
    Login,
}

impl Kind {
    /// The kind as metadata records of evidence name it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Address => "client address",
            Self::Cookie => "cookies",
            Self::Token => "tokens",
            Self::Login => "authorization",
        }
    }
}

/// A text that is looked for, in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needle {
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// The needles and addresses of one record.
pub(super) struct Search<'a> {
    needles: &'a [Needle],
    own: &'a [IpAddr],
    automaton: AhoCorasick,
}

impl<'a> Search<'a> {
    /// `None` when there is nothing to look for (or too much of it for an automaton, which the jar's
    /// bounds rule out).
    pub(super) fn new(needles: &'a [Needle], own: &'a [IpAddr]) -> Option<Self> {
        if needles.is_empty() && own.is_empty() {
            return None;
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(needles.iter().map(|n| &n.text))
            .ok()?;
        Some(Self {
            needles,
            own,
            automaton,
        })
    }

    /// Where something stands that must go, in order, without overlaps.
    fn places(&self, text: &[u8]) -> Vec<(Range<usize>, Kind)> {
        let mut places: Vec<(Range<usize>, Kind)> = self
            .automaton
            .find_iter(text)
            .map(|found| {
                let kind = self.needles[found.pattern()].kind;
                (found.start()..found.end(), kind)
            })
            .filter(|(at, kind)| *kind != Kind::Address || addresses::stands_alone(text, at))
            .collect();
        if !self.own.is_empty() {
            let sixes = addresses::six_places(text, |ip| self.own.contains(&ip));
            places.extend(sixes.map(|at| (at, Kind::Address)));
        }
        places.sort_unstable_by_key(|(at, _)| at.start);
        let mut end = 0;
        places.retain(|(at, _)| {
            let is_behind = at.start >= end;
            if is_behind {
                end = at.end;
            }
            is_behind
        });
        places
    }

    /// Whether the text holds anything that must go.
    pub(super) fn finds(&self, text: &[u8]) -> bool {
        !self.places(text).is_empty()
    }

    /// The text without the needles, whose kinds are noted; `None` when it holds none, so that
    /// nothing is copied.
    pub(super) fn replaced(
        &self,
        text: &[u8],
        kinds: &mut BTreeSet<&'static str>,
    ) -> Option<Vec<u8>> {
        let places = self.places(text);
        if places.is_empty() {
            return None;
        }
        let mut out = Vec::with_capacity(text.len());
        let mut from = 0;
        for (at, kind) in places {
            out.extend_from_slice(&text[from..at.start]);
            out.extend_from_slice(REDACTED.as_bytes());
            from = at.end;
            kinds.insert(kind.as_str());
        }
        out.extend_from_slice(&text[from..]);
        Some(out)
    }

    /// [`Search::replaced`] of a field.
    pub(super) fn clean(&self, text: &mut String, kinds: &mut BTreeSet<&'static str>) {
        if let Some(clean) = self.replaced(text.as_bytes(), kinds) {
            *text = String::from_utf8_lossy(&clean).into_owned();
        }
    }

    /// The bytes with the needles overwritten, at the same length: what has a length in it, such as
    /// a certificate, can still be read.
    pub(super) fn overwritten(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let places = self.places(bytes);
        if places.is_empty() {
            return None;
        }
        let mut out = bytes.to_vec();
        for (at, _) in places {
            out[at].fill(b'x');
        }
        Some(out)
    }
}
