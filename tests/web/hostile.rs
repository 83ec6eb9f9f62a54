//! Texts from files, people and the network are text.

use accesswatch::model::note::Note;
use accesswatch::store::Store;
use accesswatch::web::WebLimits;

use crate::client::get;
use crate::site::{folder_with, serve};

const SCRIPT: &str = "<script>alert(1)</script>";

fn hostile_source() -> String {
    format!(
        r#"[source]
id = "papers"
name = "{SCRIPT}<img src=x onerror=alert(2)>"
name_zh = "论文\"'><svg onload=alert(3)>"
group = "group"
homepage = "https://papers.example/?a=%22%3E%3Cscript%3E"
access = "public"
alternatives = ["{SCRIPT}", "\u202Eevil"]
catalogue_note = "{SCRIPT}"

[[probe]]
id = "article"
name = "A\"><iframe src=//evil.example>"
level = "abstract"
url = "https://papers.example/?q=%22%3E%3Cscript%3Ealert(4)%3C/script%3E"
schedule = "0 0 1 1 *"

[probe.expect]
status = [200]
"#
    )
}

#[test]
fn nothing_from_outside_is_markup() {
    let folder = folder_with("", &hostile_source());
    let store = Store::open(&folder.path().join("data/accesswatch.db")).unwrap();
    let note = Note {
        id: 0,
        written: None,
        source: "papers".into(),
        from: "2026-01-01".parse().unwrap(),
        to: None,
        text: format!("{SCRIPT} note"),
        reference: Some("javascript:alert(5)".to_owned()),
        planned: true,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(store.add_note(note)).unwrap();
    let served = serve(folder.path(), WebLimits::default());
    for path in [
        "/",
        "/sources",
        "/sources?q=%3Cscript%3E",
        "/sources/papers",
    ] {
        for language in ["en", "ko", "zh"] {
            let join = if path.contains('?') { '&' } else { '?' };
            let text = get(served.at, &format!("{path}{join}lang={language}"), &[]).text();
            assert_eq!(text.matches("<script").count(), 1, "{path}");
            for wrong in [
                "<img",
                "<iframe",
                "<svg onload",
                "<b>",
                "href=\"javascript",
                "\u{202e}",
            ] {
                assert!(!text.contains(wrong), "{path}: {wrong}");
            }
        }
    }
    let text = get(served.at, "/sources/papers", &[]).text();
    assert!(text.contains("&#60;script&#62;alert(1)"), "{text}");
    assert!(text.contains("javascript:alert(5)"), "shown as text");
    let link = "href=\"https://papers.example/?a=%22%3E%3Cscript%3E\" rel=\"noopener noreferrer nofollow\"";
    assert!(text.contains(link), "{text}");
}
