//! One sheet of a workbook: its cells become blocks, a row's title and date with them.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};

use super::formula::{CellPosition, Formula, cell, name};
use crate::links::read::block::{Block, Hyperlink};
use crate::links::read::error::{Limits, ReadError};
use crate::links::read::office::package::{Relations, iso_date};
use crate::links::read::office::xml::{Node, XmlElement, XmlReader};
use crate::model::citation::{PartialDate, Place};

/// What errors call the format.
pub(super) const FORMAT: &str = "XLSX";

/// What sheets share.
pub struct Workbook {
    pub shared: Vec<Box<str>>,
    pub counts_from_1904: bool,
    pub limits: Limits,
}

/// A cell while its row is read.
struct Value {
    at: CellPosition,
    text: String,
}

/// What a row's column says about its links, by the words of the first row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Title,
    Accessed,
}

pub struct Sheet<'a> {
    workbook: &'a Workbook,
    relations: &'a Relations,
    name: Option<String>,
    /// The addresses that the sheet gives its cells.
    hyperlinks: HashMap<CellPosition, Vec<String>>,
    formulas: HashMap<CellPosition, Formula>,
    /// The cells that formulas put addresses together from, and their texts.
    wanted: HashSet<CellPosition>,
    values: HashMap<CellPosition, String>,
    roles: HashMap<u32, Role>,
    blocks: Vec<Block>,
    /// Which block shows a formula.
    blocks_of_formulas: Vec<(CellPosition, usize)>,
}

impl<'a> Sheet<'a> {
    pub fn new(workbook: &'a Workbook, relations: &'a Relations, name: Option<String>) -> Self {
        Self {
            workbook,
            relations,
            name,
            hyperlinks: HashMap::new(),
            formulas: HashMap::new(),
            wanted: HashSet::new(),
            values: HashMap::new(),
            roles: HashMap::new(),
            blocks: Vec::new(),
            blocks_of_formulas: Vec::new(),
        }
    }

    pub fn read(mut self, xml: &str) -> Result<Vec<Block>, ReadError> {
        // Links follow the cells they belong to, so a sheet that has any is read twice.
        if xml.contains("hyperlink ") || Formula::has_hyperlink(xml) {
            self.find_links(xml)?;
        }
        self.read_cells(xml)?;
        self.add_formula_links();
        self.add_links_of_empty_cells();
        Ok(self.blocks)
    }

    fn find_links(&mut self, xml: &str) -> Result<(), ReadError> {
        let mut reader = XmlReader::new(FORMAT, xml, self.workbook.limits);
        let mut position = Position::default();
        let mut shared: HashMap<String, (CellPosition, String)> = HashMap::new();
        while let Some(node) = reader.read()? {
            let Node::Start(element) = node else { continue };
            match element.name() {
                "row" | "c" => position.advance(&element)?,
                "f" => {
                    let id = match element.attribute("t")?.as_deref() {
                        Some("shared") => element.attribute("si")?,
                        _ => None,
                    };
                    let text = reader.text()?;
                    self.add_formula(position.cell, id, text, &mut shared);
                }
                "hyperlink" => self.add_hyperlink(&element)?,
                _ => {}
            }
            let links = self.hyperlinks.len() + self.formulas.len();
            let most = self.workbook.limits.links;
            Limits::bound("the number of its links", links as u64, most)?;
        }
        self.wanted = self.formulas.values().flat_map(Formula::cells).collect();
        Ok(())
    }

    fn add_formula(
        &mut self,
        at: CellPosition,
        id: Option<String>,
        text: String,
        shared: &mut HashMap<String, (CellPosition, String)>,
    ) {
        let mut formula = Formula {
            text,
            shift: (0, 0),
        };
        if let Some(id) = id {
            if formula.text.is_empty() {
                let Some((first, text)) = shared.get(&id) else {
                    return;
                };
                formula.text.clone_from(text);
                formula.shift = (
                    i64::from(at.0) - i64::from(first.0),
                    i64::from(at.1) - i64::from(first.1),
                );
            } else {
                shared.insert(id, (at, formula.text.clone()));
            }
        }
        if Formula::has_hyperlink(&formula.text) {
            self.formulas.insert(at, formula);
        }
    }

    fn add_hyperlink(&mut self, element: &XmlElement<'_>) -> Result<(), ReadError> {
        let reference = element.attribute("ref")?.unwrap_or_default();
        let first = reference.split(':').next().unwrap_or_default();
        let id = element.prefixed("id")?.unwrap_or_default();
        let (Some(at), Some(address)) = (cell(first), self.relations.external(&id)) else {
            return Ok(());
        };
        let location = element.attribute("location")?;
        let address = match location.filter(|_| !address.contains('#')) {
            Some(location) if !location.is_empty() => format!("{address}#{location}"),
            _ => address.to_owned(),
        };
        self.hyperlinks.entry(at).or_default().push(address);
        Ok(())
    }

    fn read_cells(&mut self, xml: &str) -> Result<(), ReadError> {
        let mut reader = XmlReader::new(FORMAT, xml, self.workbook.limits);
        let mut position = Position::default();
        let mut row: Vec<Value> = Vec::new();
        let (mut kind, mut text, mut is_in_value) = (None, String::new(), false);
        while let Some(node) = reader.read()? {
            match node {
                Node::Start(element) => match element.name() {
                    "f" | "rPh" | "extLst" => reader.skip()?,
                    "row" => position.advance(&element)?,
                    "c" => {
                        position.advance(&element)?;
                        kind = element.attribute("t")?;
                        text.clear();
                    }
                    "v" | "t" => is_in_value = true,
                    _ => {}
                },
                Node::End(end) => match end.as_str() {
                    "v" | "t" => is_in_value = false,
                    "c" => row.push(Value {
                        at: position.cell,
                        text: self.shown(kind.as_deref(), std::mem::take(&mut text)),
                    }),
                    "row" => self.end_row(std::mem::take(&mut row))?,
                    _ => {}
                },
                Node::Text(more) if is_in_value => text.push_str(&more),
                Node::Text(_) => {}
            }
        }
        self.end_row(row)
    }

    /// The text of a cell: shared texts are given by number.
    fn shown(&self, kind: Option<&str>, value: String) -> String {
        if kind == Some("s") {
            let text = value
                .trim()
                .parse::<usize>()
                .ok()
                .and_then(|n| self.workbook.shared.get(n));
            return text.map(ToString::to_string).unwrap_or_default();
        }
        value
    }

    fn end_row(&mut self, row: Vec<Value>) -> Result<(), ReadError> {
        let title = self.role_text(&row, Role::Title);
        let accessed = self
            .role_text(&row, Role::Accessed)
            .and_then(|text| self.date(&text));
        if self.roles.is_empty() && row.iter().any(|value| !value.text.trim().is_empty()) {
            self.roles = roles(&row);
        }
        for value in row {
            if self.wanted.contains(&value.at) {
                self.values.insert(value.at, value.text.clone());
            }
            let has_formula = self.formulas.contains_key(&value.at);
            let targets = self.hyperlinks.remove(&value.at).unwrap_or_default();
            if targets.is_empty() && !has_formula && !may_hold_link(&value.text) {
                continue;
            }
            if has_formula {
                self.blocks_of_formulas.push((value.at, self.blocks.len()));
            }
            let mut block = self.block(value.at, value.text, targets);
            block.title.clone_from(&title);
            block.accessed = accessed;
            self.blocks.push(block);
            Limits::bound(
                "the number of its cells",
                self.blocks.len() as u64,
                self.workbook.limits.blocks,
            )?;
        }
        Ok(())
    }

    fn block(&self, at: CellPosition, text: String, targets: Vec<String>) -> Block {
        let links = targets
            .into_iter()
            .map(|target| Hyperlink {
                range: 0..text.len(),
                target,
            })
            .collect();
        Block {
            place: Place::Cell {
                sheet: self.name.clone(),
                cell: name(at),
            },
            text,
            links,
            title: None,
            accessed: None,
        }
    }

    fn role_text(&self, row: &[Value], role: Role) -> Option<String> {
        let cell = row
            .iter()
            .find(|value| self.roles.get(&value.at.0) == Some(&role))?;
        let text = cell.text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A day as text, or as the number of days that workbooks count.
    fn date(&self, text: &str) -> Option<PartialDate> {
        if let Some(date) = iso_date(&text.replace(['/', '.'], "-"))
            .filter(|_| text.len() != 5 || text.contains(['-', '/', '.']))
        {
            return Some(date);
        }
        let days: u64 = text.split('.').next()?.parse().ok()?;
        let first = if self.workbook.counts_from_1904 {
            NaiveDate::from_ymd_opt(1904, 1, 1)?
        } else {
            NaiveDate::from_ymd_opt(1899, 12, 30)?
        };
        // From 1982 to 2119: other numbers are not days of citing.
        (30_000..80_000).contains(&days).then_some(())?;
        Some(PartialDate::Day(first.checked_add_days(Days::new(days))?))
    }

    fn add_formula_links(&mut self) {
        for (at, block) in std::mem::take(&mut self.blocks_of_formulas) {
            let Some(formula) = self.formulas.get(&at) else {
                continue;
            };
            let values = &self.values;
            let block = &mut self.blocks[block];
            for target in formula.addresses(&mut |cell| values.get(&cell).cloned()) {
                block.links.push(Hyperlink {
                    range: 0..block.text.len(),
                    target,
                });
            }
        }
    }

    fn add_links_of_empty_cells(&mut self) {
        let mut left: Vec<(CellPosition, Vec<String>)> = self.hyperlinks.drain().collect();
        left.sort_unstable_by_key(|((column, row), _)| (*row, *column));
        for (at, targets) in left {
            let block = self.block(at, String::new(), targets);
            self.blocks.push(block);
        }
    }
}

/// Where the reader is: rows and cells may leave out their references.
#[derive(Default)]
struct Position {
    row: Option<u32>,
    cell: CellPosition,
    has_cell: bool,
}

impl Position {
    fn advance(&mut self, element: &XmlElement<'_>) -> Result<(), ReadError> {
        let reference = element.attribute("r")?;
        if element.name() == "row" {
            let stated = reference.and_then(|r| r.parse::<u32>().ok()?.checked_sub(1));
            let row = stated.unwrap_or_else(|| self.row.map_or(0, |row| row.saturating_add(1)));
            self.row = Some(row);
            self.cell = (0, row);
            self.has_cell = false;
        } else {
            let next = if self.has_cell {
                (self.cell.0.saturating_add(1), self.cell.1)
            } else {
                self.cell
            };
            self.cell = reference.as_deref().and_then(cell).unwrap_or(next);
            self.has_cell = true;
        }
        Ok(())
    }
}

/// Every form of a link has a scheme, a host, a path or an identifier.
fn may_hold_link(text: &str) -> bool {
    text.contains(['.', ':', '/'])
        && (text.bytes().any(|b| b.is_ascii_alphabetic()) || text.trim_start().starts_with("10."))
}

/// The roles of columns by the words of the first row.
fn roles(row: &[Value]) -> HashMap<u32, Role> {
    let mut roles = HashMap::new();
    for value in row {
        let word = value.text.trim().to_lowercase();
        let role = match word.as_str() {
            "title" | "name" | "标题" | "題名" | "标题名称" | "題目" | "题名" | "標題" | "제목"
            | "タイトル" => Role::Title,
            "accessed" | "access date" | "date accessed" | "urldate" | "retrieved" | "visited"
            | "访问日期" | "引用日期" | "检索日期" | "浏览日期" | "檢索日期" | "訪問日期"
            | "瀏覽日期" | "검색일" | "접속일" | "열람일" | "閲覧日" | "最終閲覧日"
            | "アクセス日" => Role::Accessed,
            _ => continue,
        };
        roles.insert(value.at.0, role);
    }
    roles
}
