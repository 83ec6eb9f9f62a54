//! The probe file as text, with the observations next to the proposals.

use std::fmt::Write as _;

use chrono::NaiveDate;
use url::Url;

use super::finds::PageFindings;
use super::found::ProposedValue;
use crate::i18n::facts;
use crate::judge::{BodyKind, Reading};
use crate::model::settings::Language;
use crate::model::{Measurement, Verdict};
use crate::text::clean;

/// The data of the file's header.
#[derive(Debug, Clone, Copy)]
pub struct SourceHeader<'a> {
    pub id: &'a str,
    pub url: &'a Url,
    pub vantage: &'a str,
    pub today: NaiveDate,
}

/// The file for a page that was served.
pub(super) fn page(
    frame: &SourceHeader<'_>,
    m: &Measurement,
    reading: &Reading,
    finds: &PageFindings,
) -> String {
    let title = reading.facts.title.as_deref().unwrap_or_default();
    let name = finds.site.as_deref().unwrap_or(frame.id);
    let mut text = opening(frame);
    let _ = writeln!(text, "# Seen: {}.", seen(m, reading));
    if let Some(to) = moved(frame, m) {
        let _ = writeln!(
            text,
            "# It led to {to}; should that be the address to watch?"
        );
    }
    text += "# Markers are good when they stand in the content and on no error page. `accesswatch source test` tries the file.\n";
    text += &source(frame, name);
    let level = level(frame, reading, finds);
    let _ = write!(
        text,
        "\n[[probe]]\nid = \"{level}\"\nname = {}\nlevel = \"{level}\" # home, search, abstract, fulltext, data or api: what this page stands for\nurl = {}\n",
        quoted(&clean::line(
            if title.is_empty() { frame.id } else { title },
            100
        )),
        quoted(frame.url.as_str()),
    );
    if let Some((charset, why)) = &finds.charset {
        let _ = writeln!(text, "charset = {} # {why}", quoted(charset));
    }
    if finds.is_shell {
        text += "# The page is empty until a script runs, and none does here: `ok` would mean little. Better is the address from which its\n\
                 # script takes the data (the browser's tools show it), as a probe of level `api`.\nprovisional = true\n";
    }
    text += &expectations(m, title, finds);
    for value in &finds.values {
        text += &value_table(value);
    }
    text
}

/// The file for a page behind a wall.
pub(super) fn wall(frame: &SourceHeader<'_>, m: &Measurement, verdict: &Verdict) -> String {
    let status = m.last_request().map_or(0, |r| r.response.code);
    let evidence: Vec<String> = verdict
        .evidence
        .iter()
        .map(|e| clean::line(&facts::fact(Language::En, &e.fact), 200))
        .collect();
    format!(
        "{}# Seen: {} (status {status}{}{}). Behind it nothing was seen, so nothing is expected but an answer; `provisional` keeps\n\
         # it quiet until it was `ok` here once. If this is how the site always meets programs, say so: baseline = \"{}\"\n{}\n\
         [[probe]]\nid = \"home\"\nname = \"Home page\"\nlevel = \"home\"\nurl = {}\nprovisional = true\n",
        opening(frame),
        verdict.code,
        if evidence.is_empty() { "" } else { "; " },
        evidence.join("; "),
        verdict.code,
        source(frame, frame.id),
        quoted(frame.url.as_str()),
    )
}

fn opening(frame: &SourceHeader<'_>) -> String {
    format!(
        "# Proposed by `accesswatch source new` on {} from one visit by the vantage `{}`. To be edited: put it into probes/,\n\
         # then run `accesswatch check`.\n",
        frame.today, frame.vantage
    )
}

fn source(frame: &SourceHeader<'_>, name: &str) -> String {
    let mut home = frame.url.clone();
    home.set_path("/");
    home.set_query(None);
    home.set_fragment(None);
    format!(
        "\n[source]\nid = {}\nname = {}\n# name_zh = \"…\", name_ko = \"…\": as readers know it\nhomepage = {}\naccess = \"public\" # public, login or subscription\n\
         # note = \"what is known of restrictions, since when, and who said so\"\n",
        quoted(frame.id),
        quoted(&clean::line(name, 100)),
        quoted(home.as_str()),
    )
}

/// A probe with a charset and no expectations.
pub(super) fn bare(frame: &SourceHeader<'_>, charset: &str) -> String {
    format!(
        "{}\n[[probe]]\nid = \"home\"\nlevel = \"home\"\nurl = {}\ncharset = {}\n",
        source(frame, frame.id),
        quoted(frame.url.as_str()),
        quoted(charset)
    )
}

/// Front pages are `home`, JSON is `api`, a record (its fields, or a way to its full text) is
/// `abstract`, an article or a document is `fulltext`, rows with young dates or filled columns and
/// other files are `data`.
fn level(frame: &SourceHeader<'_>, reading: &Reading, finds: &PageFindings) -> &'static str {
    if reading.kind == BodyKind::Json {
        "api"
    } else if reading.kind == BodyKind::Binary {
        let is_document = finds
            .media
            .as_deref()
            .is_some_and(|media| media.ends_with("/pdf"));
        if is_document { "fulltext" } else { "data" }
    } else if frame.url.path() == "/" && frame.url.query().is_none() {
        "home"
    } else if !finds.full_text.is_empty() || finds.is_record {
        "abstract"
    } else if finds.is_article {
        "fulltext"
    } else if finds.values.iter().any(|v| v.safe && is_of_data(&v.name)) {
        "data"
    } else {
        "home"
    }
}

/// Dates that continue, and filled columns, are data.
fn is_of_data(value: &str) -> bool {
    ["newest", "day", "nulls_"]
        .iter()
        .any(|name| value.starts_with(name))
}

fn expectations(m: &Measurement, title: &str, finds: &PageFindings) -> String {
    let mut text = "\n[probe.expect]\nstatus = [200]\n".to_owned();
    let last = m
        .last_request()
        .and_then(|r| Url::parse(&r.request.url).ok());
    if let Some(host) = last.as_ref().and_then(Url::host_str) {
        // In brackets: a glob would read an IPv6 address as a set of letters.
        if !host.starts_with('[') {
            let _ = writeln!(text, "final_host = [{}]", quoted(host));
        }
    }
    if let Some(part) = &finds.title {
        let _ = writeln!(text, "title = [{}]", quoted(part));
    }
    let walls: Vec<String> = ["验证", "captcha"]
        .into_iter()
        .filter(|wall| !title.to_lowercase().contains(wall))
        .map(quoted)
        .collect();
    if !title.is_empty() && !walls.is_empty() {
        let _ = writeln!(text, "title_not = [{}]", walls.join(", "));
    }
    if let Some(name) = &finds.contains {
        let _ = writeln!(text, "contains = [{}]", quoted(name));
    }
    if !finds.select.is_empty() {
        let all: Vec<String> = finds.select.iter().map(|s| quoted(s)).collect();
        let _ = writeln!(text, "select = [{}]", all.join(", "));
    }
    if let Some(media) = &finds.media {
        let _ = writeln!(text, "type = {}", quoted(media));
    }
    if let Some(bytes) = finds.min_bytes {
        let _ = writeln!(text, "min_bytes = {bytes} # half of what came");
    }
    if !finds.full_text.is_empty() {
        let all: Vec<String> = finds.full_text.iter().map(|s| quoted(s)).collect();
        let _ = write!(
            text,
            "\n# The way to the full text; gone alone, it is content.withdrawn.\n[probe.expect.level]\nfulltext = [{}]\n",
            all.join(", ")
        );
        return text;
    }
    text += "# [probe.expect.level]\n# fulltext = [\"a.download\"] # what proves the next level: gone alone, it is content.withdrawn\n";
    text
}

fn value_table(value: &ProposedValue) -> String {
    let mark = if value.safe { "" } else { "# " };
    let mut text = format!("\n# {}\n", value.seen);
    if !value.safe {
        text += "# Not regular enough to be switched on unseen:\n";
    }
    let _ = writeln!(text, "{mark}[probe.value.{}]", value.name);
    for (key, what) in &value.lines {
        let _ = writeln!(text, "{mark}{key} = {what}");
    }
    text
}

/// The answer in a few words.
fn seen(m: &Measurement, reading: &Reading) -> String {
    let mut parts = Vec::new();
    if let Some(last) = m.last_request() {
        parts.push(format!("status {}", last.response.code));
        parts.extend(
            last.response
                .header("content-type")
                .map(|t| clean::line(t, 80)),
        );
        if last.response.body_is_truncated {
            parts.push("cut at `max_body`".to_owned());
        }
    }
    parts.push(format!("{} bytes", reading.bytes));
    if let Some(charset) = &reading.facts.charset {
        let by = if charset.by == "probe" {
            "guess"
        } else {
            &charset.by
        };
        parts.push(format!("{} (by {by})", clean::line(&charset.name, 40)));
    }
    parts.extend(
        reading
            .facts
            .title
            .as_ref()
            .map(|t| format!("title \"{}\"", clean::line(t, 100))),
    );
    parts.join(", ")
}

/// The target of redirects, if it is another address.
fn moved(frame: &SourceHeader<'_>, m: &Measurement) -> Option<String> {
    let last = &m.last_request()?.request.url;
    (last != frame.url.as_str()).then(|| clean::line(last, 300))
}

/// The media type without parameters, if it can be an expectation.
pub(super) fn media_type(header: &str) -> Option<String> {
    let media = header.split(';').next()?.trim().to_ascii_lowercase();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/+-.".contains(&b);
    (media.contains('/') && media.bytes().all(plain)).then_some(media)
}

fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}
