//! What discriminators say, in words: one sentence a row.
//!
//! A language is a [`Table`], so that one that lacks a row does not compile. Gaps are named, `{there}`, because
//! languages order them differently. No row says who did it: what passes beside what fails is "consistent with"
//! something that acts on the name, and no more.

use crate::model::discriminator::{NotAsked, Said, Step};
use crate::model::ground::Ground;
use crate::model::incident::BrowserResult;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::vantage::NetworkClass;
use crate::model::{Level, VantageId};

use super::{en, ko, mail, verdict, zh};

/// Characters of what fills one gap.
const MAX_GAP: usize = 200;

/// One language's rows.
pub(super) struct Table {
    pub row: fn(&Said) -> &'static str,
    pub step: fn(Step) -> &'static str,
    pub why: fn(NotAsked) -> &'static str,
    /// `{who}`, `{what}`.
    pub vantage: &'static str,
    /// The same, when that is normal there.
    pub served: &'static str,
    /// `{network}`, `{at}`.
    pub person: fn(BrowserResult) -> &'static str,
}

fn table(language: Language) -> &'static Table {
    match language {
        Language::En => &en::evidence::TABLE,
        Language::Ko => &ko::evidence::TABLE,
        Language::Zh => &zh::evidence::TABLE,
    }
}

/// One row as a sentence.
#[must_use]
pub fn said(language: Language, said: &Said) -> String {
    let table = table(language);
    let mut text = (table.row)(said).to_owned();
    for (gap, value) in gaps(said) {
        text = text.replace(gap, &plain(&value));
    }
    if let Said::NotAsked { step, why } = said {
        text = text
            .replace("{step}", (table.step)(*step))
            .replace("{why}", (table.why)(*why));
    }
    text
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
    let table = table(language);
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
            let sentence = if *served { table.served } else { table.vantage };
            let mut text = sentence
                .replace("{who}", &plain(&who))
                .replace("{what}", verdict::short_of(language, *code, next));
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
        } => (table.person)(*browser)
            .replace("{network}", &plain(network))
            .replace("{at}", &iso(*at)),
    }
}

/// Hostile text as one line: no control characters, and an end. (Who shows it cleans it again.)
fn plain(text: &str) -> String {
    let visible = |c: &char| !c.is_control();
    text.chars().filter(visible).take(MAX_GAP).collect()
}

/// What fills the gaps of a row.
fn gaps(said: &Said) -> Vec<(&'static str, String)> {
    let pair = |gap, value: &dyn ToString| (gap, value.to_string());
    match said {
        Said::ReferenceAgrees { resolver } => vec![pair("{resolver}", resolver)],
        Said::ReferenceDiffers {
            resolver,
            here,
            there,
        } => vec![
            pair("{resolver}", resolver),
            pair("{here}", &if here.is_empty() { "-" } else { here }),
            pair("{there}", there),
        ],
        Said::ReferenceFails { resolver, failure }
        | Said::ReferenceSilent { resolver, failure } => {
            vec![pair("{resolver}", resolver), pair("{failure}", failure)]
        }
        Said::ReferenceForged { resolver, answers } => {
            vec![pair("{resolver}", resolver), pair("{answers}", answers)]
        }
        Said::ReferenceVerifies { here, there } => {
            vec![pair("{here}", here), pair("{there}", there)]
        }
        Said::SiteAnswersElsewhere { there } | Said::NoBetterThere { there } => {
            vec![pair("{there}", there)]
        }
        Said::ResolverDenies {
            own,
            resolver,
            there,
        } => vec![
            pair("{own}", own),
            pair("{resolver}", resolver),
            pair("{there}", there),
        ],
        Said::ResolverMisleads {
            own,
            here,
            resolver,
            there,
        } => vec![
            pair("{own}", own),
            pair("{here}", here),
            pair("{resolver}", resolver),
            pair("{there}", there),
        ],
        Said::ControlFailsAlike { control, failure } => {
            vec![pair("{control}", control), pair("{failure}", failure)]
        }
        Said::ControlAnswersAlike { control, status } => {
            vec![pair("{control}", control), pair("{status}", status)]
        }
        Said::ControlPasses { control } | Said::ControlUnclear { control } => {
            vec![pair("{control}", control)]
        }
        Said::SiteNameFails { address, failure } => {
            vec![pair("{address}", address), pair("{failure}", failure)]
        }
        Said::SitePasses { address } | Said::SiteUnclear { address } => {
            vec![pair("{address}", address)]
        }
        Said::NotAsked { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> String {
        t.to_owned()
    }

    fn all() -> Vec<Said> {
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
