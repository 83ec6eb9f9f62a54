//! What holds of every file of `locales/`: it parses whole, the languages have the same messages with the same
//! placeables, each message is used and translated, and no text accuses anybody.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};
use fluent_syntax::parser::parse;

use super::messages::FILES;
use super::walk::{in_script, is_neutral};
use super::{evidence, verdict};
use crate::model::settings::Language;

const LANGUAGES: [Language; 3] = [Language::En, Language::Ko, Language::Zh];

/// Written alike in every language: names, and texts that are one.
const ALIKE: &[(&str, &str)] = &[];

/// The keys that the program asks a file for.
fn used(file: &str) -> Vec<String> {
    match file {
        "verdicts" => verdict::keys(),
        "evidence" => evidence::keys(),
        other => panic!("{other}.ftl: nobody says which keys are used"),
    }
}

/// One text: its words, and the names of its placeables.
#[derive(Debug, Default, PartialEq)]
struct Text {
    /// The words, with `1` for each placeable; each variant of a selector follows the other.
    words: String,
    placeables: BTreeSet<String>,
}

impl Text {
    fn of(pattern: &Pattern<&str>) -> Self {
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
                    self.words.push(' ');
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
            // The message itself is checked where it stands.
            InlineExpression::MessageReference { .. } => self.words.push('1'),
            InlineExpression::FunctionReference {
                arguments: CallArguments { positional, .. },
                ..
            } => positional.iter().for_each(|one| self.inline(one)),
            other => panic!("not used in these files: {other:?}"),
        }
    }
}

/// Every text of a file, by `id` or `id.attribute`. A file that does not parse whole, or has a key twice, fails.
fn texts(name: &str, source: &str) -> BTreeMap<String, Text> {
    let resource = parse(source).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
    let mut all = BTreeMap::new();
    let mut add = |key: String, pattern: &Pattern<&str>| {
        let twice = all.insert(key.clone(), Text::of(pattern));
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
fn each(language: Language) -> Vec<(&'static str, String, Text)> {
    let all = FILES.iter().flat_map(|(file, messages)| {
        let texts = texts(file, messages.source(language));
        texts.into_iter().map(move |(key, text)| (*file, key, text))
    });
    all.collect()
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
fn every_text_is_translated_and_in_its_script() {
    let english = each(Language::En);
    for language in LANGUAGES {
        for ((file, key, own), (_, _, en)) in each(language).iter().zip(&english) {
            let code_aside = without_code(&own.words);
            let says_something = code_aside.chars().any(char::is_alphabetic);
            if !says_something || ALIKE.contains(&(*file, key.as_str())) {
                continue;
            }
            assert!(
                language == Language::En || own.words != en.words,
                "{language:?} {file}.ftl: {key} is in English"
            );
            in_script(language, code_aside.trim());
        }
    }
}

/// The words without what stands between backticks: commands and keys are the same in every language.
fn without_code(words: &str) -> String {
    words.split('`').step_by(2).collect::<Vec<_>>().join("1")
}

#[test]
fn a_text_is_one_line_and_neutral() {
    for language in LANGUAGES {
        for (file, key, text) in each(language) {
            assert!(
                !text.words.contains('\n'),
                "{file}.ftl: {key} has more than one line"
            );
            is_neutral(&text.words);
        }
    }
}
