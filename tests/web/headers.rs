//! The headers of every kind of answer.

use accesswatch::web::WebLimits;

use crate::client::{Answer, get, post, request};
use crate::site::{TOKENS, small};

fn is_protected(what: &str, answer: &Answer) {
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'"),
        "{what}: {policy}"
    );
    for part in [
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{what}: {part}");
    }
    assert!(!policy.contains("unsafe"), "{what}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
    assert_eq!(
        answer.header("cross-origin-opener-policy"),
        "same-origin",
        "{what}"
    );
    assert_eq!(answer.header("x-robots-tag"), "noindex", "{what}");
    assert_eq!(answer.header("server"), "", "{what}");
}

#[test]
fn every_answer_is_protected() {
    let served = small(TOKENS, WebLimits::default());
    let at = served.at;
    for (what, answer) in [
        ("page", get(at, "/", &[])),
        ("sign-in", get(at, "/sign-in", &[])),
        ("not found", get(at, "/nope", &[])),
        ("redirect", get(at, "/sources/", &[])),
        ("misdirected", get(at, "/", &["Host: rebind.example"])),
        ("method", request(at, "DELETE", "/", &[], "")),
        ("bearer", get(at, "/", &["Authorization: Bearer x"])),
        ("form", post(at, "/sign-in", &[], "token=x")),
        ("alive", get(at, "/livez", &[])),
        ("asset", get(at, "/assets/none.css", &[])),
    ] {
        is_protected(what, &answer);
    }
    let page = get(at, "/", &[]);
    assert_eq!(page.header("cache-control"), "no-cache, private");
    assert_eq!(
        page.header("vary"),
        "Accept-Language, Cookie, Authorization"
    );
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("content-encoding"), "");
}
