//! Who may see what: the table of roles, over real requests.

use std::sync::Arc;

use accesswatch::web::WebLimits;

use crate::client::{get, post};
use crate::site::{READ_TOKEN, SetClock, TOKEN, TOKENS, small, small_by};

/// Each way to ask, for each configuration: the status of a page.
#[test]
fn the_table_of_roles_holds() {
    let base = format!("{TOKENS}\nbase_url = \"https://access.example\"");
    let public = format!("{base}\npublic = true");
    let (write, read) = (
        format!("Authorization: Bearer {TOKEN}"),
        format!("Authorization: Bearer {READ_TOKEN}"),
    );
    let ways: [(&str, Vec<&str>); 9] = [
        ("plain", vec![]),
        ("writer", vec![&write]),
        ("reader", vec![&read]),
        ("wrong", vec!["Authorization: Bearer wrong"]),
        ("basic", vec!["Authorization: Basic YTpi"]),
        ("forwarded", vec!["X-Forwarded-For: 192.0.2.1"]),
        ("via", vec!["Via: 1.1 proxy"]),
        ("real ip", vec!["X-Real-IP: 192.0.2.1"]),
        ("host", vec!["Host: 192.0.2.7"]),
    ];
    for (name, web, statuses) in [
        ("none", "", [200, 401, 401, 401, 401, 303, 303, 303, 303]),
        (
            "tokens",
            TOKENS,
            [200, 200, 200, 401, 401, 303, 303, 303, 303],
        ),
        (
            "base url",
            &base,
            [303, 200, 200, 401, 401, 303, 303, 303, 303],
        ),
        (
            "public",
            &public,
            [200, 200, 200, 401, 401, 200, 200, 200, 200],
        ),
    ] {
        let served = small(web, WebLimits::default());
        for ((way, lines), status) in ways.iter().zip(statuses) {
            let answer = get(served.at, "/sources", lines);
            assert_eq!(answer.status, status, "{name}: {way}");
            if status == 401 {
                assert_eq!(answer.header("www-authenticate"), "Bearer");
            }
            if status == 303 {
                assert_eq!(answer.header("location"), "/sign-in?next=%2Fsources");
            }
        }
    }
}

#[test]
fn an_old_protocol_is_not_taken_for_a_browser_here() {
    let served = small("", WebLimits::default());
    let text = format!("GET / HTTP/1.0\r\nHost: {}\r\n\r\n", served.at);
    assert_eq!(crate::client::raw(served.at, text.as_bytes()).status, 303);
}

#[test]
fn before_the_first_pass_the_server_is_well_until_one_was_due() {
    // The only source is checked at the beginning of each year.
    let clock = Arc::new(SetClock::at("2026-12-31T12:00:00Z"));
    let served = small_by(clock.clone());
    let health = || {
        let answer = get(served.at, "/healthz", &[]);
        (answer.status, answer.text())
    };
    assert_eq!(health(), (200, "ok\n".to_owned()));
    clock.set("2027-01-02T00:00:00Z");
    let (status, fault) = health();
    assert_eq!(status, 503);
    assert!(fault.starts_with("a pass that was due at "), "{fault}");
    assert_eq!(fault.lines().count(), 1, "{fault}");
    assert!(!fault.contains("papers") && !fault.contains("secret-place"));
}

#[test]
fn what_needs_no_role_is_open() {
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"");
    let served = small(&web, WebLimits::default());
    for path in ["/sign-in", "/livez"] {
        assert_eq!(get(served.at, path, &[]).status, 200, "{path}");
    }
    // Nothing was ever checked, and nothing has been due.
    let health = get(served.at, "/healthz", &["Host: anything.example"]);
    assert_eq!((health.status, health.text().as_str()), (200, "ok\n"));
    let style = get(served.at, "/sign-in", &[]).text();
    let start = style.find("/assets/").unwrap();
    let path = style[start..].split('"').next().unwrap();
    assert_eq!(get(served.at, path, &[]).status, 200);
    // What is no page is refused instead of led to the sign-in.
    for path in [
        "/api/v1/sources",
        "/metrics",
        "/feed.atom",
        "/badge/papers.svg",
    ] {
        assert_eq!(get(served.at, path, &[]).status, 401, "{path}");
    }
    assert_eq!(post(served.at, "/sources", &[], "a=b").status, 401);
}

#[test]
fn a_name_that_is_not_ours_is_misdirected() {
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"\nhosts = [\"access.lan\"]");
    let served = small(&web, WebLimits::default());
    for (host, status) in [
        ("Host: rebind.example", 421),
        ("Host: access.example.rebind.example", 421),
        ("Host: access.example", 303),
        ("Host: ACCESS.lan:9000", 303),
        ("Host: localhost", 303),
        ("Host: [::1]", 303),
        ("Host: a@b", 421),
    ] {
        assert_eq!(get(served.at, "/", &[host]).status, status, "{host}");
    }
    let twice = get(served.at, "/", &["Host: localhost", "Host: localhost"]);
    assert!(matches!(twice.status, 400 | 421), "{}", twice.status);
}

#[test]
fn a_visitor_sees_no_names_of_vantages() {
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"\npublic = true");
    let served = small(&web, WebLimits::default());
    let bearer = format!("Authorization: Bearer {READ_TOKEN}");
    for path in ["/", "/sources", "/sources/papers"] {
        let text = get(served.at, path, &[]).text();
        for name in ["Our branch", "secret-place"] {
            assert!(!text.contains(name), "{path}: {name}");
        }
        let seen = get(served.at, path, &[&bearer]);
        assert_eq!(seen.header("x-robots-tag"), "", "public");
    }
    let own = get(served.at, "/sources/papers", &[&bearer]).text();
    assert!(own.contains("Our branch"), "{own}");
    assert_eq!(get(served.at, "/sources/papers/article", &[]).status, 303);
}
