//! Finds what must not be recorded, all of it in one pass over a text.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::folded::FoldedRun;
use super::reading::{self, BodyReading, Written};
use super::{addresses, escaped, folded, wide};

/// How often escapes are undone within escapes: `%2525` is a percent sign.
const MAX_ESCAPES: usize = 3;

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
#[derive(Debug, Clone)]
struct Place {
    at: Range<usize>,
    kind: Kind,
    written: Written,
}

/// The places in order; those that overlap become one. Text in UTF-16 may be read in either byte
/// order, one byte apart: then the first reading counts, and the characters after it stay whole.
fn merged(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_unstable_by_key(|place| place.at.start);
    let mut merged: Vec<Place> = Vec::with_capacity(places.len());
    for place in places {
        match merged.last_mut() {
            Some(last) if place.at.start < last.at.end => {
                if last.written == place.written {
                    last.at.end = last.at.end.max(place.at.end);
                }
            }
            _ => merged.push(place),
        }
    }
    merged
}

/// The places with the shifts of ISO-2022-JP before them; those that then touch become one.
fn with_shifts(text: &[u8], places: Vec<Place>) -> Vec<Place> {
    let mut widened: Vec<Place> = Vec::with_capacity(places.len());
    for mut place in places {
        if place.written == Written::Shifted {
            let end = widened.last().map_or(0, |last| last.at.end);
            place.at.start = reading::start_with_shifts(text, place.at.start).max(end);
        }
        match widened.last_mut() {
            Some(last) if last.written == Written::Shifted && place.at.start <= last.at.end => {
                last.at.end = last.at.end.max(place.at.end);
            }
            _ => widened.push(place),
        }
    }
    widened
}

/// Whether one of `places`, which are in order and do not overlap, has a part in `at`.
fn has_part_in(places: &[Place], at: &Range<usize>) -> bool {
    let first = places.partition_point(|known| known.at.end <= at.start);
    places
        .get(first)
        .is_some_and(|known| known.at.start < at.end)
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
        merged(self.places_in_bytes(text))
    }

    fn places_in_bytes(&self, text: &[u8]) -> Vec<Place> {
        let place = |(at, kind), written| Place { at, kind, written };
        let runs = |plain: &[u8]| folded::runs(plain);
        let narrow = self.narrow_places(text, &runs, MAX_ESCAPES).into_iter();
        let mut places: Vec<Place> = narrow.map(|found| place(found, Written::Narrow)).collect();
        for run in wide::runs(text) {
            let within = |at: usize| run.at.start + at * run.form.width;
            let found = self
                .narrow_places(&run.narrow, &runs, MAX_ESCAPES)
                .into_iter();
            let found = found.map(|(at, kind)| (within(at.start)..within(at.end), kind));
            places.extend(found.map(|found| place(found, Written::Wide(run.form))));
        }
        for run in folded::runs(text) {
            let found = self.plain_places(&run.plain).into_iter();
            let written = run.form.map_or(Written::Narrow, Written::Wide);
            places.extend(found.map(|(at, kind)| place((run.place(&at), kind), written)));
        }
        places
    }

    /// The places in a text with a byte for each ASCII character, whether escaped or not.
    fn narrow_places(
        &self,
        text: &[u8],
        runs: &dyn Fn(&[u8]) -> Vec<FoldedRun>,
        depth: usize,
    ) -> Vec<(Range<usize>, Kind)> {
        let mut places = self.plain_places(text);
        for run in escaped::runs(text) {
            let mut found = if depth > 1 {
                self.narrow_places(&run.plain, runs, depth - 1)
            } else {
                self.plain_places(&run.plain)
            };
            found.extend(self.folded_places(&run.plain, runs));
            let found = found.into_iter();
            places.extend(found.map(|(at, kind)| (run.place(&at), kind)));
        }
        places
    }

    /// The places that are written in characters that NFKC folds to ASCII.
    fn folded_places(
        &self,
        text: &[u8],
        runs: &dyn Fn(&[u8]) -> Vec<FoldedRun>,
    ) -> Vec<(Range<usize>, Kind)> {
        let mut places = Vec::new();
        for run in runs(text) {
            let found = self.plain_places(&run.plain).into_iter();
            places.extend(found.map(|(at, kind)| (run.place(&at), kind)));
        }
        places
    }

    /// Where something stands in `body` that must go, as its readings show it and as its bytes do.
    /// Where the two overlap, the reading counts, in which it begins and ends with whole
    /// characters.
    fn places_in_body(&self, body: &[u8], readings: &[BodyReading]) -> Vec<Place> {
        let runs = |text: &[u8]| folded::runs_of_text(text);
        let mut read = Vec::new();
        for reading in readings {
            let text = reading.text.as_bytes();
            let mut found = self.narrow_places(text, &runs, MAX_ESCAPES);
            found.extend(self.folded_places(text, &runs));
            let written = reading.written();
            let place = |(at, kind)| Place { at, kind, written };
            let found = merged(found.into_iter().map(place).collect());
            let parts: Vec<_> = found.iter().map(|place| place.at.clone()).collect();
            let places = reading.bytes(body, &parts);
            let found = found.into_iter().zip(places);
            read.extend(found.map(|(place, at)| Place { at, ..place }));
        }
        let read = merged(read);
        // A body that states UTF-16 is read at the places where its characters begin.
        let is_wide = readings.iter().any(BodyReading::states_utf_16);
        let mut others = self.places_in_bytes(body);
        others.retain(|place| {
            let is_half = matches!(place.written, Written::Wide(form) if form.width == 2);
            !(is_wide && is_half || has_part_in(&read, &place.at))
        });
        others.extend(read);
        merged(others)
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
        without(text, self.places(text), kinds)
    }

    /// [`Search::replaced`] of a body with its readings.
    pub(super) fn replaced_in_body(
        &self,
        body: &[u8],
        readings: &[BodyReading],
        kinds: &mut BTreeSet<&'static str>,
    ) -> Option<Vec<u8>> {
        without(body, self.places_in_body(body, readings), kinds)
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
        for Place { at, written, .. } in places {
            match written {
                Written::Wide(form) => form.overwrite(&mut out, at),
                Written::Narrow | Written::Shifted => out[at].fill(b'x'),
            }
        }
        Some(out)
    }
}

/// The text without the places, whose kinds are noted.
fn without(text: &[u8], places: Vec<Place>, kinds: &mut BTreeSet<&'static str>) -> Option<Vec<u8>> {
    if places.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut from = 0;
    for place in with_shifts(text, places) {
        kinds.insert(place.kind.as_str());
        out.extend_from_slice(&text[from..place.at.start]);
        out.extend(reading::replacement(text, &place.at, place.written));
        from = place.at.end;
    }
    out.extend_from_slice(&text[from..]);
    Some(out)
}
