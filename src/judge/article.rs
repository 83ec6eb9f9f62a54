//! Whether a page is built as an article. The words of a refusal, or of a missing page, are then
//! its topic.

use std::sync::LazyLock;

use regex::Regex;

/// A notice has fewer paragraphs than this.
const PARAGRAPHS: usize = 6;

/// The marks that content systems put on articles: the element, the class of its body, the type of
/// Open Graph, the body of schema.org.
static MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)<article\b|class=["'][^"'<>]{0,200}(?:article|post)-(?:body|content)|og:type["']\s+content=["']article|itemprop=["']articleBody"#,
    )
    .ok()
});
static PARAGRAPH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)<p[\s>]").ok());

/// Whether the source of a page is that of an article.
pub(super) fn is_built(source: &str) -> bool {
    let marked = MARKS.as_ref().is_some_and(|marks| marks.is_match(source));
    let long = |paragraph: &Regex| paragraph.find_iter(source).nth(PARAGRAPHS - 1).is_some();
    marked || PARAGRAPH.as_ref().is_some_and(long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_and_notices() {
        for text in [
            "<main><ARTICLE class=a>",
            "<div class=\"entry post-content\">",
            "<meta property='og:type' content='article'>",
            "<div itemprop=\"articleBody\">",
            "<P>1<p>2<p>3<p>4<p class=x>5<p\n>6",
        ] {
            assert!(is_built(text), "{text}");
        }
        for text in [
            "",
            "<p>1<p>2<p>3<p>4<p>5<pre>6",
            "<articles>",
            "article-content",
        ] {
            assert!(!is_built(text), "{text}");
        }
    }
}
