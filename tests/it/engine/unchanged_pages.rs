//! Healthy pages that show what they showed before are compared with nothing.

use accesswatch::engine::rejudge::{self, RejudgePlan, RejudgeScope};
use accesswatch::judge::Judge;
use accesswatch::model::{Code, ProbeKey, Time};
use accesswatch::store::Store;

use crate::support::days::Days;
use crate::support::pages::Answer;

/// A record, with a way to its full text.
const RECORD: &str = "
[probe.expect]
title = ['漕运']
select = ['h1']
[probe.expect.level]
fulltext = ['a.pdf']
";

/// The record with these words, as one day's request got it: an invisible token and a counter
/// change.
fn record(words: &str, way: &str, token: usize) -> Answer {
    Answer::html(&format!(
        "<html><head><title>宋代漕运</title></head><body><input type=hidden value=t{token}><h1>宋代漕运</h1>\
         <p>{words}</p><p>下载 {token} 次</p><a class=pdf href='{way}'>PDF</a></body></html>"
    ))
}

fn judged_again(days: &Days) -> RejudgePlan {
    let workspace = accesswatch::config::load(days.watch.path()).unwrap();
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures);
    let store = Store::open(&days.watch.file("data/accesswatch.db")).unwrap();
    let reader = store.reader().unwrap();
    let scope = RejudgeScope::Since(Time::MIN_UTC);
    rejudge::plan(&workspace, &judge, &reader, &scope, None).unwrap()
}

#[tokio::test]
async fn only_what_shows_something_else_is_compared() {
    let days = Days::begin(RECORD).await;
    let at = |day: usize| format!("2026-03-{day:02}T10:00:00Z");
    let words = "纲运改制之后仓储向上游集中，下游市镇的人口减少约四成。";
    for day in 1..=12 {
        let code = days.look(&at(day), record(words, "/dl/7.pdf", day)).await;
        assert_eq!(code, Code::Ok);
    }
    let plan = judged_again(&days);
    assert_eq!((plan.judged, plan.compared), (12, 0));
    // One word is added, and the new page is the known one from then on.
    for day in 13..=15 {
        let more = format!("{words}被引一次。");
        let code = days.look(&at(day), record(&more, "/dl/7.pdf", day)).await;
        assert_eq!(code, Code::Ok);
    }
    let plan = judged_again(&days);
    assert_eq!((plan.judged, plan.compared), (15, 1));
    // The same words with a button that leads elsewhere: every marker holds, and the comparison
    // finds it.
    let more = format!("{words}被引一次。");
    let code = days.look(&at(16), record(&more, "/login", 16)).await;
    assert_eq!(code, Code::SiteLogin);
    let plan = judged_again(&days);
    assert_eq!(plan.compared, 1, "a loss carries its comparison");
    days.end();
}

/// A list whose newest date may be too old.
const LIST: &str = "
[probe.expect]
select = ['h1']
[probe.value.newest]
select = 'li'
as = 'date'
max_age = '3d'
";

/// The page stays the same, byte for byte, and its verdict follows the time: what was read of it is
/// known, and it is judged anew.
#[tokio::test]
async fn a_page_that_is_not_read_again_is_judged_again() {
    let days = Days::begin(LIST).await;
    let list = || Answer::html("<h1>公告</h1><ul><li>2026-03-01</li><li>2026-03-02</li></ul>");
    let known = || {
        let store = Store::open_read_only(&days.watch.file("data/accesswatch.db")).unwrap();
        let key = ProbeKey::new("own", "data");
        let reader = store.reader().unwrap();
        reader.last_reading(&key, &"here".into()).unwrap()
    };
    let at = |time: &str| format!("2026-03-{time}:00Z");
    assert_eq!(days.look(&at("02T02:00"), list()).await, Code::Ok);
    let first = known().expect("a proven page is kept");
    assert_eq!(days.look(&at("02T09:00"), list()).await, Code::Ok);
    assert_eq!(known().as_ref(), Some(&first), "it was not read again");
    // On another day its dates are read anew, and on the sixth it is too old.
    assert_eq!(days.look(&at("03T02:00"), list()).await, Code::Ok);
    let second = known().unwrap();
    assert_ne!(second.key, first.key);
    assert_eq!(days.look(&at("06T02:00"), list()).await, Code::ContentStale);
    // A page without its marker is read, and leaves the known reading as it is.
    let bare = Answer::html("<ul><li>2026-03-06</li></ul>");
    let code = days.look(&at("06T09:00"), bare).await;
    assert!(![Code::Ok, Code::ContentStale].contains(&code), "{code:?}");
    assert_eq!(days.look(&at("06T15:00"), list()).await, Code::ContentStale);
    days.end();
}
