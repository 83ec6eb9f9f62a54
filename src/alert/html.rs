//! A letter as HTML for mail programs: one column in a layout table, real tables for data, no
//! pictures, nothing fetched from anywhere.

use super::letter::{self, Answer, Block, Letter, Value};
use super::script;
use crate::text::clean;

// Contrast on white (WCAG 2.2): 16.1:1 for text, 7.0:1 for the label grey, 8.6:1 for links. States
// are words; colour carries nothing.
const TEXT: &str = "#1f2328";
const LABEL: &str = "#57606a";
const LINK: &str = "#0a3d91";
const LINE: &str = "#d0d7de";
const SIZE: &str = "font-size:16px;line-height:1.5";

/// The HTML part.
#[must_use]
pub fn render(letter: &Letter, title: &str) -> String {
    let page = Page::in_language(letter.lang, letter.marks.colon);
    let font = &page.font;
    let leads: Vec<(usize, &String)> = letter.leads.iter().enumerate().collect();
    let mut body = each(&leads, |(at, lead)| {
        // Of each three the first says how serious it is.
        let weight = if at % 3 == 0 {
            "font-size:18px;font-weight:600"
        } else {
            SIZE
        };
        format!(
            "<p style=\"margin:0 0 8px;{weight}\">{}</p>\n",
            page.prose(lead)
        )
    });
    for block in letter.blocks() {
        body.push_str(&page.block(block));
    }
    let footer = format!(
        "<p style=\"margin:24px 0 0;padding-top:12px;border-top:1px solid {LINE};color:{LABEL}\">{}</p>\n",
        page.prose(&letter.footer)
    );
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light\">\n<title>{title}</title>\n</head>\n\
         <body style=\"margin:0;padding:0;background:#ffffff;color:{TEXT}\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n\
         <tr><td align=\"center\" style=\"padding:16px\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"max-width:680px\">\n\
         <tr><td align=\"left\" style=\"{font};color:{TEXT};overflow-wrap:anywhere\">\n{body}{footer}\
         </td></tr>\n</table>\n</td></tr>\n</table>\n</body>\n</html>\n",
        lang = letter.lang,
        title = clean::html(&letter::prose(title)),
    )
}

/// The language of a letter, and what follows from it.
struct Page {
    /// The primary subtag of the letter's own language (BCP 47).
    own: &'static str,
    font: String,
    /// Between a label and its value.
    colon: &'static str,
}

impl Page {
    fn in_language(tag: &'static str, colon: &'static str) -> Self {
        let own = tag.split('-').next().unwrap_or(tag);
        // Each language's own shapes first; Korean is read in whole words.
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
        let font = format!(
            "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',{east_asian},sans-serif;{SIZE}{breaks}"
        );
        Self { own, font, colon }
    }

    fn block(&self, block: &Block) -> String {
        match block {
            Block::Heading(text) => format!(
                "<h2 style=\"margin:20px 0 6px;font-size:16px;font-weight:600\">{}</h2>\n",
                self.prose(text)
            ),
            Block::Para(text) => format!("<p style=\"margin:0 0 8px\">{}</p>\n", self.value(text)),
            Block::Quote { label, text } => format!(
                "<p style=\"margin:16px 0 4px;color:{LABEL}\">{}</p>\n\
             <blockquote style=\"margin:0 0 12px;padding:8px 12px;border-left:4px solid {LINE};background:#f6f8fa\">{}</blockquote>\n",
                self.prose(label),
                self.prose(text)
            ),
            Block::Facts(facts) => self.fact_list(facts),
            Block::Table { head, rows } => self.data_table(head, rows),
            Block::List(items) => self.list(items),
            Block::Command(command) => format!(
                "<p style=\"margin:0 0 8px;padding:8px 10px;background:#f6f8fa;border:1px solid {LINE}\">\
             <code style=\"font-family:ui-monospace,Consolas,monospace;font-size:14px\">{}</code></p>\n",
                self.prose(command)
            ),
            Block::Answers(answers) => self.answers(answers),
            Block::Rule => {
                format!("<hr style=\"margin:24px 0;border:0;border-top:1px solid {LINE}\">\n")
            }
            Block::Technician(text) => format!(
                "<h2 style=\"margin:24px 0 6px;padding-top:12px;border-top:1px solid {LINE};\
             font-size:16px;font-weight:600;color:{LABEL}\">{}</h2>\n",
                self.prose(text)
            ),
        }
    }

    /// Labels and values run on in one paragraph each: columns would be narrow on a telephone.
    fn fact_list(&self, facts: &[(String, Value)]) -> String {
        let rows = each(facts, |(label, text)| {
            format!(
                "<p style=\"margin:0 0 6px\"><span style=\"color:{LABEL}\">{}{}</span>{}</p>\n",
                self.prose(label),
                self.colon,
                self.value(text)
            )
        });
        format!("<div style=\"margin:12px 0\">\n{rows}</div>\n")
    }

    /// Links that are easily hit with a finger.
    fn answers(&self, answers: &[Answer]) -> String {
        let links = each(answers, |answer| {
            format!(
                "<a href=\"{}\" style=\"display:inline-block;margin:0 8px 8px 0;padding:8px 12px;\
             border:1px solid {LINK};border-radius:4px;color:{LINK};text-decoration:none\">{}</a>\n",
                clean::html(&letter::prose(&answer.href())),
                self.prose(&answer.label)
            )
        });
        format!("<p style=\"margin:4px 0\">\n{links}</p>\n")
    }

    fn data_table(&self, head: &[String], rows: &[Vec<String>]) -> String {
        // `break-word` keeps whole words whole where `anywhere` would not.
        let cell = format!("padding:6px 8px;border:1px solid {LINE};overflow-wrap:break-word");
        let head = each(head, |name| {
            format!(
                "<th scope=\"col\" align=\"left\" style=\"{cell};background:#f6f8fa\">{}</th>",
                self.prose(name)
            )
        });
        let rows = each(rows, |row| {
            let cells = each(row, |text| {
                format!(
                    "<td valign=\"top\" style=\"{cell}\">{}</td>",
                    self.prose(text)
                )
            });
            format!("<tr>{cells}</tr>\n")
        });
        let font = &self.font;
        format!(
            "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"{font};margin:4px 0 8px;border-collapse:collapse\">\n<tr>{head}</tr>\n{rows}</table>\n"
        )
    }

    fn list(&self, items: &[String]) -> String {
        let items = each(items, |item| {
            format!("<li style=\"margin:0 0 4px\">{}</li>\n", self.prose(item))
        });
        format!("<ul style=\"margin:0 0 8px;padding-left:22px\">\n{items}</ul>\n")
    }

    /// What leads somewhere; within a sentence the address alone.
    fn value(&self, value: &Value) -> String {
        let Some(href) = &value.href else {
            return self.prose(&value.text);
        };
        let (before, linked, after) = match value.text.split_once(href.as_str()) {
            Some((before, after)) => (before, href.as_str(), after),
            None => ("", value.text.as_str(), ""),
        };
        // Cleaning takes the spaces that part the address from its sentence.
        let space = |is: bool| if is { " " } else { "" };
        format!(
            "{}{}<a href=\"{}\" style=\"color:{LINK}\">{}</a>{}{}",
            self.prose(before),
            space(before.ends_with(' ')),
            clean::html(&letter::prose(href)),
            self.prose(linked),
            space(after.starts_with(' ')),
            self.prose(after)
        )
    }

    /// Cleaned, escaped, and with Chinese and Korean marked as such: a screen reader changes its voice,
    /// a browser picks the right shapes.
    fn prose(&self, text: &str) -> String {
        let text = letter::prose(text);
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let lang = self.foreign(first);
            let end = rest.find(|c| self.foreign(c) != lang).unwrap_or(rest.len());
            let run = clean::html(&rest[..end]);
            match lang {
                Some(lang) => out.extend(["<span lang=\"", lang, "\">", &run, "</span>"]),
                None => out.push_str(&run),
            }
            rest = &rest[end..];
        }
        out
    }

    /// The language of a character that is not of the letter's own.
    fn foreign(&self, c: char) -> Option<&'static str> {
        language(c).filter(|lang| *lang != self.own)
    }
}

/// One piece of HTML an item, joined.
fn each<T>(items: &[T], html: impl Fn(&T) -> String) -> String {
    items.iter().map(html).collect::<Vec<_>>().concat()
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

    #[test]
    fn markup_from_outside_is_text() {
        let mut letter = Letter::default();
        letter.leads = vec!["<script>alert('1')</script> & \"x\"".to_owned()];
        let html = render(&letter, "</title><b>");
        assert!(!html.contains("<script") && !html.contains("</title><b>"));
        assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)"));
    }

    #[test]
    fn chinese_and_korean_are_marked() {
        assert_eq!(
            Page::in_language("en", ": ").prose("CNKI 中国知网 즈왕"),
            "CNKI <span lang=\"zh\">中国知网</span> <span lang=\"ko\">즈왕</span>"
        );
        assert_eq!(
            Page::in_language("zh-Hans", ": ").prose("中国知网 즈왕"),
            "中国知网 <span lang=\"ko\">즈왕</span>"
        );
        assert_eq!(
            Page::in_language("ko", ": ").prose("中国知网 즈왕"),
            "<span lang=\"zh\">中国知网</span> 즈왕"
        );
    }
}
