//! The discriminators asked of controls and sites, and what they prove.

use super::*;
use accesswatch::model::clock::Clock;

use crate::support::engine::{SetClock, engine_with};

#[tokio::test]
async fn a_name_that_fails_at_a_controls_address_too_fails_before_the_site() {
    let street = TamperedSites::new("https").await;
    let engine = street.engine().await;
    let well = pass(&engine).await;
    assert_eq!(status(&well).observed.code, Code::Ok);
    assert!(discriminators(&records(&engine)[0]).is_empty());
    street.way.cut(SITE, Cut::Reset);
    street.way.forget();
    let ill = pass(&engine).await;
    let made = records(&engine);
    let attempts: Vec<usize> = made.iter().map(|r| discriminators(r).len()).collect();
    assert_eq!(attempts, [0, 0, 0, 0, 5], "the last attempt has them alone");
    let all = discriminators(&made[4]);
    let steps: Vec<DiscriminatorStep> = all.iter().map(|d| d.step).collect();
    assert_eq!(steps, DiscriminatorStep::ALL);
    assert_eq!(
        failed(all, DiscriminatorStep::ControlWatched),
        Some("connection_reset")
    );
    let neutral = step(all, DiscriminatorStep::ControlNeutral);
    assert_eq!(
        neutral.failure.as_ref().unwrap().as_str(),
        "ssl_invalid_hostname"
    );
    assert_eq!(neutral.name, NEUTRAL_NAME);
    assert_eq!(neutral.address, street.control.addr.to_string());
    // Four attempts, then the neutral name and the real one.
    let at_site = street.way.heard_at(street.site.addr);
    assert_eq!(at_site[4..], [NEUTRAL_NAME, SITE]);
    let at_control = street.way.heard_at(street.control.addr);
    assert_eq!(at_control[..3], [CONTROL, SITE, NEUTRAL_NAME]);
    assert_eq!(status(&ill).observed.code, Code::TlsReset);
    assert_eq!(status(&ill).observed.locus, Locus::Network);
    assert_eq!(finding(&ill), Some(Finding::NetworkInterference));
    told_again(&street, engine);
    let shown = street.watch.run(&["incidents", "show", "1"]).ends(0).out;
    // The output is wrapped at any word.
    let words: Vec<&str> = shown.split_whitespace().collect();
    let row = "a neutral name passes there: it happens before the site.";
    assert!(words.join(" ").contains(row), "{shown}");
    let table = street
        .watch
        .run(&["export", "incidents", "--format", "csv"])
        .ends(0);
    assert!(
        table.out.contains("here (DE): reset during TLS."),
        "{}",
        table.out
    );
}

#[tokio::test]
async fn they_are_asked_once_and_what_they_proved_holds_while_the_same_is_seen() {
    let street = TamperedSites::new("https").await;
    let began = chrono::Utc::now();
    let clock = SetClock::at(&began.to_rfc3339());
    let engine = engine_with(&street.watch, Arc::clone(&clock) as Arc<dyn Clock>).await;
    pass(&engine).await;
    street.way.cut(SITE, Cut::Reset);
    pass(&engine).await;
    let before = records(&engine).len();
    street.way.forget();
    // The address is left alone for four minutes.
    clock.set(&(began + chrono::TimeDelta::minutes(5)).to_rfc3339());
    let again = pass(&engine).await;
    let made = records(&engine);
    assert_eq!(made.len(), before + 1, "nothing new is suspected");
    assert!(discriminators(&made[before]).is_empty());
    assert_eq!(street.way.heard_at(street.site.addr), [SITE]);
    assert_eq!(status(&again).observed.locus, Locus::Network);
    assert_eq!(proof(&again), Some(Proof::BeforeTheSite));
    assert_eq!(finding(&again), Some(Finding::NetworkInterference));
    told_again(&street, engine);
}

#[tokio::test]
async fn a_site_that_fails_alone_proves_nothing() {
    let street = TamperedSites::new("https").await;
    let engine = street.engine().await;
    pass(&engine).await;
    // The site's own edge cuts its name; the control does not know the name.
    let edge = TamperedNetwork::default();
    edge.cut(SITE, Cut::Reset);
    let port = street.site.addr.port();
    let good = street.authority.good(&[SITE]);
    let house = edge.secure((THERE, port), &good, PAGE).await;
    street.names.lead(SITE, &["127.0.0.2"]);
    street.reference.lead(SITE, &["127.0.0.2"]);
    let ill = pass(&engine).await;
    let made = records(&engine);
    let all = discriminators(made.last().unwrap());
    assert_eq!(
        step(all, DiscriminatorStep::SiteWatched).address,
        house.addr.to_string()
    );
    assert_eq!(
        failed(all, DiscriminatorStep::SiteWatched),
        Some("connection_reset")
    );
    assert_eq!(
        failed(all, DiscriminatorStep::SiteNeutral),
        Some("ssl_invalid_hostname"),
        "a neutral name passes"
    );
    assert_eq!(status(&ill).observed.code, Code::TlsReset);
    assert_eq!(status(&ill).observed.locus, Locus::Unknown);
    assert_eq!(proof(&ill), None);
    assert_eq!(finding(&ill), Some(Finding::Insufficient));
    told_again(&street, engine);
}

#[tokio::test]
async fn one_that_cuts_every_name_proves_nothing() {
    let street = TamperedSites::new("https").await;
    let engine = street.engine().await;
    pass(&engine).await;
    street.way.cut(SITE, Cut::Close);
    street.way.cut(NEUTRAL_NAME, Cut::Close);
    let ill = pass(&engine).await;
    assert_eq!(status(&ill).observed.code, Code::TlsClosed);
    assert_eq!(proof(&ill), None);
    assert_eq!(finding(&ill), Some(Finding::Insufficient));
}

#[tokio::test]
async fn a_host_that_is_cut_everywhere_is_cut_before_the_site() {
    let street = TamperedSites::new("http").await;
    let engine = street.engine().await;
    pass(&engine).await;
    street.way.cut(SITE, Cut::Reset);
    let ill = pass(&engine).await;
    let made = records(&engine);
    let all = discriminators(made.last().unwrap());
    assert_eq!(
        failed(all, DiscriminatorStep::ControlWatched),
        Some("connection_reset")
    );
    let neutral = step(all, DiscriminatorStep::ControlNeutral)
        .answer
        .as_ref()
        .unwrap();
    assert_eq!(neutral.status, 200);
    assert_eq!(status(&ill).observed.code, Code::HttpReset);
    assert_eq!(status(&ill).observed.locus, Locus::Network);
    assert_eq!(finding(&ill), Some(Finding::NetworkInterference));
    told_again(&street, engine);
}

#[tokio::test]
async fn a_page_that_comes_for_the_name_from_any_address_is_not_the_sites() {
    let street = TamperedSites::new("http").await;
    let engine = street.engine().await;
    pass(&engine).await;
    street.way.cut(SITE, Cut::Page("<h1>拒绝访问</h1>"));
    let ill = pass(&engine).await;
    let found = status(&ill);
    assert_eq!(found.observed.code, Code::HttpForbidden);
    assert_eq!(found.observed.locus, Locus::Network);
    assert_eq!(proof(&ill), Some(Proof::BeforeTheSite));
    assert_eq!(finding(&ill), Some(Finding::NetworkInterference));
    told_again(&street, engine);
}

#[tokio::test]
async fn a_second_host_finds_the_control_in_silence() {
    let street = TamperedSites::new("https").await;
    let other = "wind.internal";
    for names in [&street.names, &street.reference] {
        names.lead(other, &["127.0.0.2"]);
    }
    let house = street.elsewhere(&street.authority.good(&[other])).await;
    street.watch.source(
        "wind",
        &[format!("https://{other}:{}/", house.addr.port())],
        "contains = [\"正常\"]",
    );
    let engine = street.engine().await;
    pass(&engine).await;
    street.way.cut(SITE, Cut::Reset);
    street.way.cut(other, Cut::Reset);
    street.way.forget();
    pass(&engine).await;
    let made = records(&engine);
    let asked: Vec<_> = made
        .iter()
        .filter(|r| !discriminators(r).is_empty())
        .collect();
    assert_eq!(asked.len(), 2);
    let silent = asked
        .iter()
        .filter(|r| {
            step(discriminators(r), DiscriminatorStep::ControlWatched).not_asked
                == Some(NotAsked::Silence)
        })
        .count();
    assert_eq!(silent, 1, "the control's address is asked for one of them");
    let at_control = street.way.heard_at(street.control.addr);
    let watched = at_control.iter().filter(|n| *n == SITE || *n == other);
    assert_eq!(watched.count(), 1, "{at_control:?}");
}

#[tokio::test]
async fn nothing_is_asked_from_behind_a_proxy() {
    let street = TamperedSites::new("https").await;
    let proxy = socks::start(SocksProxyMode::Loopback).await;
    street.watch.edit(
        "config/accesswatch.toml",
        "via = \"direct\"",
        &format!("via = \"socks5://{}\"", proxy.server.addr),
    );
    let engine = street.engine().await;
    assert_eq!(status(&pass(&engine).await).observed.code, Code::Ok);
    street.way.cut(SITE, Cut::Close);
    street.way.forget();
    let ill = pass(&engine).await;
    assert_eq!(status(&ill).observed.code, Code::TlsClosed);
    assert!(
        records(&engine)
            .iter()
            .all(|r| discriminators(r).is_empty())
    );
    let names = street.way.heard_at(street.site.addr);
    assert!(names.iter().all(|n| n == SITE), "{names:?}");
}

#[tokio::test]
async fn a_passing_probe_asks_nothing_and_probe_url_explains_what_a_failing_one_asked() {
    let street = TamperedSites::new("https").await;
    let url = format!("https://{SITE}:{}/", street.site.addr.port());
    let dir = street.watch.path().to_owned();
    let probe = move |url: String| {
        let dir = dir.clone();
        tokio::task::spawn_blocking(move || {
            std::process::Command::new(env!("CARGO_BIN_EXE_accesswatch"))
                .args(["--dir", dir.to_str().unwrap(), "probe", &url])
                .env("NO_COLOR", "1")
                .output()
                .unwrap()
        })
    };
    let well = probe(url.clone()).await.unwrap();
    let text = String::from_utf8(well.stdout).unwrap();
    assert!(!text.contains("reference"), "{text}");
    street.way.cut(SITE, Cut::Reset);
    let ill = probe(url).await.unwrap();
    let text = String::from_utf8(ill.stdout).unwrap();
    assert!(text.contains("tls.reset"), "{text}");
    assert!(
        text.contains("Caused by: something on the network"),
        "{text}"
    );
    assert!(text.contains("it happens before the site"), "{text}");
    assert!(text.contains(NEUTRAL_NAME), "{text}");
    assert!(
        !street.watch.file("data/accesswatch.db").exists(),
        "records nothing"
    );
}

/// The binary uses the real clock, so a wait of 240 s would be noticed.
#[tokio::test(flavor = "multi_thread")]
async fn no_pass_waits_for_a_silence() {
    let street = TamperedSites::new("http").await;
    let port = street.site.addr.port();
    let url = |path: &str| format!("http://{SITE}:{port}/{path}");
    let pages = ["", "a", "b"].map(url);
    street
        .watch
        .source("papers", &pages, "contains = [\"正常\"]");
    street.watch.run(&["run", "--all"]).ends(0);
    street.way.cut(SITE, Cut::Reset);
    let begun = std::time::Instant::now();
    let ran = street.watch.run(&["run", "--all"]);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    assert!(!ran.out.contains("vantage here"), "{}", ran.out);
    let told = street.watch.run(&["status", "--format", "json"]);
    assert_eq!(told.out.matches("http.reset").count(), 3, "{}", told.out);
}
