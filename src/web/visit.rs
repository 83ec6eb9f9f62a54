//! One request, as pages see it.

use axum::http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use super::role::Role;
use crate::model::VantageId;
use crate::model::settings::Language;

/// The characters that are not escaped in a path or a value of an address.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The cookie that keeps a language.
pub const LANGUAGE_COOKIE: &str = "aw_lang";

/// Who asks for what, and in which language.
#[derive(Debug, Clone)]
pub struct Visit {
    pub role: Role,
    /// The role comes from a bearer token, which a page of another site cannot make a browser send.
    pub has_bearer: bool,
    pub language: Language,
    /// The address asks for this language: it is kept.
    pub keeps_language: bool,
    /// The vantage whose agent asks.
    pub agent: Option<VantageId>,
    pub path: String,
    pub query: Vec<(String, String)>,
    /// The session's cookie, where it is valid.
    pub session: Option<String>,
    /// The name that was typed last into a form.
    pub name: Option<String>,
    /// What a form of the session carries.
    pub csrf: Option<String>,
    pub if_none_match: Option<String>,
}

impl Visit {
    /// A value of the query.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The query as a part of an entity tag.
    #[must_use]
    pub fn query_text(&self) -> String {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(&self.query);
        text.finish()
    }

    /// The address of this page in another language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> String {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(self.query.iter().filter(|(key, _)| key != "lang"));
        text.append_pair("lang", language.as_str());
        format!("{}?{}", self.path, text.finish())
    }
}

/// A part of a path, escaped.
#[must_use]
pub fn path_part(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string()
}

/// The pairs of a query or a form.
#[must_use]
pub fn pairs_of(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded)
        .take(100)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(axum::http::header::COOKIE).iter();
    let pairs = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}
