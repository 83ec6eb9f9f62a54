//! What discriminators say, in words: one sentence a row.
//!
//! The rows are in `locales/*/evidence.ftl`. No row says who did it: what passes while something else fails is
//! "consistent with" something that acts on the name, and no more.

use crate::model::discriminator::{NotAsked, Said, Step};
use crate::model::ground::Ground;
#[cfg(test)]
use crate::model::incident::BrowserResult;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::vantage::NetworkClass;
use crate::model::{Level, VantageId};

use super::messages::{EVIDENCE, fill, key};
use super::{mail, verdict};

/// Characters of what fills one gap.
const MAX_GAP: usize = 200;

/// One row as a sentence.
#[must_use]
pub fn said(language: Language, said: &Said) -> String {
    let row = EVIDENCE.template(language, &key("said", name_of(said)));
    let mut gaps = gaps(said);
    if let Said::NotAsked { step, why } = said {
        let text = |kind, name| EVIDENCE.text(language, &key(kind, name)).to_owned();
        gaps.push(("step", text("step", name_of_step(*step))));
        gaps.push(("why", text("why", name_of_reason(*why))));
    }
    let plain: Vec<(&str, String)> = gaps.iter().map(|(gap, v)| (*gap, plain(v))).collect();
    let values: Vec<(&str, &str)> = plain.iter().map(|(gap, v)| (*gap, v.as_str())).collect();
    fill(row, &values)
}

/// One row of a finding: what was seen from where, and behind it what discriminators said there. `next` is the level
/// that the probe leads on to, `called` gives a vantage's name.
#[must_use]
pub fn ground(
    language: Language,
    ground: &Ground,
    next: Option<Level>,
    called: impl Fn(&VantageId) -> String,
) -> String {
    match ground {
        Ground::Vantage {
            vantage,
            country,
            network,
            code,
            served,
            said: rows,
            ..
        } => {
            let texts = mail::texts(language);
            let class = NetworkClass::ALL.iter().find(|c| c.as_str() == network);
            let network = class.map_or(network.as_str(), |c| (texts.network)(*c));
            let about: Vec<&str> = [country.as_str(), network]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            let mut who = called(vantage);
            if !about.is_empty() {
                who = texts.marks.remark(&who, &about.join(texts.marks.clause));
            }
            let id = if *served { "vantage-served" } else { "vantage" };
            let what = verdict::short_of(language, *code, next);
            let sentence = EVIDENCE.template(language, id);
            let mut text = fill(sentence, &[("who", &plain(&who)), ("what", what)]);
            for row in rows {
                text.push(' ');
                text.push_str(&said(language, row));
            }
            text
        }
        Ground::Person {
            at,
            browser,
            network,
        } => {
            let sentence = EVIDENCE.template(language, &key("person", browser.as_str()));
            fill(sentence, &[("network", &plain(network)), ("at", &iso(*at))])
        }
    }
}

/// Hostile text as one line: no control characters, and an end. (Who shows it cleans it again.)
fn plain(text: &str) -> String {
    let visible = |c: &char| !c.is_control();
    text.chars().filter(visible).take(MAX_GAP).collect()
}

/// The name of a row in the file.
fn name_of(said: &Said) -> &'static str {
    match said {
        Said::ReferenceAgrees { .. } => "reference-agrees",
        Said::ReferenceDiffers { .. } => "reference-differs",
        Said::ReferenceFails { .. } => "reference-fails",
        Said::ReferenceSilent { .. } => "reference-silent",
        Said::ReferenceForged { .. } => "reference-forged",
        Said::ReferenceVerifies { .. } => "reference-verifies",
        Said::SiteAnswersElsewhere { .. } => "site-answers-elsewhere",
        Said::ResolverDenies { .. } => "resolver-denies",
        Said::ResolverMisleads { .. } => "resolver-misleads",
        Said::NoBetterThere { .. } => "no-better-there",
        Said::ControlFailsAlike { .. } => "control-fails-alike",
        Said::ControlAnswersAlike { .. } => "control-answers-alike",
        Said::ControlPasses { .. } => "control-passes",
        Said::ControlUnclear { .. } => "control-unclear",
        Said::SiteNameFails { .. } => "site-name-fails",
        Said::SitePasses { .. } => "site-passes",
        Said::SiteUnclear { .. } => "site-unclear",
        Said::NotAsked { .. } => "not-asked",
    }
}

fn name_of_step(step: Step) -> &'static str {
    match step {
        Step::Reference => "reference",
        Step::AtReference => "at-reference",
        Step::ControlWatched | Step::ControlNeutral => "control",
        Step::SiteNeutral | Step::SiteWatched => "site",
    }
}

fn name_of_reason(why: NotAsked) -> &'static str {
    match why {
        NotAsked::Silence => "silence",
        NotAsked::NoControl => "no-control",
        NotAsked::NoAddress => "no-address",
        NotAsked::LocalName => "local-name",
        NotAsked::NoReference => "no-reference",
        NotAsked::BackOff => "back-off",
        NotAsked::Robots => "robots",
    }
}

/// What fills the placeables of a row.
fn gaps(said: &Said) -> Vec<(&'static str, String)> {
    let pair = |gap, value: &dyn ToString| (gap, value.to_string());
    match said {
        Said::ReferenceAgrees { resolver } => vec![pair("resolver", resolver)],
        Said::ReferenceDiffers {
            resolver,
            here,
            there,
        } => vec![
            pair("resolver", resolver),
            pair("here", &if here.is_empty() { "-" } else { here }),
            pair("there", there),
        ],
        Said::ReferenceFails { resolver, failure }
        | Said::ReferenceSilent { resolver, failure } => {
            vec![pair("resolver", resolver), pair("failure", failure)]
        }
        Said::ReferenceForged { resolver, answers } => {
            vec![pair("resolver", resolver), pair("answers", answers)]
        }
        Said::ReferenceVerifies { here, there } => {
            vec![pair("here", here), pair("there", there)]
        }
        Said::SiteAnswersElsewhere { there } | Said::NoBetterThere { there } => {
            vec![pair("there", there)]
        }
        Said::ResolverDenies {
            own,
            resolver,
            there,
        } => vec![
            pair("own", own),
            pair("resolver", resolver),
            pair("there", there),
        ],
        Said::ResolverMisleads {
            own,
            here,
            resolver,
            there,
        } => vec![
            pair("own", own),
            pair("here", here),
            pair("resolver", resolver),
            pair("there", there),
        ],
        Said::ControlFailsAlike { control, failure } => {
            vec![pair("control", control), pair("failure", failure)]
        }
        Said::ControlAnswersAlike { control, status } => {
            vec![pair("control", control), pair("status", status)]
        }
        Said::ControlPasses { control } | Said::ControlUnclear { control } => {
            vec![pair("control", control)]
        }
        Said::SiteNameFails { address, failure } => {
            vec![pair("address", address), pair("failure", failure)]
        }
        Said::SitePasses { address } | Said::SiteUnclear { address } => {
            vec![pair("address", address)]
        }
        Said::NotAsked { .. } => Vec::new(),
    }
}

/// Every key of the file.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let rows = tests::all();
    let said = rows.iter().map(|row| key("said", name_of(row)));
    let asked = rows.iter().flat_map(|row| match row {
        Said::NotAsked { step, why } => vec![
            key("step", name_of_step(*step)),
            key("why", name_of_reason(*why)),
        ],
        _ => Vec::new(),
    });
    let people = BrowserResult::ALL
        .iter()
        .map(|browser| key("person", browser.as_str()));
    let others = ["vantage", "vantage-served", "step-at-reference"].map(str::to_owned);
    said.chain(asked).chain(people).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> String {
        t.to_owned()
    }

    pub(super) fn all() -> Vec<Said> {
        let mut all = vec![
            Said::ReferenceAgrees {
                resolver: text("R"),
            },
            Said::ReferenceDiffers {
                resolver: text("R"),
                here: String::new(),
                there: text("T"),
            },
            Said::ReferenceFails {
                resolver: text("R"),
                failure: "f".into(),
            },
            Said::ReferenceSilent {
                resolver: text("R"),
                failure: "f".into(),
            },
            Said::ReferenceForged {
                resolver: text("R"),
                answers: text("F"),
            },
            Said::ReferenceVerifies {
                here: text("H"),
                there: text("T"),
            },
            Said::SiteAnswersElsewhere { there: text("T") },
            Said::ResolverDenies {
                own: text("O"),
                resolver: text("R"),
                there: text("T"),
            },
            Said::ResolverMisleads {
                own: text("O"),
                here: text("H"),
                resolver: text("R"),
                there: text("T"),
            },
            Said::NoBetterThere { there: text("T") },
            Said::ControlFailsAlike {
                control: text("C"),
                failure: "f".into(),
            },
            Said::ControlAnswersAlike {
                control: text("C"),
                status: 403,
            },
            Said::ControlPasses { control: text("C") },
            Said::ControlUnclear { control: text("C") },
            Said::SiteNameFails {
                address: text("A"),
                failure: "f".into(),
            },
            Said::SitePasses { address: text("A") },
            Said::SiteUnclear { address: text("A") },
        ];
        let whys = [
            NotAsked::Silence,
            NotAsked::NoControl,
            NotAsked::NoAddress,
            NotAsked::LocalName,
            NotAsked::NoReference,
            NotAsked::BackOff,
            NotAsked::Robots,
        ];
        for &step in Step::ALL {
            all.extend(whys.map(|why| Said::NotAsked { step, why }));
        }
        all
    }

    #[test]
    fn every_row_is_a_sentence_without_gaps_and_without_a_culprit() {
        for language in [Language::En, Language::Ko, Language::Zh] {
            for row in all() {
                let text = said(language, &row);
                assert!(text.ends_with(['.', '。']), "{text}");
                assert!(!text.contains(['{', '}']), "{text}");
                for word in ["blocked", "censor", "firewall", "government"] {
                    assert!(!text.contains(word), "{text}");
                }
            }
        }
    }

    #[test]
    fn grounds_are_rows_that_name_who_saw_what() {
        let mut seen = Ground::Vantage {
            vantage: "seoul".into(),
            country: "KR".into(),
            network: "campus".into(),
            code: crate::model::Code::TlsReset,
            locus: crate::model::Locus::Network,
            served: false,
            said: vec![Said::ControlPasses { control: text("C") }],
        };
        let words = ground(Language::En, &seen, None, ToString::to_string);
        assert_eq!(
            words,
            "seoul (KR, campus): reset during TLS. Sent to C, which is not the site's, the name passes."
        );
        if let Ground::Vantage { served, said, .. } = &mut seen {
            (*served, *said) = (true, Vec::new());
        }
        for (language, begins) in [
            (Language::En, "seoul (KR, campus)"),
            (Language::Ko, "seoul (KR, 캠퍼스)"),
            (Language::Zh, "seoul（KR，校园网）"),
        ] {
            let words = ground(language, &seen, None, ToString::to_string);
            assert!(words.starts_with(begins), "{words}");
            for browser in [
                BrowserResult::Ok,
                BrowserResult::Refused,
                BrowserResult::Partial,
            ] {
                let person = Ground::Person {
                    at: crate::model::Time::UNIX_EPOCH,
                    browser,
                    network: text("mainland\n"),
                };
                let words = ground(language, &person, None, ToString::to_string);
                assert!(
                    words.contains("mainland") && !words.contains(['{', '\n']),
                    "{words}"
                );
            }
        }
    }

    #[test]
    fn the_way_to_a_full_text_is_called_its_button() {
        let seen = Ground::Vantage {
            vantage: "seoul".into(),
            country: String::new(),
            network: String::new(),
            code: crate::model::Code::ContentWithdrawn,
            locus: crate::model::Locus::Site,
            served: false,
            said: Vec::new(),
        };
        for (language, next, says) in [
            (Language::En, Level::Fulltext, "full-text button not shown"),
            (Language::En, Level::Abstract, "next level not shown"),
            (Language::Ko, Level::Fulltext, "원문 보기 버튼"),
            (Language::Zh, Level::Fulltext, "全文按钮未显示"),
        ] {
            let words = ground(language, &seen, Some(next), ToString::to_string);
            assert!(words.contains(says), "{words}");
        }
    }

    #[test]
    fn what_fills_a_gap_is_cleaned() {
        let row = Said::SitePasses {
            address: "192.0.2.1\u{1b}[31m\nx".to_owned(),
        };
        let text = said(Language::En, &row);
        assert!(!text.contains(['\u{1b}', '\n']), "{text}");
    }
}
