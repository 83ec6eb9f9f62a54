//! A walk over every key in every language: each sentence is there, ends as one, is written in the script of
//! its language, keeps to the glossary, and accuses nobody.

use std::collections::BTreeSet;

use super::verdict;
use crate::model::rule::Saying;
use crate::model::settings::Language;
use crate::model::{Code, Finding, Level};

const LANGUAGES: [Language; 3] = [Language::En, Language::Ko, Language::Zh];

/// Words that say more than was seen. `dns.forged` and the pages that name their reason do without them too.
const ACCUSING: [&str; 12] = [
    "block",
    "censor",
    "ban ",
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

/// What the glossary calls the matter of a code, in Korean and in Chinese.
#[rustfmt::skip] // a table, one row a line
const GLOSSARY: &[(Code, &str, &str)] = &[
    (Code::ContentMoved, "주소 변경", "网址变更"),
    (Code::ContentStale, "데이터 미갱신", "数据未更新"),
    (Code::ContentNulls, "결측값", "空值"),
    (Code::ContentEmpty, "빈 데이터셋", "空数据集"),
    (Code::ContentRedirectedHome, "리디렉션", "被重定向"),
    (Code::HttpNoReply, "무응답", "无响应"),
    (Code::HttpReset, "재설정", "连接被重置"),
    (Code::HttpTimeout, "시간 초과", "超时"),
    (Code::HttpRedirectLoop, "리디렉션", "重定向"),
    (Code::SiteChallenge, "보안 인증", "安全验证"),
    (Code::SiteEdition, "해외판", "海外版"),
    (Code::SiteGeoBlock, "지역 제한", "地域限制"),
    (Code::SiteIcp, "ICP 등록", "ICP备案"),
    (Code::SiteLogin, "로그인", "登录"),
    (Code::SiteMaintenance, "시스템 점검", "系统维护"),
    (Code::SiteNotEntitled, "기관", "机构"),
    (Code::SitePaywall, "구독", "订阅"),
    (Code::SitePhone, "중국 본토 휴대전화 인증", "大陆手机号"),
    (Code::SitePhone, "실명 인증", "实名认证"),
    (Code::SiteRateLimited, "접속 빈도 제한", "访问过于频繁"),
    (Code::SiteWafBlock, "웹 방화벽", "Web应用防火墙"),
    (Code::TcpReset, "재설정", "被重置"),
    (Code::TcpTimeout, "연결 시간 초과", "连接超时"),
    (Code::TlsExpired, "인증서 오류", "证书错误"),
    (Code::TlsInvalid, "인증서 오류", "证书错误"),
    (Code::TlsReset, "재설정", "连接被重置"),
    (Code::TlsTimeout, "시간 초과", "超时"),
    (Code::TlsUntrusted, "인증서 오류", "证书错误"),
    (Code::TlsWrongHost, "인증서 오류", "证书错误"),
    (Code::DnsNxdomain, "DNS 조회 실패", "域名解析失败"),
    (Code::DnsTimeout, "DNS 조회 실패", "域名解析失败"),
    (Code::VantageOffline, "관측 지점", "观测点"),
];

/// The same for findings.
#[rustfmt::skip] // a table, one row a line
const GLOSSARY_OF_FINDINGS: &[(Finding, &str, &str)] = &[
    (Finding::Accessible, "접속 가능", "可访问"),
    (Finding::GeoRestricted, "지역 제한", "地域限制"),
    (Finding::AccessControl, "구독", "订阅"),
    (Finding::Maintenance, "시스템 점검", "系统维护"),
    (Finding::Rot, "깨진 링크", "链接失效"),
    (Finding::Outage, "중국 본토 내", "境内"),
    (Finding::Outage, "접속 불가", "无法访问"),
    (Finding::Unreachable, "관측 지점", "观测点"),
];

fn has_hangul(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '가'..='힣'))
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
}

/// In the script of its language, without the other one's, clean at both ends.
pub(super) fn in_script(language: Language, text: &str) {
    let (hangul, han) = (has_hangul(text), has_han(text));
    let fits = match language {
        Language::En => !hangul && !han && !text.contains(['，', '。', '：']),
        Language::Ko => hangul && !han && !text.contains(['，', '。', '：']),
        Language::Zh => han && !hangul && !text.contains(", ") && !text.ends_with('.'),
    };
    assert!(fits, "{language:?}: {text}");
    assert!(!text.contains("  ") && text.trim() == text, "{text}");
}

pub(super) fn is_neutral(text: &str) {
    let low = text.to_lowercase();
    for word in ACCUSING {
        assert!(!low.contains(word), "{word}: {text}");
    }
}

/// A whole sentence.
pub(super) fn sentence(language: Language, text: &str) {
    in_script(language, text);
    is_neutral(text);
    let ends = match language {
        Language::En => text.ends_with(['.', '?']),
        Language::Ko => is_polite(text),
        Language::Zh => text.ends_with(['。', '？']),
    };
    assert!(ends, "{text}");
    assert!(!text.contains('{') && !text.contains(".."), "{text}");
}

/// The polite style (합니다체); a remark in parentheses may stand before the stop.
fn is_polite(text: &str) -> bool {
    let said = match (text.strip_suffix(").").is_some(), text.rfind('(')) {
        (true, Some(open)) => format!("{}.", &text[..open]),
        _ => text.to_owned(),
    };
    ["니다.", "니까?", "십시오."]
        .iter()
        .any(|end| said.ends_with(end))
}

/// Every sentence of verdicts: what it belongs to, and the sentence.
fn sentences(language: Language) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let words = Code::ALL
        .iter()
        .map(|&code| (code.as_str(), verdict::code(language, code)))
        .chain(
            Finding::ALL
                .iter()
                .map(|&f| (f.as_str(), verdict::finding(language, f))),
        );
    for (key, words) in words {
        assert!(!words.not_shown.is_empty(), "{key} leaves nothing open");
        all.push((key.to_owned(), words.says.to_owned()));
        all.push((
            format!("{key}, not shown"),
            verdict::not_shown(language, words),
        ));
    }
    for &said in Saying::ALL {
        let text = verdict::sentence(language, said, Code::ContentWithdrawn);
        all.push((format!("{said:?}"), text));
    }
    all
}

#[test]
fn every_key_has_a_sentence_in_every_language() {
    let english = sentences(Language::En);
    assert_eq!(
        english.len(),
        2 * (Code::ALL.len() + Finding::ALL.len()) + Saying::ALL.len()
    );
    for language in LANGUAGES {
        for ((key, text), (_, english)) in sentences(language).iter().zip(&english) {
            sentence(language, text);
            assert!(
                language == Language::En || text != english,
                "{key} is in English"
            );
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
fn sentences_keep_to_the_glossary() {
    let holds = |ko: &str, zh: &str, says: &dyn Fn(Language) -> &'static str| {
        assert!(
            says(Language::Ko).contains(ko),
            "{ko}: {}",
            says(Language::Ko)
        );
        assert!(
            says(Language::Zh).contains(zh),
            "{zh}: {}",
            says(Language::Zh)
        );
    };
    for &(code, ko, zh) in GLOSSARY {
        holds(ko, zh, &|language| verdict::code(language, code).says);
    }
    for &(finding, ko, zh) in GLOSSARY_OF_FINDINGS {
        holds(ko, zh, &|language| verdict::finding(language, finding).says);
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

/// Columns of a terminal, near enough: what is not Latin is two wide.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| if c < '\u{1100}' { 1 } else { 2 })
        .sum()
}

#[test]
fn short_words_fit_a_cell_and_are_told_apart() {
    for language in LANGUAGES {
        let mut seen = BTreeSet::new();
        for &code in Code::ALL {
            let words = verdict::short(language, code);
            assert!(!words.is_empty() && columns(words) <= 29, "{words}");
            assert!(seen.insert(words), "{words} twice");
            is_neutral(words);
            let foreign = match language {
                Language::En => has_han(words) || has_hangul(words),
                Language::Ko => !has_hangul(words) || has_han(words),
                Language::Zh => !has_han(words) || has_hangul(words),
            };
            assert!(!foreign, "{words}");
        }
    }
}
