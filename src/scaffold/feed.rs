//! Feeds: their items, the titles and texts of these, and their dates.

use chrono::NaiveDate;
use regex::Regex;

use super::found::{MIN_ITEMS, MOST_DATES, ProposedValue, count_of, date_of, dates, quoted};

const ITEMS: &str = "<(?:item|entry)[ >]";
const DATES: &str = "<(?:pubDate|updated|published|dc:date)>([^<]+)";
/// The first words of an element, after the marks of a section or of elements within it.
const WORDS: &str = r"(?:\s[^<>]*)?>(?:\s|<!\[CDATA\[|<[a-zA-Z][^<>]{0,200}>)*([^<\]]{0,300})";
/// The elements with words, and the values that they give.
const PARTS: [(&str, &str); 2] = [
    ("nulls_titles", "<title"),
    (
        "nulls_texts",
        "<(?:description|summary|content(?::encoded)?)",
    ),
];
/// Most items have an element when there are at least this many for ten items, …
const MOSTLY: usize = 8;
/// … and of ten such elements, at least this many say something.
const FILLED: usize = 9;

/// Whether a text is a feed.
pub(super) fn is_feed(source: &str) -> bool {
    source.contains("<rss") || source.contains("<feed")
}

/// Proposals for a feed; none for other texts.
pub(super) fn of_feed(source: &str, today: NaiveDate) -> Vec<ProposedValue> {
    if !is_feed(source) {
        return Vec::new();
    }
    let count = Regex::new(ITEMS).map_or(0, |r| r.find_iter(source).count());
    let mut found = vec![count_of("items".to_owned(), "regex", quoted(ITEMS), count)];
    let [titles, texts] =
        PARTS.map(|(name, opening)| FeedWords::read(name, opening, source, count));
    // Texts that repeat the titles may go.
    let texts = texts.filter(|texts| {
        let length = |words: &Option<FeedWords>| words.as_ref().map_or(0, |words| words.characters);
        texts.characters > length(&titles) * 3 / 2
    });
    let parts = [titles, texts].into_iter().flatten();
    found.extend(
        parts
            .filter(|_| count >= MIN_ITEMS)
            .map(|words| words.value),
    );
    let how = vec![("regex", quoted(DATES)), ("as", quoted("date"))];
    found.extend(date_of(how, &dates(source, DATES, None, today), today));
    found
}

/// The words of an element that most items have.
struct FeedWords {
    characters: usize,
    value: ProposedValue,
}

impl FeedWords {
    fn read(name: &str, opening: &str, source: &str, items: usize) -> Option<Self> {
        let pattern = format!("{opening}{WORDS}");
        let regex = Regex::new(&pattern).ok()?;
        let texts = regex.captures_iter(source).take(MOST_DATES);
        let texts: Vec<&str> = texts.filter_map(|c| Some(c.get(1)?.as_str())).collect();
        let says = |text: &&&str| text.chars().any(char::is_alphanumeric);
        let filled = texts.iter().filter(says).count();
        let is_usual = texts.len() * 10 >= items * MOSTLY && filled * 10 >= texts.len() * FILLED;
        let value = ProposedValue {
            name: name.to_owned(),
            lines: vec![
                ("regex", quoted(&pattern)),
                ("as", quoted("null_share")),
                ("max", "0.3".to_owned()),
            ],
            safe: true,
            seen: format!(
                "Filled {filled} of {} times today; a greater share than `max` is content.nulls",
                texts.len()
            ),
        };
        is_usual.then(|| Self {
            characters: texts.iter().map(|text| text.chars().count()).sum(),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();

    fn names(item: impl Fn(usize) -> String) -> Vec<String> {
        let items: String = (1..=9).map(item).collect();
        let found = of_feed(&format!("<rss><channel>{items}</channel></rss>"), TODAY);
        found.into_iter().map(|value| value.name).collect()
    }

    #[test]
    fn items_with_titles_texts_and_dates() {
        let feed = "<rss><item><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item></rss>";
        let found = of_feed(feed, TODAY);
        assert_eq!(found.len(), 2);
        assert!(!found[0].safe && !found[1].safe, "one item is no measure");
        let date = |n: usize| format!("<pubDate>Fri, 2{n} Nov 2026 08:00:00 GMT</pubDate>");
        for text in [
            "<description>第几条的提要</description>",
            "<description><![CDATA[<p>第几条的提要</p>]]></description>",
            "<content type=\"html\">&lt;p&gt;提要</content>",
        ] {
            let item = |n: usize| format!("<item><title>第{n}</title>{text}{}</item>", date(n));
            assert_eq!(
                names(item),
                ["items", "nulls_titles", "nulls_texts", "newest"],
                "{text}"
            );
        }
        let empty =
            |n: usize| format!("<item><title>第{n}条</title><description></description></item>");
        assert_eq!(names(empty), ["items", "nulls_titles"]);
    }
}
