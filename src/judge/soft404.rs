//! Pages and interfaces that say "not found" or "no" with a status of success.

use serde::{Deserialize, Serialize};

use super::page::{BodyKind, DecodedPage};
use crate::model::fact::{Fact, Whereabouts};
use crate::text::quotation::is_quoted;
use crate::text::{clean, normalise, title};

/// A page with fewer visible characters says little else.
const SHORT: usize = 600;

/// Sentences of "not found" pages, in NFKC.
const NOT_FOUND: &[&str] = &[
    "页面不存在",
    "页面未找到",
    "页面找不到",
    "找不到页面",
    "找不到该页",
    "网页不存在",
    "文章不存在",
    "文献不存在",
    "记录不存在",
    "内容不存在",
    "该内容已被删除",
    "该文章已被删除",
    "您访问的页面已删除",
    "链接已失效",
    "頁面不存在",
    "找不到網頁",
    "找不到頁面",
    "페이지를 찾을 수 없습니다",
    "page not found",
    "page cannot be found",
    "page can't be found",
    "404 not found",
];

/// Parts of a title, in lower case, that say by number that nothing was found.
const NUMBERED: &[&str] = &[
    "404",
    "404错误",
    "错误404",
    "404页面",
    "404錯誤",
    "error 404",
    "404 error",
    "http 404",
];

/// The sentence that says "not found", and its place; only in the title, a heading, or a short page
/// that is not built as an article.
pub(super) fn not_found(page: &DecodedPage<'_>) -> Option<Fact> {
    if page.kind != BodyKind::Html {
        return None;
    }
    let title = normalise::for_matching(page.seen.title.as_deref().unwrap_or("")).to_lowercase();
    if is_404(&title) {
        return Some(says_not_found(Whereabouts::WholeTitle, &title));
    }
    if let Some(part) = title::parts(&title)
        .into_iter()
        .find(|p| NUMBERED.contains(p))
    {
        return Some(says_not_found(Whereabouts::WholePart, part));
    }
    let says = |text: &str| NOT_FOUND.iter().find(|sentence| states(text, sentence));
    // An article about missing pages has more than the sentence in its title.
    let mostly =
        |text: &str| says(text).filter(|s| s.chars().count() * 5 >= text.chars().count() * 2);
    if let Some(sentence) = mostly(&title) {
        return Some(says_not_found(Whereabouts::Title, sentence));
    }
    // A part of a title names the site or the page: the sentence is nearly all of it.
    let nearly =
        |part: &&str| says(part).is_some_and(|s| s.chars().count() * 5 >= part.chars().count() * 3);
    if let Some(part) = title::parts(&title).into_iter().find(nearly) {
        return Some(says_not_found(Whereabouts::Part, part));
    }
    let in_heading = || {
        let headings = &mut page.seen.headings.iter();
        let sentence = headings.find_map(|h| mostly(&h.to_lowercase()))?;
        Some(says_not_found(Whereabouts::Heading, sentence))
    };
    let in_text = || {
        if page.text().chars().take(SHORT).count() == SHORT {
            return None;
        }
        let sentence = says(&page.text().to_lowercase())?;
        Some(says_not_found(Whereabouts::Page, sentence))
    };
    in_heading().or_else(in_text).filter(|_| !page.is_article())
}

/// Whether a text holds a sentence outside quotation marks.
fn states(text: &str, sentence: &str) -> bool {
    text.match_indices(sentence)
        .any(|(at, found)| !is_quoted(text, &(at..at + found.len())))
}

fn says_not_found(whereabouts: Whereabouts, text: &str) -> Fact {
    Fact::SaysNotFound {
        whereabouts,
        text: clean::line(text, 80),
    }
}

/// A title that is only the number and what servers add to it; not `404 errors in catalogues`.
fn is_404(title: &str) -> bool {
    let Some(mut rest) = title.strip_prefix("404").map(str::trim_start) else {
        return false;
    };
    for word in ["error", "page", "file", "not found", "错误", "页面"] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    rest.is_empty() || rest.starts_with(['-', '_', '|', '—', '–', ':', '!', ',', '.'])
}

/// The content of the envelope of a JSON answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct JsonEnvelope {
    /// The message of a refusal for lack of permission, clean and short.
    pub no_permission: Option<String>,
    /// The data is null or empty.
    pub no_data: bool,
    /// `success` is false.
    pub unsuccessful: bool,
}

/// Words of "no permission", in NFKC and lower case.
const NO_PERMISSION: &[&str] = &[
    "没有权限",
    "没有访问该接口的权限",
    "无权限",
    "无权访问",
    "权限不足",
    "未授权",
    "沒有權限",
    "無權限",
    "권한이 없",
    "no permission",
    "not authorized",
    "not authorised",
    "unauthorized",
    "permission denied",
    "access denied",
];
/// Keys that carry the message.
const MESSAGES: &[&str] = &["msg", "message", "errmsg", "error", "info", "description"];
/// Keys that carry the data.
const DATA: &[&str] = &["data", "result", "results", "rows", "list", "items"];

/// Reads the envelope of a JSON object.
pub(super) fn envelope(page: &DecodedPage<'_>) -> Option<JsonEnvelope> {
    let map = page.json()?.as_object()?;
    let data: Vec<&serde_json::Value> = DATA.iter().filter_map(|key| map.get(*key)).collect();
    let message = MESSAGES
        .iter()
        .filter_map(|key| map.get(*key)?.as_str())
        .find(|text| {
            let text = normalise::for_matching(text).to_lowercase();
            NO_PERMISSION.iter().any(|words| text.contains(words))
        });
    let no_data = !data.is_empty() && data.iter().all(|value| is_empty(value));
    Some(JsonEnvelope {
        no_permission: message
            .filter(|_| no_data || data.is_empty())
            .map(|text| clean::line(text, 80)),
        no_data,
        unsuccessful: map.get("success") == Some(&serde_json::Value::Bool(false)),
    })
}

fn is_empty(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => true,
        serde_json::Value::Array(list) => list.is_empty(),
        serde_json::Value::Object(map) => map.is_empty(),
        serde_json::Value::String(text) => text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_404;

    #[test]
    fn titles_that_are_the_number() {
        for title in [
            "404",
            "404 not found",
            "404 - 某局",
            "404错误",
            "404 page not found | x",
            "404: file",
        ] {
            assert!(is_404(title), "{title}");
        }
        for title in [
            "404 errors in catalogues",
            "404号文件",
            "4040",
            "the 404",
            "404种方言",
        ] {
            assert!(!is_404(title), "{title}");
        }
    }
}
