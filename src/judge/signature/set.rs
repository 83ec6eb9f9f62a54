//! All rows, sorted into fields; and what matches a page.

use std::collections::BTreeMap;

use super::field::{FieldMatcher, FieldMatcherBuilder, LazyField, LazyRegex};
use super::found::{AnswerFacts, CompiledRow, Hit, PatternMatch};
use super::weigh;
use crate::judge::page::{BodyKind, DecodedPage};
use crate::model::fact::Spot;
use crate::model::measurement::Response;
use crate::model::signature::{Location, PatternType, SignatureRow};
use crate::text::normalise;

/// The scope of pages that are known not to be refusals (OONI's word): such a row does not match
/// itself, and rules out matches of unconfirmed and imported rows.
const FALSE_POSITIVE: &str = "fp";

/// All rows. Each field is compiled when the first text is searched for it.
#[derive(Debug)]
pub(in crate::judge) struct Signatures {
    rows: Vec<CompiledRow>,
    source: LazyField,
    text: LazyField,
    title: LazyField,
    header: LazyField,
    named: BTreeMap<String, LazyField>,
    cookie: LazyField,
    url: LazyField,
    /// The longest page on which a marker of the source may count without a refusing status.
    longest: u64,
}

#[derive(Default)]
struct Builders {
    source: FieldMatcherBuilder,
    text: FieldMatcherBuilder,
    title: FieldMatcherBuilder,
    header: FieldMatcherBuilder,
    named: BTreeMap<String, FieldMatcherBuilder>,
    cookie: FieldMatcherBuilder,
    url: FieldMatcherBuilder,
}

impl Signatures {
    pub(in crate::judge) fn new(rows: &[SignatureRow]) -> Self {
        let mut fields = Builders::default();
        let rows: Vec<CompiledRow> = rows
            .iter()
            .enumerate()
            .map(|(index, row)| compile(index, row, &mut fields))
            .collect();
        let named = fields.named.into_iter();
        Self {
            longest: rows
                .iter()
                .filter_map(|r| r.known.max_bytes)
                .max()
                .unwrap_or(0),
            rows,
            // Markers of programs are exact; texts by people and protocols are not.
            source: fields.source.lazy(false),
            text: fields.text.lazy(true),
            title: fields.title.lazy(true),
            header: fields.header.lazy(true),
            named: named
                .map(|(name, field)| (name, field.lazy(true)))
                .collect(),
            cookie: fields.cookie.lazy(true),
            url: fields.url.lazy(true),
        }
    }

    /// The known pages that match this answer, weighed, in the order of the files. `chain`: the
    /// answers that led to it, including redirects.
    pub(in crate::judge) fn hits<'r>(
        &self,
        page: &DecodedPage<'_>,
        response: &Response,
        chain: impl Iterator<Item = &'r Response>,
        seen: AnswerFacts,
    ) -> Vec<Hit> {
        let mut found: Vec<PatternMatch> = Vec::new();
        self.of_url(page, response, &mut found);
        self.of_title(page, &mut found);
        if !seen.healthy {
            self.of_redirects(chain, &mut found);
            self.of_headers(response, &mut found);
            self.of_body(page, seen, &mut found);
        }
        found.sort_by_key(|f| f.row);
        let mut hits: Vec<Hit> = Vec::new();
        let mut known_good = false;
        for found in found {
            let row = &self.rows[found.row];
            if row.known.scope == FALSE_POSITIVE {
                known_good |= weigh::may_count(row, found, seen);
                continue;
            }
            if hits.last().is_some_and(|hit| hit.name == row.known.name) {
                continue;
            }
            hits.extend(weigh::weigh(row, found, page, seen));
        }
        hits.retain(|hit| !(known_good && hit.weak));
        hits
    }

    fn of_url(&self, page: &DecodedPage<'_>, response: &Response, found: &mut Vec<PatternMatch>) {
        self.url.search(page.final_url, |row, matched| {
            found.push(PatternMatch::new(row, Spot::Url, matched, 0));
        });
        // A redirect that was not followed names its target.
        if (300..400).contains(&response.code)
            && let Some(location) = response.header("location")
        {
            self.url.search(location, |row, matched| {
                found.push(PatternMatch::new(row, Spot::Url, matched, 0));
            });
        }
    }

    /// `header.location` rows check every redirect, followed or not.
    fn of_redirects<'r>(
        &self,
        chain: impl Iterator<Item = &'r Response>,
        found: &mut Vec<PatternMatch>,
    ) {
        let Some(field) = self.named.get("location") else {
            return;
        };
        for response in chain.filter(|r| (300..400).contains(&r.code)) {
            for location in response.headers("location") {
                field.search(location, |row, matched| {
                    let status = &self.rows[row].known.status;
                    if status.is_empty() || status.contains(&response.code) {
                        found.push(PatternMatch::new(row, Spot::Redirect, matched, 0));
                    }
                });
            }
        }
    }

    fn of_title(&self, page: &DecodedPage<'_>, found: &mut Vec<PatternMatch>) {
        if let Some(title) = &page.seen.title {
            let title = normalise::for_matching(title);
            let parts = lengths_of_parts(&title);
            let mut search = |field: &FieldMatcher| {
                field.search(&title, |row, matched| {
                    let around = parts.iter().copied().filter(|n| *n >= matched).min();
                    let around = around.unwrap_or_else(|| title.chars().count());
                    found.push(PatternMatch::new(row, Spot::Title, matched, around));
                });
            };
            search(&self.title);
            search(&self.text);
        }
    }

    fn of_headers(&self, response: &Response, found: &mut Vec<PatternMatch>) {
        for (name, value) in &response.headers_list {
            let name = name.0.to_ascii_lowercase();
            self.header
                .search(&format!("{name}: {}", value.0), |row, matched| {
                    found.push(PatternMatch::new(row, Spot::Header, matched, 0));
                });
            // Targets of redirects are checked with the chain.
            if let Some(field) = self.named.get(&name).filter(|_| name != "location") {
                field.search(&value.0, |row, matched| {
                    found.push(PatternMatch::new(row, Spot::Header, matched, 0));
                });
            }
            if name == "set-cookie" {
                let cookie = value.0.split('=').next().unwrap_or("").trim();
                self.cookie.search(cookie, |row, matched| {
                    found.push(PatternMatch::new(row, Spot::Cookie, matched, 0));
                });
            }
        }
    }

    fn of_body(&self, page: &DecodedPage<'_>, seen: AnswerFacts, found: &mut Vec<PatternMatch>) {
        for heading in &page.seen.headings {
            let length = heading.chars().count();
            self.text.search(heading, |row, matched| {
                found.push(PatternMatch::new(row, Spot::Heading, matched, length));
            });
        }
        let short = weigh::is_short(page) || seen.status >= 400;
        if short {
            self.text.search(page.text(), |row, matched| {
                found.push(PatternMatch::new(row, Spot::Text, matched, 0));
            });
        }
        // On a long page that was served normally, only rows with their own length limit may count.
        if short {
            self.source.search(page.source(), |row, matched| {
                found.push(PatternMatch::new(row, Spot::Source, matched, 0));
            });
        } else if seen.bytes <= self.longest || seen.status != 200 {
            self.of_long_source(page, found);
        }
    }

    /// Markers in the source of a long page. A marker that readers see too is a quotation: an
    /// article about scripts.
    fn of_long_source(&self, page: &DecodedPage<'_>, found: &mut Vec<PatternMatch>) {
        let mut rows: Vec<(usize, usize)> = Vec::new();
        self.source
            .search(page.source(), |row, matched| rows.push((row, matched)));
        if !rows.is_empty() && page.kind == BodyKind::Html {
            self.source.search(page.text(), |quoted, _| {
                rows.retain(|(row, _)| *row != quoted);
            });
        }
        found.extend(
            rows.into_iter()
                .map(|(row, matched)| PatternMatch::new(row, Spot::Source, matched, 0)),
        );
    }
}

/// The number of characters between the separators of a title: `页面不存在 - 某某图书馆` has 5 and 6.
fn lengths_of_parts(title: &str) -> Vec<usize> {
    title
        .replace(" - ", "|")
        .split(['|', '_', '—', '–', '｜'])
        .map(|part| part.trim().chars().count())
        .collect()
}

fn compile(index: usize, row: &SignatureRow, fields: &mut Builders) -> CompiledRow {
    let sentence = matches!(row.location, Location::Body | Location::Title) && is_sentence(row);
    let readable = normalise::for_matching(&row.pattern);
    let exact = row.pattern.as_str();
    let kind = row.pattern_type;
    match &row.location {
        Location::Body if sentence => fields.text.add(index, kind, &readable),
        Location::Body => fields.source.add(index, kind, exact),
        Location::Title => fields.title.add(index, kind, &readable),
        Location::Header => fields.header.add(index, kind, exact),
        Location::HeaderNamed(name) => {
            let field = fields.named.entry(name.to_ascii_lowercase()).or_default();
            field.add(index, kind, exact);
        }
        Location::Cookie => fields.cookie.add(index, kind, exact),
        Location::Url => fields.url.add(index, kind, exact),
        // Answers of resolvers are judged by rules, not by page.
        Location::Dns => {}
    }
    CompiledRow {
        unless: row.unless.as_deref().map(LazyRegex::new),
        sentence,
        known: row.clone(),
    }
}

/// Whether a pattern is text for people, not for programs: its row says so (`source` is
/// `sentence`), it has Chinese, Japanese or Korean words without markup, or it has at least three
/// Latin words without signs of a program.
fn is_sentence(row: &SignatureRow) -> bool {
    if matches!(row.pattern_type, PatternType::Prefix | PatternType::Full)
        && row.location == Location::Body
    {
        return false;
    }
    let pattern = &row.pattern;
    let regexp = row.pattern_type == PatternType::Regexp;
    if pattern.contains('"') {
        return false;
    }
    if regexp && row.source == "sentence" {
        return true;
    }
    // In a regular expression `(?P<name>`, `=`, `$` and `_` are not markup.
    let markup: &[char] = if regexp {
        &['<']
    } else {
        &['<', '>', '=', '$', '_']
    };
    if pattern
        .replace("(?P<", "")
        .replace("(?<", "")
        .contains(markup)
    {
        return false;
    }
    let east_asian = |c: &char| matches!(c, '\u{3041}'..='\u{30fe}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    if pattern.chars().filter(east_asian).count() >= 3 {
        return true;
    }
    row.pattern_type == PatternType::Contains
        && pattern.split_whitespace().count() >= 3
        && pattern
            .chars()
            .all(|c| c.is_alphanumeric() || c.is_whitespace() || ".,;:!?'’-()".contains(c))
}
