//! A letter as plain text: in lines of 76 columns, labels before their values.

use super::letter::{Block, Letter, prose};
use super::wrap::wrap;
use crate::i18n::mail::Marks;

/// The text part. Lines end in `\n`; lettre makes them CRLF.
#[must_use]
pub fn render(letter: &Letter) -> String {
    let mut out = String::new();
    let marks = letter.marks;
    for lead in &letter.leads {
        wrap(&mut out, ["", ""], &prose(lead), marks);
    }
    let mut under_heading = false;
    for block in &letter.blocks {
        if !under_heading {
            out.push('\n');
        }
        render_block(&mut out, block, marks);
        under_heading = matches!(block, Block::Heading(_));
    }
    out.push_str("\n-- \n");
    wrap(&mut out, ["", ""], &prose(&letter.footer), marks);
    out
}

fn render_block(out: &mut String, block: &Block, marks: &Marks) {
    match block {
        Block::Heading(text) => {
            out.push_str(&prose(text));
            out.push_str(marks.heading);
            out.push('\n');
        }
        Block::Para(value) => wrap(out, ["", ""], &prose(&value.text), marks),
        Block::Facts(facts) => {
            for (label, value) in facts {
                let label = format!("{}{}", prose(label), marks.colon);
                wrap(out, [&label, "  "], &prose(&value.text), marks);
            }
        }
        Block::Table { head, rows } => {
            for row in rows {
                wrap(out, ["- ", "  "], &row_as_line(head, row, marks), marks);
            }
        }
        Block::List(items) => {
            for item in items {
                wrap(out, ["- ", "  "], &prose(item), marks);
            }
        }
        Block::Command(command) => {
            out.push_str("    ");
            out.push_str(&prose(command));
            out.push('\n');
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
