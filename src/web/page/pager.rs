//! Lists that are shown in parts: which part is asked for, the links to the others, and the table
//! with all of them.

use super::context::PageContext;
use crate::web::visit::path_part;

/// The address of a part, its number, and whether it is the one that is shown.
pub(super) type PartLink = (String, usize, bool);

/// How many of `rows` come before the part that `page` of the query asks for, and the links to the
/// parts below `address`; a list of one part has none.
pub(super) fn pages(
    context: &PageContext<'_>,
    rows: u64,
    per_page: u64,
    address: &str,
) -> (u64, Vec<PartLink>) {
    let last = rows.div_ceil(per_page).max(1);
    let asked = context.visit.query_value("page");
    let asked = asked.and_then(|n| n.parse::<u64>().ok()).unwrap_or(1);
    let number = asked.clamp(1, last);
    let joint = if address.contains('?') { '&' } else { '?' };
    // Of many parts, only the first, the last and those around this one are listed.
    let is_listed = |n: &u64| *n == 1 || *n == last || n.abs_diff(number) <= 4;
    let all = (1..=last).filter(is_listed).map(|n| {
        let href = format!("{address}{joint}page={n}");
        (href, usize::try_from(n).unwrap_or(usize::MAX), n == number)
    });
    let listed = if last > 1 { all.collect() } else { Vec::new() };
    ((number - 1) * per_page, listed)
}

/// The rows of the part that is asked for, and the links to the others.
pub(super) fn part_of<'r, T>(
    context: &PageContext<'_>,
    rows: &'r [T],
    per_page: usize,
    address: &str,
) -> (&'r [T], Vec<PartLink>) {
    let (skip, links) = pages(context, rows.len() as u64, per_page as u64, address);
    let rest = rows.get(usize::try_from(skip).unwrap_or(usize::MAX)..);
    let rest = rest.unwrap_or_default();
    (&rest[..rest.len().min(per_page)], links)
}

/// Where a table is as CSV, with the rows of a list that these filters choose.
pub(super) fn table_address(name: &str, filters: &[(&str, Option<&str>)]) -> String {
    let chosen = filters
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", path_part((*value)?))));
    let query = chosen.collect::<Vec<String>>().join("&");
    let joint = if query.is_empty() { "" } else { "?" };
    format!("/api/v1/{name}.csv{joint}{query}")
}
