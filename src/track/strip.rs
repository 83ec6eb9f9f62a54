//! A row of days: for each day, the shares of the due rounds that were open, gave less, were
//! closed, or were not observed.

/// What a part of a day is filled with, from below.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum StripBand {
    Closed,
    Less,
    Open,
    /// A gap, or a check that does not tell.
    Unseen,
    /// Our own end did not work.
    Offline,
}

impl StripBand {
    /// From below to above.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name of its class.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// One day's rounds that were due, by what they saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StripDay {
    counts: [u32; 5],
    checks: u32,
}

impl StripDay {
    /// Adds rounds of the day.
    pub fn add(&mut self, band: StripBand, rounds: u32) {
        self.counts[band as usize] += rounds;
    }

    /// Adds rounds that were made.
    pub fn add_checks(&mut self, checks: u32) {
        self.checks += checks;
    }

    /// Adds the rounds of the same day of another row.
    pub fn merge(&mut self, other: &Self) {
        for (own, others) in self.counts.iter_mut().zip(other.counts) {
            *own += others;
        }
        self.checks += other.checks;
    }

    /// Rounds that were due.
    #[must_use]
    pub fn due(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// The share of a band in tenths of a percent.
    #[must_use]
    pub fn share(&self, band: StripBand) -> u32 {
        match self.due() {
            0 => 0,
            due => (1000 * self.counts[band as usize] + due / 2) / due,
        }
    }

    fn shares(&self) -> [u32; 5] {
        std::array::from_fn(|at| self.share(StripBand::ALL[at]))
    }

    /// What most of the day was; of equals the worse. `None` where nothing was due.
    #[must_use]
    pub fn main_band(&self) -> Option<StripBand> {
        let bands = StripBand::ALL.iter().copied();
        let most = bands.rev().max_by_key(|band| self.counts[*band as usize])?;
        (self.due() > 0).then_some(most)
    }
}

/// Days in a row that look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripRun {
    /// The index of the first day.
    pub first: usize,
    pub days: usize,
    pub day: StripDay,
}

/// The runs of days that look the same; days with nothing due are in none.
#[must_use]
pub fn runs(days: &[StripDay]) -> Vec<StripRun> {
    let mut runs: Vec<StripRun> = Vec::new();
    for (at, day) in days.iter().enumerate().filter(|(_, day)| day.due() > 0) {
        match runs.last_mut() {
            Some(run) if run.first + run.days == at && run.day.shares() == day.shares() => {
                run.days += 1;
            }
            _ => runs.push(StripRun {
                first: at,
                days: 1,
                day: *day,
            }),
        }
    }
    runs
}

/// The same days drawn by week: each looks like its whole week, and the first has its checks.
#[must_use]
pub fn by_week(days: &[StripDay]) -> Vec<StripDay> {
    let mut drawn = Vec::with_capacity(days.len());
    for week in days.chunks(7) {
        let mut whole = StripDay::default();
        for day in week {
            whole.merge(day);
        }
        drawn.push(whole);
        let rest = StripDay { checks: 0, ..whole };
        drawn.resize(drawn.len() + week.len() - 1, rest);
    }
    drawn
}

/// Days in a row that were mostly the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripSpan {
    pub first: usize,
    pub last: usize,
    pub band: StripBand,
    pub checks: u32,
}

/// The strip in words: from when to when it was mostly what.
#[must_use]
pub fn spans(days: &[StripDay]) -> Vec<StripSpan> {
    let mut spans: Vec<StripSpan> = Vec::new();
    for (at, day) in days.iter().enumerate() {
        let Some(band) = day.main_band() else {
            continue;
        };
        match spans.last_mut() {
            Some(span) if span.band == band && span.last + 1 == at => {
                span.last = at;
                span.checks += day.checks;
            }
            _ => spans.push(StripSpan {
                first: at,
                last: at,
                band,
                checks: day.checks,
            }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(rounds: &[(StripBand, u32)]) -> StripDay {
        let mut day = StripDay::default();
        for (band, n) in rounds {
            day.add(*band, *n);
            day.add_checks(*n);
        }
        day
    }

    #[test]
    fn equal_days_are_one_run_and_empty_days_are_none() {
        let open = day(&[(StripBand::Open, 3)]);
        let other = day(&[(StripBand::Open, 4)]);
        let half = day(&[(StripBand::Open, 2), (StripBand::Closed, 2)]);
        let days = [open, other, StripDay::default(), open, half];
        let found: Vec<(usize, usize)> = runs(&days).iter().map(|r| (r.first, r.days)).collect();
        assert_eq!(found, [(0, 2), (3, 1), (4, 1)]);
        assert_eq!(half.share(StripBand::Closed), 500);
        assert_eq!(StripDay::default().main_band(), None);
    }

    #[test]
    fn a_week_is_one_run_with_the_checks_of_its_days() {
        let (open, shut) = (day(&[(StripBand::Open, 3)]), day(&[(StripBand::Closed, 3)]));
        let mut days = vec![open, shut, open, shut, open, shut, open, shut];
        days[4] = StripDay::default();
        let weeks = by_week(&days);
        let found: Vec<(usize, usize)> = runs(&weeks).iter().map(|r| (r.first, r.days)).collect();
        assert_eq!(found, [(0, 7), (7, 1)]);
        assert_eq!(weeks[3].share(StripBand::Open), 500);
        let spans = spans(&weeks);
        assert_eq!(spans.iter().map(|s| s.checks).sum::<u32>(), 21);
    }

    #[test]
    fn of_equal_shares_the_worse_counts() {
        let half = day(&[(StripBand::Open, 2), (StripBand::Closed, 2)]);
        assert_eq!(half.main_band(), Some(StripBand::Closed));
        let unseen = day(&[(StripBand::Open, 1), (StripBand::Unseen, 1)]);
        assert_eq!(unseen.main_band(), Some(StripBand::Open));
    }

    #[test]
    fn spans_count_their_checks() {
        let open = day(&[(StripBand::Open, 3)]);
        let shut = day(&[(StripBand::Closed, 2)]);
        let spans = spans(&[open, open, shut]);
        assert_eq!(spans.len(), 2);
        assert_eq!((spans[0].first, spans[0].last, spans[0].checks), (0, 1, 6));
        assert_eq!((spans[1].band, spans[1].checks), (StripBand::Closed, 2));
    }
}
