//! What proves the change of a link: the exchange that decided and, from each vantage, the last
//! healthy one before it (evidence.md section 1).

use super::outcome::{CheckedInBatch, LinkProof};
use super::watcher::LinkWatcher;
use crate::engine::error::EngineError;
use crate::model::copy::OwnCopies;
use crate::model::link::LinkState;
use crate::model::link_status::{LinkStatus, WatchedLink};
use crate::model::source::StoreBody;
use crate::model::{Code, Measurement};
use crate::net::http::undo_codings;

impl LinkWatcher {
    /// Adds what a check leaves behind, and what proves the change that it made.
    pub(super) async fn prove(
        &self,
        link: &WatchedLink,
        checked: &mut CheckedInBatch,
        proof: &mut LinkProof,
    ) -> Result<(), EngineError> {
        for record in &mut checked.records {
            record.measurement.set_pass(&self.pass);
        }
        for exchange in &mut checked.exchanges {
            exchange.set_pass(&self.pass);
        }
        let healthy = self.healthy(link, checked);
        if checked.in_pass.event.is_some() {
            // The newest healthy exchanges so far: what this check saw is not among them yet.
            for exchange in self.store.healthy_link_exchanges(link.id).await? {
                let record = self.checker.record(self.decoded(exchange));
                if let Some(record) = record {
                    proof.cite(record);
                }
            }
            self.cite_decision(checked, proof);
        }
        proof.records.append(&mut checked.records);
        for exchange in healthy {
            proof.add_healthy(exchange);
        }
        Ok(())
    }

    /// The exchanges by which the state was decided: what each vantage saw last.
    fn cite_decision(&self, checked: &mut CheckedInBatch, proof: &mut LinkProof) {
        for exchange in std::mem::take(&mut checked.exchanges) {
            // Its code is the one that was known, so that it is not a record yet.
            let Some(record) = self.checker.record(exchange) else {
                continue;
            };
            let views = &mut checked.in_pass.status.views;
            let view = views.iter_mut().find(|v| v.vantage == record.place.vantage);
            if let Some(view) = view {
                view.record.clone_from(&record.measurement.measurement_uid);
            }
            checked.records.push(record);
        }
        let views = &checked.in_pass.status.views;
        proof
            .cited
            .extend(views.iter().filter_map(|view| view.record.clone()));
    }

    /// The healthy exchanges of a check of a link that is well.
    fn healthy(&self, link: &WatchedLink, checked: &CheckedInBatch) -> Vec<Measurement> {
        let is_kept = link.is_watched || self.settings.copies.own != OwnCopies::Never;
        if !is_kept || !is_well(&checked.in_pass.status) {
            return Vec::new();
        }
        let records = checked.records.iter();
        let records = records.filter(|record| {
            record.verdict.code == Code::Ok && record.store_body == StoreBody::Always
        });
        let records = records.map(|record| &record.measurement);
        checked.exchanges.iter().chain(records).cloned().collect()
    }

    /// An exchange whose last body is decoded again.
    fn decoded(&self, mut exchange: Measurement) -> Measurement {
        if let Some(last) = exchange.test_keys.requests.first_mut()
            && let Some(encoded) = last.wire.encoded_body.clone()
        {
            let codings = last.response.header("content-encoding");
            last.response.body.0 = undo_codings(encoded, codings, self.max_body);
        }
        exchange
    }
}

/// Whether the page of a link is there and unchanged, and nothing else is suspected.
fn is_well(status: &LinkStatus) -> bool {
    matches!(status.state, LinkState::Alive | LinkState::Moved)
        && status.suspected.is_none()
        && status.unlike_since.is_none()
}
