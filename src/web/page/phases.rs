//! How long each phase took in the last good check and in the last bad one: a row a phase, the good
//! bar above the bad one, on one scale.

use super::context::PageContext;
use super::newest_records::NewestRecords;
use crate::i18n::pages::PageText as P;
use crate::store::StoredRecord;

/// The phases in order; the last is what remains of the total.
const PHASES: [P; 5] = [
    P::PhaseDns,
    P::PhaseConnect,
    P::PhaseTls,
    P::PhaseWait,
    P::PhaseRest,
];

/// One phase of one check, in percent of the longer check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseBar {
    pub class: &'static str,
    pub x: String,
    pub y: u32,
    pub width: String,
}

/// One phase of both checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseRow {
    pub name: &'static str,
    pub bars: Vec<PhaseBar>,
    /// `12 → 11 ms`.
    pub figures: String,
}

/// The checks of a vantage.
pub struct PhaseRows {
    /// The class of each check's bars, and which check it is.
    pub key: Vec<(&'static str, String)>,
    pub rows: Vec<PhaseRow>,
}

/// A check with its durations.
struct TimedCheck {
    class: &'static str,
    name: String,
    durations: [f64; 5],
}

impl PageContext<'_> {
    /// The rows of each vantage that has any.
    pub fn phases(&self, records: &[NewestRecords]) -> Vec<(String, PhaseRows)> {
        let rows = records.iter().filter_map(|record| {
            let rows = self.phase_rows(record.good.as_ref(), record.bad.as_ref())?;
            Some((self.vantage_name(&record.vantage), rows))
        });
        rows.collect()
    }

    /// The rows of a good check and a bad one, as far as they are known.
    pub fn phase_rows(
        &self,
        good: Option<&StoredRecord>,
        bad: Option<&StoredRecord>,
    ) -> Option<PhaseRows> {
        let both = [(P::PhaseGood, "good", good), (P::PhaseBad, "bad", bad)];
        let known = both.into_iter().filter_map(|(text, class, record)| {
            let record = record?;
            let day = self.moment(record.started);
            Some(TimedCheck {
                class,
                name: self.fill(text, &[("day", &day)]),
                durations: durations(record)?,
            })
        });
        let known: Vec<TimedCheck> = known.collect();
        let names = PHASES.map(|text| self.say(text));
        let rows = rows_of(&known, names);
        let key = known.into_iter().map(|check| (check.class, check.name));
        (!rows.is_empty()).then(|| PhaseRows {
            key: key.collect(),
            rows,
        })
    }
}

/// The durations of a check in milliseconds; `None` where nothing was fetched.
fn durations(record: &StoredRecord) -> Option<[f64; 5]> {
    let phases = &record.measurement.extra()?.phases;
    let known = [phases.dns, phases.connect, phases.tls, phases.first_byte];
    let known = known.map(|ms| ms.filter(|ms| ms.is_finite()).unwrap_or(0.0).max(0.0));
    let rest = (phases.total - known.iter().sum::<f64>()).max(0.0);
    let [dns, connect, tls, wait] = known;
    (phases.total > 0.0).then_some([dns, connect, tls, wait, rest])
}

/// A row for each phase that took any time. A phase begins where the one before it ends.
fn rows_of(checks: &[TimedCheck], names: [&'static str; 5]) -> Vec<PhaseRow> {
    let total = |check: &TimedCheck| check.durations.iter().sum::<f64>();
    let longest = checks.iter().map(total).fold(0.0_f64, f64::max);
    let mut rows = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        if longest <= 0.0 || checks.iter().all(|check| check.durations[at] <= 0.0) {
            continue;
        }
        let mut bars = Vec::new();
        for (check, y) in checks.iter().zip([1, 9]) {
            // The sum of nothing is -0.0.
            let before = check.durations[..at].iter().fold(0.0, |sum, ms| sum + ms);
            let took = check.durations[at];
            if took > 0.0 {
                bars.push(PhaseBar {
                    class: check.class,
                    x: format!("{:.2}%", 100.0 * before / longest),
                    y,
                    width: format!("{:.2}%", 100.0 * took / longest),
                });
            }
        }
        let figures: Vec<String> = checks
            .iter()
            .map(|check| format!("{:.0}", check.durations[at]))
            .collect();
        rows.push(PhaseRow {
            name,
            bars,
            figures: format!("{} ms", figures.join(" → ")),
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_follow_each_other_on_the_scale_of_the_longer_check() {
        let check = |class, durations| TimedCheck {
            class,
            name: String::new(),
            durations,
        };
        let checks = [
            check("good", [10.0, 0.0, 20.0, 10.0, 10.0]),
            check("bad", [20.0, 0.0, 0.0, 80.0, 0.0]),
        ];
        let rows = rows_of(&checks, ["dns", "connect", "tls", "wait", "rest"]);
        let shown: Vec<String> = rows
            .iter()
            .map(|row| {
                let bars = row.bars.iter();
                let bars: Vec<String> = bars
                    .map(|bar| format!("{} {} {}", bar.class, bar.x, bar.width))
                    .collect();
                format!("{}: {}; {}", row.name, bars.join(", "), row.figures)
            })
            .collect();
        assert_eq!(
            shown,
            [
                "dns: good 0.00% 10.00%, bad 0.00% 20.00%; 10 → 20 ms",
                "tls: good 10.00% 20.00%; 20 → 0 ms",
                "wait: good 30.00% 10.00%, bad 20.00% 80.00%; 10 → 80 ms",
                "rest: good 40.00% 10.00%; 10 → 0 ms",
            ]
        );
        assert!(rows_of(&[], ["a", "b", "c", "d", "e"]).is_empty());
    }
}
