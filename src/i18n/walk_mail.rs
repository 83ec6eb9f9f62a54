//! A walk over every text of mails in every language: written in its script, with the gaps of the English one,
//! neutral, and by the glossary.

use std::collections::BTreeSet;

use super::mail::{CatalogueNote, Question, Texts, Weight, texts};
use super::walk::{in_script, is_neutral, sentence};
use crate::model::event::EventKind;
use crate::model::expect::ExpectKey;
use crate::model::settings::Language;
use crate::model::state::State;
use crate::model::timeline::TimelineKind;
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Finding, Level};

const LANGUAGES: [Language; 3] = [Language::En, Language::Ko, Language::Zh];

const LEVELS: [Level; 6] = [
    Level::Home,
    Level::Search,
    Level::Abstract,
    Level::Fulltext,
    Level::Data,
    Level::Api,
];

const KINDS: [EventKind; 15] = [
    EventKind::FirstSeen,
    EventKind::Changed,
    EventKind::Opened,
    EventKind::Joined,
    EventKind::Left,
    EventKind::Ended,
    EventKind::Improved,
    EventKind::Restored,
    EventKind::NotConfirmed,
    EventKind::Flapping,
    EventKind::Steady,
    EventKind::Blind,
    EventKind::Accepted,
    EventKind::Observed,
    EventKind::ControlFault,
];

/// Written alike everywhere.
const INTERNATIONAL: [&str; 2] = ["URL", "VPN"];

/// What the glossary calls a thing, in Korean and in Chinese, and where that must be said.
type Term = (fn(&Texts) -> &'static str, &'static str, &'static str);

#[rustfmt::skip] // a table, one row a line
const GLOSSARY: &[Term] = &[
    (|t| (t.level)(Level::Fulltext), "원문", "全文"),
    (|t| (t.level)(Level::Abstract), "초록", "摘要"),
    (|t| (t.seen)(Code::ContentWithdrawn), "원문 보기 버튼이 보이지 않", "全文按钮未显示"),
    (|t| (t.seen)(Code::ContentNulls), "비어 있거나", "空值"),
    (|t| (t.seen)(Code::SiteChallenge), "보안 인증", "安全验证"),
    (|t| (t.seen)(Code::SiteGeoBlock), "지역 제한", "地域限制"),
    (|t| (t.seen)(Code::SiteIcp), "ICP 등록", "ICP备案"),
    (|t| (t.seen)(Code::SiteMaintenance), "시스템 점검", "系统维护"),
    (|t| (t.seen)(Code::SitePhone), "중국 본토 휴대전화 인증", "大陆手机号"),
    (|t| (t.seen)(Code::SitePhone), "실명 인증", "实名认证"),
    (|t| (t.seen)(Code::SitePaywall), "구독", "订阅"),
    (|t| (t.seen)(Code::SiteWafBlock), "웹 방화벽", "Web应用防火墙"),
    (|t| (t.seen)(Code::TcpReset), "재설정", "连接被重置"),
    (|t| (t.seen)(Code::TlsInvalid), "인증서", "证书"),
    (|t| (t.seen)(Code::DnsNxdomain), "DNS", "域名解析"),
    (|t| (t.finding)(Finding::Unreachable), "접속 불가", "无法访问"),
    (|t| (t.not_shown)(Finding::Unreachable), "해외", "境外"),
    (|t| t.label.vantage, "관측 지점", "观测点"),
    (|t| t.label.probe, "점검", "探测"),
    (|t| t.subject.again, "다시 접속 가능", "恢复访问"),
    (|t| (t.state)(State::Less), "일부 제한", "部分受限"),
    (|t| (t.state)(State::Closed), "접속 불가", "无法访问"),
    (|t| (t.state)(State::Unknown), "확인 불가", "尚不得而知"),
    (|t| t.subject.own_end, "관측 지점 오프라인", "观测点离线"),
    (|t| t.say.improved_baseline, "기준선", "基线"),
    (|t| (t.happened)(EventKind::NotConfirmed), "확인", "单次观测"),
];

/// Every text, with its key.
fn all(language: Language) -> Vec<(String, &'static str)> {
    let t = texts(language);
    let mut all = Vec::new();
    let mut add = |table: &str, rows: Vec<(&'static str, &'static str)>| {
        all.extend(
            rows.into_iter()
                .map(|(key, text)| (format!("{table}.{key}"), text)),
        );
    };
    add("subject", t.subject.each());
    add("lead", t.lead.each());
    add("label", t.label.each());
    add("heading", t.heading.each());
    add("say", t.say.each());
    add("remark", t.remark.each());
    add("control", t.control.each());
    add("answer", t.answer.each());
    let states = State::ALL.iter();
    add(
        "state",
        states.map(|s| (s.as_str(), (t.state)(*s))).collect(),
    );
    let weights = Weight::ALL.iter();
    add("weight", weights.map(|w| ("", (t.weight)(*w))).collect());
    let notes = CatalogueNote::ALL.iter();
    add("note", notes.map(|n| ("", (t.note)(*n))).collect());
    let known = TimelineKind::ALL.iter();
    add(
        "known",
        known.map(|(word, k)| (*word, (t.known)(*k))).collect(),
    );
    let expected = ExpectKey::ALL.iter();
    add(
        "expected",
        expected.map(|e| ("", (t.expected)(*e))).collect(),
    );
    add("happened", KINDS.map(|k| ("", (t.happened)(k))).to_vec());
    add("level", LEVELS.map(|l| (l.as_str(), (t.level)(l))).to_vec());
    let networks = NetworkClass::ALL.iter();
    add(
        "network",
        networks.map(|n| (n.as_str(), (t.network)(*n))).collect(),
    );
    let codes = Code::ALL.iter();
    add("seen", codes.map(|c| (c.as_str(), (t.seen)(*c))).collect());
    let findings = || Finding::ALL.iter();
    add(
        "finding",
        findings().map(|f| (f.as_str(), (t.finding)(*f))).collect(),
    );
    add(
        "not_shown",
        findings()
            .map(|f| (f.as_str(), (t.not_shown)(*f)))
            .collect(),
    );
    add(
        "look",
        Question::ALL.iter().map(|q| ("", (t.look)(*q))).collect(),
    );
    all
}

/// The names of a template's gaps.
fn gaps(template: &str) -> BTreeSet<&str> {
    let inner = template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    inner
        .map(|gap| gap.split('|').next().unwrap_or(gap))
        .collect()
}

/// The text with a number for each gap, command and key.
fn own_words(template: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    let mut code = false;
    for c in template.chars() {
        match c {
            '{' => {
                depth += 1;
                out.push('1');
            }
            '}' => depth -= 1,
            '`' => {
                code = !code;
                out.push('1');
            }
            _ if depth == 0 && !code => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn every_text_is_in_its_language_with_the_same_gaps() {
    let english = all(Language::En);
    for language in LANGUAGES {
        let own = all(language);
        assert_eq!(own.len(), english.len());
        for ((key, text), (_, en)) in own.iter().zip(&english) {
            // Chinese sentences follow each other without a space.
            assert!(!text.is_empty() || key == "say.stop", "{key}");
            assert_eq!(gaps(text), gaps(en), "{language:?} {key}: {text}");
            let words = own_words(text);
            let says_nothing = !words.chars().any(char::is_alphabetic);
            if says_nothing || INTERNATIONAL.contains(text) || *text == " and " {
                continue;
            }
            in_script(language, words.trim());
            assert!(
                language == Language::En || text != en,
                "{key} is in English"
            );
        }
    }
}

#[test]
fn texts_are_neutral_and_by_the_glossary() {
    for language in LANGUAGES {
        for (_, text) in all(language) {
            is_neutral(text);
        }
    }
    for (text, ko, zh) in GLOSSARY {
        for (language, term) in [(Language::Ko, ko), (Language::Zh, zh)] {
            let text = text(texts(language));
            assert!(text.contains(term), "{term}: {text}");
        }
    }
}

#[test]
fn what_is_not_shown_and_what_to_look_at_are_sentences() {
    for language in LANGUAGES {
        let t = texts(language);
        for &finding in Finding::ALL {
            sentence(language, (t.not_shown)(finding));
        }
        for &question in Question::ALL {
            sentence(language, (t.look)(question));
        }
        for text in [t.say.blind_note, t.say.letter_note, t.say.not_counted] {
            sentence(language, text);
        }
    }
}

/// What is told as a sentence is a polite one, and the clauses it is made of stand alone in a list.
#[test]
fn korean_clauses_become_sentences() {
    let t = texts(Language::Ko);
    let clauses = Code::ALL.iter().map(|c| (t.seen)(*c)).chain([
        t.say.next_level,
        t.say.unproven_level,
        t.say.not_within,
    ]);
    for clause in clauses {
        let told = (t.tells)(Code::Ok, clause);
        assert!(told.ends_with("니다"), "{told}");
    }
}

/// The state that a subject names is a gap: the words are those of pages and tables, and one letter says one.
#[test]
fn subjects_name_the_state() {
    for language in LANGUAGES {
        let subject = &texts(language).subject;
        for template in [subject.one, subject.several, subject.vantage, subject.path] {
            assert!(template.contains("{state}"), "{template}");
            assert!(template.contains("{id}"), "{template}");
        }
    }
}

/// First lines are sentences, how serious it is first, and above the technician's line there is no jargon.
#[test]
fn first_lines_are_sentences_without_jargon() {
    for language in LANGUAGES {
        let t = texts(language);
        let stop = match language {
            Language::Zh => '。',
            Language::En | Language::Ko => '.',
        };
        let weights = Weight::ALL.iter().map(|w| (t.weight)(*w));
        let notes = CatalogueNote::ALL.iter().map(|n| (t.note)(*n));
        for text in weights.chain(notes) {
            assert!(text.ends_with(stop), "{text}");
        }
        for &code in Code::ALL {
            let told = (t.tells)(code, (t.seen)(code));
            for word in ["TLS", "HTTP", "404", "403", "5xx", "4xx", "robots.txt"] {
                assert!(!told.contains(word), "{language:?} {code}: {told}");
            }
        }
    }
}
