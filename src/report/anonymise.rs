//! Exports without the names of vantages and without addresses that reveal their location.

use std::collections::BTreeMap;

use crate::model::discriminator::DiscriminatorStep;
use crate::model::{Measurement, VantageId};

/// The names of vantages in an export.
#[derive(Debug, Clone, Default)]
pub struct VantageAliases {
    /// `None`: their own names.
    numbers: Option<BTreeMap<VantageId, usize>>,
}

impl VantageAliases {
    /// The own names of vantages.
    pub fn unchanged() -> Self {
        Self::default()
    }

    /// `vantage 1`, `vantage 2`, … in the order of their first appearance in the store, so that a
    /// number means the same vantage in every export.
    pub fn numbered(order: Vec<VantageId>) -> Self {
        Self {
            numbers: Some(order.into_iter().zip(1..).collect()),
        }
    }

    /// Whether the names are hidden.
    pub fn are_hidden(&self) -> bool {
        self.numbers.is_some()
    }

    /// The name of this vantage in the export.
    pub fn called(&self, vantage: &str) -> String {
        match &self.numbers {
            None => vantage.to_owned(),
            Some(numbers) => match numbers.get(&VantageId::from(vantage)) {
                Some(number) => format!("vantage {number}"),
                None => "vantage".to_owned(),
            },
        }
    }

    /// Removes from a record what reveals the location of its vantage.
    pub fn hide(&self, measurement: &mut Measurement) {
        if !self.are_hidden() {
            return;
        }
        "AS0".clone_into(&mut measurement.probe_asn);
        measurement.annotations.clear();
        let keys = &mut measurement.test_keys;
        for query in &mut keys.queries {
            query.resolver_address.clear();
        }
        let Some(extra) = &mut keys.x_accesswatch else {
            return;
        };
        for step in &mut extra.discriminators {
            // Shows where a control's address came from; the reference is the same for everybody.
            let own = step
                .queries
                .iter_mut()
                .filter(|_| step.step != DiscriminatorStep::Reference);
            own.for_each(|query| query.resolver_address.clear());
        }
        extra.vantage = VantageId(self.called(extra.vantage.as_str()));
        if let Some((scheme, _)) = extra.via.split_once("://") {
            // Connects went to the proxy, so its address is that of the egress.
            keys.tcp_connect.clear();
            for handshake in &mut keys.tls_handshakes {
                handshake.address.clear();
            }
            extra.via = scheme.to_owned();
        }
    }
}
