//! Healthy pages that show what they showed before are compared with nothing.

use accesswatch::engine::rejudge::{self, RejudgePlan, RejudgeScope};
use accesswatch::judge::Judge;
use accesswatch::model::{Code, Time};
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
