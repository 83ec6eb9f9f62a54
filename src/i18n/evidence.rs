//! The statements of discriminators in words: one sentence per row.
//!
//! The rows are in `locales/*/evidence.ftl`. No row names a culprit: when one request passes and
//! another fails, this is "consistent with" something that acts on the name, and nothing more.

use crate::model::discriminator::{DiscriminatorStep, NotAsked, Statement};
use crate::model::finding_basis::FindingBasis;
#[cfg(test)]
use crate::model::incident::BrowserResult;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::vantage::NetworkClass;
use crate::model::{Level, VantageId};

use super::messages::{EVIDENCE, fill, key};
use super::{mail, verdict};

/// How many characters fill a placeable.
const MAX_GAP: usize = 200;

/// One row as a sentence.
#[must_use]
pub fn said(language: Language, said: &Statement) -> String {
    let row = EVIDENCE.template(language, &key("said", name_of(said)));
    let mut gaps = gaps(said);
    if let Statement::NotAsked { step, why } = said {
        let text = |kind, name| EVIDENCE.text(language, &key(kind, name)).to_owned();
        gaps.push(("step", text("step", name_of_step(*step))));
        gaps.push(("why", text("why", name_of_reason(*why))));
    }
    let plain: Vec<(&str, String)> = gaps.iter().map(|(gap, v)| (*gap, plain(v))).collect();
    let values: Vec<(&str, &str)> = plain.iter().map(|(gap, v)| (*gap, v.as_str())).collect();
    fill(row, &values)
}

/// One row of a finding: what was seen from where, followed by the statements of the discriminators
/// there. `next` is the next level after the probe's, `called` gives a vantage's name.
#[must_use]
pub fn ground(
    language: Language,
    ground: &FindingBasis,
    next: Option<Level>,
    called: impl Fn(&VantageId) -> String,
) -> String {
    match ground {
        FindingBasis::Vantage {
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
            let network = class.map_or(network.as_str(), |c| texts.network(*c));
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
        FindingBasis::Person {
            at,
            browser,
            network,
        } => {
            let sentence = EVIDENCE.template(language, &key("person", browser.as_str()));
            fill(sentence, &[("network", &plain(network)), ("at", &iso(*at))])
        }
    }
}

/// Hostile text as one line: without control characters, and limited in length. (Code that shows it
/// cleans it again.)
fn plain(text: &str) -> String {
    let visible = |c: &char| !c.is_control();
    text.chars().filter(visible).take(MAX_GAP).collect()
}

/// The name of a row in the file.
fn name_of(said: &Statement) -> &'static str {
    match said {
        Statement::ReferenceAgrees { .. } => "reference-agrees",
        Statement::ReferenceDiffers { .. } => "reference-differs",
        Statement::ReferenceFails { .. } => "reference-fails",
        Statement::ReferenceSilent { .. } => "reference-silent",
        Statement::ReferenceForged { .. } => "reference-forged",
        Statement::ReferenceVerifies { .. } => "reference-verifies",
        Statement::SiteAnswersElsewhere { .. } => "site-answers-elsewhere",
        Statement::ResolverDenies { .. } => "resolver-denies",
        Statement::ResolverMisleads { .. } => "resolver-misleads",
        Statement::NoBetterThere { .. } => "no-better-there",
        Statement::ControlFailsAlike { .. } => "control-fails-alike",
        Statement::ControlAnswersAlike { .. } => "control-answers-alike",
        Statement::ControlPasses { .. } => "control-passes",
        Statement::ControlUnclear { .. } => "control-unclear",
        Statement::SiteNameFails { .. } => "site-name-fails",
        Statement::SitePasses { .. } => "site-passes",
        Statement::SiteUnclear { .. } => "site-unclear",
        Statement::NotAsked { .. } => "not-asked",
    }
}

fn name_of_step(step: DiscriminatorStep) -> &'static str {
    match step {
        DiscriminatorStep::Reference => "reference",
        DiscriminatorStep::AtReference => "at-reference",
        DiscriminatorStep::ControlWatched | DiscriminatorStep::ControlNeutral => "control",
        DiscriminatorStep::SiteNeutral | DiscriminatorStep::SiteWatched => "site",
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

/// The values for the placeables of a row.
fn gaps(said: &Statement) -> Vec<(&'static str, String)> {
    let pair = |gap, value: &dyn ToString| (gap, value.to_string());
    match said {
        Statement::ReferenceAgrees { resolver } => vec![pair("resolver", resolver)],
        Statement::ReferenceDiffers {
            resolver,
            here,
            there,
        } => vec![
            pair("resolver", resolver),
            pair("here", &if here.is_empty() { "-" } else { here }),
            pair("there", there),
        ],
        Statement::ReferenceFails { resolver, failure }
        | Statement::ReferenceSilent { resolver, failure } => {
            vec![pair("resolver", resolver), pair("failure", failure)]
        }
        Statement::ReferenceForged { resolver, answers } => {
            vec![pair("resolver", resolver), pair("answers", answers)]
        }
        Statement::ReferenceVerifies { here, there } => {
            vec![pair("here", here), pair("there", there)]
        }
        Statement::SiteAnswersElsewhere { there } | Statement::NoBetterThere { there } => {
            vec![pair("there", there)]
        }
        Statement::ResolverDenies {
            own,
            resolver,
            there,
        } => vec![
            pair("own", own),
            pair("resolver", resolver),
            pair("there", there),
        ],
        Statement::ResolverMisleads {
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
        Statement::ControlFailsAlike { control, failure } => {
            vec![pair("control", control), pair("failure", failure)]
        }
        Statement::ControlAnswersAlike { control, status } => {
            vec![pair("control", control), pair("status", status)]
        }
        Statement::ControlPasses { control } | Statement::ControlUnclear { control } => {
            vec![pair("control", control)]
        }
        Statement::SiteNameFails { address, failure } => {
            vec![pair("address", address), pair("failure", failure)]
        }
        Statement::SitePasses { address } | Statement::SiteUnclear { address } => {
            vec![pair("address", address)]
        }
        Statement::NotAsked { .. } => Vec::new(),
    }
}

/// Every key of the file.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let rows = tests::all();
    let said = rows.iter().map(|row| key("said", name_of(row)));
    let asked = rows.iter().flat_map(|row| match row {
        Statement::NotAsked { step, why } => vec![
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

    pub(super) fn all() -> Vec<Statement> {
        let mut all = vec![
            Statement::ReferenceAgrees {
                resolver: text("R"),
            },
            Statement::ReferenceDiffers {
                resolver: text("R"),
                here: String::new(),
                there: text("T"),
            },
            Statement::ReferenceFails {
                resolver: text("R"),
                failure: "f".into(),
            },
            Statement::ReferenceSilent {
                resolver: text("R"),
                failure: "f".into(),
            },
            Statement::ReferenceForged {
                resolver: text("R"),
                answers: text("F"),
            },
            Statement::ReferenceVerifies {
                here: text("H"),
                there: text("T"),
            },
            Statement::SiteAnswersElsewhere { there: text("T") },
            Statement::ResolverDenies {
                own: text("O"),
                resolver: text("R"),
                there: text("T"),
            },
            Statement::ResolverMisleads {
                own: text("O"),
                here: text("H"),
                resolver: text("R"),
                there: text("T"),
            },
            Statement::NoBetterThere { there: text("T") },
            Statement::ControlFailsAlike {
                control: text("C"),
                failure: "f".into(),
            },
            Statement::ControlAnswersAlike {
                control: text("C"),
                status: 403,
            },
            Statement::ControlPasses { control: text("C") },
            Statement::ControlUnclear { control: text("C") },
            Statement::SiteNameFails {
                address: text("A"),
                failure: "f".into(),
            },
            Statement::SitePasses { address: text("A") },
            Statement::SiteUnclear { address: text("A") },
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
        for &step in DiscriminatorStep::ALL {
            all.extend(whys.map(|why| Statement::NotAsked { step, why }));
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
        let mut seen = FindingBasis::Vantage {
            vantage: "seoul".into(),
            country: "KR".into(),
            network: "campus".into(),
            code: crate::model::Code::TlsReset,
            locus: crate::model::Locus::Network,
            served: false,
            said: vec![Statement::ControlPasses { control: text("C") }],
        };
        let words = ground(Language::En, &seen, None, ToString::to_string);
        assert_eq!(
            words,
            "seoul (KR, campus): reset during TLS. Sent to C, which is not the site's, the name passes."
        );
        if let FindingBasis::Vantage { served, said, .. } = &mut seen {
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
                let person = FindingBasis::Person {
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
        let seen = FindingBasis::Vantage {
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
        let row = Statement::SitePasses {
            address: "192.0.2.1\u{1b}[31m\nx".to_owned(),
        };
        let text = said(Language::En, &row);
        assert!(!text.contains(['\u{1b}', '\n']), "{text}");
    }
}
