//! A letter as plain text, labels before their values. A paragraph is one line: mail programs break it as wide as their
//! window, a telephone's too.

use super::letter::{Block, Letter, prose};
use crate::i18n::mail::Marks;

/// The text part. Lines end in `\n`; lettre makes them CRLF, and encodes what is too long for a line of its own.
#[must_use]
pub fn render(letter: &Letter) -> String {
    let mut out = String::new();
    let marks = letter.marks;
    for lead in &letter.leads {
        line(&mut out, &[lead]);
    }
    let mut before: Option<&Block> = None;
    for block in letter.blocks() {
        if !before.is_some_and(|before| block.goes_on_from(before)) {
            out.push('\n');
        }
        render_block(&mut out, block, marks);
        before = Some(block);
    }
    out.push_str("\n-- \n");
    line(&mut out, &[&letter.footer]);
    out
}

/// Pieces on one line, each cleaned.
fn line(out: &mut String, pieces: &[&str]) {
    for piece in pieces {
        out.push_str(&prose(piece));
    }
    out.push('\n');
}

fn render_block(out: &mut String, block: &Block, marks: &Marks) {
    match block {
        Block::Heading(text) | Block::Technician(text) => {
            let asks = text.ends_with(['?', '？']);
            out.push_str(&prose(text));
            out.push_str(if asks { "" } else { marks.heading });
            out.push('\n');
        }
        Block::Para(value) => line(out, &[&value.text]),
        Block::Quote { label, text } => {
            out.extend([&prose(label), marks.colon]);
            line(out, &[text]);
        }
        Block::Facts(facts) => {
            for (label, value) in facts {
                out.extend([&prose(label), marks.colon]);
                line(out, &[&value.text]);
            }
        }
        Block::Table { head, rows } => {
            for row in rows {
                out.push_str("- ");
                line(out, &[&row_as_line(head, row, marks)]);
            }
        }
        Block::List(items) => {
            for item in items {
                out.push_str("- ");
                line(out, &[item]);
            }
        }
        Block::Command(command) => {
            out.push_str("    ");
            line(out, &[command]);
        }
        Block::Answers(answers) => {
            for answer in answers {
                let (label, href) = (prose(&answer.label), prose(&answer.short_href()));
                out.extend(["- ", &label, marks.colon, "<", &href, ">\n"]);
            }
        }
        Block::Rule => out.push_str("----------------------------------------\n"),
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
