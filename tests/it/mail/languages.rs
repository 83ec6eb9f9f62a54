//! Mails in the reader's language: complete, the same in both parts, and intact after a real SMTP
//! conversation.

use accesswatch::alert::transport::Transport;
use accesswatch::alert::transport::smtp::Smtp;
use accesswatch::i18n::mail::texts;
use accesswatch::model::Finding;
use accesswatch::model::mail::{NewMail, Notice, QueuedMail};
use accesswatch::model::settings::{Language, SmtpTls};
use accesswatch::model::vantage::Secret;

use crate::support::letters::{Setting, contains_all, samples, samples_in, thesis};
use crate::support::mail_fixture;
use crate::support::mime;
use crate::support::smtp::{PASSWORD, Protection, SmtpServer};

const OTHERS: [Language; 2] = [Language::Ko, Language::Zh];

/// English text that stays: names of the library's own things, codes, commands, addresses, and its
/// own notes.
const KEPT: &[&str] = &[
    "accesswatch",
    "incidents",
    "observe",
    "browser",
    "network",
    "campus",
    "partial",
    "refused",
    "silence",
    "until",
    "doctor",
    "status",
    "robots",
    "CNKI",
    "Wind",
    "Wanfang",
    "Data",
    "interlibrary",
    "loan",
    "dissertations",
    "journals",
    "home page",
    "economic series",
    "Seoul reading room",
    "Berlin office",
    "Boston server",
    "journal articles",
    "abstracts",
    "search",
    "UTC",
    "HTTP",
    "TLS",
    "URL",
    "baseline",
    "accept",
    "saw",
    "ack",
    "cnki",
    "wind",
    "latest",
    "source",
];

/// Words of three letters or more that are not part of an address, code, command or name.
fn english(text: &str) -> Vec<String> {
    // Line breaks may split names.
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Commands within sentences.
    let outside = text.split('`').step_by(2).map(str::to_owned);
    text = outside.collect::<Vec<_>>().join(" ");
    for kept in KEPT {
        text = text.replace(*kept, " ");
    }
    // For the technician.
    for finding in Finding::ALL {
        text = text.replace(finding.as_str(), " ");
    }
    let is_word = |w: &&str| w.len() > 3 && w.chars().all(|c| c.is_ascii_lowercase());
    let plain = |w: &&str| !w.contains(['/', '@', '_', '.', '-', '#']);
    let words = text.split_whitespace().filter(plain);
    let trimmed = words.map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    trimmed.filter(is_word).map(str::to_owned).collect()
}

#[test]
fn every_kind_of_mail_is_whole_in_every_language() {
    let kinds: Vec<&str> = samples().iter().map(|(kind, _)| *kind).collect();
    for language in OTHERS {
        let mails = samples_in(language);
        let own: Vec<&str> = mails.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(own, kinds);
        for ((kind, mail), (_, in_english)) in mails.iter().zip(samples()) {
            let read = mime::parse(&mail.eml);
            // The library's own notes are in its own language, whatever language the reader has.
            let text: String = read
                .text
                .lines()
                .filter(|l| !is_note(l))
                .collect::<Vec<_>>()
                .join("\n");
            assert_eq!(
                english(&text),
                Vec::<String>::new(),
                "{language:?} {kind}:\n{text}"
            );
            assert!(
                !text.contains('{') && !text.contains('}'),
                "{kind}: a gap is open:\n{text}"
            );
            assert_ne!(mail.subject, in_english.subject, "{kind}");
            assert_eq!(mail.topic, in_english.topic);
            assert_eq!(mail.incidents, in_english.incidents);
            let tag = format!("<html lang=\"{}\">", texts(language).tag);
            assert!(read.html.contains(&tag), "{kind}");
        }
    }
}

/// A library's own note, a catalogue note in the catalogue's language, or a finding's name for the
/// technician.
fn is_note(line: &str) -> bool {
    [
        "Announced by",
        "suspended",
        "notice.example",
        "- CNKI, ",
        "- Wind, ",
    ]
    .iter()
    .any(|n| line.contains(n))
}

/// The address of an answer is behind its link in the HTML part, and readable in the text part.
fn without_addresses(text: &str) -> String {
    let pieces = text.split("<mailto:").enumerate();
    let rest = pieces.map(|(at, piece)| match piece.split_once('>') {
        Some((_, rest)) if at > 0 => rest,
        _ => piece,
    });
    rest.collect()
}

/// Only the letters, sorted, because spaces and punctuation differ between the parts.
fn letters(text: &str, labels: &[&str]) -> Vec<char> {
    let text = without_addresses(text);
    let mut text: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    for label in labels {
        let label: String = label.chars().filter(|c| c.is_alphanumeric()).collect();
        text = text.replace(&label, "");
    }
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters
}

#[test]
fn text_and_html_say_the_same_in_every_language() {
    for language in OTHERS {
        let l = &texts(language).label;
        // The HTML part has column heads once, the text part in each row.
        let heads = [
            l.vantage, l.result, l.since, l.probe, l.vantages, l.now, l.before, l.worst,
        ];
        for (kind, mail) in samples_in(language) {
            let read = mime::parse(&mail.eml);
            let page = scraper::Html::parse_document(&read.html);
            let body = scraper::Selector::parse("body").unwrap();
            let html: String = page.select(&body).flat_map(|b| b.text()).collect();
            assert_eq!(
                letters(&read.text, &heads),
                letters(&html, &heads),
                "{language:?} {kind}\n{}\n{html}",
                read.text
            );
        }
    }
}

#[test]
fn an_opening_reads_well() {
    let notices = [Notice::Opened { incident: 12 }];
    let setting = Setting::of(vec![thesis()]).read_in(Language::Ko);
    let mail = setting.only(&notices);
    assert_eq!(
        mail.subject,
        "중국 즈왕(CNKI) 中国知网, 학위논문: 일부 제한 (보고 #12)"
    );
    let read = mime::parse(&mail.eml);
    contains_all(
        &read.text,
        &[
            "심각: 중국 즈왕(CNKI) 학위논문 이용자에게 원문 이용이 제공되지 않습니다(관측 지점 3곳 중 2곳).",
            "11월 23일 02:20부터 Berlin office, Seoul reading room 점검에서 원문 보기 버튼이 보이지 않습니다. 이전: 이상 없음.",
            "이상 최초 확인: 베를린 시간 2026년 11월 23일 02:20; 베이징 시간 09:20; UTC 01:20",
            "대조 페이지 3개 중 3개 통과",
            "Seoul reading room: 원문 보기 버튼 보이지 않음; 시작: 11월 23일 02:20",
            "이 결과로 알 수 없는 것:",
            "제가 담당합니다: <mailto:it@library.example?subject=%2312%20ack>",
            "accesswatch incidents ack 12",
        ],
    );
    assert!(read.html.contains("<span lang=\"zh\">万方数据</span>"));
    assert!(!read.html.contains("<span lang=\"ko\">"));

    let mail = Setting::of(vec![thesis()])
        .read_in(Language::Zh)
        .only(&notices);
    assert_eq!(
        mail.subject,
        "中国知网 CNKI，学位论文：部分受限（报告 #12）"
    );
    let read = mime::parse(&mail.eml);
    let joined: String = read.text.split('\n').map(str::trim_start).collect();
    for part in [
        "严重：中国知网“学位论文”的读者无法使用全文（3 个观测点中的 2 个）。",
        "自11月23日 02:20起，全文按钮未显示（观测点：Berlin office、Seoul reading room）。此前：各项正常。",
        "首次异常：柏林时间 2026年11月23日 02:20；北京时间 09:20；UTC 01:20",
        "8 次检查中有 8 次异常；3 个对照页面中有 3 个通过",
        "此结果不能说明的事项：",
        "由我负责跟进：<mailto:it@library.example?subject=%2312%20ack>",
    ] {
        let plain = |t: &str| t.replace(' ', "");
        assert!(
            plain(&joined).contains(&plain(part)),
            "`{part}` is not in:\n{}",
            read.text
        );
    }
    assert!(!read.html.contains("<span lang=\"zh\">"));
}

fn queued(at: usize, mail: NewMail) -> QueuedMail {
    let created = mail.not_before;
    QueuedMail::fresh(mail, i64::try_from(at).unwrap(), created)
}

#[tokio::test]
async fn korean_and_chinese_mails_arrive_intact() {
    let server = SmtpServer::start(Protection::None, "PLAIN").await;
    let mut alerts = mail_fixture::settings().alerts;
    alerts.password = Some(Secret(PASSWORD.to_owned()));
    alerts.transport = mail_fixture::smtp("localhost", server.addr.port(), SmtpTls::None);
    let smtp = Smtp::new(&alerts, None).unwrap();
    let mut transport = Transport::Smtp(Box::new(smtp));
    let mut sent = Vec::new();
    for language in OTHERS {
        for (_, mail) in samples_in(language) {
            transport
                .send(&queued(sent.len() + 1, mail.clone()))
                .await
                .unwrap();
            sent.push((language, mail));
        }
    }
    let arrived = server.accepted();
    assert_eq!(arrived.len(), sent.len());
    for (got, (language, mail)) in arrived.iter().zip(&sent) {
        let (reader, address) = match language {
            Language::Zh => ("馆员", "guanyuan@library.example"),
            _ => ("사서", "saseo@library.example"),
        };
        assert_eq!(got.to, [address]);
        // `mime::parse` refuses a header that is not ASCII.
        let read = mime::parse(got.data.as_bytes());
        assert_eq!(read.decoded("subject"), mail.subject);
        assert!(read.decoded("to").contains(reader), "{}", read.header("to"));
        let words = read
            .header("subject")
            .split(' ')
            .filter(|w| w.starts_with("=?"));
        assert!(
            words.into_iter().all(|w| w.len() <= 75),
            "an encoded word is over 75 (RFC 2047, 2)"
        );
        let own = mime::parse(&mail.eml);
        assert_eq!(read.text.trim_end(), own.text.trim_end());
        assert_eq!(read.html.trim_end(), own.html.trim_end());
    }
}
