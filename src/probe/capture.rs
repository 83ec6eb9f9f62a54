//! Fetches of captures from archives.

use url::Url;
use uuid::Uuid;

use super::prober::{FetchJob, Prober};
use super::record::RecordLabel;
use crate::model::{Measurement, RoundId, Vantage};

impl Prober {
    /// Fetches the capture of a page from an archive. Redirects are not followed: whether the page
    /// or the archive redirects is the caller's to tell. `public_only`: no address of our own
    /// network is asked.
    pub async fn fetch_capture(
        &self,
        url: &Url,
        vantage: &Vantage,
        public_only: bool,
    ) -> Measurement {
        let label = RecordLabel {
            source: "link".into(),
            probe: url.host_str().unwrap_or_default().into(),
            round: RoundId(Uuid::now_v7().to_string()),
            attempt: 0,
            control: false,
            input: url.to_string(),
        };
        let job = FetchJob {
            public_only,
            follow: false,
            ..self.plain(url)
        };
        self.fetch(job, label, vantage).await
    }
}
