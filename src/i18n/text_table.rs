//! How tables of texts are declared: `table!` makes a struct with a field for each text, and
//! `texts!` makes the struct of all tables.

use super::messages::{Messages, Template};
use crate::model::settings::Language;

/// A field of a table, by its key.
pub(super) trait Field {
    fn find(messages: &'static Messages, language: Language, key: &str) -> Self;
}

impl Field for &'static str {
    fn find(messages: &'static Messages, language: Language, key: &str) -> Self {
        messages.text(language, key)
    }
}

impl Field for Template {
    fn find(messages: &'static Messages, language: Language, key: &str) -> Self {
        messages.template(language, key)
    }
}

/// A struct of texts whose keys share the first word.
macro_rules! table {
    ($(#[$meta:meta])* $file:ident $kind:literal $name:ident { $($field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        pub struct $name {
            $(pub $field: $type,)*
        }

        impl $name {
            pub(super) fn load(language: $crate::model::settings::Language) -> Self {
                Self {
                    $($field: $crate::i18n::text_table::Field::find(
                        &$file,
                        language,
                        &$crate::i18n::messages::key($kind, stringify!($field)),
                    ),)*
                }
            }

            /// The file of the texts.
            #[cfg(test)]
            const FILE: &'static $crate::i18n::messages::Messages = &$file;

            /// Every field, and its key, for tests.
            #[cfg(test)]
            pub(super) fn keys() -> Vec<(&'static str, String)> {
                let fields = [$(stringify!($field)),*];
                let key = |field| (field, $crate::i18n::messages::key($kind, field));
                fields.map(key).to_vec()
            }
        }
    };
}

/// The struct of all tables.
macro_rules! texts {
    ($($field:ident: $table:ident,)*) => {
        /// All texts of a mail, in one language.
        pub struct Texts {
            pub language: $crate::model::settings::Language,
            /// For the `lang` attribute (BCP 47).
            pub tag: &'static str,
            $(pub $field: $table,)*
        }

        impl Texts {
            pub(super) fn load(
                language: $crate::model::settings::Language,
                tag: &'static str,
            ) -> Self {
                Self {
                    language,
                    tag,
                    $($field: $table::load(language),)*
                }
            }
        }

        /// Every field of every table, for tests.
        #[cfg(test)]
        pub(super) fn fields() -> Vec<$crate::i18n::text_table::TextField> {
            use $crate::i18n::text_table::fields_of;
            let tables = [
                $(fields_of(stringify!($field), $table::keys(), $table::FILE)),*
            ];
            tables.concat()
        }
    };
}

/// A field of a table.
#[cfg(test)]
#[derive(Clone)]
pub(super) struct TextField {
    /// The name of the table in [`Texts`].
    pub table: &'static str,
    pub name: &'static str,
    pub key: String,
    /// Whether the text is in `letters.ftl`.
    pub is_letter: bool,
}

/// The fields of a table with these keys.
#[cfg(test)]
pub(super) fn fields_of(
    table: &'static str,
    keys: Vec<(&'static str, String)>,
    file: &'static Messages,
) -> Vec<TextField> {
    let is_letter = std::ptr::eq(file, &raw const super::messages::LETTERS);
    let field = |(name, key)| TextField {
        table,
        name,
        key,
        is_letter,
    };
    keys.into_iter().map(field).collect()
}

pub(super) use {table, texts};
