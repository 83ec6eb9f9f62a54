//! Finds what must not be recorded, all of it in one pass over a text.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::wide::{self, WideForm};
use super::{addresses, escaped, folded};

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
    /// It is a number, or ends with numbers: within a longer one it means something else.
    pub(super) is_alone: bool,
}

/// Where something stands that must go.
struct Place {
    at: Range<usize>,
    kind: Kind,
    /// How its characters are written; `None` with a byte each.
    form: Option<WideForm>,
}

/// The places in order; those that overlap become one. Text in UTF-16 may be read in either byte
/// order, one byte apart: then the first reading counts, and the characters after it stay whole.
fn merged(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_unstable_by_key(|place| place.at.start);
    let mut merged: Vec<Place> = Vec::with_capacity(places.len());
    for place in places {
        match merged.last_mut() {
            Some(last) if place.at.start < last.at.end => {
                if last.form == place.form {
                    last.at.end = last.at.end.max(place.at.end);
                }
            }
            _ => merged.push(place),
        }
    }
    merged
}

/// The needles and addresses of one record.
pub(super) struct Search<'a> {
    needles: &'a [Needle],
    own: &'a [IpAddr],
    automaton: AhoCorasick,
}

impl<'a> Search<'a> {
    /// `None` when there is nothing to look for (or too much of it for an automaton, which the
    /// jar's bounds rule out).
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
    fn places(&self, text: &[u8]) -> Vec<Place> {
        let place = |(at, kind), form| Place { at, kind, form };
        let narrow = self.narrow_places(text).into_iter();
        let mut places: Vec<Place> = narrow.map(|found| place(found, None)).collect();
        for run in wide::runs(text) {
            let within = |at: usize| run.at.start + at * run.form.width;
            let found = self.narrow_places(&run.narrow).into_iter();
            let found = found.map(|(at, kind)| (within(at.start)..within(at.end), kind));
            places.extend(found.map(|found| place(found, Some(run.form))));
        }
        places.extend(self.folded_places(text));
        merged(places)
    }

    /// The places in a text with a byte for each ASCII character, whether escaped or not.
    fn narrow_places(&self, text: &[u8]) -> Vec<(Range<usize>, Kind)> {
        let mut places = self.plain_places(text);
        for run in escaped::runs(text) {
            let mut found = self.plain_places(&run.plain);
            let folded = self.folded_places(&run.plain).into_iter();
            found.extend(folded.map(|place| (place.at, place.kind)));
            let found = found.into_iter();
            places.extend(found.map(|(at, kind)| (run.place(&at), kind)));
        }
        places
    }

    /// The places that are written in characters that NFKC folds to ASCII.
    fn folded_places(&self, text: &[u8]) -> Vec<Place> {
        let mut places = Vec::new();
        for run in folded::runs(text) {
            let found = self.plain_places(&run.plain).into_iter();
            places.extend(found.map(|(at, kind)| Place {
                at: run.place(&at),
                kind,
                form: run.form,
            }));
        }
        places
    }

    /// The places in a text, taken as it stands.
    fn plain_places(&self, text: &[u8]) -> Vec<(Range<usize>, Kind)> {
        let mut places: Vec<(Range<usize>, Kind)> = self
            .automaton
            .find_iter(text)
            .map(|found| (found.start()..found.end(), &self.needles[found.pattern()]))
            .filter(|(at, needle)| !needle.is_alone || addresses::stands_alone(text, at))
            .map(|(at, needle)| (at, needle.kind))
            .collect();
        if !self.own.is_empty() {
            let sixes = addresses::six_places(text, |ip| self.own.contains(&ip));
            places.extend(sixes.map(|at| (at, Kind::Address)));
        }
        places
    }

    /// Whether the text holds anything that must go.
    pub(super) fn finds(&self, text: &[u8]) -> bool {
        !self.places(text).is_empty()
    }

    /// The text without the needles, whose kinds are noted; `None` when it holds none, so that
    /// nothing is copied. What stands in their place is written in the same form.
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
        for place in places {
            out.extend_from_slice(&text[from..place.at.start]);
            match place.form {
                Some(form) => out.extend_from_slice(&form.widen(REDACTED)),
                None => out.extend_from_slice(REDACTED.as_bytes()),
            }
            from = place.at.end;
            kinds.insert(place.kind.as_str());
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
        for Place { at, form, .. } in places {
            match form {
                Some(form) => form.overwrite(&mut out, at),
                None => out[at].fill(b'x'),
            }
        }
        Some(out)
    }
}
