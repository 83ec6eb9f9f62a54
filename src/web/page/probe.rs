//! `/sources/{source}/{probe}`: 400 days, how long it takes, values, what it must hold, and how it
//! is configured.

use std::collections::BTreeMap;

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::latency::LatencyView;
use super::newest_records::NewestRecords;
use super::phases::PhaseRows;
use super::state_view::StateView;
use super::strip_view::StripView;
use super::times::TimeView;
use super::value_chart::ValueView;
use crate::i18n::facts;
use crate::i18n::pages::PageText as P;
use crate::model::ProbeKey;
use crate::model::state::State;
use crate::store::StoreError;
use crate::text::clean;
use crate::track::state::PairState;
use crate::web::visit::path_part;

/// The number of days in strips and charts.
const DAYS: u16 = 400;
/// A new watch is drawn over this many days at least.
const LEAST_DAYS: u16 = 30;
/// Expectations that are listed.
const MOST_EXPECTED: usize = 60;

#[derive(Template)]
#[template(path = "pages/probe.html")]
struct ProbePage {
    frame: Frame,
    title: String,
    source: (String, String),
    level: &'static str,
    pairs: Vec<PairLine>,
    days: String,
    /// The day with which the strips begin.
    first_day: String,
    strips: Vec<(String, StripView, String)>,
    latency: Vec<LatencyView>,
    phases: Vec<(String, PhaseRows)>,
    values: Vec<ValueView>,
    expected: Vec<ExpectedLine>,
    vantages: Vec<String>,
    configured: Vec<(&'static str, String)>,
    csv: String,
    /// The values as a table of the API.
    values_csv: String,
}

/// One vantage.
struct PairLine {
    name: String,
    state: StateView,
    seen: String,
    since: Option<TimeView>,
    checked: Option<TimeView>,
}

/// An expectation, and whether it held in the newest record of each vantage.
struct ExpectedLine {
    text: String,
    held: Vec<Option<bool>>,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>, source: &str, probe: &str) -> Result<PageAnswer, PageError> {
    let key = ProbeKey::new(source, probe);
    let Some(probe) = context.catalogue().probe(&key) else {
        return Ok(PageAnswer::NotFound);
    };
    let Some(source) = context.catalogue().source(&key.source) else {
        return Ok(PageAnswer::NotFound);
    };
    let pairs: Vec<&PairState<'_>> = context
        .pairs
        .iter()
        .filter(|p| p.probe.key() == key)
        .collect();
    let mut days = context.source_days(&key.source, DAYS)?;
    days.rows.retain(|(own, _), _| *own == key);
    let days = days.since_first_check(LEAST_DAYS);
    let records = context.newest_records(&key, &pairs)?;
    let href = format!("/sources/{}", path_part(source.id.as_str()));
    let title = context.probe_name(probe);
    let strips = days.rows.iter().map(|((_, vantage), row)| {
        let name = context.vantage_name(vantage);
        let strip = context.strip_of(&source.id, &name, days.first, &row.days);
        (name, strip, context.figures(row))
    });
    let page = ProbePage {
        frame: Frame::in_context(context, &title, Section::Sources),
        title,
        source: (href, context.source_name(source)),
        level: context.texts.level(probe.level),
        pairs: context.pair_lines(&pairs),
        days: context.fill(P::DaysHeading, &[("n", &days.count.to_string())]),
        first_day: context.day(days.first),
        strips: strips.collect(),
        latency: context.latency(&days),
        phases: context.phases(&records),
        values: context.values(probe, days.count)?,
        expected: context.expected(&records),
        vantages: records
            .iter()
            .map(|r| context.vantage_name(&r.vantage))
            .collect(),
        configured: super::configured::lines(probe, context.known.settings),
        csv: of_probe("uptime", &key),
        values_csv: of_probe("freshness", &key),
    };
    Ok(PageAnswer::Page(page.render()?))
}

/// A table of the API, of one probe.
fn of_probe(table: &str, key: &ProbeKey) -> String {
    format!(
        "/api/v1/{table}.csv?source={}&probe={}",
        path_part(key.source.as_str()),
        path_part(key.probe.as_str())
    )
}

impl PageContext<'_> {
    fn newest_records(
        &self,
        probe: &ProbeKey,
        pairs: &[&PairState<'_>],
    ) -> Result<Vec<NewestRecords>, StoreError> {
        let read = pairs.iter().map(|pair| {
            Ok(NewestRecords {
                vantage: pair.vantage.clone(),
                good: self.reader.last_healthy(probe, &pair.vantage)?,
                bad: self.reader.last_failed(probe, &pair.vantage)?,
            })
        });
        read.collect()
    }

    fn pair_lines(&self, pairs: &[&PairState<'_>]) -> Vec<PairLine> {
        let lines = pairs.iter().map(|pair| PairLine {
            name: self.vantage_name(&pair.vantage),
            state: self.pair_view(pair),
            seen: match pair.state {
                State::Open if pair.reason.is_none() => String::new(),
                _ => self.seen(pair).unwrap_or_default(),
            },
            since: pair.since.map(|at| self.since(at)),
            checked: pair.last_checked.map(|at| TimeView {
                iso: crate::model::time::iso(at),
                text: self.age(at),
            }),
        });
        lines.collect()
    }

    /// Every expectation that a newest record was checked for.
    fn expected(&self, records: &[NewestRecords]) -> Vec<ExpectedLine> {
        let mut lines: BTreeMap<String, ExpectedLine> = BTreeMap::new();
        let mut order: Vec<String> = Vec::new();
        for (at, record) in records.iter().enumerate() {
            let extra = record.newest().and_then(|r| r.measurement.extra());
            for fact in extra.iter().flat_map(|extra| &extra.expect) {
                let text = facts::expected(self.language(), &fact.expectation);
                let line = lines.entry(text.clone()).or_insert_with(|| {
                    order.push(text.clone());
                    ExpectedLine {
                        text: clean::line(&text, 300),
                        held: vec![None; records.len()],
                    }
                });
                line.held[at] = Some(fact.held);
            }
        }
        let all = order.iter().filter_map(|text| lines.remove(text));
        all.take(MOST_EXPECTED).collect()
    }
}
