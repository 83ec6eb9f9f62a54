//! The phases of the last good check above those of the last bad one, on one scale.

use super::context::PageContext;
use super::newest_records::NewestRecords;
use crate::i18n::pages::PageText as P;
use crate::store::StoredRecord;

/// The classes of phases, in order; the last is what remains of the total.
const PHASES: [(&str, P); 5] = [
    ("dns", P::PhaseDns),
    ("connect", P::PhaseConnect),
    ("tls", P::PhaseTls),
    ("wait", P::PhaseWait),
    ("rest", P::PhaseRest),
];

/// A part of a bar, in percent of the longer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhasePart {
    pub class: &'static str,
    pub x: String,
    pub width: String,
}

/// One check.
pub struct PhaseBar {
    pub name: String,
    pub label: String,
    pub total: String,
    pub parts: Vec<PhasePart>,
}

/// Both checks of a vantage.
pub struct PhaseRows {
    pub bars: Vec<PhaseBar>,
}

impl PageContext<'_> {
    /// The bars of each vantage that has one.
    pub fn phases(&self, records: &[NewestRecords]) -> Vec<(String, PhaseRows)> {
        let rows = records.iter().filter_map(|record| {
            let both = [
                (P::PhaseGood, record.good.as_ref()),
                (P::PhaseBad, record.bad.as_ref()),
            ];
            let bars = self.phase_bars(&both);
            let name = self.vantage_name(&record.vantage);
            (!bars.is_empty()).then_some((name, PhaseRows { bars }))
        });
        rows.collect()
    }

    /// The key of the phases.
    pub fn phase_key(&self) -> Vec<(&'static str, &'static str)> {
        let key = PHASES.iter().map(|(class, text)| (*class, self.say(*text)));
        key.collect()
    }

    /// Bars on one scale.
    pub fn phase_bars(&self, checks: &[(P, Option<&StoredRecord>)]) -> Vec<PhaseBar> {
        let known = checks.iter().filter_map(|(text, record)| {
            let record = (*record)?;
            let durations = durations(record)?;
            Some((*text, record, durations))
        });
        let known: Vec<(P, &StoredRecord, [f64; 5])> = known.collect();
        let longest = known
            .iter()
            .map(|(_, _, d)| d.iter().sum::<f64>())
            .fold(0.0_f64, f64::max);
        if longest <= 0.0 {
            return Vec::new();
        }
        let bars = known.into_iter().map(|(text, record, durations)| {
            let day = self.moment(record.started);
            let name = self.fill(text, &[("day", &day)]);
            let total = format!("{:.0} ms", durations.iter().sum::<f64>());
            let parts: Vec<String> = PHASES
                .iter()
                .zip(durations)
                .filter(|(_, ms)| *ms > 0.0)
                .map(|((_, text), ms)| format!("{} {ms:.0} ms", self.say(*text)))
                .collect();
            PhaseBar {
                label: format!("{name}: {}", self.list(&parts)),
                name,
                total,
                parts: parts_of(durations, longest),
            }
        });
        bars.collect()
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

fn parts_of(durations: [f64; 5], longest: f64) -> Vec<PhasePart> {
    let mut from = 0.0;
    let mut parts = Vec::new();
    for ((class, _), ms) in PHASES.iter().zip(durations) {
        let width = 100.0 * ms / longest;
        if width > 0.0 {
            parts.push(PhasePart {
                class,
                x: format!("{from:.2}%"),
                width: format!("{width:.2}%"),
            });
        }
        from += width;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_on_the_scale_of_the_longest() {
        let parts = parts_of([10.0, 0.0, 20.0, 10.0, 10.0], 100.0);
        let places: Vec<(&str, &str, &str)> = parts
            .iter()
            .map(|p| (p.class, p.x.as_str(), p.width.as_str()))
            .collect();
        assert_eq!(
            places,
            [
                ("dns", "0.00%", "10.00%"),
                ("tls", "10.00%", "20.00%"),
                ("wait", "30.00%", "10.00%"),
                ("rest", "40.00%", "10.00%"),
            ]
        );
    }
}
