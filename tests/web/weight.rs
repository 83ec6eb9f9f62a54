//! How much pages weigh where there is a lot to show.

use std::fmt::Write as _;

use crate::client::{get, post};
use crate::site::{SOURCE, Served, TOKEN, TOKENS, demonstration_with, small_with};

/// What `/` weighs less than, and any other page.
const TODAY: usize = 40_000;
const PAGE: usize = 150_000;

/// A session, as a header.
fn signed_in(served: &Served) -> String {
    let signed = post(served.at, "/sign-in", &[], &format!("token={TOKEN}"));
    format!("Cookie: aw={}", signed.cookie("aw").unwrap())
}

/// A source with three pages that were never checked.
fn unseen(number: usize) -> String {
    let named = SOURCE
        .replace("\"papers\"", &format!("\"papers-{number}\""))
        .replace("\"Papers\"", &format!("\"Papers of the library {number}\""));
    let mut text = named;
    for level in ["home", "search"] {
        write!(
            text,
            "\n[[probe]]\nid = \"{level}\"\nname = \"{level} of {number}\"\nlevel = \"{level}\"\n\
             url = \"https://papers.example/{number}/{level}\"\n[probe.expect]\nstatus = [200]\n"
        )
        .unwrap();
    }
    text
}

#[test]
fn with_many_unseen_sources_the_first_page_is_light_and_leads_to_the_rest() {
    let sources: Vec<String> = (0..30).map(unseen).collect();
    let served = small_with(TOKENS, &sources);
    let session = signed_in(&served);
    for language in ["en", "ko", "zh"] {
        let path = format!("/?lang={language}");
        let text = get(served.at, &path, &[&session]).text();
        assert!(text.len() < TODAY, "{language}: {} bytes", text.len());
        let shown = text.matches("<details class=\"ask\">").count();
        assert!(shown >= 10, "{language}: {shown} sources");
        assert_eq!(text.matches("<form class=\"act\"").count(), shown);
        assert!(text.contains("<a href=\"/sources\">"), "{text}");
        // Nothing was checked: there is no strip, and no date below one.
        assert!(!text.contains("class=\"lanes\""));
    }
    let text = get(served.at, "/?lang=en", &[&session]).text();
    let shown = text.matches("<details class=\"ask\">").count();
    let rest = format!("{} more: all sources", 30 - shown);
    assert!(text.contains(&rest), "{rest}");
    // One form asks about all pages of a source, each with its own three buttons.
    let form = text.split("<form class=\"act\"").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    assert_eq!(form.matches("name=\"network\"").count(), 1);
    for page in ["article", "home", "search"] {
        let action = format!("formaction=\"/sources/papers-0/{page}/observe\"");
        assert_eq!(form.matches(&action).count(), 3, "{form}");
    }
    // What a button sends is taken.
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let csrf = csrf.split('"').next().unwrap();
    let answer = post(
        served.at,
        "/sources/papers-0/home/observe",
        &[&session],
        &format!("csrf={csrf}&browser=ok&network=campus&by=Ana"),
    );
    // No store was made yet: the form is understood, and there is nothing to write into.
    assert_eq!(answer.status, 404, "{}", answer.text());
}

/// Days in which every round may be otherwise, for 400 days and every series.
fn restless(served: &Served) {
    let path = served.folder().join("data/accesswatch.db");
    let store = rusqlite::Connection::open(path).unwrap();
    store
        .execute_batch(
            "CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY);
             WITH RECURSIVE up (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM up WHERE n < 399)
             INSERT INTO numbers SELECT n FROM up;
             CREATE TEMP TABLE last AS SELECT max(day) AS day FROM uptime;
             INSERT OR REPLACE INTO uptime (series_id, day, checks, ok, limited, blocked, rot, stale,
                 failed, vantage_offline, gaps, p50_ms, p95_ms, outage_us, open, less, closed, unknown)
             SELECT s.series_id, last.day - n, 12, 4, 0, 8, 0, 0, 0, 0, 0, 1000 + n * 37 % 91,
                 3000 + n * 91 % 571, 0, 1 + (n * 7 + s.series_id) % 9, (n * 5) % 4, (n * 3) % 5, n % 2
             FROM (SELECT DISTINCT series_id FROM uptime) s, numbers, last;",
        )
        .unwrap();
}

#[test]
fn restless_days_make_no_page_heavy() {
    let served = demonstration_with(TOKENS);
    restless(&served);
    let session = signed_in(&served);
    for language in ["en", "ko", "zh"] {
        for path in [
            "/",
            "/sources",
            "/sources/papers",
            "/sources/market",
            "/sources/market/quotes",
            "/sources/statistics/releases",
            "/matrix",
            "/vantages/berlin",
            "/incidents/1",
        ] {
            let text = get(served.at, &format!("{path}?lang={language}"), &[&session]).text();
            let most = if path == "/" { TODAY } else { PAGE };
            assert!(text.len() < most, "{path} {language}: {} bytes", text.len());
        }
    }
    // The worst is at the top, with its strips; the strips of others give way before a source does.
    let text = get(served.at, "/?lang=en", &[&session]).text();
    assert_eq!(text.matches("class=\"state ").count(), 5, "{text}");
    let first = text.split("class=\"items\"").nth(1).unwrap();
    let first = first.split("</li>").next().unwrap();
    assert!(first.contains("class=\"lanes\""), "{first}");
    // Over 400 days, a strip is drawn by week and says so.
    let text = get(served.at, "/sources/market/quotes?lang=en", &[&session]).text();
    assert!(text.contains("drawn by week"));
    assert!(text.contains("The last 400 days"));
}
