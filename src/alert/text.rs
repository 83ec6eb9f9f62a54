//! A mail as plain text: `templates/letters/letter.txt` and the values that it uses. A paragraph is
//! one line: mail programs wrap it to their window, also on a telephone.

use askama::Template;

use super::mail_body::{MailBlock, MailBody, prose};
use crate::i18n::mail::Marks;

/// The text part. Lines end in `\n`; lettre makes them CRLF and encodes lines that are too long.
#[must_use]
pub fn render(letter: &MailBody) -> String {
    Plain { letter }.to_string()
}

#[derive(Template)]
#[template(path = "letters/letter.txt")]
struct Plain<'a> {
    letter: &'a MailBody,
}

impl Plain<'_> {
    /// The blocks, each with whether it continues the one before.
    fn blocks(&self) -> Vec<(bool, &MailBlock)> {
        let mut before: Option<&MailBlock> = None;
        let blocks = self.letter.blocks().map(|block| {
            let goes_on = before.is_some_and(|before| block.goes_on_from(before));
            before = Some(block);
            (goes_on, block)
        });
        blocks.collect()
    }

    /// Cleaned and on one line.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn cleaned(&self, text: impl AsRef<str>) -> String {
        prose(text.as_ref())
    }

    fn heading(&self, text: &str) -> String {
        let asks = text.ends_with(['?', '？']);
        let mark = if asks { "" } else { self.letter.marks.heading };
        format!("{}{mark}", prose(text))
    }

    fn row(&self, head: &[String], row: &[String]) -> String {
        prose(&row_as_line(head, row, self.letter.marks))
    }
}

/// `first: second; head of third: third`. Columns do not survive proportional fonts.
fn row_as_line(head: &[String], row: &[String], marks: &Marks) -> String {
    let mut line = String::new();
    for (at, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        match at {
            0 => {}
            1 => line.push_str(marks.colon),
            _ => {
                line.push_str(marks.item);
                if let Some(name) = head.get(at) {
                    line.push_str(&name.to_lowercase());
                    line.push_str(marks.colon);
                }
            }
        }
        line.push_str(&prose(cell));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::mail::texts;
    use crate::model::settings::Language;

    #[test]
    fn a_row_names_its_columns() {
        let row = |language, head: [&str; 3], cells: [&str; 3]| {
            let owned = |list: [&str; 3]| list.map(str::to_owned);
            row_as_line(&owned(head), &owned(cells), &texts(language).marks)
        };
        let head = ["Vantage", "Result", "Since"];
        assert_eq!(
            row(Language::En, head, ["Seoul", "refused", "noon"]),
            "Seoul: refused; since: noon"
        );
        let head = ["观测点", "结果", "起始时间"];
        assert_eq!(
            row(Language::Zh, head, ["首尔", "被拒绝", "正午"]),
            "首尔：被拒绝；起始时间：正午"
        );
    }
}
