//! The day of citing that stands next to a link.
//!
//! A date counts when a word says that it is the day of a visit ("accessed", 访问日期, 검색일, 閲覧),
//! or when it is in brackets after the mark of an electronic source, as GB/T 7714 writes it.
//! A date after several links of a note belongs to all links since the last date.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::dates::{self, FoundDate};
use super::script::folded;
use crate::model::citation::PartialDate;

/// What precedes a date.
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:\b(?:(?:date|last)\s+)?(?:accessed|visited|retrieved|viewed|consulted|checked)|\baccess(?:ed)?\s+date|\bdate\s+of\s+access|\blast\s+access|访问[日时]期|访问[日时]间|访问时间|引用日期|检索日期|浏览日期|查阅日期|最后访问(?:日期|时间)?|上网日期|訪問日期|瀏覽日期|檢索日期|檢索日|最後瀏覽日期?|最後訪問|引用日|存取日期|访问于|检索于|查阅于|검색일자?|접속일자?|최종\s?접속일?|최종\s?방문일?|최종\s?검색일?|최종\s?확인일?|열람일?|확인일?|방문일?|조회일?|最終閲覧日?|最終アクセス日?|閲覧日|参照日|参照|アクセス日?|アクセス|取得日|確認日|閲覧)\s*(?:日時|は)?\s*[:：,，]?\s*(?:on|at|the|in|as\s+of|于|於|为)?\s*[:：]?\s*[\(\[（［「]?\s*$",
    )
    .ok()
});

/// What follows a date.
static BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(?:\([^)]{1,4}\)|（[^）]{1,4}）)?\s*(?:に|에)?\s*[,，]?\s*(?:最后|最後|最終|최종)?\s*(?:访问|訪問|检索|檢索|浏览|瀏覽|查阅|查閱|引用|접속|검색|열람|확인|방문|조회|閲覧|参照|アクセス|取得|確認|accessed|retrieved|visited)",
    )
    .ok()
});

/// Marks of an electronic source in GB/T 7714: `[EB/OL]`.
static ONLINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)[\[［【][A-Z]{1,2}/OL[\]］】]").ok());

/// A line that begins another note: `12.`, `[3]`, `③`, `注4`.
static NOTE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\n\s*(?:\n|\[\d{1,3}\]|［\d{1,3}］|\d{1,3}[.)、）\s]|[①-⑳]|[注註]\s?\d|\*\s|-\s|•)",
    )
    .ok()
});

/// Bytes between a link and the date after it.
const REACH: usize = 400;
/// Bytes looked at before and after a date.
const AROUND: usize = 48;

/// A date of citing, with whether it precedes the link that it belongs to.
struct Cited {
    at: Range<usize>,
    date: PartialDate,
    leads: bool,
}

/// The day of citing of each link, by the bytes that the links take in `text`.
#[must_use]
pub fn find(text: &str, links: &[Range<usize>]) -> Vec<Option<PartialDate>> {
    let mut found = vec![None; links.len()];
    if links.is_empty() {
        return found;
    }
    let folded = Folded::new(text, links);
    let cited = folded.cited(links);
    let mut borders: Vec<usize> = match NOTE.as_ref() {
        Some(note) => note
            .find_iter(&folded.text)
            .map(|m| folded.back(m.start()))
            .collect(),
        None => Vec::new(),
    };
    borders.push(text.len());
    let (mut link, mut day) = (0, 0);
    for border in borders {
        let links_end = link + links[link..].partition_point(|l| l.start < border);
        let days_end = day + cited[day..].partition_point(|c| c.at.start < border);
        let of_note: Vec<usize> = (link..links_end).collect();
        if !of_note.is_empty() {
            assign(&of_note, links, &cited[day..days_end], &mut found);
        }
        (link, day) = (links_end, days_end);
    }
    found
}

/// A link that no date follows so far, and the date that preceded the links before it:
/// several links may follow one date.
type Waiting = (usize, Option<PartialDate>);

/// Gives the dates of one note to its links.
fn assign(
    of_note: &[usize],
    links: &[Range<usize>],
    dates: &[Cited],
    found: &mut [Option<PartialDate>],
) {
    let mut waiting: Vec<Waiting> = Vec::new();
    let mut leading: Option<PartialDate> = None;
    let mut last_leading = None;
    let mut dates = dates.iter().peekable();
    for n in of_note {
        while let Some(cited) = dates.next_if(|c| c.at.start < links[*n].start) {
            settle(cited, links, &mut waiting, &mut leading, found);
        }
        match leading.take() {
            Some(date) => {
                found[*n] = Some(date);
                last_leading = Some(date);
            }
            None => waiting.push((*n, last_leading)),
        }
    }
    for cited in dates {
        settle(cited, links, &mut waiting, &mut leading, found);
    }
    for (n, before) in waiting {
        found[n] = before;
    }
}

fn settle(
    cited: &Cited,
    links: &[Range<usize>],
    waiting: &mut Vec<Waiting>,
    leading: &mut Option<PartialDate>,
    found: &mut [Option<PartialDate>],
) {
    waiting.retain(|(n, _)| cited.at.start.saturating_sub(links[*n].end) <= REACH);
    if waiting.is_empty() || cited.leads {
        *leading = Some(cited.date);
        return;
    }
    for (n, _) in waiting.drain(..) {
        found[n] = Some(cited.date);
    }
}

/// A text in which full-width digits are ASCII and links are blanks, with the way back.
struct Folded {
    text: String,
    /// For each byte of `text` the byte of the original.
    back: Vec<usize>,
}

impl Folded {
    fn new(original: &str, links: &[Range<usize>]) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut back = Vec::with_capacity(original.len() + 1);
        let mut links = links.iter().peekable();
        for (at, c) in original.char_indices() {
            while links.next_if(|link| link.end <= at).is_some() {}
            let in_link = links.peek().is_some_and(|link| link.contains(&at));
            // A blank that no date and no word goes over.
            text.push(if in_link { '\u{1}' } else { folded(c) });
            back.resize(text.len(), at);
        }
        back.push(original.len());
        Self { text, back }
    }

    fn back(&self, at: usize) -> usize {
        self.back.get(at).copied().unwrap_or_default()
    }

    fn cited(&self, links: &[Range<usize>]) -> Vec<Cited> {
        let (Some(before), Some(behind), Some(online)) =
            (BEFORE.as_ref(), BEHIND.as_ref(), ONLINE.as_ref())
        else {
            return Vec::new();
        };
        let marks: Vec<usize> = online.find_iter(&self.text).map(|m| m.end()).collect();
        let is_cited = |found: &FoundDate| {
            let head = window_before(&self.text, found.range.start);
            let tail = window_behind(&self.text, found.range.end);
            let bracketed = head.ends_with(['[', '【']) && tail.starts_with([']', '】']);
            let last = marks
                .partition_point(|m| *m <= found.range.start)
                .checked_sub(1);
            let marked = last.is_some_and(|n| found.range.start - marks[n] < 160);
            before.is_match(head) || behind.is_match(tail) || (bracketed && marked)
        };
        let all = dates::find(&self.text);
        let cited = all.into_iter().filter(is_cited).map(|found| Cited {
            leads: self.leads(&found, links),
            at: self.back(found.range.start)..self.back(found.range.end),
            date: found.date,
        });
        cited.collect()
    }

    /// Whether a link follows at once: "Retrieved May 8, 2023, from https://…", `[2023-05-08].
    /// https://…`.
    fn leads(&self, found: &FoundDate, links: &[Range<usize>]) -> bool {
        let end = self.back(found.range.end);
        let next = links.get(links.partition_point(|l| l.start < end));
        if next.is_none_or(|next| next.start - end > 60) {
            return false;
        }
        let between: String = self.text[found.range.end..]
            .chars()
            .take_while(|c| *c != '\u{1}')
            .take(40)
            .collect();
        let between = between.to_lowercase();
        let words = between.trim_matches(|c: char| !c.is_alphanumeric());
        let from = [
            "from",
            "at",
            "available at",
            "available from",
            "访问",
            "检索",
            "访问自",
            "引自",
            "网址",
            "url",
            "出处",
            "来源",
        ];
        let bracket = between.trim_start().starts_with([']', '】']);
        from.contains(&words) || (bracket && words.is_empty()) || (bracket && from.contains(&words))
    }
}

fn window_before(text: &str, at: usize) -> &str {
    let mut from = at.saturating_sub(AROUND);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..at]
}

fn window_behind(text: &str, at: usize) -> &str {
    let mut to = (at + AROUND).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[at..to]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::running_text;

    fn days(text: &str) -> Vec<String> {
        let links: Vec<Range<usize>> = running_text::find(text)
            .into_iter()
            .map(|l| l.range)
            .collect();
        assert!(!links.is_empty(), "{text}");
        let word = |d: Option<PartialDate>| d.map_or("-".to_owned(), |d| d.to_string());
        find(text, &links).into_iter().map(word).collect()
    }

    #[test]
    fn the_day_stands_behind_the_link_or_before_it() {
        for (text, want) in [
            ("https://a.example/x (accessed May 8, 2023).", "2023-05-08"),
            (
                "https://a.example/x. Last accessed: 8 May 2023.",
                "2023-05-08",
            ),
            ("Accessed May 8, 2023. https://a.example/x.", "2023-05-08"),
            (
                "Retrieved May 8, 2023, from https://a.example/x",
                "2023-05-08",
            ),
            ("https://a.example/x [visited 2023-05-08]", "2023-05-08"),
            ("http://a.example/x，访问日期：2023年5月8日。", "2023-05-08"),
            ("http://a.example/x，2023年5月8日访问。", "2023-05-08"),
            ("http://a.example/x（檢索日期：2023年5月8日）", "2023-05-08"),
            ("http://a.example/x，最後瀏覽日：2023年5月8日", "2023-05-08"),
            (
                "某某. 题名[EB/OL]. (2012-05-03)[2013-11-12]. http://a.example/x.",
                "2013-11-12",
            ),
            ("某某. 题名[EB/OL]. (2012-05-03). http://a.example/x.", "-"),
            ("http://a.example/x (검색일: 2023.5.8)", "2023-05-08"),
            ("http://a.example/x (접속일: 2023. 5. 8.)", "2023-05-08"),
            ("http://a.example/x, 2023.05.08. 접속.", "2023-05-08"),
            ("http://a.example/x (2023년 5월 8일 검색)", "2023-05-08"),
            (
                "http://a.example/x（最終閲覧日：2023年5月8日）",
                "2023-05-08",
            ),
            ("http://a.example/x（2023年5月8日閲覧）", "2023-05-08"),
            ("http://a.example/x、2023年5月8日アクセス", "2023-05-08"),
            (
                "http://a.example/x，访问日期：２０２３年５月８日",
                "2023-05-08",
            ),
            ("https://a.example/2019-01-01/x published 2020-02-02", "-"),
            ("https://a.example/x (May 8, 2023)", "-"),
            ("https://a.example/x (accessed May 2023)", "2023-05"),
            ("https://a.example/x (accessed 05/08/2023)", "-"),
        ] {
            assert_eq!(days(text), [want], "{text}");
        }
    }

    #[test]
    fn a_date_behind_several_links_is_the_day_of_all_since_the_last_date() {
        for (text, want) in [
            (
                "https://a.example/1; https://a.example/2 (accessed 2023-05-08).",
                vec!["2023-05-08", "2023-05-08"],
            ),
            (
                "https://a.example/1 (accessed 2022-01-01), https://a.example/2, https://a.example/3 (accessed 2023-05-08)",
                vec!["2022-01-01", "2023-05-08", "2023-05-08"],
            ),
            (
                "https://a.example/1. Retrieved May 8, 2023, from https://a.example/2",
                vec!["-", "2023-05-08"],
            ),
            (
                "1. https://a.example/1\n2. https://a.example/2 (accessed 2023-05-08)",
                vec!["-", "2023-05-08"],
            ),
            (
                "[1] 甲[EB/OL].[2020-01-02]. http://a.example/1.\n[2] 乙[EB/OL].[2021-03-04]. http://a.example/2.",
                vec!["2020-01-02", "2021-03-04"],
            ),
            (
                "Accessed May 8, 2023: https://a.example/1. Accessed June 9, 2023: https://a.example/2.",
                vec!["2023-05-08", "2023-06-09"],
            ),
        ] {
            assert_eq!(days(text), want, "{text}");
        }
    }
}
