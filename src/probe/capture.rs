//! Fetches of captures from archives.

use url::Url;

use super::prober::{FetchJob, Prober};
use super::record::RecordLabel;
use crate::model::{Measurement, Vantage};

impl Prober {
    /// Fetches the capture of a page from an archive. Redirects are not followed: the caller
    /// decides whether the page or the archive redirects. `public_only`: no address of our own
    /// network is asked.
    pub async fn fetch_capture(
        &self,
        url: &Url,
        vantage: &Vantage,
        public_only: bool,
    ) -> Measurement {
        let label = RecordLabel::of_url("link", url);
        let job = FetchJob {
            public_only,
            follow: false,
            ..self.plain(url)
        };
        self.fetch(job, label, vantage).await
    }
}
