//! Turns a page that was fetched once into a probe file for editing.
//!
//! * `names` distinguishes names given by people from generated names
//! * `identity` finds what distinguishes the page from others of its site
//! * `markers` chooses selectors, `buttons` those that lead to the full text
//! * `values` finds counts, filled columns and dates: `rows` with `row_columns` and `fields` in
//!   HTML, `columns` and `totals` in JSON, `lines` in CSV and XML, `feed` in feeds
//! * `draft` writes the file
//!
//! Every proposal was checked against the page that it came from: the file loads, and gives `ok`
//! there. Behind a wall only the wall was seen, so only the address is proposed.

mod buttons;
mod columns;
mod draft;
mod feed;
mod fields;
mod finds;
mod found;
mod identity;
mod lines;
mod markers;
mod names;
mod row_columns;
mod rows;
mod totals;
mod values;

use std::collections::BTreeSet;
use std::path::Path;

use crate::config::single;
use crate::judge::{BodyKind, Judge, Reading};
use crate::model::page::History;
use crate::model::{Code, Measurement, Verdict};
use crate::text::outline::outline;
use crate::text::shell::is_shell;
use crate::text::tree::Tree;
use crate::text::{charset, html};

use finds::PageFindings;
use found::ProposedValue;

pub use draft::SourceHeader;
pub use names::source_id;

/// How many elements are searched for selectors; a page with more is very long.
const MAX_ELEMENTS: usize = 20_000;

/// The proposal for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// A probe file.
    pub text: String,
    /// The verdict of the page by itself; any other than `ok`: a wall.
    pub seen: Code,
}

/// A probe file for a page, from one measurement. `None` when there is nothing to watch: no answer,
/// an error, a missing page.
#[must_use]
pub fn propose(judge: &Judge, m: &Measurement, frame: &SourceHeader<'_>) -> Option<Proposal> {
    let wrong = wrong_charset(m);
    let forced = wrong.as_ref().and_then(|(charset, _)| {
        let text = draft::bare(frame, charset);
        let (_, probes) = single::source(Path::new("proposed.toml"), &text).ok()?;
        probes.into_iter().next()
    });
    let reading = judge.read(m, forced.as_ref());
    let verdict = judge.decide(&reading, m, None, &History::new(), m.started());
    if verdict.code != Code::Ok {
        return is_wall(verdict.code).then(|| Proposal {
            text: draft::wall(frame, m, &verdict),
            seen: verdict.code,
        });
    }
    let mut finds = finds(m, &reading, wrong, frame);
    loop {
        let text = draft::page(frame, m, &reading, &finds);
        if holds(judge, m, &text) {
            let seen = verdict.code;
            return Some(Proposal { text, seen });
        }
        // Proposals that fail on their own page are left out, the boldest first.
        let before = finds.values.len();
        let alone = |value: &ProposedValue| {
            let only = PageFindings {
                values: vec![value.clone()],
                charset: finds.charset.clone(),
                ..PageFindings::default()
            };
            holds(judge, m, &draft::page(frame, m, &reading, &only))
        };
        let kept: Vec<_> = finds.values.iter().filter(|v| alone(v)).cloned().collect();
        finds.values = kept;
        if finds.values.len() < before || finds.contains.take().is_some() {
            continue;
        }
        if !finds.values.is_empty() {
            finds.values = together(&finds, |finds| {
                holds(judge, m, &draft::page(frame, m, &reading, finds))
            });
        } else if !finds.select.is_empty() {
            finds.select.clear();
        } else if !finds.full_text.is_empty() {
            finds.full_text.clear();
        } else if finds.title.take().is_none() && finds.min_bytes.take().is_none() {
            return None;
        }
    }
}

/// The values that hold together, in their order; none, when even the last one that was added is
/// not at fault alone.
fn together(finds: &PageFindings, holds: impl Fn(&PageFindings) -> bool) -> Vec<ProposedValue> {
    let mut trial = PageFindings {
        values: Vec::new(),
        ..finds.clone()
    };
    for value in &finds.values {
        trial.values.push(value.clone());
        if !holds(&trial) {
            trial.values.pop();
        }
    }
    if trial.values.len() == finds.values.len() {
        trial.values.clear();
    }
    trial.values
}

/// Gives values that share a name different ones: the columns of rows are named after their
/// classes.
fn name_apart(values: &mut [ProposedValue]) {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for value in values {
        let base = value.name.clone();
        let mut n = 2;
        while !names.insert(value.name.clone()) {
            value.name = format!("{base}_{n}");
            n += 1;
        }
    }
}

/// The site answered without the page.
fn is_wall(code: Code) -> bool {
    let code = code.as_str();
    code.starts_with("site.") || matches!(code, "http.forbidden" | "http.unauthorized")
}

/// Whether a file loads, and its probe is `ok` for this measurement.
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

/// The actual charset of a page that states another one and cannot be read by it; and the reason.
fn wrong_charset(m: &Measurement) -> Option<(String, String)> {
    let response = &m.last_request()?.response;
    let media = response.header("content-type");
    let charset = charset::instead(&response.body.0, media)?.to_ascii_lowercase();
    let (text, stated) = charset::decode(&response.body.0, media, None);
    let unread = text.matches('\u{fffd}').count();
    let by = match stated.by.as_str() {
        "header" => "the answer says",
        "meta" => "the page says",
        _ => "its first bytes say",
    };
    let why = format!(
        "guessed: {by} {}, by which {unread} characters cannot be read",
        stated.name
    );
    Some((charset, why))
}

/// `wrong`: the charset to state instead of the page's own.
fn finds(
    m: &Measurement,
    reading: &Reading,
    wrong: Option<(String, String)>,
    frame: &SourceHeader<'_>,
) -> PageFindings {
    let Some(last) = m.last_request() else {
        return PageFindings::default();
    };
    let media = last.response.header("content-type");
    let forced = wrong.as_ref().map(|(charset, _)| charset.as_str());
    let (source, facts) = charset::decode(&last.response.body.0, media, forced);
    let bytes = m.extra().map_or(0, |x| x.body_bytes);
    let mut finds = PageFindings {
        site: reading.facts.title.as_deref().and_then(identity::site),
        media: media.and_then(draft::media_type),
        min_bytes: (bytes >= 2000).then(|| bytes / 2 / 100 * 100),
        charset: wrong,
        ..PageFindings::default()
    };
    match reading.kind {
        BodyKind::Html => {
            if facts.by == "guess" && facts.name != "utf-8" {
                let why = "guessed: neither the answer nor the page names one";
                finds.charset = Some((facts.name, why.to_owned()));
            }
            let title = reading.facts.title.as_deref().unwrap_or_default();
            of_page(&source, title, frame, &mut finds);
            // A page that only shows JSON is an interface.
            let of_json = values::of_json(&source, frame.today);
            if !of_json.is_empty() {
                finds.values = of_json;
                finds.select.clear();
            }
        }
        BodyKind::Json => finds.values = values::of_json(&source, frame.today),
        BodyKind::Text => {
            finds.values = feed::of_feed(&source, frame.today);
            if finds.values.is_empty() {
                finds.values = lines::of_lines(&source, frame.today);
            }
        }
        BodyKind::None | BodyKind::Binary => {}
    }
    name_apart(&mut finds.values);
    finds
}

fn of_page(source: &str, title: &str, frame: &SourceHeader<'_>, finds: &mut PageFindings) {
    let text = html::read(source).text;
    let tree = Tree::parse(source);
    let elements = outline(&tree, MAX_ELEMENTS);
    let rows = rows::sets(&elements, &tree);
    let is_home = frame.url.path() == "/" && frame.url.query().is_none();
    let identity = identity::identity(title, source, &elements, &tree, is_home);
    finds.is_shell = is_shell(source, &text);
    finds.title = identity.title;
    finds.contains = identity
        .text
        .filter(|text| title.contains(text.as_str()) || !identity::is_item(text, &elements));
    let heading = buttons::abstract_in(&text).filter(|_| !is_home);
    if heading.is_some() || identity.is_named && !is_home {
        finds.full_text = buttons::selectors(&elements, &tree, heading.is_some());
    }
    let is_text = rows.first().is_some_and(|rows| rows.is_text);
    let has_fields = rows.iter().any(|rows| rows.is_of_fields);
    let is_one = identity.is_named && !is_home;
    finds.is_article = is_text && is_one;
    finds.is_record = has_fields && is_one;
    let is_record = !finds.full_text.is_empty();
    if is_record {
        // Parts of the page are not markers of a record: if they disappeared with its buttons, they
        // would hide the loss.
        finds.select = markers::heading(&elements).into_iter().collect();
        finds.values.extend(heading.map(values::heading));
    } else {
        finds.select =
            markers::selectors(&elements, &tree, rows.first().map(|rows| rows.all.as_str()));
    }
    let of_page = values::of_page(source, &elements, &tree, &rows, (frame.today, is_record));
    finds.values.extend(of_page);
}
