//! What a spool keeps through kills, full disks and sending.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};

use flate2::bufread::MultiGzDecoder;

use super::*;
use crate::engine::judgement::Judgement;
use crate::judge::Judge;
use crate::model::page::History;
use crate::model::{Catalogue, Code, Measurement, Time};
use crate::store::MeasurementKey;

fn record(number: u32, healthy: bool, control: bool) -> NewMeasurement {
    let started = format!("2026-03-{:02} {:02}:00:00", 2 + number / 4, number % 4 * 6);
    let json = serde_json::json!({
        "input": "https://papers.example/article",
        "measurement_start_time": started,
        "measurement_uid": format!("uid-{number}-{control}"),
        "test_name": "accesswatch",
        "test_keys": { "requests": [], "x_accesswatch": {
            "source": "papers", "probe": "article", "vantage": "seoul",
            "round": format!("round-{number}"), "attempt": 0, "via": "direct", "control": control,
        }},
    });
    let measurement: Measurement = serde_json::from_value(json).unwrap();
    let judge = Judge::new(&Catalogue::default(), &[]);
    let place = MeasurementKey::from_measurement(&measurement).unwrap();
    let nothing = History::new();
    let judgement = Judgement::begin(&judge, None, &nothing, Cow::Owned(measurement));
    let mut record = judgement.into_record(place, None, true, Time::UNIX_EPOCH);
    record.verdict.code = if healthy { Code::Ok } else { Code::HttpTimeout };
    record
}

fn uids(batch: &Batch) -> Vec<String> {
    let mut text = String::new();
    MultiGzDecoder::new(batch.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    let uid = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        record["measurement_uid"].as_str().unwrap().to_owned()
    };
    text.lines().map(uid).collect()
}

fn fill(spool: &mut Spool, numbers: std::ops::Range<u32>) {
    for number in numbers {
        spool.append(&[record(number, true, true)]).unwrap();
        spool.append(&[record(number, true, false)]).unwrap();
        spool.end_pass().unwrap();
    }
}

#[test]
fn records_are_sent_in_order_once_their_pass_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, found) = Spool::open(folder.path(), 1 << 30).unwrap();
    assert_eq!(found, SpoolFindings::default());
    assert!(spool.next_batch().unwrap().is_none());
    fill(&mut spool, 0..2);
    spool.append(&[record(2, true, false)]).unwrap();
    let batch = spool.next_batch().unwrap().unwrap();
    let expected = ["uid-0-true", "uid-0-false", "uid-1-true", "uid-1-false"];
    assert_eq!(uids(&batch), expected, "the third pass goes on");
    assert!(!batch.continues);
    spool.sent(batch.until).unwrap();
    assert!(spool.next_batch().unwrap().is_none());
    spool.end_pass().unwrap();
    let batch = spool.next_batch().unwrap().unwrap();
    assert_eq!(uids(&batch), ["uid-2-false"]);
}

#[test]
fn a_kill_at_every_byte_of_the_last_line_loses_only_that_line() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    fill(&mut spool, 0..1);
    spool.append(&[record(1, true, false)]).unwrap();
    drop(spool);
    let path = segments::path(folder.path(), 1);
    let whole = std::fs::read(&path).unwrap();
    let last = whole[..whole.len() - 1]
        .iter()
        .rposition(|b| *b == b'\n')
        .unwrap()
        + 1;
    for cut in [
        last,
        last + 1,
        usize::midpoint(last, whole.len()),
        whole.len() - 1,
        whole.len(),
    ] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let (mut spool, found) = Spool::open(folder.path(), 1 << 30).unwrap();
        let torn = if cut == whole.len() { 0 } else { cut - last };
        assert_eq!(found.torn, torn as u64, "cut at {cut}");
        assert_eq!(found.interrupted, cut == whole.len(), "cut at {cut}");
        let sent = uids(&spool.next_batch().unwrap().unwrap());
        assert_eq!(
            sent.len(),
            if cut == whole.len() { 3 } else { 2 },
            "cut at {cut}"
        );
    }
}

#[test]
fn what_was_sent_stays_sent_after_a_restart_and_its_segments_go() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    fill(&mut spool, 0..2);
    let first = spool.next_batch().unwrap().unwrap();
    spool.sent(first.until).unwrap();
    fill(&mut spool, 2..3);
    drop(spool);
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    let rest = spool.next_batch().unwrap().unwrap();
    assert_eq!(uids(&rest), ["uid-2-true", "uid-2-false"]);
    // A position that fits no segment is not believed: everything is sent again.
    drop(spool);
    std::fs::write(
        folder.path().join(SENT),
        b"{\"segment\":1,\"offset\":99999999}",
    )
    .unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    assert_eq!(uids(&spool.next_batch().unwrap().unwrap()).len(), 6);
}

#[test]
fn a_batch_is_no_longer_than_a_mebibyte_packed_and_says_that_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    let mut seed = 1_u64;
    for number in 0..40 {
        let mut long = record(number, true, false);
        let noise: String = (0..100_000)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from(b'!' + u8::try_from(seed >> 58).unwrap())
            })
            .collect();
        long.measurement.input = noise;
        spool.append(&[long]).unwrap();
    }
    spool.end_pass().unwrap();
    let (mut batches, mut records) = (0, 0);
    while let Some(batch) = spool.next_batch().unwrap() {
        assert!(batch.body.len() <= 1024 * 1024, "{}", batch.body.len());
        batches += 1;
        records += batch.records;
        spool.sent(batch.until).unwrap();
        assert_eq!(batch.continues, records < 40);
    }
    assert!(batches > 1, "{batches}");
    assert_eq!(records, 40);
}

#[test]
fn a_full_spool_keeps_one_healthy_round_a_day_and_everything_that_was_not_healthy() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1).unwrap();
    fill(&mut spool, 0..8);
    spool
        .append(&[record(8, true, true), record(8, false, false)])
        .unwrap();
    spool.end_pass().unwrap();
    // The segment that is written is never thinned.
    assert!(!spool.make_room().unwrap().0);
    assert_eq!(uids(&spool.next_batch().unwrap().unwrap()).len(), 18);
    // As after 8 MiB, another one follows.
    let mut next = std::fs::File::create(segments::path(folder.path(), 2)).unwrap();
    next.write_all(line::END).unwrap();
    drop(spool);
    let (mut spool, _) = Spool::open(folder.path(), 1).unwrap();
    spool.make_room().unwrap();
    let left = uids(&spool.next_batch().unwrap().unwrap());
    let expected = [
        "uid-0-true",
        "uid-0-false",
        "uid-4-true",
        "uid-4-false",
        "uid-8-true",
        "uid-8-false",
    ];
    assert_eq!(
        left, expected,
        "two days and the failure, with their controls"
    );
}

/// The next lines stand in another segment, as after 8 MiB.
fn next_segment(spool: Spool, number: u64) -> Spool {
    let (dir, most) = (spool.dir.clone(), spool.most);
    drop(spool);
    std::fs::File::create(segments::path(&dir, number)).unwrap();
    let (mut spool, _) = Spool::open(&dir, most).unwrap();
    spool.write(line::END).unwrap();
    spool.complete = spool.end();
    spool
}

#[test]
fn what_a_batch_on_its_way_was_read_from_is_not_thinned() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1).unwrap();
    let fail = |spool: &mut Spool, number| {
        spool.append(&[record(number, false, false)]).unwrap();
        spool.end_pass().unwrap();
    };
    fill(&mut spool, 0..8);
    fail(&mut spool, 8);
    let mut spool = next_segment(spool, 2);
    fill(&mut spool, 12..20);
    let batch = spool.next_batch().unwrap().unwrap();
    let (mut arrived, offered) = (uids(&batch), spool.offered);
    // A pass made here goes on while the batch is on its way.
    fail(&mut spool, 20);
    let mut spool = next_segment(spool, 3);
    spool.offered = offered;
    spool.make_room().unwrap();
    spool.sent(batch.until).unwrap();
    while let Some(batch) = spool.next_batch().unwrap() {
        arrived.extend(uids(&batch));
        spool.sent(batch.until).unwrap();
    }
    for uid in ["uid-8-false", "uid-20-false"] {
        assert!(arrived.iter().any(|one| one == uid), "{uid}: {arrived:?}");
    }
}

#[test]
fn several_batches_are_on_their_way_and_what_is_lost_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    spool.most_records = 2;
    fill(&mut spool, 0..3);
    let first = spool.next_batch().unwrap().unwrap();
    let second = spool.next_batch().unwrap().unwrap();
    assert_eq!(uids(&first), ["uid-0-true", "uid-0-false"]);
    assert_eq!(uids(&second), ["uid-1-true", "uid-1-false"]);
    let ends: Vec<usize> = first.members.iter().map(|(end, _)| *end).collect();
    assert_eq!(ends.last(), Some(&first.body.len()));
    assert_eq!(first.members[1].1, "uid-0-false");

    // The second one did not leave; the first one is still on its way.
    spool.not_sent(Some(first.until));
    assert_eq!(uids(&spool.next_batch().unwrap().unwrap()), uids(&second));
    // The hub has the first one: the second one stays on its way.
    spool.sent(first.until).unwrap();
    spool.most_records = 2;
    let third = spool.next_batch().unwrap().unwrap();
    assert_eq!(uids(&third), ["uid-2-true", "uid-2-false"]);
    // Everything on its way was lost.
    spool.not_sent(None);
    assert_eq!(
        uids(&spool.next_batch().unwrap().unwrap())[..2],
        uids(&second)
    );
}

#[test]
fn a_batch_that_did_not_arrive_no_longer_keeps_a_segment_from_being_thinned() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1).unwrap();
    fill(&mut spool, 0..8);
    let mut spool = next_segment(spool, 2);
    let whole = spool.next_batch().unwrap().unwrap().records;
    spool.make_room().unwrap();
    spool.not_sent(None);
    assert_eq!(spool.next_batch().unwrap().unwrap().records, whole);
    spool.not_sent(None);
    spool.make_room().unwrap();
    assert_eq!(spool.next_batch().unwrap().unwrap().records, 4);
}

#[test]
fn the_rest_of_a_pass_that_began_in_the_segment_before_stays_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1).unwrap();
    // The same probe and day, healthy, and with no failure in this segment.
    let rest = [
        record(0, true, true),
        record(0, true, false),
        record(1, true, false),
    ];
    spool.append(&rest).unwrap();
    spool.end_pass().unwrap();
    let mut spool = next_segment(spool, 2);
    spool.make_room().unwrap();
    let left = uids(&spool.next_batch().unwrap().unwrap());
    assert_eq!(left, ["uid-0-true", "uid-0-false", "uid-1-false"]);
}

/// Sends everything; the hub refuses each batch in which `is_refused` finds a record.
fn send_all(spool: &mut Spool, is_refused: impl Fn(&str) -> bool) -> (Vec<String>, Vec<u64>) {
    let (mut arrived, mut sizes, mut ended) = (Vec::new(), Vec::new(), true);
    while let Some(batch) = spool.next_batch().unwrap() {
        let sent = uids(&batch);
        sizes.push(batch.records);
        if sent.iter().any(|uid| is_refused(uid)) {
            spool.refused(&batch, "the hub answered 400").unwrap();
        } else {
            arrived.extend(sent);
            ended = !batch.continues;
            spool.sent(batch.until).unwrap();
        }
        assert!(sizes.len() < 100, "{sizes:?}");
    }
    assert!(ended, "the hub heard of the end of the last pass");
    (arrived, sizes)
}

/// The uids of the records that were set aside, and why the first one was.
fn set_aside(spool: &Spool) -> (Vec<String>, String) {
    let text = std::fs::read_to_string(spool.dir().join(aside::REFUSED)).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let uid = |line: &serde_json::Value| {
        line["record"]["measurement_uid"]
            .as_str()
            .map(str::to_owned)
    };
    let why = lines[0]["why"].as_str().unwrap().to_owned();
    (lines.iter().filter_map(uid).collect(), why)
}

#[test]
fn a_record_that_the_hub_never_takes_is_set_aside_and_all_others_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    fill(&mut spool, 0..8);
    let is_refused = |uid: &str| uid == "uid-5-true" || uid == "uid-7-false";
    let (arrived, sizes) = send_all(&mut spool, is_refused);
    assert_eq!(arrived.len(), 14, "{arrived:?}");
    assert!(!arrived.iter().any(|uid| is_refused(uid)), "{arrived:?}");
    assert!(sizes.starts_with(&[16, 8, 8, 4]), "{sizes:?}");
    let (aside, why) = set_aside(&spool);
    assert_eq!(aside, ["uid-5-true", "uid-7-false"]);
    assert_eq!(why, "the hub answered 400");
}

#[test]
fn a_record_longer_than_the_hub_takes_is_not_offered() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    fill(&mut spool, 0..1);
    let mut long = record(1, true, false);
    long.measurement.input = "x".repeat(LONGEST_RECORD);
    spool.append(&[long]).unwrap();
    spool.end_pass().unwrap();
    let (arrived, _) = send_all(&mut spool, |_| false);
    assert_eq!(arrived, ["uid-0-true", "uid-0-false"]);
    let (aside, why) = set_aside(&spool);
    assert_eq!(aside, ["uid-1-false"]);
    assert!(why.contains("8388608 bytes"), "{why}");
}

#[test]
fn a_batch_of_damaged_lines_is_still_a_body_that_the_hub_can_unpack() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(folder.path(), 1 << 30).unwrap();
    spool.write(b"{damaged\n").unwrap();
    spool.end_pass().unwrap();
    let batch = spool.next_batch().unwrap().unwrap();
    assert_eq!((batch.records, batch.damaged), (0, 1));
    assert!(!batch.body.is_empty() && uids(&batch).is_empty());
}
