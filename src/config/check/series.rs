//! `[probe.value.NAME]`: numbers and dates kept as a series.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config::doc::{DiagnosedFile, problem};
use crate::config::read;
use crate::config::table::{SpannedValue, TomlTable, nearest};
use crate::model::probe::{ValueFrom, ValueKind, ValueSpec};

const KINDS: [(&str, ValueKind); 6] = [
    ("number", ValueKind::Number),
    ("date", ValueKind::Date),
    ("text", ValueKind::Text),
    ("count", ValueKind::Count),
    ("null_share", ValueKind::NullShare),
    ("hash", ValueKind::Hash),
];

/// Reads all series of a probe, and the calendars that they name.
pub(super) fn series(table: &TomlTable<'_>) -> (Vec<ValueSpec>, Vec<SpannedValue<String>>) {
    let (mut series, mut calendars, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    // Invalid ones are included, because their kind may be unknown.
    let mut kinds = BTreeMap::new();
    for (name, value) in table.entries() {
        let table = value.table(&format!("[probe.value.{}]", name.value));
        let calendar = table.read_at("calendar", read::line);
        let changes_with = table.read_at("changes_with", read::line);
        let kind = table.need("as", "\"number\"", |v| read::choice(v, &KINDS));
        let named = (name.value, kind);
        series.extend(one(&table, named, calendar.as_ref(), changes_with.as_ref()));
        table.close();
        kinds.insert(name.value.to_owned(), kind);
        calendars.extend(calendar);
        beside.extend(changes_with);
    }
    for at in beside {
        let kind = kinds.get(&at.value);
        if kind.is_none_or(|kind| kind.is_some_and(|k| k != ValueKind::Date)) {
            let message = format!("{} is not a date of this probe", read::quote(&at.value));
            let help = "name a [probe.value] of it with `as = \"date\"`";
            table.doc.fault(at.span, problem(message, help));
        }
    }
    (series, calendars)
}

/// Reports unknown calendars, with which nothing would be counted. `there` are the names of all
/// calendars, valid or not.
pub(super) fn calendars(doc: &DiagnosedFile, named: &[SpannedValue<String>], there: &[String]) {
    for at in named.iter().filter(|at| !there.contains(&at.value)) {
        let message = format!("there is no calendar {}", read::quote(&at.value));
        let help = match nearest(&at.value, there.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", there.join(", ")),
        };
        doc.fault(at.span.clone(), problem(message, help));
    }
}

/// Every key is read before it is known whether the series can be used, because unread keys would
/// be unknown keys.
fn one(
    table: &TomlTable<'_>,
    (name, kind): (&str, Option<ValueKind>),
    calendar: Option<&SpannedValue<String>>,
    changes_with: Option<&SpannedValue<String>>,
) -> Option<ValueSpec> {
    let regex = table.read("regex", |v| {
        let text = read::line(v)?;
        read::pattern(&text).map(|()| text)
    });
    let limits = Limits {
        min: table.read("min", read::number),
        max: table.read("max", read::number),
        max_age: table.read("max_age", read::positive),
        must_change: table.read("must_change", read::positive),
    };
    let format = table.read("format", read::strftime);
    let max_drop = table.read("max_drop", read::share);
    let from = from(table, regex.is_some());
    if let Some(kind) = kind {
        fits(table, kind);
    }
    limits.check(table, calendar);
    Some(ValueSpec {
        name: name.to_owned(),
        from: from?,
        regex,
        kind: kind?,
        format,
        min: limits.min,
        max: limits.max,
        max_drop,
        max_age: limits.max_age,
        calendar: calendar.map(|at| at.value.clone()),
        must_change: limits.must_change,
        changes_with: changes_with.map(|at| at.value.clone()),
    })
}

/// Where a value is taken from.
const PLACES: [&str; 5] = ["select", "json", "json_path", "header", "regex"];

/// The single place to read from; a regular expression alone reads the whole text.
fn from(table: &TomlTable<'_>, regex: bool) -> Option<ValueFrom> {
    let places = [
        table.read_at("select", |v| read::selector(v).map(ValueFrom::Select)),
        table.read_at("json", |v| {
            read::json_pointer(v).map(ValueFrom::JsonPointer)
        }),
        table.read_at("json_path", |v| read::json_path(v).map(ValueFrom::JsonPath)),
        table.read_at("header", |v| {
            let name = read::line(v)?;
            Ok(ValueFrom::Header(name.to_ascii_lowercase()))
        }),
    ];
    let named = ["select", "json", "json_path", "header"]
        .into_iter()
        .any(|key| table.value(key).is_some());
    let mut found: Vec<SpannedValue<ValueFrom>> = places.into_iter().flatten().collect();
    if found.len() > 1 {
        let what = problem(
            "a value is taken from one place",
            "keep one of `select`, `json`, `json_path` and `header`",
        );
        table.doc.fault(found[1].span.clone(), what);
    }
    if !named && !regex {
        if table.value("regex").is_none()
            && !table.is_broken()
            && !PLACES.iter().any(|key| table.mistyped(key))
        {
            let what = problem(
                "this value is taken from nowhere",
                "add one of `select`, `json`, `json_path`, `header` or `regex`",
            );
            table.doc.fault(table.span.clone(), what);
        }
        return None;
    }
    if named && found.is_empty() {
        return None; // already reported as a fault
    }
    Some(found.pop().map_or(ValueFrom::Text, |at| at.value))
}

/// `max_age` is at most 3650d.
const MOST: Duration = Duration::from_secs(3650 * 86_400);

/// Reports limits that do not apply to this kind of value.
fn fits(table: &TomlTable<'_>, kind: ValueKind) {
    use ValueKind::{Count, Date, Hash, NullShare, Number, Text};
    let numbers: &[ValueKind] = &[Number, Count, NullShare];
    let rules: [(&'static str, &[ValueKind], &str); 6] = [
        ("format", &[Date], "a date"),
        ("min", numbers, "a number"),
        ("max", numbers, "a number"),
        ("max_drop", &[Number, Count], "a number or a count"),
        ("max_age", &[Date], "a date"),
        (
            "changes_with",
            &[Hash, Text, Number],
            "a hash, a text or a number",
        ),
    ];
    for (key, kinds, what) in rules {
        if let Some(value) = table.value(key)
            && !kinds.contains(&kind)
        {
            let message = format!("`{key}` is for {what}");
            let help = "take it out, or change `as`";
            table.doc.fault(value.span(), problem(message, help));
        }
    }
}

/// Limits that are compared with each other, for any kind of value.
struct Limits {
    min: Option<f64>,
    max: Option<f64>,
    max_age: Option<Duration>,
    must_change: Option<Duration>,
}

impl Limits {
    fn check(&self, table: &TomlTable<'_>, calendar: Option<&SpannedValue<String>>) {
        let is_meant = |key| table.value(key).is_some() || table.mistyped(key);
        if let Some(calendar) = calendar
            && !["max_age", "must_change"].into_iter().any(is_meant)
        {
            let what = problem(
                "a calendar counts the days of `max_age` and `must_change`",
                "add `max_age = \"3d\"` to a date, or `must_change`",
            );
            table.doc.fault(calendar.span.clone(), what);
        }
        if let (Some(min), Some(max), Some(at)) = (self.min, self.max, table.value("max"))
            && max < min
        {
            let what = problem("`max` is below `min`", "swap them");
            table.doc.fault(at.span(), what);
        }
        if let (Some(true), Some(at)) = (self.max_age.map(|a| a > MOST), table.value("max_age")) {
            let what = problem(
                "`max_age` is at most 3650d",
                "write the age that would be too old",
            );
            table.doc.fault(at.span(), what);
        }
    }
}
