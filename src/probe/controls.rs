//! Fetching controls: the same path as any probe's, with their own labels.

use url::Url;

use super::prober::{FetchJob, Prober};
use super::record::RecordLabel;
use crate::model::measurement::{Measurement, PATH_SOURCE};
use crate::model::vantage::Control;
use crate::model::{RoundId, Vantage};

impl Prober {
    /// Fetches a control; the record belongs to the vantage and the round.
    pub async fn control(
        &self,
        control: &Control,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
    ) -> Measurement {
        let label = RecordLabel::of_control(control, round, attempt);
        let job = FetchJob {
            echo: control.echo,
            ..self.plain(&control.url)
        };
        self.fetch(job, label, vantage).await
    }

    /// The same in spite of a back-off of its host: when every control of a vantage is left alone, nothing would
    /// tell the vantage's own faults from the sources'. robots.txt and pace are heeded as ever.
    pub async fn last_control(
        &self,
        control: &Control,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
    ) -> Measurement {
        let job = FetchJob {
            regardless: true,
            echo: control.echo,
            ..self.plain(&control.url)
        };
        let label = RecordLabel::of_control(control, round, attempt);
        self.fetch(job, label, vantage).await
    }

    /// Fetches a path control; the record belongs to the vantage and the round, as a control's does.
    pub async fn path_control(&self, url: &Url, vantage: &Vantage, round: &RoundId) -> Measurement {
        let label = RecordLabel {
            source: PATH_SOURCE.into(),
            probe: url.host_str().unwrap_or_default().into(),
            round: round.clone(),
            attempt: 0,
            control: true,
            input: url.to_string(),
        };
        self.fetch(self.plain(url), label, vantage).await
    }
}
