//! measurements.csv: one row per attempt of a source's probe, and per recorded check of a
//! cited link (without controls).

use crate::model::link::LinkId;
use crate::report::anonymise::VantageAliases;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};
use crate::store::MeasurementRow;

/// The table.
pub struct MeasurementTable;

impl Tabular for MeasurementTable {
    const NAME: &'static str = "measurements";
    type Row<'a> = (&'a MeasurementRow, &'a VantageAliases);
    const COLUMNS: &'static [Column<Self>] = columns! {
        "measurement_uid" Text "the key; also in mails and in the store" =>
            |(m, _)| Cell::text(&m.uid);
        "time_utc" Time "when it began" => |(m, _)| Cell::Utc(m.started);
        "time_beijing" Time "the same, as Beijing's clocks showed it" =>
            |(m, _)| Cell::Beijing(m.started);
        "source_id" Text "the source" => |(m, _)| Cell::text(&m.source);
        "probe_id" Text "the probe within the source" => |(m, _)| Cell::text(&m.probe);
        "level" Text "home, search, abstract, fulltext, data or api" =>
            |(m, _)| Cell::maybe(m.level.as_deref(), Cell::text);
        "vantage" Text "from where" => |(m, names)| Cell::text(names.called(&m.vantage));
        "country" Text "of the vantage, ISO 3166, as its operator states it" =>
            |(m, _)| Cell::text(&m.country);
        "url" Text "asked for" => |(m, _)| Cell::text(&m.url);
        "final_url" Text "that answered last, after redirects" => |(m, _)| Cell::text(&m.final_url);
        "code" Text "the verdict" => |(m, _)| Cell::text(&m.code);
        "locus" Text
            "whose doing it is as far as this measurement shows: site, network, vantage, unknown" =>
            |(m, _)| Cell::text(&m.locus);
        "rule" Text "the rule that decided" => |(m, _)| Cell::text(&m.rule);
        "signature" Text "the known page that matched" =>
            |(m, _)| Cell::maybe(m.signature.as_deref(), Cell::text);
        "failure" Text "OONI's failure string, for failures of transport" =>
            |(m, _)| Cell::maybe(m.failure.as_deref(), Cell::text);
        "http_status" Number "of the last answer; empty when none came" =>
            |(m, _)| Cell::maybe(m.http_status, Cell::whole);
        "dns_ms" Number
            "milliseconds in DNS, summed over redirects; empty where it was not reached" =>
            |(m, _)| Cell::ms(m.dns_ms);
        "connect_ms" Number "milliseconds in TCP connects" => |(m, _)| Cell::ms(m.connect_ms);
        "tls_ms" Number "milliseconds in TLS handshakes" => |(m, _)| Cell::ms(m.tls_ms);
        "first_byte_ms" Number "milliseconds from request to first byte" =>
            |(m, _)| Cell::ms(m.first_byte_ms);
        "total_ms" Number "milliseconds in all" => |(m, _)| Cell::ms(m.total_ms);
        "body_bytes" Number "length of the last answer after decompression" =>
            |(m, _)| Cell::Whole(m.body_bytes);
        "body_sha256" Text "of the redacted body" =>
            |(m, _)| Cell::maybe(m.body_sha256.as_deref(), Cell::text);
        "ip" Text "the server's address; empty through a proxy" =>
            |(m, _)| Cell::maybe(m.ip.as_deref(), Cell::text);
        "attempt" Number "0, then confirmations" => |(m, _)| Cell::whole(m.attempt);
        "link_id" Text "the cited link that was checked; such a row has no source and no probe" =>
            |(m, _)| Cell::maybe(m.link, |id| Cell::text(LinkId(id).to_string()));
    };
}
