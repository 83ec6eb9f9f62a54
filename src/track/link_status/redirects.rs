//! What makes a link `moved`: it leads to another address for good, and the page there is alike.

use chrono::TimeDelta;

use crate::model::link::LinkObservation::Served;
use crate::model::link::LinkState;
use crate::model::link_status::{LinkStatus, RedirectRun};

use super::check::LinkCheck;

/// A redirect that is not permanent counts as one after this long.
const TEMPORARY: TimeDelta = TimeDelta::days(30);

/// The run of checks that led to one address, after one more check.
pub(super) fn extended(run: Option<RedirectRun>, check: &LinkCheck) -> Option<RedirectRun> {
    let mut served = check
        .sightings
        .iter()
        .filter(|s| s.observation == Some(Served))
        .peekable();
    if served.peek().is_none() {
        return run;
    }
    let redirect = served.find_map(|s| s.redirect.clone())?;
    let since = run
        .filter(|run| run.to == redirect.to)
        .map_or(check.at, |run| run.since);
    Some(RedirectRun {
        to: redirect.to,
        since,
        is_permanent: redirect.is_permanent,
    })
}

/// The new address of a link that is served. A link that was found to have moved there stays so
/// while nothing says that the page is another one.
pub(super) fn moved_to(status: &LinkStatus, check: &LinkCheck) -> Option<String> {
    let run = status.redirect.as_ref()?;
    let is_lasting = run.is_permanent || check.at - run.since >= TEMPORARY;
    let is_known = status.state == LinkState::Moved
        && status.moved_to.as_deref() == Some(&run.to)
        && check.is_alike != Some(false);
    let is_the_same =
        check.is_alike == Some(true) || (check.is_alike.is_none() && check.is_same_content);
    let is_moved = is_lasting && is_the_same;
    (is_moved || is_known).then(|| run.to.clone())
}

/// Digits of a content number: years and days are shorter than most, and no number of a page is.
const NUMBER: usize = 5;

/// Whether a page has the title of the page before, and its address the content number of the
/// address that led there.
#[must_use]
pub fn is_same_content(
    (title, from): (Option<&str>, &str),
    (now, to): (Option<&str>, &str),
) -> bool {
    let words = |title: &str| title.split_whitespace().collect::<String>();
    let titles = title.zip(now).filter(|(title, _)| !title.trim().is_empty());
    let same_title = titles.is_some_and(|(title, now)| words(title) == words(now));
    let numbers = number(from).zip(number(to));
    same_title && numbers.is_some_and(|(from, to)| from == to)
}

/// The content number of an address: its last long number.
fn number(url: &str) -> Option<&str> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split_once('/').map(|(_, path)| path)?;
    let runs = path.split(|c: char| !c.is_ascii_digit());
    runs.filter(|run| run.len() >= NUMBER).last()
}

#[cfg(test)]
mod tests {
    use super::is_same_content;

    #[test]
    fn a_page_of_one_title_and_number_is_the_same() {
        let old = "http://www.mwr.gov.cn/sj/202306/t20230630_1672556.html";
        for (title, now, to, want) in [
            ("公报", " 公 报 ", "https://slt.gov.cn/a/1672556", true),
            (
                "公报",
                "公报",
                "https://slt.gov.cn/1672556/index.html",
                true,
            ),
            (
                "公报",
                "公报",
                "https://slt.gov.cn/a/t20230630_1672557.html",
                false,
            ),
            ("公报", "首页", "https://slt.gov.cn/a/1672556", false),
            ("", "", "https://slt.gov.cn/a/1672556", false),
            ("公报", "公报", "https://slt.gov.cn/", false),
            ("公报", "公报", "https://1672556.gov.cn/", false),
        ] {
            let found = is_same_content((Some(title), old), (Some(now), to));
            assert_eq!(found, want, "{title} {now} {to}");
        }
        let undated = "https://a.example/2023/report";
        let same = is_same_content((Some("x"), undated), (Some("x"), undated));
        assert!(!same, "a year is no content number");
    }
}
