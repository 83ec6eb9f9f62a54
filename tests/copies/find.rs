//! Which capture becomes the copy of a link.

use accesswatch::judge::Judge;
use accesswatch::links::wrappers::CitedCopy;
use accesswatch::model::copy::{CopyJudgement, CopyKind};
use accesswatch::model::reference::ReferenceKind;
use accesswatch::model::{Catalogue, Measurement};
use serde_json::json;

use crate::archives::{Archive, Mood};
use crate::desk::{Desk, LINK, article, challenge, chosen, looks, question, soft_404};

const DAY: Option<&str> = Some("2023-05-08");

#[tokio::test]
async fn the_nearest_capture_that_shows_the_page_is_the_copy() {
    let archive = Archive::start().await;
    archive.holds(LINK, "20230508120000", &soft_404());
    archive.holds_answer(LINK, "20230507120000", 403, &[], &challenge());
    archive.holds_answer(LINK, "20230510120000", 404, &[], "<h1>Not found</h1>");
    let home = "https://library.example/";
    archive.holds_answer(LINK, "20230511120000", 302, &[("Location", home)], "");
    archive.holds(LINK, "20230501120000", &article("rivers"));
    archive.holds(LINK, "20230408120000", &article("rivers, an older state"));
    let desk = Desk::new(&archive.as_wayback());
    let answer = desk.find(&question(DAY)).await;
    assert_eq!(
        looks(&answer),
        [
            "20230508 bad content.soft_404",
            "20230507 bad site.challenge",
            "20230501 good ok",
        ]
    );
    let good = ("20230501".to_owned(), CopyJudgement::Good);
    assert_eq!(chosen(&answer, DAY), Some(good));
    assert_eq!(answer.retry_at, None);
    let copy = answer.copies.last().unwrap();
    assert_eq!(copy.url, archive.capture("20230501120000", LINK));
    // Raw captures are judged: the archive's own frame says "page not found".
    let played = |path: &&String| path.starts_with("/web/2023");
    let asked = archive.asked();
    assert!(
        asked
            .iter()
            .filter(played)
            .all(|path| path.contains("id_/")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn captures_of_errors_and_challenges_are_never_the_copy_however_many_there_are() {
    let archive = Archive::start().await;
    for day in 10..28 {
        let body = if day % 2 == 0 {
            soft_404()
        } else {
            challenge()
        };
        archive.holds(LINK, &format!("202305{day}000000"), &body);
    }
    let desk = Desk::new(&archive.as_wayback());
    let mut asked = question(Some("2023-05-19"));
    let answer = desk.find(&asked).await;
    assert_eq!(answer.copies.len(), 8, "{:?}", looks(&answer));
    assert_eq!(answer.chosen(asked.cited_on), None);
    // The next pass looks at others.
    asked.bad = answer.copies.iter().map(|copy| copy.url.clone()).collect();
    let next = desk.find(&asked).await;
    assert!(!next.copies.is_empty());
    assert!(
        next.copies
            .iter()
            .all(|copy| !asked.bad.contains(&copy.url))
    );
}

#[tokio::test]
async fn the_day_of_citing_decides_what_is_near_and_far() {
    let archive = Archive::start().await;
    archive.holds(LINK, "20190101000000", &article("rivers"));
    archive.holds(LINK, "20250101000000", &article("rivers again"));
    let desk = Desk::new(&archive.as_wayback());
    for (day, want) in [
        (Some("2019"), ("20190101", CopyJudgement::Good)),
        (Some("2020-06"), ("20190101", CopyJudgement::Far)),
        (Some("2024-12-31"), ("20250101", CopyJudgement::Good)),
        (Some("2031-01-01"), ("20250101", CopyJudgement::Far)),
        (None, ("20250101", CopyJudgement::Good)),
    ] {
        let answer = desk.find(&question(day)).await;
        let want = (want.0.to_owned(), want.1);
        assert_eq!(chosen(&answer, day), Some(want), "{day:?}");
    }
}

#[tokio::test]
async fn a_quoted_passage_must_be_there() {
    let archive = Archive::start().await;
    archive.holds(LINK, "20230508000000", &article("bridges"));
    archive.holds(LINK, "20230301000000", &article("rivers"));
    let desk = Desk::new(&archive.as_wayback());
    let mut asked = question(DAY);
    asked.passages = vec!["What is  KNOWN of rivers".to_owned()];
    let answer = desk.find(&asked).await;
    assert_eq!(looks(&answer), ["20230508 bad ok", "20230301 good ok"]);
    asked.passages = vec!["nobody wrote this".to_owned()];
    let answer = desk.find(&asked).await;
    assert_eq!(answer.chosen(asked.cited_on), None);
}

#[tokio::test]
async fn a_capture_of_what_stands_there_now_is_no_copy() {
    let archive = Archive::start().await;
    let merged = article("the merger of our departments");
    archive.holds(LINK, "20230508000000", &merged);
    archive.holds(LINK, "20230101000000", &article("rivers"));
    let desk = Desk::new(&archive.as_wayback());
    let judge = Judge::new(&Catalogue::default(), &[]);
    let now = json!({
        "data_format_version": "0.2.0", "input": LINK, "test_name": "accesswatch",
        "measurement_start_time": "2026-03-01 00:00:00", "test_start_time": "2026-03-01 00:00:00",
        "test_keys": {"requests": [{
            "request": {"method": "GET", "url": LINK},
            "response": {
                "code": 200, "body": merged,
                "headers_list": [["Content-Type", "text/html; charset=utf-8"]],
            },
        }]},
    });
    let now: Measurement = serde_json::from_value(now).unwrap();
    let (page, _) = judge.reference(ReferenceKind::Healthy, &now);
    let mut asked = question(DAY);
    asked.rot = vec![page];
    let answer = desk.find(&asked).await;
    assert_eq!(looks(&answer), ["20230508 bad ok", "20230101 good ok"]);
}

#[tokio::test]
async fn other_archives_list_their_captures_in_a_timemap() {
    let wayback = Archive::start().await;
    let perma = Archive::start().await;
    perma.holds(LINK, "20230508000000", &challenge());
    perma.holds(LINK, "20230601000000", &article("rivers"));
    wayback.holds(LINK, "20200101000000", &article("rivers"));
    let desk = Desk::new(&format!("{}{}", wayback.as_wayback(), perma.as_perma()));
    let answer = desk.find(&question(DAY)).await;
    assert_eq!(
        looks(&answer),
        ["20230508 bad content.unproven", "20230601 good ok"]
    );
    assert_eq!(answer.copies[1].archive, "Perma");
    let asked = perma.asked();
    assert!(
        asked.iter().any(|path| path.starts_with("/timemap/link/")),
        "{asked:?}"
    );
    let asked = wayback.asked();
    assert!(!asked.iter().any(|path| path.contains("2020")), "{asked:?}");
}

#[tokio::test]
async fn the_index_is_asked_when_the_timegate_knows_nothing() {
    let archive = Archive::start().await;
    archive.holds(LINK, "20230508000000", &article("rivers"));
    archive.is(Mood::Forgetful);
    let desk = Desk::new(&archive.as_wayback());
    assert_eq!(desk.find(&question(DAY)).await.copies, []);
    let asked = archive.asked();
    let index = asked.iter().filter(|path| path.starts_with("/cdx/"));
    assert_eq!(index.count(), 2, "{asked:?}");
}

#[tokio::test]
async fn a_cited_copy_is_judged_like_any_other_and_archive_today_is_never_asked() {
    let archive = Archive::start().await;
    archive.holds(LINK, "20230508000000", &soft_404());
    archive.holds(LINK, "20230601000000", &article("rivers"));
    let desk = Desk::new(&archive.as_wayback());
    let cited = |url: &str, archive, time: &str| CitedCopy {
        url: url.parse().unwrap(),
        archive,
        time: time.to_owned(),
    };
    let wayback = format!("https://web.archive.org/web/20230508/{LINK}");
    let today = format!("https://archive.ph/20230508010203/{LINK}");
    let mut asked = question(DAY);
    asked.cited = vec![
        cited(&wayback, "web.archive.org", "20230508"),
        cited(&today, "archive.today", "20230508010203"),
    ];
    let answer = desk.find(&asked).await;
    let by_url = |url: &str| answer.copies.iter().find(|copy| copy.url == url).unwrap();
    assert_eq!(by_url(&wayback).judged, Some(CopyJudgement::Bad));
    assert_eq!(by_url(&wayback).kind, CopyKind::Cited);
    assert_eq!(by_url(&today).judged, None);
    let good = ("20230601".to_owned(), CopyJudgement::Good);
    assert_eq!(chosen(&answer, DAY), Some(good));
}

#[tokio::test]
async fn a_page_of_a_few_words_that_no_list_knows_is_no_copy() {
    let archive = Archive::start().await;
    let check = "<title>Loading</title><p>One moment please, we are checking your connection.</p>";
    archive.holds(LINK, "20230508000000", check);
    archive.holds(LINK, "20230101000000", &article("rivers"));
    let desk = Desk::new(&archive.as_wayback());
    let answer = desk.find(&question(DAY)).await;
    assert_eq!(
        looks(&answer),
        ["20230508 bad content.unproven", "20230101 good ok"]
    );
    let mut asked = question(DAY);
    asked.passages = vec!["we are checking your connection".to_owned()];
    let answer = desk.find(&asked).await;
    assert_eq!(looks(&answer), ["20230508 good ok"], "it is what was cited");
}
