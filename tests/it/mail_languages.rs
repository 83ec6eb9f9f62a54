//! Mails in the reader's language: whole, the same in both parts, and intact behind a real SMTP conversation.

use accesswatch::alert::transport::Transport;
use accesswatch::alert::transport::smtp::Smtp;
use accesswatch::i18n::mail::texts;
use accesswatch::model::mail::{NewMail, Notice, QueuedMail};
use accesswatch::model::settings::{Language, SmtpTls};
use accesswatch::model::vantage::Secret;

use crate::support::letters::{Setting, contains_all, samples, samples_in, thesis};
use crate::support::library;
use crate::support::mime;
use crate::support::smtp::{PASSWORD, Protection, SmtpServer};

const OTHERS: [Language; 2] = [Language::Ko, Language::Zh];

/// English that stays: names of the library's own things, codes, commands, addresses, and its own notes.
const KEPT: [&str; 33] = [
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
];

/// Words of three letters and more that are of no address, code, command or name.
fn english(text: &str) -> Vec<String> {
    // Lines are broken within names too.
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for kept in KEPT {
        text = text.replace(kept, " ");
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
            // The library's own notes are in its own language, whatever the reader's.
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

fn is_note(line: &str) -> bool {
    ["Announced by", "suspended", "notice.example"]
        .iter()
        .any(|n| line.contains(n))
}

/// Letters alone, in order of the alphabet: spaces and marks differ between the parts.
fn letters(text: &str, labels: &[&str]) -> Vec<char> {
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
        // Heads of columns are said once in the HTML part, and by row in the text part.
        let heads = [
            l.vantage, l.result, l.since, l.probe, l.level, l.vantages, l.now, l.before, l.worst,
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
    let mut setting = Setting::of(vec![thesis()]).read_in(Language::Ko);
    let cnki = setting.catalogue.sources.get_mut(&"cnki".into()).unwrap();
    cnki.name_ko = Some("중국 즈왕(CNKI)".to_owned());
    let mail = setting.only(&notices);
    assert_eq!(
        mail.subject,
        "중국 즈왕(CNKI) 中国知网, dissertations: 접속 상황 보고 #12"
    );
    let read = mime::parse(&mail.eml);
    contains_all(
        &read.text,
        &[
            "Berlin office 및 Seoul reading room에서 점검 8회 중 8회에서 원문 보기 버튼이 보이지 않음이 확인되었습니다. 이전 상태: 기대한 내용이 모두 있음.",
            "첫 이상: 2026-11-23 01:20 UTC; 2026-11-23 09:20 베이징; 2026-11-23 02:20 Europe/Berlin",
            "대조 페이지: 3개 가운데 3개 통과",
            "Seoul reading room (KR, 캠퍼스): 원문 보기 버튼이 보이지 않음 (content.withdrawn, HTTP 200)",
            "이 결과로 알 수 없는 것:",
            "it@library.example 앞으로 다음 제목의 메일을 보내 주십시오: 확인했습니다: 접속 상황 보고 #12",
            "accesswatch incidents ack 12",
        ],
    );
    assert!(read.html.contains("<span lang=\"zh\">中国知网</span>"));
    assert!(!read.html.contains("<span lang=\"ko\">"));

    let mail = Setting::of(vec![thesis()])
        .read_in(Language::Zh)
        .only(&notices);
    assert_eq!(
        mail.subject,
        "CNKI 中国知网，dissertations：访问情况报告 #12"
    );
    let read = mime::parse(&mail.eml);
    let joined: String = read.text.split('\n').map(str::trim_start).collect();
    for part in [
        "CNKI 中国知网，dissertations：全文按钮未显示（观测点：Berlin office、Seoul reading room；检查 8 次，其中 8 次结果相同）。此前：预期的内容全部具备。",
        "首次异常：2026-11-23 01:20 UTC；2026-11-23 09:20 北京时间；2026-11-23 02:20 Europe/Berlin",
        "对照页面：3 个，其中通过 3 个",
        "此结果不能说明的事项：",
        "主题为“已确认：访问情况报告 #12”",
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
    let mut alerts = library::settings().alerts;
    alerts.password = Some(Secret(PASSWORD.to_owned()));
    alerts.transport = library::smtp("localhost", server.addr.port(), SmtpTls::None);
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
