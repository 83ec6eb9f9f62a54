//! A letter as plain text: wrapped at 76 columns, addresses and commands never broken.

use super::letter::{Block, Letter, prose};
use super::script;

const WIDTH: usize = 76;

/// The text part. Lines end in `\n`; lettre makes them CRLF.
#[must_use]
pub fn render(letter: &Letter) -> String {
    let mut out = String::new();
    for lead in &letter.leads {
        wrap(&mut out, "", "", &prose(lead));
    }
    let mut under_heading = false;
    for block in &letter.blocks {
        if !under_heading {
            out.push('\n');
        }
        render_block(&mut out, block);
        under_heading = matches!(block, Block::Heading(_));
    }
    out.push_str("\n-- \n");
    wrap(&mut out, "", "", &prose(&letter.footer));
    out
}

fn render_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(text) => {
            out.push_str(&prose(text));
            out.push_str(":\n");
        }
        Block::Para(value) => wrap(out, "", "", &prose(&value.text)),
        Block::Facts(facts) => {
            for (label, value) in facts {
                let label = format!("{}: ", prose(label));
                wrap(out, &label, "  ", &prose(&value.text));
            }
        }
        Block::Table { head, rows } => {
            for row in rows {
                wrap(out, "- ", "  ", &row_as_line(head, row));
            }
        }
        Block::List(items) => {
            for item in items {
                wrap(out, "- ", "  ", &prose(item));
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
fn row_as_line(head: &[String], row: &[String]) -> String {
    let mut line = String::new();
    for (at, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        match at {
            0 => {}
            1 => line.push_str(": "),
            _ => {
                line.push_str("; ");
                if let Some(name) = head.get(at) {
                    line.push_str(&name.to_lowercase());
                    line.push_str(": ");
                }
            }
        }
        line.push_str(&prose(cell));
    }
    line
}

/// Breaks at spaces only; `first` opens the first line and `next` the others.
fn wrap(out: &mut String, first: &str, next: &str, text: &str) {
    out.push_str(first);
    let mut column = width(first);
    let mut fresh = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let w = width(word);
        if !fresh && column + 1 + w > WIDTH {
            out.push('\n');
            out.push_str(next);
            column = width(next);
        } else if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += w;
        fresh = false;
    }
    out.push('\n');
}

/// Columns, with East Asian characters two wide. Near enough for wrapping.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if script::is_east_asian(c) { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_at_spaces_and_addresses_do_not() {
        let url = format!("https://a.example/{}", "x".repeat(120));
        let letter = Letter {
            leads: vec![format!("{} {url} end", "word ".repeat(30))],
            ..Letter::default()
        };
        let text = render(&letter);
        assert!(text.contains(&url));
        assert!(text.lines().all(|l| l.len() <= WIDTH || l == url), "{text}");
    }

    #[test]
    fn a_row_names_its_columns() {
        let head = ["Vantage", "Result", "Since"].map(str::to_owned);
        let row = ["Seoul", "refused", "noon"].map(str::to_owned);
        assert_eq!(row_as_line(&head, &row), "Seoul: refused; since: noon");
    }
}
