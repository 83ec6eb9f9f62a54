//! The parts of a page that may redirect.

use url::Url;

use super::refresh;
use super::script::{self, Script};
use crate::text::entity;
use crate::text::token::{Tag, Token, Tokens};

/// How many bytes of a page's scripts are joined.
const MAX_CODE: usize = 128 * 1024;
/// How many fields of a form are named.
const MAX_FIELDS: usize = 32;

#[derive(Default)]
pub(super) struct HtmlForm {
    pub action: Option<String>,
    pub posts: bool,
    pub fields: Vec<(String, String)>,
    /// Fields that a reader must fill in.
    pub open: usize,
}

pub(super) struct HtmlFrame {
    pub source: String,
    pub hidden: bool,
}

/// The parts of a page that may redirect.
#[derive(Default)]
pub(super) struct RedirectSources<'a> {
    pub own: Option<&'a Url>,
    pub base: Option<Url>,
    code: String,
    pub script: Script,
    /// In order: seconds and address.
    pub refreshes: Vec<(f64, String)>,
    /// Those inside `noscript`.
    pub for_no_script: Vec<(f64, String)>,
    /// External scripts, whose effect is unknown.
    pub files: usize,
    pub links: usize,
    pub href: Option<String>,
    pub forms: Vec<HtmlForm>,
    pub frames: Vec<HtmlFrame>,
    /// The shares of a frameset's frames.
    pub shares: Option<String>,
    pub pictures: usize,
}

impl<'a> RedirectSources<'a> {
    pub(super) fn read(source: &str, own: &'a Url) -> Self {
        let mut page = Self {
            own: Some(own),
            ..Self::default()
        };
        page.tokens(source, false);
        let code = std::mem::take(&mut page.code);
        page.script = script::read(&code, Some(own));
        for written in std::mem::take(&mut page.script.writes) {
            page.tokens(&written, true);
        }
        if !page.code.is_empty() {
            let more = script::read(&page.code, Some(own));
            page.script.moves.extend(more.moves);
        }
        page
    }

    /// `written`: by a script; then only refreshes and scripts are searched.
    fn tokens(&mut self, source: &str, written: bool) {
        // The raw element whose content comes next.
        let mut within: Option<Tag<'_>> = None;
        for token in Tokens::new(source) {
            match token {
                Token::Start(tag) => {
                    self.start(&tag, written);
                    within = Some(tag);
                }
                Token::Raw(text) => match &within {
                    Some(tag) if tag.is("script") && is_code(tag) => self.add_code(text),
                    Some(tag) if tag.is("noscript") && !written => self.no_script(text),
                    _ => {}
                },
                Token::End(_) => within = None,
                _ => {}
            }
        }
    }

    fn add_code(&mut self, code: &str) {
        if self.code.len() + code.len() <= MAX_CODE {
            self.code.push_str(code);
            self.code.push_str("\n;\n");
        }
    }

    fn start(&mut self, tag: &Tag<'_>, written: bool) {
        let value = |name: &str| {
            let raw = tag.attribute(name)?;
            Some(entity::decode(raw.trim(), true).into_owned())
        };
        if tag.is("meta") {
            self.refreshes.extend(refresh_of(tag));
        } else if written {
            // Elements that a script writes are not examined.
        } else if tag.is("base") {
            let base = value("href").and_then(|href| self.own?.join(&href).ok());
            self.base = self.base.take().or(base);
        } else if tag.is("script") {
            self.files += usize::from(tag.attribute("src").is_some());
        } else if tag.is("a") {
            self.links += 1;
            self.href = value("href").filter(|_| self.links == 1);
        } else if tag.is("form") {
            self.forms.push(HtmlForm {
                action: value("action"),
                posts: value("method").is_some_and(|m| m.eq_ignore_ascii_case("post")),
                ..HtmlForm::default()
            });
        } else if tag.is("input") || tag.is("textarea") || tag.is("select") {
            self.field(tag, value("name"), value("value"));
        } else if tag.is("frameset") {
            self.shares = self
                .shares
                .take()
                .or_else(|| value("rows").or_else(|| value("cols")));
        } else if tag.is("iframe") || tag.is("frame") {
            let source = value("src").unwrap_or_default();
            self.frames.push(HtmlFrame {
                hidden: is_small(tag),
                source,
            });
        } else if tag.is("img") || tag.is("video") || tag.is("canvas") || tag.is("object") {
            self.pictures += usize::from(!is_small(tag));
        }
        if !written
            && (tag.is("body") || tag.is("frameset") || tag.is("img") || tag.is("form"))
            && let Some(code) = value("onload").or_else(|| value("onpageshow"))
        {
            self.add_code(&code);
        }
    }

    fn field(&mut self, tag: &Tag<'_>, name: Option<String>, value: Option<String>) {
        let Some(form) = self.forms.last_mut() else {
            return;
        };
        let kind = tag.attribute("type").unwrap_or("text").to_ascii_lowercase();
        if tag.is("input") && matches!(kind.as_str(), "submit" | "button" | "image" | "reset") {
            return;
        }
        form.open += usize::from(!tag.is("input") || kind != "hidden");
        if let Some(name) = name.filter(|n| !n.is_empty() && form.fields.len() < MAX_FIELDS) {
            form.fields.push((name, value.unwrap_or_default()));
        }
    }

    /// Reads only refreshes from `noscript`; browsers do not show the rest.
    fn no_script(&mut self, inner: &str) {
        for token in Tokens::new(inner) {
            if let Token::Start(tag) = token
                && tag.is("meta")
            {
                self.for_no_script.extend(refresh_of(&tag));
            }
        }
    }
}

/// Whether an element is hidden or almost zero in size.
fn is_small(tag: &Tag<'_>) -> bool {
    let small = |name: &str| {
        tag.attribute(name)
            .is_some_and(|v| matches!(v.trim().trim_end_matches("px"), "0" | "1" | "0%"))
    };
    let style = tag
        .attribute("style")
        .unwrap_or("")
        .replace(' ', "")
        .to_ascii_lowercase();
    let hides = [
        "display:none",
        "visibility:hidden",
        "width:0",
        "height:0",
        "width:1px",
    ];
    tag.attribute("hidden").is_some()
        || small("width")
        || small("height")
        || hides.iter().any(|rule| style.contains(rule))
}

/// Whether a script element holds code instead of data or a template.
fn is_code(tag: &Tag<'_>) -> bool {
    let kind = tag
        .attribute("type")
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    tag.attribute("src").is_none()
        && (kind.is_empty()
            || kind.contains("javascript")
            || kind.contains("ecmascript")
            || kind == "module")
}

fn refresh_of(tag: &Tag<'_>) -> Option<(f64, String)> {
    let is_refresh = tag
        .attribute("http-equiv")
        .is_some_and(|name| entity::decode(name.trim(), true).eq_ignore_ascii_case("refresh"));
    let content = tag.attribute("content").filter(|_| is_refresh)?;
    let content = entity::decode(content, true);
    let (seconds, address) = refresh::parse(&content)?;
    Some((seconds, address?.to_owned()))
}
