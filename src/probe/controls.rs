//! Fetches controls: in the same way as any probe, with their own labels.

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

    /// The same, despite a back-off of its host: if every control of a vantage were skipped,
    /// nothing would distinguish the vantage's own faults from the sources'. robots.txt and pace
    /// apply as always.
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

    /// Fetches a path control; the record belongs to the vantage and the round, like that of a
    /// control.
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
