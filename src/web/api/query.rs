//! The parameters of an address, checked: unknown names and invalid values are refused.

use chrono::{DateTime, NaiveDate, NaiveTime};

use super::cursor;
use super::filters::ApiFilters;
use super::problem::ApiProblem;
use super::table::{ApiFilter, ApiTable};
use crate::model::Time;
use crate::model::settings::Language;
use crate::text::clean;

/// Rows of a page, unless `limit` says otherwise.
pub const USUAL_LIMIT: usize = 100;
/// `limit` is at most this.
pub const MOST_LIMIT: usize = 1_000;
/// A value with more characters is refused.
pub const LONGEST: usize = 300;

/// What a request for a table asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableQuery {
    pub filters: ApiFilters,
    pub limit: usize,
    /// The key of the last row that the requester has.
    pub after: Option<Vec<String>>,
}

/// The pairs of a query.
type Pairs = [(String, String)];

impl TableQuery {
    /// Reads the query of a page of a table; with `is_page` false, of the whole table.
    pub fn read(table: ApiTable, pairs: &Pairs, is_page: bool) -> Result<Self, ApiProblem> {
        let filters: Vec<&str> = ApiFilter::ALL
            .iter()
            .filter(|filter| table.takes(**filter))
            .map(|filter| filter.as_str())
            .collect();
        let paging: &[&str] = if is_page { &["limit", "cursor"] } else { &[] };
        let known: Vec<&str> = filters.iter().chain(paging).copied().collect();
        check(pairs, &known)?;
        let value = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        let text = |name: &str| value(name).map(str::to_owned);
        let state = value("state").map(|state| known_state(table, state));
        Ok(Self {
            filters: ApiFilters {
                source: text("source"),
                probe: text("probe"),
                group: text("group"),
                vantage: text("vantage"),
                state: state.transpose()?,
                document: text("document"),
                host: text("host"),
                open: value("open").map(yes_or_no).transpose()?,
                since: value("since")
                    .map(|text| instant("since", text))
                    .transpose()?,
                until: value("until").map(|text| end("until", text)).transpose()?,
            },
            limit: value("limit").map_or(Ok(USUAL_LIMIT), limit)?,
            after: value("cursor")
                .map(|word| position(table, word))
                .transpose()?,
        })
    }
}

/// Refuses parameters that are unknown, that come twice, or whose values are never valid.
pub fn check(pairs: &Pairs, known: &[&str]) -> Result<(), ApiProblem> {
    for (at, (key, value)) in pairs.iter().enumerate() {
        if key.contains('\0') || value.contains('\0') {
            return Err(ApiProblem::bad_request(
                "A parameter holds a NUL byte; leave it out.",
            ));
        }
        // The language may be named everywhere.
        if key != "lang" && !known.contains(&key.as_str()) {
            let name = clean::line(key, 40);
            let all = match known {
                [] => "no parameters".to_owned(),
                known => known.join(", "),
            };
            return Err(ApiProblem::bad_request(format!(
                "`{name}` is not a parameter of this address; it takes {all}."
            )));
        }
        if pairs[..at].iter().any(|(other, _)| other == key) {
            return Err(ApiProblem::bad_request(format!(
                "`{key}` is given twice; give it once."
            )));
        }
        if value.is_empty() || key != "cursor" && value.chars().count() > LONGEST {
            return Err(ApiProblem::bad_request(format!(
                "`{key}` is empty or too long; give it at most {LONGEST} characters, or \
                 leave it out."
            )));
        }
        if key == "lang" && value.parse::<Language>().is_err() {
            return Err(ApiProblem::bad_request("`lang` is en, ko or zh."));
        }
    }
    Ok(())
}

/// A part of a path; one with a NUL byte is refused.
pub fn check_part(part: &str) -> Result<(), ApiProblem> {
    if part.contains('\0') {
        return Err(ApiProblem::bad_request(
            "The path holds a NUL byte; leave it out.",
        ));
    }
    Ok(())
}

fn limit(text: &str) -> Result<usize, ApiProblem> {
    let number = text.parse::<usize>().ok();
    number
        .filter(|n| (1..=MOST_LIMIT).contains(n) && text.bytes().all(|b| b.is_ascii_digit()))
        .ok_or_else(|| {
            ApiProblem::bad_request(format!("`limit` is a number from 1 to {MOST_LIMIT}."))
        })
}

fn position(table: ApiTable, word: &str) -> Result<Vec<String>, ApiProblem> {
    cursor::from_word(table.as_str(), table.key_parts(), word).ok_or_else(bad_cursor)
}

/// The problem of an unknown cursor.
#[must_use]
pub fn bad_cursor() -> ApiProblem {
    ApiProblem::bad_request(
        "`cursor` is not one that this address gave; take it from `next`, or begin without it.",
    )
}

fn known_state(table: ApiTable, state: &str) -> Result<String, ApiProblem> {
    let states = table.states();
    if states.contains(&state) {
        return Ok(state.to_owned());
    }
    let all = states.join(", ");
    Err(ApiProblem::bad_request(format!("`state` is one of {all}.")))
}

fn yes_or_no(text: &str) -> Result<bool, ApiProblem> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ApiProblem::bad_request("`open` is true or false.")),
    }
}

/// A UTC day from its first moment, or an instant with a zone.
fn instant(name: &str, text: &str) -> Result<Time, ApiProblem> {
    let day = day_of(text);
    let at = day.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    at.or_else(|| with_zone(text))
        .map(crate::model::time::bounded)
        .ok_or_else(|| no_time(name))
}

/// A UTC day up to its last moment, or an instant with a zone.
fn end(name: &str, text: &str) -> Result<Time, ApiProblem> {
    let next = day_of(text).and_then(|day| day.succ_opt());
    let at = next.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    at.or_else(|| with_zone(text))
        .map(crate::model::time::bounded)
        .ok_or_else(|| no_time(name))
}

/// A day in the one form that is described: `2026-01-31`.
fn day_of(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}

fn with_zone(text: &str) -> Option<Time> {
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    Some(at.to_utc())
}

fn no_time(name: &str) -> ApiProblem {
    ApiProblem::bad_request(format!(
        "`{name}` is a UTC day such as 2026-01-31, or an instant with its zone such as \
         2026-01-31T09:00:00Z."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: ApiTable, query: &str) -> Result<TableQuery, String> {
        let pairs = crate::web::visit::pairs_of(query.as_bytes());
        TableQuery::read(table, &pairs, true).map_err(|problem| {
            assert_eq!(problem.status, 400);
            problem.detail
        })
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_the_fix() {
        for (query, said) in [
            ("limit=0", "from 1 to 1000"),
            ("limit=1001", "from 1 to 1000"),
            ("limit=%2B5", "from 1 to 1000"),
            ("limit=x", "from 1 to 1000"),
            ("limit=5&limit=5", "twice"),
            ("colour=red", "`colour` is not a parameter"),
            ("cursor=abc", "`cursor` is not one"),
            ("since=yesterday", "a UTC day such as"),
            ("until=2026-02-30", "a UTC day such as"),
            ("since=2026-01-31T09:00", "with its zone"),
            ("source=", "empty"),
            ("source=a%00b", "NUL"),
            ("a%00=b", "NUL"),
            ("open=1", "true or false"),
            ("lang=fr", "en, ko or zh"),
            ("since=2026-1-31", "a UTC day such as"),
            ("state=shut", "one of open, ended"),
        ] {
            let problem = read(ApiTable::Incidents, query).unwrap_err();
            assert!(problem.contains(said), "{query}: {problem}");
        }
        assert!(read(ApiTable::Sources, "since=2026-01-01").is_err());
        assert!(read(ApiTable::Vantages, "probe=a").is_err());
    }

    #[test]
    fn days_are_whole_utc_days_and_instants_are_taken_as_they_are() {
        let query = "since=2026-01-31&until=2026-01-31&lang=ko&open=true&limit=1000";
        let read = read(ApiTable::Incidents, query).unwrap();
        let time = |text: &str| text.parse::<Time>().unwrap();
        assert_eq!(read.filters.since, Some(time("2026-01-31T00:00:00Z")));
        assert_eq!(read.filters.until, Some(time("2026-02-01T00:00:00Z")));
        assert_eq!((read.filters.open, read.limit), (Some(true), 1000));
        let at = instant("since", "2026-01-31T09:00:00+08:00").unwrap();
        assert_eq!(at, time("2026-01-31T01:00:00Z"));
    }
}
