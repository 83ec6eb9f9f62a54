//! Signing in and out.

use accesswatch::web::WebLimits;

use crate::client::{get, post, request};
use crate::site::{READ_TOKEN, TOKEN, TOKENS, small};

const ELSEWHERE: &str = "Via: 1.1 proxy";

#[test]
fn a_token_begins_a_session_that_its_form_ends() {
    let served = small(TOKENS, WebLimits::default());
    let at = served.at;
    assert_eq!(get(at, "/", &[ELSEWHERE]).status, 303);
    let form = format!("token={TOKEN}&next=%2Fsources");
    let signed = post(at, "/sign-in", &[ELSEWHERE], &form);
    assert_eq!(
        (signed.status, signed.header("location")),
        (303, "/sources")
    );
    let set = signed.header("set-cookie");
    assert!(
        set.starts_with("aw=") && set.contains("HttpOnly; SameSite=Lax"),
        "{set}"
    );
    assert!(
        set.contains("Max-Age=2592000") && !set.contains("Secure"),
        "{set}"
    );
    let session = format!("Cookie: aw={}", signed.cookie("aw").unwrap());
    let page = get(at, "/", &[ELSEWHERE, &session]);
    assert_eq!(page.status, 200);
    let text = page.text();
    let (_, rest) = text.split_once("name=\"csrf\" value=\"").unwrap();
    let word = rest.split_once('"').unwrap().0;
    for (lines, form, status) in [
        (vec![ELSEWHERE, &session], "csrf=wrong".to_owned(), 403),
        (vec![ELSEWHERE, &session], format!("csrf={word}"), 303),
    ] {
        assert_eq!(
            post(at, "/sign-out", &lines, &form).status,
            status,
            "{form}"
        );
    }
    let out = post(
        at,
        "/sign-out",
        &[ELSEWHERE, &session],
        &format!("csrf={word}"),
    );
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(get(at, "/", &[ELSEWHERE, "Cookie: aw=1.x"]).status, 303);
}

#[test]
fn a_form_of_another_site_is_not_taken() {
    let served = small(TOKENS, WebLimits::default());
    let at = served.at;
    let form = format!("token={TOKEN}");
    let kind = "Content-Type: application/x-www-form-urlencoded";
    for (name, origin, status) in [
        ("none", None, 403),
        ("other", Some("Origin: https://evil.example"), 403),
        ("null", Some("Origin: null"), 403),
        ("fetch", Some("Sec-Fetch-Site: same-origin"), 303),
        ("cross", Some("Sec-Fetch-Site: cross-site"), 403),
    ] {
        let mut lines = vec![kind];
        lines.extend(origin);
        let answer = request(at, "POST", "/sign-in", &lines, &form);
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(
            answer.header("set-cookie").is_empty(),
            status == 403,
            "{name}"
        );
    }
    let json = [
        "Content-Type: application/json",
        "Sec-Fetch-Site: same-origin",
    ];
    assert_eq!(request(at, "POST", "/sign-in", &json, "{}").status, 415);
}

#[test]
fn a_sign_in_leads_nowhere_else() {
    let served = small(TOKENS, WebLimits::default());
    for next in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "a",
    ] {
        let form = format!("token={TOKEN}&next={next}");
        let answer = post(served.at, "/sign-in", &[], &form);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/"),
            "{next}"
        );
    }
    let text = get(served.at, "/sign-in?next=%22%3E%3Cscript%3E", &[]).text();
    assert!(text.contains("name=\"next\" value=\"/\""), "{text}");
}

#[test]
fn guessing_is_held_up_and_a_right_bearer_is_not() {
    let served = small(TOKENS, WebLimits::default());
    let at = served.at;
    for _ in 0..5 {
        assert_eq!(post(at, "/sign-in", &[], "token=guess").status, 403);
    }
    let held = post(at, "/sign-in", &[], "token=guess");
    assert_eq!(held.status, 429);
    assert!(held.header("retry-after").parse::<u64>().unwrap() <= 60);
    assert_eq!(get(at, "/", &["Authorization: Bearer guess"]).status, 429);
    let right = format!("Authorization: Bearer {READ_TOKEN}");
    assert_eq!(get(at, "/", &[ELSEWHERE, &right]).status, 200);
}

#[test]
fn over_https_the_cookie_is_bound_to_the_host() {
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"");
    let served = small(&web, WebLimits::default());
    let lines = [
        "Host: access.example",
        "Content-Type: application/x-www-form-urlencoded",
        "Origin: https://access.example",
    ];
    let signed = request(
        served.at,
        "POST",
        "/sign-in",
        &lines,
        &format!("token={READ_TOKEN}"),
    );
    let set = signed.header("set-cookie");
    assert!(
        set.starts_with("__Host-aw=") && set.ends_with("; Secure"),
        "{set}"
    );
    assert!(set.contains("Path=/;") && !set.contains("Domain"), "{set}");
    let session = format!("Cookie: __Host-aw={}", signed.cookie("__Host-aw").unwrap());
    assert_eq!(
        get(served.at, "/", &["Host: access.example", &session]).status,
        200
    );
}

#[test]
fn without_a_token_nobody_can_sign_in() {
    let served = small("", WebLimits::default());
    let text = get(served.at, "/sign-in", &[]).text();
    assert!(!text.contains("type=\"password\""), "{text}");
    assert_eq!(post(served.at, "/sign-in", &[], "token=").status, 403);
}
