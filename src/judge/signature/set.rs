//! All rows, sorted into fields; and what matches a page.

use std::collections::BTreeMap;

use super::field::{Field, FieldBuilder, Lazy};
use super::weigh;
use crate::judge::page::{Kind, Page};
use crate::model::Evidence;
use crate::model::fact::Spot;
use crate::model::measurement::Response;
use crate::model::signature::{Location, PatternType, SignatureRow};
use crate::model::{Code, Fact, Locus};
use crate::text::normalise;

/// A known page that was recognised.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The row's name, such as `cn.jsl.521`.
    pub name: String,
    pub code: Code,
    pub locus: Locus,
    /// Not confirmed: at most `site.waf_block`, locus unknown.
    pub weak: bool,
    /// Where in the record.
    pub place: &'static str,
    /// Where a pattern was found, and which.
    pub fact: Fact,
}

impl Hit {
    /// The same as evidence.
    pub(in crate::judge) fn evidence(&self) -> Evidence {
        Evidence {
            fact: self.fact.clone(),
            place: self.place.to_owned(),
        }
    }
}

/// The scope of pages known to be no refusal (OONI's word): such a row is no match itself, and rules out
/// those of unconfirmed and imported rows.
const FALSE_POSITIVE: &str = "fp";

/// A row, with what matching needs.
#[derive(Debug)]
pub(super) struct Row {
    pub known: SignatureRow,
    pub unless: Option<Lazy>,
    /// A sentence for readers, looked for in what they see.
    pub sentence: bool,
}

/// A pattern found somewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    row: usize,
    pub spot: Spot,
    /// Characters that matched.
    pub matched: usize,
    /// Characters of the title or heading it was found in.
    pub around: usize,
}

impl Found {
    fn new(row: usize, spot: Spot, matched: usize, around: usize) -> Self {
        Self {
            row,
            spot,
            matched,
            around,
        }
    }
}

/// What is known of the answer beside its text.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct Seen {
    pub status: u16,
    pub bytes: u64,
    /// Every expectation of a probe with markers holds.
    pub healthy: bool,
    /// The probe names the title that it wants.
    pub titled: bool,
    /// The probe names markers, and some are not there.
    pub amiss: bool,
}

/// All rows, compiled.
#[derive(Debug)]
pub(in crate::judge) struct Signatures {
    rows: Vec<Row>,
    source: Field,
    text: Field,
    title: Field,
    header: Field,
    named: BTreeMap<String, Field>,
    cookie: Field,
    url: Field,
    /// The longest page on which a marker of the source may count without a refusing status.
    longest: u64,
}

#[derive(Default)]
struct Builders {
    source: FieldBuilder,
    text: FieldBuilder,
    title: FieldBuilder,
    header: FieldBuilder,
    named: BTreeMap<String, FieldBuilder>,
    cookie: FieldBuilder,
    url: FieldBuilder,
}

impl Signatures {
    pub(in crate::judge) fn new(rows: &[SignatureRow]) -> Self {
        let mut fields = Builders::default();
        let rows: Vec<Row> = rows
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
            // Markers of programs are exact; what people or protocols write is not.
            source: fields.source.build(false),
            text: fields.text.build(true),
            title: fields.title.build(true),
            header: fields.header.build(true),
            named: named
                .map(|(name, field)| (name, field.build(true)))
                .collect(),
            cookie: fields.cookie.build(true),
            url: fields.url.build(true),
        }
    }

    /// The known pages that this answer is, weighed, in the order of the files.
    /// `chain`: the answers that led there, redirects among them.
    pub(in crate::judge) fn hits<'r>(
        &self,
        page: &Page<'_>,
        response: &Response,
        chain: impl Iterator<Item = &'r Response>,
        seen: Seen,
    ) -> Vec<Hit> {
        let mut found: Vec<Found> = Vec::new();
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

    fn of_url(&self, page: &Page<'_>, response: &Response, found: &mut Vec<Found>) {
        self.url.search(page.final_url, |row, matched| {
            found.push(Found::new(row, Spot::Url, matched, 0));
        });
        // A redirect that was not followed names where it leads.
        if (300..400).contains(&response.code)
            && let Some(location) = response.header("location")
        {
            self.url.search(location, |row, matched| {
                found.push(Found::new(row, Spot::Url, matched, 0));
            });
        }
    }

    /// `header.location` rows look at every redirect, followed or not.
    fn of_redirects<'r>(&self, chain: impl Iterator<Item = &'r Response>, found: &mut Vec<Found>) {
        let Some(field) = self.named.get("location") else {
            return;
        };
        for response in chain.filter(|r| (300..400).contains(&r.code)) {
            for location in response.headers("location") {
                field.search(location, |row, matched| {
                    let status = &self.rows[row].known.status;
                    if status.is_empty() || status.contains(&response.code) {
                        found.push(Found::new(row, Spot::Redirect, matched, 0));
                    }
                });
            }
        }
    }

    fn of_title(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        if let Some(title) = &page.seen.title {
            let title = normalise::for_matching(title);
            let parts = lengths_of_parts(&title);
            let mut search = |field: &Field| {
                field.search(&title, |row, matched| {
                    let around = parts.iter().copied().filter(|n| *n >= matched).min();
                    let around = around.unwrap_or_else(|| title.chars().count());
                    found.push(Found::new(row, Spot::Title, matched, around));
                });
            };
            search(&self.title);
            search(&self.text);
        }
    }

    fn of_headers(&self, response: &Response, found: &mut Vec<Found>) {
        for (name, value) in &response.headers_list {
            let name = name.0.to_ascii_lowercase();
            self.header
                .search(&format!("{name}: {}", value.0), |row, matched| {
                    found.push(Found::new(row, Spot::Header, matched, 0));
                });
            // Where a redirect leads is looked at with the chain.
            if let Some(field) = self.named.get(&name).filter(|_| name != "location") {
                field.search(&value.0, |row, matched| {
                    found.push(Found::new(row, Spot::Header, matched, 0));
                });
            }
            if name == "set-cookie" {
                let cookie = value.0.split('=').next().unwrap_or("").trim();
                self.cookie.search(cookie, |row, matched| {
                    found.push(Found::new(row, Spot::Cookie, matched, 0));
                });
            }
        }
    }

    fn of_body(&self, page: &Page<'_>, seen: Seen, found: &mut Vec<Found>) {
        for heading in &page.seen.headings {
            let length = heading.chars().count();
            self.text.search(heading, |row, matched| {
                found.push(Found::new(row, Spot::Heading, matched, length));
            });
        }
        let short = weigh::is_short(page) || seen.status >= 400;
        if short {
            self.text.search(page.text(), |row, matched| {
                found.push(Found::new(row, Spot::Text, matched, 0));
            });
        }
        // On a long page that was served normally only rows with a length of their own may count.
        if short {
            self.source.search(page.source(), |row, matched| {
                found.push(Found::new(row, Spot::Source, matched, 0));
            });
        } else if seen.bytes <= self.longest || seen.status != 200 {
            self.of_long_source(page, found);
        }
    }

    /// Markers in the source of a long page. What readers see too is quoted there: an article about scripts.
    fn of_long_source(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        let mut rows: Vec<(usize, usize)> = Vec::new();
        self.source
            .search(page.source(), |row, matched| rows.push((row, matched)));
        if !rows.is_empty() && page.kind == Kind::Html {
            self.source.search(page.text(), |quoted, _| {
                rows.retain(|(row, _)| *row != quoted);
            });
        }
        found.extend(
            rows.into_iter()
                .map(|(row, matched)| Found::new(row, Spot::Source, matched, 0)),
        );
    }
}

/// How many characters stand between the separators of a title: `页面不存在 - 某某图书馆` has 5 and 6.
fn lengths_of_parts(title: &str) -> Vec<usize> {
    title
        .replace(" - ", "|")
        .split(['|', '_', '—', '–', '｜'])
        .map(|part| part.trim().chars().count())
        .collect()
}

fn compile(index: usize, row: &SignatureRow, fields: &mut Builders) -> Row {
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
        // Answers of resolvers are judged by rule, not by page.
        Location::Dns => {}
    }
    Row {
        unless: row.unless.as_deref().map(Lazy::new),
        sentence,
        known: row.clone(),
    }
}

/// A pattern that people read, not programs: one that its row calls so (`source` is `sentence`), Chinese,
/// Japanese or Korean words without markup, or at least three Latin words without any sign of a program.
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
    // In a regular expression `(?P<name>`, `=`, `$` and `_` are no markup.
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
