//! The cause that a replacing page states, found by concepts instead of sentences.
//!
//! This applies only to a page that was already judged to be replaced: a missing word costs a name
//! and never an alarm, and a superfluous word gives a wrong name and never an alarm. Words of five
//! languages, folded into one spelling ([`fold`]), form concepts ([`lexicon`]): places abroad,
//! refusals, phones, demands. A cause ([`causes`]) is a combination of concepts within one
//! sentence. The clearest cause wins, in the order of the table of rules. Codes without an
//! immediate mail need words that state them.

mod causes;
mod fold;
mod lexicon;
#[cfg(test)]
mod tests;

use crate::model::Code;
use crate::text::sentences::sentences;
use crate::text::{clean, title};
use causes::{CAUSES, Cause, ConceptScope};
use lexicon::Concept;

/// A longer page is more than a notice: only its title, headings and alerts are read. Counted as in
/// [`weight`]: about 700 East Asian characters, or 2,100 letters.
const MAX_WEIGHT: usize = 2_100;
/// How many texts of one page are read.
const MAX_UNITS: usize = 200;
/// How many characters of the phrase are quoted.
const MAX_PHRASE: usize = 200;
/// How many values of a JSON answer are read.
const MAX_VALUES: usize = 64;
/// How deep a JSON answer is read.
const MAX_DEPTH: usize = 5;

/// The texts of a page.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageTexts<'a> {
    pub title: Option<&'a str>,
    pub headings: &'a [String],
    /// The visible text, in NFKC.
    pub text: &'a str,
    /// The messages of scripts on the page (and on those that led to it): `alert("…")`.
    pub alerts: &'a [String],
    /// The answer, if it is JSON.
    pub json: Option<&'a serde_json::Value>,
    /// The page has a password field.
    pub asks_password: bool,
    /// The final address, if it differs from the requested one.
    pub led_to: Option<&'a str>,
}

/// A cause that a page states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub code: Code,
    /// The words that state it, safe to display.
    pub phrase: String,
    /// The words say no more than the status of a refusal: "forbidden", "no permission".
    pub bare: bool,
}

/// One text, and its folded form.
struct Unit {
    shown: String,
    folded: String,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A title, or a part of one.
    Title,
    /// A sentence.
    Sentence,
}

/// The cause that a page states, if any.
#[must_use]
pub fn name(texts: &PageTexts<'_>) -> Option<Named> {
    let mut units = Vec::new();
    if let Some(title) = texts.title {
        push(&mut units, title, Place::Title);
        let parts = title::parts(title);
        if parts.len() > 1 {
            for part in parts {
                push(&mut units, part, Place::Title);
            }
        }
    }
    for text in texts.headings.iter().chain(texts.alerts) {
        push_sentences(&mut units, text);
    }
    let mut whole = String::new();
    if let Some(json) = texts.json {
        let mut said = Vec::new();
        values(json, "", 0, &mut said);
        for text in &said {
            push_sentences(&mut units, text);
        }
        whole = fold::text(&said.join(" "));
    } else if weight(texts.text) <= MAX_WEIGHT {
        push_sentences(&mut units, texts.text);
        whole = fold::text(texts.text);
    }
    if whole.is_empty() {
        let folded: Vec<&str> = units.iter().map(|unit| unit.folded.as_str()).collect();
        whole = folded.join(" ");
    }
    if is_no_notice(&units, &whole) {
        return None;
    }
    let found = CAUSES
        .iter()
        .filter(|cause| !(cause.of_pages && texts.json.is_some()))
        .find_map(|cause| find(cause, &units, &whole));
    found
        .or_else(|| of_address(texts.led_to?))
        .or_else(|| texts.asks_password.then(|| of_field(&units)))
}

/// The server's own pages, broken programs and articles state no cause, whatever their words.
fn is_no_notice(units: &[Unit], whole: &str) -> bool {
    let concepts = [Concept::Server, Concept::Reporting];
    concepts.iter().any(|concept| {
        lexicon::is_in(*concept, whole)
            || units
                .iter()
                .any(|unit| lexicon::is_in(*concept, &unit.folded))
    })
}

fn find(cause: &Cause, units: &[Unit], whole: &str) -> Option<Named> {
    if cause.is_ruled_out(whole) {
        return None;
    }
    let named = |shown: &str| Named {
        code: cause.code,
        phrase: clean::line(shown, MAX_PHRASE),
        bare: cause.bare,
    };
    let says = |unit: &&Unit| match cause.reach {
        ConceptScope::Title => unit.place == Place::Title && cause.holds(&unit.folded),
        ConceptScope::Sentence | ConceptScope::Pair => cause.holds(&unit.folded),
        ConceptScope::Page => false,
    };
    if let Some(unit) = units.iter().find(says) {
        return Some(named(&unit.shown));
    }
    match cause.reach {
        ConceptScope::Page => cause.all_in(whole).then(|| {
            let shown: Vec<&str> = units.iter().map(|unit| unit.shown.as_str()).collect();
            named(&shown.join(" "))
        }),
        ConceptScope::Pair => units.windows(2).find_map(|pair| {
            let joined = format!("{} {}", pair[0].folded, pair[1].folded);
            let shown = format!("{} {}", pair[0].shown, pair[1].shown);
            cause.holds(&joined).then(|| named(&shown))
        }),
        ConceptScope::Title | ConceptScope::Sentence => None,
    }
}

/// A page with a password field asks for a login, whatever else it says.
fn of_field(units: &[Unit]) -> Named {
    let said: Vec<&str> = units.iter().map(|unit| unit.shown.as_str()).collect();
    Named {
        code: Code::SiteLogin,
        phrase: clean::line(&said.join(" "), MAX_PHRASE),
        bare: false,
    }
}

/// The cause in the name of an address: `/login.aspx`.
fn of_address(address: &str) -> Option<Named> {
    let url = url::Url::parse(address).ok()?;
    // The query may contain anything: `/search?q=login`.
    let path = format!("{}{}", url.host_str().unwrap_or_default(), url.path());
    let concepts = [
        (Concept::AddressOfLogin, Code::SiteLogin),
        (Concept::AddressOfCheck, Code::SiteChallenge),
        (Concept::AddressOfMissing, Code::ContentSoft404),
    ];
    let (_, code) = concepts
        .into_iter()
        .find(|(concept, _)| lexicon::is_in(*concept, &path.to_lowercase()))?;
    Some(Named {
        code,
        phrase: clean::line(address, MAX_PHRASE),
        bare: false,
    })
}

/// The size of a text: an East Asian character counts as three letters.
fn weight(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 3 }).sum()
}

fn push(units: &mut Vec<Unit>, text: &str, place: Place) {
    let text = text.trim();
    if units.len() < MAX_UNITS && !text.is_empty() {
        let text = crate::text::normalise::for_matching(text);
        units.push(Unit {
            folded: fold::text(&text),
            shown: text,
            place,
        });
    }
}

fn push_sentences(units: &mut Vec<Unit>, text: &str) {
    for sentence in sentences(text) {
        push(units, sentence, Place::Sentence);
    }
}

/// The texts of a JSON answer: its strings, the keys of true values, and the words for error
/// numbers.
fn values(json: &serde_json::Value, key: &str, depth: usize, said: &mut Vec<String>) {
    use serde_json::Value;
    if said.len() >= MAX_VALUES || depth > MAX_DEPTH {
        return;
    }
    match json {
        Value::String(text) => {
            let short: String = text.chars().take(300).collect();
            said.push(match number(key, &short) {
                Some(words) => words.to_owned(),
                None if is_address(&short) => words_of_address(&short),
                None => short,
            });
        }
        Value::Bool(true) => said.push(words(key)),
        Value::Number(n) => said.extend(number(key, &n.to_string()).map(str::to_owned)),
        Value::Array(list) => {
            for value in list.iter().take(MAX_VALUES) {
                values(value, key, depth + 1, said);
            }
        }
        Value::Object(map) => {
            for (key, value) in map.iter().take(MAX_VALUES) {
                values(value, key, depth + 1, said);
            }
        }
        Value::Null | Value::Bool(false) => {}
    }
}

/// The meaning of an error number; programs for the web use HTTP statuses.
fn number(key: &str, value: &str) -> Option<&'static str> {
    let key = key.to_ascii_lowercase();
    if !["code", "status", "errcode", "error", "returncode"].contains(&key.as_str()) {
        return None;
    }
    Some(match value {
        "401" => "not logged in",
        "404" => "not found",
        "429" => "too many requests",
        "451" => "unavailable for legal reasons",
        _ => return None,
    })
}

fn is_address(text: &str) -> bool {
    text.starts_with(['/', '.']) || text.starts_with("http://") || text.starts_with("https://")
}

/// `/login?from=…` asks for a login.
fn words_of_address(text: &str) -> String {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let asks = lexicon::is_in(Concept::AddressOfLogin, &path.to_lowercase());
    if asks { "please log in" } else { "" }.to_owned()
}

/// `need_verify` and `needVerify` as words.
fn words(key: &str) -> String {
    let mut out = String::new();
    for c in key.chars().take(60) {
        if c == '_' || c == '-' {
            out.push(' ');
            continue;
        }
        if c.is_ascii_uppercase() && !out.ends_with(|last: char| last.is_ascii_uppercase()) {
            out.push(' ');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
