//! measurements.csv: a row for each attempt of a source's probe (controls are left out).

use crate::report::anonymise::Names;
use crate::report::cell::{Cell, Column, column};
use crate::store::MeasurementRow;

/// The columns, in their order for ever; new ones come at the end.
pub const COLUMNS: &[Column] = &[
    column(
        "measurement_uid",
        "text",
        "the key; also in mails and in the store",
    ),
    column("time_utc", "time", "when it began"),
    column(
        "time_beijing",
        "time",
        "the same, as Beijing's clocks showed it",
    ),
    column("source_id", "text", "the source"),
    column("probe_id", "text", "the probe within the source"),
    column(
        "level",
        "text",
        "home, search, abstract, fulltext, data or api",
    ),
    column("vantage", "text", "from where"),
    column(
        "country",
        "text",
        "of the vantage, ISO 3166, as its operator states it",
    ),
    column("url", "text", "asked for"),
    column("final_url", "text", "that answered last, after redirects"),
    column("code", "text", "the verdict"),
    column(
        "locus",
        "text",
        "whose doing it is as far as this measurement shows: site, network, vantage, unknown",
    ),
    column("rule", "text", "the rule that decided"),
    column("signature", "text", "the known page that matched"),
    column(
        "failure",
        "text",
        "OONI's failure string, for failures of transport",
    ),
    column(
        "http_status",
        "number",
        "of the last answer; empty when none came",
    ),
    column(
        "dns_ms",
        "number",
        "milliseconds in DNS, summed over redirects; empty where it was not reached",
    ),
    column("connect_ms", "number", "milliseconds in TCP connects"),
    column("tls_ms", "number", "milliseconds in TLS handshakes"),
    column(
        "first_byte_ms",
        "number",
        "milliseconds from request to first byte",
    ),
    column("total_ms", "number", "milliseconds in all"),
    column(
        "body_bytes",
        "number",
        "length of the last answer after decompression",
    ),
    column("body_sha256", "text", "of the redacted body"),
    column("ip", "text", "the server's address; empty through a proxy"),
    column("attempt", "number", "0, then confirmations"),
];

/// A row.
pub fn cells(m: MeasurementRow, names: &Names) -> Vec<Cell> {
    vec![
        Cell::Text(m.uid),
        Cell::Utc(m.started),
        Cell::Beijing(m.started),
        Cell::Text(m.source),
        Cell::Text(m.probe),
        Cell::of(m.level, Cell::Text),
        Cell::Text(names.of(&m.vantage)),
        Cell::text(m.country),
        Cell::Text(m.url),
        Cell::Text(m.final_url),
        Cell::Text(m.code),
        Cell::Text(m.locus),
        Cell::Text(m.rule),
        Cell::of(m.signature, Cell::Text),
        Cell::of(m.failure, Cell::Text),
        Cell::of(m.http_status, |s| Cell::Whole(s.into())),
        Cell::ms(m.dns_ms),
        Cell::ms(m.connect_ms),
        Cell::ms(m.tls_ms),
        Cell::ms(m.first_byte_ms),
        Cell::ms(m.total_ms),
        Cell::Whole(m.body_bytes),
        Cell::of(m.body_sha256, Cell::Text),
        Cell::of(m.ip, Cell::Text),
        Cell::Whole(m.attempt.into()),
    ]
}
