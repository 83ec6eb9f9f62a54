//! Exports of a small store: the files as users get them.

use std::io::{self, Write};

use accesswatch::model::event::PassOutcome;
use accesswatch::model::note::Note;
use accesswatch::model::page::Value;
use accesswatch::model::{Catalogue, Code, Measurement, SourceId};
use accesswatch::report::{
    ExportOutcome, ExportRequest, ExportTable, TableFormat, TableHead, export, export_dictionary,
    headings,
};
use accesswatch::store::{Reader, RowFilter, Store};

use crate::support::store::{Make, incident, minute, pass, status};
use crate::support::tracked::settings;
use crate::support::xlsx::part;

/// Two days, three rounds, one incident.
async fn small_store(folder: &tempfile::TempDir) -> Reader {
    let path = folder.path().join("accesswatch.db");
    let store = Store::open(&path).unwrap();
    let mut rounds = Vec::new();
    for (hour, code) in [(0, Code::Ok), (3, Code::SiteGeoBlock), (24, Code::Ok)] {
        let mut make = Make::new(minute(hour * 60), code);
        make.values = [("hits".to_owned(), Value::Count(40))].into();
        store.add(vec![make.new_measurement()]).await.unwrap();
        rounds.push(make.round());
    }
    let key = rounds[0].probe.clone();
    let mut control = Make::new(minute(1), Code::Ok);
    control.control = true;
    store.add(vec![control.new_measurement()]).await.unwrap();
    let mut ended = incident(1, &key, minute(180));
    ended.ended = Some(minute(24 * 60));
    let mut all = pass(minute(25 * 60), rounds);
    all.outcome = PassOutcome {
        statuses: vec![status(&key, "here", Code::Ok, minute(24 * 60))],
        incidents: vec![ended],
        ..PassOutcome::default()
    };
    store.commit(all).await.unwrap();
    let note = Note {
        id: 0,
        written: None,
        source: SourceId::from("cnki"),
        from: "2026-11-01".parse().unwrap(),
        to: None,
        text: "=HYPERLINK(\"http://evil\")\u{1b}[31m 公告".into(),
        reference: None,
        planned: false,
    };
    store.add_note(note).await.unwrap();
    drop(store);
    Reader::open(&path).unwrap()
}

fn write(
    reader: &Reader,
    table: ExportTable,
    format: TableFormat,
    anonymise: bool,
) -> (ExportOutcome, Vec<u8>) {
    let mut out = Vec::new();
    let request = ExportRequest {
        table,
        format,
        filter: RowFilter::default(),
        anonymise,
        no_bodies: false,
        catalogue: &Catalogue::default(),
        calendars: &accesswatch::schedule::calendar::Calendars::default(),
        settings: &settings(&[("here", "US")]),
    };
    let written = export(reader, &request, &mut out).unwrap();
    (written, out)
}

fn csv(reader: &Reader, table: ExportTable) -> String {
    let (written, bytes) = write(reader, table, TableFormat::Csv, false);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(
        u64::try_from(text.lines().count()).unwrap(),
        written.rows + 1
    );
    text
}

#[tokio::test]
async fn the_files_are_as_they_always_were() {
    let folder = tempfile::tempdir().unwrap();
    let reader = small_store(&folder).await;
    insta::assert_snapshot!("measurements_csv", csv(&reader, ExportTable::Measurements));
    insta::assert_snapshot!("incidents_csv", csv(&reader, ExportTable::Incidents));
    insta::assert_snapshot!("uptime_csv", csv(&reader, ExportTable::Uptime));
    insta::assert_snapshot!("freshness_csv", csv(&reader, ExportTable::Freshness));
}

#[tokio::test]
async fn a_note_is_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let reader = small_store(&folder).await;
    let text = csv(&reader, ExportTable::Incidents);
    let body = text.strip_prefix('\u{feff}').unwrap();
    let mut records = csv::Reader::from_reader(body.as_bytes());
    let at = records
        .headers()
        .unwrap()
        .iter()
        .position(|h| h == "note")
        .unwrap();
    let row = records.records().next().unwrap().unwrap();
    assert_eq!(&row[at], "'=HYPERLINK(\"http://evil\") 公告");
}

#[tokio::test]
async fn records_come_out_as_they_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let reader = small_store(&folder).await;
    let (written, bytes) = write(
        &reader,
        ExportTable::Measurements,
        TableFormat::Jsonl,
        false,
    );
    let all: Vec<Measurement> = String::from_utf8(bytes)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(written.rows, 4, "controls too");
    assert_eq!(all[0], Make::new(minute(0), Code::Ok).measurement());
}

#[tokio::test]
async fn nothing_tells_the_vantage_when_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let reader = small_store(&folder).await;
    for table in [
        ExportTable::Measurements,
        ExportTable::Incidents,
        ExportTable::Uptime,
    ] {
        let (_, bytes) = write(&reader, table, TableFormat::Csv, true);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("vantage 1"), "{text}");
        assert!(!text.contains(",here,"), "{text}");
    }
    let (_, bytes) = write(&reader, ExportTable::Measurements, TableFormat::Jsonl, true);
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        text.contains("\"vantage\":\"vantage 1\"") && !text.contains("\"here\""),
        "{text}"
    );
}

#[tokio::test]
async fn a_workbook_holds_the_same_rows_as_text_numbers_and_times() {
    let folder = tempfile::tempdir().unwrap();
    let reader = small_store(&folder).await;
    let (written, bytes) = write(&reader, ExportTable::Incidents, TableFormat::Xlsx, false);
    assert_eq!(
        written,
        ExportOutcome {
            rows: 1,
            cut: false
        }
    );
    assert_eq!(&bytes[..4], b"PK\x03\x04");
    for table in [
        ExportTable::Measurements,
        ExportTable::Uptime,
        ExportTable::Freshness,
    ] {
        let (written, bytes) = write(&reader, table, TableFormat::Xlsx, false);
        assert!(written.rows > 0 && bytes.len() > 1_000);
    }
}

#[tokio::test]
async fn a_workbook_can_be_filtered_read_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let reader = small_store(&folder).await;
    let workbook = |table| write(&reader, table, TableFormat::Xlsx, false).1;
    let sheet = |table| part(&workbook(table), "xl/worksheets/sheet1.xml");

    let incidents = sheet(ExportTable::Incidents);
    assert!(
        incidents.contains("<autoFilter ref=\"A1:AN2\"/>"),
        "{incidents}"
    );
    assert!(
        incidents.contains("xSplit=\"1\" ySplit=\"1\""),
        "{incidents}"
    );
    // The summary in column 33 is wide, and its text is wrapped.
    let wide = |n: u32| {
        let attribute = |col: &str, name: &str| -> f64 {
            let (_, rest) = col.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let mut columns = incidents.split("<col ").skip(1);
        let n = f64::from(n);
        let own = columns.find(|c| attribute(c, "min") <= n && n <= attribute(c, "max"));
        attribute(own.unwrap(), "width")
    };
    assert!(wide(33) > 60.0 && wide(9) < 30.0);

    // A count and a day are a number and a date: their cells have no text type.
    let freshness = sheet(ExportTable::Freshness);
    let (_, latest) = freshness.split_once("<c r=\"E2\"").unwrap();
    assert!(
        latest.starts_with("><v>40</v>") || latest.contains("<v>40</v>"),
        "{latest}"
    );
    assert!(
        !latest.split('>').next().unwrap().contains("t="),
        "{latest}"
    );

    assert_eq!(
        workbook(ExportTable::Uptime),
        workbook(ExportTable::Uptime),
        "no time of its making"
    );
    let made = part(&workbook(ExportTable::Uptime), "docProps/core.xml");
    assert!(
        made.contains("2026-11-19T"),
        "as of the newest thing: {made}"
    );
}

#[tokio::test]
async fn json_lines_have_the_columns_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let reader = small_store(&folder).await;
    for (name, table) in [
        ("incidents", ExportTable::Incidents),
        ("uptime", ExportTable::Uptime),
        ("freshness", ExportTable::Freshness),
    ] {
        let (_, bytes) = write(&reader, table, TableFormat::Jsonl, false);
        let first = bytes.split(|&b| b == b'\n').next().unwrap();
        let row: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(first).unwrap();
        let heading = headings().into_iter().find(|h| h.table == name).unwrap();
        let columns = heading.columns;
        assert_eq!(row.len(), columns.len());
        assert!(columns.iter().all(|c| row.contains_key(c.name)));
    }
}

/// Takes some bytes and then closes, like `head`.
struct Head(usize);

impl Write for Head {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A full disk.
struct Full;
impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_no_fault() {
    for format in [TableFormat::Csv, TableFormat::Jsonl, TableFormat::Xlsx] {
        let written = export_dictionary(format, &mut Head(100)).unwrap();
        assert!(written.cut);
    }
    // A full disk is a fault.
    let error = export_dictionary(TableFormat::Csv, &mut Full).unwrap_err();
    assert!(
        error.to_string().starts_with("the table cannot be written"),
        "{error}"
    );
}

#[test]
fn the_columns_are_those_that_were_promised() {
    let promised = include_str!("../../../docs/data-dictionary.md");
    for TableHead { table, columns } in headings() {
        if table == "dictionary" {
            continue;
        }
        let (_, section) = promised
            .split_once(&format!("### {table}.csv"))
            .unwrap_or_else(|| panic!("docs/data-dictionary.md has no section on {table}.csv"));
        let (_, rows) = section.split_once("| column | meaning |").unwrap();
        let rows = rows.lines().skip(2).take_while(|l| l.starts_with('|'));
        let cells = rows.filter_map(|row| row.split('|').nth(1));
        let told: Vec<&str> = cells
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
            .collect();
        let names: Vec<&str> = columns.iter().map(|c| c.name).collect();
        assert_eq!(told, names, "docs/data-dictionary.md on {table}.csv");
    }
}
