//! The addresses of `HYPERLINK()` in formulas.
//!
//! An address is evaluated when it consists of texts, numbers and cells of the same sheet. For any
//! other formula, only the value that the program stored in the cell is available.

/// A cell by its column and row, from 0.
pub type CellPosition = (u32, u32);

/// The expressions of a formula are nested at most this deep.
const DEPTH: u32 = 32;

/// The column and row of a reference such as `B7` or `$B$7`.
pub fn cell(reference: &str) -> Option<CellPosition> {
    let (cell, rest) = reference_at(reference)?;
    rest.is_empty().then_some(cell.at)
}

/// `B7` for a column and row from 0.
pub fn name((column, row): CellPosition) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(char::from(
            b'A' + u8::try_from((left - 1) % 26).unwrap_or(0),
        ));
        left = (left - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", row + 1)
}

struct Reference {
    at: CellPosition,
    is_column_fixed: bool,
    is_row_fixed: bool,
}

/// The reference that `text` begins with, and what follows it.
fn reference_at(text: &str) -> Option<(Reference, &str)> {
    let (is_column_fixed, rest) = strip_dollar(text);
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = rest[..letters]
        .bytes()
        .try_fold(0_u32, |column, letter| {
            column
                .checked_mul(26)?
                .checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
        })?
        .checked_sub(1)?;
    let (is_row_fixed, rest) = strip_dollar(&rest[letters..]);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let row: u32 = rest[..digits].parse().ok()?;
    let reference = Reference {
        at: (column, row.checked_sub(1)?),
        is_column_fixed,
        is_row_fixed,
    };
    Some((reference, &rest[digits..]))
}

fn strip_dollar(text: &str) -> (bool, &str) {
    text.strip_prefix('$')
        .map_or((false, text), |rest| (true, rest))
}

/// A formula and how far its cell is from the one it was written for (columns, rows): formulas that
/// are filled down are stored once.
#[derive(Debug, Clone)]
pub struct Formula {
    pub text: String,
    pub shift: (i64, i64),
}

impl Formula {
    /// Whether the formula calls `HYPERLINK`.
    pub fn has_hyperlink(text: &str) -> bool {
        text.to_ascii_uppercase().contains("HYPERLINK(")
    }

    /// The addresses of all calls of `HYPERLINK` whose first argument can be evaluated.
    /// `value` gives the text of a cell of the same sheet.
    pub fn addresses(&self, value: &mut dyn FnMut(CellPosition) -> Option<String>) -> Vec<String> {
        let upper = self.text.to_ascii_uppercase();
        let mut addresses = Vec::new();
        let mut from = 0;
        while let Some(found) = upper[from..].find("HYPERLINK(") {
            from += found + "HYPERLINK(".len();
            let mut parser = Parser {
                rest: &self.text[from..],
                shift: self.shift,
                value,
                depth: 0,
            };
            if let Some(address) = parser.expression()
                && parser.at_end_of_argument()
            {
                let address = address.trim().to_owned();
                if !address.is_empty() && !address.starts_with('#') {
                    addresses.push(address);
                }
            }
        }
        addresses
    }

    /// The cells that the addresses are put together from.
    pub fn cells(&self) -> Vec<CellPosition> {
        let mut cells = Vec::new();
        self.addresses(&mut |cell| {
            cells.push(cell);
            Some(String::new())
        });
        cells
    }
}

struct Parser<'a, 'v> {
    rest: &'a str,
    shift: (i64, i64),
    value: &'v mut dyn FnMut(CellPosition) -> Option<String>,
    depth: u32,
}

impl Parser<'_, '_> {
    /// Terms that `&` joins.
    fn expression(&mut self) -> Option<String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let mut text = self.term()?;
        while self.eat('&') {
            text.push_str(&self.term()?);
        }
        self.depth -= 1;
        Some(text)
    }

    fn term(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        if self.eat('(') {
            let text = self.expression()?;
            return self.eat(')').then_some(text);
        }
        if self.rest.starts_with('"') {
            return self.string();
        }
        for function in ["CONCATENATE(", "CONCAT(", "_xlfn.CONCAT("] {
            let is_it = self.rest.get(..function.len());
            if is_it.is_some_and(|begin| begin.eq_ignore_ascii_case(function)) {
                self.rest = &self.rest[function.len()..];
                return self.arguments();
            }
        }
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let (number, rest) = self.rest.split_at(digits);
            self.rest = rest;
            return Some(number.to_owned());
        }
        let (reference, rest) = reference_at(self.rest)?;
        self.rest = rest;
        let moved = |at: u32, is_fixed: bool, by: i64| {
            u32::try_from(i64::from(at) + if is_fixed { 0 } else { by }).ok()
        };
        let column = moved(reference.at.0, reference.is_column_fixed, self.shift.0)?;
        let row = moved(reference.at.1, reference.is_row_fixed, self.shift.1)?;
        (self.value)((column, row))
    }

    /// The arguments of a function, joined.
    fn arguments(&mut self) -> Option<String> {
        let mut text = self.expression()?;
        while self.eat(',') {
            text.push_str(&self.expression()?);
        }
        self.eat(')').then_some(text)
    }

    /// A text in quotes; two quotes in it are one.
    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut rest = self.rest.strip_prefix('"')?;
        loop {
            let end = rest.find('"')?;
            text.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            match rest.strip_prefix('"') {
                Some(more) => {
                    text.push('"');
                    rest = more;
                }
                None => break,
            }
        }
        self.rest = rest;
        Some(text)
    }

    fn eat(&mut self, c: char) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(c);
        self.rest = found.unwrap_or(rest);
        found.is_some()
    }

    fn at_end_of_argument(&self) -> bool {
        self.rest.trim_start().starts_with([',', ')'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(formula: &str, shift: (i64, i64)) -> Vec<String> {
        let formula = Formula {
            text: formula.to_owned(),
            shift,
        };
        formula.addresses(&mut |cell| match name(cell).as_str() {
            "A2" => Some("https://a.example/2".to_owned()),
            "A3" => Some("https://a.example/3".to_owned()),
            "B2" => Some("42".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn cells_are_named_both_ways() {
        for (text, at) in [
            ("A1", (0, 0)),
            ("Z9", (25, 8)),
            ("AA10", (26, 9)),
            ("XFD1", (16383, 0)),
        ] {
            assert_eq!(cell(text), Some(at));
            assert_eq!(name(at), text);
        }
        for text in ["", "A", "1", "A0", "A1B", "ZZZZZZZZZ1", "A99999999999"] {
            assert_eq!(cell(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_are_put_together() {
        for (formula, expected) in [
            (
                r#"HYPERLINK("https://a.example/x","here")"#,
                "https://a.example/x",
            ),
            (
                r#"hyperlink( "https://a.example/""q""" )"#,
                r#"https://a.example/"q""#,
            ),
            ("HYPERLINK(A2)", "https://a.example/2"),
            ("HYPERLINK($A$2,B2)", "https://a.example/2"),
            (
                r#"HYPERLINK("https://a.example/?id="&B2&"&x="&7,"t")"#,
                "https://a.example/?id=42&x=7",
            ),
            (
                r#"HYPERLINK(CONCATENATE("https://a.example/",B2),"t")"#,
                "https://a.example/42",
            ),
            (
                r#"IF(B2>1,HYPERLINK(("https://a.example/x")),"")"#,
                "https://a.example/x",
            ),
        ] {
            assert_eq!(addresses(formula, (0, 0)), [expected], "{formula}");
        }
    }

    #[test]
    fn what_cannot_be_evaluated_has_no_address() {
        for formula in [
            "HYPERLINK(VLOOKUP(A2,B:C,2))",
            "HYPERLINK(Other!A1)",
            r##"HYPERLINK("#Sheet2!A1","inner")"##,
            r#"HYPERLINK("https://a.example/"#,
            "HYPERLINK(",
            "SUM(A1:A3)",
            "HYPERLINK(A9)",
        ] {
            assert!(addresses(formula, (0, 0)).is_empty(), "{formula}");
        }
        let deep = format!("HYPERLINK({}", "(".repeat(100_000));
        assert!(addresses(&deep, (0, 0)).is_empty());
    }

    #[test]
    fn a_formula_that_is_filled_down_moves_its_cells() {
        assert_eq!(addresses("HYPERLINK(A2)", (0, 1)), ["https://a.example/3"]);
        assert_eq!(
            addresses("HYPERLINK($A$2)", (0, 1)),
            ["https://a.example/2"]
        );
        assert!(addresses("HYPERLINK(A2)", (0, -9)).is_empty());
    }
}
