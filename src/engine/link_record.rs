//! The record of a check of a kept link, as the store takes it.

use std::borrow::Cow;

use super::judgement::Judgement;
use super::unstored_hosts::UnstoredHosts;
use crate::judge::Judge;
use crate::model::page::History;
use crate::model::{Measurement, ProbeKey, Time};
use crate::store::{MeasurementKey, NewMeasurement};

/// The record of a measurement that names its link; `None` for a measurement of another program.
pub(super) fn link_record(
    judge: &Judge,
    unstored: &UnstoredHosts,
    measurement: Measurement,
    now: Time,
) -> Option<NewMeasurement> {
    let history = History::new();
    let judgement = Judgement::begin(judge, None, &history, Cow::Owned(measurement));
    finished(judgement, unstored, now)
}

/// The record of a judged measurement that names its link.
pub(super) fn finished(
    judgement: Judgement<'_>,
    unstored: &UnstoredHosts,
    now: Time,
) -> Option<NewMeasurement> {
    let extra = judgement.measurement().extra()?;
    let place = MeasurementKey {
        probe: ProbeKey::new("", ""),
        vantage: extra.vantage.clone(),
        round: extra.round.clone(),
        attempt: extra.attempt,
        control: false,
    };
    let store_body = unstored.of_page(judgement.measurement());
    let record = judgement.into_record(place, None, true, now);
    Some(NewMeasurement {
        store_body,
        ..record
    })
}
