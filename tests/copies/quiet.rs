//! When archives are left alone.

use chrono::TimeDelta;

use crate::archives::{Archive, Mood};
use crate::desk::{Desk, LINK, article, question};

#[tokio::test]
async fn an_archive_that_fails_is_left_alone_for_a_quarter_of_an_hour() {
    let archive = Archive::start().await;
    archive.holds(LINK, "20230508000000", &article("rivers"));
    for mood in [Mood::Down, Mood::PlaybackDown] {
        archive.is(mood);
        let desk = Desk::new(&archive.as_wayback());
        let answer = desk.find(&question(None)).await;
        assert!(answer.copies.is_empty());
        let quiet = answer.retry_at.unwrap()
            - "2026-03-01T00:00:00Z"
                .parse::<accesswatch::model::Time>()
                .unwrap();
        assert_eq!(quiet.num_minutes(), 15, "{mood:?}");
        let before = archive.asked().len();
        archive.is(Mood::Well);
        desk.clock.advance(TimeDelta::minutes(14));
        assert!(desk.find(&question(None)).await.retry_at.is_some());
        assert_eq!(archive.asked().len(), before, "it was left alone");
        desk.clock.advance(TimeDelta::minutes(2));
        let answer = desk.find(&question(None)).await;
        assert_eq!((answer.copies.len(), answer.retry_at), (1, None));
    }
}

#[tokio::test]
async fn an_archive_that_asks_for_quiet_gets_it() {
    let archive = Archive::start().await;
    archive.holds(LINK, "20230508000000", &article("rivers"));
    archive.is(Mood::Busy(7_200));
    let desk = Desk::new(&archive.as_wayback());
    desk.find(&question(None)).await;
    archive.is(Mood::Well);
    let before = archive.asked().len();
    desk.clock.advance(TimeDelta::minutes(119));
    desk.find(&question(None)).await;
    assert_eq!(archive.asked().len(), before);
    desk.clock.advance(TimeDelta::minutes(2));
    assert_eq!(desk.find(&question(None)).await.copies.len(), 1);
}

#[tokio::test]
async fn a_site_that_is_excluded_is_no_failure_of_the_archive() {
    let archive = Archive::start().await;
    archive.is(Mood::Excluded);
    let desk = Desk::new(&archive.as_wayback());
    let answer = desk.find(&question(None)).await;
    assert_eq!((answer.copies.len(), answer.retry_at), (0, None));
}

#[tokio::test]
async fn the_index_is_asked_at_most_24_times_a_minute() {
    let archive = Archive::start().await;
    let desk = Desk::new(&archive.as_wayback());
    let began = accesswatch::model::clock::Clock::now(&*desk.clock);
    for _ in 0..12 {
        desk.find(&question(Some("2023-05-08"))).await;
    }
    let took = accesswatch::model::clock::Clock::now(&*desk.clock) - began;
    let asked = archive.asked();
    let index = asked
        .iter()
        .filter(|path| path.starts_with("/cdx/"))
        .count();
    assert_eq!(index, 24);
    assert!(took >= TimeDelta::milliseconds(23 * 2_500), "{took}");
}
