//! Tests of every file in `locales/`: it parses completely, the languages have the same messages
//! with the same placeables, and each message is used and translated. `style` tests the wording.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};
use fluent_syntax::parser::parse;

use super::messages::{COUNTRIES, FILES, Messages, PROBES};
use super::{
    dates, evidence, facts, mail, mail_words, names, pack, pages, repair, report, tables, verdict,
};
use crate::model::settings::Language;

pub(super) const LANGUAGES: [Language; 3] = [Language::En, Language::Ko, Language::Zh];

/// The same in every language: names, and texts that consist of a name.
const ALIKE: &[(&str, &str)] = &[
    ("facts", "fact-look-up"),
    ("words", "network-vpn"),
    ("zones", "zone-utc"),
];

/// The keys of a file that the program uses.
fn used(file: &str) -> Vec<String> {
    match file {
        "verdicts" => verdict::keys(),
        "evidence" => evidence::keys(),
        "facts" => facts::keys(),
        "words" => mail_words::keys(),
        "letters" => mail::keys(),
        "zones" => dates::keys(),
        // The names themselves are in the probes' files: tests/it/config/shipped.rs looks for each.
        "probes" => own_keys("probes", &PROBES),
        "pack" => pack::keys(),
        "pages" => pages::keys(),
        "repair" => repair::keys(),
        "report" => report::keys(),
        // Looked up by the codes that operators state.
        "countries" => own_keys("countries", &COUNTRIES),
        other => panic!("{other}.ftl: nobody says which keys are used"),
    }
}

/// Whether a text is the same in every language.
pub(super) fn is_alike(file: &str, key: &str) -> bool {
    ALIKE.contains(&(file, key))
}

/// Keys that follow from the English names, or from outside.
fn own_keys(file: &str, messages: &'static Messages) -> Vec<String> {
    let english = texts(file, messages.source(Language::En));
    match file {
        "probes" => english
            .into_values()
            .map(|name| names::key_of(&name.words))
            .collect(),
        _ => english.into_keys().collect(),
    }
}

/// One text: its words, and the names of its placeables.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Text {
    /// The words, with `1` for each placeable; `/` follows each variant of a selector.
    pub words: String,
    pub placeables: BTreeSet<String>,
}

impl Text {
    /// The words without text in backticks: commands and keys are the same in every language.
    pub fn own_words(&self) -> String {
        self.words
            .split('`')
            .step_by(2)
            .collect::<Vec<_>>()
            .join("1")
    }

    /// Whether it has more than marks and placeables.
    pub fn says_something(&self) -> bool {
        self.own_words().chars().any(char::is_alphabetic)
    }

    fn new(pattern: &Pattern<&str>) -> Self {
        let mut text = Self::default();
        text.read(pattern);
        text
    }

    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.words.push_str(value),
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                if let InlineExpression::VariableReference { id } = selector {
                    self.placeables.insert(id.name.to_owned());
                }
                for variant in variants {
                    self.read(&variant.value);
                    self.words.push('/');
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::StringLiteral { value } => self.words.push_str(value),
            InlineExpression::VariableReference { id } => {
                self.placeables.insert(id.name.to_owned());
                self.words.push('1');
            }
            // The referenced message itself is checked separately.
            InlineExpression::MessageReference { .. } => self.words.push('1'),
            InlineExpression::FunctionReference {
                arguments: CallArguments { positional, .. },
                ..
            } => positional.iter().for_each(|one| self.inline(one)),
            other => panic!("not used in these files: {other:?}"),
        }
    }
}

/// Every text of a file, by `id` or `id.attribute`. Fails for a file that does not parse completely
/// or has a duplicate key.
fn texts(name: &str, source: &str) -> BTreeMap<String, Text> {
    let resource = parse(source).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
    let mut all = BTreeMap::new();
    let mut add = |key: String, pattern: &Pattern<&str>| {
        let twice = all.insert(key.clone(), Text::new(pattern));
        assert!(twice.is_none(), "{name}: {key} stands there twice");
    };
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name;
                if let Some(value) = &message.value {
                    add(id.to_owned(), value);
                }
                for attribute in &message.attributes {
                    add(format!("{id}.{}", attribute.id.name), &attribute.value);
                }
            }
            Entry::Term(term) => panic!("{name}: {} is a term", term.id.name),
            Entry::Junk { content } => panic!("{name}: {content}"),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    all
}

/// Each text with its file and key.
pub(super) fn each(language: Language) -> Vec<(&'static str, String, Text)> {
    let all = FILES.iter().flat_map(|(file, messages)| {
        let texts = texts(file, messages.source(language));
        texts.into_iter().map(move |(key, text)| (*file, key, text))
    });
    all.collect()
}

/// Other names that tables have in code than their own.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("answer", &["words.", "self."]),
    ("control", &["words."]),
    ("links", &["words."]),
    ("marks", &["self."]),
    ("remark", &["say."]),
];

/// The compiler does not notice an unused public field.
#[test]
fn every_field_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut code = String::new();
    read_all(&root, &mut code);
    code.retain(|c| !c.is_whitespace());
    let fields = tables::fields();
    assert!(fields.len() > 150, "the test reads {} fields", fields.len());
    for field in fields {
        let own = format!("{}.", field.table);
        let others = OTHER_NAMES.iter().find(|(table, _)| *table == field.table);
        let others = others.map_or(&[][..], |(_, names)| *names);
        let mut names = others.iter().copied().chain([own.as_str()]);
        let is_read = names.any(|name| is_named(&code, &format!("{name}{}", field.name)));
        assert!(is_read, "nobody reads {}", field.key);
    }
}

fn is_named(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(at, _)| {
        let next = code[at + path.len()..].chars().next();
        next.is_some_and(|c| !c.is_alphanumeric() && c != '_' && c != '(')
    })
}

fn read_all(folder: &Path, code: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, code);
        } else if path.extension().is_some_and(|e| e == "rs") {
            code.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The words of one text.
pub(super) fn words_of(language: Language, file: &str, key: &str) -> String {
    let all = each(language);
    let text = all.iter().find(|(f, k, _)| *f == file && k == key);
    let (.., text) = text.unwrap_or_else(|| panic!("{file}.ftl lacks {key}"));
    text.words.clone()
}

#[test]
fn every_key_is_used_and_every_used_key_is_there() {
    for (file, messages) in FILES {
        let used: BTreeSet<String> = used(file).into_iter().collect();
        for language in LANGUAGES {
            let there: BTreeSet<String> =
                texts(file, messages.source(language)).into_keys().collect();
            let missing: Vec<&String> = used.difference(&there).collect();
            assert!(
                missing.is_empty(),
                "{language:?} {file}.ftl lacks {missing:?}"
            );
            let unused: Vec<&String> = there.difference(&used).collect();
            assert!(
                unused.is_empty(),
                "{language:?} {file}.ftl: nobody uses {unused:?}"
            );
        }
    }
}

#[test]
fn languages_have_the_same_placeables() {
    let english = each(Language::En);
    for language in [Language::Ko, Language::Zh] {
        for ((file, key, own), (_, _, en)) in each(language).iter().zip(&english) {
            assert_eq!(
                own.placeables, en.placeables,
                "{language:?} {file}.ftl: {key}"
            );
        }
    }
}

#[test]
fn every_text_is_translated() {
    let english = each(Language::En);
    for language in [Language::Ko, Language::Zh] {
        for ((file, key, own), (_, _, en)) in each(language).iter().zip(&english) {
            let is_alike = is_alike(file, key) || !own.says_something();
            assert!(
                is_alike || own.words != en.words,
                "{language:?} {file}.ftl: {key} is in English"
            );
        }
    }
}

#[test]
fn a_text_is_one_line() {
    for language in LANGUAGES {
        for (file, key, text) in each(language) {
            assert!(
                !text.words.contains('\n'),
                "{file}.ftl: {key} has more than one line"
            );
        }
    }
}
