//! CSV and TSV: a column of addresses, and what the other columns say about each row.

use csv::StringRecord;

use crate::links::read::block::{Block, Hyperlink, RawDocument};
use crate::links::read::dates;
use crate::links::read::error::{Limits, ReadError};
use crate::links::read::running_text;
use crate::model::citation::Place;

/// Names of columns, in lower case.
const URLS: &[&str] = &[
    "url",
    "urls",
    "link",
    "links",
    "uri",
    "href",
    "address",
    "website",
    "web",
    "网址",
    "链接",
    "链接地址",
    "地址",
    "網址",
    "連結",
    "주소",
    "링크",
    "リンク",
    "アドレス",
];
const TITLES: &[&str] = &[
    "title",
    "name",
    "标题",
    "题名",
    "名称",
    "標題",
    "題名",
    "名稱",
    "제목",
    "서명",
    "タイトル",
    "書名",
];
const DAYS: &[&str] = &[
    "accessed",
    "urldate",
    "access date",
    "access_date",
    "accessdate",
    "date accessed",
    "retrieved",
    "cited_on",
    "last accessed",
    "visited",
    "访问日期",
    "引用日期",
    "检索日期",
    "浏览日期",
    "檢索日期",
    "瀏覽日期",
    "검색일",
    "접속일",
    "열람일",
    "閲覧日",
    "最終閲覧日",
    "参照日",
    "アクセス日",
];
const DOIS: &[&str] = &["doi"];

/// The rows that are examined to find the delimiter, and their bytes.
const HEAD: usize = 10;
const MAX_HEAD: usize = 256 * 1024;

/// The delimiter, when the text is a table of at least two columns that contains addresses.
pub(in crate::links::read) fn delimiter(text: &str) -> Option<u8> {
    let mut length = 0;
    let head: Vec<&str> = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .take(HEAD)
        .take_while(|line| {
            length += line.len();
            length <= MAX_HEAD
        })
        .collect();
    if head.len() < 2 {
        return None;
    }
    b"\t,;|".iter().copied().find(|delimiter| {
        let rows = rows(&head.join("\n"), *delimiter);
        let Some(first) = rows.first() else {
            return false;
        };
        let even = rows.iter().all(|r| r.len() == first.len()) && first.len() > 1;
        let header = first.iter().any(|c| is_named(c, URLS) || is_named(c, DOIS));
        let addresses = rows[1..].iter().all(|r| r.iter().any(is_address));
        even && (header || addresses)
    })
}

fn rows(text: &str, delimiter: u8) -> Vec<StringRecord> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    reader.records().flatten().collect()
}

fn is_named(cell: &str, names: &[&str]) -> bool {
    let cell = cell.trim().trim_start_matches('\u{feff}').to_lowercase();
    names.contains(&cell.as_str())
}

fn is_address(cell: &str) -> bool {
    let cell = cell.trim().to_ascii_lowercase();
    ["http://", "https://", "www.", "ftp://"]
        .iter()
        .any(|s| cell.starts_with(s))
        && !cell.contains(char::is_whitespace)
}

/// Which column says what.
#[derive(Debug, Default)]
pub(in crate::links) struct Columns {
    title: Option<usize>,
    day: Option<usize>,
    doi: Option<usize>,
}

impl Columns {
    /// The columns of the first row, when it is a header.
    pub(in crate::links) fn of_header(header: &StringRecord) -> Option<Self> {
        let find = |names: &[&str]| header.iter().position(|cell| is_named(cell, names));
        let columns = Self {
            title: find(TITLES),
            day: find(DAYS),
            doi: find(DOIS),
        };
        let is_header = !header.iter().any(is_address)
            && (find(URLS).is_some()
                || columns.doi.is_some()
                || columns.day.is_some()
                || columns.title.is_some());
        is_header.then_some(columns)
    }
}

/// Reads a table.
pub fn read(text: &str, delimiter: u8) -> Result<RawDocument, ReadError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut document = RawDocument::default();
    let mut columns = Columns::default();
    for (number, row) in reader.records().enumerate() {
        let row = row.map_err(|why| ReadError::damaged("CSV", why))?;
        if number == 0
            && let Some(found) = Columns::of_header(&row)
        {
            columns = found;
            continue;
        }
        let blocks = row_blocks(&row, number, &columns)?;
        document.blocks.extend(blocks);
        Limits::bound(
            "its rows",
            document.blocks.len() as u64,
            Limits::DEFAULT.blocks,
        )?;
    }
    Ok(document)
}

/// The cells of a row that contain links.
pub(in crate::links) fn row_blocks(
    row: &StringRecord,
    number: usize,
    columns: &Columns,
) -> Result<Vec<Block>, ReadError> {
    let cell = |n: Option<usize>| {
        n.and_then(|n| row.get(n))
            .map(str::trim)
            .filter(|c| !c.is_empty())
    };
    let title = cell(columns.title).map(str::to_owned);
    let accessed = cell(columns.day).and_then(dates::of_field);
    let mut blocks = Vec::new();
    for (column, text) in row.iter().enumerate() {
        let text = text.trim();
        Limits::bound(
            "a cell",
            text.len() as u64,
            Limits::DEFAULT.value_bytes * 16,
        )?;
        let is_doi = columns.doi == Some(column) && text.starts_with("10.");
        let links = if is_address(text) && text.len() as u64 <= Limits::DEFAULT.value_bytes {
            vec![whole(text, text.to_owned())]
        } else if is_doi {
            vec![whole(text, format!("doi:{text}"))]
        } else if running_text::find(text).is_empty() {
            continue;
        } else {
            Vec::new()
        };
        blocks.push(Block {
            place: Place::Cell {
                sheet: None,
                cell: format!("{}{}", letters(column), number + 1),
            },
            text: text.to_owned(),
            links,
            title: title.clone(),
            accessed,
        });
    }
    Ok(blocks)
}

fn whole(text: &str, target: String) -> Hyperlink {
    Hyperlink {
        range: 0..text.len(),
        target,
    }
}

/// A, B, … Z, AA.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(
            b'A' + u8::try_from(rest % 26).unwrap_or_default(),
        ));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<String> {
        let document = read(text, delimiter(text).unwrap()).unwrap();
        crate::links::read::citing::citations(&document)
            .iter()
            .map(|c| {
                let day = c.cited_on.map_or("-".to_owned(), |d| d.0.to_string());
                format!(
                    "{}: {} {day} {}",
                    c.place,
                    c.url,
                    c.title.as_deref().unwrap_or("-")
                )
            })
            .collect()
    }

    #[test]
    fn rows_give_their_address_title_and_day() {
        for (text, want) in [
            (
                "Title,URL,Accessed\n\"A, b\",https://a.example/路,2023-05-08\nC,www.gov.cn,\n",
                vec![
                    "cell B2: https://a.example/路 2023-05-08 A, b",
                    "cell B3: www.gov.cn - C",
                ],
            ),
            (
                "标题;网址;访问日期\n甲;http://a.example/?x=1,2;2023年5月8日",
                vec!["cell B2: http://a.example/?x=1,2 2023-05-08 甲"],
            ),
            (
                "x\thttps://a.example/1\ny\thttps://a.example/2",
                vec![
                    "cell B1: https://a.example/1 - -",
                    "cell B2: https://a.example/2 - -",
                ],
            ),
            (
                "doi,note\n10.1000/x,see https://b.example/.\n",
                vec![
                    "cell A2: doi:10.1000/x - -",
                    "cell B2: https://b.example/ - -",
                ],
            ),
            (
                "url,url\nhttps://a.example/,https://a.example/\n",
                vec![
                    "cell A2: https://a.example/ - -",
                    "cell B2: https://a.example/ - -",
                ],
            ),
        ] {
            assert_eq!(cited(text), want, "{text}");
        }
    }

    #[test]
    fn running_text_is_no_table() {
        for text in [
            "One, two, three.\nSee https://a.example/, four.",
            "https://a.example/\nhttps://b.example/",
            "a,b\n1,2",
            "",
        ] {
            assert_eq!(delimiter(text), None, "{text}");
        }
    }

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
        }
    }
}
