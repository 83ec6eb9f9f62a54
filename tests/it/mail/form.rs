//! The form of mails: headers, the two parts, and hostile text in every place that it can come
//! from.

use std::collections::BTreeSet;

use accesswatch::model::mail::Notice;
use accesswatch::model::settings::Language;
use proptest::prelude::*;

use crate::support::letters::{Setting, samples, samples_in, thesis};
use crate::support::mail_fixture;
use crate::support::mime::{self, Mail};

#[test]
fn headers_are_those_of_an_automatic_mail() {
    let mail = Setting::of(vec![thesis()]).only(&[Notice::Opened { incident: 12 }]);
    let read = mime::parse(&mail.eml);
    assert_eq!(
        read.decoded("subject"),
        "CNKI 中国知网, dissertations: gives less (report #12)"
    );
    assert_eq!(read.decoded("subject"), mail.subject);
    assert_eq!(read.header("auto-submitted"), "auto-generated");
    assert_eq!(read.header("x-auto-response-suppress"), "All");
    assert_eq!(
        read.header("list-id"),
        "accesswatch <accesswatch.library.example>"
    );
    assert_eq!(read.header("date"), "Mon, 23 Nov 2026 01:30:00 +0000");
    assert_eq!(read.header("message-id"), mail.message_id);
    assert!(
        mail.message_id.starts_with("<incident-12.")
            && mail.message_id.ends_with("@library.example>")
    );
    assert!(read.header("references").is_empty() && read.header("in-reply-to").is_empty());
    assert!(
        read.header("content-type")
            .starts_with("multipart/alternative")
    );
    assert_eq!(read.header("to"), "Librarian <librarian@library.example>");
}

#[test]
fn composing_twice_gives_the_same_bytes() {
    let twice = [samples(), samples()];
    assert!(twice[0] == twice[1]);
    let ids: BTreeSet<_> = twice[0].iter().map(|(_, m)| &m.message_id).collect();
    assert_eq!(ids.len(), twice[0].len());
}

/// The words of an HTML part without column heads, which the text part repeats in each row.
fn html_words(html: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(html);
    let body = scraper::Selector::parse("h2, p, td, li, blockquote, a[href^='mailto:']").unwrap();
    let texts = document
        .select(&body)
        .filter(|e| e.value().attr("align") != Some("center") && !has_blocks(*e))
        .map(|e| e.text().collect::<String>());
    texts.flat_map(|t| words(&t)).collect()
}

/// Layout cells contain other blocks; only leaves are read.
fn has_blocks(element: scraper::ElementRef<'_>) -> bool {
    let inner = scraper::Selector::parse("p, h2, table, a[href^='mailto:']").unwrap();
    element.select(&inner).next().is_some()
}

fn words(text: &str) -> Vec<String> {
    let trim = |w: &str| w.trim_matches([':', ';', ',', '-']).to_owned();
    // The address of an answer is behind its link in the HTML part, and readable in the text part.
    let is_address = |w: &&str| w.starts_with("<mailto:");
    text.split_whitespace()
        .filter(|w| !is_address(w))
        .map(trim)
        .filter(|w| !w.is_empty())
        .collect()
}

#[test]
fn text_and_html_say_the_same() {
    let heads: BTreeSet<&str> = [
        "vantage", "result", "since", "first", "last", "bad", "good", "before", "now", "worst",
        "place", "places", "page",
    ]
    .into();
    for (kind, mail) in samples() {
        let read = mime::parse(&mail.eml);
        let mut text = words(&read.text);
        let mut html = html_words(&read.html);
        for list in [&mut text, &mut html] {
            list.retain(|w| !heads.contains(w.to_lowercase().as_str()));
            list.sort();
        }
        assert_eq!(text, html, "{kind}");
    }
}

#[test]
fn html_asks_nothing_of_the_network_and_is_readable_aloud() {
    for (kind, mail) in samples() {
        let html = mime::parse(&mail.eml).html;
        for forbidden in [
            "<img", "<script", "<link", "<iframe", "<style", "src=", "url(", "@import",
        ] {
            assert!(!html.contains(forbidden), "{kind}: {forbidden}");
        }
        assert!(
            html.contains("<html lang=\"en\">") && html.contains("role=\"presentation\""),
            "{kind}"
        );
        assert!(html.contains("font-size:16px"), "{kind}");
        // A title cannot contain markup.
        let body = html.split("</title>").nth(1).unwrap();
        let bare = body.replace("<span lang=\"zh\">中国知网</span>", "");
        assert!(
            !bare.contains("中国知网"),
            "{kind}: Chinese that is not marked"
        );
    }
}

/// Writes every mail to a file, so that `.ci/check_mails.py` can read them with another program.
#[test]
fn samples_lie_where_others_can_read_them() {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("mails");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    for language in [Language::En, Language::Ko, Language::Zh] {
        for (kind, mail) in samples_in(language) {
            let name = format!("{kind}.{}.eml", language.as_str());
            std::fs::write(dir.join(name), &mail.eml).unwrap();
        }
    }
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\x00-\\x1f\\x7f a-z:<>@\"=?_\\u{85}\\u{2028}\\u{202e}中\\u{1f600}]{0,60}",
        Just("x\r\nBcc: victim@example.org\r\n\r\nbody".to_owned()),
        Just("=?utf-8?q?=0d=0aBcc:_victim@example.org?=".to_owned()),
        Just("a\nb\rc\0d\u{b}e\u{c}f".to_owned()),
        Just("很".repeat(400)),
    ]
}

fn hostile_mail(text: &str) -> Mail {
    let mut setting = Setting::of(vec![thesis()]);
    let mut source = mail_fixture::source("cnki", text, text, text);
    source.note = Some(text.to_owned());
    source.alternatives = vec![text.to_owned()];
    source.catalogue_note = Some(text.to_owned());
    setting.catalogue.sources.insert("cnki".into(), source);
    for probe in setting.catalogue.probes.values_mut() {
        text.clone_into(&mut std::sync::Arc::make_mut(probe).name);
    }
    for vantage in &mut setting.settings.vantages {
        text.clone_into(&mut vantage.name);
        text.clone_into(&mut vantage.country);
    }
    text.clone_into(&mut setting.notes[0].text);
    for incident in setting.tracker.incidents.values_mut() {
        incident.still_works = vec![text.to_owned()];
        text.clone_into(&mut incident.changes[0].text);
        incident.changes[0].remark = None;
        incident.acknowledged_by = Some(text.to_owned());
        text.clone_into(&mut incident.human_checks[0].network);
        incident.evidence = vec![text.into()];
    }
    mime::parse(&setting.only(&[Notice::Opened { incident: 12 }]).eml)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// `mime::parse` refuses bare CR and LF, control characters, repeated headers and further
    /// parts.
    #[test]
    fn no_text_from_outside_gets_into_the_headers(text in hostile()) {
        let mail = hostile_mail(&text);
        let names: Vec<&str> = mail.headers.keys().map(String::as_str).collect();
        prop_assert_eq!(names, [
            "auto-submitted", "content-type", "date", "from", "list-id", "message-id", "mime-version",
            "subject", "to", "x-auto-response-suppress",
        ]);
        prop_assert!(!mail.decoded("subject").contains(char::is_control));
        prop_assert!(!mail.decoded("subject").contains("=?"));
        prop_assert!(mail.text.chars().all(|c| c == '\n' || !c.is_control()));
        prop_assert!(mail.html.chars().all(|c| c == '\n' || !c.is_control()));
        prop_assert_eq!(mail.html.matches("<script").count(), 0);
    }
}

#[test]
fn subjects_in_chinese_and_korean_survive() {
    for name in [
        "国家统计局",
        "중국 즈왕",
        "Ünïcödé «x»",
        "a, b: <c> \"d\" @e",
    ] {
        let mut setting = Setting::of(vec![thesis()]);
        let source = setting
            .catalogue
            .sources
            .values_mut()
            .find(|s| s.id.as_str() == "cnki")
            .unwrap();
        name.clone_into(&mut source.name);
        source.name_zh = None;
        let mail = setting.only(&[Notice::Opened { incident: 12 }]);
        let subject = format!("{name}, dissertations: gives less (report #12)");
        assert_eq!(mime::parse(&mail.eml).decoded("subject"), subject);
    }
}
