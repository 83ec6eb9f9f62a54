//! What `links check` prints of a link: the columns of links.csv, and where the link is cited.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use url::Url;

use super::links_notes::notes;
use crate::cli::args::OutputFormat;
use crate::cli::exit::CliError;
use crate::cli::{out, table};
use crate::engine::link_check::{LinkJob, LinkOutcome};
use crate::links::address;
use crate::links::identity::LinkTarget;
use crate::model::Code;
use crate::model::citation::Citation;
use crate::model::link::LinkState;
use crate::model::time::iso;
use crate::report;
use crate::store::CitedPage;
use crate::text::clean;

/// Places of one link that are shown; a link may be cited a thousand times.
const MAX_PLACES: usize = 100;
/// Characters shown of an address.
const MAX_SHOWN: usize = 2000;

/// A place that cites a link.
struct CitedIn {
    document: String,
    place: String,
    url_as_cited: String,
}

/// A link with the places that cite it.
pub(super) struct CitedLink {
    pub(super) identity: String,
    target: Option<LinkTarget>,
    alternative: Option<Url>,
    fragments: Vec<String>,
    quotes: Vec<String>,
    is_named: bool,
    title: Option<String>,
    written: String,
    cited_in: Vec<CitedIn>,
    citations: u64,
    documents: Vec<String>,
}

impl CitedLink {
    /// A link that the operator names on the command line.
    pub(super) fn named(written: &str, target: LinkTarget) -> Self {
        Self {
            identity: target.identity.clone(),
            fragments: target.fragment.iter().cloned().collect(),
            quotes: target.quote.iter().cloned().collect(),
            target: Some(target),
            alternative: None,
            is_named: true,
            title: None,
            written: written.to_owned(),
            cited_in: Vec::new(),
            citations: 0,
            documents: Vec::new(),
        }
    }

    pub(super) fn cited(
        citation: &Citation,
        document: &str,
        target: LinkTarget,
        alternative: Option<LinkTarget>,
    ) -> Self {
        let mut link = Self::named(&citation.url, target);
        link.is_named = false;
        link.alternative = alternative.map(|a| a.url);
        link.add_quotes(citation.quote.iter().cloned());
        link.add_place(citation, document);
        link
    }

    /// A link that is never fetched: a scheme of its own, or no address.
    pub(super) fn unfetchable(citation: &Citation, document: &str) -> Self {
        let written = clean::line(&address::shown(&citation.url), MAX_SHOWN);
        let mut link = Self {
            identity: written.clone(),
            target: None,
            alternative: None,
            fragments: Vec::new(),
            quotes: Vec::new(),
            is_named: false,
            title: None,
            written,
            cited_in: Vec::new(),
            citations: 0,
            documents: Vec::new(),
        };
        link.add_place(citation, document);
        link
    }

    fn add_quotes(&mut self, quotes: impl IntoIterator<Item = String>) {
        for quote in quotes {
            if !self.quotes.contains(&quote) && self.quotes.len() < MAX_PLACES {
                self.quotes.push(quote);
            }
        }
    }

    fn add_place(&mut self, citation: &Citation, document: &str) {
        self.citations = 1;
        self.title.clone_from(&citation.title);
        self.documents.push(document.to_owned());
        self.cited_in.push(CitedIn {
            document: clean::line(document, MAX_SHOWN),
            place: clean::line(&citation.place.to_string(), 200),
            url_as_cited: clean::line(&address::shown(&citation.url), MAX_SHOWN),
        });
    }

    /// Takes in another citation of the same link.
    pub(super) fn add(&mut self, other: Self) {
        self.is_named |= other.is_named;
        self.citations += other.citations;
        self.title = self.title.take().or(other.title);
        self.alternative = self.alternative.take().or(other.alternative);
        for fragment in other.fragments {
            if !self.fragments.contains(&fragment) && self.fragments.len() < MAX_PLACES {
                self.fragments.push(fragment);
            }
        }
        self.add_quotes(other.quotes);
        for document in other.documents {
            if !self.documents.contains(&document) {
                self.documents.push(document);
            }
        }
        let room = MAX_PLACES.saturating_sub(self.cited_in.len());
        self.cited_in.extend(other.cited_in.into_iter().take(room));
    }

    pub(super) fn job(&self) -> Option<LinkJob> {
        Some(LinkJob {
            target: self.target.clone()?,
            alternative: self.alternative.clone(),
            fragments: self.fragments.clone(),
            is_named: self.is_named,
            cited: Arc::new(CitedPage {
                passages: self.quotes.clone(),
                ..CitedPage::default()
            }),
            known: None,
            is_kept: false,
        })
    }

    /// The outcome while nothing was fetched.
    pub(super) fn unchecked(&self) -> LinkOutcome {
        match &self.target {
            Some(target) => LinkOutcome::new(target),
            None => LinkOutcome::unfetchable(&self.identity),
        }
    }
}

/// One printed link.
pub(super) struct PrintedLink {
    state: LinkState,
    cells: Map<String, Value>,
    /// For people: what was cited and is lost, and who removed the page.
    notes: Vec<String>,
}

/// Rows in the order of `found`; names and order of the columns as links.csv has them.
pub(super) fn rows(found: &[(CitedLink, LinkOutcome)]) -> Vec<PrintedLink> {
    found
        .iter()
        .map(|(link, outcome)| row(link, outcome))
        .collect()
}

fn row(link: &CitedLink, outcome: &LinkOutcome) -> PrintedLink {
    let time = |at: Option<crate::model::Time>| at.map(iso);
    let vantages: Vec<String> = outcome
        .checks
        .iter()
        .filter_map(|c| Some(format!("{}={}", c.vantage, c.code?)))
        .collect();
    let remarks: Vec<String> = outcome.remarks.iter().map(ToString::to_string).collect();
    let url = outcome
        .url
        .as_ref()
        .map_or(link.written.as_str(), Url::as_str);
    let cited_in: Vec<Value> = link
        .cited_in
        .iter()
        .map(|c| json!({"document": c.document, "place": c.place, "url_as_cited": c.url_as_cited}))
        .collect();
    let title = outcome.title.as_ref().or(link.title.as_ref());
    let mut cells = Map::new();
    for (name, value) in [
        ("link_id", Value::Null),
        ("url", json!(clean::line(url, MAX_SHOWN))),
        ("identity", json!(clean::line(&outcome.identity, MAX_SHOWN))),
        ("state", json!(outcome.state.to_string())),
        ("code", json!(outcome.code.map(Code::as_str))),
        ("since_utc", Value::Null),
        ("last_ok_utc", json!(time(outcome.last_ok))),
        ("last_checked_utc", json!(time(outcome.last_checked))),
        ("first_gone_utc", Value::Null),
        ("vantages", json!(vantages)),
        ("moved_to", Value::Null),
        ("archive_url", Value::Null),
        ("archive_time", Value::Null),
        ("archive_judged", Value::Null),
        ("citations", json!(link.citations)),
        ("documents", json!(link.documents.len())),
        ("title", json!(title.map(|t| clean::line(t, 300)))),
        ("suggestion", Value::Null),
        ("remarks", json!(remarks)),
        ("confirmed", json!(outcome.confirmed)),
        ("cited_in", Value::Array(cited_in)),
    ] {
        cells.insert(name.to_owned(), value);
    }
    PrintedLink {
        state: outcome.state,
        cells,
        notes: notes(outcome),
    }
}

/// The columns of CSV.
const COLUMNS: [&str; 23] = [
    "link_id",
    "url",
    "identity",
    "state",
    "code",
    "since_utc",
    "last_ok_utc",
    "last_checked_utc",
    "first_gone_utc",
    "vantages",
    "moved_to",
    "archive_url",
    "archive_time",
    "archive_judged",
    "citations",
    "documents",
    "title",
    "suggestion",
    "remarks",
    "confirmed",
    "document",
    "place",
    "url_as_cited",
];

/// Prints the rows.
pub(super) fn print(rows: &[PrintedLink], format: Option<OutputFormat>) -> Result<(), CliError> {
    match format.unwrap_or(OutputFormat::Table) {
        OutputFormat::Json => {
            let all: Vec<&Map<String, Value>> = rows.iter().map(|row| &row.cells).collect();
            let text = serde_json::to_string_pretty(&all)
                .map_err(|why| CliError::Work(why.to_string()))?;
            out::put(&(text + "\n"))
        }
        OutputFormat::Csv => {
            let lines: Vec<Vec<String>> = rows
                .iter()
                .map(|row| COLUMNS.iter().map(|name| row.text(name)).collect())
                .collect();
            let mut csv = Vec::new();
            report::write_text_rows(&mut csv, &COLUMNS, &lines)
                .map_err(CliError::io("writing the table"))?;
            out::put(&String::from_utf8_lossy(&csv))
        }
        OutputFormat::Table if rows.is_empty() => Ok(()),
        OutputFormat::Table => {
            let columns = ["state", "code", "link", "cited in", "remarks"];
            let lines: Vec<Vec<String>> = rows.iter().map(PrintedLink::for_people).collect();
            out::put(&table::wrapped(&columns, &lines, table::terminal_width()))
        }
    }
}

impl PrintedLink {
    /// A cell as CSV has it: lists are parted by ` | `.
    fn text(&self, name: &str) -> String {
        let places = |part: &str| {
            let cited_in = self.cells.get("cited_in").and_then(Value::as_array);
            let parts = cited_in.into_iter().flatten();
            let parts: Vec<&str> = parts.filter_map(|c| c.get(part)?.as_str()).collect();
            parts.join(" | ")
        };
        match self.cells.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(flag)) => if *flag { "yes" } else { "no" }.to_owned(),
            Some(Value::Array(list)) => {
                let parts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                parts.join(" | ")
            }
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Object(_)) => String::new(),
            None => places(name),
        }
    }

    fn for_people(&self) -> Vec<String> {
        let cited_in = self.cells.get("cited_in").and_then(Value::as_array);
        let places: Vec<String> = cited_in
            .into_iter()
            .flatten()
            .filter_map(|c| {
                Some(format!(
                    "{}, {}",
                    c.get("document")?.as_str()?,
                    c.get("place")?.as_str()?
                ))
            })
            .collect();
        let shown = match places.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        };
        let remarks = self.cells.get("remarks").and_then(Value::as_array);
        let remarks = remarks.into_iter().flatten().filter_map(Value::as_str);
        let remarks: Vec<&str> = remarks
            .chain(self.notes.iter().map(String::as_str))
            .collect();
        vec![
            self.state.to_string(),
            self.text("code"),
            self.text("url"),
            shown,
            remarks.join(", "),
        ]
    }
}
