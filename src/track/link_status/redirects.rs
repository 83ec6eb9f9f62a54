//! What makes a link `moved`: it leads to another address for good, and the page there is alike.

use chrono::TimeDelta;

use crate::model::link::LinkObservation::Served;
use crate::model::link::LinkState;
use crate::model::link_status::{LinkStatus, RedirectRun};

use super::check::LinkCheck;

/// A redirect that is not permanent counts as one after this long.
const TEMPORARY: TimeDelta = TimeDelta::days(30);

/// Digits from which on a number in an address may name a piece of content.
const NUMBER: usize = 5;

/// The run of checks that led to one address, after one more check. `titles`: of the page before
/// this check, and in it.
pub(super) fn extended(
    run: Option<RedirectRun>,
    check: &LinkCheck,
    titles: (Option<&str>, Option<&str>),
) -> Option<RedirectRun> {
    let mut served = check
        .sightings
        .iter()
        .filter(|s| s.observation == Some(Served))
        .peekable();
    if served.peek().is_none() {
        return run;
    }
    let redirect = served.find_map(|s| s.redirect.clone())?;
    let known = run.filter(|run| run.to == redirect.to);
    let is_same_title =
        titles.0.is_some_and(|title| !title.trim().is_empty()) && titles.0 == titles.1;
    let is_same_content = match &known {
        Some(run) => run.is_same_content && (titles.1.is_none() || is_same_title),
        None => is_same_title && agree(&redirect.from, &redirect.to),
    };
    Some(RedirectRun {
        since: known.map_or(check.at, |run| run.since),
        to: redirect.to,
        is_permanent: redirect.is_permanent,
        is_same_content,
    })
}

/// Whether two addresses have the same content number.
fn agree(from: &str, to: &str) -> bool {
    let number = content_number(from);
    number.is_some() && number == content_number(to)
}

/// The number by which an address names a piece of content: the last long one that is no date
/// (`content_5373019.htm`, `t20230630_1672556.html`).
fn content_number(address: &str) -> Option<&str> {
    let behind_host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = behind_host.split_once('/')?.1;
    let path = path.split('#').next().unwrap_or_default();
    let mut numbers = path.split(|c: char| !c.is_ascii_digit());
    numbers.rfind(|number| number.len() >= NUMBER && !is_date(number))
}

/// Whether digits are a day or a month of our time.
fn is_date(digits: &str) -> bool {
    let part = |range| {
        digits
            .get(range)
            .and_then(|part: &str| part.parse::<u32>().ok())
    };
    let is_month = part(0..4).is_some_and(|year| (1990..2100).contains(&year))
        && part(4..6).is_some_and(|month| (1..=12).contains(&month));
    match digits.len() {
        6 => is_month,
        8 => is_month && part(6..8).is_some_and(|day| (1..=31).contains(&day)),
        _ => false,
    }
}

/// The new address of a link that is served. A link that was found to have moved there stays so
/// while nothing says that the page is another one.
pub(super) fn moved_to(status: &LinkStatus, check: &LinkCheck) -> Option<String> {
    let run = status.redirect.as_ref()?;
    let is_lasting = run.is_permanent || check.at - run.since >= TEMPORARY;
    let is_known = status.state == LinkState::Moved
        && status.moved_to.as_deref() == Some(&run.to)
        && check.is_alike != Some(false);
    let is_same = run.is_same_content && check.is_alike != Some(false);
    let is_moved = is_lasting && (is_same || check.is_alike == Some(true));
    (is_moved || is_known).then(|| run.to.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_piece_of_content_is_no_date_and_no_part_of_the_host() {
        for (address, want) in [
            (
                "https://www.gov.cn/xinwen/2019-03/12/content_5373019.htm",
                Some("5373019"),
            ),
            (
                "http://a.example/sj/202306/t20230630_1672556.html",
                Some("1672556"),
            ),
            ("http://a.example/sj/202306/t20230630.html", None),
            ("http://a.example/show?id=45678#12345", Some("45678")),
            ("http://12345.example/", None),
            ("http://a.example/2019/1234", None),
            ("http://a.example/20231399", Some("20231399")),
        ] {
            assert_eq!(content_number(address), want, "{address}");
        }
    }
}
