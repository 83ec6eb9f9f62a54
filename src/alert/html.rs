//! A letter as HTML for mail programs: one column in a layout table, real tables for data, no
//! pictures, nothing fetched from anywhere.

use super::letter::{self, Block, Letter, Value};
use super::script;
use crate::text::clean;

// Contrast on white (WCAG 2.2): 16.1:1 for text, 7.0:1 for the label grey, 8.6:1 for links. States
// are words; colour carries nothing.
const TEXT: &str = "#1f2328";
const LABEL: &str = "#57606a";
const LINK: &str = "#0a3d91";
const LINE: &str = "#d0d7de";
const FONT: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans CJK SC',\
     'Microsoft YaHei','Malgun Gothic',sans-serif;font-size:16px;line-height:1.5";

/// The HTML part.
#[must_use]
pub fn render(letter: &Letter, title: &str) -> String {
    let mut body = each(&letter.leads, |lead| {
        format!(
            "<p style=\"margin:0 0 12px;font-size:18px;font-weight:600\">{}</p>\n",
            prose(lead)
        )
    });
    for block in &letter.blocks {
        render_block(&mut body, block);
    }
    let footer = format!(
        "<p style=\"margin:24px 0 0;padding-top:12px;border-top:1px solid {LINE};color:{LABEL}\">{}</p>\n",
        prose(&letter.footer)
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
         <tr><td align=\"left\" style=\"{FONT};color:{TEXT};overflow-wrap:anywhere\">\n{body}{footer}\
         </td></tr>\n</table>\n</td></tr>\n</table>\n</body>\n</html>\n",
        lang = letter.lang,
        title = clean::html(&letter::prose(title)),
    )
}

fn render_block(out: &mut String, block: &Block) {
    let html = match block {
        Block::Heading(text) => format!(
            "<h2 style=\"margin:20px 0 6px;font-size:16px;font-weight:600\">{}</h2>\n",
            prose(text)
        ),
        Block::Para(text) => format!("<p style=\"margin:0 0 8px\">{}</p>\n", value(text)),
        Block::Facts(facts) => fact_table(facts),
        Block::Table { head, rows } => data_table(head, rows),
        Block::List(items) => list(items),
        Block::Command(command) => format!(
            "<p style=\"margin:0 0 8px;padding:8px 10px;background:#f6f8fa;border:1px solid {LINE}\">\
             <code style=\"font-family:ui-monospace,Consolas,monospace;font-size:15px\">{}</code></p>\n",
            prose(command)
        ),
        Block::Rule => {
            format!("<hr style=\"margin:24px 0;border:0;border-top:1px solid {LINE}\">\n")
        }
    };
    out.push_str(&html);
}

fn fact_table(facts: &[(String, Value)]) -> String {
    let rows = each(facts, |(label, text)| {
        format!(
            "<tr><th scope=\"row\" align=\"left\" valign=\"top\" style=\"padding:3px 16px 3px 0;\
             font-weight:400;color:{LABEL};white-space:nowrap\">{}</th>\
             <td valign=\"top\" style=\"padding:3px 0\">{}</td></tr>\n",
            prose(label),
            value(text)
        )
    });
    format!(
        "<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"{FONT};margin:8px 0;border-collapse:collapse\">\n{rows}</table>\n"
    )
}

fn data_table(head: &[String], rows: &[Vec<String>]) -> String {
    // `break-word` keeps whole words whole where `anywhere` would not.
    let cell = format!("padding:6px 8px;border:1px solid {LINE};overflow-wrap:break-word");
    let head = each(head, |name| {
        format!(
            "<th scope=\"col\" align=\"left\" style=\"{cell};background:#f6f8fa\">{}</th>",
            prose(name)
        )
    });
    let rows = each(rows, |row| {
        let cells = each(row, |text| {
            format!("<td valign=\"top\" style=\"{cell}\">{}</td>", prose(text))
        });
        format!("<tr>{cells}</tr>\n")
    });
    format!(
        "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"{FONT};margin:4px 0 8px;border-collapse:collapse\">\n<tr>{head}</tr>\n{rows}</table>\n"
    )
}

/// One piece of HTML an item, joined.
fn each<T>(items: &[T], html: impl Fn(&T) -> String) -> String {
    items.iter().map(html).collect::<Vec<_>>().concat()
}

fn list(items: &[String]) -> String {
    let items = each(items, |item| {
        format!("<li style=\"margin:0 0 4px\">{}</li>\n", prose(item))
    });
    format!("<ul style=\"margin:0 0 8px;padding-left:22px\">\n{items}</ul>\n")
}

fn value(value: &Value) -> String {
    match &value.href {
        Some(href) => format!(
            "<a href=\"{}\" style=\"color:{LINK}\">{}</a>",
            clean::html(&letter::prose(href)),
            prose(&value.text)
        ),
        None => prose(&value.text),
    }
}

/// Cleaned, escaped, and with Chinese and Korean marked as such: a screen reader changes its voice,
/// a browser picks the right shapes.
fn prose(text: &str) -> String {
    let text = letter::prose(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let lang = language(first);
        let end = rest.find(|c| language(c) != lang).unwrap_or(rest.len());
        let run = clean::html(&rest[..end]);
        match lang {
            Some(lang) => out.extend(["<span lang=\"", lang, "\">", &run, "</span>"]),
            None => out.push_str(&run),
        }
        rest = &rest[end..];
    }
    out
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
        let letter = Letter {
            leads: vec!["<script>alert('1')</script> & \"x\"".to_owned()],
            lang: "en",
            ..Letter::default()
        };
        let html = render(&letter, "</title><b>");
        assert!(!html.contains("<script") && !html.contains("</title><b>"));
        assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)"));
    }

    #[test]
    fn chinese_and_korean_are_marked() {
        assert_eq!(
            prose("CNKI 中国知网 즈왕"),
            "CNKI <span lang=\"zh\">中国知网</span> <span lang=\"ko\">즈왕</span>"
        );
    }
}
