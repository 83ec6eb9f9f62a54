//! The style of texts in every language: in their script, neutral, by the glossary, and as whole
//! sentences where they are independent.

use std::collections::BTreeSet;

use super::files::{LANGUAGES, each, is_alike, words_of};
use super::mail::texts;
use super::verdict;
use crate::model::rule::Saying;
use crate::model::settings::Language;
use crate::model::{Code, Finding, Level};

/// Words that claim more than was seen. `dns.forged`, and the texts for pages that name their
/// reason, avoid them too.
const ACCUSING: [&str; 12] = [
    "block",
    "censor",
    " ban",
    "firewalled",
    "封锁",
    "屏蔽",
    "审查",
    "封禁",
    "차단",
    "검열",
    "봉쇄",
    "통제",
];

/// The glossary terms in Korean and in Chinese, each with the text that contains it.
#[rustfmt::skip] // a table, one row per line
const GLOSSARY: &[(&str, &str, &str)] = &[
    ("verdicts/code-content-moved", "주소 변경", "网址变更"),
    ("verdicts/code-content-stale", "데이터 미갱신", "数据未更新"),
    ("verdicts/code-content-nulls", "결측값", "空值"),
    ("verdicts/code-content-empty", "빈 데이터셋", "空数据集"),
    ("verdicts/code-content-redirected-home", "리디렉션", "被重定向"),
    ("verdicts/code-http-no-reply", "무응답", "无响应"),
    ("verdicts/code-http-reset", "재설정", "连接被重置"),
    ("verdicts/code-http-timeout", "시간 초과", "超时"),
    ("verdicts/code-http-redirect-loop", "리디렉션", "重定向"),
    ("verdicts/code-site-challenge", "보안 인증", "安全验证"),
    ("verdicts/code-site-edition", "해외판", "海外版"),
    ("verdicts/code-site-geo-block", "지역 제한", "地域限制"),
    ("verdicts/code-site-icp", "ICP 등록", "ICP备案"),
    ("verdicts/code-site-login", "로그인", "登录"),
    ("verdicts/code-site-maintenance", "시스템 점검", "系统维护"),
    ("verdicts/code-site-not-entitled", "기관", "机构"),
    ("verdicts/code-site-paywall", "구독", "订阅"),
    ("verdicts/code-site-phone", "중국 본토 휴대전화 인증", "大陆手机号"),
    ("verdicts/code-site-phone", "실명 인증", "实名认证"),
    ("verdicts/code-site-rate-limited", "접속 빈도 제한", "访问过于频繁"),
    ("verdicts/code-site-waf-block", "웹 방화벽", "Web应用防火墙"),
    ("verdicts/code-tcp-reset", "재설정", "被重置"),
    ("verdicts/code-tcp-timeout", "연결 시간 초과", "连接超时"),
    ("verdicts/code-tls-expired", "인증서 오류", "证书错误"),
    ("verdicts/code-tls-invalid", "인증서 오류", "证书错误"),
    ("verdicts/code-tls-reset", "재설정", "连接被重置"),
    ("verdicts/code-tls-timeout", "시간 초과", "超时"),
    ("verdicts/code-tls-untrusted", "인증서 오류", "证书错误"),
    ("verdicts/code-tls-wrong-host", "인증서 오류", "证书错误"),
    ("verdicts/code-dns-nxdomain", "DNS 조회 실패", "域名解析失败"),
    ("verdicts/code-dns-timeout", "DNS 조회 실패", "域名解析失败"),
    ("verdicts/code-vantage-offline", "관측 지점", "观测点"),
    ("verdicts/finding-accessible", "접속 가능", "可访问"),
    ("verdicts/finding-geo-restricted", "지역 제한", "地域限制"),
    ("verdicts/finding-access-control", "구독", "订阅"),
    ("verdicts/finding-maintenance", "시스템 점검", "系统维护"),
    ("verdicts/finding-rot", "깨진 링크", "链接失效"),
    ("verdicts/finding-outage", "중국 본토 내", "境内"),
    ("verdicts/finding-outage", "접속 불가", "无法访问"),
    ("verdicts/finding-unreachable", "관측 지점", "观测点"),
    ("words/level-fulltext", "원문", "全文"),
    ("words/level-abstract", "초록", "摘要"),
    ("words/seen-content-withdrawn", "원문 보기 버튼이 보이지 않", "全文按钮未显示"),
    ("words/seen-content-nulls", "비어 있거나", "空值"),
    ("words/seen-site-challenge", "보안 인증", "安全验证"),
    ("words/seen-site-geo-block", "지역 제한", "地域限制"),
    ("words/seen-site-icp", "ICP 등록", "ICP备案"),
    ("words/seen-site-maintenance", "시스템 점검", "系统维护"),
    ("words/seen-site-phone", "중국 본토 휴대전화 인증", "大陆手机号"),
    ("words/seen-site-phone", "실명 인증", "实名认证"),
    ("words/seen-site-paywall", "구독", "订阅"),
    ("words/seen-site-waf-block", "웹 방화벽", "Web应用防火墙"),
    ("words/seen-tcp-reset", "재설정", "连接被重置"),
    ("words/seen-tls-invalid", "인증서", "证书"),
    ("words/seen-dns-nxdomain", "DNS", "域名解析"),
    ("words/finding-unreachable", "접속 불가", "无法访问"),
    ("words/finding-unreachable.open", "해외", "境外"),
    ("letters/label-vantage", "관측 지점", "观测点"),
    ("letters/label-probe", "점검", "探测"),
    ("letters/subject-again", "다시 접속 가능", "恢复访问"),
    ("words/state-less", "일부 제한", "部分受限"),
    ("words/state-closed", "접속 불가", "无法访问"),
    ("words/state-unknown", "확인 불가", "尚不得而知"),
    ("letters/subject-own-end", "관측 지점 오프라인", "观测点离线"),
    ("letters/say-improved-baseline", "기준선", "基线"),
    ("letters/event-not-confirmed", "확인", "单次观测"),
];

fn has_hangul(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '가'..='힣'))
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
}

/// In the script of its language, without the other one's, and trimmed.
fn in_script(language: Language, text: &str) {
    let (hangul, han) = (has_hangul(text), has_han(text));
    let fits = match language {
        Language::En => !hangul && !han && !text.contains(['，', '。', '：']),
        Language::Ko => hangul && !han && !text.contains(['，', '。', '：']),
        Language::Zh => han && !hangul && !text.contains(", ") && !text.ends_with('.'),
    };
    assert!(fits, "{language:?}: {text}");
    assert!(!text.contains("  ") && text.trim() == text, "{text}");
}

fn is_neutral(text: &str) {
    let low = text.to_lowercase();
    for word in ACCUSING {
        assert!(!low.contains(word), "{word}: {text}");
    }
}

/// A whole sentence.
fn sentence(language: Language, text: &str) {
    in_script(language, text);
    let ends = match language {
        Language::En => text.ends_with(['.', '?']),
        Language::Ko => is_polite(text),
        Language::Zh => text.ends_with(['。', '？']),
    };
    assert!(ends, "{text}");
    assert!(!text.contains(['{', '}']) && !text.contains(".."), "{text}");
}

/// The polite style (합니다체); a remark in parentheses may precede the full stop.
fn is_polite(text: &str) -> bool {
    let said = match (text.strip_suffix(").").is_some(), text.rfind('(')) {
        (true, Some(open)) => format!("{}.", &text[..open]),
        _ => text.to_owned(),
    };
    ["니다.", "니까?", "십시오."]
        .iter()
        .any(|end| said.ends_with(end))
}

/// Independent texts, by file and the prefix of their keys; attributes are parts of sentences.
const SENTENCES: &[(&str, &str)] = &[
    ("verdicts", "code-"),
    ("verdicts", "finding-"),
    ("verdicts", "rule-"),
    ("letters", "look-"),
    ("letters", "say-no-data-note"),
    ("letters", "say-letter-note"),
    ("letters", "say-not-counted"),
];

#[test]
fn texts_are_in_their_script() {
    for language in LANGUAGES {
        for (file, key, text) in each(language) {
            let words = text.own_words();
            // Marks, and words on both sides of a name.
            let is_part = ["mark-", "say-and"]
                .iter()
                .any(|part| key.starts_with(part));
            if text.says_something() && !is_part && !is_alike(file, &key) {
                in_script(language, words.trim());
            }
        }
    }
}

#[test]
fn texts_are_neutral() {
    for language in LANGUAGES {
        for (_, _, text) in each(language) {
            is_neutral(&text.words);
        }
    }
}

#[test]
fn what_stands_alone_is_a_sentence() {
    for language in LANGUAGES {
        let mut count = 0;
        for (file, key, text) in each(language) {
            let stands_alone = SENTENCES
                .iter()
                .any(|(f, k)| *f == file && key.starts_with(k));
            let leaves_open = matches!(key.split_once('.'), Some((_, "open")));
            let is_open = file == "words" && key.starts_with("finding-") && leaves_open;
            if (stands_alone && !key.contains('.')) || is_open {
                sentence(language, &text.words);
                count += 1;
            }
        }
        assert!(count > Code::ALL.len() + 2 * Finding::ALL.len(), "{count}");
    }
}

#[test]
fn what_is_left_open_is_a_sentence() {
    for language in LANGUAGES {
        let codes = Code::ALL.iter().map(|&code| verdict::code(language, code));
        let findings = Finding::ALL.iter().map(|&f| verdict::finding(language, f));
        for words in codes.chain(findings) {
            sentence(language, &verdict::not_shown(language, words));
        }
    }
}

#[test]
fn texts_keep_to_the_glossary() {
    for (place, ko, zh) in GLOSSARY {
        let (file, key) = place.split_once('/').unwrap();
        for (language, term) in [(Language::Ko, ko), (Language::Zh, zh)] {
            let text = words_of(language, file, key);
            assert!(text.contains(term), "{file}.ftl: {key}: {term}: {text}");
        }
    }
}

#[test]
fn no_two_codes_say_the_same() {
    for language in LANGUAGES {
        let mut seen = BTreeSet::new();
        for &code in Code::ALL {
            let says = verdict::code(language, code).says;
            assert!(seen.insert(says), "{says} twice");
        }
    }
}

#[test]
fn the_full_text_button_is_not_shown() {
    let said = |language, level| {
        verdict::sentence(language, Saying::NotShown(level), Code::ContentWithdrawn)
    };
    for (language, button, abstracts) in [
        (
            Language::En,
            "The full-text button is not shown.",
            "abstract",
        ),
        (Language::Ko, "원문 보기 버튼이 보이지 않습니다.", "초록"),
        (Language::Zh, "全文按钮未显示。", "摘要"),
    ] {
        assert_eq!(said(language, Level::Fulltext), button);
        assert!(said(language, Level::Abstract).contains(abstracts));
    }
}

/// Approximate columns of a terminal: characters outside Latin are two wide.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| if c < '\u{1100}' { 1 } else { 2 })
        .sum()
}

#[test]
fn short_words_fit_a_cell_and_differ() {
    for language in LANGUAGES {
        let mut seen = BTreeSet::new();
        for &code in Code::ALL {
            let words = verdict::short(language, code);
            assert!(!words.is_empty() && columns(words) <= 29, "{words}");
            assert!(seen.insert(words), "{words} twice");
        }
    }
}

/// The present-tense clauses are parts of sentences; in Korean they are polite, and in the others
/// they name no protocol.
#[test]
fn what_is_seen_now_stands_in_a_sentence() {
    for language in LANGUAGES {
        for &code in Code::ALL {
            let now = texts(language).seen_now(code, None, None);
            assert!(language != Language::Ko || now.ends_with("니다"), "{now}");
            assert!(!now.ends_with(['.', '。']), "{now}");
            for word in ["TLS", "HTTP", "404", "403", "5xx", "4xx", "robots.txt"] {
                assert!(!now.contains(word), "{language:?} {code}: {now}");
            }
        }
    }
}

/// The state in a subject is a placeable: its words are those of pages and tables, and one mail has
/// one state.
#[test]
fn subjects_name_the_state() {
    for language in LANGUAGES {
        for key in ["one", "several", "vantage", "path"] {
            let subjects = each(language);
            let key = format!("subject-{key}");
            let (.., text) = subjects.iter().find(|(_, k, _)| *k == key).unwrap();
            for gap in ["state", "id"] {
                assert!(text.placeables.contains(gap), "{language:?} {key}");
            }
        }
    }
}

#[test]
fn first_lines_and_notes_end_as_sentences() {
    for language in LANGUAGES {
        let stop = match language {
            Language::Zh => '。',
            Language::En | Language::Ko => '.',
        };
        for (file, key, text) in each(language) {
            let is_one = key.starts_with("weight-") || key.starts_with("note-");
            if file == "letters" && is_one {
                assert!(text.words.ends_with(stop), "{key}: {}", text.words);
            }
        }
    }
}
