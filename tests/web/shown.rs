//! What the pages show of the demonstration, and how they are answered.

use crate::client::{get, request};
use crate::site;

const PAGES: [&str; 15] = [
    "/",
    "/sources",
    "/sources/papers",
    "/sources/registry",
    "/matrix",
    "/incidents",
    "/incidents/1",
    "/incidents/7",
    "/vantages",
    "/reports",
    "/health",
    "/vantages/berlin",
    "/sources/papers/thesis",
    "/sources/statistics/releases",
    "/method",
];

fn heading(text: &str) -> String {
    let (_, rest) = text.split_once("<h1").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split_once("</h1>").unwrap().0.to_owned()
}

#[test]
fn the_first_sentence_says_what_readers_can_use() {
    let at = site::demonstration();
    for (language, tag, sentence) in [
        (
            "en",
            "en",
            "Readers can use 2 of 7 sources as usual. 3 give less than before, 1 is closed to \
             them, and of 1 we cannot tell.",
        ),
        (
            "ko",
            "ko",
            "자료원 7곳 가운데 2곳을 평소대로 이용할 수 있습니다. 3곳은 제공하는 내용이 이전보다 줄었고, \
             1곳은 접속할 수 없으며, 1곳은 확인할 수 없습니다.",
        ),
        (
            "zh",
            "zh-Hans",
            "7 个数据源中，读者可照常使用 2 个。3 个提供的内容比以前少，1 个已无法访问，1 \
             个尚不得而知。",
        ),
    ] {
        let text = get(at, &format!("/?lang={language}"), &[]).text();
        assert!(
            text.contains(&format!("<html lang=\"{tag}\">")),
            "{language}"
        );
        assert_eq!(heading(&text), sentence);
    }
}

#[test]
fn pages_are_small_and_hold_no_inline_style_or_script() {
    let at = site::demonstration();
    for path in PAGES {
        for language in ["en", "ko", "zh"] {
            let answer = get(at, &format!("{path}?lang={language}"), &[]);
            let text = answer.text();
            assert_eq!(answer.status, 200, "{path}");
            let most = if path == "/" { 40_000 } else { 150_000 };
            assert!(text.len() < most, "{path}: {} bytes", text.len());
            let low = text.to_lowercase();
            for wrong in [
                " style=",
                "<style",
                " onclick",
                " onload",
                "http-equiv",
                "<script>",
            ] {
                assert!(!low.contains(wrong), "{path}: {wrong}");
            }
            assert_eq!(low.matches("<script").count(), 1, "{path}");
            assert!(!text.contains("(a text is missing)"), "{path}");
        }
    }
}

#[test]
fn a_source_that_gives_less_says_what_is_lost_and_what_works() {
    let at = site::demonstration();
    let text = get(at, "/sources/papers?lang=en", &[]).text();
    for part in [
        "Dissertation record: the full-text button is not shown.",
        "Still open: Journal article.",
        "the printed copy, by interlibrary loan",
        "% ok of 100 % seen",
        "2 of 4 levels are watched.",
        "role=\"img\"",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn what_our_program_cannot_see_is_asked_of_people() {
    let at = site::demonstration();
    let text = get(at, "/", &[]).text();
    assert!(text.contains("Does it work for you?"), "{text}");
    assert!(text.contains("accesswatch incidents observe registry/home"));
    assert!(text.contains("Demonstration: invented sites"));
}

#[test]
fn a_page_that_did_not_change_is_not_sent_again() {
    let at = site::demonstration();
    for path in PAGES {
        let tag = get(at, path, &[]).header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 10, "{path}: {tag}");
        let again = get(at, path, &[&format!("If-None-Match: {tag}")]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), tag);
        let other = get(
            at,
            &format!("{path}?lang=ko"),
            &[&format!("If-None-Match: {tag}")],
        );
        assert_eq!(other.status, 200, "{path}: another language");
    }
}

#[test]
fn a_search_finds_names_in_every_language_and_hosts() {
    let at = site::demonstration();
    for (asked, found) in [
        ("Papers", "papers"),
        ("%E8%AE%BA%E6%96%87", "papers"),
        ("127.0.1", "court"),
        ("no-such", ""),
    ] {
        let text = get(at, &format!("/sources?q={asked}"), &[]).text();
        let link = format!("href=\"/sources/{found}\"");
        assert_eq!(text.contains(&link), !found.is_empty(), "{asked}");
        if found.is_empty() {
            assert!(text.contains("No source has that"), "{text}");
        }
    }
}

#[test]
fn addresses_are_answered_as_http_asks() {
    let at = site::demonstration();
    for (method, path, status) in [
        ("GET", "/no-such-page", 404),
        ("GET", "/sources/no-such", 404),
        ("GET", "//evil.example", 404),
        ("GET", "/sources/", 308),
        ("HEAD", "/", 200),
        ("HEAD", "/sources", 200),
        ("POST", "/", 405),
        ("DELETE", "/sources", 405),
        ("GET", "/sign-out", 405),
        ("GET", "/?unknown=1&lang=xx", 200),
        ("GET", "/livez", 200),
        ("GET", "/healthz", 200),
    ] {
        let answer = request(at, method, path, &[], "");
        assert_eq!(answer.status, status, "{method} {path}");
        if method == "HEAD" {
            assert!(answer.body.is_empty());
        }
        if status == 405 {
            assert!(!answer.header("allow").is_empty(), "{method} {path}");
        }
    }
    assert_eq!(
        get(at, "/sources/?q=a", &[]).header("location"),
        "/sources?q=a"
    );
    assert!(
        get(at, "/nope", &[])
            .text()
            .contains("There is no such page")
    );
}

#[test]
fn the_language_is_asked_for_kept_and_negotiated() {
    let at = site::demonstration();
    let lang = |path: &str, lines: &[&str]| {
        let text = get(at, path, lines).text();
        let (_, rest) = text.split_once("<html lang=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let asked = get(at, "/?lang=ko", &[]);
    assert_eq!(asked.cookie("aw_lang").as_deref(), Some("ko"));
    assert_eq!(lang("/", &["Cookie: aw_lang=ko"]), "ko");
    assert_eq!(lang("/?lang=en", &["Cookie: aw_lang=ko"]), "en");
    assert_eq!(lang("/", &["Accept-Language: zh-TW, en;q=0.5"]), "zh-Hans");
    assert_eq!(lang("/", &["Accept-Language: fr"]), "en");
    assert!(get(at, "/?lang=xx", &[]).cookie("aw_lang").is_none());
}

#[test]
fn assets_are_immutable_and_packed() {
    let at = site::demonstration();
    let text = get(at, "/", &[]).text();
    for ending in [".css", ".js", ".svg"] {
        let end = text.find(&format!("{ending}\"")).unwrap() + ending.len();
        let start = text[..end].rfind("/assets/").unwrap();
        let path = &text[start..end];
        let plain = get(at, path, &[]);
        assert_eq!(plain.status, 200, "{path}");
        assert!(plain.header("cache-control").contains("immutable"));
        let packed = get(at, path, &["Accept-Encoding: gzip"]);
        assert_eq!(packed.header("content-encoding"), "gzip");
        let mut unpacked = Vec::new();
        let mut reader = flate2::read::GzDecoder::new(packed.body.as_slice());
        std::io::Read::read_to_end(&mut reader, &mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body, "{path}");
    }
    assert_eq!(get(at, "/assets/pages.000000000000.css", &[]).status, 404);
}

#[test]
fn an_incident_says_what_happened_and_from_where() {
    let at = site::demonstration();
    let text = get(at, "/incidents/1", &[]).text();
    for part in [
        "Dissertation record: the full-text button is not shown.",
        "Library in Seoul",
        "<a href=\"/sources/papers\">",
        "What happened so far",
        "For the catalogue",
        "accesswatch incidents ack 1 --by NAME",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let list = get(at, "/incidents", &[]).text();
    assert!(list.contains("href=\"/incidents/1\"") && list.contains("href=\"/incidents/7\""));
    let ongoing = get(at, "/incidents?open=1", &[]).text();
    assert!(
        ongoing.contains("href=\"/incidents/1\"") && !ongoing.contains("href=\"/incidents/7\"")
    );
    for path in [
        "/incidents/0",
        "/incidents/99",
        "/incidents/x",
        "/incidents/01",
        "/incidents/-1",
    ] {
        assert_eq!(get(at, path, &[]).status, 404, "{path}");
    }
}

#[test]
fn the_matrix_has_a_cell_for_each_vantage() {
    let at = site::demonstration();
    let text = get(at, "/matrix", &[]).text();
    let (_, body) = text.split_once("<tbody>").unwrap();
    let body = body.split_once("</tbody>").unwrap().0;
    assert_eq!(
        (body.matches("<tr>").count(), body.matches("<td>").count()),
        (7, 21)
    );
    let closed = get(at, "/matrix?state=closed", &[]).text();
    assert!(closed.contains("/sources/court") && !closed.contains("/sources/papers"));
    let vantages = get(at, "/vantages", &[]).text();
    assert!(
        vantages.contains("% of what was due in the last 30 days was seen."),
        "{vantages}"
    );
}
