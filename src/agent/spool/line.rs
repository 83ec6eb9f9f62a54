//! One line of the spool: a record, or the end of a pass.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::model::Code;
use crate::store::NewMeasurement;

/// What a line holds. The record stands in it as it is sent.
#[derive(Debug, Serialize, Deserialize)]
pub struct SpoolLine<'a> {
    /// The pass ends here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub end: bool,
    /// The probe, the address of a control, or the cited link.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub control: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// The answer was healthy.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ok: bool,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub record: Option<&'a RawValue>,
}

/// The line that ends a pass, with its line feed.
pub const END: &[u8] = b"{\"end\":true}\n";

impl<'a> SpoolLine<'a> {
    /// Reads a line; `None` when it is damaged.
    #[must_use]
    pub fn read(line: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}

/// A record as a line, with its line feed.
pub fn write(record: &NewMeasurement) -> serde_json::Result<Vec<u8>> {
    let measurement = &record.measurement;
    let raw = serde_json::value::to_raw_value(measurement)?;
    let key = match measurement.link() {
        Some(link) => format!("link {link}"),
        None if record.place.control => measurement.input.clone(),
        None => record.place.probe.to_string(),
    };
    let line = SpoolLine {
        end: false,
        key,
        control: record.place.control,
        day: Some(measurement.started().date_naive()),
        ok: record.verdict.code == Code::Ok,
        record: Some(&raw),
    };
    let mut bytes = serde_json::to_vec(&line)?;
    bytes.push(b'\n');
    Ok(bytes)
}
