//! Figures over days as lines, broken where a day has none.

use std::fmt::Write as _;

/// The height of a drawing; its width is the number of days.
pub const HEIGHT: u32 = 60;

/// One line of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartLine {
    pub class: &'static str,
    /// The `d` of a path.
    pub path: String,
}

/// A chart; words and figures stand around the drawing, so that it may be stretched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChart {
    pub label: String,
    pub width: usize,
    pub height: u32,
    pub lines: Vec<ChartLine>,
    /// Where the limit is drawn.
    pub limit: Option<String>,
    pub top: String,
    pub bottom: String,
}

/// The lowest and the highest figure of a drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartRange {
    pub low: f64,
    pub high: f64,
}

impl ChartRange {
    /// The range of these figures; `None` where there are none.
    #[must_use]
    pub fn around(figures: impl Iterator<Item = f64>) -> Option<Self> {
        let mut range: Option<Self> = None;
        for figure in figures.filter(|f| f.is_finite()) {
            let own = range.get_or_insert(Self {
                low: figure,
                high: figure,
            });
            own.low = own.low.min(figure);
            own.high = own.high.max(figure);
        }
        range
    }

    /// The range extended to zero.
    #[must_use]
    pub fn including_zero(self) -> Self {
        Self {
            low: self.low.min(0.0),
            ..self
        }
    }

    /// The place of a figure, from above.
    fn place(self, figure: f64) -> f64 {
        let height = f64::from(HEIGHT);
        let span = self.high - self.low;
        if span <= 0.0 {
            return height / 2.0;
        }
        // Lines at the edge keep their whole width.
        let inside = height - 4.0;
        2.0 + inside * (1.0 - (figure - self.low) / span)
    }

    /// The place of a limit.
    #[must_use]
    pub fn limit(self, figure: f64) -> String {
        short(self.place(figure))
    }
}

/// The path of figures by day; a day without one breaks it.
#[must_use]
pub fn path(figures: &[Option<f64>], range: ChartRange) -> String {
    let mut text = String::new();
    let mut is_begun = false;
    for (day, figure) in figures.iter().enumerate() {
        let Some(figure) = figure.filter(|f| f.is_finite()) else {
            is_begun = false;
            continue;
        };
        let y = short(range.place(figure));
        let next = figures.get(day + 1).copied().flatten();
        match (is_begun, next) {
            (true, _) => {
                let _ = write!(text, "L{day} {y}");
            }
            (false, Some(_)) => {
                let _ = write!(text, "M{day} {y}");
            }
            // A day on its own is a dot.
            (false, None) => {
                let _ = write!(text, "M{day} {y}h.01");
            }
        }
        is_begun = true;
    }
    text
}

fn short(y: f64) -> String {
    let text = format!("{y:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_gaps_and_single_days_are_dots() {
        let figures = [Some(0.0), Some(10.0), None, Some(5.0), None];
        let range = ChartRange::around(figures.iter().flatten().copied()).unwrap();
        assert_eq!(path(&figures, range), "M0 58L1 2M3 30h.01");
        assert_eq!(path(&[None, Some(f64::NAN)], range), "");
        assert_eq!(range.limit(5.0), "30");
    }

    #[test]
    fn equal_figures_lie_in_the_middle() {
        let range = ChartRange::around([7.0, 7.0].into_iter()).unwrap();
        assert_eq!(path(&[Some(7.0), Some(7.0)], range), "M0 30L1 30");
        assert!(range.including_zero().low.abs() < f64::EPSILON);
        assert_eq!(ChartRange::around([f64::NAN].into_iter()), None);
    }
}
