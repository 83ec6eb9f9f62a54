//! A mail as HTML: `templates/letters/letter.html` and the values that it uses.

use askama::Template;

use super::mail_body::{self, LinkedText, MailBlock, MailBody};
use super::script;

/// The HTML part.
#[must_use]
pub fn render(letter: &MailBody, title: &str) -> String {
    Page::new(letter, title).to_string()
}

#[derive(Template)]
#[template(path = "letters/letter.html")]
struct Page<'a> {
    letter: &'a MailBody,
    title: String,
    /// The primary subtag of the mail's own language (BCP 47).
    own: &'static str,
    /// CSS declarations.
    font: String,
}

/// Text in one language; `None` is the mail's own language.
struct Run {
    lang: Option<&'static str>,
    text: String,
}

/// A text in three parts; the second links to `href`.
struct Link {
    before: Vec<Run>,
    linked: Vec<Run>,
    after: Vec<Run>,
    href: Option<String>,
}

impl<'a> Page<'a> {
    fn new(letter: &'a MailBody, title: &str) -> Self {
        let own = letter.lang.split('-').next().unwrap_or(letter.lang);
        Self {
            letter,
            title: mail_body::prose(title),
            own,
            font: font(own),
        }
    }

    /// Cleaned and on one line; the template escapes it.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn cleaned(&self, text: impl AsRef<str>) -> String {
        mail_body::prose(text.as_ref())
    }

    fn link(&self, value: &LinkedText) -> Link {
        let Some(href) = &value.href else {
            return Link {
                before: self.runs(&value.text),
                linked: Vec::new(),
                after: Vec::new(),
                href: None,
            };
        };
        let (before, linked, after) = match value.text.split_once(href.as_str()) {
            Some((before, after)) => (before, href.as_str(), after),
            None => ("", value.text.as_str(), ""),
        };
        // Cleaning removes the spaces between the link and the text around it.
        let space = |is: bool| {
            is.then(|| Run {
                lang: None,
                text: " ".to_owned(),
            })
        };
        let mut before_runs = self.runs(before);
        before_runs.extend(space(before.ends_with(' ')));
        let mut after_runs = Vec::from_iter(space(after.starts_with(' ')));
        after_runs.extend(self.runs(after));
        Link {
            before: before_runs,
            linked: self.runs(linked),
            after: after_runs,
            href: Some(mail_body::prose(href)),
        }
    }

    /// The cleaned text, in pieces of one language each.
    fn runs(&self, text: impl AsRef<str>) -> Vec<Run> {
        let text = mail_body::prose(text.as_ref());
        let mut runs = Vec::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let lang = self.foreign(first);
            let end = rest.find(|c| self.foreign(c) != lang).unwrap_or(rest.len());
            runs.push(Run {
                lang,
                text: rest[..end].to_owned(),
            });
            rest = &rest[end..];
        }
        runs
    }

    /// The language of a character that is not in the mail's own language.
    fn foreign(&self, c: char) -> Option<&'static str> {
        language(c).filter(|lang| *lang != self.own)
    }
}

/// The fonts of the mail's own language come first. Korean breaks between words only.
fn font(own: &str) -> String {
    let (east_asian, breaks) = match own {
        "ko" => (
            "'Apple SD Gothic Neo','Malgun Gothic','Noto Sans CJK KR','Noto Sans KR','Microsoft YaHei'",
            ";word-break:keep-all",
        ),
        _ => (
            "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC','Malgun Gothic'",
            "",
        ),
    };
    format!(
        "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',{east_asian},sans-serif;\
         font-size:16px;line-height:1.5{breaks}"
    )
}

fn language(c: char) -> Option<&'static str> {
    match c {
        c if script::is_han(c) => Some("zh"),
        c if script::is_hangul(c) => Some("ko"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_from_outside_is_text() {
        let mut letter = MailBody::default();
        letter.leads = vec!["<script>alert('1')</script> & \"x\"".to_owned()];
        let html = render(&letter, "</title><b>");
        assert!(!html.contains("<script") && !html.contains("</title><b>"));
        let escaped = "&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62; &#38; &#34;x&#34;";
        assert!(html.contains(escaped), "{html}");
    }

    proptest! {
        #[test]
        fn nothing_from_outside_is_markup(text: String) {
            let frame = |text: &str| {
                let mut letter = MailBody::default();
                letter.leads = vec![text.to_owned()];
                letter.push(MailBlock::Para(LinkedText::link(text, format!("https://{text}"))));
                let html = render(&letter, text);
                [html.matches('<').count(), html.matches('"').count()]
            };
            // Text in other languages is marked, which adds elements to the expected HTML.
            let plain: String = text.chars().filter(|c| language(*c).is_none()).collect();
            prop_assume!(!mail_body::prose(&plain).is_empty());
            prop_assert_eq!(frame(&plain), frame("text"));
        }
    }

    #[test]
    fn chinese_and_korean_are_marked() {
        let marked = |lang, text: &str| {
            let mut letter = MailBody::default();
            letter.lang = lang;
            letter.leads = vec![text.to_owned()];
            let html = render(&letter, "");
            let (_, rest) = html.split_once("font-weight:600\">").unwrap();
            rest.split_once("</p>").unwrap().0.to_owned()
        };
        assert_eq!(
            marked("en", "CNKI 中国知网 즈왕"),
            "CNKI <span lang=\"zh\">中国知网</span> <span lang=\"ko\">즈왕</span>"
        );
        assert_eq!(
            marked("zh-Hans", "中国知网 즈왕"),
            "中国知网 <span lang=\"ko\">즈왕</span>"
        );
        assert_eq!(
            marked("ko", "中国知网 즈왕"),
            "<span lang=\"zh\">中国知网</span> 즈왕"
        );
    }

    #[test]
    fn within_a_sentence_the_address_alone_is_the_link() {
        let url = "https://a.example/?x=1&y=2";
        let mut letter = MailBody::default();
        letter.push(MailBlock::Para(LinkedText::link(
            format!("Open {url} now."),
            url,
        )));
        let html = render(&letter, "");
        let address = "https://a.example/?x=1&#38;y=2";
        let link = format!("Open <a href=\"{address}\" style=\"color:#0a3d91\">{address}</a> now.");
        assert!(html.contains(&link), "{html}");
    }
}
