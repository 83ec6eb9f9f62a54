//! A page that was seen once becomes a probe file to be edited.
//!
//! * `names` tells names that people gave from those that tools made
//! * `markers` chooses selectors and words of the title
//! * `values` finds counts and dates
//! * `draft` writes the file
//!
//! What is proposed was held against the page it came from: it loads, and says `ok` there. Behind a wall nothing but the
//! wall was seen, and nothing is proposed but the address.

mod draft;
mod markers;
mod names;
mod values;

use std::path::Path;

use crate::config::single;
use crate::judge::{Judge, Kind};
use crate::model::page::History;
use crate::model::{Code, Measurement, Verdict};
use crate::text::charset;
use crate::text::outline::outline;
use crate::text::tree::Tree;

pub use draft::Frame;
pub use names::source_id;

/// Elements looked at for selectors; more is a very long page.
const MAX_ELEMENTS: usize = 20_000;

/// What is proposed for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// A probe file.
    pub text: String,
    /// The verdict of the page by itself; not `ok`: a wall.
    pub seen: Code,
}

/// What stands in a file beyond the address; each is tried in turn until the page itself is `ok` by it.
#[derive(Debug, Clone, Default)]
struct Finds {
    title: Option<String>,
    select: Vec<String>,
    media: Option<String>,
    min_bytes: Option<u64>,
    charset: Option<String>,
    values: Vec<values::Found>,
}

/// A probe file for a page, by one measurement of it. None when there is nothing to watch: no answer, an error, a page
/// that is not there.
#[must_use]
pub fn propose(judge: &Judge, m: &Measurement, frame: &Frame<'_>) -> Option<Proposal> {
    let reading = judge.read(m, None);
    let verdict = judge.decide(&reading, m, None, &History::new(), m.started());
    if verdict.code != Code::Ok {
        return is_wall(verdict.code).then(|| Proposal {
            text: draft::wall(frame, m, &verdict),
            seen: verdict.code,
        });
    }
    let mut finds = finds(m, reading.kind, reading.facts.title.as_deref(), frame);
    loop {
        let text = draft::page(frame, m, &reading, &finds);
        if holds(judge, m, &text) {
            let seen = verdict.code;
            return Some(Proposal { text, seen });
        }
        // What does not hold on the page that it was taken from is left out, the boldest first.
        if !finds.values.is_empty() {
            finds.values.clear();
        } else if !finds.select.is_empty() {
            finds.select.clear();
        } else if finds.title.take().is_none() && finds.min_bytes.take().is_none() {
            return None;
        }
    }
}

/// The site answered, and not with the page.
fn is_wall(code: Code) -> bool {
    let code = code.as_str();
    code.starts_with("site.") || matches!(code, "http.forbidden" | "http.unauthorized")
}

/// Whether a file loads, and its probe is `ok` by this measurement.
fn holds(judge: &Judge, m: &Measurement, text: &str) -> bool {
    let Ok((_, probes)) = single::source(Path::new("proposed.toml"), text) else {
        return false;
    };
    probes.iter().all(|probe| {
        let reading = judge.read(m, Some(probe));
        let verdict: Verdict = judge.decide(&reading, m, Some(probe), &History::new(), m.started());
        verdict.code == Code::Ok
    })
}

fn finds(m: &Measurement, kind: Kind, title: Option<&str>, frame: &Frame<'_>) -> Finds {
    let Some(last) = m.last_request() else {
        return Finds::default();
    };
    let media = last.response.header("content-type");
    let (source, facts) = charset::decode(&last.response.body.0, media, None);
    let bytes = m.extra().map_or(0, |x| x.body_bytes);
    let mut finds = Finds {
        title: title.and_then(markers::title),
        media: media.and_then(draft::media_type),
        min_bytes: (bytes >= 2000).then(|| bytes / 2 / 100 * 100),
        ..Finds::default()
    };
    match kind {
        Kind::Html => {
            if facts.by == "guess" && facts.name != "utf-8" {
                finds.charset = Some(facts.name);
            }
            let tree = Tree::parse(&source);
            let elements = outline(&tree, MAX_ELEMENTS);
            finds.select = markers::selectors(&elements, &tree);
            finds.values = values::of_page(&source, &elements, &tree, frame.today);
        }
        Kind::Json => finds.values = values::of_json(&source, frame.today),
        Kind::Text => finds.values = values::of_feed(&source, frame.today),
        Kind::None | Kind::Binary => {}
    }
    finds
}
