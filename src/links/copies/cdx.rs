//! The index of the Wayback Machine: which captures of an address there are.

use chrono::NaiveDate;
use url::Url;

use super::memento::stamp_time;
use crate::model::Time;

/// Captures before and after a day that are asked for, each.
const LIMIT: i32 = 8;
/// The most captures that are read of one answer.
const MAX_ROWS: usize = 200;

/// A capture in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedCapture {
    pub time: Time,
    pub stamp: String,
    /// The address as it was captured.
    pub original: String,
}

/// The questions that give the captures nearest to a day: those up to it and those from it on.
/// Without a day, the newest ones.
#[must_use]
pub fn questions(api: &Url, link: &Url, day: Option<NaiveDate>) -> Vec<Url> {
    let ask = |limit: i32, bound: Option<(&str, NaiveDate)>| {
        let mut url = api.clone();
        url.set_path("/cdx/search/cdx");
        url.set_fragment(None);
        let mut pairs = url.query_pairs_mut();
        pairs.clear();
        pairs.append_pair("url", link.as_str());
        if let Some((name, day)) = bound {
            pairs.append_pair(name, &day.format("%Y%m%d").to_string());
        }
        pairs.append_pair("filter", "statuscode:200");
        pairs.append_pair("resolveRevisits", "true");
        pairs.append_pair("limit", &limit.to_string());
        drop(pairs);
        url
    };
    match day {
        Some(day) => vec![
            ask(-LIMIT, Some(("to", day))),
            ask(LIMIT, Some(("from", day))),
        ],
        None => vec![ask(-LIMIT, None)],
    }
}

/// Reads lines of `urlkey timestamp original mimetype statuscode digest length`. Captures of
/// another status than 200 are left out, whatever the filter said.
#[must_use]
pub fn parse(text: &str) -> Vec<IndexedCapture> {
    text.lines().filter_map(row).take(MAX_ROWS).collect()
}

fn row(line: &str) -> Option<IndexedCapture> {
    let mut cells = line.split(' ');
    let (_, stamp, original) = (cells.next()?, cells.next()?, cells.next()?);
    let (_, status) = (cells.next()?, cells.next()?);
    if status != "200" || original.is_empty() {
        return None;
    }
    Some(IndexedCapture {
        time: stamp_time(stamp)?,
        stamp: stamp.to_owned(),
        original: original.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_asked_around_the_day_of_citing() {
        let api = Url::parse("https://web.archive.org").unwrap();
        let link = Url::parse("https://a.example/x?y=1&z=%E8%B7%AF").unwrap();
        let day = NaiveDate::from_ymd_opt(2023, 5, 8);
        let asked: Vec<String> = questions(&api, &link, day)
            .iter()
            .map(ToString::to_string)
            .collect();
        let start = "https://web.archive.org/cdx/search/cdx?url=https%3A%2F%2Fa.example%2Fx%3Fy%3D1%26z%3D%25E8%25B7%25AF";
        let end = "filter=statuscode%3A200&resolveRevisits=true";
        assert_eq!(
            asked,
            [
                format!("{start}&to=20230508&{end}&limit=-8"),
                format!("{start}&from=20230508&{end}&limit=8"),
            ]
        );
        let newest = questions(&api, &link, None);
        assert_eq!(newest[0].as_str(), format!("{start}&{end}&limit=-8"));
    }

    #[test]
    fn only_whole_captures_are_read() {
        let text = "example,a)/x 20230501000000 https://a.example/x text/html 200 ABC 1234\n\
            example,a)/x 20230502000000 https://a.example/x text/html 404 ABC 1234\n\
            example,a)/x 20239902000000 https://a.example/x text/html 200 ABC 1234\n\
            example,a)/x 20230503000000 https://a.example/x warc/revisit - ABC 1234\n\
            <html>Too many requests</html>\n\n\
            example,a)/x 20230504000000 https://a.example/x unk 200\n";
        let stamps: Vec<String> = parse(text).into_iter().map(|row| row.stamp).collect();
        assert_eq!(stamps, ["20230501000000", "20230504000000"]);
        let many = "k 20230504000000 https://a.example/x text/html 200 D 1\n".repeat(900);
        assert_eq!(parse(&many).len(), MAX_ROWS);
    }
}
