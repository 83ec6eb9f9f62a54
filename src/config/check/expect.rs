//! `[probe.expect]`: what a healthy answer contains.

use std::collections::BTreeMap;

use crate::config::doc::problem;
use crate::config::read;
use crate::config::table::{SpannedValue, TomlTable};
use crate::model::probe::{Expect, Level};

/// Reads the section for a probe of `level`.
pub(super) fn expect(table: &TomlTable<'_>, level: Option<Level>) -> Expect {
    let contains = table.list("contains", read::line).unwrap_or_default();
    let not_contains = table.list("not_contains", read::line).unwrap_or_default();
    contradiction(table, &contains, &not_contains);
    let title = table.list("title", read::line).unwrap_or_default();
    let title_not = table.list("title_not", read::line).unwrap_or_default();
    contradiction(table, &title, &title_not);
    let min_bytes = table.read("min_bytes", read::size);
    let max_bytes = table.read_at("max_bytes", read::size);
    if let (Some(min), Some(max)) = (min_bytes, &max_bytes)
        && max.value < min
    {
        let help = "write a `max_bytes` that is at least `min_bytes`";
        let what = problem("no page is that small and that large", help);
        table.doc.fault(max.span.clone(), what);
    }
    let expect = Expect {
        status: table.values("status", read::status),
        final_host: table.values("final_host", read::glob),
        title: plain(title),
        title_not: plain(title_not),
        contains: plain(contains),
        not_contains: plain(not_contains),
        select: table.values("select", read::selector),
        content_type: table.read("type", read::media_type),
        min_bytes,
        max_bytes: max_bytes.map(|at| at.value),
        level: levels(&table.table("level", "[probe.expect.level]"), level),
    };
    table.close();
    expect
}

fn plain(list: Vec<SpannedValue<String>>) -> Vec<String> {
    list.into_iter().map(|at| at.value).collect()
}

fn contradiction(
    table: &TomlTable<'_>,
    wanted: &[SpannedValue<String>],
    unwanted: &[SpannedValue<String>],
) {
    for not in unwanted {
        if wanted.iter().any(|yes| yes.value == not.value) {
            let message = format!(
                "{} is both asked for and ruled out",
                read::quote(&not.value)
            );
            let what = problem(message, "take it out of one of the two lists");
            table.doc.fault(not.span.clone(), what);
        }
    }
}

/// Markers of the levels above the probe's own.
fn levels(table: &TomlTable<'_>, own: Option<Level>) -> BTreeMap<Level, Vec<String>> {
    let ladder = [Level::Home, Level::Search, Level::Abstract, Level::Fulltext];
    let mut levels = BTreeMap::new();
    for level in Level::ALL {
        let Some(value) = table.value(level.as_str()) else {
            continue;
        };
        let selectors: Vec<String> = value
            .list()
            .iter()
            .filter_map(|v| v.read(read::selector))
            .collect();
        let on_ladder = ladder.contains(level) && own.is_some_and(|own| ladder.contains(&own));
        if Some(*level) == own || (on_ladder && own.is_some_and(|own| *level < own)) {
            let message = format!("`{level}` is not above this probe's own level");
            let help = "markers of the probe's own level belong in `select`";
            table.doc.fault(value.span(), problem(message, help));
        }
        levels.insert(*level, selectors);
    }
    table.close();
    levels
}
