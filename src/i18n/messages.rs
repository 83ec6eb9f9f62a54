//! The texts of `locales/`: each file has the same messages in every language.
//!
//! The files are [Project Fluent](https://projectfluent.org) and are compiled into the program. A
//! file is parsed on first use, and only in the requested language. A message is one line: a line
//! break in it would be a line break of the text.
//!
//! # How to add a text
//!
//! 1. Write the message into the same file of `locales/en`, `locales/ko` and `locales/zh`:
//!    `rule-other-host = Another host than expected answered.` What varies is a placeable,
//!    `{ $host }`; a plural is a selector, `{ $n -> [one] day *[other] days }`, each variant on its
//!    own line. A space at either end is quoted: `{" and "}`.
//! 2. In a neighbouring module, add a variant or a field with its `key` to the type that represents
//!    the text: [`Messages::text`] returns a text without placeables, and [`fill`] fills the result
//!    of [`Messages::template`].
//! 3. List the key in `keys()` of that module. The tests of `i18n::files` then find a key that a
//!    language lacks, an unused key, an untranslated text, and placeables that differ between
//!    languages.
//!
//! Keys are written only inside `i18n`: a misspelt key fails the tests, and a missing text is shown
//! in English.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement};
use unic_langid::LanguageIdentifier;

use crate::model::settings::Language;

/// Shown for a text that no language has.
const MISSING: &str = "(a text is missing)";

/// Longer numbers are names and select no plural.
const MAX_DIGITS: usize = 9;

type Bundle = FluentBundle<&'static FluentResource>;

/// One file of one language.
pub(super) struct Locale {
    tag: &'static str,
    source: &'static str,
    resource: OnceLock<FluentResource>,
    bundle: OnceLock<Bundle>,
}

impl Locale {
    const fn new(tag: &'static str, source: &'static str) -> Self {
        Self {
            tag,
            source,
            resource: OnceLock::new(),
            bundle: OnceLock::new(),
        }
    }

    fn bundle(&'static self) -> &'static Bundle {
        self.bundle.get_or_init(|| {
            // Unparsable messages are left out; a test parses every file completely.
            let parse =
                || FluentResource::try_new(self.source.to_owned()).unwrap_or_else(|(r, _)| r);
            let language: LanguageIdentifier = self.tag.parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![language]);
            bundle.set_use_isolating(false);
            bundle.add_resource_overriding(self.resource.get_or_init(parse));
            bundle
        })
    }

    fn find(&'static self, key: &str) -> Option<Template> {
        let bundle = self.bundle();
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        Some(Template {
            found: Some((bundle, pattern)),
        })
    }
}

/// One file of `locales/`, in every language.
pub(super) struct Messages {
    en: Locale,
    ko: Locale,
    zh: Locale,
}

impl Messages {
    /// A text without placeables, by its key: `id` or `id.attribute`.
    pub(super) fn text(&'static self, language: Language, key: &str) -> &'static str {
        self.template(language, key).plain().unwrap_or(MISSING)
    }

    /// A text with placeables.
    pub(super) fn template(&'static self, language: Language, key: &str) -> Template {
        let own = self.locale(language).find(key);
        own.or_else(|| self.en.find(key))
            .unwrap_or(Template { found: None })
    }

    /// A text without placeables that a language may lack.
    pub(super) fn find(&'static self, language: Language, key: &str) -> Option<&'static str> {
        self.locale(language).find(key)?.plain()
    }

    fn locale(&'static self, language: Language) -> &'static Locale {
        match language {
            Language::En => &self.en,
            Language::Ko => &self.ko,
            Language::Zh => &self.zh,
        }
    }

    /// The source of the file, for tests.
    #[cfg(test)]
    pub(super) fn source(&'static self, language: Language) -> &'static str {
        self.locale(language).source
    }
}

macro_rules! files {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$doc])* pub(super) static $name: Messages = Messages {
            en: Locale::new("en", include_str!(concat!("../../locales/en/", $file, ".ftl"))),
            ko: Locale::new("ko", include_str!(concat!("../../locales/ko/", $file, ".ftl"))),
            zh: Locale::new("zh-Hans", include_str!(concat!("../../locales/zh/", $file, ".ftl"))),
        };)*

        /// Every file by its name, for tests.
        #[cfg(test)]
        pub(super) static FILES: &[(&str, &Messages)] = &[$(($file, &$name)),*];
    };
}

files! {
    /// Codes, findings and rules.
    VERDICTS = "verdicts";
    /// What discriminators observed.
    EVIDENCE = "evidence";
    /// Facts that verdicts rest on.
    FACTS = "facts";
    /// What was seen, states, levels and other words that mails, tables and pages share.
    WORDS = "words";
    /// Mails.
    LETTERS = "letters";
    /// Names of time zones.
    ZONES = "zones";
    /// Names of probes.
    PROBES = "probes";
    /// Pages.
    PAGES = "pages";
    /// The printable report.
    REPORT = "report";
    /// Names of countries.
    COUNTRIES = "countries";
    /// The page of a cited link in its pack.
    PACK = "pack";
    /// Sentences that `links repair` writes into documents.
    REPAIR = "repair";
}

/// A text with placeables, in one language.
#[derive(Clone, Copy)]
pub struct Template {
    found: Option<(&'static Bundle, &'static Pattern<&'static str>)>,
}

impl Template {
    /// The text itself, if it has no placeables.
    pub(super) fn plain(self) -> Option<&'static str> {
        let (_, pattern) = self.found?;
        match pattern.elements.as_slice() {
            [
                PatternElement::TextElement { value }
                | PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::StringLiteral { value }),
                },
            ] => Some(value),
            _ => None,
        }
    }
}

/// A template with its placeables filled. Values are inserted unchanged and not parsed, so a value
/// that looks like a placeable stays. A placeable without a value stays visible, and fails the
/// tests.
#[must_use]
pub fn fill(template: Template, values: &[(&str, &str)]) -> String {
    let Some((bundle, pattern)) = template.found else {
        return MISSING.to_owned();
    };
    let args: FluentArgs<'_> = values.iter().map(|(name, v)| (*name, value(v))).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
    debug_assert!(errors.is_empty(), "{text}: {errors:?}");
    text.into_owned()
}

/// A count is a number, which selects a plural; everything else is text. Both are written
/// unchanged.
fn value(text: &str) -> FluentValue<'_> {
    let is_count = text.len() <= MAX_DIGITS
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    match text.parse::<u32>() {
        Ok(count) if is_count => FluentValue::from(count),
        _ => FluentValue::from(text),
    }
}

/// The key of a kind of text and a name: `code` and `content.stale` give `code-content-stale`.
pub(super) fn key(kind: &str, name: &str) -> String {
    let name = name.replace(['.', '_'], "-");
    format!("{kind}-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    static SAMPLE: Messages = Messages {
        en: Locale::new(
            "en",
            "mails = { $n } { $n ->\n    [one] mail waits\n   *[other] mails wait\n    }\n\
             both = { $a } and { $b }, { $a }\n    .short = two\nand = {\" and \"}\nonly-here = English\n",
        ),
        ko: Locale::new("ko", "and = , \n"),
        zh: Locale::new("zh-Hans", "and = 、\n"),
    };

    #[test]
    fn counts_select_a_plural() {
        let text = |n: &str| fill(SAMPLE.template(Language::En, "mails"), &[("n", n)]);
        assert_eq!(
            [text("0"), text("1"), text("21"), text("01")],
            [
                "0 mails wait",
                "1 mail waits",
                "21 mails wait",
                "01 mails wait"
            ]
        );
    }

    #[test]
    fn values_are_put_in_once_and_as_they_are() {
        let text = fill(
            SAMPLE.template(Language::En, "both"),
            &[("a", "{ $b }"), ("b", "1.50"), ("c", "unused")],
        );
        assert_eq!(text, "{ $b } and 1.50, { $b }");
        let long = "12345678901234567890";
        let text = fill(
            SAMPLE.template(Language::En, "both"),
            &[("a", long), ("b", "007")],
        );
        assert_eq!(text, format!("{long} and 007, {long}"));
    }

    #[test]
    fn a_text_that_is_missing_is_shown_in_english() {
        assert_eq!(SAMPLE.text(Language::Ko, "only-here"), "English");
        assert_eq!(SAMPLE.text(Language::Zh, "both.short"), "two");
        assert_eq!(SAMPLE.text(Language::En, "nowhere"), MISSING);
        assert_eq!(fill(SAMPLE.template(Language::Zh, "nowhere"), &[]), MISSING);
    }

    #[test]
    fn quoted_ends_are_kept() {
        assert_eq!(SAMPLE.text(Language::En, "and"), " and ");
        assert_eq!(SAMPLE.text(Language::Zh, "and"), "、");
    }
}
