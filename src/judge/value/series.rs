//! What is kept of a value in addition to itself.

use super::extract::ExtractedValue;
use super::{file_sizes, text_length};
use crate::model::page::{RowSeries, Value, column_of, distinct_of};

impl ExtractedValue {
    /// The figures of its rows, by the names under which they are kept.
    pub(in crate::judge) fn series(&self, name: &str) -> Vec<(String, Value)> {
        let mut series = Vec::new();
        if let Some(column) = &self.column {
            series.push((distinct_of(name), Value::Distinct(column.distinct)));
            let alike = column.alike().map(Value::Number);
            series.extend(alike.map(|share| (RowSeries::Alike.series(name), share)));
            let digest = column.digest.clone().map(Value::Column);
            series.extend(digest.map(|digest| (column_of(name), digest)));
        }
        series.extend(self.links.iter().flat_map(|links| links.series(name)));
        series.extend(self.cells.iter().flat_map(|cells| cells.series(name)));
        series.extend(self.standing.iter().flat_map(|texts| texts.series(name)));
        series.extend(self.file_size.map(|size| file_sizes::series(name, size)));
        let length = self.text_length;
        series.extend(length.map(|length| text_length::series(name, length)));
        series
    }
}
