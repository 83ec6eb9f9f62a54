//! Tables as text: CSV and similar formats with one row per line, columns that white space parts,
//! and XML with repeated elements.
//! Regular expressions read all of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use regex::Regex;

use super::found::{MIN_ITEMS, MOST_DATES, ProposedValue, count_of, date_of, quoted};
use crate::judge::value::date::newest_on;

/// How many lines are read.
const MOST_LINES: usize = 5000;
/// How many columns are proposed.
const MOST: usize = 8;
/// A date at the beginning of a line, and what may precede it.
const DATE: &str = r#"(?m)^"?(20\d{2}[-/.]?\d{2}(?:[-/.]?\d{2})?)"?"#;
/// The same, as a cell between white space, and as all of a word.
const DATED_CELL: &str = r"20\d{2}[-/.]?\d{2}(?:[-/.]?\d{2})?";
const DATED_WORD: &str = r"^20\d{2}[-/.]?\d{2}(?:[-/.]?\d{2})?$";
/// The beginning of a cell that is a date.
const BEGINS_AS_DATE: &str = r#"^\s*"?20\d{2}(?:[-/.年]\d{1,2}|\d{4})"#;
const DELIMITERS: [char; 4] = [',', '\t', ';', '|'];

/// Proposals for a text with one row per line.
pub(super) fn of_lines(source: &str, today: NaiveDate) -> Vec<ProposedValue> {
    let lines: Vec<&str> = source
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .take(MOST_LINES)
        .collect();
    let Some((delimiter, columns)) = delimiter(&lines) else {
        return spaced(source, &lines, today);
    };
    let first_cell = Regex::new(DATE).ok();
    let begins = |line: &&&str| first_cell.as_ref().is_some_and(|r| r.is_match(line));
    let with_date = lines.iter().filter(begins).count();
    let other = match delimiter {
        '\t' => r"\t".to_owned(),
        '|' => r"\|".to_owned(),
        other => other.to_string(),
    };
    let cell = format!("[^{other}\\r\\n]*");
    let by_date = with_date >= MIN_ITEMS && with_date * 2 > lines.len();
    let (prefix, first, rows) = if by_date {
        (format!("{DATE}{other}"), 1, with_date)
    } else {
        (format!("(?m)^{cell}{other}"), 1, lines.len() - 1)
    };
    let mut found = vec![count_of("items".to_owned(), "regex", quoted(&prefix), rows)];
    let start = prefix.replacen("(20", "(?:20", 1);
    for column in first..columns {
        let pattern = format!("{start}(?:{cell}{other}){{{}}}({cell})", column - first);
        if found.len() <= MOST && is_filled(source, &pattern, rows) {
            let name = format!("nulls_column{}", column + 1);
            found.push(nulls(name, &pattern, rows));
        }
    }
    if by_date {
        let texts = lines.iter().filter_map(|line| {
            let captures = first_cell.as_ref()?.captures(line)?;
            newest_on(captures.get(1)?.as_str(), None, today)
        });
        let dates: BTreeSet<NaiveDate> = texts.take(MOST_DATES).collect();
        let how = vec![("regex", quoted(&prefix)), ("as", quoted("date"))];
        found.extend(date_of(how, &dates, today));
    } else {
        let patterns = (first..columns)
            .map(|column| format!("{start}(?:{cell}{other}){{{}}}({cell})", column - first));
        found.extend(dated_column(source, patterns, rows, today));
    }
    found
}

/// The newest date of the first column of dates.
fn dated_column(
    source: &str,
    patterns: impl Iterator<Item = String>,
    rows: usize,
    today: NaiveDate,
) -> Option<ProposedValue> {
    let begins = Regex::new(BEGINS_AS_DATE).ok()?;
    patterns.take(MOST).find_map(|pattern| {
        let cells = Regex::new(&pattern).ok()?;
        let texts = cells.captures_iter(source).take(MOST_DATES);
        let texts = texts.filter_map(|c| c.get(1).map(|cell| cell.as_str()));
        let dates: Vec<NaiveDate> = texts
            .filter(|text| begins.is_match(text))
            .filter_map(|text| newest_on(text.trim_matches('"'), None, today))
            .collect();
        let how = vec![("regex", quoted(&pattern)), ("as", quoted("date"))];
        let are_dates = dates.len() >= MIN_ITEMS && dates.len() * 5 >= rows.min(MOST_DATES) * 4;
        are_dates.then(|| date_of(how, &dates.into_iter().collect(), today))?
    })
}

/// Proposals for rows whose cells are parted by white space: most lines have the same number of
/// words, and most of the words are figures.
fn spaced(source: &str, lines: &[&str], today: NaiveDate) -> Vec<ProposedValue> {
    let rows: Vec<Vec<&str>> = lines
        .iter()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_whitespace().collect())
        .collect();
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for row in &rows {
        *widths.entry(row.len()).or_default() += 1;
    }
    let Some((width, same)) = widths.into_iter().max_by_key(|(_, same)| *same) else {
        return Vec::new();
    };
    let words = rows.iter().filter(|row| row.len() == width).flatten();
    let figures = words.filter(|word| word.bytes().any(|b| b.is_ascii_digit()));
    let is_table = width >= 2 && same >= MIN_ITEMS && same * 5 >= rows.len() * 4;
    if !is_table || figures.count() * 2 < width * same {
        return Vec::new();
    }
    let is_date = Regex::new(DATED_WORD).ok();
    let first = rows.iter().filter_map(|row| row.first());
    let dates: Vec<NaiveDate> = first
        .filter(|word| is_date.as_ref().is_some_and(|r| r.is_match(word)))
        .filter_map(|word| newest_on(word, None, today))
        .collect();
    let by_date = dates.len() >= MIN_ITEMS && dates.len() * 2 > same;
    let first = if by_date { DATED_CELL } else { r"[^#\s]\S*" };
    let row = format!(r"(?m)^[ \t]*{first}[ \t]+\S");
    let mut found = vec![count_of("items".to_owned(), "regex", quoted(&row), same)];
    for column in 1..width.min(MOST + 1) {
        let pattern = format!(
            r"(?m)^[ \t]*{first}(?:[ \t]+\S+){{{}}}[ \t]+(\S+)",
            column - 1
        );
        if is_filled(source, &pattern, same) {
            found.push(nulls(format!("nulls_column{}", column + 1), &pattern, same));
        }
    }
    if by_date {
        let pattern = format!(r"(?m)^[ \t]*({DATED_CELL})[ \t]");
        let how = vec![("regex", quoted(&pattern)), ("as", quoted("date"))];
        found.extend(date_of(how, &dates.into_iter().collect(), today));
    }
    found
}

/// The separator of cells in most lines, and the number of cells.
fn delimiter(lines: &[&str]) -> Option<(char, usize)> {
    let best = DELIMITERS.iter().filter_map(|delimiter| {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for line in lines {
            *counts.entry(line.matches(*delimiter).count()).or_default() += 1;
        }
        let (parts, same) = counts.into_iter().max_by_key(|(_, same)| *same)?;
        (parts > 0 && same >= MIN_ITEMS && same * 5 >= lines.len() * 4)
            .then_some((*delimiter, parts + 1))
    });
    best.max_by_key(|(_, parts)| *parts)
}

/// Proposals for XML that is not a feed: repeated elements with text.
pub(super) fn of_xml(source: &str, today: NaiveDate) -> Vec<ProposedValue> {
    let Ok(leaf) = Regex::new(r"<([A-Za-z][\w:.-]{0,40})(?:\s[^<>]*)?>([^<]*)</") else {
        return Vec::new();
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for found in leaf.captures_iter(source).take(MOST_DATES) {
        if let Some(name) = found.get(1) {
            *counts.entry(name.as_str()).or_default() += 1;
        }
    }
    let mut names: Vec<(&str, usize)> = counts
        .into_iter()
        .filter(|(_, n)| *n >= MIN_ITEMS)
        .collect();
    names.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let pattern = |name: &str| format!(r"<{}(?:\s[^<>]*)?>([^<]*)</", regex::escape(name));
    let mut found = Vec::new();
    if let Some((name, n)) = names.first() {
        found.push(count_of(
            "items".to_owned(),
            "regex",
            quoted(&pattern(name)),
            *n,
        ));
    }
    for (name, n) in names.iter().take(MOST) {
        let pattern = pattern(name);
        if is_filled(source, &pattern, *n) {
            let name = name.replace([':', '.', '-'], "_");
            found.push(nulls(format!("nulls_{name}"), &pattern, *n));
        }
    }
    found.extend(dated_attribute(source, today));
    found
}

/// A recent date that an element states about itself.
fn dated_attribute(source: &str, today: NaiveDate) -> Option<ProposedValue> {
    let pattern = r#"\s(?:date|time|updated|generated|asof|day)=["'](20[^"']{6,30})["']"#;
    let text = Regex::new(pattern).ok()?.captures(source)?;
    let date = newest_on(text.get(1)?.as_str(), None, today)?;
    let age = (today - date).num_days();
    (-1..=3).contains(&age).then(|| ProposedValue {
        name: "day".to_owned(),
        lines: vec![
            ("regex", quoted(pattern)),
            ("as", quoted("date")),
            ("max_age", quoted("14d")),
        ],
        safe: true,
        seen: format!("{date} today; older than `max_age` it is content.stale"),
    })
}

fn is_filled(source: &str, pattern: &str, rows: usize) -> bool {
    let Ok(regex) = Regex::new(pattern) else {
        return false;
    };
    let cells = regex.captures_iter(source).take(MOST_LINES);
    let filled = cells.filter_map(|c| c.get(1)).filter(|c| {
        let text = c.as_str();
        text.chars().any(char::is_alphanumeric) && text != "null"
    });
    filled.count() * 10 >= rows.min(MOST_LINES) * 9
}

fn nulls(name: String, pattern: &str, rows: usize) -> ProposedValue {
    ProposedValue {
        name,
        lines: vec![
            ("regex", quoted(pattern)),
            ("as", quoted("null_share")),
            ("max", "0.3".to_owned()),
        ],
        safe: true,
        seen: format!("Filled in {rows} rows today; a greater share than `max` is content.nulls"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();

    #[test]
    fn rows_that_begin_with_their_date() {
        let rows: Vec<String> = (10..25)
            .map(|d| format!("2026-11-{d},7.1,8.{d},\n"))
            .collect();
        let rows = rows.concat();
        let source = format!("date,USD,EUR,note\n{rows}");
        let found = of_lines(&source, TODAY);
        let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["items", "nulls_column2", "nulls_column3", "newest"]);
        let euro = Regex::new(found[2].lines[0].1.trim_matches(['"', '\''])).unwrap();
        let cell = &euro.captures(&source).unwrap()[1];
        assert_eq!(cell, "8.10");
        assert!(of_lines("Hello,\nthis is a text.", TODAY).is_empty());
    }

    #[test]
    fn rows_with_their_date_in_another_column() {
        let rows: Vec<String> = (10..25)
            .map(|n| format!("ST{n},站{n},2026-11-25,{n}.5\n"))
            .collect();
        let rows = rows.concat();
        let source = format!("station,name,day,pm25\n{rows}");
        let found = of_lines(&source, TODAY);
        let newest = found.last().unwrap();
        assert_eq!((newest.name.as_str(), newest.safe), ("newest", true));
        let day = Regex::new(newest.lines[0].1.trim_matches(['"', '\''])).unwrap();
        assert_eq!(&day.captures_iter(&source).nth(1).unwrap()[1], "2026-11-25");
        let old = source.replace("2026-11-25", "2026-10-01");
        assert!(
            of_lines(&old, TODAY)
                .iter()
                .all(|value| value.name != "newest" || !value.safe)
        );
    }

    #[test]
    fn columns_that_white_space_parts() {
        let rows: Vec<String> = (10..25)
            .map(|d| format!("202611{d}  {d}.5   -3.25  9{d}\n"))
            .collect();
        let source = format!("# 站号 54511\n# DATE  TMAX  TMIN  N\n{}", rows.concat());
        let found = of_lines(&source, TODAY);
        let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
        let columns = ["nulls_column2", "nulls_column3", "nulls_column4"];
        assert_eq!(names[0], "items");
        assert_eq!(names[1..4], columns);
        assert_eq!(names[4], "newest");
        let second = Regex::new(found[2].lines[0].1.trim_matches(['"', '\''])).unwrap();
        assert_eq!(&second.captures(&source).unwrap()[1], "-3.25");
        let stations = "54511 北京 39.9 116.3\n".repeat(8);
        assert_eq!(of_lines(&stations, TODAY).len(), 4);
        let prose = "This is a text of some words.\n".repeat(9);
        assert!(of_lines(&prose, TODAY).is_empty());
    }

    #[test]
    fn elements_of_xml_that_repeat() {
        let rates = "<rate><tenor>1M</tenor><value>2.5</value></rate>".repeat(6);
        let found = of_xml(
            &format!("<rates date=\"2026-11-24\">{rates}</rates>"),
            TODAY,
        );
        let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["items", "nulls_tenor", "nulls_value", "day"]);
    }
}
