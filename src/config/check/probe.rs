//! `[[probe]]`: how one endpoint is fetched.

use std::ops::Range;

use super::{expect, series};
use crate::config::doc::{Problem, problem};
use crate::config::read;
use crate::config::table::{SpannedValue, TomlTable, TomlValue};
use crate::model::probe::{Expect, Level, Method, Target, ValueFrom, ValueSpec};
use crate::model::{Code, Probe, ProbeKey, SourceId, VantageId};

/// A probe, with the places that checks across files point to. An invalid probe is not used, but
/// what could be read of it is still checked against other files.
pub(in crate::config) struct CheckedProbe {
    pub probe: Option<Probe>,
    /// `None`: its id, or that of its source, could not be read.
    pub key: Option<ProbeKey>,
    /// The place of its id.
    pub at: Range<usize>,
    pub depends_on: Option<SpannedValue<ProbeKey>>,
    pub sibling: Option<SpannedValue<ProbeKey>>,
    /// The vantages that it names; `None`: it runs from all.
    pub vantages: Option<Vec<SpannedValue<String>>>,
    /// The calendars that its values use.
    pub calendars: Vec<SpannedValue<String>>,
    /// The place of its schedule, if that fires more than once an hour.
    pub frequent: Option<Range<usize>>,
}

/// Reads one probe of `source`, if the source's id is known.
pub(super) fn probe(table: &TomlTable<'_>, source: Option<&SourceId>) -> CheckedProbe {
    let need = required(table);
    let (level, target) = (need.level, need.target);
    let schedule = table.read_at("schedule", read::cron);
    let depends_on = table.read_at("depends_on", read::key);
    let sibling = table.read_at("sibling", read::key);
    let vantages = table.list("vantages", read::id);
    let (enabled, is_surely_on) = enabled(table);
    let fetch = fetch(table, target.as_ref(), is_surely_on);
    let baseline = table.read("baseline", baseline);
    let names = ["name", "name_zh", "name_ko"].map(|name| table.read(name, read::line));
    let expect = expect::expect(&table.table("expect", "[probe.expect]"), level);
    let (values, calendars) = series::series(&table.table("value", "[probe.value]"));
    bounded(table, &expect, &values);
    let timeout = table.read("timeout", read::positive);
    let provisional = table.read("provisional", read::flag).unwrap_or(false);
    let charset = table.read("charset", read::charset);
    table.close();
    let [name, name_zh, name_ko] = names;
    let key = key(source, need.id.as_deref());
    let needed = key.clone().zip(level).zip(target);
    let probe = needed.map(|((key, level), target)| Probe {
        name: name.unwrap_or_else(|| key.probe.to_string()),
        name_zh,
        name_ko,
        source: key.source,
        id: key.probe,
        level,
        target,
        method: fetch.method,
        headers: fetch.headers,
        body: fetch.body,
        follow: fetch.follow,
        before: fetch.before,
        enabled,
        depends_on: depends_on.as_ref().map(|at| at.value.clone()),
        sibling: sibling.as_ref().map(|at| at.value.clone()),
        baseline,
        timeout,
        provisional,
        vantages: vantages.as_deref().map(names_of),
        charset,
        expect,
        values,
        schedule: schedule.as_ref().map(|c| c.value.to_string()),
    });
    CheckedProbe {
        probe,
        key,
        at: need.at,
        depends_on,
        sibling,
        vantages,
        calendars,
        frequent: schedule
            .filter(|c| c.value.is_more_than_hourly())
            .map(|c| c.span),
    }
}

/// The keys that a probe needs, as far as they could be read.
struct Required {
    /// The place of the id.
    at: Range<usize>,
    id: Option<String>,
    level: Option<Level>,
    target: Option<Target>,
}

fn required(table: &TomlTable<'_>) -> Required {
    Required {
        at: table.value("id").map_or(table.span.clone(), |v| v.span()),
        id: table.need("id", "\"home\"", read::id),
        level: table.need("level", "\"home\"", level),
        target: table.need("url", "\"https://…\"", read::target),
    }
}

fn key(source: Option<&SourceId>, id: Option<&str>) -> Option<ProbeKey> {
    Some(ProbeKey::new(source?.as_str(), id?))
}

/// Whether a probe is on, and whether that is sure: a value that cannot be read may mean off.
fn enabled(table: &TomlTable<'_>) -> (bool, bool) {
    let enabled = table.read("enabled", read::flag);
    let may_be_off = table.unread("enabled", enabled.as_ref());
    let enabled = enabled.unwrap_or(true);
    (enabled, enabled && !may_be_off)
}

fn names_of(vantages: &[SpannedValue<String>]) -> Vec<VantageId> {
    vantages.iter().map(|at| at.value.as_str().into()).collect()
}

fn level(value: &TomlValue<'_>) -> Result<Level, Problem> {
    let words: Vec<(&str, Level)> = Level::ALL.iter().map(|l| (l.as_str(), *l)).collect();
    read::choice(value, &words)
}

/// A baseline must be a code that a site itself may give every day.
fn baseline(value: &TomlValue<'_>) -> Result<Code, Problem> {
    let code = read::code(&read::line(value)?)?;
    if code.is_about_source() && !code.is_outage_like() {
        return Ok(code);
    }
    Err(problem(
        format!("`{code}` is never normal"),
        "write what the site itself answers, such as \"site.challenge\"",
    ))
}

impl CheckedProbe {
    /// Whether nothing in it can be checked against other files.
    pub(in crate::config) fn says_nothing(&self) -> bool {
        self.probe.is_none()
            && self.key.is_none()
            && self.depends_on.is_none()
            && self.sibling.is_none()
            && self.vantages.is_none()
            && self.calendars.is_empty()
            && self.frequent.is_none()
    }
}

/// How many selectors one probe may have: each is tried on every element of a page.
const MOST_SELECTORS: usize = 1_000;

fn bounded(table: &TomlTable<'_>, expect: &Expect, values: &[ValueSpec]) {
    let levels = expect.level.values().flatten();
    let of_values = values.iter().filter_map(|value| match &value.from {
        ValueFrom::Select(selector) => Some(selector),
        _ => None,
    });
    let all = expect.select.iter().chain(levels).chain(of_values);
    let count: usize = all.map(|text| read::selectors_in(text)).sum();
    if count > MOST_SELECTORS {
        let message = format!("this probe has {count} selectors, more than {MOST_SELECTORS}");
        let help = "keep those that distinguish the right page from another";
        let place = table
            .value("expect")
            .map_or(table.span.clone(), |v| v.span());
        table.doc.fault(place, problem(message, help));
    }
}

struct Fetch {
    method: Method,
    headers: Vec<(String, String)>,
    body: Option<String>,
    follow: bool,
    before: Vec<url::Url>,
}

/// The request. None of its keys applies to a file.
fn fetch(table: &TomlTable<'_>, target: Option<&Target>, enabled: bool) -> Fetch {
    if let Some(Target::File(_)) = target {
        for key in ["method", "headers", "body", "follow", "before"] {
            if let Some(value) = table.value(key) {
                let what = problem(format!("`{key}` means nothing for a file"), "take it out");
                table.doc.fault(value.span(), what);
            }
        }
    }
    let method = table.read("method", |v| {
        read::choice(v, &[("GET", Method::Get), ("POST", Method::Post)])
    });
    let body = table.read_at("body", read::text);
    let unread = || table.unread("method", method.as_ref()) || table.mistyped("method");
    if let (Method::Get, Some(body)) = (method.unwrap_or_default(), &body)
        && !unread()
    {
        let what = problem(
            "a GET has no body",
            "add `method = \"POST\"`, or take the body out",
        );
        table.doc.fault(body.span.clone(), what);
    }
    Fetch {
        method: method.unwrap_or_default(),
        headers: headers(table, enabled),
        body: body.map(|at| at.value),
        follow: table.read("follow", read::flag).unwrap_or(true),
        before: table.values("before", read::http_url),
    }
}

fn headers(table: &TomlTable<'_>, enabled: bool) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, value) in table.table("headers", "`headers`").entries() {
        if let Err(wrong) = read::header_name(name.value) {
            table.doc.fault(name.span, wrong);
            continue;
        }
        let lower = name.value.to_ascii_lowercase();
        if enabled && matches!(lower.as_str(), "referer" | "origin") {
            let message = format!(
                "the header `{}` pretends to come from another page",
                name.value
            );
            let help = "take it out, or keep the probe for the record with `enabled = false`";
            table.doc.fault(name.span, problem(message, help));
            continue;
        }
        let text = value.read(|v| {
            let text = read::text(v)?;
            if text.chars().any(char::is_control) {
                let help = "write it on one line, without control characters";
                return Err(problem("a header's value is one line", help));
            }
            Ok(text)
        });
        headers.extend(text.map(|text| (name.value.to_owned(), text)));
    }
    headers
}
